"""A procedural scene with figures in it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from kirin.domain.frame import Frame
from kirin.domain.intent import SceneDescription, Terrain
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.composition.figure import Figure, Screen
from kirin.engines.animatic.composition.floor import EDGE, floor
from kirin.engines.animatic.composition.lighting import Lighting
from kirin.engines.animatic.composition.subject_shape import StandingGround
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.scene import Scene
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.water import Water

_FEET = (0.56, 0.86)  # disparities between which feet stand on the ground of a scene


class SceneLocation:
    """A procedural scene whose layers and weather may occlude figures."""

    def __init__(
        self, scene: SceneDescription, width: int, height: int, fps: Fraction, poses: Sequence[Pose]
    ) -> None:
        self._scene = _SceneWithFigures(scene, width, height, fps, poses)
        setting = self._scene.setting
        self.screen = Screen(width, height, setting.lens.canvas())
        self.lighting = Lighting.of_scene(setting.light)
        horizon = setting.eye.horizon / height
        below = 0.5 - horizon
        if scene.terrain is Terrain.SPACE:
            # The lower, the nearer, as on the ground.
            self.ground = StandingGround(
                0.36, 0.05, lambda row: np.clip(0.55 + 0.5 * row, 0, 1), True
            )
        else:
            self.ground = StandingGround(
                nearest=horizon + _FEET[1] * below,
                farthest=horizon + max(_FEET[0], EDGE + 0.1) * below,
                disparity=lambda row: np.clip((row - horizon) / below, 0.0, 1.0),
            )

    def add_figures(self, figures: Sequence[Figure]) -> None:
        """Insert the figures."""
        self._scene.add_figures(figures)

    def describe(self) -> dict[str, Any]:
        """What the location is."""
        return self._scene.describe()

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._scene.frame(index)


class _SceneWithFigures(Scene):
    """A scene that draws figures between its own layers."""

    def __init__(
        self, scene: SceneDescription, width: int, height: int, fps: Fraction, poses: Sequence[Pose]
    ) -> None:
        super().__init__(scene, width, height, fps, poses)
        self.setting = Setting.of(scene, self._lens, len(poses) / float(fps))
        ground = floor(self.setting)
        if ground:
            water = [i for i, part in enumerate(self._drawables) if isinstance(part, Water)]
            self._drawables.insert(water[-1] + 1 if water else len(self._drawables), ground)

    def add_figures(self, figures: Sequence[Figure]) -> None:
        """Insert each behind the grass, fog and weather that are nearer."""
        self._guests += [_FigureDrawable(figure) for figure in figures]


class _FigureDrawable:
    """A figure as a drawable of a scene."""

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
