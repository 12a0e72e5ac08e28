"""Actions that change what a performer is: it burns, melts, grows."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.cast import effects
from kirin.engines.animatic.cast.costume import prop
from kirin.engines.animatic.cast.motion import Motion
from kirin.engines.animatic.cast.rehearsal import Rehearsal


def burn(r: Rehearsal, index: int) -> None:
    """Flames on it; fire itself only flickers."""
    for motion in r.motions[index]:
        if motion.costume.art in ("fire", "candle"):
            motion.squash = motion.squash * (1.0 + 0.07 * r.wave(3.1))
            motion.rotation = motion.rotation + 0.04 * r.wave(1.7)
            motion.glow = np.full(r.frames, 0.6)
            effects.halo(r, motion, 0.55)
        else:
            effects.flames(r, motion)


def explode(r: Rehearsal, index: int) -> None:
    """It trembles, bursts and is gone."""
    moment = 0.38
    for motion in r.motions[index]:
        before = (r.share < moment) * r.share / moment
        motion.x = motion.x + 0.006 * before * r.wave(8.0)
        motion.rotation = motion.rotation + 0.05 * before * r.wave(6.0)
        effects.blast(r, motion, moment)
        motion.opacity = motion.opacity * (1.0 - r.eased(moment, moment + 0.06))


def smoke(r: Rehearsal, index: int) -> None:
    """A column of smoke above it."""
    for motion in r.motions[index]:
        effects.smoke(r, motion)


def melt(r: Rehearsal, index: int) -> None:
    """It sinks into a puddle."""
    for motion in r.motions[index]:
        share = r.eased(0.08, 1.0)
        motion.melt = share
        motion.squash = motion.squash * (1.0 - 0.60 * share)
        motion.rotation = motion.rotation * (1.0 - share)


def _scale(motion: Motion, factor: np.ndarray, aloft: bool) -> None:
    if aloft:
        motion.row = motion.row - 0.5 * motion.height * (1.0 - factor)
    motion.height = motion.height * factor


def _size(r: Rehearsal, index: int, least: float, share: np.ndarray) -> None:
    for motion in r.motions[index]:
        aloft = bool(np.isnan(motion.ground[0]))
        _scale(motion, least + (1.0 - least) * share, aloft)


def grow(r: Rehearsal, index: int) -> None:
    """From small to its size."""
    _size(r, index, 0.28, r.eased(0.02, 0.95))


def shrink(r: Rehearsal, index: int) -> None:
    """From its size to small."""
    _size(r, index, 0.30, 1.0 - r.eased(0.05, 1.0))


def bloom(r: Rehearsal, index: int) -> None:
    """It unfolds, turning a little."""
    _size(r, index, 0.22, r.eased(0.0, 0.85))
    for motion in r.motions[index]:
        late = 1.0 - r.eased(0.0, 0.85)
        motion.squash = motion.squash * (1.0 + 0.25 * late)
        motion.rotation = motion.rotation - 0.35 * late
        effects.rising(r, motion, "sparkles", 2, 0.18)


def glow(r: Rehearsal, index: int) -> None:
    """Light comes from it."""
    for motion in r.motions[index]:
        motion.glow = 0.6 + 0.35 * r.wave(0.4)
        effects.halo(r, motion, 0.8)
        if r.concepts[index].id not in ("fire", "sparkles"):
            r.emit(
                motion,
                prop("sparkles", flat=True),
                (0.0, 0.3),
                0.20,
                (0.4, 0.5),
                count=2,
                life=2.0,
                strength=0.8,
            )
