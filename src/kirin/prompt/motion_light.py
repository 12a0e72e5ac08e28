"""What a text says that the light on a picture and the focus of the lens do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from kirin.domain.intent import Time
from kirin.domain.motion import FocusPull, Illumination, LightRequest, Span
from kirin.prompt.changes import Change
from kirin.prompt.motion_timing import TimedClause, span_of
from kirin.prompt.negation import is_negated
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives
from kirin.prompt.vocabulary.motion import motion_words

_SUDDEN: Final = {
    Illumination.LAMPS_ON: Span(0.35, 0.5),
    Illumination.LAMPS_OFF: Span(0.35, 0.5),
    Illumination.WINDOWS_ON: Span(0.2, 0.8),
    Illumination.FADE_TO_BLACK: Span(0.75, 1.0),
}
"""When a change happens that does not take the whole of a shot."""

_LASTING: Final = frozenset({Illumination.FLICKER, Illumination.PASSING_CLOUD})
_TIMES: Final = {each.value: each for each in Illumination}


def read_light(
    text: str, phases: Sequence[TimedClause], change: Change, spans: list[tuple[int, int]]
) -> tuple[LightRequest, ...]:
    """How the light changes, in the order of the text.

    Args:
        text: normalised.
        phases: its clauses.
        change: how light and weather change in it, as for a drawn scene.
        spans: the characters that say so are added here.
    """
    found: list[tuple[int, LightRequest]] = []
    for pattern, becomes in _rules():
        for match in pattern.finditer(text):
            start, end = match.span()
            taken = any(start < stop and begin < end for begin, stop in spans)
            if taken or is_negated(text, start):
                continue
            spans.append((start, end))
            when = _when(phases, start, becomes)
            found.append((start, LightRequest(match.group().strip(), becomes, when)))
    start, end = next(iter(change.spans), (0, 0))
    taken = any(start < stop and begin < end for begin, stop in spans)
    if (time := change.after.get(Time)) and not taken:
        spans.append((start, end))
        becomes = _TIMES[time.value]
        found.append((start, LightRequest(text[start:end], becomes, _when(phases, start, becomes))))
    found.sort(key=lambda each: each[0])
    kinds: dict[Illumination, LightRequest] = {}
    for _, request in found:
        kinds.setdefault(request.becomes, request)
    return tuple(kinds.values())


def read_focus(text: str, spans: list[tuple[int, int]]) -> tuple[FocusPull | None, str]:
    """What the lens does and the words for it; their characters are added to the spans."""
    pulls: list[tuple[FocusPull | None, str]] = []
    for pattern, pull in _pulls():
        for match in pattern.finditer(text):
            if not is_negated(text, match.start()):
                pulls.append((pull, match.group().strip()))
                spans.append(match.span())
    return pulls[0] if pulls else (None, "")


def _when(phases: Sequence[TimedClause], start: int, becomes: Illumination) -> Span:
    phase = next(each for each in reversed(phases) if each.clause.position <= start)
    told = span_of(phase)
    if becomes in _LASTING:
        return told
    if told == Span() and becomes in _SUDDEN:
        return _SUDDEN[becomes]
    end = min(told.end, phase.ends) if phase.ends > told.start else told.end
    return Span(told.start, end)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Illumination], ...]:
    english = [
        (re.compile(rf"\b(?:{alternatives(rule.words)})(?!\w)"), rule.becomes)
        for rule in motion_words(ENGLISH).light
    ]
    chinese = [
        (re.compile(alternatives(rule.words)), rule.becomes) for rule in motion_words(CHINESE).light
    ]
    return (*english, *chinese)


@cache
def _pulls() -> tuple[tuple[re.Pattern[str], FocusPull], ...]:
    english, chinese = motion_words(ENGLISH).focus, motion_words(CHINESE).focus
    return tuple(
        (
            re.compile(rf"\b(?:{alternatives(english[pull])})(?!\w)|{alternatives(chinese[pull])}"),
            pull,
        )
        for pull in (FocusPull.TO_SUBJECT, FocusPull.TO_BACKGROUND, FocusPull.HELD_ON_SUBJECT)
    )
