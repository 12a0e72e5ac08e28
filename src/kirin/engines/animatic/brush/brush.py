"""The motion brush: painted parts of a picture go their own ways, over what lies behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.framing import Extent, Framing, Relief
from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.layer import Layer, Window
from kirin.engines.animatic.photo.photo import Stage, Subject
from kirin.vision.easing import Floats
from kirin.vision.inpainting.patches import heal
from kirin.vision.kernels import Plane, blend
from kirin.vision.matting.outline import outline
from kirin.vision.planes import Planes, Rgb, half_size, new_frame, resize

EMPTY = 8
"""Brightness, of 255, up to which a mask counts as black."""

_FLAT = Relief.flat_at(PIVOT)  # all parts are equally near, so that a camera sees them together
_RIM = 0.008  # of the longest side: how far parts move before all of the background shows
_SEAM = 3  # pixels around what stays still that stay with it, and again that fade out
_CUT_OFF = 0.4  # of its height or width that the picture's edge must run through a part
_FURTHEST = 0.6  # of a side: how far a part that the picture cuts off is continued


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the picture that moves.

    Attributes:
        mask: where it is, of the picture's height and width; 255 where it moves.
        offsets: how far it has moved in each frame, shape ``(frames, 2)``, x and y in pixels
            of the picture.
    """

    mask: Plane
    offsets: Floats


