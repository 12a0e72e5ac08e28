"""Takes: shots ready to be drawn, from a photograph or from words alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.domain.frame import Frame
from kirin.domain.intent import Direction, Intent
from kirin.domain.storyboard import Storyboard
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.arrival import Arrival
from kirin.engines.animatic.photo.photo import Photo
from kirin.engines.animatic.scene.scene import Scene
from kirin.media.images import load_rgb
from kirin.vision.matting.segmenter import Segmenter

Pixels = NDArray[np.uint8]

LARGEST_SIDE = 4096
"""Pixels to which larger pictures are reduced on loading: twice what any video can show."""

Check = Callable[[], None]
"""Called between the steps of a preparation; raises ``Stopped`` once the task is cancelled."""


class PhotoTake:
    """A camera moves over a photograph."""

    def __init__(
        self,
        storyboard: Storyboard,
        picture: Path,
        direction: Direction,
        poses: Sequence[Pose],
        segmenter: Segmenter,
        check: Check,
    ) -> None:
        rgb = load_rgb(picture, LARGEST_SIDE)
        check()
        self._photo = Photo.prepare(rgb, storyboard.width, storyboard.height, poses, segmenter)
        self._poses = poses
        self._direction = direction

    @property
    def notes(self) -> dict[str, Any]:
        """How it is made."""
        return {
            "method": "camera move over the picture",
            "layers": _layers(self._photo.layered),
            "direction": self._direction.describe(),
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._photo.frame(self._poses[index])


class ArrivalTake:
    """A camera moves over a photograph, and ends with the whole of it."""

    def __init__(
        self,
        storyboard: Storyboard,
        picture: Path,
        direction: Direction,
        poses: Sequence[Pose],
        segmenter: Segmenter,
        check: Check,
    ) -> None:
        width, height = storyboard.width, storyboard.height
        rgb = cropped(load_rgb(picture, LARGEST_SIDE), width, height)
        check()
        self._arrival = Arrival.prepare(rgb, width, height, poses, segmenter)
        self._direction = direction
        # Who ends with the whole picture cannot have come closer to it.
        start, end = (poses[i].view(1.0).scale for i in (0, -1))
        self._turned = start < end

    @property
    def notes(self) -> dict[str, Any]:
        """How it is made."""
        return {
            "method": "camera move that arrives at the picture",
            "layers": _layers(self._arrival.layered),
            "direction": self._direction.describe(),
            "turned_about": self._turned,
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._arrival.frame(index)


class SceneTake:
    """A camera moves through a procedural scene that words describe."""

    def __init__(self, storyboard: Storyboard, intent: Intent, poses: Sequence[Pose]) -> None:
        size = storyboard.width, storyboard.height
        self._scene = Scene(intent.scene, *size, storyboard.fps, poses)
        self._direction = intent.camera

    @property
    def notes(self) -> dict[str, Any]:
        """How it is made."""
        return {
            "method": "procedural scene",
            "scene": self._scene.describe(),
            "direction": self._direction.describe(),
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._scene.frame(index)


def cropped(rgb: Pixels, width: int, height: int) -> Pixels:
    """The middle of a picture or mask in the aspect of a video, to whole pixels: a view."""
    across = min(rgb.shape[1], round(rgb.shape[0] * width / height))
    down = min(rgb.shape[0], round(rgb.shape[1] * height / width))
    left, top = (rgb.shape[1] - across) // 2, (rgb.shape[0] - down) // 2
    return rgb[top : top + max(down, 1), left : left + max(across, 1)]


def _layers(layered: bool) -> str:
    return "subject and background" if layered else "one picture"
