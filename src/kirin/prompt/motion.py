"""Read what a prompt asks of the contents of a given picture: what moves in it, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from kirin.domain.motion import BodyMotion, BodyRequest, Illumination, Particle, PictureMotion
from kirin.prompt.changes import Change
from kirin.prompt.clauses import split_clauses
from kirin.prompt.mentions import Mentions, Role
from kirin.prompt.motion_deeds import named_bodies, read_deeds
from kirin.prompt.motion_hits import Hit, hits_in
from kirin.prompt.motion_light import read_focus, read_light
from kirin.prompt.motion_matter import MatterReader
from kirin.prompt.motion_timing import TimedClause, phases
from kirin.prompt.vocabulary.loader import ENGLISH, alternatives
from kirin.prompt.vocabulary.motion import motion_words

_PRONOUNS: Final = frozenset({"it", "them", "this", "that"})
_NO_SOURCE: Final = frozenset(
    {"left", "right", "sky", "above", "below", "top", "side", "clouds", "distance", "behind",
     "background", "air", "ground", "bottom", "heavens", "camera", "frame", "scene", "corner"}
)  # fmt: skip
_STOP: Final = frozenset(
    {"of", "in", "on", "at", "into", "onto", "to", "and", "with", "as", "by", "up", "down",
     "through", "over", "under", "behind", "beside", "near", "against", "across", "towards"}
)  # fmt: skip
_GIVEN_OFF: Final = frozenset({"smoke", "fire", "steam", "flame"})
"""Verbs that are nouns as well."""

_NOUN: Final = re.compile(r"[a-z0-9'-]+|[^\sa-z0-9]")
_FROM_CHINESE: Final = re.compile(r"(?:从)?([\u3400-\u9fff]{1,5}?)(?:里面|里|上|中|口|内)")
"""What something comes from in Chinese stands before the verb, with a word for where."""


def read_motion(
    text: str,
    mentions: Mentions,
    change: Change,
    camera: Sequence[tuple[int, int]] = (),
) -> PictureMotion:
    """What a normalised prompt asks to move, in English or Chinese.

    Args:
        text: without quotations and names of subjects.
        mentions: its nouns and verbs.
        change: how light and weather change in it.
        camera: its characters that direct the camera.
    """
    clauses = phases(text, (at for start, end in camera for at in range(start, end)))
    if not clauses:
        return PictureMotion()
    spans: list[tuple[int, int]] = []
    focus, focus_word = read_focus(text, spans)
    light = read_light(text, clauses, change, spans)

    def source(phase: TimedClause, noun: Hit, end: int) -> str | None:
        return _source(text, mentions, phase, noun, end)

    reader = MatterReader(text, tuple(spans), source)
    reader.read(clauses)
    asked = [
        each.position
        for each in mentions.deeds
        if not (each.stative or each.past or each.ongoing) and each.word not in _GIVEN_OFF
    ]
    reader.read_with(clauses, asked)
    deeds = read_deeds(text, mentions, clauses, [*spans, *reader.spans], camera)
    bodies: dict[tuple[str, BodyMotion], BodyRequest] = {}
    for _, request in sorted(deeds.body, key=lambda each: each[0]):
        bodies.setdefault((request.word, request.motion), request)
    missing = [each for _, each in sorted(deeds.missing, key=lambda each: each[0])]
    return PictureMotion(
        reader.matter(),
        reader.air(),
        light,
        tuple(bodies.values()),
        focus,
        focus_word,
        tuple(dict.fromkeys(missing)),
    )


def without_refused(motion: PictureMotion, refused: PictureMotion, text: str) -> PictureMotion:
    """What remains of a motion beside a negative prompt.

    Args:
        motion: what the prompt asks for.
        refused: what the negative prompt would ask for as a prompt.
        text: the negative prompt, normalised. What is in the air is refused by its name alone.
    """
    named = {each.particle for each in refused.air} | _named(text)
    substances = {each.substance for each in refused.matter}
    lights = {each.becomes for each in refused.light} - {Illumination.FLICKER}
    bodies = {each.motion for each in refused.body} | named_bodies(text)
    return replace(
        motion,
        matter=tuple(each for each in motion.matter if each.substance not in substances),
        air=tuple(each for each in motion.air if each.particle not in named),
        light=tuple(each for each in motion.light if each.becomes not in lights),
        body=tuple(each for each in motion.body if each.motion not in bodies),
    )


def _named(text: str) -> set[Particle]:
    """The particles that a text names."""
    named: set[Particle] = set()
    for clause in split_clauses(text):
        for hit in hits_in(clause):
            named |= hit.meaning.stuff
            if hit.meaning.named is not None:
                named.add(hit.meaning.named)
    return named


def _source(text: str, mentions: Mentions, phase: TimedClause, noun: Hit, end: int) -> str | None:
    """The thing that something in the air comes from, if a clause says it after an index."""
    if noun.chinese:
        before = text[phase.clause.position : max(noun.start, phase.clause.position)]
        found = _FROM_CHINESE.search(before)
        return (
            found[1] if found and _is_thing(mentions, phase.clause.position, noun.start) else None
        )
    stop = phase.clause.position + len(phase.clause.text)
    found = _from().match(text, end, stop)
    if found is None:
        return None
    words: list[str] = []
    for word in _NOUN.findall(text[found.end() : stop]):
        if word in _STOP or not word[0].isalnum():
            break
        words.append(word)
    if not words or words[-1] in _NO_SOURCE:
        return None
    if words[0] in _PRONOUNS:
        things = (each for each in mentions.nouns if each.position < noun.start)
        thing = next((each for each in things if each.role is Role.THING), None)
        return thing.word.split(" of ")[0].split()[-1] if thing else None
    return words[-1]


def _is_thing(mentions: Mentions, start: int, end: int) -> bool:
    """Whether something that is no place is named between two indices of a text."""
    return any(
        start <= each.position < end and each.role in (Role.THING, Role.PART)
        for each in mentions.nouns
    )


@cache
def _from() -> re.Pattern[str]:
    words = alternatives(sorted(motion_words(ENGLISH).source.words, key=len, reverse=True))
    return re.compile(rf"\s(?:\w+ly\s|up\s)*(?:{words})\s(?:(?:the|a|an|his|her|its|their|my)\s)?")
