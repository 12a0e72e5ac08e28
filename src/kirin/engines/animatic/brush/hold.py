"""The static mask: a camera move over a picture of which one region must not change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.frame import Frame
from kirin.engines.animatic.brush.matter import Animate
from kirin.engines.animatic.brush.static_region import StaticRegion
from kirin.engines.animatic.camera.framing import Framing
from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.rest import start_at_rest
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, TexturePart
from kirin.engines.animatic.cinemagraph.still import PictureTexture
from kirin.engines.animatic.photo.animated_texture import SharedTexture
from kirin.vision.easing import smoothstep
from kirin.vision.flow.warping import PackedPlanes, WarpGrid
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes, Rgb, new_frame, resize_shown

Floats = NDArray[np.float32]

INSIDE = 8
"""Brightness, of 255, above which a mask holds what is under it."""

_GRID = 240  # longest side of the displacement grid
_DENSITY = 1.5  # pixels of the source per pixel of the frame: sharp with bilinear sampling
_SEAM = 6  # pixels around the held region that are held too, for the filters
_FADE = 0.7  # of the greatest distance from the held region: from there on the move is full
_STRETCH = 0.3  # greatest stretch of the picture between the held region and what moves


class Hold:
    """A picture with a held region that never changes. Not thread-safe.

    The rest is displaced as by a camera move, ever less towards the held region: nothing tears,
    and the picture's border never shows.

    Attributes:
        held: the pixels that never change.
        living: what moves in the rest.
    """

    def __init__(
        self,
        ends: Planes,
        fine: Planes,
        mobility: Floats,
        poses: Sequence[Pose],
        held: StaticRegion | None,
        living: Cinemagraph,
    ) -> None:
        self.held = held
        self.living = living
        self._ends = ends
        self._fine = fine
        self._packed = PackedPlanes.of(fine)
        self._moving = _MovingSource(fine, ends, living.behind) if living.behind else None
        self._mobility = mobility
        self._poses = poses
        height, width = ends.y.shape
        self._grid = WarpGrid(width, height, _GRID)
        self._rest = self._grid.centres()

    @classmethod
    def prepare(
        cls,
        rgb: Rgb,
        width: int,
        height: int,
        poses: Sequence[Pose],
        mask: Plane,
        animate: Animate | None = None,
    ) -> Hold:
        """Compute how far each pixel may move.

        Args:
            rgb: a picture of the video's aspect.
            width, height: of the video, even.
            poses: of the camera, one per frame.
            mask: of the held region, of the picture's height and width.
            animate: finds what moves in the rest; its shot has these poses.
        """
        held = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA) > INSIDE
        away = cv2.distanceTransform((~held).astype(np.uint8), cv2.DIST_L2, 5)
        if not held.any():
            away[:] = max(width, height)
        reach = max(_FADE * float(away.max()), 1.0)
        near = np.clip((away - _SEAM) / max(reach - _SEAM, 1.0), 0, 1)
        grid = WarpGrid(width, height, _GRID)
        # The minimum around each cell, so that interpolation does not move held pixels.
        least = cv2.erode(near, np.ones((2 * grid.cell + 1,) * 2, np.uint8))
        small = cast(Floats, cv2.remap(least, *_pixels(grid), cv2.INTER_NEAREST))
        mobility = smoothstep(small)
        free = _attenuated(start_at_rest(poses, width / height), width / height, reach / width)
        ends = resize_shown(rgb, width, height)
        fine = ends
        if any(pose != Pose() for pose in free):
            size = round(width * _DENSITY / 2) * 2, round(height * _DENSITY / 2) * 2
            fine = resize_shown(rgb, *size)
        living = Cinemagraph()
        if animate:
            size = fine.shape[1], fine.shape[0]
            kept = cv2.resize(held.astype(np.uint8) * 255, size, interpolation=cv2.INTER_NEAREST)
            middle = size[0] / 2, size[1] / 2
            texture = PictureTexture(fine, None, None, None, middle, size[0] / width, poses)
            living = animate(texture, cast(Plane, kept))
        rest = Planes.from_rgb(ends)
        source = rest if fine is ends else Planes.from_rgb(fine)
        if not living.behind:
            # Chroma may be softer: its planes need no more samples than the frame has.
            source = Planes(source.y, rest.u, rest.v)
        whole = Framing(rgb.shape[1] / 2, rgb.shape[0] / 2, rgb.shape[1], rgb.shape[0])
        return cls(
            rest,
            source,
            mobility.astype(np.float32),
            free,
            StaticRegion.of(rgb, mask, whole, (width, height)),
            living,
        )

    def frame(self, index: int) -> Frame:
        """Draw a frame, a new one each time; the first is the picture itself."""
        height, width = self._ends.y.shape
        frame = new_frame(width, height)
        target = Planes.of_frame(frame)
        places, share = self._placed(self._poses[index])
        least, most = int(share.min()), int(share.max())
        if self._moving:
            self._moving.show(index)
            if most > 0:
                self._packed.renew(self._fine)
        if least < 255:
            for plane, end in zip(_planes(target), _planes(self._ends), strict=True):
                np.copyto(plane, end)
        if most > 0:
            self._grid.draw(self._packed, places, target, share)
        if self._moving and self.held:
            self.held.over(_planes(target))
        return frame

    def _placed(self, pose: Pose) -> tuple[Floats, Plane]:
        """Where the grid's cells come from, and the weight of what is read there."""
        height, width = self._ends.y.shape
        shift = self._mobility[..., None] * _shift(pose, self._rest, width / height)
        # Below half a pixel of displacement, blend with the picture itself, which is sharper.
        across, down = np.abs(shift[..., 0]) * width, np.abs(shift[..., 1]) * height
        moved = np.clip(2 * np.maximum(across, down), 0, 1)
        return self._rest + shift, np.round(moved * 255).astype(np.uint8)


