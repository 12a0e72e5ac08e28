"""A scene that changes during the shot: day becomes night, it starts to snow."""

from __future__ import annotations

from typing import Any, Protocol

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.look.air import Airy
from kirin.vision.easing import frame_times

FADE = 0.22, 0.80
"""When the change begins and ends, as shares of the shot."""


class Stage(Protocol):
    """A scene, or what is drawn as one."""

    def describe(self) -> dict[str, Any]:
        """What it shows, as JSON values."""
        ...

    def frame(self, number: int) -> Frame:
        """Draw a frame."""
        ...


class ChangingScene:
    """One scene that becomes another; the same interface as a scene.

    Both are drawn only while one becomes the other. They should have one variety: then the land,
    the towers and the clouds are the same, and only light, weather and lamps change.

    Args:
        first, last: at the start and at the end, with the same poses.
        count: frames of the shot.
    """

    def __init__(self, first: Stage, last: Stage, count: int) -> None:
        self._first, self._last = first, last
        share = (frame_times(count) - FADE[0]) / (FADE[1] - FADE[0])
        t = np.clip(share, 0.0, 1.0)
        # Perlin's 6 t^5 - 15 t^4 + 10 t^3: neither end is seen to start. It mixes luma, which is
        # nearly even to the eye; in linear light a night would be gone at once.
        self._share = t * t * t * (t * (6 * t - 15) + 10)

    def describe(self) -> dict[str, Any]:
        """What the scene shows at first, and under ``becomes`` at the end."""
        return {**self._first.describe(), "becomes": self._last.describe()}

    def share(self, number: int) -> float:
        """How much of a frame is the last scene, 0 to 1."""
        return float(self._share[number])

    def frame(self, number: int) -> Frame:
        """Draw a frame; in any order."""
        share = self.share(number)
        if share <= 0.0:
            return self._first.frame(number)
        if share >= 1.0:
            return self._last.frame(number)
        return self._mixed(self._first.frame(number), self._last.frame(number), share)

    def clear(self, number: int) -> Frame | None:
        """Draw a frame without rain and snow; ``None`` if neither scene has any in it."""
        share = self.share(number)
        shown = [(self._first, share < 1.0), (self._last, share > 0.0)]
        clear = [
            each.clear(number) if seen and isinstance(each, Airy) else None for each, seen in shown
        ]
        if all(each is None for each in clear):
            return None
        first, last = (
            each.frame(number) if own is None and seen else own
            for (each, seen), own in zip(shown, clear, strict=True)
        )
        if first is None or last is None:
            return last if first is None else first
        return self._mixed(first, last, share)

    @staticmethod
    def _mixed(first: Frame, last: Frame, share: float) -> Frame:
        return np.asarray(cv2.addWeighted(first, 1 - share, last, share, 0), np.uint8)
