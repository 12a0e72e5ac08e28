"""What a text says that matter in a picture does, and what is in its air."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from kirin.domain.cast import Heading
from kirin.domain.motion import (
    AirRequest,
    MatterMotion,
    MatterRequest,
    Particle,
    Span,
    Substance,
)
from kirin.prompt.clauses import SENTENCE_END, Link
from kirin.prompt.motion_hits import Hit, hits_in
from kirin.prompt.motion_timing import TimedClause, heading_in, span_of, strength_in
from kirin.prompt.negation import is_negated
from kirin.prompt.relations import preposition_of
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives
from kirin.prompt.vocabulary.motion import motion_words

_NEAR: Final = 14  # characters between a participle and the noun that it describes
_NEAR_CHINESE: Final = 5
_FLOWING: Final = frozenset({MatterMotion.FLOW})
_OWN: Final = frozenset({MatterMotion.FALL, MatterMotion.LAP})
"""How waterfalls and waves move, whatever the verb."""

_DOUBLE: Final = frozenset({Substance.SMOKE, Substance.STEAM})
"""Matter that rises from a thing is looked for by what draws the air."""

_GIVEN_OFF: Final = frozenset({Substance.FIRE, Substance.SMOKE, Substance.STEAM})

_SIDEWAYS: Final = frozenset({Heading.LEFT, Heading.RIGHT, Heading.TOWARDS})
_SWAYING: Final = frozenset(
    {Substance.GRASS, Substance.LEAVES, Substance.FLOWERS, Substance.HAIR, Substance.CLOTH,
     Substance.FLAG}
)  # fmt: skip
_LEADING: Final = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*")
_AFTER: Final = re.compile(r"\b(?:after|like|than)\s+(?:the |a |an )?(?:\w+ )?$")
_THE: Final = re.compile(r"\b(?:the|its|his|her|their)\s+(?:\w+\s)?$")
_LOOSE: Final = frozenset({"as", "with", "while", "like"})

Request = MatterRequest | AirRequest
Source = Callable[[TimedClause, Hit, int], str | None]
"""Finds the thing that something comes from, after an index of the text."""


class MatterReader:
    """Reads the clauses of one text."""

    def __init__(self, text: str, taken: Sequence[tuple[int, int]], source: Source) -> None:
        self._text = text
        self._taken = taken
        self._source = source
        self.found: list[tuple[int, Request]] = []
        self.spans: list[tuple[int, int]] = []
        self._pending: list[Hit] = []
        self._subject: Hit | None = None
        self._done: set[int] = set()
        self._breeze: list[tuple[Hit, TimedClause]] = []
        self._wind_way: Heading | None = None

    def read(self, phases: Sequence[TimedClause]) -> None:
        """Read all clauses, in order."""
        for phase in phases:
            self._read(phase)
        self._settle_wind()

    def read_with(self, phases: Sequence[TimedClause], deeds: Sequence[int]) -> None:
        """Read the fire and the smoke that deeds have with them: "lifts off in smoke".

        Args:
            phases: all clauses, which have been read.
            deeds: where the verbs of what is asked stand.
        """
        for phase in phases:
            for hit in hits_in(phase.clause):
                free = hit.start not in self._done and not self._is_taken(hit)
                if (
                    free
                    and not _GIVEN_OFF.isdisjoint(hit.meaning.matter)
                    and any(_goes_with(self._text, hit, at) for at in deeds)
                ):
                    self._request(phase, hit, None)

    def _read(self, phase: TimedClause) -> None:
        hits = [hit for hit in hits_in(phase.clause) if not self._is_taken(hit)]
        if phase.clause.link in (Link.SENTENCE, Link.THEN):
            self._pending = []
        nouns: list[Hit] = []
        acted = False
        for index, hit in enumerate(hits):
            if hit.meaning.is_verb and self._acts(phase, hits, index, nouns):
                acted = True
            elif hit.meaning.is_noun and hit.start not in self._done:
                nouns.append(hit)
        self._in_wind(phase, hits)
        adding = any(hit.meaning.adds for hit in hits)
        for noun in nouns:
            meaning = noun.meaning
            alone = meaning.named or meaning.moving or (adding and meaning.stuff)
            if alone and noun.start not in self._done:
                self._request(phase, noun, None)
        free = [noun for noun in nouns if noun.start not in self._done]
        lists = phase.clause.link in (Link.AND, Link.LIST, Link.OR, Link.WHILE)
        ends = free and not acted and not self._words_after(phase, free[-1])
        ends = ends and not self._is_object(phase, free[-1])
        self._pending = ([*self._pending, free[-1]] if lists else [free[-1]]) if ends else []

    def _acts(
        self, phase: TimedClause, hits: Sequence[Hit], index: int, nouns: Sequence[Hit]
    ) -> bool:
        """Whether a verb is what something in the clause does."""
        hit = hits[index]
        if not phase.shown[hit.start - phase.clause.position].strip():
            return False  # the camera's
        ahead = hits[index + 1].start - hit.end <= 1 if index + 1 < len(hits) else False
        if ahead and not hit.chinese and self._describes(phase, hits, index):
            return True
        for noun in reversed(nouns):
            if self._can_do(phase, noun, hit):
                self._request(phase, noun, hit)
                for other in self._pending:
                    again = other.meaning.matter.keys() & noun.meaning.matter.keys()
                    if not again and _accepts(other, hit):
                        self._request(phase, other, hit)
                self._pending = []
                self._subject = noun
                return True
        follows = not nouns and not hit.meaning.is_noun and self._follows(phase, hit)
        if follows and self._subject and _accepts(self._subject, hit):
            self.spans.append((hit.start, hit.end))
            return True
        return self._describes(phase, hits, index)

    def _describes(self, phase: TimedClause, hits: Sequence[Hit], index: int) -> bool:
        """Whether a verb stands before the noun that does it: drifting clouds, 下着雨."""
        hit = hits[index]
        for noun in hits[index + 1 : index + 3]:
            gap = noun.start - hit.end
            near = gap <= (_NEAR_CHINESE if hit.chinese else _NEAR)
            between = self._text[hit.end : noun.start].split()
            plain = hit.chinese or (
                hit.meaning.participle and preposition_of([*between, ""]) is None
            )
            passed = hit.text.endswith("过") and not gap  # 飞过天空: the sky is what is crossed
            if noun.meaning.is_noun and near and plain and not passed and _accepts(noun, hit):
                self._request(phase, noun, hit)
                return True
        return False

    def _can_do(self, phase: TimedClause, noun: Hit, verb: Hit) -> bool:
        """Whether a verb after a noun is the noun's."""
        if not _accepts(noun, verb):
            return False
        if verb.chinese or verb.meaning.places or verb.start - noun.end <= 1:
            return True
        if verb.meaning.participle and verb.start - noun.end < _NEAR:
            return True
        return not self._is_object(phase, noun)

    def _is_object(self, phase: TimedClause, noun: Hit) -> bool:
        """Whether a noun stands behind a preposition that has something before it."""
        offset = phase.clause.position
        before = _LEADING.findall(self._text[offset : noun.start])
        for back in range(1, min(4, len(before)) + 1):
            found = preposition_of(before[-back:])
            if found and found.text not in _LOOSE:
                return len(before) > back
        return False

    def _follows(self, phase: TimedClause, verb: Hit) -> bool:
        """Whether a clause goes on with the subject of the one before: "and swirl"."""
        before = self._text[phase.clause.position : verb.start]
        loosely = _goes_on(phase, verb)
        return (phase.clause.link is Link.AND or loosely) and len(before.split()) <= 1

    def _words_after(self, phase: TimedClause, noun: Hit) -> int:
        rest = self._text[noun.end : phase.clause.position + len(phase.clause.text)]
        return len(rest.split())

    def _is_taken(self, hit: Hit) -> bool:
        return any(hit.start < end and start < hit.end for start, end in self._taken)

    def _request(self, phase: TimedClause, noun: Hit, verb: Hit | None) -> None:
        """Ask for what a noun does."""
        first = min(noun.start, verb.start) if verb else noun.start
        last = max(noun.end, verb.end) if verb else noun.end
        self._done.add(noun.start)
        self.spans.append((first, last))
        denied = is_negated(self._text, noun.start) or is_negated(self._text, first)
        denied = denied or (verb is not None and is_negated(self._text, verb.start))
        if denied or _AFTER.search(self._text[: noun.start]):
            return
        stops = verb is not None and _stopping().fullmatch(verb.text) is not None
        when = span_of(phase, stops=stops)
        much = strength_in(phase, first, last)
        way = heading_in(phase, first)
        source = self._source(phase, noun, last)
        if (particle := self._particle(phase, noun, verb, source)) is not None:
            way = way if way in _SIDEWAYS else None
            request: Request = AirRequest(noun.text, particle, way, much, when, source)
        else:
            matter = self._matter(noun, verb)
            if matter is None:
                return
            substance, motion = matter
            way = None if substance in _SWAYING or substance is Substance.FIRE else way
            way = None if motion is MatterMotion.RISE else way
            request = MatterRequest(noun.text, substance, motion, way, much, when)
            told = any(
                isinstance(other, MatterRequest)
                and other.substance is substance
                and phase.clause.position <= at
                for at, other in self.found
            )
            if told and noun.meaning.moving:
                return
        self.found.append((noun.start, request))

    def _particle(
        self, phase: TimedClause, noun: Hit, verb: Hit | None, source: str | None
    ) -> Particle | None:
        """Which particle a noun means here, if any."""
        meaning = noun.meaning
        if meaning.named:
            return meaning.named
        able = [each for each in meaning.stuff if verb is None or each in verb.meaning.drifts]
        if not able:
            return None
        matter = [each for each in meaning.matter if verb is None or each in verb.meaning.acts]
        if not matter:
            return able[0]
        if matter[0] in _DOUBLE:
            definite = _THE.search(self._text[: noun.start]) and not noun.chinese
            return None if definite and source is None else able[0]
        carried = any(hit.meaning.places for hit in hits_in(phase.clause))
        return able[0] if carried or _carried().search(phase.shown) else None

    def _matter(self, noun: Hit, verb: Hit | None) -> tuple[Substance, MatterMotion] | None:
        for substance, usual in noun.meaning.matter.items():
            if verb is None:
                return substance, usual
            if substance in verb.meaning.acts:
                motion = verb.meaning.acts[substance] or usual
                own = usual in _OWN and motion in _FLOWING
                return substance, usual if own else motion
        return None

    def _in_wind(self, phase: TimedClause, hits: Sequence[Hit]) -> None:
        """Let sway what the wind of a clause blows on, or what stands in the wind."""
        for index, hit in enumerate(hits):
            if hit.meaning.windy:
                self._sway(phase, [each for each in hits[:index] if not each.meaning.wind])
                self._wind_way = self._wind_way or heading_in(phase, hit.start)
            elif hit.meaning.wind and not is_negated(self._text, hit.start):
                self._wind_way = self._wind_way or heading_in(phase, hit.start)
                verbs = [each for each in hits[index + 1 :] if each.meaning.blows]
                if not verbs:
                    continue
                self.spans.append((hit.start, verbs[-1].end))
                self._breeze.append((hit, phase))
                targets = [each for each in hits if each.start > verbs[0].start]
                self._sway(phase, targets)

    def _sway(self, phase: TimedClause, hits: Sequence[Hit]) -> None:
        for noun in hits:
            sways = not _SWAYING.isdisjoint(noun.meaning.matter)
            flies = noun.meaning.stuff and _carried().search(phase.shown)
            if noun.start not in self._done and (sways or flies):
                self._request(phase, noun, None)

    def _settle_wind(self) -> None:
        """Let a wind of which nothing else is told move leaves, and carry what is in the air."""
        if self._breeze and not self.found:
            hit, phase = self._breeze[0]
            request = MatterRequest(
                hit.text,
                Substance.LEAVES,
                MatterMotion.SWAY,
                None,
                strength_in(phase, hit.start, hit.end),
                span_of(phase),
            )
            self.found.append((hit.start, request))
        way = self._wind_way if self._wind_way in _SIDEWAYS else None
        for index, (at, each) in enumerate(self.found):
            if way and isinstance(each, AirRequest) and each.heading is None:
                self.found[index] = (at, replace(each, heading=way))

    def air(self) -> tuple[AirRequest, ...]:
        """What is in the air, each particle once."""
        merged: dict[Particle, AirRequest] = {}
        for _, each in sorted(self.found, key=lambda pair: pair[0]):
            if isinstance(each, AirRequest):
                before = merged.get(each.particle)
                merged[each.particle] = _merged(before, each) if before else each
        return tuple(merged.values())

    def matter(self) -> tuple[MatterRequest, ...]:
        """What matter does, each word once."""
        merged: dict[tuple[str, Substance], MatterRequest] = {}
        for _, each in sorted(self.found, key=lambda pair: pair[0]):
            if isinstance(each, MatterRequest):
                merged.setdefault((each.word, each.substance), each)
        return tuple(merged.values())


