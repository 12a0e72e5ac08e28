"""Words of an English text with their places, in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"[a-z0-9à-öø-ÿ]+(?:['&-][a-z0-9à-öø-ÿ]+)*|[,;:()\"/|\n]|[.!?。！？，、]+"
)
_END: Final = frozenset(".!?;\n。！？|")
MAX_WORDS: Final = 60
"""Words of a sentence; longer ones are split, so that reading takes linear time."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word or punctuation mark.

    Attributes:
        text: in lower case.
        start, end: its characters in the normalised text.
    """

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is no punctuation mark."""
        return self.text[0].isalnum() or self.text == "'s"


def sentences(text: str) -> Iterator[list[Token]]:
    """The sentences of a normalised text; characters of other scripts are left out."""
    sentence: list[Token] = []
    for found in _TOKEN.finditer(text):
        word = found.group()
        if word[0] in _END:
            if sentence:
                yield sentence
            sentence = []
            continue
        start = found.start()
        if word.endswith("'s") and word not in ("it's", "let's", "that's", "there's"):
            sentence.append(Token(word[:-2], start, found.end() - 2))
            sentence.append(Token("'s", found.end() - 2, found.end()))
        else:
            sentence.append(Token(word, start, found.end()))
        if len(sentence) >= MAX_WORDS:
            yield sentence
            sentence = []
    if sentence:
        yield sentence
