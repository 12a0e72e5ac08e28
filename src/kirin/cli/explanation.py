"""What commands say about an error that a user can do something about."""

from __future__ import annotations

import httpx
from rich.markup import escape
from sqlalchemy.exc import DBAPIError

from kirin.client import KirinApiError, TaskFailed
from kirin.errors import KirinError


def explanation(error: Exception) -> list[str]:
    """Lines that explain an error.

    Args:
        error: anything that a command raised.

    Returns:
        Lines in the markup of rich; none if the error is a fault of the program.
    """
    match error:
        case KirinApiError():
            headline = "the server refused the request" if error.problems else str(error)
            problems = (
                f"  [bold]{escape(problem['param'])}[/bold]: {escape(problem['message'])}"
                for problem in error.problems
            )
            return [f"[red]error[/red] {escape(headline)}", *problems]
        case TaskFailed():
            return [f"[red]the task failed[/red] {escape(str(error))}"]
        case httpx.ConnectError():
            where = escape(f" at {error.request.url.copy_with(path='/')}")
            return [f"[red]error[/red] no server answers{where}: is 'kirin serve' running there?"]
        case DBAPIError():
            return [f"[red]error[/red] the database: {escape(str(error.orig))}"]
        case httpx.HTTPError() | httpx.InvalidURL() | KirinError() | OSError() | ValueError():
            return [f"[red]error[/red] {escape(str(error))}"]
        case _:
            return []
