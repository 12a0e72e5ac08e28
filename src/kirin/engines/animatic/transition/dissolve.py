"""A dissolve: the camera pushes into one picture and comes to rest on another."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.arrival import blend_at_rest
from kirin.engines.animatic.photo.photo import Photo
from kirin.vision.easing import smoothstep
from kirin.vision.kernels import Plane, blend, downsample_chroma
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.planes import Planes, Rgb, picture_to_frame, resize

_START, _END = 0.32, 0.68  # when the second picture appears, and when the first has gone
_THROUGH = math.log(1.75)  # log of the final magnification of the first picture
_FROM = math.log(1.45)  # log of the initial magnification of the second picture
_GROWTH = 1.7  # power of time: the camera rests at the ends without lingering there
_DEPTH = 0.6  # share of the magnification made by the dolly, which has parallax
_SOFT = 0.45  # share of the dissolve's time that each pixel takes
_DETAIL = 96  # longest side of the map of the dissolving order
_SAMPLES = 33  # poses from which the framing is computed


class Dissolve:
    """A luminance-keyed dissolve between two unrelated pictures. Not thread-safe.

    Bright areas of the second picture appear first, and dark areas of the first disappear first,
    so that shapes emerge instead of a uniform blend.
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
    ) -> Dissolve:
        """Prepare both pictures, which must have the video's aspect.

        Args:
            first, last: the pictures, shape ``(h, w, 3)``.
            width, height: of the video, even.
            segmenter: finds their subjects, for parallax.
            check: called between the steps.
        """
        photos = []
        for picture, path in ((first, _away), (last, _home)):
            poses = [path(i / (_SAMPLES - 1)) for i in range(_SAMPLES)]
            photos.append(Photo.prepare(picture, width, height, poses, segmenter))
            check()
        ends = picture_to_frame(first, width, height), picture_to_frame(last, width, height)
        return cls((photos[0], photos[1]), ends, dissolving_order(first, last, width, height))

    def frame(self, time: float) -> Frame:
        """The frame at a time: 0 is the first picture, 1 the last; a new one each time."""
        through = (time - _START) / (_END - _START)
        if through <= 0:
            return self._seen(0, _away(time))
        if through >= 1:
            return self._seen(1, _home(time))
        frame, over = self._seen(0, _away(time)), self._seen(1, _home(time))
        return dissolved(frame, over, self._order, through)

    def _seen(self, which: int, pose: Pose) -> Frame:
        frame = self._photos[which].frame(pose)
        return blend_at_rest(frame, self._ends[which], (pose.view(1.0).scale - 1) / 2)


def _away(time: float) -> Pose:
    """Push into the first picture, from rest, accelerating."""
    return _closer(_THROUGH * min(time / _END, 1.0) ** _GROWTH)


def _home(time: float) -> Pose:
    """Pull back from the second picture to rest, decelerating."""
    left = min((1 - time) / (1 - _START), 1.0)
    return _closer(_FROM * left**_GROWTH)


def _closer(amount: float) -> Pose:
    return Pose(zoom=math.exp(amount * (1 - _DEPTH)), dolly=math.expm1(amount * _DEPTH))


def dissolved(frame: Frame, over: Frame, order: Plane, through: float) -> Frame:
    """A frame that dissolves into another, in place; arguments as of :func:`dissolving_share`."""
    alpha = dissolving_share(order, through)
    chroma = np.empty((alpha.shape[0] // 2, alpha.shape[1] // 2), np.uint8)
    downsample_chroma(alpha, chroma)
    below, above = Planes.of_frame(frame), Planes.of_frame(over)
    blend(below.y, above.y, alpha, 0, 0)
    blend(below.u, above.u, chroma, 0, 0)
    blend(below.v, above.v, chroma, 0, 0)
    return frame


def dissolving_share(order: Plane, through: float) -> Plane:
    """Weight of the second picture, 0 to 255.

    Args:
        order: in which pixels dissolve, 0 first and 255 last; each takes the share ``_SOFT`` of
            the time.
        through: 0 (the first picture) to 1 (the second).
    """
    bright = np.arange(256) / 255 * (1 - _SOFT)
    share = np.clip((through - bright) / _SOFT, 0, 1)
    table = np.round(smoothstep(share) * 255).astype(np.uint8)
    return cast(Plane, cv2.LUT(order, table))


def dissolving_order(first: Rgb, last: Rgb, width: int, height: int) -> Plane:
    """The order in which pixels dissolve: 0 first, 255 last."""
    scale = _DETAIL / max(width, height)
    size = max(round(width * scale), 4), max(round(height * scale), 4)
    lights = []
    for picture in (first, last):
        grey = cv2.cvtColor(resize(picture, *size), cv2.COLOR_RGB2GRAY).astype(np.float32)
        lights.append(cv2.GaussianBlur(grey, (0, 0), _DETAIL / 40))
    rank = lights[0] * 0.5 - lights[1]
    # Ranks, so that equal areas dissolve in equal times whatever the pictures.
    places = np.argsort(np.argsort(rank, axis=None)).reshape(rank.shape)
    even = (places * (255.0 / max(places.size - 1, 1))).astype(np.float32)
    order = cv2.resize(even, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.round(order), 0, 255).astype(np.uint8)
