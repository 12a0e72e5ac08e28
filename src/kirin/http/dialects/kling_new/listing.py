"""What a request for a page of tasks asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kirin.catalogue.structures import unknown_names
from kirin.domain.task import Status
from kirin.errors import InvalidParameters, Problem
from kirin.http.bodies import parse_object
from kirin.http.pagination import Position, decode_cursor
from kirin.tasks.task_filter import TaskFilter
from kirin.wire import kling, kling_new

MOST: Final = 500
USUAL: Final = 100
MEMBERS: Final = ("start_time", "end_time", "cursor", "limit", "filters")
PERIOD_MS: Final = 30 * 86_400_000
"""How far back a page goes where it is not said."""

TIME: Final = re.compile(r"\d{1,15}", re.ASCII)
STATUSES: Final[Mapping[str, Status]] = {
    kling.SUBMITTED: Status.PENDING,
    kling.PROCESSING: Status.PROCESSING,
    kling_new.SUCCEEDED: Status.COMPLETED,
    kling.FAILED: Status.FAILED,
}
PRODUCTS: Final = ("video", "image", "try_on")


@dataclass
class PageRequest:
    """A page that was asked for.

    Attributes:
        limit: tasks on it.
        before: where the page before ended.
        only: which tasks.
    """

    limit: int = USUAL
    before: Position | None = None
    only: TaskFilter = field(default_factory=TaskFilter)


@dataclass
class PageReader:
    """Reads the body of such a request.

    Attributes:
        models: that make something, and those among them that make videos.
        now: Unix milliseconds.
    """

    models: frozenset[str]
    videos: frozenset[str]
    now: int
    _problems: list[Problem] = field(default_factory=list)

    def read(self, body: bytes) -> PageRequest:
        """What is asked for.

        Raises:
            MalformedBody: it is no JSON object.
            InvalidParameters: with what is wrong.
        """
        given = parse_object(body)
        extra = [name for name in given if name not in MEMBERS]
        self._problems += unknown_names(extra, "", lambda _: f"there is {', '.join(MEMBERS)}", ())
        limit = self._limit(given.get("limit"))
        before = self._cursor(given.get("cursor"))
        since = until = None
        if before is None:
            until = self._time(given, "end_time")
            since = self._time(given, "start_time")
            if since is None:
                since = (self.now if until is None else until) - PERIOD_MS
            if until is not None and since >= until:
                self._refuse("start_time", "out_of_range", "it must be before end_time")
        states, products = self._filters(given.get("filters"))
        models = self.models if products is None else frozenset()
        if products is not None and "video" in products:
            models = self.videos
        if self._problems:
            raise InvalidParameters(self._problems)
        only = TaskFilter(states=states, models=models, created_after=since, created_before=until)
        return PageRequest(limit, before, only)

    def _limit(self, given: object) -> int:
        if given is None:
            return USUAL
        if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= MOST:
            return given
        self._refuse("limit", "out_of_range", f"it takes a whole number from 1 to {MOST}")
        return USUAL

    def _cursor(self, given: object) -> Position | None:
        if given in (None, ""):
            return None
        found = decode_cursor(given) if isinstance(given, str) else None
        if found is None:
            self._refuse("cursor", "not_valid", "it takes a next_cursor of an earlier answer")
        return found

    def _time(self, given: Mapping[str, Any], name: str) -> int | None:
        value = given.get(name)
        if value in (None, ""):
            return None
        if not isinstance(value, bool) and TIME.fullmatch(str(value)[:32]):
            return int(str(value))
        self._refuse(name, "out_of_range", "it takes a time in Unix milliseconds")
        return None

    def _filters(self, given: object) -> tuple[frozenset[Status] | None, frozenset[str] | None]:
        states: frozenset[Status] | None = None
        products: frozenset[str] | None = None
        entries = given if isinstance(given, list) else []
        if given is not None and not isinstance(given, list):
            self._refuse("filters", "wrong_type", "it takes a list of objects")
        for index, entry in enumerate(entries[:MOST]):
            where = f"filters[{index}]"
            if not isinstance(entry, dict) or entry.keys() != {"key", "values"}:
                self._refuse(where, "wrong_form", "it takes an object of key and values")
            elif entry["key"] == "status":
                states = frozenset(STATUSES[v] for v in self._values(where, entry, STATUSES))
            elif entry["key"] == "product_type":
                products = frozenset(self._values(where, entry, PRODUCTS))
            else:
                self._refuse(f"{where}.key", "not_an_option", "it takes status or product_type")
        return states, products

    def _values(self, where: str, entry: Mapping[str, Any], options: Any) -> list[str]:
        values = entry["values"]
        if isinstance(values, list) and all(isinstance(v, str) and v in options for v in values):
            return values
        self._refuse(f"{where}.values", "not_an_option", f"it takes some of {', '.join(options)}")
        return []

    def _refuse(self, where: str, code: str, message: str) -> None:
        self._problems.append(Problem(where, code, message))
