"""A scene: everything that a description names, prepared once and then filmed frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from kirin.domain.frame import Frame
from kirin.domain.intent import SceneDescription
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.finish import Finish
from kirin.engines.animatic.scene.layer import Canvas, Lens
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.stage import elements


class Scene:
    """A scene description, filmed.

    Painting happens in the constructor, within about two seconds at 1920 x 1080; the
    pictures depend on the arguments alone, never on process, thread or the order of frames.
    Frames are drawn into memory of the scene's own: one thread at a time.

    Args:
        description: what to show.
        width, height: pixels of the frames, both even.
        fps: frames a second.
        poses: of the camera, one for each frame; however they go, no edge comes into view.
    """

    def __init__(
        self,
        description: SceneDescription,
        width: int,
        height: int,
        fps: Fraction | float,
        poses: Sequence[Pose],
    ) -> None:
        self._description = description
        self._fps = float(fps)
        self._lens = Lens(width, height, tuple(poses))
        setting = Setting.of(description, self._lens, len(poses) / self._fps)
        self._elements = elements(setting)
        self._canvas = Canvas(*self._lens.canvas())
        self._finish = Finish(width, height, np.random.default_rng([description.variety, 0]))

    def describe(self) -> dict[str, Any]:
        """What the scene shows, as JSON values, for a task's metadata."""
        return {"kind": "procedural scene", **self._description.describe()}

    def frame(self, number: int) -> Frame:
        """Draw one frame, in any order.

        Raises:
            IndexError: there is no pose of this number.
        """
        pose, seconds = self._lens.poses[number], number / self._fps
        height = self._canvas.y.shape[0]
        # From front to back, so that nothing is drawn that something nearer hides.
        visible, bottom = [], height
        for element in reversed(self._elements):
            first, opaque, end = element.span(self._lens, pose, self._canvas)
            visible.append((element, (first, min(bottom, end))))
            bottom = min(bottom, opaque)
        for element, rows in reversed(visible):
            if rows[1] > rows[0]:
                element.draw(self._canvas, self._lens, pose, seconds, rows)
        return self._finish.frame(self._canvas, pose.roll, number)
