"""Locations: what figures stand in, from a scene or from a picture."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from kirin.domain.frame import Frame
from kirin.domain.intent import SceneDescription, Terrain
from kirin.engines.animatic.camera.framing import Extent, Focus, Framing, Relief
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.composition.figure import DENSITY, Figure, Screen
from kirin.engines.animatic.composition.floor import EDGE, floor
from kirin.engines.animatic.composition.lighting import Lighting
from kirin.engines.animatic.composition.placement import Ground
from kirin.engines.animatic.photo.layer import Window
from kirin.engines.animatic.photo.photo import Stage
from kirin.engines.animatic.scene.layer import Canvas, Layer, Lens
from kirin.engines.animatic.scene.scene import Scene
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.water import Water
from kirin.engines.animatic.scene.weather import Rain, Snow
from kirin.vision.easing import ease, even
from kirin.vision.planes import Planes, Rgb, new_frame

if TYPE_CHECKING:
    from kirin.engines.animatic.engine import Take

_FEET = (0.56, 0.86)  # nearness between which feet stand on the ground of a scene
_RISE = Relief(0.25, 0.65)  # nearness of a picture, from its top to its bottom, as in ``Photo``
_PHOTO_FEET = (0.28, 0.42)  # the same in rows of a picture, whose ground nobody knows


_COMING, _GOING = (0.12, 0.28), (0.72, 0.88)  # shares of the time in which figures come and go


class Location(Protocol):
    """Where a shot takes place."""

    screen: Screen
    lighting: Lighting
    ground: Ground

    def admit(self, figures: Sequence[Figure]) -> None:
        """Take the figures in, the farthest first."""
        ...

    def describe(self) -> dict[str, Any]:
        """What it is, for the metadata."""
        ...

    def frame(self, index: int) -> Frame:
        """Draw a frame, with the figures."""
        ...


class SceneLocation:
    """A procedural scene; figures stand between its layers, in its weather."""

    def __init__(
        self, scene: SceneDescription, width: int, height: int, fps: Fraction, poses: Sequence[Pose]
    ) -> None:
        self._scene = _Stage(scene, width, height, fps, poses)
        setting = self._scene.setting
        self.screen = Screen(width, height, setting.lens.canvas())
        self.lighting = Lighting.of_scene(setting.light)
        horizon = setting.eye.horizon / height
        below = 0.5 - horizon
        if scene.terrain is Terrain.SPACE:
            # The lower, the nearer, as it looks to us who live on the ground.
            self.ground = Ground(0.36, 0.05, lambda row: np.clip(0.55 + 0.5 * row, 0, 1), True)
        else:
            self.ground = Ground(
                nearest=horizon + _FEET[1] * below,
                farthest=horizon + max(_FEET[0], EDGE + 0.1) * below,
                nearness=lambda row: np.clip((row - horizon) / below, 0.0, 1.0),
            )

    def admit(self, figures: Sequence[Figure]) -> None:
        """Take the figures in."""
        self._scene.admit(figures)

    def describe(self) -> dict[str, Any]:
        """What it is."""
        return self._scene.describe()

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._scene.frame(index)


class _Stage(Scene):
    """A scene with figures in it."""

    def __init__(
        self, scene: SceneDescription, width: int, height: int, fps: Fraction, poses: Sequence[Pose]
    ) -> None:
        super().__init__(scene, width, height, fps, poses)
        self.setting = Setting.of(scene, self._lens, len(poses) / float(fps))
        ground = floor(self.setting)
        if ground:
            water = [i for i, part in enumerate(self._elements) if isinstance(part, Water)]
            self._elements.insert(water[-1] + 1 if water else len(self._elements), ground)

    def admit(self, figures: Sequence[Figure]) -> None:
        """Put each behind the grass, the fog and the weather that are nearer."""
        for figure in figures:
            place = len(self._elements)
            while place and _before(self._elements[place - 1], figure.nearness):
                place -= 1
            self._elements.insert(place, _Actor(figure))


class _Actor:
    """A figure as an element of a scene."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure

    def span(self, lens: Lens, pose: Pose, canvas: Canvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, hiding none."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: Canvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Draw it; what nearer things hide of it is drawn in vain, but never much."""
        del lens, rows
        level = Pose(
            pose.x, pose.y, pose.zoom, 0.0, pose.truck_x, pose.truck_y, pose.dolly
        )  # the scene turns the canvas
        self.figure.draw((canvas.y, canvas.u, canvas.v), level, seconds)


def _before(element: object, nearness: float) -> bool:
    """Whether an element is drawn before a figure of a nearness."""
    if isinstance(element, _Actor):
        return element.figure.nearness > nearness
    if isinstance(element, Layer):
        return element.depth.even and element.depth.near > nearness
    return isinstance(element, Rain | Snow)


class PhotoLocation:
    """A picture, filmed; figures stand before it.

    Args:
        rgb: the picture.
        name: what it is, for the metadata.
        foot: row on which the picture's own subject stands, in shares of its height.
        focus: what of the picture should stay in view, in its pixels.
        before: nearness of all figures, where the picture shows no ground; else 0.
        flat: it has no depth of its own.
        lighting: where it is known better than the picture tells.
    """

    def __init__(
        self,
        rgb: Rgb,
        width: int,
        height: int,
        fps: Fraction,
        poses: Sequence[Pose],
        name: str,
        *,
        foot: float | None = None,
        focus: Focus | None = None,
        before: float = 0.0,
        flat: bool = False,
        lighting: Lighting | None = None,
    ) -> None:
        size, aspect = (rgb.shape[1], rgb.shape[0]), width / height
        travels = any(pose.truck_x or pose.truck_y or pose.dolly for pose in poses)
        relief = _RISE if travels and not flat else Relief.flat_at(_RISE.far)
        extent = Extent.of(poses, relief, aspect)
        self.framing = Framing.fit(size, extent, aspect, focus)
        stage = Stage.cut(rgb, self.framing, extent, width, DENSITY)
        self._background = stage.layer(Planes.from_rgb(stage.picture), (width, height), relief)
        self._poses, self._fps, self._name = poses, fps, name
        self._figures: Sequence[Figure] = ()
        self.screen = Screen(width, height, (width, height))
        self.lighting = lighting or Lighting.of_picture(rgb)
        farthest, nearest = _PHOTO_FEET
        if foot is not None:
            row = (foot * rgb.shape[0] - self.framing.y) / self.framing.height
            farthest, nearest = np.clip([row - 0.05, row + 0.06], 0.05, 0.46).tolist()
        self.ground = Ground(nearest, farthest, _RISE.at)
        if before:
            self.ground = Ground(0.46, 0.36, lambda row: np.full_like(row, before), floating=True)

    def nearness(self, row: float) -> float:
        """How near the picture is at a row, in rest-view heights below the centre."""
        return float(_RISE.at(np.array([row]))[0])

    def admit(self, figures: Sequence[Figure]) -> None:
        """Take the figures in."""
        self._figures = list(figures)

    def describe(self) -> dict[str, Any]:
        """What it is."""
        return {"kind": self._name}

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        pose, screen = self._poses[index], self.screen
        frame = new_frame(screen.width, screen.height)
        target = Planes.of_frame(frame)
        planes = (target.y, target.u, target.v)
        self._background.draw(pose, Window(0, 0, screen.width, screen.height), planes)
        for figure in self._figures:
            figure.draw(planes, pose, index / float(self._fps))
        return frame


class TakeLocation:
    """Another take, before which figures come and go.

    So that it begins and ends with exactly the pictures that it shall begin and end with.

    Args:
        take: what is filmed already.
        rgb: what it shows for most of the time.
        arrive, leave: whether the figures are not there at the beginning, at the end.
    """

    def __init__(
        self,
        take: Take,
        rgb: Rgb,
        width: int,
        height: int,
        fps: Fraction,
        count: int,
        *,
        arrive: bool,
        leave: bool,
    ) -> None:
        self._take, self._fps = take, fps
        self._figures: Sequence[Figure] = ()
        share = even(count)
        self._presence = np.ones(count)
        if arrive:
            self._presence *= ease(np.clip((share - _COMING[0]) / (_COMING[1] - _COMING[0]), 0, 1))
        if leave:
            self._presence *= ease(np.clip((_GOING[1] - share) / (_GOING[1] - _GOING[0]), 0, 1))
        self.screen = Screen(width, height, (width, height))
        self.lighting = Lighting.of_picture(rgb)
        self.ground = Ground(_PHOTO_FEET[1], _PHOTO_FEET[0], _RISE.at)

    def admit(self, figures: Sequence[Figure]) -> None:
        """Take the figures in."""
        self._figures = list(figures)

    def describe(self) -> dict[str, Any]:
        """What it is."""
        return dict(self._take.notes)

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        frame, presence = self._take.frame(index), float(self._presence[index])
        if presence > 0.0:
            frame = frame.copy()  # the take may want to show its own again
            target = Planes.of_frame(frame)
            for figure in self._figures:
                seconds = index / float(self._fps)
                figure.draw((target.y, target.u, target.v), Pose(), seconds, presence)
        return frame
