"""The transition: the camera goes on through one picture, and comes to rest before another."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.arrival import melted, whole
from kirin.engines.animatic.photo.photo import Photo
from kirin.vision.kernels import Plane, blend, halve
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.planes import Planes, Rgb, resize

_START, _END = 0.32, 0.68  # when the second picture begins to be seen, and the first ends to be
_THROUGH = math.log(1.75)  # how far into the first picture the camera goes
_FROM = math.log(1.45)  # how close to the second one it begins
_GROWTH = 1.7  # power of time by which the way grows: at rest at its end, without lingering there
_DEPTH = 0.6  # share of the way that is travelled, not zoomed: what is near comes nearer
_SOFT = 0.45  # share of the dissolve that each place of the picture takes
_DETAIL = 96  # longest side at which the order of dissolving is told
_SAMPLES = 33  # poses that a framing is planned for


class Transition:
    """Two pictures that have nothing in common. Frames are drawn one at a time.

    The dissolve is led by light: what is bright in the second picture shines through first, and
    what is dark in the first gives way first, so that shapes appear and not a veil.
    """

    def __init__(
        self, photos: tuple[Photo, Photo], ends: tuple[Frame, Frame], order: Plane
    ) -> None:
        self._photos = photos
        self._ends = ends
        self._order = order

    @classmethod
    def prepare(
        cls,
        first: Rgb,
        last: Rgb,
        width: int,
        height: int,
        segmenter: Segmenter | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> Transition:
        """Prepare both pictures, which have the video's aspect."""
        photos = []
        for picture, path in ((first, _away), (last, _home)):
            poses = [path(i / (_SAMPLES - 1)) for i in range(_SAMPLES)]
            photos.append(Photo.prepare(picture, width, height, poses, segmenter))
            check()
        ends = whole(first, width, height), whole(last, width, height)
        return cls((photos[0], photos[1]), ends, _order(first, last, width, height))

    def frame(self, time: float) -> Frame:
        """What is seen at a moment: 0 is the first picture, 1 the last; a new frame each time."""
        through = (time - _START) / (_END - _START)
        if through <= 0:
            return self._seen(0, _away(time))
        if through >= 1:
            return self._seen(1, _home(time))
        frame, over = self._seen(0, _away(time)), self._seen(1, _home(time))
        # Where the order is 0 it begins first; each place takes its share of the time.
        bright = np.arange(256) / 255 * (1 - _SOFT)
        share = np.clip((through - bright) / _SOFT, 0, 1)
        table = np.round(share * share * (3 - 2 * share) * 255).astype(np.uint8)
        alpha = cast(Plane, cv2.LUT(self._order, table))
        chroma = np.empty((alpha.shape[0] // 2, alpha.shape[1] // 2), np.uint8)
        halve(alpha, chroma)
        below, above = Planes.of_frame(frame), Planes.of_frame(over)
        blend(below.y, above.y, alpha, 0, 0)
        blend(below.u, above.u, chroma, 0, 0)
        blend(below.v, above.v, chroma, 0, 0)
        return frame

    def _seen(self, which: int, pose: Pose) -> Frame:
        frame = self._photos[which].frame(pose)
        return melted(frame, self._ends[which], (pose.view(1.0).scale - 1) / 2)


def _away(time: float) -> Pose:
    """From rest into the first picture, faster and faster."""
    return _closer(_THROUGH * min(time / _END, 1.0) ** _GROWTH)


def _home(time: float) -> Pose:
    """Out of nearness to rest before the second picture, slower and slower."""
    left = min((1 - time) / (1 - _START), 1.0)
    return _closer(_FROM * left**_GROWTH)


def _closer(amount: float) -> Pose:
    return Pose(zoom=math.exp(amount * (1 - _DEPTH)), dolly=math.expm1(amount * _DEPTH))


def _order(first: Rgb, last: Rgb, width: int, height: int) -> Plane:
    """When each place of the frame dissolves: 0 first, 255 last."""
    scale = _DETAIL / max(width, height)
    size = max(round(width * scale), 4), max(round(height * scale), 4)
    lights = []
    for picture in (first, last):
        grey = cv2.cvtColor(resize(picture, *size), cv2.COLOR_RGB2GRAY).astype(np.float32)
        lights.append(cv2.GaussianBlur(grey, (0, 0), _DETAIL / 40))
    rank = lights[0] * 0.5 - lights[1]
    # Ranks, so that the same area dissolves in the same time whatever the pictures.
    places = np.argsort(np.argsort(rank, axis=None)).reshape(rank.shape)
    even = (places * (255.0 / max(places.size - 1, 1))).astype(np.float32)
    order = cv2.resize(even, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.round(order), 0, 255).astype(np.uint8)
