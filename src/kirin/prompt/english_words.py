"""The words of an English clause: idioms as one, speeds, and turns in degrees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kirin.domain.intent import Speed
from kirin.prompt.vocabulary.english_camera import IDIOM, english_camera

_FIGURES: Final = re.compile(
    r"(?<!\d)(\d{2,3})\s*-?\s*(?:deg(?:rees?)?\b|°)|\b(90|180|270|360|720)\b(?!\s*[a-z]*\d)"
)
"""How far something turns, in figures."""


def tokens(text: str) -> tuple[list[re.Match[str]], list[str]]:
    """The idioms and words of a clause, and what stands for them."""
    en = english_camera()
    places, words = [], []
    for place in en.token_pattern.finditer(text):
        word = place.group().removesuffix("'s")
        if place.lastgroup:
            word = IDIOM + place.lastgroup
        if word not in en.words.units:
            places.append(place)
            words.append(word)
    return places, words


def spelled(words: Sequence[str], places: Sequence[re.Match[str]]) -> str:
    """Words as they are written."""
    pairs = zip(words, places, strict=True)
    return " ".join(place.group() if word.startswith(IDIOM) else word for word, place in pairs)


def degrees_in(text: str) -> int | None:
    """How far a clause says that something turns."""
    if found := _FIGURES.search(text):
        return min(720, int(found[1] or found[2])) or None
    patterns = english_camera().amount_patterns
    return next((degrees for pattern, degrees in patterns if pattern.search(text)), None)


def speed_of(words: Sequence[str], begin: int, end: int) -> tuple[Speed, str] | None:
    """The speed named beside a phrase, or by an adverb elsewhere in its clause."""
    en = english_camera()
    beside = [*range(begin - 1, max(-1, begin - 5), -1), *range(begin, min(len(words), end + 3))]
    adverbs = (index for index, word in enumerate(words) if word.endswith("ly"))
    for index in (*beside, *adverbs):
        speed = en.speed_of.get(words[index])
        if speed is None or (index < begin and words[index + 1] in {"motion", "mo"}):
            continue
        if index and words[index - 1] in en.words.degrees:
            slower = Speed.VERY_SLOW if speed is Speed.SLOW else speed
            return slower, f"{words[index - 1]} {words[index]}"
        return speed, words[index]
    return None
