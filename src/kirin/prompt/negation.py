"""Negation: whether a text denies something that it names."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from kirin.prompt.vocabulary.grammar import grammar
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives

_REACH: Final = 48  # characters before a word in which its "no" may stand


def is_negated(text: str, position: int) -> bool:
    """Whether what stands at a position of a text is denied right before it.

    Args:
        text: normalised, in English or Chinese.
        position: index of the first character of the word.

    >>> is_negated("a beach without rain", 16), is_negated("no wind, rain", 9)
    (True, False)
    """
    before = text[max(0, position - _REACH) : position]
    return _negation().search(before) is not None


@cache
def _negation() -> re.Pattern[str]:
    """Matches a negation that reaches to the end of a text."""
    english = alternatives(grammar(ENGLISH).negations)
    chinese = alternatives(grammar(CHINESE).negations)
    return re.compile(rf"\b(?:{english})\b[^,.;:!?]{{0,40}}?$|(?:{chinese})[^,。;!?的]{{0,3}}$")
