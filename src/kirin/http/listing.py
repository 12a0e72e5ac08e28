"""Listings of tasks: which ones a query asks for, and the cursors between pages."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from kirin.domain.task import Status, Task
from kirin.errors import InvalidParameters, Problem
from kirin.http.queries import whole
from kirin.tasks.store import TaskFilter

T = TypeVar("T")

PAGE_LIMIT = 100

POSITION = re.compile(r"(\d{1,18}):([A-Za-z0-9_:]{1,96})", re.ASCII)
"""What a cursor says: creation time (a number that the database can hold) and id."""

TIME = re.compile(r"\d{1,18}", re.ASCII)


def page_of(query: Mapping[str, str]) -> tuple[int, tuple[int, str] | None, TaskFilter]:
    """Limit, cursor and filters of a listing.

    Raises:
        InvalidParameters: with all that is wrong.
    """
    problems: list[Problem] = []
    limit, before = _place(query, problems)
    status = None
    if "status" in query:
        if query["status"] in list(Status):
            status = Status(query["status"])
        else:
            problems.append(
                Problem("status", "not_an_option", f"it takes one of {', '.join(Status)}")
            )
    only = TaskFilter(
        status=status,
        model=query.get("model"),
        external_id=query.get("external_task_id"),
        created_after=_time(query, "created_after", problems),
        created_before=_time(query, "created_before", problems),
    )
    if problems:
        raise InvalidParameters(problems)
    return limit, before, only


def place_of(query: Mapping[str, str]) -> tuple[int, tuple[int, str] | None]:
    """Limit and cursor of a listing without filters.

    Raises:
        InvalidParameters: with all that is wrong.
    """
    problems: list[Problem] = []
    place = _place(query, problems)
    if problems:
        raise InvalidParameters(problems)
    return place


def _place(query: Mapping[str, str], problems: list[Problem]) -> tuple[int, tuple[int, str] | None]:
    limit = whole(query, "limit", 20, PAGE_LIMIT, problems)
    before = position(query["cursor"]) if "cursor" in query else None
    if "cursor" in query and before is None:
        message = "it takes a next_cursor of an earlier answer"
        problems.append(Problem("cursor", "not_valid", message))
    return limit, before


def cut(
    found: Sequence[T], limit: int, cursor: Callable[[T], str]
) -> tuple[Sequence[T], str | None]:
    """A page of what was found, and where the next one starts, if there is one.

    Args:
        found: of one more than the limit, as far as there are so many.
        limit: how many a page has.
        cursor: the cursor after one of them.
    """
    return found[:limit], cursor(found[limit - 1]) if len(found) > limit else None


def cursor_after(task: Task) -> str:
    """An opaque text that says where the next page starts."""
    return cursor_of(task.created_at, task.id)


def cursor_of(created_at: int, id: str) -> str:
    """The same, of anything that was made at a time and has an id."""
    return urlsafe_b64encode(f"{created_at}:{id}".encode()).decode().rstrip("=")


def position(cursor: str) -> tuple[int, str] | None:
    """What :func:`cursor_of` has written, or ``None`` if it is something else."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        return None
    found = POSITION.fullmatch(text)
    return (int(found[1]), found[2]) if found else None


def _time(query: Mapping[str, str], name: str, problems: list[Problem]) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    if not TIME.fullmatch(text):
        problems.append(Problem(name, "out_of_range", "it takes a time in Unix milliseconds"))
        return None
    return int(text)
