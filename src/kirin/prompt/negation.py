"""Negation: whether a text says that it does not want something."""

from __future__ import annotations

import re

_REACH = 48  # characters before a word in which its "no" may stand

_ENGLISH = re.compile(
    r"\b(?:no|not|without|never|avoid|don't|free of|instead of|lacking|minus)\b[^,.;:!?]{0,40}?$"
)
# 不 alone is part of many words; before falling, rising and blowing it denies the weather.
_CHINESE = re.compile(r"(?:没有|不要|无|避免|去掉|别|不是|不(?=[下起刮])|勿)[^,。;!?]{0,3}$")


def negated(text: str, position: int) -> bool:
    """Whether what stands at a position of a text is denied right before it.

    Args:
        text: as ``normalise`` gives it, in English or Chinese.
        position: index of the first character of the word.

    >>> negated("a beach without rain", 16), negated("no wind, rain", 9)
    (True, False)
    """
    before = text[max(0, position - _REACH) : position]
    return bool(_ENGLISH.search(before) or _CHINESE.search(before))