def _merged(first: AirRequest, second: AirRequest) -> AirRequest:
    span = Span(
        min(first.span.start, second.span.start)
        if second.span.end < 1
        else max(first.span.start, second.span.start),
        min(first.span.end, second.span.end),
    )
    return replace(
        first,
        heading=first.heading or second.heading,
        strength=second.strength if first.strength == 0.5 else first.strength,
        span=span if span.end > span.start else first.span,
        source=first.source or second.source,
    )


def _goes_with(text: str, noun: Hit, deed: int) -> bool:
    """Whether something is said to be with what is done in the same sentence."""
    start, end = sorted((noun.start, deed))
    if SENTENCE_END.search(text[start:end]) or (deed > noun.start and not noun.chinese):
        return False
    return _with().search(text[max(0, noun.start - 48) : noun.start]) is not None


def _goes_on(phase: TimedClause, verb: Hit) -> bool:
    """Whether a verb after a comma goes on with the subject before: ", swaying"."""
    return phase.clause.link is Link.LIST and (verb.chinese or verb.meaning.participle)


def _accepts(noun: Hit, verb: Hit) -> bool:
    """Whether a noun is able to do a verb."""
    if noun.chinese is not verb.chinese:
        return False
    particles = {noun.meaning.named, *noun.meaning.stuff} - {None}
    return bool(
        noun.meaning.matter.keys() & verb.meaning.acts.keys() or particles & verb.meaning.drifts
    )


@cache
def _stopping() -> re.Pattern[str]:
    english, chinese = (
        alternatives(motion_words(each).drifting.stopping) for each in (ENGLISH, CHINESE)
    )
    return re.compile(f"{english}|{chinese}")


@cache
def _with() -> re.Pattern[str]:
    english, chinese = (alternatives(motion_words(each).with_.words) for each in (ENGLISH, CHINESE))
    between = r"(?:(?!(?:the|his|her|its|their|this|that)\s)[a-z'-]+\s){0,4}"
    return re.compile(rf"\b(?:{english})\s{between}$|(?:{chinese})[^,.，。]{{0,4}}$")


@cache
def _carried() -> re.Pattern[str]:
    english, chinese = (
        alternatives(motion_words(each).wind.carried) for each in (ENGLISH, CHINESE)
    )
    return re.compile(rf"\b(?:{english})\b|{chinese}")
