"""The shot renderer for prompts without pictures."""

from __future__ import annotations

from typing import Any

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.turn import describe_direction
from kirin.engines.animatic.scene.scene import Scene
from kirin.engines.animatic.shot import ShotContext


class SceneShotRenderer:
    """A camera move through the procedural scene that a prompt describes."""

    def __init__(self, context: ShotContext) -> None:
        fps = context.storyboard.fps
        self._scene = Scene(context.intent.scene, *context.size, fps, context.poses)
        self._direction = context.intent.camera

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made."""
        return {
            "method": "procedural scene",
            "scene": self._scene.describe(),
            "direction": describe_direction(self._direction),
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._scene.frame(index)
