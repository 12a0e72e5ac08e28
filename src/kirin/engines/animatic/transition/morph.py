"""A morph between two pictures of one scene, along their optical flow."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.frame import Frame
from kirin.vision.flow.flow import Floats, Flow
from kirin.vision.flow.splatting import scale_and_shift
from kirin.vision.kernels import Plane, blend
from kirin.vision.planes import Planes, Rgb, new_frame, resize

_NO_MAP: Any = None  # both coordinates are in the first map; OpenCV's type stubs demand two
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
        self._memory: dict[tuple[str, tuple[int, int]], NDArray[Any]] = {}
        fine = round(width * _DENSITY / 2) * 2, round(height * _DENSITY / 2) * 2
        self._ends = [Planes.from_rgb(resize(picture, width, height)) for picture in (first, last)]
        # Chroma may be softer: its planes need no more samples than the frame has.
        self._fine = [
            Planes(Planes.from_rgb(resize(picture, *fine)).y, end.u, end.v)
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
        moment = self._flow.at(time)
        for chroma, planes in ((False, (target.y,)), (True, (target.u, target.v))):
            height, width = planes[0].shape
            size = width, height
            alpha = self._scratch("alpha", size, np.uint8)
            cv2.resize(moment.share, size, alpha, interpolation=cv2.INTER_LINEAR)
            maps = self._scratch("map", size, np.float32, 2)
            above = self._scratch("above", size, np.uint8)
            for place, source, read in (
                (moment.last, self._fine[1], planes),
                (moment.first, self._fine[0], (above,) * len(planes)),
            ):
                cv2.resize(self._samples(place, source, chroma), size, maps)
                for i, out in enumerate(read):
                    plane = _planes(source)[i + chroma]
                    cv2.remap(plane, maps, _NO_MAP, cv2.INTER_LINEAR, out, cv2.BORDER_REPLICATE)
                    if out is above:
                        blend(planes[i], above, alpha, 0, 0)

    def _samples(self, place: Floats, source: Planes, chroma: bool) -> Floats:
        """Positions in a picture as sample positions of its plane, still on the coarse grid."""
        height, width = (source.u if chroma else source.y).shape
        # Luma samples are centred half a sample in. Chroma samples are sited left, a quarter in,
        # both in the picture and in the frame.
        left = 0.25 + 0.25 * width / (self._view[0] / 2) if chroma else 0.5
        out = self._scratch("samples", (place.shape[1], place.shape[0]), np.float32, 2)
        across = np.array([width, -left], np.float32)
        down = np.array([height, -0.5], np.float32)
        scale_and_shift(place, across, down, out)
        return out

    def _scratch(
        self, name: str, size: tuple[int, int], kind: type[np.generic], *more: int
    ) -> NDArray[Any]:
        """A buffer reused for all frames: page faults of a new one cost as much as drawing."""
        key = name, size
        if key not in self._memory:
            self._memory[key] = np.empty((size[1], size[0], *more), kind)
        return self._memory[key]


def _planes(planes: Planes) -> tuple[Plane, Plane, Plane]:
    return planes.y, planes.u, planes.v
