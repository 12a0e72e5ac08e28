"""Rest: actions of whoever sleeps or sits."""

from __future__ import annotations

import numpy as np

from kirin.concepts.concept import Facing, Gait, Kind
from kirin.engines.animatic.cast.costume import Build, prop
from kirin.engines.animatic.cast.dressing import seat_of
from kirin.engines.animatic.cast.motion import Motion
from kirin.engines.animatic.cast.rehearsal import Rehearsal

_SLIM = 0.7  # width by height: the art of whoever stands
_HEAD = 0.42  # of the height, from the middle of the art


def sleep(r: Rehearsal, index: int) -> None:
    """Slow breath and Zs; people lie, animals lie down on their legs."""
    seat = seat_of(r.cast, index)
    for motion in r.motions[index]:
        slow = r.wave(0.16)
        motion.rotation = np.zeros(r.frames)
        costume = motion.costume
        person = costume.kind is Kind.PERSON and costume.aspect < _SLIM
        upright = costume.facing is Facing.FRONT and costume.gait in (Gait.WALK, Gait.HOP)
        if person or (costume.kind is Kind.ANIMAL and upright and not costume.cut):
            _lie(r, motion, r.motions[seat][0] if seat is not None else None)
            continue
        flat = motion.costume.build is Build.LYING or motion.costume.art.endswith("-in-bed")
        motion.squash = (1.0 if flat else 0.86) * (1.0 + 0.025 * slow)
        if flat and motion.costume.kind is Kind.ANIMAL:
            # The head sinks.
            motion.rotation = 0.05 * np.sign(motion.heading) * (1.0 + 0.3 * slow)
        front = {"left": -0.36, "right": 0.36}.get(motion.costume.facing.value, 0.26)
        mirrored = motion.costume.facing.value == "left" and motion.heading[0] > 0
        mirrored |= motion.costume.facing.value == "right" and motion.heading[0] < 0
        _snore(r, motion, -front if mirrored else front, 0.08, 0.26)


def _lie(r: Rehearsal, motion: Motion, seat: Motion | None) -> None:
    """On the back, as long as what it lies on leaves room for."""
    if seat is not None:
        room = 0.9 * seat.width(r.view.aspect) * r.view.aspect
        motion.height = np.minimum(motion.height, room)
        motion.x = seat.x.copy()
    side = 1.0 if motion.heading[0] >= 0 else -1.0
    motion.squash = 1.0 + 0.008 * r.wave(0.16)
    # The art turns about its middle: its lower side comes to lie where its foot was.
    motion.row = motion.row + 0.5 * motion.height * (1.0 - 0.92 * motion.costume.aspect)
    motion.rotation = np.full(r.frames, side * np.pi / 2)
    _snore(r, motion, side * _HEAD / motion.costume.aspect, 0.42, 0.18)


def _snore(r: Rehearsal, motion: Motion, across: float, down: float, size: float) -> None:
    costume = prop("zzz", flat=True)
    r.emit(motion, costume, (across, down), size, (0.2, 0.36), 2, 2.8, 0.95)


def sit(r: Rehearsal, index: int) -> None:
    """Settle down, breathe, look about."""
    for number, motion in enumerate(r.motions[index]):
        if motion.costume.kind is Kind.ANIMAL:
            motion.squash = motion.squash * 0.88
            side = np.sign(motion.heading)
            upright = motion.costume.facing.value == "front"
            motion.rotation = motion.rotation - (0.0 if upright else 0.26) * side
        motion.squash = motion.squash * (1.0 - 0.04 * r.eased(0.0, 0.2))
        motion.squash = motion.squash * (1.0 + 0.012 * r.wave(0.3, 0.2 * number))
        motion.rotation = motion.rotation + 0.02 * r.wave(0.2, 0.3 * number)
