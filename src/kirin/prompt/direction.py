"""Camera direction: which camera moves a prompt asks for, when and how fast."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from kirin.domain.intent import HELD_ANGLES, Direction, Move, Speed, Step
from kirin.prompt.chinese import chinese_cues
from kirin.prompt.clauses import Link, split_clauses
from kirin.prompt.cues import OPPOSITES, TURNING, Cue
from kirin.prompt.english import english_cues
from kirin.prompt.quotations import without_quotations

MAX_STAGES: Final = 5
"""Moves after one another in a shot; more of them could not be told apart."""

_Stage = dict[Move, Speed]
"""Moves that are made together."""

_WHOLE_SHOT: Final = HELD_ANGLES | {Move.HANDHELD}
"""What a camera is for a whole shot or not at all."""

# Gentle: the first move is the main one, the second a slight drift.
_DEFAULTS: Final[tuple[_Stage, ...]] = (
    {Move.PUSH_IN: Speed.SLOW, Move.TRUCK_RIGHT: Speed.VERY_SLOW},
    {Move.PUSH_IN: Speed.SLOW, Move.TRUCK_LEFT: Speed.VERY_SLOW},
    {Move.PUSH_IN: Speed.SLOW, Move.CRANE_UP: Speed.VERY_SLOW},
    {Move.PUSH_IN: Speed.SLOW, Move.ORBIT_LEFT: Speed.VERY_SLOW},
    {Move.PULL_OUT: Speed.SLOW, Move.CRANE_UP: Speed.VERY_SLOW},
    {Move.TRUCK_RIGHT: Speed.SLOW},
    {Move.TRUCK_LEFT: Speed.SLOW},
)
_USUAL: Final = 4
"""How many of the defaults, from the first, are used as long as none of them is ruled out."""


def read_direction(text: str, negative_text: str = "", seed: int = 0) -> Direction:
    """Read a prompt in English or Chinese as camera direction.

    Words about anything else are ignored. Moves named together are made together; those joined
    by "then" share the time in equal parts, as do a move and its opposite. What is said in
    quotation marks directs nothing, unless it is the whole prompt.

    Args:
        text: the prompt, normalised; any text, also an empty one.
        negative_text: the negative prompt, normalised.
        seed: chooses among the gentle moves for a prompt that names none.
    """
    cues = _cues(without_quotations(text) if without_quotations(text).strip() else text)
    refused = [cue for cue in cues if cue.negated]
    unwanted = _cues(negative_text, unwanted=True)
    avoided = frozenset(move for cue in (*refused, *unwanted) for move in cue.moves)
    wanted = [cue for cue in cues if not cue.negated]
    if any(not cue.framing for cue in wanted):
        # A close-up beside named moves is where they lead to, not a further move.
        wanted = [cue for cue in wanted if not cue.framing]
    # "No camera movement" beside a move by name, in one prompt, means: no other movement.
    exact = [cue for cue in refused if not cue.covers_all]
    barred = frozenset(move for cue in (*exact, *unwanted) for move in cue.moves)
    held = _held(wanted, barred)
    degrees = {move: cue.degrees for cue in wanted for move in cue.moves if cue.degrees}
    stages = list(_stages(wanted, barred))
    still = any(Move.STATIC in cue.moves for cue in wanted) and Move.STATIC not in avoided
    understood = tuple(_words(cues))
    forbidden = tuple(sorted(avoided))
    unmoved = still or held or avoided >= set(Move) - {Move.STATIC} - _WHOLE_SHOT
    if not stages and not unmoved:
        return Direction(tuple(_steps([_default(avoided, seed)])), understood, forbidden, True)
    steps = (
        replace(step, degrees=degrees.get(step.move)) if step.move in TURNING else step
        for step in _steps(stages, held)
    )
    return Direction(tuple(steps), understood, forbidden)


def _cues(text: str, *, unwanted: bool = False) -> list[Cue]:
    clauses = list(split_clauses(text))
    cues = [*english_cues(clauses, unwanted=unwanted), *chinese_cues(clauses, unwanted=unwanted)]
    cues.sort(key=lambda cue: cue.position)
    whole = list(_joined(cues))
    return whole if any(not cue.tentative for cue in whole) else []


def _joined(cues: Sequence[Cue]) -> Iterator[Cue]:
    """Cues with what is told after them: "pan left, slowly"."""
    last: Cue | None = None
    for cue in cues:
        if cue.moves:
            if last:
                yield last
            last = cue
        elif last:
            turns = not TURNING.isdisjoint(last.moves)
            last = replace(
                last,
                speed=last.speed or cue.speed,
                speed_text=last.speed_text or cue.speed_text,
                degrees=(last.degrees or cue.degrees) if turns else None,
            )
    if last:
        yield last


def _held(cues: Sequence[Cue], barred: frozenset[Move]) -> _Stage:
    """What is held for the whole shot."""
    return {
        move: cue.speed or Speed.NORMAL
        for cue in cues
        for move in cue.moves
        if move in _WHOLE_SHOT - barred
    }


def _stages(cues: Sequence[Cue], barred: frozenset[Move]) -> Iterator[_Stage]:
    """Group wanted moves into those made together, in the order of the text."""
    stage: _Stage = {}
    count = 0
    for cue in cues:
        moves = [move for move in cue.moves if move not in barred | _WHOLE_SHOT]
        if not moves:
            continue
        if cue.refines:
            for move in moves:
                if (other := OPPOSITES.get(move)) in stage:
                    stage[move] = stage.pop(other)
        clash = any(OPPOSITES.get(move) in stage for move in moves)
        # A further sentence may only say it again.
        repeated = cue.link is Link.SENTENCE and stage.keys() >= set(moves)
        if stage and not repeated and (clash or cue.link in (Link.THEN, Link.SENTENCE)):
            yield _completed(stage)
            stage, count = {}, count + 1
            if count == MAX_STAGES:
                return
        for move in moves:
            stage[move] = cue.speed or stage.get(move, Speed.NORMAL)
        if len(stage) > 1:
            stage.pop(Move.STATIC, None)
    if stage:
        yield _completed(stage)


def _completed(stage: _Stage) -> _Stage:
    """A dolly in and a zoom out, made together, are a dolly zoom."""
    if {Move.PUSH_IN, Move.ZOOM_OUT} <= stage.keys():
        speed = stage[Move.PUSH_IN]
        others = {move: stage[move] for move in stage if move not in (Move.PUSH_IN, Move.ZOOM_OUT)}
        return {Move.DOLLY_ZOOM: speed} | others
    return stage


def _steps(stages: Sequence[_Stage], held: Mapping[Move, Speed] | None = None) -> Iterator[Step]:
    """Divide the time among the stages; what is held lasts for the whole shot."""
    count = len(stages)
    for index, stage in enumerate(stages):
        for move, speed in stage.items():
            if move is not Move.STATIC:
                yield Step(move, speed, index / count, (index + 1) / count)
    for move in sorted(held or (), key=list(Move).index):
        yield Step(move, (held or {})[move], 0.0, 1.0)


def _default(avoided: frozenset[Move], seed: int) -> _Stage:
    """A gentle move for a prompt that names none, without what is to be avoided."""
    # A push looks like a zoom: a prompt against zooms is against the push too.
    unwelcome = avoided | ({Move.PUSH_IN} if Move.ZOOM_IN in avoided else set())
    unwelcome |= {Move.PULL_OUT} if Move.ZOOM_OUT in avoided else set()
    pure = [stage for stage in _DEFAULTS if unwelcome.isdisjoint(stage)]
    choices = [stage for stage in _DEFAULTS[:_USUAL] if stage in pure] or pure
    return random.Random(seed).choice(choices) if choices else {}  # noqa: S311  # not a secret


def _words(cues: Sequence[Cue]) -> Iterator[str]:
    """The words behind the cues, each once."""
    words = [word for cue in cues for word in (cue.speed_text, cue.text) if word]
    yield from dict.fromkeys(words)
