"""How commands talk: answers to standard output, everything else to standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.exc import DBAPIError

from kirin.client import KirinApiError, TaskFailed
from kirin.errors import KirinError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

WHOLE = 400
"""Columns of a table that goes to a file or a pipe: nothing in it is cut short."""


def print_table(table: Table) -> None:
    """Print a table as wide as the terminal, or whole where there is none."""
    if not out.is_terminal:
        out.width = WHOLE
    out.print(table)


def date(milliseconds: int) -> str:
    """Unix milliseconds as local date and time."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).astimezone().strftime("%F %T")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what can go wrong for a user into a message and exit status 1."""
    try:
        yield
    except KirinApiError as error:
        headline = "the server refused the request" if error.problems else str(error)
        err.print(f"[red]error[/red] {escape(headline)}", soft_wrap=True)
        for problem in error.problems:
            where = escape(problem["param"])
            err.print(f"  [bold]{where}[/bold]: {escape(problem['message'])}", soft_wrap=True)
    except TaskFailed as error:
        err.print(f"[red]the task failed[/red] {escape(str(error))}", soft_wrap=True)
    except httpx.ConnectError as error:
        where = escape(f" at {error.request.url.copy_with(path='/')}")
        err.print(f"[red]error[/red] no server answers{where}: is 'kirin serve' running there?")
    except DBAPIError as error:
        err.print(f"[red]error[/red] the database: {escape(str(error.orig))}", soft_wrap=True)
    except (httpx.HTTPError, httpx.InvalidURL, KirinError, OSError, ValueError) as error:
        err.print(f"[red]error[/red] {escape(str(error))}", soft_wrap=True)
    else:
        return
    raise typer.Exit(1)
