"""Chinese sentences: which nouns do what, to what, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kirin.domain.cast import Action, Relation
from kirin.prompt.chinese_clause import ALWAYS_PLACE, COMMA, SEEN, WEAK, ChineseClause, PendingWords
from kirin.prompt.chinese_lexicon import (
    ChineseVerb,
    chinese_noun,
    chinese_tables,
    chinese_verb,
)
from kirin.prompt.english_clause import is_person
from kirin.prompt.lexicon import Noun
from kirin.prompt.mentions import Mention, Mentions, Role
from kirin.prompt.places import entered_place
from kirin.prompt.relations import headings
from kirin.prompt.segments import Segment, segments
from kirin.prompt.vocabulary.cast import noun_words
from kirin.prompt.vocabulary.loader import CHINESE

_AND: Final = frozenset({"和", "与", "跟", "及", "以及", "、", "同", "还有", "并", "并且", "而且"})
_AFTER: Final = "跟"
"""It joins nouns, but before 在 it is a verb."""

_AT: Final = frozenset({"在", "于", "坐落于", "沿着", "沿", "穿过", "穿越", "穿行于", "从", "位于"})
_LIKE: Final = frozenset({"像", "如", "如同", "仿佛", "宛如", "好像", "似", "犹如"})
_PEOPLE: Final = {"他": "man", "她": "woman"}


def read_chinese(text: str, spans: Sequence[tuple[int, int]], into: Mentions) -> None:
    """Add what the Chinese sentences of a text mention.

    Args:
        text: normalised, without quotations; with Chinese characters.
        spans: characters that are about looks, camera or changes of the light.
        into: what is mentioned so far.
    """
    covered = {at for start, end in spans for at in range(start, end)}
    ways = {start: (end, way) for start, end, way in headings(text) if start not in covered}
    subject: list[Mention] = []
    for words in segments(text):
        sentence = _ChineseSentence(text, words, covered, ways, into, subject)
        sentence.read()
        subject = sentence.subject or subject


class _ChineseSentence(ChineseClause):
    """Reads one sentence from left to right."""

    def read(self) -> None:
        """Read all of it."""
        index = 0
        while index < len(self._words):
            index = max(self._step(index), index + 1)
        self._end_clause()
        if self._following:
            self._into.follows = True
        self._drop_verbs()

    def _step(self, index: int) -> int:
        """Read what starts at a word; the index after it."""
        word = self._words[index]
        text = word.text
        if word.start in self._covered:
            return index + 1
        if word.start in self._ways:
            return self._read_way(index)
        if word.count is not None:
            self._next.count = word.count
        elif text in COMMA or text in noun_words(CHINESE).clause_starters:
            self._end_clause()
        elif text == _AFTER and [each.text for each in self._words[index + 1 : index + 2]] == [
            "在"
        ]:
            self._read_verb(ChineseVerb(text, "在", Action.CHASE), word, relative=False)
        elif text in _AND:
            self._joined = self._last is not None
        elif text == "的":
            self._read_de(index)
        elif text in _LIKE:
            self._like = True
        elif text in noun_words(CHINESE).subject_pronouns:
            self._read_pronoun(word)
        elif not self._read_word(index):
            return index + 1
        return index + 1

    def _read_word(self, index: int) -> bool:
        """Read a word that may be a preposition, an adjective, a verb or a noun."""
        word = self._words[index]
        text, table = word.text, chinese_tables()
        after = self._words[index + 1].text if index + 1 < len(self._words) else ""
        if text in _AT and self._is_place_ahead(index + 1):
            self._at, self._last = True, None
            return True
        if text in table.locatives and len(text) > 1 and self._fresh and self._last is None:
            near = [each for each in self.subject if each.role in SEEN]
            if near:
                self._next.spot, self.subject = (table.locatives[text], near[0]), []
                return True
        if text in table.locatives and self._last is not None and not self._fresh:
            self._read_locative(table.locatives[text], after == "的")
            return True
        if self._read_trait(text, after):
            return True
        if text in table.holding:
            self._holding, self._verb = table.holding[text], None
            return True
        noun, verb = chinese_noun(text), chinese_verb(text)
        thing = chinese_noun(text[1:]) if noun is None and text[0] in table.holding else None
        if thing is not None and thing.role in SEEN:
            self._holding, self._verb = table.holding[text[0]], None
            self._read_noun(thing, word, text[1:])  # 戴帽子
            return True
        for cut in (2, 1) if verb is None and (noun is None or word.tag == "x") else ():
            done, thing = chinese_verb(text[:cut]), chinese_noun(text[cut:]) if text[cut:] else None
            if done is not None and thing is not None and thing.role in SEEN and len(text) > 2:
                self._read_verb(done, replace(word, text=text[:cut]), relative=False)  # 放鞭炮
                self._verb = done
                self._read_noun(thing, word, text[cut:])
                return True
        if verb is None and len(text) > 2 and self.subject and chinese_noun(text[1:]):
            verb = chinese_verb(text[0])  # 看电视, which is a word for the television too
            if verb is not None and verb.action is not None:
                self._read_verb(verb, word, relative=False)
                self._read_object(verb, word)
                return True
        if noun is not None and (verb is None or not self._is_done(verb, index)):
            self._read_noun(noun, word)
            return True
        if verb is not None:
            self._read_verb(verb, word, relative=self._is_relative(index))
            self._read_object(verb, word)
            return True
        return self._read_unknown(word)

    def _is_done(self, verb: ChineseVerb, index: int) -> bool:
        """Whether a word that is a noun too, such as 画, is a verb here."""
        waiting = self._next.count is not None or self._next.colour is not None
        before = self._words[index - 1].text if index else ""
        if verb.stative or waiting or before in ("的", "在") or not self.subject:
            return False
        after = self._words[index + 1].text if index + 1 < len(self._words) else ","
        noun = chinese_noun(self._words[index].text)
        if (
            verb.action
            and noun
            and noun.role is Role.FLUFF
            and (after in COMMA or not noun.concept)
        ):
            return True  # 骑士和龙战斗
        return len(verb.word) == 1 or not self._words[index].tag.startswith("n")

    def _read_trait(self, text: str, after: str) -> bool:
        """Read an adjective before its noun."""
        table = chinese_tables()
        bare = text.removesuffix("的")
        if not after or after in COMMA:
            return False
        if bare in table.colours:
            self._next.colour = table.colours[bare]
        elif bare in table.sizes:
            self._next.size *= table.sizes[bare]
        elif bare in table.old:
            self._next.old = True
        else:
            return bare in table.adjectives
        return True

    def _read_unknown(self, word: Segment) -> bool:
        """Read a word that is in no list: a compound, a missing noun or a missing verb."""
        text, tag = word.text, word.tag
        for cut in (1, 2):
            # 黑猫, 大树, 红裙子: an adjective and a noun; 树下, 海边: a noun and where.
            head, rest = text[:cut], text[cut:]
            noun = chinese_noun(rest) if rest else None
            if noun and noun.role in SEEN and self._read_trait(head, rest):
                self._read_noun(noun, word, rest)
                return True
            body, ending = text[:-cut], text[-cut:]
            if body and ending in chinese_tables().locatives and (noun := chinese_noun(body)):
                self._read_noun(noun, word, body)
                self._read_locative(chinese_tables().locatives[ending], False)
                return True
        if text.endswith("们") and (noun := chinese_noun(text[:-1])):
            self._next.count = self._next.count or 3
            self._read_noun(noun, word)
            return True
        for cut in (2, 1):
            noun = chinese_noun(text[-cut:]) if len(text) > 2 else None
            if noun and noun.role is Role.THING and tag.startswith("n"):
                self._read_noun(noun, word)
                return True
        if tag in ("n", "nz", "nw", "ns", "nt") and len(text) > 1:
            place = tag in ("ns", "nt")
            role = Role.PLACE if place else Role.THING
            self._read_noun(Noun(text, role, 1), word)
            return True
        if tag == "v" and len(text) > 1 and self.subject:
            self._read_verb(ChineseVerb(text, ""), word, relative=False)
            return True
        return False

    def _read_way(self, index: int) -> int:
        end, way = self._ways[self._words[index].start]
        verb = chinese_verb(self._words[index].text)
        if verb is not None and verb.action is not None:
            self._read_verb(verb, self._words[index], relative=False)
        if not self._camera:
            for mention in self._doers or self.subject:
                mention.heading = mention.heading or way
        while index < len(self._words) and self._words[index].start < end:
            index += 1
        return index

    def _read_pronoun(self, word: Segment) -> None:
        if not self.subject and self._known:
            self.subject = self._known
        elif not self.subject and word.text in _PEOPLE and self._verb is None:
            self.subject = [self._person(word)]
        elif self._doers and self._verb and self._verb.word == _AFTER and word.text in _PEOPLE:
            self._aim(self._person(word))
        if self._following and self.subject:
            self.subject[0].followed, self._following = True, False

    def _person(self, word: Segment) -> Mention:
        """Whom a pronoun says: someone named before, or a person whom it alone puts on screen."""
        known = [each for each in self._into.nouns if is_person(each)]
        if known:
            return known[0]
        person = Mention(word.text, word.text, word.start, Role.THING, _PEOPLE[word.text])
        person.guessed = True
        self._into.nouns.append(person)
        return person

    def _end_clause(self) -> None:
        if self._next.spot and self.subject:
            for mention in self.subject:
                if mention is not self._next.spot[1]:
                    mention.put(*self._next.spot)
            self._next.spot = None
        spot, verbs = self._next.spot, self._next.verbs
        self._next = PendingWords(spot=spot, verbs=verbs)
        self._verb, self._holding, self._at, self._joined = None, None, False, False
        self._like, self._fresh, self._last = False, True, None
        self._camera = False

    def _drop_verbs(self) -> None:
        """List the verbs that nobody does."""
        for verb, word in self._next.verbs:
            if self.subject and verb.action:
                self._act(self.subject, verb, word)
            elif not verb.stative:
                self._into.verbs.append((word.start, word.text))
        self._next.verbs = []

    def _is_place_ahead(self, index: int) -> bool:
        """Whether a noun follows within a few words: 在 before a verb means something else."""
        for word in self._words[index : index + 6]:
            noun = chinese_noun(word.text)
            if noun is not None or word.tag.startswith("n") or word.count is not None:
                return True
            if word.text in COMMA:
                return False
            verb = chinese_verb(word.text)
            if verb is not None and verb.action is not None:
                return False
            if chinese_noun(word.text[:-1]):
                return True
        return False

    def _read_locative(self, relation: Relation, describes: bool) -> None:
        """Read 上, 里 ... after a noun."""
        spot, self._last = self._last, None
        self._at = False
        if spot is None:
            return
        if spot.place is not None or spot.role is Role.PLACE:
            over = relation in (Relation.OVER, Relation.BEHIND, Relation.BESIDE)
            spot.weight = max(spot.weight, 2.5 if over else ALWAYS_PLACE)
            spot.weight *= 0.5 if spot.base in WEAK else 1
            return
        if spot.role not in SEEN:
            return
        entered = entered_place(spot.base) if relation in (Relation.IN, Relation.ON) else None
        if entered is not None:
            spot.role, spot.place, spot.concept = Role.PLACE, entered, None
            spot.weight = ALWAYS_PLACE
            self.subject = [each for each in self.subject if each is not spot]
            return
        self.subject = [each for each in self.subject if each is not spot]
        for mention in self._doers:
            if mention.target is spot and mention.action not in (Action.LOOK, Action.RIDE):
                mention.target = None
        doers = [each for each in self._doers or self.subject if each is not spot]
        if describes or not doers:
            self._next.spot = (relation, spot)
        else:
            for mention in doers:
                mention.put(relation, spot)

    def _read_de(self, index: int) -> None:
        """Read 的: what was read describes the noun that follows."""
        last = self._last
        within = last is not None and last.place is not None and self._is_spot_ahead(index + 1)
        if within and last is not None:
            last.weight -= 1  # the alley, of the town in which it is
        if self._next.worn or self._next.verbs:
            self._verb, self._doers = None, []
        elif last is not None and last.role in SEEN:
            self._owner = last
        if last is not None and last in self.subject and last.role in SEEN:
            # 女孩的猫: the second is the subject.
            self.subject = [each for each in self.subject if each is not last] or self.subject
        self._holding, self._at = None, within

    def _is_spot_ahead(self, index: int) -> bool:
        """Whether a noun and a word such as 上 or 里 follow: 公园的长椅上."""
        locatives = chinese_tables().locatives
        for word in self._words[index : index + 5]:
            if word.text in locatives or (word.text[-1] in locatives and len(word.text) > 1):
                return True
            if word.text in COMMA or word.tag == "v":
                return False
        return False
