"""The layout of a generated frame: where it shows the video, which may be slightly smaller."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kirin.domain.frame import Frame
from kirin.vision.easing import Floats
from kirin.vision.planes import Box, Planes, Rgb, new_frame, resize


@dataclass(frozen=True, slots=True)
class FrameLayout:
    """Sizes of a video and of a model's frames for it, in pixels.

    Attributes:
        width, height: of the video, both even.
        inner_width, inner_height: of the region of the model's frames that shows the video: its
            own size, or a smaller one of the same aspect ratio.
        outer_width, outer_height: of the model's frames, in which that region is centred.
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
        """Fit a picture into the model's frame.

        The picture is centre-cropped to the video's aspect ratio and scaled to the inner region;
        the margin around that repeats its edge pixels.
        """
        height, width = picture.shape[:2]
        inner = resize(picture, self.inner_width, self.inner_height, self._crop(width, height))
        x, y = self._corner
        after = self.outer_height - self.inner_height - y, self.outer_width - self.inner_width - x
        return np.pad(inner, ((y, after[0]), (x, after[1]), (0, 0)), "edge")

    def points(self, points: Floats, width: int, height: int) -> Floats:
        """Map points of a picture to the model's frame, as :meth:`place` maps pixels.

        Args:
            points: shape ``(n, 2)``, x and y in the picture's pixels.
            width, height: size of the picture.
        """
        left, top, right, bottom = self._crop(width, height)
        scale = self.inner_width / (right - left), self.inner_height / (bottom - top)
        placed: Floats = (points - (left, top)) * scale + self._corner
        return placed

    def _crop(self, width: int, height: int) -> Box:
        """The largest centred crop of a picture that has the video's aspect ratio."""
        across = min(width, height * self.width / self.height)
        down = min(height, width * self.height / self.width)
        left, top = (width - across) / 2, (height - down) / 2
        return left, top, left + across, top + down

    def cut(self, picture: Rgb) -> Frame:
        """Cut the video's picture out of a generated frame, in the encoder's pixel format."""
        x, y = self._corner
        inner = np.ascontiguousarray(picture[y : y + self.inner_height, x : x + self.inner_width])
        if (self.inner_width, self.inner_height) != (self.width, self.height):
            inner = resize(inner, self.width, self.height)
        planes = Planes.from_rgb(inner)
        frame = new_frame(self.width, self.height)
        into = Planes.of_frame(frame)
        into.y[:], into.u[:], into.v[:] = planes.y, planes.u, planes.v
        return frame
