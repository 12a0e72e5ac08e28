"""A procedural scene: painted once, then rendered frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from kirin.domain.frame import Frame
from kirin.domain.intent import SceneDescription
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.blocking import Blocking
from kirin.engines.animatic.cast.performer import performers
from kirin.engines.animatic.composition.lighting import Lighting
from kirin.engines.animatic.scene.assembly import drawables
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.finish import Finish
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.occlusion import Guest, ordered
from kirin.engines.animatic.scene.setting import Setting


class Scene:
    """A procedural scene under a moving camera.

    The constructor paints it, which takes about two seconds at 1920 x 1080. Frames depend only on
    the arguments, not on the process, the thread or the order in which they are drawn. The scene
    reuses its own buffers, so it is not thread-safe.

    Args:
        description: what to show.
        width, height: of the frames in pixels, both even.
        fps: frames per second.
        poses: of the camera, one per frame; no pose shows the border of a layer.
        blocking: of the cast on stage, for the same poses; ``None`` for an empty place.
    """

    def __init__(
        self,
        description: SceneDescription,
        width: int,
        height: int,
        fps: Fraction | float,
        poses: Sequence[Pose],
        blocking: Blocking | None = None,
    ) -> None:
        self._description = description
        self._fps = float(fps)
        self._lens = Lens(width, height, tuple(poses))
        setting = Setting.of(description, self._lens, len(poses) / self._fps)
        self._drawables = drawables(setting)
        self._guests: list[Guest] = []
        if blocking:
            light = Lighting.of_scene(setting.light)
            self._guests += performers(blocking, light, self._lens, self._fps)
        self._canvas = SceneCanvas(*self._lens.canvas())
        self._finish = Finish(width, height, np.random.default_rng([description.variety, 0]))

    def describe(self) -> dict[str, Any]:
        """What the scene shows, as JSON values, for the task's metadata."""
        return {"kind": "procedural scene", **self._description.describe()}

    def frame(self, number: int) -> Frame:
        """Draw a frame; in any order.

        Raises:
            IndexError: there is no pose with this number.
        """
        pose, seconds = self._lens.poses[number], number / self._fps
        height = self._canvas.y.shape[0]
        # From front to back, to skip what is hidden by something nearer.
        visible, bottom = [], height
        for drawable in reversed(ordered(self._drawables, self._guests, seconds)):
            first, opaque, end = drawable.span(self._lens, pose, self._canvas)
            visible.append((drawable, (first, min(bottom, end))))
            bottom = min(bottom, opaque)
        for drawable, rows in reversed(visible):
            if rows[1] > rows[0]:
                drawable.draw(self._canvas, self._lens, pose, seconds, rows)
        return self._finish.frame(self._canvas, pose.roll, number)
