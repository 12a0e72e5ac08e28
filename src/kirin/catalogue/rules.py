"""Rules across parameters, as data: spec, documentation and server share their messages.

A rule gets validated values: invalid ones are absent. It is about *given* values: a default never
violates a rule.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol

from kirin.catalogue.structures import Values
from kirin.errors import Problem


class Condition(Protocol):
    """A condition on requests, for people and for machines."""

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the contract rules that it enforces."""
        ...

    @property
    def message(self) -> str:
        """The condition as a sentence."""
        ...

    def describe(self) -> dict[str, Any]:
        """The condition for machines: ``kind`` and its fields."""
        ...


class Rule(Condition, Protocol):
    """A condition across several parameters."""

    def check(self, values: Values, refused: Collection[str] = (), /) -> Iterator[Problem]:
        """The violations in the values.

        Args:
            values: the valid values, with defaults.
            refused: paths of invalid values. Neither they nor their defaults are in ``values``, but
                they do not count as missing.
        """
        ...


class Ignoring(Condition, Protocol):
    """A condition in which parameters have no effect."""

    @property
    def params(self) -> tuple[str, ...]:
        """Names of the parameters."""
        ...

    def ignored(self, values: Values, /) -> tuple[str, ...]:
        """Names of the parameters that are ignored with these values."""
        ...


_CALL: Final = re.compile(r"<<<([a-z]+)_(\d+)>>>")


@dataclass(frozen=True, kw_only=True)
class With:
    """Base class of rules that depend on the value of one other parameter.

    Attributes:
        params: names of the parameters that the rule is about.
        other: name of the other parameter.
        equals: the value of it at which the rule applies.
    """

    params: tuple[str, ...]
    other: str
    equals: Any
    message: str
    rules: tuple[str, ...]

    kind: ClassVar[str]

    def describe(self) -> dict[str, Any]:
        """The condition for machines."""
        return {
            "kind": self.kind,
            "params": list(self.params),
            "other": self.other,
            "equals": self.equals,
        }


@dataclass(frozen=True, kw_only=True)
class OnlyWith(With):
    """Parameters that are allowed only with a certain value of another one."""

    kind: ClassVar[str] = "only_with"

    def check(self, values: Values, _: Collection[str] = (), /) -> Iterator[Problem]:
        if self.other in values and values[self.other] != self.equals:
            for name in self.params:
                if name in values:
                    yield Problem(
                        name,
                        "not_in_this_combination",
                        f"{self.message}, not {values[self.other]}",
                        self.rules,
                    )


@dataclass(frozen=True, kw_only=True)
class MustBe(With):
    """Parameters that must have a certain value with a certain value of another one."""

    value: Any

    kind: ClassVar[str] = "must_be"

    def describe(self) -> dict[str, Any]:
        return {**super().describe(), "value": self.value}

    def check(self, values: Values, _: Collection[str] = (), /) -> Iterator[Problem]:
        if values.get(self.other) == self.equals:
            for name in self.params:
                if name in values and values[name] != self.value:
                    yield Problem(
                        name,
                        "not_in_this_combination",
                        f"{self.message}, not {values[name]}",
                        self.rules,
                    )


@dataclass(frozen=True, kw_only=True)
class Together:
    """Parameters that are given all or not at all."""

    params: tuple[str, ...]
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {"kind": "together", "params": list(self.params)}

    def check(self, values: Values, refused: Collection[str] = (), /) -> Iterator[Problem]:
        missing = [name for name in self.params if name not in values and name not in refused]
        if any(name in values for name in self.params):
            for name in missing:
                yield Problem(name, "required", self.message, self.rules)


