"""Parameters made of other parameters: objects and lists of objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, ClassVar

from kirin.catalogue.parameters import MISSING, Parameter, Problems
from kirin.catalogue.shown_values import SHOWN, json_type
from kirin.errors import Problem

Values = dict[str, Any]
"""Validated parameters by name, in canonical form; missing ones are absent."""

MOST_UNKNOWN = 20
"""How many unknown names of an object are reported one by one."""


@dataclass(frozen=True, kw_only=True)
class Group(Parameter):
    """An object with its own parameters.

    ``in_list`` also accepts a list of exactly one such object.
    """

    fields: tuple[Parameter, ...]
    in_list: bool = False

    type: ClassVar[str] = "object"

    def absent(self, given: object) -> bool:
        return super().absent(given) or (self.in_list and not self.required and given == [])

    def check(self, given: object, path: str, problems: Problems) -> Any:
        if self.in_list and isinstance(given, list) and len(given) == 1:
            given, path = given[0], f"{path}[0]"
        if not isinstance(given, Mapping):
            return self.refuse_type(problems, path, given)
        return check_fields(self.fields, given, path, problems)

    def children(self) -> tuple[Parameter, ...]:
        return self.fields

    def schema(self) -> dict[str, Any]:
        schema = object_schema(self.fields)
        if not self.in_list:
            return schema
        fewest = 1 if self.required else 0
        one = {"type": "array", "items": schema, "minItems": fewest, "maxItems": 1}
        return {"anyOf": [schema, one]}


@dataclass(frozen=True, kw_only=True)
class ListOf(Parameter):
    """An array of objects, each with the same named parameters."""

    fields: tuple[Parameter, ...]
    min_items: int = 0
    max_items: int

    type: ClassVar[str] = "array"
    blank: ClassVar[object] = []

    def check(self, given: object, path: str, problems: Problems) -> Any:
        if not isinstance(given, list):
            return self.refuse_type(problems, path, given)
        if not self.min_items <= len(given) <= self.max_items:
            return self.refuse(
                problems,
                path,
                "wrong_count",
                f"must have {self.min_items} to {self.max_items} entries, not {len(given)}",
            )
        items: list[Values] = []
        for index, entry in enumerate(given):
            where = f"{path}[{index}]"
            if isinstance(entry, Mapping):
                items.append(check_fields(self.fields, entry, where, problems))
            else:
                # A placeholder, so that later entries keep their index.
                items.append({})
                self.refuse(
                    problems,
                    where,
                    "wrong_type",
                    f"must be an object with "
                    f"{' and '.join(repr(field.name) for field in self.fields)}, "
                    f"not a JSON {json_type(entry)}",
                )
        return items

    def children(self) -> tuple[Parameter, ...]:
        return self.fields

    def constraints(self) -> dict[str, Any]:
        fewest = {"min_items": self.min_items} if self.min_items else {}
        return {**super().constraints(), **fewest, "max_items": self.max_items}

    def schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "items": object_schema(self.fields),
            "minItems": self.min_items if self.required else 0,
            "maxItems": self.max_items,
        }


def check_fields(
    fields: Sequence[Parameter], given: Mapping[str, object], path: str, problems: Problems
) -> Values:
    """Validate an object's parameters; invalid ones are left out of the result.

    Defaults are filled in, also for optional parameters that are blank (C-11). Unknown names are
    refused with their nearest neighbour (C-9).
    """
    prefix = f"{path}." if path else ""
    known = {field.name: field for field in fields}
    values: Values = {}

    def explain(name: str) -> str:
        near = get_close_matches(name[:64], known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"the parameters are {', '.join(known)}"
        return f"unknown parameter; {hint}"

    unknown = [name for name in given if name not in known]
    problems += unknown_names(unknown, path, explain, ("C-9",))
    for name, field in known.items():
        value = given.get(name)
        if not field.absent(value):
            checked = field.check(value, f"{prefix}{name}", problems)
            if checked is not MISSING:
                values[name] = checked
        elif field.required:
            problems.append(
                Problem(
                    f"{prefix}{name}",
                    "required",
                    f"missing; must be {field.takes()}",
                    field.rules,
                )
            )
        elif field.default is not None:
            values[name] = field.default
    return values


def unknown_names(
    names: Sequence[str], path: str, explain: Callable[[str], str], rules: tuple[str, ...]
) -> Iterator[Problem]:
    """A problem for each unknown name in the object at ``path``.

    Of very many, such as only an attack has, all but the first share one problem: a message
    for each would take minutes.
    """
    prefix = f"{path}." if path else ""
    for name in names[:MOST_UNKNOWN]:
        yield Problem(f"{prefix}{shorten(name)}", "unknown_parameter", explain(name), rules)
    if more := len(names[MOST_UNKNOWN:]):
        yield Problem(path, "unknown_parameter", f"{more} more parameters are unknown", rules)


def shorten(name: str) -> str:
    """A client's parameter name as a message quotes it."""
    return name if len(name) <= SHOWN else f"{name[:SHOWN]}..."


def object_schema(fields: Sequence[Parameter]) -> dict[str, Any]:
    """JSON Schema of an object with exactly these parameters."""
    return {
        "type": "object",
        "properties": {field.name: described_schema(field) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def described_schema(field: Parameter) -> dict[str, Any]:
    """A parameter's schema with its description, default and example."""
    notes: dict[str, Any] = {"description": field.description}
    if field.default is not None:
        notes["default"] = field.constraints().get("default")
    if field.example is not None:
        notes["examples"] = [field.example]
    return {**field.schema(), **notes}