class _MovingSource:
    """What moves in the source of a hold, and the same where the picture itself is shown.

    Args:
        fine: planes of the source, in which parts are drawn.
        ends: planes of the picture in the frame's size; the same as ``fine`` for a camera at rest.
        parts: in pixels of ``fine``.
    """

    def __init__(self, fine: Planes, ends: Planes, parts: Sequence[TexturePart]) -> None:
        self._texture = SharedTexture(fine, (), parts)
        self._carried: list[tuple[Plane, Plane, NDArray[np.int16]]] = []
        if fine is ends:
            return
        for large, small in (fine.y, ends.y), (fine.u, ends.u), (fine.v, ends.v):
            height, width = small.shape
            reduced = cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA)
            lost = small.astype(np.int16) - reduced.astype(np.int16)
            self._carried.append((large, small, lost))

    def show(self, number: int) -> None:
        """Put both into the state that they have in a frame."""
        self._texture.show(number)
        for large, small, lost in self._carried:
            height, width = small.shape
            reduced = cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA)
            # What the smaller picture has, and the larger one lost, is given back.
            np.clip(reduced + lost, 0, 255, out=small, casting="unsafe")


def _planes(planes: Planes) -> tuple[Plane, Plane, Plane]:
    return planes.y, planes.u, planes.v


def _pixels(grid: WarpGrid) -> tuple[Floats, Floats]:
    """The centres of a grid's cells in pixels of the view; those beyond it on its border."""
    x, y = cv2.split(grid.centres())
    x, y = x * grid.width - np.float32(0.5), y * grid.height - np.float32(0.5)
    return np.clip(x, 0, grid.width - 1), np.clip(y, 0, grid.height - 1)


def _shift(pose: Pose, rest: Floats, aspect: float) -> Floats:
    """Displacement of places of the rest view in a pose, in its widths and heights."""
    view = pose.view(PIVOT)
    across, down = (rest[..., 0] - 0.5) * aspect, rest[..., 1] - 0.5
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
    rest = np.array([[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]], np.float32)
    corners = max((float(np.abs(_shift(pose, rest, aspect)).max()) for pose in poses), default=0.0)
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