class Brush:
    """A picture whose parts move. Frames are drawn one at a time: one thread may use it."""

    def __init__(
        self,
        view: tuple[int, int],
        poses: Sequence[Pose],
        behind: _Behind | _Filmed,
        cut: Sequence[tuple[Subject, Floats]],
        still: _Still | None,
    ) -> None:
        self._view = view
        self._poses = poses
        self._behind = behind
        self._cut = cut
        self._still = still

    @classmethod
    def prepare(
        cls,
        rgb: Rgb,
        width: int,
        height: int,
        poses: Sequence[Pose],
        parts: Sequence[Part],
        still: Plane | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> Brush:
        """Cut the parts out, and paint what lies behind them.

        What several parts share belongs to the last of them, which is also drawn on top.

        Args:
            rgb: the picture, shape ``(h, w, 3)``.
            width, height: of the video, even; the middle of the picture is cut to its aspect.
            poses: of the camera, one for each frame.
            parts: what moves, from the bottom to the top.
            still: what does not change at all, above all parts; of the picture's height and
                width. The camera must be at rest then.
            check: called between the steps.
        """
        size, aspect = (rgb.shape[1], rgb.shape[0]), width / height
        extent = Extent.of(_distinct(poses), _FLAT, aspect)
        framing = Framing.fit(size, extent, aspect)
        there = framing.width / width
        density = float(np.clip(there, 1.25, 1.5))
        masks = [_soft(outline(rgb, part.mask), still) for part in parts]
        cut: list[tuple[Subject, Floats]] = []
        picture = rgb
        hidden = np.zeros(rgb.shape[:2], np.uint8)
        for mask, part in zip(reversed(masks), reversed(parts), strict=True):
            if np.minimum(hidden, mask).any():  # a part above it hides some of this one
                picture = heal(picture, hidden)
                hidden = np.zeros(rgb.shape[:2], np.uint8)
                check()
            scale = np.array([framing.width, framing.height])
            subject = _cut_out(picture, mask, part.offsets, framing, (width, height), density)
            if subject:
                cut.append((subject, part.offsets / scale))
            hidden = np.maximum(hidden, mask)
            check()
        if cv2.countNonZero(hidden):
            picture = heal(picture, hidden)
        check()
        behind: _Behind | _Filmed
        if any(pose != Pose() for pose in poses):
            stage = Stage.cut(picture, framing, extent, width, density)
            behind = _Filmed(stage.layer(Planes.from_rgb(stage.picture), (width, height), _FLAT))
        else:
            rim = _RIM * max(width, height) / width
            behind = _Behind.of(rgb, picture, framing, (width, height), rim)
        held = _Still.of(rgb, still, framing, (width, height)) if still is not None else None
        return cls((width, height), poses, behind, cut[::-1], held)

    def frame(self, index: int) -> Frame:
        """Draw a frame, a new one each time."""
        pose = self._poses[index]
        frame = new_frame(*self._view)
        target = Planes.of_frame(frame)
        planes = (target.y, target.u, target.v)
        moved = max((float(np.hypot(*way[index])) for _, way in self._cut), default=0.0)
        if not self._behind.draw(planes, pose, moved):
            return frame
        for subject, way in self._cut:
            x, y = way[index]
            subject.over(planes, replace(pose, x=pose.x - float(x), y=pose.y - float(y)))
        if self._still:
            self._still.over(planes)
        return frame


Drawn = tuple[Plane, Plane, Plane]


@dataclass(frozen=True, slots=True)
class _Behind:
    """What lies behind the parts, seen by a camera at rest."""

    picture: Drawn  # with the parts where they were
    filled: Drawn
    rim: float  # view widths

    @classmethod
    def of(
        cls, rgb: Rgb, filled: Rgb, framing: Framing, view: tuple[int, int], rim: float
    ) -> _Behind:
        whole, behind = (_seen(picture, framing, view) for picture in (rgb, filled))
        return cls((whole.y, whole.u, whole.v), (behind.y, behind.u, behind.v), rim)

    def draw(self, planes: Drawn, _: Pose, moved: float) -> bool:
        """Draw it; false if nothing has moved, so that this is the whole picture already.

        The filling begins a little outside of the parts, to hide their blur and shadow. It
        comes in while they set off, so that the first frame is the picture itself.
        """
        share = min(moved / self.rim, 1.0)
        share = share * share * (3 - 2 * share)
        for plane, whole, filled in zip(planes, self.picture, self.filled, strict=True):
            if share in (0.0, 1.0):
                np.copyto(plane, filled if share else whole)
            else:
                cv2.addWeighted(whole, 1 - share, filled, share, 0, plane)
        return share > 0.0


@dataclass(frozen=True, slots=True)
class _Filmed:
    """What lies behind the parts, seen by a camera that moves."""

    layer: Layer

    def draw(self, planes: Drawn, pose: Pose, _: float) -> bool:
        """Draw it."""
        height, width = planes[0].shape
        self.layer.draw(pose, Window(0, 0, width, height), planes)
        return True


@dataclass(frozen=True, slots=True)
class _Still:
    """What stays as it is: its pixels, and how much of each it covers."""

    planes: Drawn
    alphas: Drawn
    corner: tuple[int, int]  # left, top; even

    @classmethod
    def of(cls, rgb: Rgb, mask: Plane, framing: Framing, view: tuple[int, int]) -> _Still | None:
        """Cut it out; ``None`` if the video does not show it."""
        # As luma of a grey picture, black is 16.
        inside = _seen(np.dstack([mask] * 3), framing, view).y > 16 + EMPTY
        away = cv2.distanceTransform((~inside).astype(np.uint8), cv2.DIST_L2, 5)
        # Chroma is read up to two pixels around, so the seam begins a little outside.
        alpha = np.clip((2 * _SEAM - away) * (255 / _SEAM), 0, 255).astype(np.uint8)
        box = cv2.boundingRect(alpha)
        left, top = box[0] // 2 * 2, box[1] // 2 * 2
        right, bottom = (box[0] + box[2] + 1) // 2 * 2, (box[1] + box[3] + 1) // 2 * 2
        if right - left < 2 or bottom - top < 2:
            return None
        alpha = np.ascontiguousarray(alpha[top:bottom, left:right])
        whole = _seen(rgb, framing, view)
        part = np.s_[top // 2 : bottom // 2, left // 2 : right // 2]
        u, v = (np.ascontiguousarray(plane[part]) for plane in (whole.u, whole.v))
        chroma = half_size(alpha)
        y = np.ascontiguousarray(whole.y[top:bottom, left:right])
        return cls((y, u, v), (alpha, chroma, chroma), (left, top))

    def over(self, planes: Drawn) -> None:
        """Lay it over a frame."""
        left, top = self.corner
        for plane, own, alpha, step in zip(
            planes, self.planes, self.alphas, (1, 2, 2), strict=True
        ):
            blend(plane, own, alpha, left // step, top // step)


def _distinct(poses: Sequence[Pose]) -> list[Pose]:
    return list(dict.fromkeys(poses))


def _soft(matte: Plane, still: Plane | None) -> Plane:
    """Without what can hardly be seen, nor what is to stay still."""
    matte[matte <= EMPTY] = 0
    return matte if still is None else np.minimum(matte, 255 - still)


def _cut_out(
    rgb: Rgb,
    mask: Plane,
    offsets: Floats,
    framing: Framing,
    view: tuple[int, int],
    density: float,
) -> Subject | None:
    """A part, cut out of its picture; what moves away from the picture's edge goes on mirrored."""
    height, width = mask.shape
    # Where the picture cuts the part off and it moves inwards, there is more of it to be seen.
    box = cv2.boundingRect(mask)
    if box[2] < 1 or box[3] < 1:
        return None
    outwards = np.concatenate([offsets.max(axis=0), -offsets.min(axis=0)])
    sides = (mask[:, 0], mask[0], mask[:, -1], mask[-1])
    left, top, right, bottom = (
        int(min(np.ceil(max(reach, 0.0)) + 8, _FURTHEST * limit))
        if (side > 127).sum() > _CUT_OFF * extent
        else 0
        for reach, side, limit, extent in zip(
            outwards, sides, (width, height) * 2, (box[3], box[2]) * 2, strict=True
        )
    )
    pad = (top, bottom, left, right, cv2.BORDER_REFLECT_101)
    mask = cast(Plane, cv2.copyMakeBorder(mask, *pad))
    rgb = cast(Rgb, cv2.copyMakeBorder(rgb, *pad))
    moved = replace(framing, x=framing.x + left, y=framing.y + top)
    box = cv2.boundingRect(mask)
    extent = Extent(
        (box[0] - 12 - moved.x) / moved.width,
        (box[1] - 12 - moved.y) / moved.height,
        (box[0] + box[2] + 12 - moved.x) / moved.width,
        (box[1] + box[3] + 12 - moved.y) / moved.height,
    )
    stage = Stage.cut(rgb, moved, extent, view[0], density)
    return Subject.of(stage.picture, stage.crop(mask), stage, view)


def _seen(rgb: Rgb, framing: Framing, view: tuple[int, int]) -> Planes:
    """The rest view, as it is."""
    height, width = rgb.shape[:2]
    box = (
        max(framing.x - framing.width / 2, 0.0),
        max(framing.y - framing.height / 2, 0.0),
        min(framing.x + framing.width / 2, width),
        min(framing.y + framing.height / 2, height),
    )
    return Planes.from_rgb(resize(rgb, *view, box))
