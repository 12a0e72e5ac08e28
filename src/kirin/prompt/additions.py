"""Who and what a prompt adds to a given video.

What the video shows is in its prompts too: "the dog runs" tells of a dog that is there already. So
only words that ask for somebody new add one: a verb of adding before it, or a verb of entering
after it where its determiner says that the video did not have it ("a bird flies across").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.domain.cast import Action, Cast, CastMember, Heading, Missing, Relation
from kirin.domain.edit import AddedCast, Addition, Entrance, Remoteness
from kirin.domain.intent import Intent
from kirin.domain.motion import Particle
from kirin.prompt.clauses import Clause, Link, split_clauses
from kirin.prompt.negation import is_negated
from kirin.prompt.vocabulary.edits import edit_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives

MOST_FLYING: Final = 4
"""Birds that are drawn one by one; a flock is something in the air."""

_ADJECTIVES: Final = 4  # words that may stand between a determiner and its noun
_CLOSE: Final = frozenset({Relation.ON, Relation.IN, Relation.HOLDING, Relation.WEARING})
_STAYS: Final = re.compile(r"(?:over|above|around|along|through|overhead)$")
"""What ends a verb for a way over something: who is added on it is there already."""
_BEHIND: Final = re.compile(r"behind|.*后")
_INTO: Final = re.compile(r"(?:in|into|onto|on|by|around|between)\b|.*[里中上]")
"""What the way of somebody who comes in or crosses shows of itself."""


@dataclass(frozen=True, slots=True)
class Additions:
    """What is added, and what of its words is honoured with it.

    Attributes:
        added: to the video.
        untold: what of it is not shown: "on the table".
        spans: characters of the clauses that add them.
        verbs: likewise, of these clauses up to the end of a verb of adding.
        words: of those that are added.
    """

    added: AddedCast
    untold: tuple[Missing, ...]
    spans: tuple[tuple[int, int], ...]
    verbs: tuple[tuple[int, int], ...]
    words: frozenset[str]

    def honours(self, missing: Missing, text: str, unknown: frozenset[str]) -> bool:
        """Whether something that is told as missing is honoured by an addition.

        Args:
            missing: a noun or a verb of the text.
            text: that was read.
            unknown: verbs that no drawing shows.
        """
        if missing.kind == "noun":
            return missing.word in self.words
        places = [found.start() for found in re.finditer(re.escape(missing.word), text)]
        if any(start <= place < end for place in places for start, end in self.verbs):
            return True
        inside = any(start <= place < end for place in places for start, end in self.spans)
        return inside and missing.word not in unknown


def read_additions(text: str, intent: Intent, verbs: Mapping[int, int]) -> Additions:
    """Which of the cast of a text are added to the video.

    Args:
        text: normalised, without tags; of what cannot be done nothing is left in it.
        intent: of the text.
        verbs: of each clause that asks for an addition its place, and where its verb ends.
    """
    clauses = [_AddingClause.of(text, each, verbs) for each in _with_lists(text, verbs)]
    cast, found = intent.cast, dict[int, tuple[_AddingClause, Addition]]()
    flocks = {each.word for each in intent.motion.air if each.particle is not Particle.BIRDS}
    flocks |= {each.word for each in intent.motion.matter}
    for index, member in enumerate(cast.members):
        flock = member.word in {each.word for each in intent.motion.air}
        if member.word in flocks or (flock and member.count > MOST_FLYING):
            continue
        for clause in clauses:
            entrance = clause.entrance(member)
            if entrance is not None:
                found[index] = clause, clause.addition(entrance)
                break
    return _assembled(cast, found, verbs)


def enters(word: str) -> bool:
    """Whether a word is a verb of entering, or a part of one."""
    return any(words.entrance(word) for words in (_words(ENGLISH), _chinese()))


def _assembled(
    cast: Cast, found: dict[int, tuple[_AddingClause, Addition]], verbs: Mapping[int, int]
) -> Additions:
    there = [each for index, each in enumerate(cast.members) if index not in found]
    kept = [
        index
        for index, (clause, _) in found.items()
        if not _worn(cast, cast.members[index], found)
        and not any(clause.gives(cast.members[index], each) for each in there)
    ]
    place = {index: number for number, index in enumerate(kept)}
    members, additions, untold = [], [], []
    for index in kept:
        clause, addition = found[index]
        member = _directed(cast.members[index], clause, addition)
        for phrase in clause.beside(member):
            if _BEHIND.match(phrase):
                addition = replace(addition, behind=phrase)
            elif not (_crosses(addition) and _INTO.match(phrase)):
                untold.append(Missing(phrase, "place"))
        anchor = None
        if member.anchor in place and found[member.anchor][0] == clause:
            # Across clauses it is mostly misread: "horses in the distance and a dog".
            anchor = place[member.anchor]
        relation = member.relation if anchor is not None else None
        member = replace(member, anchor=anchor, relation=relation)
        target = place.get(member.target) if member.target is not None else None
        members.append(replace(member, target=target))
        additions.append(addition)
    spans = tuple({found[index][0].honoured for index in kept})
    return Additions(
        AddedCast(Cast(tuple(members)), tuple(additions)),
        tuple(dict.fromkeys(untold)),
        spans,
        tuple(verbs.items()),
        frozenset(member.word for member in members),
    )


def _worn(cast: Cast, member: CastMember, found: Mapping[int, object]) -> bool:
    """Whether it would have to be on somebody in the video, who is not followed."""
    if member.anchor is None or member.anchor in found or member.relation not in _CLOSE:
        return False
    living = library().get(cast.members[member.anchor].concept).kind in (Kind.PERSON, Kind.ANIMAL)
    return living or member.relation in (Relation.HOLDING, Relation.WEARING)


def _crosses(addition: Addition) -> bool:
    return addition.entrance is Entrance.ACROSS


def _directed(member: CastMember, clause: _AddingClause, addition: Addition) -> CastMember:
    """A member that comes from the side that its clause names, and just is there if it appears."""
    if addition.entrance is Entrance.APPEAR and member.action is Action.ENTER:
        member = replace(member, action=None)
    heading = clause.comes_to
    return replace(member, heading=heading) if heading else member


def _with_lists(text: str, verbs: Mapping[int, int]) -> Iterator[tuple[Clause, bool]]:
    """Clauses, and whether each goes on with what is added: "add a dog and a cat"."""
    goes_on = False
    for clause in split_clauses(text):
        listed = clause.link in (Link.AND, Link.LIST)
        begins = any(words.new_first.match(clause.text) for words in (_words(ENGLISH), _chinese()))
        goes_on = clause.position in verbs or (goes_on and listed and begins)
        yield clause, goes_on


@dataclass(frozen=True, slots=True)
class _AddingClause:
    """A clause in which somebody may be added.

    Attributes:
        text: of it.
        position: in the whole text.
        begins: where in the clause what is added begins; -1 where it adds nothing.
    """

    text: str
    position: int
    begins: int

    @classmethod
    def of(cls, text: str, clause: tuple[Clause, bool], verbs: Mapping[int, int]) -> _AddingClause:
        """Look at a clause, and whether it is part of an addition."""
        read, adds = clause
        begins = max(verbs.get(read.position, 0) - read.position, 0) if adds else -1
        denied = not adds and is_negated(text, read.position + len(read.text))
        return cls("" if denied else read.text, read.position, begins)

    @property
    def honoured(self) -> tuple[int, int]:
        """Its characters."""
        return self.position, self.position + len(self.text)

    def entrance(self, member: CastMember) -> Entrance | None:
        """How a member comes into the video by this clause; ``None`` if not by it."""
        at = self._place_of(member.word)
        if at is None:
            return None
        words = _chinese() if _is_chinese(member.word) else _words(ENGLISH)
        found = words.entrance(self.text)
        if found and found[1] <= at < found[2]:
            return None  # "let a bird fly across": no insect
        if self.begins >= 0 and self._is_object(at, member, words):
            stays = found is None or _STAYS.search(self.text[found[1] : found[2]])
            return Entrance.PRESENT if found is None or stays else found[0]
        if found is None or not self._comes(at, found[1:], member, words):
            return None
        return found[0]

    def _comes(
        self, at: int, verb: tuple[int, int], member: CastMember, words: _AddingWords
    ) -> bool:
        """Whether somebody new comes in by a verb of the clause."""
        if words is _chinese():
            # Whoever comes in may stand after the verb: "there appears a dog".
            new = words.is_new(self.text, at) or verb[1] <= at < verb[1] + _ADJECTIVES
            return new and not words.is_known(self.text, at)
        return at < verb[1] and self._is_new(at, member, words)

    def addition(self, entrance: Entrance) -> Addition:
        """Where the clause puts whoever it adds."""
        found = {name for words in (_words(ENGLISH), _chinese()) for name in words.named(self.text)}
        comes = bool(found & {"from_left", "from_right"})
        sides = [-1, 0, 1] if not comes else [0]
        names = {-1: "left", 0: "centre", 1: "right"}
        side = next((each for each in sides if names[each] in found), None)
        far = Remoteness.FAR if "far" in found else None
        return Addition(entrance, side, Remoteness.NEAR if "near" in found else far)

    @property
    def comes_to(self) -> Heading | None:
        """Which way somebody goes who comes from a side that the clause names."""
        found = {name for words in (_words(ENGLISH), _chinese()) for name in words.named(self.text)}
        if "from_left" in found:
            return Heading.RIGHT
        return Heading.LEFT if "from_right" in found else None

    def beside(self, member: CastMember) -> list[str]:
        """The clause's words for where it puts a member in the video: "next to the car"."""
        at = self._place_of(member.word)
        if _is_chinese(member.word):
            return [found.group() for found in _stands_chinese().finditer(self.text)]
        if at is None:
            return []
        return [found.group() for found in _stands().finditer(self.text, at)]

    def gives(self, member: CastMember, other: CastMember) -> bool:
        """Whether the clause puts a member on somebody in the video: "add a hat to the man"."""
        if library().get(other.concept).kind not in (Kind.PERSON, Kind.ANIMAL):
            return False
        word = re.escape(other.word)
        if _is_chinese(word):
            return (
                re.search(rf"给.{{0,6}}?{word}|在.{{0,6}}?{word}.{{0,3}}?[头身脸背手]", self.text)
                is not None
            )
        at = self._place_of(member.word) or 0
        known = alternatives(edit_words(ENGLISH).determiners.known)
        given = rf"\b(?:to|on|onto|over) (?:{known}) (?:\w+ ){{0,2}}{word}\b"
        return re.search(given, self.text[at:]) is not None

    def _place_of(self, word: str) -> int | None:
        edge = "" if _is_chinese(word) else r"\b"
        found = re.search(rf"{edge}{re.escape(word)}{edge}", self.text)
        return found.start() if found else None

    def _is_object(self, at: int, member: CastMember, words: _AddingWords) -> bool:
        """Whether it is what is added, and not a place of the video."""
        if words is _chinese():
            known = words.is_known(self.text, at)
            return words.is_new(self.text, at) or (at >= self.begins - 1 and not known)
        if at < self.begins:
            return self._is_new(at, member, words)
        between = self.text[self.begins : at].split()
        told = [number for number, word in enumerate(between) if words.known.fullmatch(word)]
        if not any(map(words.breaks.fullmatch, between)) and told in ([], [0]):
            return True  # "add the moon": whoever adds it knows that it is not there
        return self._is_new(at, member, words)

    def _is_new(self, at: int, member: CastMember, words: _AddingWords) -> bool:
        """Whether its determiner says that the video did not have it."""
        first = member.word.split()[0]
        if words.new.fullmatch(first):
            return True
        for word in reversed(self.text[:at].split()[-_ADJECTIVES:]):
            if words.new.fullmatch(word):
                return True
            if words.known.fullmatch(word) or words.breaks.fullmatch(word) or word.endswith("'s"):
                return member.count > 1 and not words.known.fullmatch(word)
        return member.count > 1


