"""Parameter types: each validates a value and describes what it accepts.

Validation never raises for a client's value. It returns the value in canonical form or
:data:`MISSING`, and appends everything that is wrong to the list of problems.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from kirin.catalogue.shown_values import json_type, shown
from kirin.domain.text import CONTROL
from kirin.errors import Problem

Problems = list[Problem]


class MissingValue:
    """The type of :data:`MISSING`."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = MissingValue()
"""The value of a parameter that is missing (or null) or invalid."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """Base class of parameter types.

    Attributes:
        name: as on the wire.
        description: what it does, for the catalogue.
        required: whether a request without it is refused.
        default: the value if the parameter is missing; ``None`` for no default.
        rules: ids of the contract's rules that it enforces.
        example: a valid value, for the documents.
    """

    name: str
    description: str
    required: bool = False
    default: Any = None
    rules: tuple[str, ...] = ()
    example: Any = None

    type: ClassVar[str]
    blank: ClassVar[object] = None
    """What means "none" in an optional parameter, beside null: form fields that nobody filled."""

    def absent(self, given: object) -> bool:
        """Whether a value means that the parameter is not given."""
        return given is None or (not self.required and given == self.blank)

    def check(self, given: object, path: str, problems: Problems) -> Any:
        """The value in canonical form, or MISSING with the reasons appended to ``problems``."""
        raise NotImplementedError

    def constraints(self) -> dict[str, Any]:
        """The constraints of rule W-11: enum, default, min, max, lengths, items."""
        return {} if self.default is None else {"default": self.default}

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the accepted values."""
        raise NotImplementedError

    def traits(self) -> dict[str, Any]:
        """What a form needs beside type and constraints: ``format`` and its ``limits``."""
        return {}

    def children(self) -> tuple[Parameter, ...]:
        """Parameters inside this one."""
        return ()

    def _blanks(self) -> tuple[object, ...]:
        """What a schema lists beside the options."""
        return () if self.required else (self.blank,)

    def refuse(self, problems: Problems, path: str, code: str, message: str) -> MissingValue:
        """Append a problem with this parameter."""
        problems.append(Problem(path, code, message, self.rules))
        return MISSING

    def refuse_type(self, problems: Problems, path: str, given: object) -> MissingValue:
        """Append that the JSON type is wrong."""
        return self.refuse(
            problems,
            path,
            "wrong_type",
            f"must be {self.takes()}, not a JSON {json_type(given)} ({shown(given)})",
        )

    def takes(self) -> str:
        """The accepted values in words."""
        article = "an" if self.type[0] in "aeiou" else "a"
        return f"{article} {self.type}"


@dataclass(frozen=True, kw_only=True)
class Text(Parameter):
    """A string; lengths count characters (Unicode code points), not bytes."""

    min_length: int = 0
    max_length: int

    type: ClassVar[str] = "string"
    blank: ClassVar[object] = ""

    def check(self, given: object, path: str, problems: Problems) -> Any:
        if not isinstance(given, str):
            return self.refuse_type(problems, path, given)
        if len(given) > self.max_length:
            return self.refuse(
                problems,
                path,
                "too_long",
                f"has {len(given)} characters; at most {self.max_length} are allowed: shorten it",
            )
        if len(given) < self.min_length or (self.min_length and not given.strip()):
            return self.refuse(
                problems, path, "too_short", "is empty; at least one visible character is needed"
            )
        if "\x00" in given or any("\ud800" <= c <= "\udfff" for c in given):
            return self.refuse(
                problems,
                path,
                "invalid_text",
                "contains a NUL or half of a surrogate pair; send well-formed Unicode",
            )
        return given

    def constraints(self) -> dict[str, Any]:
        shortest = {"min_length": self.min_length} if self.min_length else {}
        return {**super().constraints(), **shortest, "max_length": self.max_length}

    def schema(self) -> dict[str, Any]:
        shortest = self.min_length if self.required else 0
        return {"type": "string", "minLength": shortest, "maxLength": self.max_length}


@dataclass(frozen=True, kw_only=True)
class Line(Text):
    """A text on one line, such as a name: no line breaks or other control characters."""

    def check(self, given: object, path: str, problems: Problems) -> Any:
        text = super().check(given, path, problems)
        if text is MISSING or not CONTROL.search(text):
            return text
        return self.refuse(
            problems,
            path,
            "invalid_text",
            "contains a line break or another control character; send a single line",
        )

    def schema(self) -> dict[str, Any]:
        return {**super().schema(), "pattern": f"^{CONTROL.pattern.replace('[', '[^')}*$"}


@dataclass(frozen=True, kw_only=True)
class Identifier(Line):
    """A name that stands in the paths of URLs."""

    def check(self, given: object, path: str, problems: Problems) -> Any:
        text = super().check(given, path, problems)
        if text is MISSING or not {".", ".."}.intersection(text.split("/")):
            return text
        # Clients and proxies resolve these segments, even percent-encoded.
        return self.refuse(
            problems,
            path,
            "invalid_text",
            "contains '.' or '..' as a whole path segment, which no URL can address; choose "
            "another name",
        )


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    """One of several strings."""

    options: tuple[str, ...]

    type: ClassVar[str] = "string"
    blank: ClassVar[object] = ""

    def check(self, given: object, path: str, problems: Problems) -> Any:
        if not isinstance(given, str):
            return self.refuse_type(problems, path, given)
        if given not in self.options:
            return self.refuse(
                problems, path, "not_an_option", f"must be {self.takes()}, not {shown(given)}"
            )
        return given

    def takes(self) -> str:
        return " or ".join(f"'{option}'" for option in self.options)

    def constraints(self) -> dict[str, Any]:
        return {**super().constraints(), "enum": list(self.options)}

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [*self.options, *self._blanks()]}


