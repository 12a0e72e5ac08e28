"""Settings of a command: the environment, overridden by the command's own options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from kirin.errors import KirinError
from kirin.settings import PREFIX, Settings, unknown_variables

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Folder for the database, inputs and results (KIRIN_DATA_DIR; "
        "~/.local/share/kirin by default).",
        show_default=False,
    ),
]


def load_settings(**options: Any) -> Settings:
    """The settings of the environment, with those options that were given.

    Raises:
        KirinError: a variable or an option is not valid; the message names all of them.
    """
    settings, problems = read_settings(**options)
    if problems:
        raise KirinError("\n  ".join(problems))
    return settings


def load_for_start(**options: Any) -> Settings:
    """The settings for a process of the server, with everything checked that can be checked now.

    Prints which environment variables look like settings and are none.

    Raises:
        KirinError: something is wrong; the message names all of it, misspelt variables included.
    """
    from kirin.cli.output import err
    from kirin.composition.startup import startup_problems

    settings, problems = read_settings(**options)
    problems += startup_problems(settings)
    unknown = unknown_variables(Settings.model_fields)
    if problems:
        raise KirinError("\n  ".join([*problems, *unknown]))
    for sentence in unknown:
        err.print(f"[yellow]warning[/yellow] {sentence}", soft_wrap=True)
    return settings


def read_settings(**options: Any) -> tuple[Settings, list[str]]:
    """The settings, and one sentence for each that is not valid and has its default instead."""
    given = {name: value for name, value in options.items() if value is not None}
    problems: list[str] = []
    while True:
        try:
            return Settings(**given), problems
        except ValidationError as error:
            for each in error.errors(include_input=False, include_url=False):
                name = str(each["loc"][0]).lower()
                message = each["msg"].removeprefix("Value error, ")
                problems.append(f"{PREFIX}{name.upper()}: {message}")
                given[name] = Settings.model_fields[name].get_default(call_default_factory=True)
