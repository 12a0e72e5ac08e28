"""Rules about what the entries of lists hold, as data; like :mod:`kirin.catalogue.rules`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from kirin.catalogue.structures import Values
from kirin.errors import Problem


@dataclass(frozen=True, slots=True)
class Given:
    """What a request may hold.

    Attributes:
        param: name of a parameter.
        field: of the entries, where the parameter is a list and one of them must have ``equals``.
        equals: the value; ``None`` for any, of a list at least one entry.
    """

    param: str
    field: str = ""
    equals: Any = None

    def places(self, values: Values) -> list[str]:
        """Where values hold it, as JSON paths."""
        value = values.get(self.param)
        if self.field:
            return [
                f"{self.param}[{index}].{self.field}"
                for index, entry in enumerate(value or ())
                if entry.get(self.field) == self.equals
            ]
        held = bool(value) if self.equals is None else value == self.equals
        return [self.param] if held else []

    def describe(self) -> dict[str, Any]:
        """It for machines."""
        path = f"{self.param}[].{self.field}" if self.field else self.param
        return {"param": path} | ({} if self.equals is None else {"equals": self.equals})


@dataclass(frozen=True, kw_only=True)
class OneOfFields:
    """Each entry of a list has exactly one of several fields; an error names the first."""

    list: str
    fields: tuple[str, ...]
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {"kind": "one_of_fields", "params": [f"{self.list}[].{f}" for f in self.fields]}

    def check(self, values: Values, refused: Collection[str] = (), /) -> Iterator[Problem]:
        for index, entry in enumerate(values.get(self.list, ())):
            path = f"{self.list}[{index}]"
            given = [name for name in self.fields if name in entry]
            if path in refused or any(f"{path}.{name}" in refused for name in self.fields):
                continue
            if not given:
                yield Problem(f"{path}.{self.fields[0]}", "required", self.message, self.rules)
            elif len(given) > 1:
                message = f"{self.message}; given {', '.join(given)}: send only one of them"
                code = "not_in_this_combination"
                yield Problem(f"{path}.{given[1]}", code, message, self.rules)


@dataclass(frozen=True, kw_only=True)
class AtMostOnce:
    """At most one entry of a list may hold something."""

    given: Given
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {"kind": "at_most_once", "given": self.given.describe()}

    def check(self, values: Values, _: Collection[str] = (), /) -> Iterator[Problem]:
        first, *others = self.given.places(values) or [""]
        for path in others:
            yield Problem(path, "repeated", f"{self.message}; {first} is one already", self.rules)


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a request holds needs something else in it."""

    given: Given
    needs: Given
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {"kind": "needs", "given": self.given.describe(), "needs": self.needs.describe()}

    def check(self, values: Values, _: Collection[str] = (), /) -> Iterator[Problem]:
        if not self.needs.places(values):
            for path in self.given.places(values):
                yield Problem(path, "not_in_this_combination", self.message, self.rules)


@dataclass(frozen=True, kw_only=True)
class Clashes:
    """What a request holds must not be together with something else; an error names the first."""

    given: Given
    other: Given
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {"kind": "clashes", "given": self.given.describe(), "against": self.other.describe()}

    def check(self, values: Values, _: Collection[str] = (), /) -> Iterator[Problem]:
        if others := self.other.places(values):
            for path in self.given.places(values):
                message = f"{self.message}; there is {others[0]}: leave one of the two out"
                yield Problem(path, "not_in_this_combination", message, self.rules)


@dataclass(frozen=True, kw_only=True)
class AtMostEntries:
    """Lists have at most so many entries together where a request holds something.

    Attributes:
        lists: names of the lists; an error names the longest.
        most: how many.
        given: what the request holds; ``None`` for any request.
    """

    lists: tuple[str, ...]
    most: int
    given: Given | None = None
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        given = {"given": self.given.describe()} if self.given else {}
        return {"kind": "at_most_entries", "params": list(self.lists), "most": self.most, **given}

    def check(self, values: Values, _: Collection[str] = (), /) -> Iterator[Problem]:
        if self.given and not self.given.places(values):
            return
        counts = {name: len(values.get(name, ())) for name in self.lists}
        if sum(counts.values()) > self.most:
            told = " and ".join(f"{count} in {name}" for name, count in counts.items())
            longest = max(self.lists, key=lambda name: counts[name])
            message = f"{self.message}; given {told}"
            yield Problem(longest, "wrong_count", message, self.rules)


@dataclass(frozen=True, kw_only=True)
class RequiredUnless:
    """A parameter is required in a request that holds none of several things."""

    param: str
    unless: tuple[Given, ...]
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        unless = [given.describe() for given in self.unless]
        return {"kind": "required_unless", "params": [self.param], "unless": unless}

    def check(self, values: Values, refused: Collection[str] = (), /) -> Iterator[Problem]:
        lists = {given.param for given in self.unless}
        if any(path == self.param or path.partition("[")[0] in lists for path in refused):
            return
        if self.param not in values and not any(given.places(values) for given in self.unless):
            yield Problem(self.param, "required", self.message, self.rules)


@dataclass(frozen=True, kw_only=True)
class SecondsAtMost:
    """A length is at most so many seconds where a request holds something."""

    param: str
    most: int
    given: Given
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {
            "kind": "seconds_at_most",
            "params": [self.param],
            "most": self.most,
            "given": self.given.describe(),
        }

    def check(self, values: Values, _: Collection[str] = (), /) -> Iterator[Problem]:
        seconds = values.get(self.param)
        if seconds is not None and seconds > self.most and self.given.places(values):
            message = f"{self.message}; given {seconds}"
            yield Problem(self.param, "out_of_range", message, self.rules)


@dataclass(frozen=True, kw_only=True)
class IgnoredWhere:
    """Parameters that are ignored in a request that holds something, even if they are invalid."""

    params: tuple[str, ...]
    given: Given
    message: str
    rules: tuple[str, ...]

    kind: ClassVar[str] = "ignored_where"

    @property
    def other(self) -> str:
        """The parameter that it depends on."""
        return self.given.param

    def describe(self) -> dict[str, Any]:
        return {"kind": self.kind, "params": list(self.params), "given": self.given.describe()}

    def ignored(self, values: Values) -> tuple[str, ...]:
        """Names of the parameters that are ignored with these values."""
        return self.params if self.given.places(values) else ()
