"""Styles, paces and shot sizes that a text names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kirin.domain.cast import ShotSize, Style
from kirin.prompt.negation import is_negated
from kirin.prompt.vocabulary.cast import style_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives


@dataclass(frozen=True, slots=True)
class StyleReading:
    """What a text says about the look of the whole frame.

    Attributes:
        styles: in the order of the text.
        size: the first shot size.
        unknown: looks that are not drawn, as the text has them.
        spans: characters that are about looks and sizes, sorted; nothing there is on stage.
    """

    styles: tuple[Style, ...]
    size: ShotSize | None
    unknown: tuple[tuple[int, str], ...]
    spans: tuple[tuple[int, int], ...]


@cache
def _pattern() -> tuple[re.Pattern[str], tuple[Style | ShotSize | None, ...]]:
    """Matches any of the words, the longest entries first, and what each group stands for."""
    en, zh = style_words(ENGLISH), style_words(CHINESE)
    rows: list[tuple[Style | ShotSize | None, tuple[str, ...], tuple[str, ...]]] = [
        (None, en.unknown.words, zh.unknown.words),
        *((style, en.style[style], zh.style[style]) for style in Style),
        # "Medium close-up" is medium, "extreme close-up" is macro.
        *((size, en.size[size], zh.size[size]) for size in (ShotSize.MEDIUM, *ShotSize)),
    ]
    groups = [
        rf"((?<![\w-])(?:{alternatives(english)})(?!\w)|{alternatives(chinese)})"
        for _, english, chinese in rows
    ]
    return re.compile("|".join(groups)), tuple(kind for kind, _, _ in rows)


def read_styles(text: str) -> StyleReading:
    """Read a normalised text in English or Chinese for looks and shot sizes."""
    pattern, kinds = _pattern()
    styles: dict[Style, None] = {}
    size: ShotSize | None = None
    unknown: dict[str, int] = {}
    spans = []
    for found in pattern.finditer(text):
        spans.append(found.span())
        if is_negated(text, found.start()):
            continue
        kind = kinds[(found.lastindex or 1) - 1]
        if kind is None:
            unknown.setdefault(found.group(), found.start())
        elif isinstance(kind, Style):
            styles.setdefault(kind)
        else:
            size = kind if kind is ShotSize.MACRO else size or kind
    found_unknown = tuple((start, word) for word, start in unknown.items())
    return StyleReading(tuple(styles), size, found_unknown, tuple(spans))
