"""The setting: what all painters of a scene need to know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kirin.domain.intent import SceneDescription, Season, Terrain, Weather
from kirin.engines.animatic.scene.layer import Depth, Lens
from kirin.engines.animatic.scene.light import Light, light_of


@dataclass(frozen=True, slots=True)
class Eye:
    """Where land and water are seen from; lengths in the world's units of about 100 m.

    Attributes:
        focal: in pixels.
        horizon: pixels of the rest view from its centre down to the horizon.
        height: of the eye above the water or the plain.
        reference: distance of what has nearness 1: the ground at the rest view's bottom.
    """

    focal: float
    horizon: float
    height: float
    reference: float

    def row(self, distance: float, height: float = 0.0) -> float:
        """Pixels below the centre of a point at a distance and a height."""
        return self.horizon + self.focal * (self.height - height) / distance

    def ground(self, near: float, far: float) -> Depth:
        """Depth of level ground between two distances."""
        return Depth(self.nearness(far), self.nearness(near), self.row(far), self.row(near))

    def nearness(self, distance: float) -> float:
        """Nearness of what stands at a distance."""
        return min(1.0, self.reference / distance)

    def upright(self, distance: float) -> Depth:
        """Depth of what stands at a distance."""
        return Depth(self.nearness(distance), self.nearness(distance))

    def scale(self, distance: float) -> float:
        """Pixels that a unit of length takes at a distance."""
        return self.focal / distance


# Horizon, in view heights below the centre, and height of the eye.
_EYES = {
    Terrain.SEA: (0.13, 0.16),
    Terrain.CITY: (0.17, 0.14),
    Terrain.DESERT: (0.05, 0.25),
    Terrain.FIELDS: (0.12, 0.14),
    Terrain.FOREST: (0.09, 0.10),
    Terrain.MOUNTAINS: (0.09, 0.25),
    Terrain.SPACE: (0.0, 0.25),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A scene with its light, seen through a lens for a while.

    Attributes:
        seconds: length of the clip.
    """

    scene: SceneDescription
    light: Light
    lens: Lens
    eye: Eye
    seconds: float

    @classmethod
    def of(cls, scene: SceneDescription, lens: Lens, seconds: float) -> Setting:
        """Choose the light and the place of the eye."""
        drop, height = _EYES[scene.terrain]
        horizon = drop * lens.height
        reference = lens.focal * height / (lens.height / 2 - horizon)
        return cls(
            scene, light_of(scene), lens, Eye(lens.focal, horizon, height, reference), seconds
        )

    def rng(self, tag: int) -> np.random.Generator:
        """Chance for one purpose: the same whenever the scene is drawn."""
        return np.random.default_rng([self.scene.variety, tag])

    @property
    def snowy(self) -> bool:
        """Whether snow lies."""
        return self.scene.season is Season.WINTER or self.scene.weather is Weather.SNOW
