"""Surfaces: what a table top, a backdrop or a field is made of, and whether a place is neon."""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType

from kirin.prompt.matching import compile_kinds, first_affirmed
from kirin.prompt.negation import is_negated
from kirin.prompt.vocabulary.cast import place_words, surface_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives


@cache
def _surfaces() -> MappingProxyType[str, re.Pattern[str]]:
    english, chinese = (surface_words(each).surface for each in (ENGLISH, CHINESE))
    return MappingProxyType(compile_kinds(english, chinese))


@cache
def _crops() -> MappingProxyType[str, re.Pattern[str]]:
    english, chinese = (surface_words(each).crop for each in (ENGLISH, CHINESE))
    return MappingProxyType(compile_kinds(english, chinese))


def surface_of(text: str) -> str | None:
    """The surface that a text names first, a key of ``vocabulary/en/surfaces.toml``."""
    return first_affirmed(_surfaces(), text, ())


def crop_of(text: str) -> str | None:
    """The crop that a text names first, a key of ``[crop]`` in the same file."""
    return first_affirmed(_crops(), text, ())


@cache
def _neon() -> re.Pattern[str]:
    en, zh = place_words(ENGLISH).neon.words, place_words(CHINESE).neon.words
    return re.compile(rf"\b(?:{alternatives(en)})\b|{alternatives(zh)}")


def is_neon(text: str) -> bool:
    """Whether a text puts neon signs in the place."""
    return any(not is_negated(text, found.start()) for found in _neon().finditer(text))
