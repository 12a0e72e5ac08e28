"""Loudness and true peak of stereo sound, measured as in Recommendation ITU-R BS.1770-5."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.audio.fft import fft_size
from kirin.domain.soundtrack import RATE, Block

ABSOLUTE_GATE: Final = -70.0
"""LUFS below which a block does not count (BS.1770-5, annex 1)."""

_SHELF: Final = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
_HIGH_PASS: Final = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""BS.1770-5, annex 1, tables 1 and 2: the two stages of K-weighting at 48 kHz, each as numerator
and denominator."""

_STEP: Final = RATE // 10  # gating blocks of 400 ms that overlap by 75% (BS.1770-5, annex 1)
_RELATIVE_GATE: Final = 10 ** (-10 / 10)  # 10 LU below the mean of the blocks
_OVERSAMPLING: Final = 4  # at 48 kHz (BS.1770-5, annex 2)
_TAPS: Final = 32
_KAISER_BETA: Final = 7.0


def _interpolation() -> NDArray[np.float32]:
    """Kaiser-windowed sinc for the times between two samples: shape ``(_TAPS, 3)``."""
    fractions = np.arange(1, _OVERSAMPLING) / _OVERSAMPLING
    away = fractions - (np.arange(_TAPS)[:, None] - _TAPS // 2 + 1)
    inside = np.sqrt(np.maximum(1 - (away / (_TAPS / 2)) ** 2, 0))
    window = np.i0(_KAISER_BETA * inside) / np.i0(_KAISER_BETA)
    return np.asarray(np.sinc(away) * window, np.float32)


_BETWEEN: Final = _interpolation()


def integrated_loudness(sound: Block) -> float:
    """Integrated loudness in LUFS, gated; :data:`ABSOLUTE_GATE` if nothing passes the gates.

    K-weighting is applied in the frequency domain. That equals the recursive filters except for
    circular wrap-around, which the zero padding of half a second makes negligible.
    """
    samples = sound.shape[1]
    size = fft_size(samples + RATE // 2)
    weighted = np.fft.irfft(np.fft.rfft(sound, size) * _k_weighting(size), size)[:, :samples]
    steps = max(samples // _STEP, 1)
    power = (weighted[:, : steps * _STEP] ** 2).astype(np.float64)
    pieces = np.add.reduceat(power, np.arange(0, power.shape[1], _STEP), 1).sum(0) / _STEP
    blocks = np.convolve(pieces, np.full(4, 0.25), "valid") if steps >= 4 else pieces.mean()[None]
    gated = blocks[blocks > _power(ABSOLUTE_GATE)]
    if not len(gated):
        return ABSOLUTE_GATE
    gated = gated[gated > gated.mean() * _RELATIVE_GATE]
    return _lufs(gated.mean())


def true_peaks(sound: Block, floor: float = 0.0) -> NDArray[np.float32]:
    """For each sample the largest magnitude from there up to the next one, over both channels.

    The signal is oversampled four times, as in BS.1770-5, annex 2, with a longer filter. The
    maximum of the result is the true peak.

    Args:
        sound: stereo.
        floor: samples below it are not interpolated, which saves time.

    Returns:
        Shape ``(samples,)``, full scale 1.
    """
    high = np.abs(sound).max(0)
    padded = np.pad(sound, ((0, 0), (_TAPS // 2 - 1, _TAPS // 2)))
    near = np.flatnonzero(np.maximum(high, np.append(high[1:], 0)) > floor)
    for some in np.array_split(near, len(near) // RATE + 1):
        around = padded[:, some[:, None] + np.arange(_TAPS)]
        between = np.abs(around @ _BETWEEN).max((0, 2))
        high[some] = np.maximum(high[some], between)
    return np.asarray(high, np.float32)


@lru_cache(4)
def _k_weighting(size: int) -> NDArray[np.complex64]:
    """K-weighting: the frequency response at the bins of a transform of this size."""
    delay = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response = np.ones_like(delay)
    for numerator, denominator in (_SHELF, _HIGH_PASS):
        response *= np.polyval(numerator[::-1], delay) / np.polyval(denominator[::-1], delay)
    return np.asarray(response, np.complex64)


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))
