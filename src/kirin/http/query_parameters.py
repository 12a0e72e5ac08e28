"""Parameters of paths, query strings and headers: each describes itself and reads its value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from kirin.errors import Problem

Query = Mapping[str, str]
Problems = list[Problem]

MAX_DIGITS = 9
TIME = re.compile(r"\d{1,18}", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIRST_YEAR = 2000


@dataclass(frozen=True)
class Parameter:
    """A parameter that is any text.

    Attributes:
        location: ``path``, ``query`` or ``header``.
    """

    name: str
    description: str = ""
    location: ClassVar[str] = "query"

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the accepted values."""
        return {"type": "string"}


class PathParameter(Parameter):
    """Text in a path."""

    location = "path"


class PathInteger(PathParameter):
    """A whole number in a path."""

    def schema(self) -> dict[str, Any]:
        return {"type": "integer"}


@dataclass(frozen=True)
class Header(Parameter):
    """A request header.

    Attributes:
        pattern: regular expression of its values, if they have one.
    """

    pattern: str = ""
    location: ClassVar[str] = "header"

    def schema(self) -> dict[str, Any]:
        return {"type": "string", **({"pattern": self.pattern} if self.pattern else {})}


@dataclass(frozen=True, kw_only=True)
class IntegerParameter(Parameter):
    """A whole number of up to nine digits.

    Attributes:
        maximum: upper limit, if there is one.
    """

    default: int
    minimum: int = 1
    maximum: int | None = None

    def schema(self) -> dict[str, Any]:
        most = {} if self.maximum is None else {"maximum": self.maximum}
        return {"type": "integer", "minimum": self.minimum, **most, "default": self.default}

    def read(self, query: Query, problems: Problems) -> int:
        """The number in a query; the default, with the reason in ``problems``, if it is wrong."""
        text = query.get(self.name, str(self.default))
        digits = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
        if digits and self.minimum <= int(text) <= (self.maximum or int(text)):
            return int(text)
        most = "" if self.maximum is None else f" to {self.maximum}"
        message = f"it takes a whole number from {self.minimum}{most}"
        problems.append(Problem(self.name, "out_of_range", message))
        return self.default


@dataclass(frozen=True, kw_only=True)
class ChoiceParameter(Parameter):
    """One of a few words.

    Attributes:
        advice: what to send instead of words that were accepted earlier.
    """

    options: Sequence[str]
    advice: Mapping[str, str] = field(default_factory=dict)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [str(option) for option in self.options]}

    def read(self, query: Query, problems: Problems) -> str | None:
        """The word in a query; ``None`` if it is missing or, with a problem, if it is wrong."""
        text = query.get(self.name)
        if text is None or text in self.options:
            return text
        message = f"it takes one of {', '.join(self.options)}"
        if instead := self.advice.get(text):
            message += f"; instead of {text!r} send {instead}"
        problems.append(Problem(self.name, "not_an_option", message))
        return None


@dataclass(frozen=True, kw_only=True)
class WordsParameter(Parameter):
    """Words between spaces.

    Attributes:
        max_length: characters of all of it.
        max_words: how many, different ones.
    """

    max_length: int = 200
    max_words: int = 8

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.max_length}

    def read(self, query: Query, problems: Problems) -> tuple[str, ...]:
        """The words in a query, each once; none, with a problem, if there are too many."""
        text = query.get(self.name, "")
        words = tuple(dict.fromkeys(text.split()))
        if len(text) > self.max_length:
            message = f"it takes at most {self.max_length} characters"
        elif len(words) > self.max_words:
            message = f"it takes at most {self.max_words} words"
        else:
            return words
        problems.append(Problem(self.name, "too_long", message))
        return ()


class TimeParameter(Parameter):
    """A time in Unix milliseconds."""

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "description": "Unix milliseconds"}

    def read(self, query: Query, problems: Problems) -> int | None:
        """The time in a query; ``None`` if it is missing or, with a problem, if it is wrong."""
        text = query.get(self.name)
        if text is None:
            return None
        if not TIME.fullmatch(text):
            message = "it takes a time in Unix milliseconds"
            problems.append(Problem(self.name, "out_of_range", message))
            return None
        return int(text)


class DayParameter(Parameter):
    """A day in UTC."""

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def read(self, query: Query, default: date, problems: Problems) -> date:
        """The day in a query; the default if it is missing or, with a problem, if it is wrong."""
        text = query.get(self.name)
        if text is None:
            return default
        try:
            if not DAY.fullmatch(text):
                raise ValueError
            found = date.fromisoformat(text)
            if found.year < FIRST_YEAR:
                raise ValueError
            return found
        except ValueError:
            message = "it takes a day in UTC, such as 2026-01-31"
            problems.append(Problem(self.name, "out_of_range", message))
            return default


def read_names(query: Query, parameters: Sequence[Parameter], problems: Problems) -> None:
    """Note what a query has that is no parameter: a list whose filter is misspelt would answer
    with something else than was asked for.

    Args:
        parameters: of the route.
    """
    names = [each.name for each in parameters if each.location == "query"]
    message = f"the parameters are {', '.join(names)}"
    problems += [
        Problem(name[:64], "unknown_parameter", message) for name in query if name not in names
    ]
