"""The setting: what everything that is painted in a scene depends on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kirin.domain.intent import SceneDescription, Season, Weather
from kirin.engines.animatic.scene.eyes import viewpoint
from kirin.engines.animatic.scene.lens import Depth, Lens
from kirin.engines.animatic.scene.light import Light, light_of


@dataclass(frozen=True, slots=True)
class Eye:
    """The viewpoint above land or water; lengths in world units of about 100 m.

    Attributes:
        focal: focal length in pixels.
        horizon: in pixels of the rest view below its centre.
        height: above the water or the plain.
        reference: distance of disparity 1: that of the ground at the rest view's lower edge.
    """

    focal: float
    horizon: float
    height: float
    reference: float

    def row(self, distance: float, height: float = 0.0) -> float:
        """Row of a point at a distance and a height, in pixels below the centre."""
        return self.horizon + self.focal * (self.height - height) / distance

    def ground(self, near: float, far: float) -> Depth:
        """Depth of level ground between two distances."""
        return Depth(self.disparity(far), self.disparity(near), self.row(far), self.row(near))

    def disparity(self, distance: float) -> float:
        """Disparity at a distance: the inverse distance, normalised by ``reference``."""
        return min(1.0, self.reference / distance)

    def upright(self, distance: float) -> Depth:
        """Depth of an upright object at a distance."""
        return Depth(self.disparity(distance), self.disparity(distance))

    def scale(self, distance: float) -> float:
        """Pixels per world unit at a distance."""
        return self.focal / distance


@dataclass(frozen=True, slots=True)
class Setting:
    """A scene description with its lighting, lens and viewpoint.

    Attributes:
        seconds: length of the clip.
        brought: concepts of the cast: a room leaves out furniture that would be there twice.
    """

    scene: SceneDescription
    light: Light
    lens: Lens
    eye: Eye
    seconds: float
    brought: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, scene: SceneDescription, lens: Lens, seconds: float, light: Light | None = None
    ) -> Setting:
        """Derive the lighting, unless it is given, and the viewpoint from a scene description."""
        drop, height = viewpoint(scene)
        horizon = drop * lens.height
        reference = lens.focal * height / (lens.height / 2 - horizon)
        eye = Eye(lens.focal, horizon, height, reference)
        return cls(scene, light or light_of(scene), lens, eye, seconds)

    def rng(self, tag: int) -> np.random.Generator:
        """A random generator per purpose: the same whenever the scene is drawn."""
        return np.random.default_rng([self.scene.variety, tag])

    @property
    def snowy(self) -> bool:
        """Whether there is snow on the ground."""
        return self.scene.season is Season.WINTER or self.scene.weather is Weather.SNOW
