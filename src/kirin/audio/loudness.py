"""Loudness and true peak of stereo sound, as Recommendation ITU-R BS.1770-5 measures them."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.domain.soundtrack import RATE, Block

SILENCE: Final = -70.0
"""LUFS below which a stretch does not count (the absolute gate)."""

_SHELF: Final = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
_HIGH_PASS: Final = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""Tables 1 and 2 of the recommendation: K-weighting at 48 kHz, numerator and denominator."""

_STEP: Final = RATE // 10  # Blocks of 400 ms that overlap by three quarters.
_OVERSAMPLING: Final = 4
_TAPS: Final = 32


def _interpolation() -> NDArray[np.float32]:
    """Sinc under a Kaiser window, for the moments between two samples."""
    moments = np.arange(1, _OVERSAMPLING) / _OVERSAMPLING
    away = moments - (np.arange(_TAPS)[:, None] - _TAPS // 2 + 1)
    window = np.i0(7 * np.sqrt(np.maximum(1 - (away / (_TAPS / 2)) ** 2, 0))) / np.i0(7)
    return np.asarray(np.sinc(away) * window, np.float32)


_BETWEEN: Final = _interpolation()


def loudness(sound: Block) -> float:
    """Integrated loudness in LUFS, gated; :data:`SILENCE` if nothing passes the gates.

    The filter is applied to the spectrum, which does the same as the recurrence does, but for
    echoes of its 38 Hz corner that have died before they could come round.
    """
    samples = sound.shape[1]
    size = transform_size(samples + RATE // 2)
    weighted = np.fft.irfft(np.fft.rfft(sound, size) * _weights(size), size)[:, :samples]
    steps = max(samples // _STEP, 1)
    power = (weighted[:, : steps * _STEP] ** 2).astype(np.float64)
    pieces = np.add.reduceat(power, np.arange(0, power.shape[1], _STEP), 1).sum(0) / _STEP
    blocks = np.convolve(pieces, np.full(4, 0.25), "valid") if steps >= 4 else pieces.mean()[None]
    heard = blocks[blocks > _power(SILENCE)]
    if not len(heard):
        return SILENCE
    heard = heard[heard > heard.mean() / 10]  # the relative gate, 10 LU down
    return _lufs(heard.mean())


def peaks(sound: Block, floor: float = 0.0) -> NDArray[np.float32]:
    """For each sample the largest magnitude there and up to the next one, on either side.

    The signal is oversampled four times, as the recommendation's annex 2 has it, with a finer
    filter; the largest of all is the true peak.

    Args:
        sound: stereo.
        floor: where no sample is louder than this, what lies between is not looked at.
    """
    high = np.abs(sound).max(0)
    padded = np.pad(sound, ((0, 0), (_TAPS // 2 - 1, _TAPS // 2)))
    near = np.flatnonzero(np.maximum(high, np.append(high[1:], 0)) > floor)
    for some in np.array_split(near, len(near) // RATE + 1):
        around = padded[:, some[:, None] + np.arange(_TAPS)]
        between = np.abs(around @ _BETWEEN).max((0, 2))
        high[some] = np.maximum(high[some], between)
    return np.asarray(high, np.float32)


def transform_size(samples: int) -> int:
    """A length, at least so long, that is quick to transform."""
    return -(-samples // 16384) * 16384


@lru_cache(4)
def _weights(size: int) -> NDArray[np.complex64]:
    turn = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response = np.ones_like(turn)
    for above, below in (_SHELF, _HIGH_PASS):
        response *= np.polyval(above[::-1], turn) / np.polyval(below[::-1], turn)
    return np.asarray(response, np.complex64)


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))
