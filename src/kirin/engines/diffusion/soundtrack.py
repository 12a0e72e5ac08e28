"""The soundtrack of generations: each one's sound in its place, at the rate of the file."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import numpy as np
from scipy.signal import resample_poly

from kirin.domain.soundtrack import RATE, Block
from kirin.engines.diffusion.ask import Voice

_PAUSE: Final = RATE // 50


class Tape:
    """Sound that is laid down generation by generation, while the encoder takes it away."""

    def __init__(self) -> None:
        self._blocks: deque[Block] = deque()
        self._laid = 0

    def lay(self, start: Fraction, seconds: Fraction, voice: Voice) -> None:
        """Put a generation's sound where it belongs.

        Args:
            start: when it is heard, in seconds of the video; silence is laid before it where
                nothing was, and what is already laid stays.
            seconds: how long it is heard; what is longer is cut off, what is shorter is followed
                by silence.
            voice: the sound.
        """
        first, end = round(start * RATE), round((start + seconds) * RATE)
        block = np.zeros((2, end - first), np.float32)
        heard = stereo(voice)[:, : block.shape[1]]
        block[:, : heard.shape[1]] = heard
        if first > self._laid:
            self._add(np.zeros((2, first - self._laid), np.float32))
        self._add(block[:, self._laid - first :])

    def blocks(self) -> Iterator[Block]:
        """The sound so far, and silence for as long as nothing more has been laid down."""
        while True:
            if not self._blocks:
                self._add(np.zeros((2, _PAUSE), np.float32))
            yield self._blocks.popleft()

    def _add(self, block: Block) -> None:
        self._blocks.append(block)
        self._laid += block.shape[1]


def stereo(voice: Voice) -> Block:
    """A sound at the rate of the file, with two channels, shape ``(2, samples)``."""
    samples = np.atleast_2d(voice.samples)
    pair = samples[:2] if len(samples) > 1 else np.repeat(samples, 2, 0)
    ratio = Fraction(RATE, voice.rate)
    resampled = resample_poly(pair, ratio.numerator, ratio.denominator, axis=1)
    return np.asarray(np.clip(resampled, -1, 1), np.float32)
