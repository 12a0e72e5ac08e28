"""Output of commands: results to standard output, everything else to standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.table import Table

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

WHOLE = 400
"""Columns of a table that goes to a file or a pipe: nothing is truncated."""


def print_table(table: Table) -> None:
    """Print a table as wide as the terminal, or in full if there is none."""
    if not out.is_terminal:
        out.width = WHOLE
    out.print(table)


def date(milliseconds: int) -> str:
    """Unix milliseconds as local date and time."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).astimezone().strftime("%F %T")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn expected errors into a message and exit status 1."""
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        # Loaded late: naming the errors of httpx and SQLAlchemy takes longer than most commands.
        from kirin.cli.explanation import explanation

        lines = explanation(error)
        if not lines:
            raise
        for line in lines:
            err.print(line, soft_wrap=True)
        raise typer.Exit(1) from None
