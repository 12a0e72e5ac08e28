"""The motion brush: painted regions of a picture move along paths, over an inpainted background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.brush.matter import Animate
from kirin.engines.animatic.brush.static_region import EMPTY, Drawn, StaticRegion, rest_view
from kirin.engines.animatic.camera.framing import Framing, PathExtent, Relief
from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Rectangle, TexturePart
from kirin.engines.animatic.cinemagraph.still import PictureTexture
from kirin.engines.animatic.photo.animated_texture import AnimatedTexture, SharedTexture
from kirin.engines.animatic.photo.crop import CroppedPicture
from kirin.engines.animatic.photo.subject_layer import SubjectLayer
from kirin.vision.beside import beside, each
from kirin.vision.easing import Floats, smoothstep
from kirin.vision.inpainting.holes import inpaint_holes
from kirin.vision.kernels import Plane
from kirin.vision.matting.painted_mask import refine_painted_mask
from kirin.vision.planes import Planes, Rgb, new_frame
from kirin.vision.sky.sky import find_sky

_FLAT = Relief.flat_at(PIVOT)  # all regions have one disparity, so that a camera moves them alike
_RIM = 0.008  # of the longest side: displacement over which the background is blended in
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
    """A picture with moving regions. Not thread-safe.

    Attributes:
        held: what must not change.
        living: what moves in the background.
    """

    def __init__(
        self,
        view: tuple[int, int],
        poses: Sequence[Pose],
        behind: _StaticBackground | _MovingBackground,
        cut: Sequence[tuple[SubjectLayer, Floats]],
        still: StaticRegion | None,
        living: Cinemagraph,
    ) -> None:
        self._view = view
        self._poses = poses
        self._behind = behind
        self._cut = cut
        self.held = still
        self.living = living

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
        animate: Animate | None = None,
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
            animate: finds what moves in the background; its shot has these poses.
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
        uncut = list[tuple[Rgb, Plane, Floats]]()
        picture = rgb
        hidden = np.zeros(rgb.shape[:2], np.uint8)
        for mask, part in zip(reversed(masks), reversed(parts), strict=True):
            if np.minimum(hidden, mask).any():  # a region above hides some of this one
                picture = inpaint_holes(picture, hidden, sky)
                hidden = np.zeros(rgb.shape[:2], np.uint8)
                check()
            uncut.append((picture, mask, part.offsets))
            hidden = np.maximum(hidden, mask)

        def cut_out(region: tuple[Rgb, Plane, Floats]) -> SubjectLayer | None:
            check()
            return _cut_out(*region, framing, (width, height), density)

        # All that is left under the regions is filled while they are cut out.
        with beside(lambda: [cut_out(region) for region in uncut]) as subjects:
            if cv2.countNonZero(hidden):
                picture = inpaint_holes(picture, hidden, sky)
            check()
            layers = subjects()
        scale = np.array([framing.width, framing.height])
        cut = [
            (layer, offsets / scale)
            for layer, (_, _, offsets) in zip(layers, uncut, strict=True)
            if layer
        ]
        behind: _StaticBackground | _MovingBackground
        if any(pose != Pose() for pose in poses):
            crop = CroppedPicture.cut(picture, framing, extent, width, density)
            behind = _MovingBackground(crop, (width, height))
        else:
            rim = _RIM * max(width, height) / width
            seen = [rest_view(each, framing, (width, height)) for each in (rgb, picture)]
            behind = _StaticBackground(seen[0], seen[1], rim)
        living = Cinemagraph()
        if animate:
            held = None if still is None else _held(still, framing, (width, height))
            living = animate(replace(behind.texture, poses=poses), held)
            behind.move(living.behind)
        region = (
            StaticRegion.of(rgb, still, framing, (width, height)) if still is not None else None
        )
        return cls((width, height), poses, behind, cut[::-1], region, living)

    def frame(self, index: int) -> Frame:
        """Draw a frame, a new one each time."""
        pose = self._poses[index]
        frame = new_frame(*self._view)
        target = Planes.of_frame(frame)
        planes = (target.y, target.u, target.v)
        moved = max((float(np.hypot(*way[index])) for _, way in self._cut), default=0.0)
        self._behind.show(index)
        complete = not self._behind.draw(planes, pose, moved)
        # What flows behind a region that still waits must not flow over it.
        if complete and (index == 0 or not self.living.behind):
            return frame
        for subject, way in self._cut:
            x, y = way[index]
            subject.over(planes, replace(pose, x=pose.x - float(x), y=pose.y - float(y)))
        if self.held:
            self.held.over(planes)
        return frame


class _StaticBackground:
    """The background under a camera at rest.

    Args:
        rgb: the view of the picture, with the regions in place.
        filled: the same without them.
        rim: displacement over which it is blended in, in view widths.
    """

    def __init__(self, rgb: Rgb, filled: Rgb, rim: float) -> None:
        self._filled = filled
        self._rim = rim
        self._planes = Planes.from_rgb(rgb), Planes.from_rgb(filled)
        self._moving: list[SharedTexture] = []

    @property
    def texture(self) -> PictureTexture:
        """What matter may move in."""
        height, width = self._filled.shape[:2]
        return PictureTexture(self._filled, None, None, None, (width / 2, height / 2), 1.0)

    def move(self, parts: Sequence[TexturePart]) -> None:
        """Let parts move in it."""
        if parts:
            self._moving = [SharedTexture(planes, (), parts) for planes in self._planes]

    def show(self, number: int) -> None:
        """Put it into the state that it has in a frame."""
        for texture in self._moving:
            texture.show(number)

    def draw(self, planes: Drawn, _: Pose, moved: float) -> bool:
        """Draw it; return false if no region has moved, so that they are all in it.

        The inpainted area is a little larger than the regions, to remove their blur and shadow.
        It is blended in while they start to move, so that the first frame is the picture itself.
        """
        share = smoothstep(min(moved / self._rim, 1.0))
        pictures = ((each.y, each.u, each.v) for each in self._planes)
        for plane, whole, filled in zip(planes, *pictures, strict=True):
            if share in (0.0, 1.0):
                np.copyto(plane, filled if share else whole)
            else:
                cv2.addWeighted(whole, 1 - share, filled, share, 0, plane)
        return share > 0.0


class _MovingBackground:
    """The background under a moving camera: a crop of the filled picture."""

    def __init__(self, crop: CroppedPicture, view: tuple[int, int]) -> None:
        self._layer = crop.layer(Planes.from_rgb(crop.picture), view, _FLAT)
        scale = crop.size[0] / view[0]
        self.texture = PictureTexture(crop.picture, None, None, None, crop.centre, scale)
        self._moving: AnimatedTexture | None = None

    def move(self, parts: Sequence[TexturePart]) -> None:
        """Let parts move in it."""
        self._moving = AnimatedTexture(self._layer, parts) if parts else None

    def show(self, number: int) -> None:
        """Put it into the state that it has in a frame."""
        if self._moving:
            self._moving.show(number)

    def draw(self, planes: Drawn, pose: Pose, _: float) -> bool:
        """Draw it; always true: the regions are to be drawn too."""
        height, width = planes[0].shape
        self._layer.draw(pose, Rectangle(0, 0, width, height), planes)
        return True


def _held(still: Plane, framing: Framing, view: tuple[int, int]) -> Plane:
    """A static mask as the rest view shows it, 255 wherever it holds at all."""
    seen = rest_view(np.dstack([still] * 3), framing, view)[..., 0]
    return np.where(seen > EMPTY, 255, 0).astype(np.uint8)


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
