"""Pace: slow motion and time-lapse, as the clock by which the stage moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kirin.domain.cast import Style

# Seconds on the stage per second of the film: of the scene, and of the cast. A time-lapse of
# legs would only flicker: a gait has about two steps a second and a film 24 frames.
_FACTORS = {Style.SLOW_MOTION: (0.35, 0.35), Style.TIME_LAPSE: (8.0, 2.5)}


@dataclass(frozen=True, slots=True)
class Pace:
    """The clocks of the stage; the camera keeps that of the film.

    Attributes:
        fps: frames per second.
        scene, cast: how much faster than the film's clock theirs are.
    """

    fps: float
    scene: float = 1.0
    cast: float = 1.0

    @classmethod
    def of(cls, styles: Sequence[Style], fps: float) -> Pace:
        """The pace that styles ask for; the first one that names a pace wins."""
        for style in styles:
            if style in _FACTORS:
                return cls(fps, *_FACTORS[style])
        return cls(fps)

    def seconds(self, frame: int) -> float:
        """Time of the scene at a frame: clouds, water, light, weather."""
        return frame / self.fps * self.scene

    def cast_seconds(self, frame: int) -> float:
        """Time of the cast at a frame: gaits, gestures, effects."""
        return frame / self.fps * self.cast

    def length(self, count: int) -> float:
        """How long the scene's clock runs in a shot: what drifts needs a layer so much longer."""
        return count / self.fps * self.scene
