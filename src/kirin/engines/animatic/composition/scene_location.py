"""A procedural scene with figures in it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from kirin.domain.cast import Cast
from kirin.domain.frame import Frame
from kirin.domain.intent import SceneDescription
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.composition.figure import Figure, Screen
from kirin.engines.animatic.composition.subject_shape import StandingGround
from kirin.engines.animatic.places.sets import ground_of
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.ground import Surface
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.lighting import Lighting
from kirin.engines.animatic.stage.scene import Scene

_FEET = (0.56, 0.86)  # disparities between which feet stand on the ground of a scene


class SceneLocation:
    """A procedural scene whose layers and weather may occlude figures."""

    def __init__(
        self, scene: SceneDescription, width: int, height: int, fps: Fraction, poses: Sequence[Pose]
    ) -> None:
        self._scene = Scene(scene, width, height, fps, poses, floored=True)
        setting = self._scene.setting
        self.screen = Screen(width, height, setting.lens.canvas())
        self.lighting = Lighting.of_scene(setting.light)
        ground = ground_of(scene, Cast())
        if ground.surface is Surface.NONE:
            # The lower, the nearer, as on the ground.
            self.ground = StandingGround(
                0.36, 0.05, lambda row: np.clip(0.55 + 0.5 * row, 0, 1), True
            )
        else:
            below = 0.5 - ground.horizon
            self.ground = StandingGround(
                nearest=ground.row(min(_FEET[1], ground.front)),
                farthest=ground.row(max(_FEET[0], ground.back)),
                disparity=lambda row: np.clip((row - ground.horizon) / below, 0.0, 1.0),
            )

    def add_figures(self, figures: Sequence[Figure]) -> None:
        """Insert the figures."""
        self._scene.guests += [_FigureGuest(figure) for figure in figures]

    def describe(self) -> dict[str, Any]:
        """What the location is."""
        return self._scene.describe()

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._scene.frame(index)


class _FigureGuest:
    """A figure as a guest of a scene."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure

    def nearness(self, seconds: float) -> float:  # noqa: ARG002
        """Its disparity, which does not change."""
        return self.figure.disparity

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows; none is hidden completely."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Draw all rows: little of a figure is ever hidden by what is nearer."""
        del lens, rows
        level = Pose(
            pose.x, pose.y, pose.zoom, 0.0, pose.truck_x, pose.truck_y, pose.dolly
        )  # the scene rotates the canvas afterwards
        self.figure.draw((canvas.y, canvas.u, canvas.v), level, seconds)
