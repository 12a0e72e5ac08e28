"""Settings of a command: the environment, and over it the command's own options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from kirin.errors import KirinError
from kirin.settings import Settings

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
    """Settings with those options that were given.

    Raises:
        KirinError: an environment variable is not valid; the message names it.
    """
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        problems = [f"KIRIN_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
        raise KirinError("; ".join(problems)) from None
