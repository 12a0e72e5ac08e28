"""Takes with the motion brush: painted parts of a photograph move, or must not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kirin.domain.assets import Asset
from kirin.domain.callbacks import ReadAsset
from kirin.domain.frame import Frame
from kirin.domain.intent import Direction
from kirin.domain.storyboard import Point, Shot, Storyboard
from kirin.engines.animatic.brush.brush import EMPTY, Brush, Part
from kirin.engines.animatic.brush.hold import Hold
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.takes import Check, cropped
from kirin.errors import InputsRefused, attributed_to
from kirin.media.images import load_mask, load_rgb
from kirin.vision.easing import Floats
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb
from kirin.vision.trajectory import Trajectory

_DENSITY = 1.5  # pixels of the picture to one of the video: more could not be seen


@dataclass(frozen=True, slots=True)
class _Painted:
    """A picture and what was painted over it, all of one size."""

    rgb: Rgb
    masks: tuple[Plane, ...]
    still: Plane | None

    @classmethod
    def load(
        cls, storyboard: Storyboard, shot: Shot, first: Asset, read: ReadAsset, check: Check
    ) -> _Painted:
        """Load and check them.

        Raises:
            InputsRefused: a mask is empty.
        """
        side = round(_DENSITY * max(storyboard.width, storyboard.height))
        rgb = load_rgb(read(first), side)
        height, width = rgb.shape[:2]
        masks = []
        for number, stroke in enumerate(shot.strokes, 1):
            check()
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


class BrushTake:
    """Painted parts of a photograph follow their paths.

    The camera moves only if the prompt names a move, and never around what must not change.
    """

    def __init__(
        self,
        storyboard: Storyboard,
        shot: Shot,
        first: Asset,
        read: ReadAsset,
        direction: Direction,
        poses: Sequence[Pose],
        check: Check,
    ) -> None:
        painted = _Painted.load(storyboard, shot, first, read, check)
        asked = bool(direction.steps) and not direction.default
        moving = asked and painted.still is None
        path = list(poses) if moving else [Pose()] * len(poses)
        scale = painted.rgb.shape[1] / first.width
        pixel = painted.rgb.shape[1] / storyboard.width
        parts = [
            Part(mask, _offsets(stroke.path, scale, pixel, len(path)))
            for mask, stroke in zip(painted.masks, shot.strokes, strict=True)
        ]
        self._brush = Brush.prepare(
            painted.rgb,
            storyboard.width,
            storyboard.height,
            path,
            parts,
            painted.still,
            check,
        )
        self.notes: dict[str, Any] = {
            "method": "motion brush",
            "regions": len(parts),
            "still": painted.still is not None,
        }
        if moving:
            self.notes["direction"] = direction.describe()
        else:
            self.notes["camera"] = "fixed: a static mask is given" if asked else "fixed"

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._brush.frame(index)


class HoldTake:
    """A painted part of a photograph stays as it is, and the rest stirs."""

    def __init__(
        self,
        storyboard: Storyboard,
        shot: Shot,
        first: Asset,
        read: ReadAsset,
        direction: Direction,
        poses: Sequence[Pose],
        check: Check,
    ) -> None:
        painted = _Painted.load(storyboard, shot, first, read, check)
        width, height = storyboard.width, storyboard.height
        still = painted.still
        if still is None:
            raise ValueError("a shot without a static mask has nothing to hold")
        rgb = cropped(painted.rgb, width, height)
        self._hold = Hold.prepare(rgb, width, height, poses, cropped(still, width, height))
        self.notes: dict[str, Any] = {
            "method": "camera move around a still part",
            "still": True,
            "direction": direction.describe(),
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._hold.frame(index)


def _offsets(path: Sequence[Point], scale: float, pixel: float, count: int) -> Floats:
    """How far a part has moved in each frame, in pixels of the loaded picture.

    Args:
        path: points in pixels of the picture as it came.
        scale: pixels of the loaded picture to one of those.
        pixel: pixels of it to one of the video; the path is smoothed by what can be seen there.
        count: frames.
    """
    points = np.array([[point.x, point.y] for point in path], np.float64)
    offsets: Floats = Trajectory(points * (scale / pixel)).offsets(count) * pixel
    return offsets