@dataclass(frozen=True, slots=True)
class _AddingWords:
    """The words of a language, compiled."""

    new: re.Pattern[str]
    new_first: re.Pattern[str]
    known: re.Pattern[str]
    breaks: re.Pattern[str]
    entrances: tuple[tuple[Entrance, re.Pattern[str]], ...]
    places: tuple[tuple[str, re.Pattern[str]], ...]

    def entrance(self, text: str) -> tuple[Entrance, int, int] | None:
        """How somebody comes in by a clause, and where its verb for that begins and ends."""
        for entrance, pattern in self.entrances:
            if (found := pattern.search(text)) and not is_negated(text, found.start()):
                return entrance, found.start(), found.end()
        return None

    def named(self, text: str) -> Iterator[str]:
        """Names of the places that a clause tells of."""
        return (name for name, pattern in self.places if pattern.search(text))

    def is_new(self, text: str, at: int) -> bool:
        """Of Chinese: whether a number stands before a noun, with an adjective between at most."""
        return any(
            0 <= at - found.end() <= _ADJECTIVES + 1
            for found in self.new.finditer(text)
            if found.end() <= at
        )

    def is_known(self, text: str, at: int) -> bool:
        """Of Chinese: whether a noun is called one that is there."""
        return self.known.search(text[max(at - _ADJECTIVES, 0) : at]) is not None


