"""The canvas: a video's picture inside the somewhat larger one that a model makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kirin.domain.frame import Frame
from kirin.vision.easing import Floats
from kirin.vision.planes import Box, Planes, Rgb, new_frame, resize


@dataclass(frozen=True, slots=True)
class Canvas:
    """Sizes of a video and of what a model makes for it, in pixels.

    Attributes:
        width, height: of the video, both even.
        inner_width, inner_height: of what shows it in the model's frames: the same, or smaller
            in the same shape.
        outer_width, outer_height: of the model's frames, whose middle that is; no side is
            smaller.
    """

    width: int
    height: int
    inner_width: int
    inner_height: int
    outer_width: int
    outer_height: int

    @property
    def _corner(self) -> tuple[int, int]:
        x, y = self.outer_width - self.inner_width, self.outer_height - self.inner_height
        return x // 2, y // 2

    def place(self, picture: Rgb) -> Rgb:
        """A picture as the model gets it.

        The largest middle part that has the video's shape fills the video; what the model makes
        around it is the picture's edge, drawn out.
        """
        height, width = picture.shape[:2]
        inner = resize(picture, self.inner_width, self.inner_height, self._shown(width, height))
        x, y = self._corner
        after = self.outer_height - self.inner_height - y, self.outer_width - self.inner_width - x
        return np.pad(inner, ((y, after[0]), (x, after[1]), (0, 0)), "edge")

    def points(self, points: Floats, width: int, height: int) -> Floats:
        """Where points of a picture of a size come to lie in the model's frames.

        Args:
            points: shape ``(n, 2)``, x and y in the picture's pixels.
        """
        left, top, right, bottom = self._shown(width, height)
        scale = self.inner_width / (right - left), self.inner_height / (bottom - top)
        placed: Floats = (points - (left, top)) * scale + self._corner
        return placed

    def _shown(self, width: int, height: int) -> Box:
        """The largest middle part of a picture that has the video's shape."""
        across = min(width, height * self.width / self.height)
        down = min(height, width * self.height / self.width)
        left, top = (width - across) / 2, (height - down) / 2
        return left, top, left + across, top + down

    def cut(self, picture: Rgb) -> Frame:
        """The video's part of a frame that the model has made, as the encoder wants it."""
        x, y = self._corner
        inner = np.ascontiguousarray(picture[y : y + self.inner_height, x : x + self.inner_width])
        if (self.inner_width, self.inner_height) != (self.width, self.height):
            inner = resize(inner, self.width, self.height)
        planes = Planes.from_rgb(inner)
        frame = new_frame(self.width, self.height)
        into = Planes.of_frame(frame)
        into.y[:], into.u[:], into.v[:] = planes.y, planes.u, planes.v
        return frame
