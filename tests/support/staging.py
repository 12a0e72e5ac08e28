"""Staging a cast on an empty canvas, so that only the cast is on the picture."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kirin.domain.cast import Action, Cast, CastMember, Relation
from kirin.domain.intent import SceneDescription, Season, Terrain, Time, Weather
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.blocking import Blocking, block
from kirin.engines.animatic.cast.follow import followed
from kirin.engines.animatic.cast.performer import performers
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.ground import Ground, Surface
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.light import light_of
from kirin.engines.animatic.scene.lighting import Lighting

LAND = Ground(0.10)
SEA = Ground(0.13, 0.2, 0.9, Surface.WATER)
FLOOR = Ground(-0.02, 0.45, 0.95, Surface.FLOOR)
REEF = Ground(0.05, 0.3, 0.95, Surface.SEABED)
SPACE = Ground(0.0, 0.2, 0.9, Surface.NONE)

GREY = 120.0
FPS = 24

Mask = NDArray[np.bool_]


def member(concept: str, action: Action | None = None, **more: object) -> CastMember:
    """A cast member whose word is its concept."""
    return CastMember(concept, concept, action=action, **more)  # type: ignore[arg-type]


def related(concept: str, relation: Relation, anchor: int, **more: object) -> CastMember:
    """A cast member with a place relative to another."""
    return CastMember(concept, concept, relation=relation, anchor=anchor, **more)  # type: ignore[arg-type]


def scene_of(terrain: Terrain = Terrain.FIELDS, time: Time = Time.DAY) -> SceneDescription:
    """Open country on a clear summer's day."""
    return SceneDescription(time, Weather.CLEAR, Season.SUMMER, terrain, frozenset(), (), 5)


@dataclass
class Stage:
    """A cast on an empty canvas."""

    cast: Cast
    ground: Ground = LAND
    size: tuple[int, int] = (320, 180)
    seconds: float = 4.0
    poses: tuple[Pose, ...] = ()
    seed: int = 3
    time: Time = Time.DAY
    blocking: Blocking = field(init=False)

    def __post_init__(self) -> None:
        poses = self.poses or (Pose(),) * round(self.seconds * FPS)
        self.poses = followed(self.cast, poses, FPS, self.size[0] / self.size[1])
        self.blocking = block(self.cast, self.ground, self.size, FPS, self.poses, self.seed)
        lens = Lens(*self.size, self.poses)
        lighting = Lighting.of_scene(light_of(scene_of(time=self.time)))
        self._lens = lens
        self._guests = performers(self.blocking, lighting, lens, FPS)

    @property
    def last(self) -> int:
        """Number of the last frame."""
        return len(self.poses) - 1

    def box(self, number: int, index: int = 0) -> tuple[float, float, float, float]:
        """The box of a member in a frame; negative numbers count from the end."""
        return self.blocking.boxes(number % len(self.poses))[index]

    def middle(self, number: int, index: int = 0) -> tuple[float, float]:
        """The middle of a member's box."""
        left, top, right, bottom = self.box(number, index)
        return (left + right) / 2, (top + bottom) / 2

    def area(self, number: int, index: int = 0) -> float:
        """The area of a member's box as a share of the frame."""
        left, top, right, bottom = self.box(number, index)
        return (right - left) * (bottom - top)

    def canvas(self, number: int) -> SceneCanvas:
        """A frame on grey."""
        number %= len(self.poses)
        canvas = SceneCanvas(*self._lens.canvas())
        canvas.y[:], canvas.u[:], canvas.v[:] = GREY, 128.0, 128.0
        seconds = number / FPS
        for guest in sorted(self._guests, key=lambda each: each.nearness(seconds)):
            height = canvas.y.shape[0]
            guest.draw(canvas, self._lens, self.poses[number], seconds, (0, height))
        return canvas

    def mask(self, number: int) -> Mask:
        """Where a frame is not grey: the cast without its soft shadows."""
        canvas = self.canvas(number)
        chroma = np.abs(canvas.u - 128) + np.abs(canvas.v - 128)
        full = np.repeat(np.repeat(chroma, 2, axis=0), 2, axis=1)
        return np.asarray((full > 14) | (canvas.y > GREY + 12) | (canvas.y < GREY - 55))


def centroid(mask: Mask) -> tuple[float, float]:
    """Mean column and row, in shares of the frame."""
    rows, columns = np.nonzero(mask)
    return float(columns.mean()) / mask.shape[1], float(rows.mean()) / mask.shape[0]
