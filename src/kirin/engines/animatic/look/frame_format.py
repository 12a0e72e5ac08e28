"""What a look must know about a clip before its first frame: size, rate, seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_WORK = 360
"""Short side at which paintings are computed: strokes have no finer detail."""


@dataclass(frozen=True, slots=True)
class FrameFormat:
    """Format of the frames that are styled.

    Attributes:
        width, height: in pixels, both even.
        fps: frames per second.
        seed: of everything random, from 0.
    """

    width: int
    height: int
    fps: float
    seed: int

    @property
    def unit(self) -> float:
        """Pixels per pixel of a 720p frame."""
        return min(self.width, self.height) / 720

    @property
    def work(self) -> tuple[int, int]:
        """Width and height at which paintings are computed."""
        factor = max(1, round(min(self.width, self.height) / _WORK))
        return max(2, -(-self.width // factor)), max(2, -(-self.height // factor))

    @property
    def scale(self) -> float:
        """Work pixels per pixel of a picture with a short side of 360."""
        return min(self.work) / _WORK

    def rng(self, tag: int) -> np.random.Generator:
        """A generator for one purpose: the same in each process."""
        return np.random.default_rng([self.seed, tag])
