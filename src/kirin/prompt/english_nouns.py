"""What English nouns stand for: a slice of pizza, a portrait of a man, a book that one reads."""

from __future__ import annotations

import re
from typing import Final

from kirin.domain.cast import Relation
from kirin.prompt.english_clause import SEEN, EnglishClause, is_alive, is_served
from kirin.prompt.lexicon import tables
from kirin.prompt.mentions import Mention, Role
from kirin.prompt.nouns import is_nominal, read_phrase
from kirin.prompt.vocabulary.cast import noun_words
from kirin.prompt.vocabulary.loader import ENGLISH

_FLAT: Final = frozenset(
    {"table", "desk", "counter", "shelf", "tray", "board", "surface", "floor", "mat", "blanket"}
)
"""What stands for a place on which several things are."""
_FRAMINGS: Final = frozenset({"portrait", "photo", "picture", "painting", "drawing", "poster"})
_HUNG: Final = frozenset({"painting", "poster", "picture", "drawing"})
_WALL: Final = re.compile(r"\b(?:walls?|museum|gallery|hang\w*|framed?|easel|exhibition|auction)\b")
"""Where these are, a painting is a thing and no kind of shot."""


class EnglishNouns(EnglishClause):
    """What has been read of a sentence, and which nouns stand for others."""

    def _is_on_top(self) -> bool:
        """Whether the noun before stands only for what another is on."""
        by = self._site_by
        flat = any(each.base.split()[-1] in _FLAT for each in self._site)
        return flat and by is not None and by.relation is Relation.ON and bool(self._stood)

    def _sitters(self, seen: list[Mention]) -> list[Mention]:
        """Who does something to the noun before, if he or she is going to sit: reads a book on."""
        at = self._tokens_after_preposition()
        if at is None or at.base not in noun_words(ENGLISH).seats.words:
            return []
        return [doer for doer in self._doers if doer.target in seen and is_alive(doer)]

    def _tokens_after_preposition(self) -> Mention | None:
        """The head of the noun phrase after the preposition that is being read."""
        index = self._index + 1
        phrase = read_phrase(self._tokens, index, lambda *_: False)
        return phrase.head if phrase else None

    def _take_whole(self) -> None:
        """Let what follows "of" stand for a piece, a bunch or a glass of it."""
        for mention in self._base:
            vessel = mention.base in noun_words(ENGLISH).vessels.words
            if not (vessel or mention.base in noun_words(ENGLISH).partitives.words):
                continue
            ahead = self._tokens_after_preposition()
            if ahead is None or ahead.role is not Role.THING:
                continue
            if vessel and not (ahead.concept and is_served(ahead.concept)):
                continue
            self._whole = mention
            return

    def _replace_whole(self, mention: Mention) -> bool:
        """Put a mention in the place of the piece or the glass of it; whether it is still free."""
        whole, self._whole = self._whole, None
        if whole is None or whole not in self._into.nouns or mention.role is not Role.THING:
            return True
        words = self._text[whole.position : mention.position + len(mention.word)]
        mention.word, mention.position = " ".join(words.split()), whole.position
        mention.plural = (whole.plural or mention.plural) and not whole.counted
        if whole.base in noun_words(ENGLISH).vessels.words:
            mention.plural = whole.plural
        mention.counted, mention.count = (
            whole.counted or mention.counted,
            max(whole.count, mention.count),
        )
        mention.colour = mention.colour or whole.colour
        mention.size *= whole.size
        mention.action, mention.heading = whole.action, whole.heading
        mention.target, mention.denied = whole.target, whole.denied or mention.denied
        mention.relation, mention.anchor = whole.relation, whole.anchor
        for each in self._into.nouns:
            each.anchor = mention if each.anchor is whole else each.anchor
            each.target = mention if each.target is whole else each.target
        self._into.nouns[self._into.nouns.index(whole)] = mention
        for group in (self.subject, self._site, self._base, self._doers, self._stood):
            group[:] = [mention if each is whole else each for each in group]
        self._last, self._pending = "noun", None
        return False

    def _read_predicate(self, index: int) -> bool:
        """Read a colour, a size or an age that is said of the subject: "the ball is red"."""
        table, text = tables(), self._tokens[index].text
        if is_nominal(self._tokens, index + 1) or not self.subject:
            return False
        for mention in self.subject:
            if text in table.colours:
                mention.colour = mention.colour or table.colours[text]
            elif text in table.sizes:
                mention.size *= table.sizes[text]
            elif text in table.old:
                mention.old = True
            else:
                return False
        return True

    def _drop_framing(self) -> None:
        """Take "a portrait of ..." at the start of a clause for a kind of shot."""
        for mention in self._base:
            if mention.base in _HUNG and _WALL.search(self._text):
                continue
            if mention.base in _FRAMINGS and self._site_by is None and mention in self.subject:
                self._into.nouns.remove(mention)
                self.subject, self._site, self._base = [], [], []
                return

    def _aim(self, mention: Mention) -> None:
        """Take a mention for what the last verb is done to."""
        if self._following:
            self._follow(mention)
        if mention.role in SEEN:
            for doer in self._doers:
                doer.aim(mention)
        elif mention.base in tables().parts:
            lost = [word for doer in self._doers if (word := doer.keep_still())]
            self._into.verbs += [(mention.position - 1, word) for word in lost]

    def _follow(self, mention: Mention) -> None:
        if mention.role is Role.THING:
            mention.followed = True
            self._following = False
            if not self.subject:
                self.subject = [mention]