@dataclass(frozen=True, kw_only=True)
class Excludes:
    """Two groups of parameters that exclude each other."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {"kind": "excludes", "first": list(self.first), "second": list(self.second)}

    def check(self, values: Values, _: Collection[str] = (), /) -> Iterator[Problem]:
        first = [name for name in self.first if name in values]
        second = [name for name in self.second if name in values]
        if first and second:
            yield Problem(
                first[0],
                "not_in_this_combination",
                f"{self.message}; given {', '.join(first + second)}: send only one of the two",
                self.rules,
            )


@dataclass(frozen=True, kw_only=True)
class AtLeastOne:
    """At least one of several parameters is required; an error names the first."""

    params: tuple[str, ...]
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {"kind": "at_least_one", "params": list(self.params)}

    def check(self, values: Values, refused: Collection[str] = (), /) -> Iterator[Problem]:
        if not any(name in values or name in refused for name in self.params):
            yield Problem(self.params[0], "required", self.message, self.rules)


@dataclass(frozen=True, kw_only=True)
class RequiredWith(With):
    """Parameters that are required with a certain value of another one."""

    kind: ClassVar[str] = "required_with"

    def check(self, values: Values, refused: Collection[str] = (), /) -> Iterator[Problem]:
        if values.get(self.other) == self.equals:
            for name in self.params:
                if name not in values and name not in refused:
                    yield Problem(name, "required", self.message, self.rules)


@dataclass(frozen=True, kw_only=True)
class IgnoredWith(With):
    """Parameters that are ignored with a certain value of another one, even if they are invalid."""

    kind: ClassVar[str] = "ignored_with"

    def ignored(self, values: Values) -> tuple[str, ...]:
        """Names of the parameters that are ignored with these values."""
        return self.params if values.get(self.other) == self.equals else ()


@dataclass(frozen=True, kw_only=True)
class AddsUp:
    """Numbers in the entries of a list must add up to a total, and none may exceed it."""

    list: str
    field: str
    total: str
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {
            "kind": "adds_up",
            "params": [f"{self.list}[].{self.field}"],
            "total": self.total,
        }

    def check(self, values: Values, _: Collection[str] = (), /) -> Iterator[Problem]:
        entries = values.get(self.list, ())
        numbers = [entry.get(self.field) for entry in entries]
        total = values.get(self.total)
        if total is None or not numbers:
            return
        for index, number in enumerate(numbers):
            if number is not None and number > total:
                yield Problem(
                    f"{self.list}[{index}].{self.field}",
                    "out_of_range",
                    f"{self.message}; given {number} of {self.total} {total}",
                    self.rules,
                )
        if None not in numbers and sum(numbers) != total:
            yield Problem(
                self.list,
                "wrong_sum",
                f"{self.message}; given {' + '.join(map(str, numbers))} = {sum(numbers)} "
                f"for {self.total} {total}",
                self.rules,
            )


@dataclass(frozen=True, kw_only=True)
class Distinct:
    """A field must differ between the entries of a list."""

    list: str
    field: str
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {"kind": "distinct", "params": [f"{self.list}[].{self.field}"]}

    def check(self, values: Values, _: Collection[str] = (), /) -> Iterator[Problem]:
        seen: dict[Any, int] = {}
        for index, entry in enumerate(values.get(self.list, ())):
            value = entry.get(self.field)
            if value is not None and value in seen:
                yield Problem(
                    f"{self.list}[{index}].{self.field}",
                    "repeated",
                    f"{self.message}; {value} is already in {self.list}[{seen[value]}]",
                    self.rules,
                )
            seen.setdefault(value, index)


@dataclass(frozen=True, kw_only=True)
class Calls:
    """What texts mention, such as ``<<<element_1>>>``, must be in a list.

    Attributes:
        params: paths of the texts.
        list: name of the list.
        called: the word before the number.
    """

    params: tuple[str, ...]
    list: str
    message: str
    rules: tuple[str, ...]
    called: str = "element"

    def describe(self) -> dict[str, Any]:
        return {"kind": "calls", "params": [*self.params], "list": self.list}

    def check(self, values: Values, refused: Collection[str] = (), /) -> Iterator[Problem]:
        if any(path.startswith(self.list) for path in refused):
            return
        count = len(values.get(self.list, ()))
        there = {str(number) for number in range(1, count + 1)}
        for path, text in self._texts(values):
            numbers = {number for called, number in _CALL.findall(text) if called == self.called}
            for number in sorted(numbers - there):
                yield Problem(
                    path,
                    "unknown_subject" if self.called == "element" else f"unknown_{self.called}",
                    f"{self.message}; there is no <<<{self.called}_{number}>>> in a list of "
                    f"{count}",
                    self.rules,
                )

    def _texts(self, values: Values) -> Iterator[tuple[str, str]]:
        for param in self.params:
            name, listed, field = param.partition("[].")
            if not listed:
                yield name, values.get(name, "")
                continue
            for index, entry in enumerate(values.get(name, ())):
                yield f"{name}[{index}].{field}", entry.get(field, "")
