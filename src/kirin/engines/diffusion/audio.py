"""The soundtrack of a generated video: each generation's audio at its time, resampled."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import numpy as np
from scipy.signal import resample_poly

from kirin.domain.soundtrack import RATE, Block
from kirin.engines.diffusion.request import GeneratedAudio

_SILENCE_SAMPLES: Final = RATE // 50


class AudioTimeline:
    """Audio that is appended generation by generation, while the encoder consumes it."""

    def __init__(self) -> None:
        self._blocks: deque[Block] = deque()
        self._length = 0

    def insert(self, start: Fraction, seconds: Fraction, audio: GeneratedAudio) -> None:
        """Insert a generation's audio.

        Args:
            start: its start in seconds of the video. A gap before it is filled with silence; what
                is already there is not overwritten.
            seconds: its length; longer audio is cut, shorter audio is padded with silence.
            audio: the audio.
        """
        first, end = round(start * RATE), round((start + seconds) * RATE)
        block = np.zeros((2, end - first), np.float32)
        samples = stereo(audio)[:, : block.shape[1]]
        block[:, : samples.shape[1]] = samples
        if first > self._length:
            self._add(np.zeros((2, first - self._length), np.float32))
        self._add(block[:, self._length - first :])

    def blocks(self) -> Iterator[Block]:
        """The audio so far, and silence for as long as nothing more has been inserted."""
        while True:
            if not self._blocks:
                self._add(np.zeros((2, _SILENCE_SAMPLES), np.float32))
            yield self._blocks.popleft()

    def _add(self, block: Block) -> None:
        self._blocks.append(block)
        self._length += block.shape[1]


def stereo(audio: GeneratedAudio) -> Block:
    """Resample to ``RATE`` and two channels; returns shape ``(2, samples)``."""
    samples = np.atleast_2d(audio.samples)
    pair = samples[:2] if len(samples) > 1 else np.repeat(samples, 2, 0)
    ratio = Fraction(RATE, audio.rate)
    resampled = resample_poly(pair, ratio.numerator, ratio.denominator, axis=1)
    return np.asarray(np.clip(resampled, -1, 1), np.float32)
