"""Changes of light and weather that a text tells of: how they begin, and how they end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Final

from kirin.domain.intent import SceneDescription, Season, Time, Weather
from kirin.prompt.matching import compile_kinds
from kirin.prompt.negation import is_negated
from kirin.prompt.vocabulary.cast import LightState, change_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives
from kirin.prompt.vocabulary.scene import scene_words

_REACH: Final = 32  # characters between the two words that a change joins

Phase = Time | Weather | Season
"""What can become something else of its kind."""


@dataclass(slots=True)
class Change:
    """What is different at the end of a shot.

    Attributes:
        before, after: times, weather and seasons at the start and at the end, by their types.
        lights_before, lights_after: whether lamps are lit, if the text says.
        spans: characters of the text that say so, sorted.
    """

    before: dict[type[Phase], Phase] = field(default_factory=dict)
    after: dict[type[Phase], Phase] = field(default_factory=dict)
    lights_before: bool | None = None
    lights_after: bool | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)

    def end(self, scene: SceneDescription) -> tuple[Time, Weather, Season]:
        """Time, weather and season at the end of a shot that begins as a scene."""
        time, weather, season = scene.time, scene.weather, scene.season
        for phase in self.after.values():
            if isinstance(phase, Time):
                time = phase
            elif isinstance(phase, Weather):
                weather = phase
            else:
                season = phase
        return time, weather, season

    def __bool__(self) -> bool:
        return bool(self.after) or self.lights_after is not None


@cache
def _rules() -> tuple[tuple[re.Pattern[str], LightState, LightState], ...]:
    rules = [
        (re.compile(rf"\b(?:{alternatives(rule.words)})\b"), rule.before, rule.after)
        for rule in change_words(ENGLISH).change
    ]
    rules += [
        (re.compile(alternatives(rule.words)), rule.before, rule.after)
        for rule in change_words(CHINESE).change
    ]
    return tuple(rules)


@cache
def _joins() -> re.Pattern[str]:
    english = alternatives(change_words(ENGLISH).joins)
    chinese = alternatives(change_words(CHINESE).joins)
    return re.compile(rf"\s*(?:{english})\s*|\s*(?:{chinese})\s*")


@cache
def _phases() -> tuple[dict[Phase, re.Pattern[str]], ...]:
    en, zh = scene_words(ENGLISH), scene_words(CHINESE)
    return (
        dict(compile_kinds(en.time, zh.time).items()),
        dict(compile_kinds(en.weather, zh.weather).items()),
        dict(compile_kinds(en.season, zh.season).items()),
    )


def read_changes(text: str) -> Change:
    """What a normalised text says that the light and the weather become during the shot."""
    change = Change()
    for kinds in _phases():
        _join(text, kinds, change)
    for pattern, before, after in _rules():
        found = pattern.search(text)
        if found is None or is_negated(text, found.start()):
            continue
        _apply(change, before, after)
        change.spans.append(found.span())
    change.spans.sort()
    return change


def _join(text: str, kinds: Mapping[Phase, re.Pattern[str]], change: Change) -> None:
    """Note a change from one word to another of the same kind: "from day to night"."""
    found = sorted(
        (match.start(), match.end(), kind)
        for kind, pattern in kinds.items()
        for match in pattern.finditer(text)
    )
    for (start, end, first), (begin, stop, second) in pairwise(found):
        if first is second or not 0 < begin - end <= _REACH:
            continue
        if _joins().fullmatch(text[end:begin]):
            change.before.setdefault(type(first), first)
            change.after[type(second)] = second
            change.spans.append((start, stop))


def _apply(change: Change, before: LightState, after: LightState) -> None:
    for old, new in (
        (before.time, after.time),
        (before.weather, after.weather),
        (before.season, after.season),
    ):
        if new is not None and type(new) not in change.after:
            change.after[type(new)] = new
            if old is not None:
                change.before.setdefault(type(old), old)
    if after.lights is not None and change.lights_after is None:
        change.lights_before, change.lights_after = before.lights, after.lights