@cache
def _words(language: str) -> _AddingWords:
    words, edge = edit_words(language), "" if language == CHINESE else r"\b"

    def any_of(entries: tuple[str, ...]) -> re.Pattern[str]:
        return re.compile(rf"{edge}(?:{alternatives(entries)}){edge}")

    entering, new = words.entering, alternatives(words.determiners.new)
    entrances = (
        (Entrance.PATH, entering.path),
        (Entrance.ACROSS, entering.across),
        (Entrance.IN, entering.in_),
        (Entrance.APPEAR, entering.appear),
    )
    return _AddingWords(
        any_of(words.determiners.new),
        re.compile(rf"(?:{new}){edge}"),
        any_of(words.determiners.known),
        any_of(words.determiners.breaks),
        tuple((entrance, any_of(entries)) for entrance, entries in entrances),
        tuple(
            (name, any_of(getattr(words.places, name))) for name in type(words.places).model_fields
        ),
    )


@cache
def _stands() -> re.Pattern[str]:
    """Matches where somebody is put in the video, unless that needs no finding."""
    words = edit_words(ENGLISH)
    beside, known = alternatives(words.beside.words), alternatives(words.determiners.known)
    ends = rf"(?:{alternatives(words.beside.open)})(?: of\b|\W|$)"
    noun = rf"(?!(?:[\w-]+ ){{0,2}}{ends})[\w-]+(?: (?!(?:{beside})\b)[\w-]+){{0,1}}"
    return re.compile(rf"\b(?:{beside}) (?:{known}) {noun}")


@cache
def _stands_chinese() -> re.Pattern[str]:
    """The same: "在桌子上"."""
    beside = edit_words(CHINESE).beside
    return re.compile(
        rf"在(?!(?:{alternatives(beside.open)})(?:{alternatives(beside.words)}|[放加添插画]|$))"
        rf"[^在,，。放加添插画]{{1,6}}?(?:{alternatives(beside.words)})"
    )


def _chinese() -> _AddingWords:
    return _words(CHINESE)


def _is_chinese(word: str) -> bool:
    return not word.isascii()
