"""Quotations: the words that a prompt puts in quotation marks."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from kirin.domain.intent import Quotation
from kirin.prompt.vocabulary.grammar import grammar
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives

_QUOTED: Final = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|『([^』]*)』|«([^»]*)»')
_REACH: Final = 32  # characters before the marks in which a word for lettering must begin


def find_quotations(prompt: str) -> tuple[Quotation, ...]:
    """The quoted words of a prompt as it was written, in order; empty quotations are left out."""
    found = []
    for match in _QUOTED.finditer(prompt):
        words = next(group for group in match.groups() if group is not None).strip()
        if words:
            found.append(Quotation(words, written=_is_written(prompt, match.start())))
    return tuple(found)


def without_quotations(prompt: str) -> str:
    """The prompt without its quotations: a person who speaks of rain is not standing in it.

    Before lettering, the verb goes too: a man who holds a sign reading "Stop" does not read.
    """
    kept, end = [], 0
    for match in _QUOTED.finditer(prompt):
        before = prompt[end : match.start()]
        if _is_written(prompt, match.start()):
            before = _lettering_verb().sub(" ", before)
        kept.append(before)
        end = match.end()
    return " ".join([*kept, prompt[end:]])


def _is_written(prompt: str, start: int) -> bool:
    """Whether the quotation that starts here is lettering."""
    return _lettering().search(prompt[:start].rstrip()[-_REACH:]) is not None


@cache
def _lettering_verb() -> re.Pattern[str]:
    """Matches the end of a text that says no more than that something is written."""
    english = alternatives(grammar(ENGLISH).lettering_verbs)
    chinese = alternatives(grammar(CHINESE).lettering_verbs)
    return re.compile(rf"(?:\b(?:{english})\b[\s:,]*|(?:{chinese})[:：]?\s*)$", re.IGNORECASE)


@cache
def _lettering() -> re.Pattern[str]:
    """Matches a text after which quoted words are lettering and not speech."""
    english = alternatives(grammar(ENGLISH).lettering)
    chinese = alternatives(grammar(CHINESE).lettering)
    return re.compile(rf"(?:\b(?:{english})\b[\s:,]*|(?:{chinese})[:：]?)$", re.IGNORECASE)
