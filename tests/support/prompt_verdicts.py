"""Verdicts: an intent against what a human says that the prompt names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kirin.domain.cast import CastMember, Missing, Relation
from kirin.domain.intent import Direction, Intent, Move, Speed, Step, Time
from kirin.prompt.reader import read_intent
from support.prompt_suite import (
    DirectionRecord,
    Group,
    Moves,
    NamedNoun,
    NamedRelation,
    PromptRecord,
    is_chinese,
)

SEEDS: Final = (1, 2)
"""A record must be right for each of them: what the prompt names is not left to chance."""


class Measure(StrEnum):
    """What is counted."""

    DRAWN = "nouns drawn"
    TOLD = "drawn or missing"
    COUNT = "counts"
    COLOUR = "colours"
    VERB = "verbs"
    VERB_TOLD = "verbs or missing"
    RELATION = "relations"
    STYLE = "styles"
    TIME = "times"
    WEATHER = "weathers"
    PLACE = "places"
    BECOMES = "becomes"
    CAMERA = "camera"


@dataclass(frozen=True)
class Mark:
    """One thing that a prompt names, and whether it was read right.

    Attributes:
        wanted: what, in words.
        got: what was read instead; empty if it is right.
    """

    measure: Measure
    category: str
    text: str
    wanted: str
    got: str

    @property
    def right(self) -> bool:
        """Whether it was read right."""
        return not self.got


def judge(record: PromptRecord) -> list[Mark]:
    """Marks of all that a prompt names. Each is right only if it is for every seed."""
    read = [read_intent(record.text, record.negative, seed=seed) for seed in SEEDS]
    return _worst(list(marks(record, intent)) for intent in read)


def judge_direction(record: DirectionRecord) -> Mark:
    """The mark of a camera direction."""
    category = "direction zh" if is_chinese(record.text) else "direction en"
    cameras = [read_intent(record.text, seed=seed).camera for seed in SEEDS]
    (mark,) = _worst(
        [_camera_mark(category, record.text, record.moves, camera)] for camera in cameras
    )
    return mark


def _worst(tries: Iterable[Sequence[Mark]]) -> list[Mark]:
    """The first wrong mark of each thing, else a right one."""
    return [min(same, key=lambda mark: mark.right) for same in zip(*tries, strict=True)]


@dataclass(frozen=True)
class _Judge:
    """A record, what was read of it, and which cast member shows which noun."""

    record: PromptRecord
    intent: Intent
    roles: dict[int, int]

    def mark(self, measure: Measure, wanted: str, right: bool, got: object) -> Mark:
        told = "" if right else str(got) or "nothing"
        return Mark(measure, self.record.category, self.record.text, wanted, told)

    def member(self, noun: int) -> CastMember | None:
        role = self.roles.get(noun)
        return None if role is None else self.intent.cast.members[role]

    def nouns(self) -> Iterator[Mark]:
        cast = self.intent.cast
        names = ", ".join(f"{one.word}={one.concept}" for one in cast.members) or "nobody"
        listed = [one.word for one in cast.missing]
        for index, noun in enumerate(self.record.nouns):
            member = self.member(index)
            drawn = member is not None or _in_scenery(noun, self.intent)
            yield self.mark(Measure.DRAWN, noun.word, drawn, f"cast: {names}")
            told = drawn or _listed(noun.word, cast.missing)
            yield self.mark(Measure.TOLD, noun.word, told, f"missing: {listed}; cast: {names}")
            if noun.count or noun.least:
                wanted = f"{noun.count or noun.least}{'' if noun.count else '+'} {noun.word}"
                right = _counted(noun, member, cast.members) or (
                    drawn and member is None
                )  # scenery has many
                yield self.mark(Measure.COUNT, wanted, right, member.count if member else 0)
            if noun.colours:
                wanted = f"{'/'.join(noun.colours)} {noun.word}"
                got = member.colour if member else "not drawn"
                yield self.mark(Measure.COLOUR, wanted, _coloured(noun, member), got)

    def verbs(self) -> Iterator[Mark]:
        cast = self.intent.cast
        doing = ", ".join(f"{one.word}: {one.action}" for one in cast.members if one.action)
        for verb in self.record.verbs:
            member = self.member(verb.noun)
            wanted = f"{self.record.nouns[verb.noun].word}: {verb.word}"
            right = member is not None and member.action in verb.actions
            if verb.actions:
                yield self.mark(Measure.VERB, wanted, right, doing)
            told = right or _listed(verb.word, cast.missing)
            yield self.mark(Measure.VERB_TOLD, wanted, told, doing)

    def relations(self) -> Iterator[Mark]:
        members = self.intent.cast.members
        got = ", ".join(
            f"{one.word} {one.relation} {members[one.anchor].word}"
            for one in members
            if one.relation and one.anchor is not None
        )
        for readings in self.record.relations:
            right = any(_related(reading, self.roles, members) for reading in readings)
            one, other = (self.record.nouns[i].word for i in (readings[0].noun, readings[0].anchor))
            wanted = f"{one} {'/'.join(readings[0].relations)} {other}"
            yield self.mark(Measure.RELATION, wanted, right, got)

    def scene(self) -> Iterator[Mark]:
        record, scene, end = self.record, self.intent.scene, self.intent.becomes
        styles = self.intent.cast.styles
        for style in record.styles:
            yield self.mark(Measure.STYLE, style, style in styles, ", ".join(styles))
        if record.times:
            right = scene.time in record.times
            yield self.mark(Measure.TIME, "/".join(record.times), right, scene.time)
        if record.weathers:
            right = scene.weather in record.weathers
            yield self.mark(Measure.WEATHER, "/".join(record.weathers), right, scene.weather)
        if record.places:
            right = scene.place in record.places
            yield self.mark(Measure.PLACE, "/".join(record.places), right, scene.place)
        for value in record.becomes:
            got = end and (end.time if isinstance(value, Time) else end.weather)
            yield self.mark(Measure.BECOMES, value, got == value, got)
        if record.camera:
            camera = self.intent.camera
            yield _camera_mark(record.category, record.text, record.camera, camera)


def marks(record: PromptRecord, intent: Intent) -> Iterator[Mark]:
    """One mark for each thing that a prompt names, in a fixed order."""
    judge = _Judge(record, intent, assign(record.nouns, intent.cast.members))
    yield from judge.nouns()
    yield from judge.verbs()
    yield from judge.relations()
    yield from judge.scene()


def assign(nouns: Sequence[NamedNoun], members: Sequence[CastMember]) -> dict[int, int]:
    """Which cast member shows which noun, by their indices.

    Those whose words agree go first. A member shows two nouns only where it is known to.
    """
    roles: dict[int, int] = {}
    for by_word in (True, False):
        for index, noun in enumerate(nouns):
            if index in roles:
                continue
            for role, member in enumerate(members):
                if role in roles.values() or not _shows(member.concept, noun):
                    continue
                if not by_word or same_word(member.word, noun.word):
                    roles[index] = role
                    break
    for index, noun in enumerate(nouns):
        if index not in roles:
            shows = [role for role, one in enumerate(members) if one.concept in noun.shared]
            if shows:
                roles[index] = shows[0]
    return roles


def _shows(concept: str, noun: NamedNoun) -> bool:
    """Whether a concept shows a noun: its own whole figure, or art that bears its very name."""
    art = concept.removesuffix("-standing")
    name = _singular("-".join(re.findall(r"[\w]+", noun.word.casefold())))
    return art in noun.concepts or concept in noun.concepts or concept == name


def strangers(record: PromptRecord, intent: Intent) -> list[CastMember]:
    """Cast members that show nothing which the prompt names."""
    shown = set(assign(record.nouns, intent.cast.members).values())
    words = {intent.cast.members[role].word for role in shown}
    return [one for one in intent.cast.members if one.word not in words]


def same_word(one: str, other: str) -> bool:
    """Whether two phrases have the same head: "sports cars" and "car", 红灯笼 and 灯笼."""
    one, other = one.casefold(), other.casefold()
    if is_chinese(one + other):
        return bool(one and other) and (one in other or other in one)
    heads = [re.findall(r"[\w'-]+", phrase)[-1:] for phrase in (one, other)]
    return bool(heads[0] and heads[1]) and _singular(heads[0][0]) == _singular(heads[1][0])


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _listed(word: str, missing: Iterable[Missing]) -> bool:
    return any(same_word(word, one.word) for one in missing)


def _in_scenery(noun: NamedNoun, intent: Intent) -> bool:
    scene = intent.scene
    shown = {("extra", extra.value) for extra in scene.extras}
    shown |= {("place", scene.place.value), ("weather", scene.weather.value)}
    return any(item in shown for item in noun.scenery)


def _counted(noun: NamedNoun, member: CastMember | None, members: Sequence[CastMember]) -> bool:
    """Whether there are as many: a man and a woman for the word "couple" are two of it."""
    if member is None:
        return False
    count = member.count
    if noun.word in member.word:
        count = sum(one.count for one in members if one.word == member.word)
    return count == noun.count if noun.count else count >= (noun.least or 1)


def _coloured(noun: NamedNoun, member: CastMember | None) -> bool:
    if member is None:
        return False
    natural = any(colour and colour in member.concept.split("-") for colour in noun.colours)
    return (member.colour or "") in noun.colours or natural


_INVERSE: Final = {
    Relation.ON: (Relation.UNDER,),
    Relation.UNDER: (Relation.ON, Relation.OVER),
    Relation.OVER: (Relation.UNDER,),
    Relation.BEHIND: (Relation.IN_FRONT_OF,),
    Relation.IN_FRONT_OF: (Relation.BEHIND,),
    Relation.BESIDE: (Relation.BESIDE,),
    Relation.HOLDING: (Relation.HOLDING,),  # the cast says it of what is held and of what is worn
    Relation.WEARING: (Relation.WEARING,),
}
"""A relation, and what may be said the other way round."""


def _related(reading: NamedRelation, roles: dict[int, int], members: Sequence[CastMember]) -> bool:
    one, other = roles.get(reading.noun), roles.get(reading.anchor)
    if one is None or other is None:
        return False
    if one == other:  # one picture of both
        return True
    if members[one].anchor == other and members[one].relation in reading.relations:
        return True
    inverse = [turned for each in reading.relations for turned in _INVERSE.get(each, ())]
    return members[other].anchor == one and members[other].relation in inverse


def _camera_mark(category: str, text: str, moves: Moves, camera: Direction) -> Mark:
    wanted = " | ".join(" > ".join(_notation(group) for group in reading) for reading in moves)
    got = " ".join(f"{one.move}[{one.start:.2f}-{one.end:.2f}]" for one in camera.steps)
    got = f"{got or 'no move'}{' by default' if camera.default else ''}"
    return Mark(Measure.CAMERA, category, text, wanted, "" if follows(camera, moves) else got)


def _notation(group: Group) -> str:
    return " & ".join([*sorted(group.required), *(f"{one}?" for one in sorted(group.optional))])


def follows(camera: Direction, moves: Moves) -> bool:
    """Whether a direction is one of the readings; one that the seed chose is none."""
    if camera.default:
        return False
    steps = sorted(camera.steps, key=lambda step: (step.start, step.move))
    steps = steps or [Step(Move.STATIC, speed=Speed.NORMAL, start=0.0, end=1.0)]
    return any(_in_order(steps, reading, -1.0) for reading in moves)


def _in_order(steps: Sequence[Step], groups: Sequence[Group], after: float) -> bool:
    if not groups:
        return not steps
    head, *rest = groups
    for size in range(len(steps) + 1):
        chunk, left = steps[:size], steps[size:]
        taken = {step.move for step in chunk}
        if not head.required <= taken <= head.required | head.optional:
            continue
        if chunk and chunk[0].start <= after:
            continue
        if chunk and max(one.start for one in chunk) >= min(one.end for one in chunk):
            continue
        if _in_order(left, rest, chunk[-1].start if chunk else after):
            return True
    return False
