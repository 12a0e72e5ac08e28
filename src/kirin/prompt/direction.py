"""The direction: which camera moves a prompt asks for, when and how fast."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kirin.prompt.chinese import chinese_cues
from kirin.prompt.cues import (
    OPPOSITES,
    Cue,
    Link,
    Move,
    Speed,
    clauses,
    normalise,
)
from kirin.prompt.english import english_cues

__all__ = ["Direction", "Move", "Speed", "Step", "direct"]

MOST_STAGES = 5
"""Moves after one another in a video; more of them could not be told apart."""

_Stage = dict[Move, Speed]

# Gentle, and never the same for two seeds in a row; the first move carries, the second drifts.
_DEFAULTS: tuple[_Stage, ...] = (
    {Move.PUSH_IN: Speed.SLOW, Move.TRUCK_RIGHT: Speed.VERY_SLOW},
    {Move.PUSH_IN: Speed.SLOW, Move.TRUCK_LEFT: Speed.VERY_SLOW},
    {Move.PUSH_IN: Speed.SLOW, Move.CRANE_UP: Speed.VERY_SLOW},
    {Move.PUSH_IN: Speed.SLOW, Move.ORBIT_LEFT: Speed.VERY_SLOW},
    {Move.PULL_OUT: Speed.SLOW, Move.CRANE_UP: Speed.VERY_SLOW},
    {Move.TRUCK_RIGHT: Speed.SLOW},
    {Move.TRUCK_LEFT: Speed.SLOW},
)
_USUAL = 4
"""How many of the defaults, from the first, are taken while nothing is forbidden."""


@dataclass(frozen=True, slots=True)
class Step:
    """One move of the camera within a shot.

    Attributes:
        move: what it does.
        speed: how fast.
        start, end: when, as shares of the shot from 0 to 1.
    """

    move: Move
    speed: Speed
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Direction:
    """What the camera does during a shot.

    Attributes:
        steps: moves; those that overlap in time add up. Empty means a locked-off camera.
        understood: the words of the prompt that said so, normalised, in their order.
        avoided: moves that the prompt or the negative prompt forbids, sorted.
        default: whether the moves were chosen here because the prompt names none.
    """

    steps: tuple[Step, ...]
    understood: tuple[str, ...] = ()
    avoided: tuple[Move, ...] = ()
    default: bool = False

    def describe(self) -> dict[str, Any]:
        """The direction as JSON values, for a task's ``metadata.direction``."""
        moves = [
            {
                "move": step.move.value,
                "speed": step.speed.value,
                "from": round(step.start, 3),
                "to": round(step.end, 3),
            }
            for step in self.steps
        ]
        return {
            "moves": moves or [{"move": Move.STATIC.value, "from": 0.0, "to": 1.0}],
            "understood": list(self.understood),
            "avoided": [move.value for move in self.avoided],
            "default": self.default,
        }


def direct(prompt: str, negative_prompt: str = "", seed: int = 0) -> Direction:
    """Read a prompt in English or Chinese as direction for the camera.

    Words that are about anything else direct nothing. Moves named together are made
    together; those joined by "then" share the time in equal parts, as do a move and its
    opposite. Any text is allowed, the empty one too.

    Args:
        prompt: what to do.
        negative_prompt: what not to do.
        seed: chooses among the gentle moves for a prompt that names none.
    """
    cues = _cues(prompt)
    refused = [cue for cue in cues if cue.negated]
    unwanted = _cues(negative_prompt, unwanted=True)
    avoided = frozenset(move for cue in (*refused, *unwanted) for move in cue.moves)
    wanted = [cue for cue in cues if not cue.negated]
    if any(not cue.framing for cue in wanted):
        # A close-up among named moves is where they lead, not one more of them.
        wanted = [cue for cue in wanted if not cue.framing]
    # "No camera movement" beside a move by name, in one prompt, means: no other movement.
    exact = [cue for cue in refused if not cue.covers_all]
    barred = frozenset(move for cue in (*exact, *unwanted) for move in cue.moves)
    stages = list(_stages(wanted, barred))
    still = any(Move.STATIC in cue.moves for cue in wanted) and Move.STATIC not in avoided
    understood = tuple(_words(cues))
    forbidden = tuple(sorted(avoided))
    if not stages and (still or avoided >= set(Move) - {Move.STATIC, Move.HANDHELD}):
        return Direction((), understood, forbidden)
    if not stages:
        return Direction(tuple(_steps([_default(avoided, seed)])), understood, forbidden, True)
    return Direction(tuple(_steps(stages)), understood, forbidden)


def _cues(text: str, *, unwanted: bool = False) -> list[Cue]:
    plain = normalise(text)
    parts = list(clauses(plain))
    cues = [*english_cues(parts, unwanted=unwanted), *chinese_cues(parts, unwanted=unwanted)]
    return sorted(cues, key=lambda cue: cue.position)


def _stages(cues: Sequence[Cue], avoided: frozenset[Move]) -> Iterator[_Stage]:
    """Group wanted moves into those made together, in the order of the text."""
    stage: _Stage = {}
    count = 0
    for cue in cues:
        moves = [move for move in cue.moves if move not in avoided]
        clash = any(OPPOSITES.get(move) in stage for move in moves)
        if stage and (clash or cue.link in (Link.THEN, Link.SENTENCE)):
            yield stage
            stage, count = {}, count + 1
            if count == MOST_STAGES:
                return
        for move in moves:
            stage[move] = cue.speed or stage.get(move, Speed.NORMAL)
        if len(stage) > 1:
            stage.pop(Move.STATIC, None)
    if stage:
        yield stage


def _steps(stages: Sequence[_Stage]) -> Iterator[Step]:
    """Share the time among the stages; a handheld camera is so throughout."""
    count = len(stages)
    handheld = next((stage[Move.HANDHELD] for stage in stages if Move.HANDHELD in stage), None)
    for index, stage in enumerate(stages):
        for move, speed in stage.items():
            if move not in (Move.HANDHELD, Move.STATIC):
                yield Step(move, speed, index / count, (index + 1) / count)
    if handheld:
        yield Step(Move.HANDHELD, handheld, 0.0, 1.0)


def _default(avoided: frozenset[Move], seed: int) -> _Stage:
    """A tasteful move for a prompt that names none, without what is to be avoided."""
    # Who wants no zoom does not want the push that looks like one.
    unwelcome = avoided | ({Move.PUSH_IN} if Move.ZOOM_IN in avoided else set())
    unwelcome |= {Move.PULL_OUT} if Move.ZOOM_OUT in avoided else set()
    pure = [stage for stage in _DEFAULTS if unwelcome.isdisjoint(stage)]
    choices = [stage for stage in _DEFAULTS[:_USUAL] if stage in pure] or pure
    return random.Random(seed).choice(choices) if choices else {}  # noqa: S311  # not a secret


def _words(cues: Sequence[Cue]) -> Iterator[str]:
    """The words behind the cues, each once."""
    words = [word for cue in cues for word in (cue.speed_text, cue.text) if word]
    yield from dict.fromkeys(words)
