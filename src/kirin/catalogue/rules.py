"""Rules across parameters, as data: the spec, the documents and the server say the same words.

A rule sees checked values, so what was refused before is simply not there. It speaks of what
was *given*: a default that nobody wrote breaks no rule.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol

from kirin.catalogue.structures import Values
from kirin.errors import Problem


class Condition(Protocol):
    """What a model asks for, in words and for machines."""

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the contract's rules that it enforces."""
        ...

    @property
    def message(self) -> str:
        """What is asked, in words."""
        ...

    def describe(self) -> dict[str, Any]:
        """The same for machines: ``kind`` and what belongs to it."""
        ...


class Rule(Condition, Protocol):
    """A condition that ties several parameters together."""

    def check(self, values: Values, refused: Collection[str] = (), /) -> Iterator[Problem]:
        """Everything in the values that breaks it.

        Args:
            values: what is right, defaults filled in.
            refused: paths of what was given but is wrong; it is not in ``values``, nor is its
                default, and no rule calls it missing.
        """
        ...


_CALL: Final = re.compile(r"<<<element_(\d+)>>>")


@dataclass(frozen=True, kw_only=True)
class With:
    """What the rules share that look at one other parameter's value.

    Attributes:
        params: names that the rule is about.
        other: name of the parameter that decides.
        equals: its value that the rule speaks of.
    """

    params: tuple[str, ...]
    other: str
    equals: Any
    message: str
    rules: tuple[str, ...]

    kind: ClassVar[str]

    def describe(self) -> dict[str, Any]:
        """The rule for machines."""
        return {
            "kind": self.kind,
            "params": list(self.params),
            "other": self.other,
            "equals": self.equals,
        }


@dataclass(frozen=True, kw_only=True)
class OnlyWith(With):
    """Some parameters work only while another has a certain value."""

    kind: ClassVar[str] = "only_with"

    def check(self, values: Values, _: Collection[str] = (), /) -> Iterator[Problem]:
        if self.other in values and values[self.other] != self.equals:
            for name in self.params:
                if name in values:
                    yield Problem(
                        name,
                        "not_in_this_combination",
                        f"{self.message}; given {self.other} {values[self.other]}",
                        self.rules,
                    )


@dataclass(frozen=True, kw_only=True)
class Excludes:
    """Two groups of parameters of which only one may be used."""

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
                f"{self.message}; given {', '.join(first + second)}: leave one side out",
                self.rules,
            )


@dataclass(frozen=True, kw_only=True)
class AtLeastOne:
    """Of some parameters one must be given; the first stands for all in the error."""

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
    """Some parameters must be given while another has a certain value."""

    kind: ClassVar[str] = "required_with"

    def check(self, values: Values, refused: Collection[str] = (), /) -> Iterator[Problem]:
        if values.get(self.other) == self.equals:
            for name in self.params:
                if name not in values and name not in refused:
                    yield Problem(name, "required", self.message, self.rules)


@dataclass(frozen=True, kw_only=True)
class IgnoredWith(With):
    """Some parameters have no effect while another has a certain value, not even a wrong one."""

    kind: ClassVar[str] = "ignored_with"

    def ignored(self, values: Values) -> tuple[str, ...]:
        """Names that have no effect beside these values."""
        return self.params if values.get(self.other) == self.equals else ()


@dataclass(frozen=True, kw_only=True)
class AddsUp:
    """A number in each entry of a list: none above the total, and all together equal to it."""

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
                    f"{self.message}; {value} stands in {self.list}[{seen[value]}] already",
                    self.rules,
                )
            seen.setdefault(value, index)


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Subjects that texts call, such as ``<<<element_1>>>``, must be in a list."""

    params: tuple[str, ...]
    list: str
    message: str
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {"kind": "calls", "params": [*self.params], "list": self.list}

    def check(self, values: Values, refused: Collection[str] = (), /) -> Iterator[Problem]:
        if any(path.startswith(self.list) for path in refused):
            return
        count = len(values.get(self.list, ()))
        there = {str(number) for number in range(1, count + 1)}
        for path, text in self._texts(values):
            for number in sorted(set(_CALL.findall(text)) - there):
                yield Problem(
                    path,
                    "unknown_subject",
                    f"{self.message}; given <<<element_{number}>>> with {count} in the list",
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
