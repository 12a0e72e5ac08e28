"""A match dissolve between two portraits: their faces meet, and one becomes the other."""

from __future__ import annotations

import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.photo.arrival import blend_at_rest
from kirin.engines.animatic.transition.dissolve import dissolved, dissolving_order
from kirin.engines.animatic.transition.face_match import FaceMatch, PictureView, Values
from kirin.vision.easing import ease
from kirin.vision.flow.warping import PackedPlanes, WarpGrid
from kirin.vision.kernels import Plane, blend
from kirin.vision.planes import Planes, Rgb, new_frame, picture_to_frame, resize

_START, _END = 0.34, 0.66  # when the faces have met and the second one appears; the first is gone
_GRID = 64  # cells on the longest side, on which the warp is computed
_KNOTS = 8  # shapes between the two faces for which the warp is computed
_RAMP = 0.4  # share of the camera's way in which it speeds up, and again in which it slows down


class PortraitMorph:
    """Two pictures whose faces meet. It reuses its buffers, so it is not thread-safe.

    The camera goes to where the first face has the place and the size of the second. There the
    first face takes the second one's shape while the pictures cross-fade, and the camera goes
    back to the whole of the second picture.

    Args:
        first, last: pictures of one size and of the video's aspect.
        width, height: of the video, even.
        match: of their faces.
    """

    def __init__(self, first: Rgb, last: Rgb, width: int, height: int, match: FaceMatch) -> None:
        self._view = width, height
        self._match = match
        self._fine = [PackedPlanes.of(Planes.from_rgb(picture)) for picture in (first, last)]
        self._ends = [picture_to_frame(picture, width, height) for picture in (first, last)]
        self._grid = WarpGrid(width, height, _GRID)
        self._knots: dict[tuple[int, int], Values] = {}
        aspect = width / height
        self._places = self._grid.centres().astype(np.float64)
        self._places *= [aspect, 1.0]
        self._order = self._ordered(first, last)

    def _ordered(self, first: Rgb, last: Rgb) -> Plane:
        """The faces fade evenly; around them what is bright comes first."""
        width, height = self._view
        cut = [
            _cut(picture, view)
            for picture, view in zip((first, last), self._match.views, strict=True)
        ]
        order = dissolving_order(cut[0], cut[1], width, height)
        near = self._match.near(self._places.reshape(-1, 2)).reshape(self._places.shape[:2])
        even = self._grid.weights(np.round(near * 255).astype(np.uint8))
        blend(order, np.full_like(order, 127), even, 0, 0)
        return order

    def frame(self, time: float) -> Frame:
        """The frame at a time: 0 is the first picture, 1 the last; a new one each time."""
        through = (time - _START) / (_END - _START)
        if through <= 0:
            return self._seen(0, time / _START, 0.0)
        if through >= 1:
            return self._seen(1, (1 - time) / (1 - _END), 1.0)
        share = float(ease(np.array(through), 0.5))
        frame, over = (self._seen(which, 1.0, share) for which in (0, 1))
        return dissolved(frame, over, self._order, through)

    def _seen(self, which: int, near: float, share: float) -> Frame:
        """A picture, with the camera on its way to where the faces meet.

        Args:
            which: picture.
            near: 0 for the whole picture, 1 for where they meet.
            share: shape of the face: 0 the first one's, 1 the last one's.
        """
        width, height = self._view
        aspect = width / height
        way = float(ease(np.array(near), _RAMP))
        view = self._match.views[which].towards(way, aspect)
        places = self._places
        if share != which:
            places = places + self._bend(which, share)
        middle = np.array([aspect / 2, 0.5])
        seen = (np.array([view.x, view.y]) + (places - middle) * view.width) / [aspect, 1.0]
        frame = new_frame(width, height)
        self._grid.draw(self._fine[which], seen.astype(np.float32), Planes.of_frame(frame))
        return blend_at_rest(frame, self._ends[which], (1 / view.width - 1) / 2)

    def _bend(self, which: int, share: float) -> Values:
        """The warp of a face on the grid, interpolated between :data:`_KNOTS` shapes."""
        before = min(int(share * _KNOTS), _KNOTS - 1)
        late = share * _KNOTS - before
        near, far = (self._knot(which, number) for number in (before, before + 1))
        return (1 - late) * near + late * far

    def _knot(self, which: int, number: int) -> Values:
        if (which, number) not in self._knots:
            places = self._places.reshape(-1, 2)
            bend = self._match.bend(which, number / _KNOTS, places)
            self._knots[which, number] = bend.reshape(self._places.shape)
        return self._knots[which, number]


def _cut(picture: Rgb, view: PictureView) -> Rgb:
    height, width = picture.shape[:2]
    half_width, half_height = view.width * width / 2, view.width * height / 2
    x, y = view.x * height, view.y * height
    box = (
        max(x - half_width, 0.0),
        max(y - half_height, 0.0),
        min(x + half_width, width),
        min(y + half_height, height),
    )
    return resize(picture, width // 2, height // 2, box)
