"""Mastering: loudness normalisation and a true-peak limiter with look-ahead."""

from __future__ import annotations

from typing import Final

import numpy as np

from kirin.audio.fft import fft_size
from kirin.audio.loudness import ABSOLUTE_GATE, integrated_loudness, true_peaks
from kirin.domain.soundtrack import RATE, Block

TARGET_LOUDNESS: Final = -16.0
"""LUFS; what AES TD1008 recommends for streamed stereo."""

TRUE_PEAK_CEILING: Final = -2.5
"""dBTP before encoding. AAC adds up to 1.5 dB, and AES TD1008 allows -1 dBTP in the file."""

_LOOK_AHEAD: Final = int(0.004 * RATE)
_MAX_PASSES: Final = 4
_TOLERANCE: Final = 0.3  # LU


def normalise_loudness(sound: Block, target: float) -> Block:
    """A sound scaled to an integrated loudness of ``target`` LUFS; silence stays silence."""
    found = integrated_loudness(sound)
    if found <= ABSOLUTE_GATE:
        return sound
    return sound * np.float32(10 ** ((target - found) / 20))


def master(sound: Block) -> Block:
    """A sound at :data:`TARGET_LOUDNESS`, with true peaks of at most :data:`TRUE_PEAK_CEILING`.

    Limiting lowers the loudness, so that gain and limiter are applied in turn until both fit.
    """
    found = integrated_loudness(sound)
    if found <= ABSOLUTE_GATE:
        return sound
    for _ in range(_MAX_PASSES):
        sound = limit(sound * np.float32(10 ** ((TARGET_LOUDNESS - found) / 20)))
        found = integrated_loudness(sound)
        if abs(found - TARGET_LOUDNESS) < _TOLERANCE:
            break
    return sound


def limit(sound: Block) -> Block:
    """A sound with its true peaks limited to the ceiling, with a look-ahead of 4 ms."""
    ceiling = 10 ** (TRUE_PEAK_CEILING / 20)
    high = true_peaks(sound, ceiling / 2)
    if high.max() <= ceiling:
        return sound
    needed = np.minimum(1, ceiling / np.maximum(high, 1e-9))
    # The minimum gain around each sample, then its weighted mean over the same span: the mean of
    # minima is never above the gain that the sample needs.
    span = 2 * _LOOK_AHEAD + 1
    held = _sliding_minimum(np.pad(needed, 2 * _LOOK_AHEAD, mode="edge"), span)
    bell = np.hanning(span + 2)[1:-1]
    size = fft_size(len(held) + span)
    spectrum = np.fft.rfft(1 - held, size) * np.fft.rfft(bell / bell.sum(), size)
    reduction = np.fft.irfft(spectrum, size)[span - 1 : span - 1 + len(high)]
    return np.asarray(sound * (1 - reduction), np.float32)


def _sliding_minimum(values: np.ndarray, span: int) -> np.ndarray:
    """The minimum of each ``span`` neighbours, by doubling the width."""
    reach = 1
    while reach * 2 <= span:
        values = np.minimum(values[:-reach], values[reach:])
        reach *= 2
    rest = span - reach
    return np.minimum(values[:-rest], values[rest:]) if rest else values
