"""Takes: shots ready to be drawn, from a photograph or from words alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.direction import Direction
from kirin.engines.animatic.matte import Segmenter
from kirin.engines.animatic.photo import Photo
from kirin.engines.animatic.pose import Pose
from kirin.engines.animatic.scene.brief import read_brief
from kirin.engines.animatic.scene.scene import Scene
from kirin.engines.base import Frame
from kirin.media.images import load_rgb

LARGEST_SIDE = 4096
"""Pixels to which larger pictures are reduced on loading: twice what any video can show."""


class PhotoTake:
    """A camera moves over a photograph."""

    def __init__(
        self,
        storyboard: Storyboard,
        picture: Path,
        direction: Direction,
        poses: Sequence[Pose],
        segmenter: Segmenter,
    ) -> None:
        rgb = load_rgb(picture, LARGEST_SIDE)
        self._photo = Photo.prepare(rgb, storyboard.width, storyboard.height, poses, segmenter)
        self._poses = poses
        self._direction = direction

    @property
    def notes(self) -> dict[str, Any]:
        """How it is made."""
        layers = "subject and background" if self._photo.layered else "one picture"
        return {
            "method": "camera move over the picture",
            "layers": layers,
            "direction": self._direction.describe(),
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._photo.frame(self._poses[index])


class SceneTake:
    """A camera moves through a procedural scene that words describe."""

    def __init__(
        self, storyboard: Storyboard, shot: Shot, direction: Direction, poses: Sequence[Pose]
    ) -> None:
        brief = read_brief(shot.prompt, storyboard.negative_prompt, storyboard.seed)
        size = storyboard.width, storyboard.height
        self._scene = Scene(brief, *size, storyboard.fps, poses)
        self._direction = direction

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
