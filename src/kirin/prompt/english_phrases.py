"""Parse English verbs of motion and their headings, whatever their subject is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kirin.domain.intent import Move
from kirin.prompt.vocabulary.english_camera import (
    EnglishCamera,
    Form,
    MoveHeading,
    Trait,
    english_camera,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A verb of motion in a clause, with its heading.

    Attributes:
        words: the whole clause.
        verb: index of the verb.
        begin, end: of the phrase in ``words``.
        heading: where it goes.
        further: where it goes as well ("up and over").
        side: which way around, for a heading around.
        moves_camera: whether the camera is its grammatical object ("tilt the camera up").
    """

    words: Sequence[str]
    verb: int
    begin: int
    end: int
    heading: MoveHeading
    moves_camera: bool = False
    further: MoveHeading | None = None
    side: MoveHeading | None = None

    @property
    def lemma(self) -> str:
        """Base form of the verb."""
        return english_camera().verb_of[self.words[self.verb]][0]

    @property
    def form(self) -> Form:
        """Form of the verb."""
        return english_camera().verb_of[self.words[self.verb]][1]

    @property
    def moves(self) -> tuple[Move, ...]:
        """What it asks for if it is about the camera; empty if nothing."""
        en = english_camera()
        known = en.moves_of[self.lemma]
        move = known.get(self.heading)
        if self.heading is MoveHeading.AROUND and self.side and move:
            move = en.groups["orbit"].get(self.side, move)
        further = known.get(self.further) if self.further else None
        keeps_up = en.has(self.lemma, Trait.FOLLOW) or self.heading is MoveHeading.BEHIND
        follows = Move.FOLLOW if move and keeps_up else None
        return tuple(dict.fromkeys(each for each in (follows, move, further) if each))

    @property
    def is_shot(self) -> bool:
        """Whether it is "a dolly shot"."""
        return self.words[self.verb + 1 : self.verb + 2] in (["shot"], ["shots"])

    @property
    def before(self) -> Sequence[str]:
        """The words of the clause before the verb."""
        return self.words[: self.verb]

    @property
    def previous(self) -> str:
        """The word before the verb; empty if none."""
        return self.words[self.verb - 1] if self.verb else ""

    @property
    def is_described(self) -> bool:
        """Whether it is "a slow zoom" rather than "a zoom"."""
        en = english_camera()
        return self.previous in en.speed_of or self.previous in en.words.showy

    @property
    def takes_object(self) -> bool:
        """Whether what follows makes it "pull out a knife" or "zoom out of the tunnel"."""
        following = self.words[self.end : self.end + 2]
        if not following:
            return False
        en = english_camera()
        if self.lemma == "zoom":
            return following[0] in en.words.other_zooms
        measured = len(following) > 1 and following[1] in en.words.measures
        has_object = following[0] in en.words.determiners and not measured
        return en.has(self.lemma, Trait.TRANSITIVE) and has_object


def parse_phrase(words: Sequence[str], verb: int) -> Phrase:
    """The verb at ``verb`` with its heading, which may stand after or before it."""
    en = english_camera()
    lemma = en.verb_of[words[verb]][0]
    allowed = en.moves_of[lemma]
    moves_camera, end = False, verb + 1
    follows = en.has(lemma, Trait.FOLLOW)
    for place in range(verb + 1, min(len(words), verb + 7)):
        heading = en.heading_of.get(words[place])
        if heading and (heading in allowed or heading is MoveHeading.AROUND):
            heading, end = _complete_heading(en, words, place, lemma)
            side = _side(en, words[place:]) if heading is MoveHeading.AROUND else None
            further = _further_heading(en, words, end, heading)
            end += further is not None
            return Phrase(words, verb, verb, end, heading, moves_camera, further, side)
        if words[place] in en.words.objects:
            moves_camera, end = True, place + 1
        elif not (
            words[place] in en.links_to_heading or (follows and words[place] in en.words.pronouns)
        ):
            break
    if en.has(lemma, Trait.ORBIT) and (side := _side(en, words[verb:])):
        return Phrase(words, verb, verb, end, side, moves_camera)
    begin, heading = _early_heading(en, words, verb, allowed)
    if heading is MoveHeading.BARE:
        if lemma == "zoom" and words[verb + 1 : verb + 2] == ["on"]:
            return Phrase(words, verb, verb, verb + 2, MoveHeading.IN, moves_camera)
        late = _late_heading(en, words, verb + 1)
        if late and late in allowed and MoveHeading.BARE in allowed:
            heading = late
    return Phrase(words, verb, begin, end, heading, moves_camera)


def _early_heading(
    en: EnglishCamera, words: Sequence[str], verb: int, allowed: Mapping[MoveHeading, Move]
) -> tuple[int, MoveHeading]:
    """A heading before the verb ("left to right pan") and where it begins; bare if none."""
    previous = words[verb - 1] if verb else ""
    heading = en.heading_of.get(previous)
    if heading in allowed and heading:
        if verb > 2 and words[verb - 3 : verb - 1] in (["left", "to"], ["right", "to"]):
            return verb - 3, heading
        if previous.endswith(("ward", "wards", "clockwise")):
            return verb - 1, heading
    return verb, MoveHeading.BARE


def _further_heading(
    en: EnglishCamera, words: Sequence[str], end: int, first: MoveHeading
) -> MoveHeading | None:
    """A heading in depth right after one that is not: "up over", "down toward"."""
    second = en.heading_of.get(words[end]) if end < len(words) else None
    depth = (MoveHeading.IN, MoveHeading.OUT, MoveHeading.OVER)
    return second if second in depth and first not in (*depth, MoveHeading.AROUND) else None


def _late_heading(en: EnglishCamera, words: Sequence[str], begin: int) -> MoveHeading | None:
    """A heading after the object: "past the shelves to the right", "her from behind"."""
    for place in range(begin, len(words)):
        if list(words[place : place + 2]) == ["to", "the"] and place + 2 < len(words):
            side = en.heading_of.get(words[place + 2])
            if side in (MoveHeading.LEFT, MoveHeading.RIGHT):
                return side
        if en.heading_of.get(words[place]) is MoveHeading.BEHIND and words[place - 1] == "from":
            return MoveHeading.BEHIND
    return None


def _complete_heading(
    en: EnglishCamera, words: Sequence[str], place: int, lemma: str
) -> tuple[MoveHeading, int]:
    """The heading at ``place`` and where it ends: "left to right" goes right."""
    heading, rest = en.heading_of[words[place]], words[place + 1 : place + 4]
    orbits = heading is MoveHeading.AROUND and en.has(lemma, Trait.ORBIT)
    if orbits and (side := _side(en, words[place:])):
        return side, place + 1
    if rest[:1] == ["to"]:
        target = next((word for word in rest[1:] if word != "the"), "")
        if target in {"left", "right"}:
            return en.heading_of[target], place + 1 + rest.index(target) + 1
    if heading is MoveHeading.COUNTERCLOCKWISE and rest[:1] == ["clockwise"]:
        return heading, place + 2
    return heading, place + 1


def _side(en: EnglishCamera, words: Sequence[str]) -> MoveHeading | None:
    """The first heading to a side in a clause."""
    return next((en.heading_of[word] for word in words if word in en.words.sides), None)
