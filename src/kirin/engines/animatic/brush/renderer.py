"""The shot renderers for the motion brush: painted regions move, or must not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kirin.domain.assets import Asset
from kirin.domain.cast import Heading
from kirin.domain.frame import Frame
from kirin.domain.motion import MatterRequest
from kirin.domain.storyboard import Point
from kirin.engines.animatic.brush.brush import Brush, BrushRegion
from kirin.engines.animatic.brush.hold import Hold
from kirin.engines.animatic.brush.matter import heading_of, moving_matter
from kirin.engines.animatic.brush.static_region import EMPTY
from kirin.engines.animatic.camera.followed import HELD, NO_MOVES, describe_not_followed
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.turn import describe_direction
from kirin.engines.animatic.pictures import center_crop
from kirin.engines.animatic.shot import ShotContext
from kirin.errors import InputsRefused, attributed_to
from kirin.media.images import load_mask, load_rgb
from kirin.vision.easing import Floats
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb
from kirin.vision.trajectory import Trajectory

_DENSITY = 1.5  # pixels of the loaded picture per pixel of the video: more would not be visible


@dataclass(frozen=True, slots=True)
class _BrushInputs:
    """The first picture and its masks, all of one size."""

    rgb: Rgb
    masks: tuple[Plane, ...]
    still: Plane | None

    @classmethod
    def load(cls, context: ShotContext, first: Asset) -> _BrushInputs:
        """Load and check them.

        Raises:
            InputsRefused: a mask is empty.
        """
        shot, read = context.shot, context.read
        rgb = load_rgb(read(first), round(_DENSITY * max(context.size)))
        height, width = rgb.shape[:2]
        masks = []
        for number, stroke in enumerate(shot.strokes, 1):
            context.check()
            mask = load_mask(read(stroke.mask), width, height)
            if mask.max() <= EMPTY:
                with attributed_to("shots.strokes"):
                    raise InputsRefused(
                        f"The mask of motion-brush stroke {number} is empty: paint white where the "
                        "picture should move."
                    )
            masks.append(mask)
        still = load_mask(read(shot.still), width, height) if shot.still else None
        return cls(rgb, tuple(masks), still)


class BrushShotRenderer:
    """Painted regions of the first picture follow their paths.

    The camera moves only if the prompt names a move and there is no static mask. Matter that the
    prompt names moves behind the regions; a region that is painted over such matter gives it its
    way, and stays where it is.

    Attributes:
        notes: how the shot is made.
        living: the matter that moves.
        held: what must not change.
    """

    def __init__(self, context: ShotContext) -> None:
        first, direction = context.shot.first, context.intent.camera
        if first is None:
            raise ValueError("the shot has no first picture")
        inputs = _BrushInputs.load(context, first)
        named = bool(direction.steps) and not direction.default
        moving = named and inputs.still is None
        poses = list(context.poses) if moving else [Pose()] * len(context.poses)
        width, height = context.size
        scale = inputs.rgb.shape[1] / first.width
        pixel = inputs.rgb.shape[1] / width
        parts = [
            BrushRegion(mask, _offsets(stroke.path, scale, pixel, len(poses)))
            for mask, stroke in zip(inputs.masks, context.shot.strokes, strict=True)
        ]
        regions, matter = _without_matter(inputs.rgb, parts, context.intent.motion.matter)
        self._brush = Brush.prepare(
            inputs.rgb,
            width,
            height,
            poses,
            regions,
            inputs.still,
            context.check,
            moving_matter(context, matter),
        )
        self.living, self.held = self._brush.living, self._brush.held
        self.notes: dict[str, Any] = {
            "method": "motion brush",
            "regions": len(regions),
            "still": inputs.still is not None,
        }
        if len(regions) < len(parts):
            self.notes["ways_of_matter"] = len(parts) - len(regions)
        if moving:
            self.notes["direction"] = describe_direction(direction)
        else:
            self.notes["camera"] = "fixed: a static mask is given" if named else "fixed"
            self.notes |= describe_not_followed(direction, NO_MOVES)

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._brush.frame(index)


class HoldShotRenderer:
    """A camera move that leaves the region under the static mask as it is.

    Where the prompt names matter and no move, the camera stays too: all that moves is the matter.

    Attributes:
        notes: how the shot is made.
        living: the matter that moves.
        held: what must not change.
    """

    def __init__(self, context: ShotContext) -> None:
        first = context.shot.first
        if first is None:
            raise ValueError("the shot has no first picture")
        inputs = _BrushInputs.load(context, first)
        if inputs.still is None:
            raise ValueError("the shot has no static mask")
        width, height = context.size
        rgb = center_crop(inputs.rgb, width, height)
        still = center_crop(inputs.still, width, height)
        direction, matter = context.intent.camera, context.intent.motion.matter
        fixed = bool(matter) and (direction.default or not direction.steps)
        poses = [Pose()] * len(context.poses) if fixed else context.poses
        self._hold = Hold.prepare(rgb, width, height, poses, still, moving_matter(context, matter))
        self.living, self.held = self._hold.living, self._hold.held
        self.notes: dict[str, Any] = {
            "method": "camera move around a still part",
            "still": True,
            **describe_not_followed(direction, HELD),
        }
        if fixed:
            self.notes |= {"method": "matter moves around a still part", "camera": "fixed"}
        else:
            self.notes["direction"] = describe_direction(direction)

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._hold.frame(index)


def _without_matter(
    rgb: Rgb, parts: Sequence[BrushRegion], requests: Sequence[MatterRequest]
) -> tuple[list[BrushRegion], list[MatterRequest]]:
    """The painted parts that are things; and the matter, with the ways of the other parts."""
    kept, ways = list[BrushRegion](), dict[MatterRequest, Heading]()
    for part in parts:
        found = heading_of(rgb, part.mask, part.offsets, requests)
        if found is None:
            kept.append(part)
        else:
            ways.setdefault(*found)
    return kept, [replace(each, heading=ways.get(each, each.heading)) for each in requests]


def _offsets(path: Sequence[Point], scale: float, pixel: float, count: int) -> Floats:
    """How far a region has moved in each frame.

    Args:
        path: points in pixels of the original picture.
        scale: pixels of the loaded picture per pixel of the original.
        pixel: pixels of the loaded picture per pixel of the video, in which the path's smoothing
            tolerance is measured.
        count: frames.

    Returns:
        x and y in pixels of the loaded picture, shape ``(count, 2)``.
    """
    points = np.array([[point.x, point.y] for point in path], np.float64)
    offsets: Floats = Trajectory(points * (scale / pixel)).offsets(count) * pixel
    return offsets
