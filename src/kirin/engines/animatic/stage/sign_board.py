"""A board with words, among the guests of a scene."""

from __future__ import annotations

from dataclasses import dataclass

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Lens


@dataclass(frozen=True, slots=True, eq=False)
class SignBoard:
    """A layer that stands among the cast, and is hidden by what is nearer.

    Attributes:
        layer: the board.
        disparity: of its foot.
    """

    layer: SceneLayer
    disparity: float

    def nearness(self, seconds: float) -> float:
        """Its disparity at a time."""
        del seconds
        return self.disparity

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:
        """Rows of a canvas: its first (even), the one from which it is opaque, and its end."""
        return self.layer.span(lens, pose, canvas)

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Draw it on rows of a canvas."""
        self.layer.draw(canvas, lens, pose, seconds, rows)
