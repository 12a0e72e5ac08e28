"""Chinese sentences: which nouns do what, to what, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from kirin.domain.cast import Action, Heading, Relation
from kirin.prompt.chinese_lexicon import (
    ChineseVerb,
    chinese_noun,
    chinese_tables,
    chinese_verb,
)
from kirin.prompt.lexicon import Noun
from kirin.prompt.mentions import Mention, Mentions, Role
from kirin.prompt.negation import is_negated
from kirin.prompt.relations import headings
from kirin.prompt.segments import Segment, segments
from kirin.prompt.vocabulary.cast import noun_words
from kirin.prompt.vocabulary.loader import CHINESE

_COMMA: Final = frozenset(",，:：|/()（）")
_AND: Final = frozenset({"和", "与", "跟", "及", "以及", "、", "同", "还有", "并", "并且", "而且"})
_AT: Final = frozenset({"在", "于", "坐落于", "沿着", "沿", "穿过", "穿越", "穿行于", "从", "位于"})
_LIKE: Final = frozenset({"像", "如", "如同", "仿佛", "宛如", "好像", "似", "犹如"})
_THROUGH: Final = ("过", "进", "入", "到", "向", "出", "穿过", "在")
_PEOPLE: Final = {"他": "man", "她": "woman"}
_SEEN: Final = (Role.THING, Role.CLOTHES, Role.PART)
_ALWAYS_PLACE: Final = 3.0
_BARE_PLACE: Final = 2.0
_WEAK: Final = frozenset(
    {
        "天空",
        "空中",
        "家",
        "雪",
        "房间",
        "海",
        "山",
        "云海",
        "星空",
        "夜空",
        "蓝天",
        "路",
        "大理石",
        "抽象",
        "云层",
    }
)


@dataclass(slots=True)
class _Pending:
    """What has been read and waits for its noun."""

    count: int | None = None
    colour: str | None = None
    size: float = 1.0
    old: bool = False
    verbs: list[tuple[ChineseVerb, Segment]] = field(default_factory=list)
    worn: list[tuple[Relation, Mention]] = field(default_factory=list)
    target: Mention | None = None
    spot: tuple[Relation, Mention] | None = None


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


class _ChineseSentence:
    """Reads one sentence from left to right."""

    def __init__(
        self,
        text: str,
        words: list[Segment],
        covered: set[int],
        ways: dict[int, tuple[int, Heading]],
        into: Mentions,
        known: list[Mention],
    ) -> None:
        self._text = text
        self._words = words
        self._covered = covered
        self._ways = ways
        self._into = into
        self._known = known
        self.subject: list[Mention] = []
        self._next = _Pending()
        self._doers: list[Mention] = []
        self._verb: ChineseVerb | None = None
        self._holding: Relation | None = None
        self._at = False
        self._last: Mention | None = None
        self._joined = False
        self._camera = False
        self._following = False
        self._like = False
        self._fresh = True
        self._owner: Mention | None = None

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
        elif text in _COMMA or text in noun_words(CHINESE).clause_starters:
            self._end_clause()
        elif text in _AND:
            self._joined = self._last is not None
        elif text == "的":
            self._read_de()
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
            self._at = True
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
        return len(verb.word) == 1 or not self._words[index].tag.startswith("n")

    def _read_trait(self, text: str, after: str) -> bool:
        """Read an adjective before its noun."""
        table = chinese_tables()
        bare = text.removesuffix("的")
        if not after or after in _COMMA:
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
            if noun and noun.role in _SEEN and self._read_trait(head, rest):
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
        if len(text) > 2 and (noun := chinese_noun(text[-2:])) and noun.role in _SEEN:
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
            person = Mention(word.text, word.text, word.start, Role.THING, _PEOPLE[word.text])
            person.guessed = True
            self._into.nouns.append(person)
            self.subject = [person]
        if self._following and self.subject:
            self.subject[0].followed, self._following = True, False

    def _end_clause(self) -> None:
        if self._next.spot and self.subject:
            for mention in self.subject:
                if mention is not self._next.spot[1]:
                    mention.put(*self._next.spot)
            self._next.spot = None
        spot, verbs = self._next.spot, self._next.verbs
        self._next = _Pending(spot=spot, verbs=verbs)
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

    # Where

    def _is_place_ahead(self, index: int) -> bool:
        """Whether a noun follows within a few words: 在 before a verb means something else."""
        for word in self._words[index : index + 6]:
            noun = chinese_noun(word.text)
            if noun is not None or word.tag.startswith("n") or word.count is not None:
                return True
            if word.text in _COMMA:
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
            spot.weight = max(spot.weight, 2.5 if over else _ALWAYS_PLACE)
            spot.weight *= 0.5 if spot.base in _WEAK else 1
            return
        if spot.role not in _SEEN:
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

    # What is done

    def _is_relative(self, index: int) -> bool:
        """Whether a verb describes the noun after the next 的."""
        words = [each.text for each in self._words[index + 1 : index + 7]]
        for offset, text in enumerate(words):
            if text in _COMMA:
                return False
            if text == "的":
                following = words[offset + 1] if offset + 1 < len(words) else ""
                noun = chinese_noun(following)
                if not following or (noun and noun.role is Role.PART):
                    return False
                before = words[offset - 1] if offset else ""
                return offset == 0 or (not self.subject and chinese_noun(before) is not None)
        return False

    def _read_verb(self, verb: ChineseVerb, word: Segment, *, relative: bool) -> None:
        if is_negated(self._text, word.start):
            return
        if self._camera:
            self._following = self._following or verb.action in (Action.CHASE, Action.LOOK)
            self._verb = None
            return
        self._fresh = False
        self._verb, self._holding = verb, None
        self._last = None
        if relative or not self.subject:
            if not self.subject and not relative and self._known and self._words[0] is not word:
                self.subject = self._known
            else:
                self._next.verbs.append((verb, word))
                self._doers = []
                return
        self._doers = list(self.subject)
        self._act(self.subject, verb, word)

    def _read_object(self, verb: ChineseVerb, word: Segment) -> None:
        """Read the noun in a verb such as 骑马 or 弹吉他."""
        for cut in (1, 2):
            noun = chinese_noun(word.text[cut:]) if len(word.text) > cut else None
            if noun is None or noun.role not in _SEEN or noun.concept is None:
                continue
            if verb.action and not self._camera and chinese_verb(word.text[:cut]):
                self._verb = verb
                self._read_noun(noun, word, word.text[cut:])
            return

    def _act(self, doers: Sequence[Mention], verb: ChineseVerb, word: Segment) -> None:
        if verb.stative:
            return
        seen = [each for each in doers if each.role in _SEEN]
        done = False
        for mention in seen:
            done = (verb.action is not None and mention.act(verb.action)) or done
        if not done and (seen or not doers):
            self._into.verbs.append((word.start, word.text))

    # Nouns

    def _read_noun(self, noun: Noun, word: Segment, text: str = "") -> None:
        if noun.role is Role.CAMERA:
            self._camera, self.subject = True, self.subject
            return
        if noun.role is Role.FLUFF:
            self._next.count = None
            return
        if self._like:
            self._like, self._last = False, None
            return
        mention = self._mention(noun, word, text)
        if noun.role is Role.PART and any(each.role is Role.THING for each in self._into.nouns):
            mention.role = Role.SCENERY
        self._into.nouns.append(mention)
        self._fresh = False
        if mention.place is not None or mention.role is Role.PLACE:
            self._read_place(mention)
            return
        if mention.role not in _SEEN:
            self._last = mention if self._at else None
            return
        owner, self._owner = self._owner, None
        if owner is not None and noun.base in noun_words(CHINESE).pictures.words:
            for doer in self._doers:
                doer.target = None if doer.target is owner else doer.target
            owner.put(Relation.IN, mention)
        self._take(mention)
        self._last = mention

    def _mention(self, noun: Noun, word: Segment, text: str) -> Mention:
        """The mention of a noun, with all that was said before it."""
        waiting, spot = self._next, None
        start = word.start + (word.text.find(text) if text else 0)
        mention = Mention(text or word.text, noun.base, start, noun.role, noun.concept, noun.place)
        mention.count, mention.counted = waiting.count or 1, waiting.count is not None
        mention.colour, mention.size, mention.old = waiting.colour, waiting.size, waiting.old
        mention.denied = is_negated(self._text, word.start)
        if noun.place is not None or noun.role is Role.SCENERY:
            self._next = _Pending(verbs=waiting.verbs, worn=waiting.worn, spot=waiting.spot)
        else:
            spot = waiting.spot
            self._next = _Pending(verbs=waiting.verbs, worn=waiting.worn, target=waiting.target)
        if spot is not None:
            self._next.spot = spot
        return mention

    def _read_place(self, mention: Mention) -> None:
        through = self._verb is not None and self._verb.ending in _THROUGH
        sure = self._at or through
        mention.weight = _ALWAYS_PLACE if sure else _BARE_PLACE
        if mention.base in _WEAK:
            mention.weight *= 0.5
        if mention.place is None:
            mention.weight = 0.0
        self._last, self._at = mention, False

    def _take(self, mention: Mention) -> None:
        """Take a noun for what stands at a place, for an object, or for the subject."""
        if self._camera:
            if self._following:
                mention.followed, self._following = True, False
            self._camera = False
            self.subject = self.subject or [mention]
            self._finish(mention)
        elif self._holding is not None:
            self._hold(mention)
        elif self._at:
            return
        elif self._joined and self._last is not None and self._last in self.subject:
            self.subject = [*self.subject, mention]
            self._joined = False
        elif self._verb is not None and (self._doers or self._next.verbs):
            self._aim(mention)
        else:
            self.subject = [mention]
            self._doers = []
            self._finish(mention)

    def _hold(self, mention: Mention) -> None:
        relation = self._holding or Relation.HOLDING
        owner = self.subject[0] if self.subject and not self._is_waiting() else None
        if owner is not None:
            mention.put(relation, owner)
        else:
            self._next.worn.append((relation, mention))
        self._holding = None

    def _is_waiting(self) -> bool:
        """Whether a described noun is still to come: 穿红裙子的女孩."""
        return bool(self._next.verbs)

    def _aim(self, mention: Mention) -> None:
        verb = self._verb
        if self._doers:
            for doer in self._doers:
                if verb and verb.action and doer.action is verb.action and doer.target is None:
                    doer.target = mention
                if verb and verb.ending in ("过", "进", "入") and verb.action is not Action.LOOK:
                    over = verb.action in (Action.FLY, Action.JUMP)
                    doer.put(Relation.OVER if over else Relation.BESIDE, mention)
            if verb and verb.stative and self._next.spot:
                self._finish(mention)
        elif self._next.verbs and self._next.verbs[-1][0].stative:
            self._next.verbs.pop()
            self.subject = [mention]
            self._finish(mention)
        else:
            self._next.target = mention

    def _read_de(self) -> None:
        """Read 的: what was read describes the noun that follows."""
        last = self._last
        if self._next.worn or self._next.verbs:
            self._verb, self._doers = None, []
        elif last is not None and last.role in _SEEN:
            self._owner = last
        if last is not None and last in self.subject and last.role in _SEEN:
            # 女孩的猫: the second is the subject.
            self.subject = [each for each in self.subject if each is not last] or self.subject
        self._holding, self._at = None, False

    def _finish(self, mention: Mention) -> None:
        """Give a noun what waited for it."""
        waiting, self._next = self._next, _Pending()
        for relation, worn in waiting.worn:
            worn.put(relation, mention)
        if waiting.spot is not None:
            mention.put(*waiting.spot)
        for verb, word in waiting.verbs:
            self._act([mention], verb, word)
        if waiting.target is not None and mention.action and waiting.target is not mention:
            mention.target = waiting.target
