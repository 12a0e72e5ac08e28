"""A layer of a picture that is opaque only in part: a subject, a ground, a ridge."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.camera.framing import Relief
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.engines.animatic.photo.crop import CroppedPicture
from kirin.engines.animatic.photo.layer import CHROMA, LUMA, PictureLayer
from kirin.engines.animatic.photo.sheet import SUBJECT
from kirin.vision.kernels import Plane, blend
from kirin.vision.matting.foreground import estimate_foreground
from kirin.vision.planes import Planes, Rgb, half_size

_SPARE = 4  # pixels of the view around a layer whose disparity varies


class SubjectLayer:
    """A layer's own colours and alpha, in a box around it.

    Attributes:
        own: its colours, uint8, shape ``(h, w, 3)``.
        part: where they are in the texture that it was cut out of.
        layer: that draws them.
    """

    def __init__(
        self,
        layer: PictureLayer,
        box: tuple[float, float, float, float],
        view: tuple[int, int],
        own: Rgb,
        part: Rectangle,
    ) -> None:
        self.own = own
        self.part = part
        self.layer = layer
        self._box = box
        self._view = view

    @classmethod
    def of(
        cls,
        picture: Rgb,
        alpha: Plane,
        crop: CroppedPicture,
        view: tuple[int, int],
        relief: Relief = SUBJECT,
        spare: int = 0,
    ) -> SubjectLayer | None:
        """Cut a layer out of a crop; ``None`` if the crop does not show it.

        Args:
            picture: the crop's colours.
            alpha: of the layer.
            crop: that both are of.
            view: width and height of the video.
            relief: of the layer.
            spare: pixels around it into which it may be blurred.
        """
        seen = alpha > 0
        columns, rows = np.flatnonzero(seen.any(axis=0)), np.flatnonzero(seen.any(axis=1))
        if len(columns) < 2 or len(rows) < 2:
            return None
        height, width = alpha.shape
        left, right = _padded(int(columns[0]) - spare, int(columns[-1]) + 1 + spare, width)
        top, bottom = _padded(int(rows[0]) - spare, int(rows[-1]) + 1 + spare, height)
        part = (slice(top, bottom), slice(left, right))
        own = estimate_foreground(picture[part], alpha[part])
        planes = Planes.from_rgb(own)
        own_alpha = alpha[part].copy()
        parts = [
            (planes.y, LUMA),
            (planes.u, CHROMA),
            (planes.v, CHROMA),
            (own_alpha, LUMA),
            (half_size(own_alpha), CHROMA),
        ]
        x, y = crop.centre
        layer = PictureLayer(parts, (x - left, y - top), crop.size, view, relief)
        box = (
            (left - x) / crop.size[0],
            (top - y) / crop.size[1],
            (right - x) / crop.size[0],
            (bottom - y) / crop.size[1],
        )
        return cls(layer, box, view, own, Rectangle(left, top, right, bottom))

    def over(
        self, planes: tuple[Plane, Plane, Plane], pose: Pose, within: Rectangle | None = None
    ) -> None:
        """Composite the layer over a frame's planes, in a pose; only in a window, if given."""
        window = self.window(pose)
        if window is not None and within is not None:
            window = window.common(within)
        if window is None:
            return
        y, u, v, alpha, chroma_alpha = self.layer.draw(pose, window)
        for plane, drawn, opacity, step in zip(
            planes, (y, u, v), (alpha, chroma_alpha, chroma_alpha), (1, 2, 2), strict=True
        ):
            blend(plane, drawn, opacity, window.left // step, window.top // step)

    def window(self, pose: Pose) -> Rectangle | None:
        """The part of the view in which the layer may be visible."""
        width, height = self._view
        relief = self.layer.relief
        left, top, right, bottom = self._box
        xs, ys = [], []
        for disparity in {relief.far, relief.near, (relief.far + relief.near) / 2}:
            seen = pose.view(disparity)
            across = (np.array([left, right, left, right]) - seen.x) * seen.scale * width
            down = (np.array([top, top, bottom, bottom]) - seen.y) * seen.scale * height
            cos, sin = np.cos(seen.roll), np.sin(seen.roll)
            xs.append(cos * across + sin * down + width / 2)
            ys.append(cos * down - sin * across + height / 2)
        spare = 0 if relief.flat else _SPARE
        x, y = np.concatenate(xs), np.concatenate(ys)
        x0 = max(int(x.min() - spare) // 2 * 2, 0)
        x1 = min((int(x.max() + spare) + 2) // 2 * 2, width)
        y0 = max(int(y.min() - spare) // 2 * 2, 0)
        y1 = min((int(y.max() + spare) + 2) // 2 * 2, height)
        return Rectangle(x0, y0, x1, y1) if x1 - x0 >= 2 and y1 - y0 >= 2 else None


def _padded(start: int, end: int, limit: int) -> tuple[int, int]:
    """A range widened for the resampling filters, to even samples, at least 16 long."""
    start = max(start - 6, 0) // 2 * 2
    end = min(max(end + 7, start + 16) // 2 * 2, limit)
    return max(min(start, end - 16), 0), end
