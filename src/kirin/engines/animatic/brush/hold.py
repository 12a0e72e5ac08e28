"""A hold: part of a picture stays as it is, and the rest stirs around it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.homing import leaving
from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.camera.pose import Pose
from kirin.vision.kernels import Plane, blend
from kirin.vision.planes import Planes, Rgb, new_frame, resize

Floats = NDArray[np.float32]

INSIDE = 8
"""Brightness, of 255, from which a mask holds what is under it."""

_NO_MAP: Any = None  # places are in one map; OpenCV's types want two
_GRID = 240  # longest side of the grid on which movement is told
_DENSITY = 1.5  # pixels of the source to one of the frame: sharp even when read linearly
_SEAM = 6  # pixels around what is held that are held too: filters reach so far
_FADE = 0.7  # of the farthest that anything lies from what is held: there it moves freely
_STRETCH = 0.3  # at most, where the picture gives way between what is held and what moves


class Hold:
    """A picture whose held part never changes. One thread at a time.

    The rest moves as the camera would have it, less and less towards what is held: nothing
    tears, and no edge of the picture shows.
    """

    def __init__(self, ends: Planes, fine: Planes, freedom: Floats, poses: Sequence[Pose]) -> None:
        self._ends = ends
        self._fine = fine
        self._freedom = freedom
        self._poses = poses
        height, width = ends.y.shape
        self._luma = _Reader(width, height, fine.y.shape, 0.5, 0.5)
        self._chroma = _Reader(width // 2, height // 2, fine.u.shape, 0.25, 0.5)

    @classmethod
    def prepare(cls, rgb: Rgb, width: int, height: int, poses: Sequence[Pose], mask: Plane) -> Hold:
        """Find how freely each place may move.

        Args:
            rgb: a picture of the video's aspect.
            width, height: of the video, even.
            poses: what the camera would do, one for each frame.
            mask: what is held, of the picture's height and width.
        """
        held = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA) > INSIDE
        away = cv2.distanceTransform((~held).astype(np.uint8), cv2.DIST_L2, 5)
        if not held.any():
            away[:] = max(width, height)
        reach = max(_FADE * float(away.max()), 1.0)
        near = np.clip((away - _SEAM) / max(reach - _SEAM, 1.0), 0, 1)
        scale = _GRID / max(width, height)
        size = max(round(width * scale), 2), max(round(height * scale), 2)
        # The least of each place of the grid, so that reading between them moves nothing held.
        least = cv2.erode(near, np.ones((2 * math.ceil(1 / scale) + 1,) * 2, np.uint8))
        small = cast(Floats, cv2.resize(least, size, interpolation=cv2.INTER_NEAREST))
        freedom = small * small * (3 - 2 * small)
        free = _gentle(leaving(poses, width / height), width / height, reach / width)
        fine = round(width * _DENSITY / 2) * 2, round(height * _DENSITY / 2) * 2
        return cls(
            Planes.from_rgb(resize(rgb, width, height)),
            Planes.from_rgb(resize(rgb, *fine)),
            freedom.astype(np.float32),
            free,
        )

    def frame(self, index: int) -> Frame:
        """Draw a frame, a new one each time; the first is the picture itself."""
        height, width = self._ends.y.shape
        frame = new_frame(width, height)
        target = Planes.of_frame(frame)
        shift = self._freedom[..., None] * _shift(
            self._poses[index], self._freedom.shape, width / height
        )
        # What moves less than half a pixel is mostly the picture itself, which is sharper.
        moved = np.abs(shift * np.array([width, height], np.float32)).max(axis=2)
        share = np.round(np.clip(2 * moved, 0, 1) * 255).astype(np.uint8)
        self._luma.read(shift, share, ((self._fine.y, self._ends.y, target.y),))
        chroma = (
            (self._fine.u, self._ends.u, target.u),
            (self._fine.v, self._ends.v, target.v),
        )
        self._chroma.read(shift, share, chroma)
        return frame


class _Reader:
    """Reads planes of one siting at places that have been shifted."""

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
        """Fill the last of each three planes from the first, or the second where nothing moves.

        Args:
            shift: by how far to look aside, in widths and heights, on a coarse grid.
            share: of the first plane, on the same grid.
            planes: fine source, picture as it is, and target.
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
    """How far aside of itself each place looks, in widths and heights of the frame."""
    view = pose.view(PIVOT)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    across = ((x + 0.5) / shape[1] - 0.5) * aspect
    down = (y + 0.5) / shape[0] - 0.5
    cos, sin = math.cos(view.roll), math.sin(view.roll)
    at_x = (cos * across - sin * down) / view.scale / aspect + view.x
    at_y = (sin * across + cos * down) / view.scale + view.y
    return np.dstack([at_x - across / aspect, at_y - down]).astype(np.float32)


def _gentle(poses: Sequence[Pose], aspect: float, reach: float) -> list[Pose]:
    """Moves so small that the picture is nowhere stretched beyond measure.

    Args:
        poses: what the camera would do.
        aspect: of the video.
        reach: frame widths within which the movement rises from nothing to all of it.
    """
    # A smoothstep rises half as fast again as a line.
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
