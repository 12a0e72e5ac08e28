"""Quotations: the words that a prompt puts in quotation marks."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from kirin.domain.intent import Quotation
from kirin.prompt.vocabulary.grammar import grammar
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives

_QUOTED: Final = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|『([^』]*)』|«([^»]*)»')
_REACH: Final = 24  # characters before the marks in which a word for lettering must begin


def find_quotations(prompt: str) -> tuple[Quotation, ...]:
    """The quoted words of a prompt as it was written, in order; empty quotations are left out."""
    found = []
    for match in _QUOTED.finditer(prompt):
        words = next(group for group in match.groups() if group is not None).strip()
        if words:
            before = prompt[: match.start()].rstrip()[-_REACH:]
            found.append(Quotation(words, written=_lettering().search(before) is not None))
    return tuple(found)


def without_quotations(prompt: str) -> str:
    """The prompt without its quotations: a person who speaks of rain is not standing in it."""
    return _QUOTED.sub(" ", prompt)


@cache
def _lettering() -> re.Pattern[str]:
    """Matches a text after which quoted words are lettering and not speech."""
    english = alternatives(grammar(ENGLISH).lettering)
    chinese = alternatives(grammar(CHINESE).lettering)
    return re.compile(rf"(?:\b(?:{english})\b[\s:,]*|(?:{chinese})[:：]?)$", re.IGNORECASE)
