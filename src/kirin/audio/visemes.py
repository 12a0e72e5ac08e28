"""Visemes: the mouth of a speaker, told from the sound of the voice without learned weights.

How far a mouth opens shows in the loudness of a voice, and how it is shaped in where its power
lies: the first formant rises as the jaw opens, the second falls as the lips are rounded and rises
as they are spread (Fant 1960, "Acoustic Theory of Speech Production").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.domain.soundtrack import RATE, Block

HOP: Final = 0.01
"""Seconds from one mouth to the next."""

_WINDOW: Final = 0.025  # seconds of sound that each mouth is told from
_FFT: Final = 2048
_BATCH: Final = 1024  # windows that are transformed at a time, to bound the memory

_EDGES: Final = (90.0, 500.0, 1000.0, 1700.0, 3600.0, 9000.0)
"""Hertz between which power is added up: the first formants of closed and of open vowels, the
second ones of rounded, of neutral and of spread ones (Peterson, Barney 1952), and hissing."""

_RANGE_DB: Final = 30.0  # from the loudest of a voice down to where a mouth is closed
_FLOOR_DB: Final = -55.0  # of full scale: below, there is no voice at all
_LOUD: Final = 0.95  # quantile of what is heard that counts as the loudest
_OPENING: Final = 1.15  # exponent: quiet sounds open a mouth less than in proportion to decibels
_HEARD: Final = 0.08  # opening from which a mouth is seen to speak
_SMOOTH: Final = 0.022  # seconds, standard deviation: lips take 60 to 100 ms for a movement
_SHAPE_SMOOTH: Final = 0.04  # likewise for their shape: neighbouring sounds share it


@dataclass(frozen=True, slots=True, eq=False)
class Visemes:
    """The mouth of a speaker, every :data:`HOP` seconds; each array has shape ``(n,)``.

    Attributes:
        opening: 0 is closed, 1 the widest of a loud /a/.
        rounding: 0 to 1: lips pushed forward as for /u/ and /o/.
        spreading: 0 to 1: lips drawn apart as for /i/ and /e/.
    """

    opening: NDArray[np.float64]
    rounding: NDArray[np.float64]
    spreading: NDArray[np.float64]

    @classmethod
    def of(cls, sound: Block) -> Visemes:
        """Tell the visemes of a voice.

        Args:
            sound: the voice.
        """
        mono = sound.mean(axis=0)
        bands = _bands(mono)
        total = bands.sum(axis=1)
        level = 10 * np.log10(total + 1e-12)
        heard = level[level > _FLOOR_DB]
        if not len(heard):
            still = np.zeros(len(level))
            return cls(still, still, still)
        top = float(np.quantile(heard, _LOUD))
        low = max(_FLOOR_DB, top - _RANGE_DB)
        loud = np.clip((level - low) / max(top - low, 1.0), 0, 1)
        open_, rounded, spread = _shapes(bands, total)
        opening = loud**_OPENING * open_
        voiced = np.clip(loud * 3, 0, 1)
        rounding, spreading = (
            _smoothed(shape * voiced, _SHAPE_SMOOTH) for shape in (rounded, spread)
        )
        return cls(np.clip(_smoothed(opening, _SMOOTH), 0, 1), rounding, spreading)

    @property
    def heard(self) -> tuple[float, float] | None:
        """Seconds at which the mouth is open first and last; ``None`` if it never is."""
        open_ = np.flatnonzero(self.opening > _HEARD)
        return (open_[0] * HOP, (open_[-1] + 1) * HOP) if len(open_) else None

    def at(self, seconds: float) -> tuple[float, float, float]:
        """Opening, rounding and spreading at a time; a closed mouth outside of the sound."""
        place = seconds / HOP - 0.5
        if not 0 <= place + 0.5 <= len(self.opening):
            return 0.0, 0.0, 0.0
        first = int(np.clip(np.floor(place), 0, len(self.opening) - 1))
        second = min(first + 1, len(self.opening) - 1)
        share = float(np.clip(place - first, 0, 1))
        opening, rounding, spreading = (
            float(track[first] * (1 - share) + track[second] * share)
            for track in (self.opening, self.rounding, self.spreading)
        )
        return opening, rounding, spreading


def _bands(mono: NDArray[np.float32]) -> NDArray[np.float64]:
    """Power between :data:`_EDGES` around the middle of each hop, full scale 1: ``(n, 5)``."""
    hop, size = round(HOP * RATE), round(_WINDOW * RATE)
    count = max(1, -(-len(mono) // hop))
    before = (size - hop) // 2
    padded = np.pad(mono, (before, count * hop + size - len(mono)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop][:count]
    shape = np.hanning(size).astype(np.float32)
    bins = np.round(np.array(_EDGES) * _FFT / RATE).astype(int)
    bands = np.empty((count, len(_EDGES) - 1))
    for first in range(0, count, _BATCH):
        some = windows[first : first + _BATCH] * shape
        power = np.abs(np.fft.rfft(some, _FFT)) ** 2
        bands[first : first + _BATCH] = np.add.reduceat(power, bins, axis=1)[:, :-1]
    # Parseval: twice the one-sided sum over the transform's length and the window's power.
    return bands * (2 / (_FFT * float((shape**2).sum())))


def _shapes(
    bands: NDArray[np.float64], total: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """How open, rounded and spread a mouth is for a spectrum, 0 to 1, whatever its loudness."""
    first, second, third, fourth, hiss = (bands / (total[:, None] + 1e-12)).T
    low = first + second
    # A closed vowel or a nasal has nearly all of its power below 500 Hz.
    open_ = np.clip(0.45 + 1.1 * (second + third), 0.4, 1.0)
    murmur = np.clip((first - 0.965) / 0.03, 0, 1)  # /m/ and /n/: the lips or the tongue close
    # Above the first formant, power falls by 6 to 12 dB an octave; these weights undo that.
    rising = np.stack([second, 2.5 * third, 8 * fourth]) + 1e-9
    share = rising / rising.sum(axis=0)
    spread = np.clip((share[2] - 0.45) / 0.4, 0, 1)
    rounded = np.clip((share[0] - 0.6) / 0.3, 0, 1) * np.clip(low * 1.2, 0, 1)
    hissing = np.clip((hiss - 0.3) / 0.4, 0, 1)  # /s/: the teeth are nearly closed
    open_ = open_ * (1 - 0.85 * murmur) * (1 - 0.6 * hissing)
    return open_, rounded * (1 - hissing), np.maximum(spread, 0.6 * hissing) * (1 - murmur)


def _smoothed(values: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """Gaussian smoothing without delay; ``seconds`` is the standard deviation."""
    reach = int(np.ceil(3 * seconds / HOP))
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) * HOP / seconds) ** 2)
    smooth = np.convolve(np.pad(values, reach, mode="edge"), bell / bell.sum(), "valid")
    return np.asarray(smooth, np.float64)
