"""How commands talk: answers to standard output, everything else to standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import typer
from rich.console import Console

from kirin.client import KirinApiError, TaskFailed
from kirin.errors import KirinError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def date(milliseconds: int) -> str:
    """Unix milliseconds as local date and time."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).astimezone().strftime("%F %T")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what can go wrong for a user into a message and exit status 1."""
    try:
        yield
    except KirinApiError as error:
        err.print(f"[red]error[/red] {error}", soft_wrap=True)
        for problem in error.problems:
            err.print(f"  [bold]{problem['param']}[/bold]: {problem['message']}", soft_wrap=True)
    except TaskFailed as error:
        err.print(f"[red]the task failed[/red] {error}", soft_wrap=True)
    except httpx.ConnectError as error:
        where = f" at {error.request.url.copy_with(path='/')}"
        err.print(f"[red]error[/red] no server answers{where}: is 'kirin serve' running there?")
    except (httpx.HTTPError, KirinError, OSError, TimeoutError, ValueError) as error:
        err.print(f"[red]error[/red] {error}", soft_wrap=True)
    else:
        return
    raise typer.Exit(1)
