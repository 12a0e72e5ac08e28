"""Mastering: the loudness that players expect, and no peak that a converter would clip."""

from __future__ import annotations

from typing import Final

import numpy as np

from kirin.audio.loudness import SILENCE, loudness, peaks, transform_size
from kirin.domain.soundtrack import RATE, Block

LOUDNESS: Final = -16.0
"""LUFS. What streaming services and AES TD1008 ask of stereo for the web."""

CEILING: Final = -2.5
"""dBTP before AAC, which adds up to 1.5 dB of its own: -1 dBTP is what may come out."""

_LOOK_AHEAD: Final = int(0.004 * RATE)
_PASSES: Final = 4
_CLOSE: Final = 0.3


def levelled(sound: Block, target: float) -> Block:
    """A sound at an integrated loudness of ``target`` LUFS; silence stays silence."""
    found = loudness(sound)
    if found <= SILENCE:
        return sound
    return sound * np.float32(10 ** ((target - found) / 20))


def mastered(sound: Block) -> Block:
    """A sound at :data:`LOUDNESS`, with true peaks of at most :data:`CEILING`.

    The limiter takes from the loudness what it takes off the peaks, so that both are brought
    nearer in turn.
    """
    found = loudness(sound)
    if found <= SILENCE:
        return sound
    for _ in range(_PASSES):
        sound = limited(sound * np.float32(10 ** ((LOUDNESS - found) / 20)))
        found = loudness(sound)
        if abs(found - LOUDNESS) < _CLOSE:
            break
    return sound


def limited(sound: Block) -> Block:
    """A sound with its peaks turned down softly, beginning 4 ms before each."""
    ceiling = 10 ** (CEILING / 20)
    high = peaks(sound, ceiling / 2)
    if high.max() <= ceiling:
        return sound
    needed = np.minimum(1, ceiling / np.maximum(high, 1e-9))
    # The least gain around each sample, then its mean over as long: never more than needed.
    span = 2 * _LOOK_AHEAD + 1
    held = _least(np.pad(needed, 2 * _LOOK_AHEAD, mode="edge"), span)
    bell = np.hanning(span + 2)[1:-1]
    size = transform_size(len(held) + span)
    spectrum = np.fft.rfft(1 - held, size) * np.fft.rfft(bell / bell.sum(), size)
    reduction = np.fft.irfft(spectrum, size)[span - 1 : span - 1 + len(high)]
    return np.asarray(sound * (1 - reduction), np.float32)


def _least(values: np.ndarray, span: int) -> np.ndarray:
    """The least of each ``span`` neighbours, by doubling the reach."""
    reach = 1
    while reach * 2 <= span:
        values = np.minimum(values[:-reach], values[reach:])
        reach *= 2
    rest = span - reach
    return np.minimum(values[:-rest], values[rest:]) if rest else values
