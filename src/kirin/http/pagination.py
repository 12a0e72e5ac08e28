"""Pages of listings: how many entries, and the cursors between pages."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from kirin.errors import InvalidParameters, Problem
from kirin.http.query_parameters import IntegerParameter, Parameter, read_names

T = TypeVar("T")

Position = tuple[int, str]
"""Creation time in Unix milliseconds, and id."""

PAGE_LIMIT = 100

LIMIT = IntegerParameter("limit", "how many to show", default=20, maximum=PAGE_LIMIT)
CURSOR = Parameter("cursor", "next_cursor of the page before")
PAGE = (LIMIT, CURSOR)
"""Parameters of every listing that comes in pages."""

POSITION = re.compile(r"(\d{1,18}):([A-Za-z0-9_:]{1,96})", re.ASCII)
"""What a cursor holds; the time is a number that the database can store."""


def read_page(query: Mapping[str, str], problems: list[Problem]) -> tuple[int, Position | None]:
    """Limit and position of the page that a query asks for; what is wrong is in ``problems``."""
    limit = LIMIT.read(query, problems)
    given = query.get(CURSOR.name)
    before = None if given is None else decode_cursor(given)
    if given is not None and before is None:
        message = "it takes a next_cursor of an earlier answer"
        problems.append(Problem(CURSOR.name, "not_valid", message))
    return limit, before


def page_of(
    query: Mapping[str, str], parameters: Sequence[Parameter] = PAGE
) -> tuple[int, Position | None]:
    """The same, for a listing whose filters take any text.

    Args:
        parameters: of its route.

    Raises:
        InvalidParameters: with everything that is wrong.
    """
    problems: list[Problem] = []
    read_names(query, parameters, problems)
    page = read_page(query, problems)
    if problems:
        raise InvalidParameters(problems)
    return page


def cut(
    found: Sequence[T], limit: int, position: Callable[[T], Position]
) -> tuple[Sequence[T], str | None]:
    """One page, and the cursor of the next one, if there is one.

    Args:
        found: up to one entry more than the limit; the extra one shows that there are more.
        limit: entries on a page.
        position: creation time and id of an entry.
    """
    return found[:limit], encode_cursor(position(found[limit - 1])) if len(found) > limit else None


def encode_cursor(position: Position) -> str:
    """An opaque text for a position."""
    created_at, id = position
    return urlsafe_b64encode(f"{created_at}:{id}".encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> Position | None:
    """The position in a text of :func:`encode_cursor`; ``None`` for any other text."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        return None
    found = POSITION.fullmatch(text)
    return (int(found[1]), found[2]) if found else None
