"""A morph between two pictures of one scene, along their optical flow."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.vision.flow.flow import Floats, Flow, IntermediateFlow
from kirin.vision.flow.warping import PackedPlanes, WarpGrid
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes, Rgb, new_frame, resize_shown

_GRID = 320  # cells on the longest side, on which the flow is sampled
_MOMENTS = 48  # times at which the flow is computed
_WHOLE = 254  # weight, of 255, from which a picture is drawn alone
_DENSITY = 1.5  # pixels of the sources per pixel of the frame: sharp with bilinear sampling
_SETTLED = 0.75  # pixels of movement within which the picture itself is blended in


class Morph:
    """Two pictures and the flow between them. It reuses its buffers, so it is not thread-safe.

    Args:
        first, last: pictures of one size and of the video's aspect.
        width, height: of the video, even.
        flow: between them.
    """

    def __init__(self, first: Rgb, last: Rgb, width: int, height: int, flow: Flow) -> None:
        self._view = width, height
        self._flow = flow
        self._moments: dict[int, IntermediateFlow] = {}
        self._grid = WarpGrid(width, height, _GRID)
        fine = round(width * _DENSITY / 2) * 2, round(height * _DENSITY / 2) * 2
        self._ends = [
            Planes.from_rgb(resize_shown(picture, width, height)) for picture in (first, last)
        ]
        # Chroma may be softer: its planes need no more samples than the frame has.
        self._fine = [
            PackedPlanes.of(Planes(Planes.from_rgb(resize_shown(picture, *fine)).y, end.u, end.v))
            for picture, end in zip((first, last), self._ends, strict=True)
        ]

    def frame(self, time: float) -> Frame:
        """The frame at a time: 0 is the first picture, 1 the last; a new one each time."""
        frame = new_frame(*self._view)
        target = Planes.of_frame(frame)
        moved = min(time, 1 - time) * self._flow.reach * self._view[0]
        nearest = self._ends[time > 0.5]
        if moved > 0:
            self._draw(time, target)
        # Interpolation softens a little: that must not set in at a single frame.
        settled = max(1 - moved / _SETTLED, 0.0)
        if settled > 0:
            for plane, end in zip(_planes(target), _planes(nearest), strict=True):
                if settled == 1:
                    np.copyto(plane, end)
                else:
                    cv2.addWeighted(end, settled, plane, 1 - settled, 0, plane)
        return frame

    def _draw(self, time: float, target: Planes) -> None:
        moment, (first, last) = self._moment(time), self._fine
        least, most = int(moment.share.min()), int(moment.share.max())
        if least < _WHOLE:
            self._grid.draw(last, moment.last, target)
        if most > 255 - _WHOLE:
            share = moment.share if least < _WHOLE else None
            self._grid.draw(first, moment.first, target, share)

    def _moment(self, time: float) -> IntermediateFlow:
        """The flow at a time, interpolated between two of its :data:`_MOMENTS`."""
        before = min(int(time * _MOMENTS), _MOMENTS - 1)
        self._moments = {
            number: self._moments.get(number) or self._flow.at(number / _MOMENTS, self._grid)
            for number in (before, before + 1)
        }
        late = time * _MOMENTS - before
        near, far = self._moments[before], self._moments[before + 1]
        first, last, share = (
            cv2.addWeighted(one, 1 - late, two, late, 0)
            for one, two in (
                (near.first, far.first),
                (near.last, far.last),
                (near.share, far.share),
            )
        )
        return IntermediateFlow(cast(Floats, first), cast(Floats, last), cast(Plane, share))


def _planes(planes: Planes) -> tuple[Plane, Plane, Plane]:
    return planes.y, planes.u, planes.v
