"""When something in a picture moves, how much and which way: words beside a motion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from kirin.domain.cast import Heading
from kirin.domain.motion import Span
from kirin.prompt.clauses import Clause, Link, split_clauses
from kirin.prompt.relations import headings
from kirin.prompt.vocabulary.grammar import grammar
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives
from kirin.prompt.vocabulary.motion import motion_words

USUAL: Final = 0.5
"""How much something moves where a prompt does not say."""

_NO_ORDER: Final = frozenset({"before", "next(?! to)", "later"})
"""Words that join clauses in time, but as often say where or when."""


@dataclass(frozen=True, slots=True)
class TimedClause:
    """A clause with its place in time.

    Attributes:
        clause: the clause.
        shown: its text, of the same length, with blanks where it directs the camera.
        before: the connective before it.
        begins: share of the shot from which on it plays, where clauses follow one another.
        ends: where the next of them begins.
    """

    clause: Clause
    shown: str
    before: str
    begins: float
    ends: float


def phases(text: str, camera: Iterable[int]) -> list[TimedClause]:
    """The clauses of a normalised text in time.

    Args:
        text: normalised.
        camera: indices of the characters that direct the camera.
    """
    hidden = frozenset(camera)
    order: list[tuple[Clause, str, int, int]] = []
    group = stage = last = 0
    for clause in split_clauses(text):
        joint = text[last : clause.position]
        if _then().search(joint):
            stage += 1
        elif clause.link is Link.SENTENCE and order:
            group, stage = group + 1, 0
        order.append((clause, joint, group, stage))
        last = clause.position + len(clause.text)
    stages: dict[int, int] = {}
    for _, _, number, stage in order:
        stages[number] = max(stages.get(number, 0), stage)
    return [
        TimedClause(
            clause,
            "".join(
                " " if clause.position + index in hidden else each
                for index, each in enumerate(clause.text)
            ),
            joint,
            stage / (stages[number] + 1),
            (stage + 1) / (stages[number] + 1),
        )
        for clause, joint, number, stage in order
    ]


def span_of(phase: TimedClause, *, stops: bool = False) -> Span:
    """When something plays of which a clause tells.

    Args:
        phase: the clause.
        stops: whether the clause says that it stops.
    """
    told = phase.before + phase.shown
    if _whole().search(told):
        return Span()
    start = max(phase.begins, _moment(_starts(), told) or 0.0)
    if stops:
        return Span(0.0, max(start, phase.begins) or 0.5)
    end = _moment(_ends(), told)
    return Span(start, max(end, start + 0.2) if end else 1.0)


def strength_in(phase: TimedClause, start: int, end: int) -> float:
    """How much something moves: what stands nearest to it in its clause, 0 to 1."""
    offset = phase.clause.position
    best, nearest = USUAL, 10**6
    for pattern, value in _strengths():
        for found in pattern.finditer(phase.shown):
            left, right = found.start() + offset, found.end() + offset
            away = max(left - end, start - right, 0)
            if away < nearest:
                best, nearest = value, away
    return best


def heading_in(phase: TimedClause, start: int) -> Heading | None:
    """Which way something goes that stands at an index of the text, by the clause after it."""
    body = phase.shown[max(0, start - phase.clause.position) :]
    whole = phase.shown
    for text in (body, whole):
        for pattern, way in _ways():
            if pattern.search(text):
                return way
        if found := headings(text):
            return found[0][2]
    return None


def _moment(table: Sequence[tuple[re.Pattern[str], float]], text: str) -> float | None:
    return max((value for pattern, value in table if pattern.search(text)), default=None)


@cache
def _then() -> re.Pattern[str]:
    english = [word for word in grammar(ENGLISH).connectives.then if word not in _NO_ORDER]
    chinese = alternatives(grammar(CHINESE).connectives.then)
    return re.compile(rf"\b(?:{alternatives(english)})\b|{chinese}|->|→")


def _timed(
    english: Mapping[float, Sequence[str]], chinese: Mapping[float, Sequence[str]]
) -> tuple[tuple[re.Pattern[str], float], ...]:
    values = sorted({*english, *chinese})
    return tuple(
        (
            re.compile(
                rf"\b(?:{alternatives(english.get(value, ()))})\b"
                rf"|{alternatives(chinese.get(value, ()))}"
            ),
            value,
        )
        for value in values
    )


@cache
def _starts() -> tuple[tuple[re.Pattern[str], float], ...]:
    return _timed(motion_words(ENGLISH).start, motion_words(CHINESE).start)


@cache
def _ends() -> tuple[tuple[re.Pattern[str], float], ...]:
    return _timed(motion_words(ENGLISH).end, motion_words(CHINESE).end)


@cache
def _strengths() -> tuple[tuple[re.Pattern[str], float], ...]:
    return _timed(motion_words(ENGLISH).strength, motion_words(CHINESE).strength)


@cache
def _whole() -> re.Pattern[str]:
    english, chinese = (alternatives(motion_words(each).whole.words) for each in (ENGLISH, CHINESE))
    return re.compile(rf"\b(?:{english})\b|{chinese}")


@cache
def _ways() -> tuple[tuple[re.Pattern[str], Heading], ...]:
    english, chinese = motion_words(ENGLISH).heading, motion_words(CHINESE).heading
    return tuple(
        (
            re.compile(rf"\b(?:{alternatives(english[way])})(?!\w)|{alternatives(chinese[way])}"),
            way,
        )
        for way in english
    )
