"""Output of commands: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from kirin.cli.exits import ExitStatus

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Json = Annotated[
    bool,
    typer.Option("--json", help="Print JSON, for programs; errors too, on standard error."),
]

WHOLE = 400
"""Columns of a table that goes to a file or a pipe: nothing is truncated."""


def print_table(table: Table) -> None:
    """Print a table as wide as the terminal, or in full if there is none."""
    if not out.is_terminal:
        out.width = WHOLE
    out.print(table)


def print_json(found: Any) -> None:
    """Print a value as JSON."""
    text = json.dumps(found, indent=2, ensure_ascii=False, default=_plain)
    sys.stdout.write(f"{text}\n")


def tell(as_json: bool, found: Callable[[], Any], text: str) -> None:
    """Print a result in one of the two forms.

    Args:
        found: makes what programs get.
        text: what people get, without markup.
    """
    if as_json:
        print_json(found())
    else:
        out.print(text, soft_wrap=True, markup=False)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)


def date(milliseconds: int) -> str:
    """Unix milliseconds as local date and time."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).astimezone().strftime("%F %T")


@contextmanager
def plain_errors(as_json: bool = False) -> Iterator[None]:
    """Turn expected errors into a message and the exit status for them.

    Args:
        as_json: whether the message is for a program.
    """
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except KeyboardInterrupt:
        raise typer.Exit(ExitStatus.INTERRUPTED) from None
    except Exception as error:
        # Loaded late: naming the errors of httpx and SQLAlchemy takes longer than most commands.
        from kirin.cli.explanation import explanation

        found = explanation(error)
        if found is None:
            raise
        if as_json:
            sys.stderr.write(json.dumps(found.as_json(), ensure_ascii=False) + "\n")
        else:
            for line in found.lines():
                err.print(line, soft_wrap=True)
        raise typer.Exit(found.status) from None
