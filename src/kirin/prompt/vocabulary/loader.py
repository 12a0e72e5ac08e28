"""Load a vocabulary file and check it against its model."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from importlib.resources import files
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

ENGLISH: Final = "en"
CHINESE: Final = "zh"

_PLAIN: Final = re.compile(r"[\w '-]+")


class VocabularyError(ValueError):
    """A vocabulary file is wrong; the message names the file and the key."""


class Table(BaseModel):
    """Base of the models: immutable, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _checked(entry: str) -> str:
    """An entry that can match normalised text, or a ``ValueError``."""
    if not entry.strip():
        raise ValueError("an empty entry")
    if _PLAIN.fullmatch(entry):
        if entry != entry.strip() or entry != unicodedata.normalize("NFKC", entry).lower():
            raise ValueError(
                f"{entry!r} is not normalised: write it trimmed, in lower case, in NFKC"
            )
    else:
        try:
            compiled = re.compile(_FRAGMENT.sub("", entry))
        except re.error as error:
            raise ValueError(f"{entry!r} is not a regular expression: {error}") from None
        if compiled.groups:
            raise ValueError(f"{entry!r} has a capturing group: write (?:...)")
    return entry


def _distinct(entries: tuple[str, ...]) -> tuple[str, ...]:
    if twice := sorted({entry for entry in entries if entries.count(entry) > 1}):
        raise ValueError(f"{twice[0]!r} is listed twice")
    return entries


Entry = Annotated[str, AfterValidator(_checked)]
"""A word, or a regular expression that matches one."""

Entries = Annotated[tuple[Entry, ...], AfterValidator(_distinct)]

_Kind = TypeVar("_Kind", bound=Enum)
_Value = TypeVar("_Value")
_Model = TypeVar("_Model", bound=Table)


def complete(kinds: Iterable[Enum]) -> AfterValidator:
    """A validator of tables: there must be an entry for each of the kinds."""
    wanted = tuple(kinds)

    def check(table: dict[_Kind, _Value]) -> dict[_Kind, _Value]:
        if missing := [str(kind.value) for kind in wanted if kind not in table]:
            raise ValueError(f"no entry for {', '.join(missing)}")
        return table

    return AfterValidator(check)


def load(language: str, topic: str, model: type[_Model]) -> _Model:
    """Read ``vocabulary/<language>/<topic>.toml``.

    Raises:
        VocabularyError: it is not TOML, or does not fit the model.
    """
    name = f"vocabulary/{language}/{topic}.toml"
    text = files(__package__).joinpath(language, f"{topic}.toml").read_text("utf-8")
    return parse(text, name, model)


def parse(text: str, name: str, model: type[_Model]) -> _Model:
    """Check the text of a vocabulary file.

    Args:
        text: TOML.
        name: of the file, for messages.
        model: what it must look like.

    Raises:
        VocabularyError: it is not TOML, or does not fit the model.
    """
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise VocabularyError(f"{name}: {error}") from None
    except ValidationError as error:
        problems = []
        for each in error.errors():
            key = ".".join(map(str, each["loc"])) or "the file"
            problems.append(f"{name}: {key}: {each['msg'].removeprefix('Value error, ')}")
        raise VocabularyError("\n".join(problems)) from None


_FRAGMENT: Final = re.compile(r"\{([a-z_]+)\}")


def expand(entry: str, fragments: Mapping[str, str]) -> str:
    """An entry with each ``{name}`` replaced by the fragment of that name.

    Raises:
        ValueError: there is no such fragment.
    """
    for name in _FRAGMENT.findall(entry):
        if name not in fragments:
            raise ValueError(f"{entry!r} names an unknown fragment {name!r}")
    return _FRAGMENT.sub(lambda found: fragments[found[1]], entry)


def alternatives(entries: Sequence[str]) -> str:
    """A regular expression for any of the entries; for none of them, one that never matches."""
    return "|".join(entries) if entries else r"(?!)"
