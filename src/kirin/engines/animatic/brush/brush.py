"""The motion brush: painted regions of a picture move along paths, over an inpainted background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.framing import Framing, PathExtent, Relief
from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.crop import CroppedPicture
from kirin.engines.animatic.photo.layer import PictureLayer, Window
from kirin.engines.animatic.photo.subject_layer import SubjectLayer
from kirin.vision.beside import beside, each
from kirin.vision.easing import Floats, smoothstep
from kirin.vision.inpainting.holes import inpaint_holes
from kirin.vision.kernels import Plane, blend
from kirin.vision.matting.painted_mask import refine_painted_mask
from kirin.vision.planes import Planes, Rgb, half_size, new_frame, resize_shown
from kirin.vision.sky.sky import find_sky

EMPTY = 8
"""Brightness, of 255, up to which a mask counts as black."""

_FLAT = Relief.flat_at(PIVOT)  # all regions have one disparity, so that a camera moves them alike
_RIM = 0.008  # of the longest side: displacement over which the background is blended in
_SEAM = 3  # pixels around the static region that stay too, and as many that fade out
_CUT_OFF = 0.4  # of a region's side that must touch the picture's border to count as cut off
_FURTHEST = 0.6  # of a side: greatest extension of a region that is cut off


@dataclass(frozen=True, slots=True)
class BrushRegion:
    """A region of the picture that moves.

    Attributes:
        mask: of the picture's height and width; 255 where it moves.
        offsets: displacement in each frame, x and y in pixels of the picture, shape
            ``(frames, 2)``.
    """

    mask: Plane
    offsets: Floats


class Brush:
    """A picture with moving regions. Not thread-safe."""

    def __init__(
        self,
        view: tuple[int, int],
        poses: Sequence[Pose],
        behind: _StaticBackground | _MovingBackground,
        cut: Sequence[tuple[SubjectLayer, Floats]],
        still: _StaticRegion | None,
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
        parts: Sequence[BrushRegion],
        still: Plane | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> Brush:
        """Cut the regions out, and inpaint the background behind them.

        Where regions overlap, the pixels belong to the last one, which is drawn on top.

        Args:
            rgb: the picture, shape ``(h, w, 3)``.
            width, height: of the video, even; the picture is cropped to its aspect.
            poses: of the camera, one per frame.
            parts: the regions, from the bottom to the top.
            still: mask of what must not change, above all regions; of the picture's height and
                width. It requires a camera at rest.
            check: called between the steps.
        """
        size, aspect = (rgb.shape[1], rgb.shape[0]), width / height
        extent = PathExtent.of(_distinct(poses), _FLAT, aspect)
        framing = Framing.fit(size, extent, aspect)
        there = framing.width / width
        density = float(np.clip(there, 1.25, 1.5))
        with beside(lambda: _sky(rgb)) as looked_up:
            refined = each(lambda part: refine_painted_mask(rgb, part.mask), parts)
            sky = looked_up()
        masks = [_without_static(mask, still) for mask in refined]
        cut: list[tuple[SubjectLayer, Floats]] = []
        picture = rgb
        hidden = np.zeros(rgb.shape[:2], np.uint8)
        for mask, part in zip(reversed(masks), reversed(parts), strict=True):
            if np.minimum(hidden, mask).any():  # a region above hides some of this one
                picture = inpaint_holes(picture, hidden, sky)
                hidden = np.zeros(rgb.shape[:2], np.uint8)
                check()
            scale = np.array([framing.width, framing.height])
            subject = _cut_out(picture, mask, part.offsets, framing, (width, height), density)
            if subject:
                cut.append((subject, part.offsets / scale))
            hidden = np.maximum(hidden, mask)
            check()
        if cv2.countNonZero(hidden):
            picture = inpaint_holes(picture, hidden, sky)
        check()
        behind: _StaticBackground | _MovingBackground
        if any(pose != Pose() for pose in poses):
            crop = CroppedPicture.cut(picture, framing, extent, width, density)
            layer = crop.layer(Planes.from_rgb(crop.picture), (width, height), _FLAT)
            behind = _MovingBackground(layer)
        else:
            rim = _RIM * max(width, height) / width
            behind = _StaticBackground.of(rgb, picture, framing, (width, height), rim)
        held = _StaticRegion.of(rgb, still, framing, (width, height)) if still is not None else None
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
class _StaticBackground:
    """The background under a camera at rest."""

    picture: Drawn  # the original, with the regions in place
    filled: Drawn
    rim: float  # view widths

    @classmethod
    def of(
        cls, rgb: Rgb, filled: Rgb, framing: Framing, view: tuple[int, int], rim: float
    ) -> _StaticBackground:
        whole, behind = (_seen(picture, framing, view) for picture in (rgb, filled))
        return cls((whole.y, whole.u, whole.v), (behind.y, behind.u, behind.v), rim)

    def draw(self, planes: Drawn, _: Pose, moved: float) -> bool:
        """Draw it; return false if nothing has moved, so that the frame is complete.

        The inpainted area is a little larger than the regions, to remove their blur and shadow.
        It is blended in while they start to move, so that the first frame is the picture itself.
        """
        share = smoothstep(min(moved / self.rim, 1.0))
        for plane, whole, filled in zip(planes, self.picture, self.filled, strict=True):
            if share in (0.0, 1.0):
                np.copyto(plane, filled if share else whole)
            else:
                cv2.addWeighted(whole, 1 - share, filled, share, 0, plane)
        return share > 0.0


@dataclass(frozen=True, slots=True)
class _MovingBackground:
    """The background under a moving camera."""

    layer: PictureLayer

    def draw(self, planes: Drawn, pose: Pose, _: float) -> bool:
        """Draw it; always true: the regions are to be drawn too."""
        height, width = planes[0].shape
        self.layer.draw(pose, Window(0, 0, width, height), planes)
        return True


@dataclass(frozen=True, slots=True)
class _StaticRegion:
    """The pixels and the opacity of the region that must not change."""

    planes: Drawn
    alphas: Drawn
    corner: tuple[int, int]  # left, top; even

    @classmethod
    def of(
        cls, rgb: Rgb, mask: Plane, framing: Framing, view: tuple[int, int]
    ) -> _StaticRegion | None:
        """Cut it out of the picture; ``None`` if the video does not show it."""
        # The luma of black is 16.
        inside = _seen(np.dstack([mask] * 3), framing, view).y > 16 + EMPTY
        away = cv2.distanceTransform((~inside).astype(np.uint8), cv2.DIST_L2, 5)
        # Chroma filters reach two pixels, so the seam begins a little outside.
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
        """Composite it over a frame."""
        left, top = self.corner
        for plane, own, alpha, step in zip(
            planes, self.planes, self.alphas, (1, 2, 2), strict=True
        ):
            blend(plane, own, alpha, left // step, top // step)


def _sky(rgb: Rgb) -> Plane | None:
    """1 where a picture shows sky, clouds and all; ``None`` without any."""
    found = find_sky(rgb)
    if found is None:
        return None
    size = rgb.shape[1], rgb.shape[0]
    mask = found.mask.astype(np.uint8)
    return cast(Plane, cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST))


def _distinct(poses: Sequence[Pose]) -> list[Pose]:
    return list(dict.fromkeys(poses))


def _without_static(mask: Plane, still: Plane | None) -> Plane:
    """A mask without its nearly transparent pixels and without the static region."""
    mask[mask <= EMPTY] = 0
    return mask if still is None else np.minimum(mask, 255 - still)


def _cut_out(
    rgb: Rgb,
    mask: Plane,
    offsets: Floats,
    framing: Framing,
    view: tuple[int, int],
    density: float,
) -> SubjectLayer | None:
    """Cut out a region; one that moves inwards from the border is extended by mirroring."""
    height, width = mask.shape
    # A region cut off at the border that moves inwards must show more than the picture has.
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
    extent = PathExtent(
        (box[0] - 12 - moved.x) / moved.width,
        (box[1] - 12 - moved.y) / moved.height,
        (box[0] + box[2] + 12 - moved.x) / moved.width,
        (box[1] + box[3] + 12 - moved.y) / moved.height,
    )
    crop = CroppedPicture.cut(rgb, moved, extent, view[0], density)
    return SubjectLayer.of(crop.picture, crop.crop(mask), crop, view)


def _seen(rgb: Rgb, framing: Framing, view: tuple[int, int]) -> Planes:
    """The rest view as planes of the video's size."""
    height, width = rgb.shape[:2]
    box = (
        max(framing.x - framing.width / 2, 0.0),
        max(framing.y - framing.height / 2, 0.0),
        min(framing.x + framing.width / 2, width),
        min(framing.y + framing.height / 2, height),
    )
    return Planes.from_rgb(resize_shown(rgb, *view, box))
