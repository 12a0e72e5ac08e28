"""The shot renderer for prompts without pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kirin.domain.frame import Frame
from kirin.domain.intent import Extra, SceneDescription, Terrain
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.blocking import Blocking, block
from kirin.engines.animatic.cast.follow import followed
from kirin.engines.animatic.scene.ground import Ground, Surface
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.scene import Scene
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.shot import ShotContext


class SceneShotRenderer:
    """A camera move through the procedural scene that a prompt describes."""

    def __init__(self, context: ShotContext) -> None:
        fps, cast, scene = context.storyboard.fps, context.intent.cast, context.intent.scene
        width, height = context.size
        poses: Sequence[Pose] = context.poses
        self._blocking: Blocking | None = None
        if cast.members:
            poses = followed(cast, poses, fps, width / height)
            ground = open_ground(scene, Lens(width, height, poses))
            seed = scene.variety + context.storyboard.seed
            self._blocking = block(cast, ground, context.size, fps, poses, seed)
        self._scene = Scene(scene, width, height, fps, poses, self._blocking)
        self._direction = context.intent.camera

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made."""
        scene = self._scene.describe()
        if self._blocking:
            scene["cast"] = self._blocking.describe()
        return {
            "method": "procedural scene",
            "scene": scene,
            "direction": self._direction.describe(),
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._scene.frame(index)


def open_ground(scene: SceneDescription, lens: Lens) -> Ground:
    """The ground of open country."""
    horizon = Setting.of(scene, lens, 1.0).eye.horizon / lens.height
    if scene.terrain is Terrain.SPACE:
        return Ground(horizon, 0.2, 0.9, Surface.NONE)
    if scene.terrain in (Terrain.SEA, Terrain.CITY):
        return Ground(horizon, 0.2, 0.9, Surface.WATER)
    shore = 0.45 if Extra.LAKE in scene.extras else None
    return Ground(horizon, 0.5 if shore else 0.35, 0.95, Surface.LAND, shore)