@dataclass(frozen=True, kw_only=True)
class Flag(Parameter):
    """true or false."""

    type: ClassVar[str] = "boolean"

    def check(self, given: object, path: str, problems: Problems) -> Any:
        return given if isinstance(given, bool) else self.refuse_type(problems, path, given)

    def takes(self) -> str:
        return "true or false"

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Number(Parameter):
    """A finite number; ``None`` for ``min`` or ``max`` means unbounded."""

    min: float | None = None
    max: float | None = None

    type: ClassVar[str] = "number"

    def check(self, given: object, path: str, problems: Problems) -> Any:
        if isinstance(given, bool) or not isinstance(given, int | float):
            return self.refuse_type(problems, path, given)
        # JSON allows integers of thousands of digits, which overflow a float.
        if isinstance(given, int) and given.bit_length() > 1023:
            given = math.inf
        if not math.isfinite(given):
            return self.refuse(problems, path, "not_finite", f"must be {self.takes()}, and finite")
        if (self.min is not None and given < self.min) or (
            self.max is not None and given > self.max
        ):
            return self.refuse(
                problems, path, "out_of_range", f"must be {self.takes()}, not {shown(given)}"
            )
        return float(given)

    def takes(self) -> str:
        if self.min is None or self.max is None:
            return "a number"
        return f"a number from {self.min:g} to {self.max:g}"

    def constraints(self) -> dict[str, Any]:
        bounds = {"min": self.min, "max": self.max}
        return {**super().constraints(), **{k: v for k, v in bounds.items() if v is not None}}

    def schema(self) -> dict[str, Any]:
        bounds = {"minimum": self.min, "maximum": self.max}
        return {"type": "number", **{k: v for k, v in bounds.items() if v is not None}}


@dataclass(frozen=True, kw_only=True)
class Integer(Parameter):
    """An integer from ``min`` to ``max``, exact up to 64 bits."""

    min: int = -(2**63)
    max: int = 2**63 - 1

    type: ClassVar[str] = "integer"

    def check(self, given: object, path: str, problems: Problems) -> Any:
        if isinstance(given, bool) or not isinstance(given, int):
            return self.refuse_type(problems, path, given)
        if not self.min <= given <= self.max:
            return self.refuse(
                problems, path, "out_of_range", f"must be {self.takes()}, not {shown(given)}"
            )
        return given

    def takes(self) -> str:
        return f"a whole number from {self.min} to {self.max}"

    def constraints(self) -> dict[str, Any]:
        return {**super().constraints(), "min": self.min, "max": self.max}

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.min, "maximum": self.max}


@dataclass(frozen=True, kw_only=True)
class Seconds(Parameter):
    """Whole seconds (rule C-5): 5, 5.0, "5" and "5.0" mean the same."""

    options: tuple[int, ...]

    type: ClassVar[str] = "string"
    blank: ClassVar[object] = ""

    def check(self, given: object, path: str, problems: Problems) -> Any:
        if isinstance(given, bool) or not isinstance(given, int | float | str):
            return self.refuse_type(problems, path, given)
        seconds = whole_seconds(given)
        if seconds not in self.options:
            return self.refuse(
                problems, path, "not_an_option", f"must be {self.takes()}, not {shown(given)}"
            )
        return seconds

    def takes(self) -> str:
        first, last = self.options[0], self.options[-1]
        if len(self.options) > 2 and self.options == tuple(range(first, last + 1)):
            return f"whole seconds from {first} to {last}, as a string or a number"
        return f"{' or '.join(map(str, self.options))} seconds, as a string or a number"

    def constraints(self) -> dict[str, Any]:
        default = {} if self.default is None else {"default": str(self.default)}
        return {**default, "enum": [str(option) for option in self.options]}

    def schema(self) -> dict[str, Any]:
        return {
            "anyOf": [
                {"type": "string", "enum": [*map(str, self.options), *self._blanks()]},
                {"type": "integer", "enum": list(self.options)},
            ]
        }


def whole_seconds(given: float | str) -> int | None:
    """Parse seconds from a number or a numeric string; ``None`` if invalid.

    >>> whole_seconds("5"), whole_seconds(5.0), whole_seconds("5.5"), whole_seconds("٥")
    (5, 5, None, None)
    """
    if isinstance(given, str):
        digits, _, zeros = given.partition(".")
        plain = digits.isascii() and digits.isdigit() and len(digits) < 10 and not zeros.strip("0")
        return int(digits) if plain and not given.endswith(".") else None
    # Infinity and NaN have no integer value either.
    return int(given) if isinstance(given, int) or given.is_integer() else None


@dataclass(frozen=True, kw_only=True)
class Address(Text):
    """An http or https URL that the server itself will call."""

    max_length: int = 2048

    def traits(self) -> dict[str, Any]:
        return {"format": "uri"}

    def takes(self) -> str:
        return "an http or https URL"

    def check(self, given: object, path: str, problems: Problems) -> Any:
        text = super().check(given, path, problems)
        if text is MISSING or text.lower().startswith(("http://", "https://")):
            return text
        return self.refuse(
            problems, path, "not_a_url", f"must be {self.takes()}, not {shown(text)}"
        )

    def schema(self) -> dict[str, Any]:
        start = "[Hh][Tt][Tt][Pp][Ss]?://"
        pattern = f"^{start}" if self.required else f"^({start}|$)"
        return {**super().schema(), "format": "uri", "pattern": pattern}
