"""The static mask: a camera move over a picture of which one region must not change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.rest import start_at_rest
from kirin.vision.kernels import Plane, blend
from kirin.vision.planes import Planes, Rgb, new_frame, resize

Floats = NDArray[np.float32]

INSIDE = 8
"""Brightness, of 255, above which a mask holds what is under it."""

_NO_MAP: Any = None  # both coordinates are in the first map; OpenCV's type stubs demand two
_GRID = 240  # longest side of the displacement grid
_DENSITY = 1.5  # pixels of the source per pixel of the frame: sharp with bilinear sampling
_SEAM = 6  # pixels around the held region that are held too, for the filters
_FADE = 0.7  # of the greatest distance from the held region: from there on the move is full
_STRETCH = 0.3  # greatest stretch of the picture between the held region and what moves


class Hold:
    """A picture with a held region that never changes. Not thread-safe.

    The rest is displaced as by a camera move, ever less towards the held region: nothing tears,
    and the picture's border never shows.
    """

    def __init__(self, ends: Planes, fine: Planes, mobility: Floats, poses: Sequence[Pose]) -> None:
        self._ends = ends
        self._fine = fine
        self._mobility = mobility
        self._poses = poses
        height, width = ends.y.shape
        self._luma = _PlaneRemapper(width, height, fine.y.shape, 0.5, 0.5)
        self._chroma = _PlaneRemapper(width // 2, height // 2, fine.u.shape, 0.25, 0.5)

    @classmethod
    def prepare(cls, rgb: Rgb, width: int, height: int, poses: Sequence[Pose], mask: Plane) -> Hold:
        """Compute how far each pixel may move.

        Args:
            rgb: a picture of the video's aspect.
            width, height: of the video, even.
            poses: of the camera, one per frame.
            mask: of the held region, of the picture's height and width.
        """
        held = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA) > INSIDE
        away = cv2.distanceTransform((~held).astype(np.uint8), cv2.DIST_L2, 5)
        if not held.any():
            away[:] = max(width, height)
        reach = max(_FADE * float(away.max()), 1.0)
        near = np.clip((away - _SEAM) / max(reach - _SEAM, 1.0), 0, 1)
        scale = _GRID / max(width, height)
        size = max(round(width * scale), 2), max(round(height * scale), 2)
        # The minimum of each cell, so that interpolation does not move held pixels.
        least = cv2.erode(near, np.ones((2 * math.ceil(1 / scale) + 1,) * 2, np.uint8))
        small = cast(Floats, cv2.resize(least, size, interpolation=cv2.INTER_NEAREST))
        mobility = small * small * (3 - 2 * small)
        free = _attenuated(start_at_rest(poses, width / height), width / height, reach / width)
        fine = round(width * _DENSITY / 2) * 2, round(height * _DENSITY / 2) * 2
        return cls(
            Planes.from_rgb(resize(rgb, width, height)),
            Planes.from_rgb(resize(rgb, *fine)),
            mobility.astype(np.float32),
            free,
        )

    def frame(self, index: int) -> Frame:
        """Draw a frame, a new one each time; the first is the picture itself."""
        height, width = self._ends.y.shape
        frame = new_frame(width, height)
        target = Planes.of_frame(frame)
        shift = self._mobility[..., None] * _shift(
            self._poses[index], self._mobility.shape, width / height
        )
        # Below half a pixel of displacement, blend with the picture itself, which is sharper.
        moved = np.abs(shift * np.array([width, height], np.float32)).max(axis=2)
        share = np.round(np.clip(2 * moved, 0, 1) * 255).astype(np.uint8)
        self._luma.read(shift, share, ((self._fine.y, self._ends.y, target.y),))
        chroma = (
            (self._fine.u, self._ends.u, target.u),
            (self._fine.v, self._ends.v, target.v),
        )
        self._chroma.read(shift, share, chroma)
        return frame


class _PlaneRemapper:
    """Samples planes of one siting at displaced positions."""

    def __init__(
        self, width: int, height: int, source: tuple[int, ...], across: float, down: float
    ) -> None:
        self._size = width, height
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        self._scale = np.array([source[1], source[0]], np.float32)
        rest = np.dstack([(x + across) / width, (y + down) / height]) * self._scale
        self._rest: Floats = rest - np.array([across, down], np.float32)
        self._places = np.empty_like(self._rest)
        self._drawn = np.empty((height, width), np.uint8)
        self._alpha = np.empty((height, width), np.uint8)

    def read(
        self, shift: Floats, share: Plane, planes: Sequence[tuple[Plane, Plane, Plane]]
    ) -> None:
        """Blend displaced samples of a source with an unchanged picture.

        Args:
            shift: displacement in widths and heights, on a coarse grid.
            share: weight of the displaced samples, on the same grid.
            planes: triples of a fine source, the unchanged picture and the target.
        """
        cv2.resize(shift * self._scale, self._size, self._places)
        cv2.add(self._places, self._rest, self._places)
        cv2.resize(share, self._size, self._alpha)
        for fine, end, out in planes:
            border = cv2.BORDER_REPLICATE
            cv2.remap(fine, self._places, _NO_MAP, cv2.INTER_LINEAR, self._drawn, border)
            np.copyto(out, end)
            blend(out, self._drawn, self._alpha, 0, 0)


def _shift(pose: Pose, shape: tuple[int, ...], aspect: float) -> Floats:
    """Displacement field of a pose, in widths and heights of the frame."""
    view = pose.view(PIVOT)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    across = ((x + 0.5) / shape[1] - 0.5) * aspect
    down = (y + 0.5) / shape[0] - 0.5
    cos, sin = math.cos(view.roll), math.sin(view.roll)
    at_x = (cos * across - sin * down) / view.scale / aspect + view.x
    at_y = (sin * across + cos * down) / view.scale + view.y
    return np.dstack([at_x - across / aspect, at_y - down]).astype(np.float32)


def _attenuated(poses: Sequence[Pose], aspect: float, reach: float) -> list[Pose]:
    """Attenuate a path so that the picture is nowhere stretched by more than :data:`_STRETCH`.

    Args:
        poses: of the camera.
        aspect: of the video.
        reach: frame widths over which the displacement grows from none to full.
    """
    # The greatest slope of a smoothstep is 1.5.
    most = _STRETCH / 1.5 * reach
    corners = max(
        (float(np.abs(_shift(pose, (3, 3), aspect)).max()) for pose in poses), default=0.0
    )
    share = min(1.0, most / corners) if corners > 0 else 1.0
    return [
        replace(
            pose,
            x=pose.x * share,
            y=pose.y * share,
            zoom=pose.zoom**share,
            roll=pose.roll * share,
            truck_x=pose.truck_x * share,
            truck_y=pose.truck_y * share,
            dolly=math.expm1(math.log1p(pose.dolly) * share),
        )
        for pose in poses
    ]
