"""Nouns and verbs of a Chinese sentence, and who does what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from kirin.domain.cast import Action, Heading, Relation
from kirin.prompt.chinese_lexicon import (
    ChineseVerb,
    chinese_noun,
    chinese_tables,
)
from kirin.prompt.lexicon import Noun
from kirin.prompt.mentions import Deed, Mention, Mentions, Role
from kirin.prompt.negation import is_negated
from kirin.prompt.segments import Segment
from kirin.prompt.vocabulary.cast import noun_words, verb_words
from kirin.prompt.vocabulary.loader import CHINESE

COMMA: Final = frozenset(",，:：|/()（）")
_THROUGH: Final = ("过", "进", "入", "到", "向", "出", "穿过", "在")
_FIXED: Final = frozenset(
    {"射门", "画画", "唱歌", "过桥", "晒太阳", "打火", "抬头", "低头", "回头"}
)
"""Verbs whose noun is not on screen."""

_COLOURED: Final = frozenset("白黑红橘灰紫蓝粉")
SEEN: Final = (Role.THING, Role.CLOTHES, Role.PART)
ALWAYS_PLACE: Final = 3.0
_BARE_PLACE: Final = 2.0
WEAK: Final = frozenset(
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
class PendingWords:
    """What has been read and waits for its noun."""

    count: int | None = None
    colour: str | None = None
    size: float = 1.0
    old: bool = False
    verbs: list[tuple[ChineseVerb, Segment]] = field(default_factory=list)
    worn: list[tuple[Relation, Mention]] = field(default_factory=list)
    target: Mention | None = None
    spot: tuple[Relation, Mention] | None = None


class ChineseClause:
    """What has been read of a sentence, its nouns and its verbs."""

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
        self._next = PendingWords()
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

    def _is_relative(self, index: int) -> bool:
        """Whether a verb describes the noun after the next 的."""
        words = [each.text for each in self._words[index + 1 : index + 7]]
        for offset, text in enumerate(words):
            if text in COMMA:
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
        doers = () if relative else tuple(self.subject or self._known)
        ongoing = word.text.endswith("着")
        deed = Deed(word.text, verb.word, word.start, doers, ongoing, False, verb.stative, True)
        self._into.deeds.append(deed)
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
            if noun is None or noun.role not in SEEN:
                continue
            if verb.action and not self._camera and word.text not in _FIXED:
                self._verb = verb
                self._read_noun(noun, word, word.text[cut:])
            return

    def _act(self, doers: Sequence[Mention], verb: ChineseVerb, word: Segment) -> None:
        if verb.stative:
            return
        seen = [each for each in doers if each.role in SEEN]
        done = False
        for mention in seen:
            done = (verb.action is not None and mention.act(verb.action)) or done
            mention.verb = mention.verb or word.text
        if done and verb.word in verb_words(CHINESE).approximate.words:
            done = False
        if not done and (seen or not doers):
            self._into.verbs.append((word.start, word.text))

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
        if mention.role not in SEEN:
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
        mention.guessed = noun.guessed
        mention.count, mention.counted = waiting.count or 1, waiting.count is not None
        mention.colour, mention.size, mention.old = waiting.colour, waiting.size, waiting.old
        if mention.colour is None and mention.word[0] in _COLOURED:
            bare = chinese_noun(mention.word[1:])  # 白马
            if bare is not None and bare.concept == mention.concept and mention.concept:
                mention.colour = chinese_tables().colours[mention.word[0]]
        mention.denied = is_negated(self._text, word.start)
        filled = self._verb is not None and self._verb.word.endswith("满")
        several = noun.base in noun_words(CHINESE).many.words or mention.word.endswith("们")
        mention.plural = not mention.counted and (filled or several)
        if noun.place is not None or noun.role is Role.SCENERY:
            self._next = PendingWords(verbs=waiting.verbs, worn=waiting.worn, spot=waiting.spot)
        else:
            spot = waiting.spot
            self._next = PendingWords(verbs=waiting.verbs, worn=waiting.worn, target=waiting.target)
        if spot is not None:
            self._next.spot = spot
        return mention

    def _read_place(self, mention: Mention) -> None:
        through = self._verb is not None and self._verb.ending in _THROUGH
        sure = self._at or through
        mention.weight = ALWAYS_PLACE if sure else _BARE_PLACE
        if mention.base in WEAK:
            mention.weight *= 0.5 if sure or mention.base != "雪" else 0.1
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
        elif self._at or self._is_in_place(mention):
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

    def _is_in_place(self, mention: Mention) -> bool:
        """Whether a noun stands right after the place that it is part of: 在公园长椅上."""
        last = self._last
        if last is None or last.place is None or last.weight < ALWAYS_PLACE:
            return False
        end = mention.position + len(mention.word)
        locatives = chinese_tables().locatives
        return last.position + len(last.word) == mention.position and (
            self._text[end : end + 1] in locatives or self._text[end : end + 2] in locatives
        )

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
                if verb and verb.action and doer.action is verb.action:
                    doer.aim(mention)
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

    def _finish(self, mention: Mention) -> None:
        """Give a noun what waited for it."""
        waiting, self._next = self._next, PendingWords()
        for relation, worn in waiting.worn:
            worn.put(relation, mention)
        if waiting.spot is not None:
            mention.put(*waiting.spot)
        for verb, word in waiting.verbs:
            self._act([mention], verb, word)
        if waiting.target is not None and mention.action and waiting.target is not mention:
            mention.target = waiting.target
