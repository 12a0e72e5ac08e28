"""Level ground, painted pixel by pixel from its material in perspective."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.domain.intent import Weather
from kirin.engines.animatic.scene.colour import Colour, Paint, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Depth
from kirin.engines.animatic.scene.noise import Field, Noise, smoothstep
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.terrain import air_share


@dataclass(frozen=True, slots=True)
class PlanePoints:
    """Points of level ground seen by the pixels of a patch; lengths in units of 100 m.

    Attributes:
        x, z: to the right of the camera and away from it, shape (height, width).
        dx, dz: what a pixel covers of them, shape (height, 1).
    """

    x: Field
    z: Field
    dx: Field
    dz: Field

    def line(self, value: NDArray[Any], half: float, along: bool = False) -> Field:
        """Coverage of a line of half width ``half`` where ``value`` is the distance to it.

        ``along``: whether the distance is measured in depth.
        """
        soft = self.dz if along else self.dx
        cover = np.clip((half - np.abs(value)) / soft + 0.5, 0.0, 1.0)
        return np.asarray(cover * np.minimum(2 * half / soft, 1.0), np.float32)

    def fine(self, size: float) -> Field:
        """Contrast left of a pattern of a size: it fades where pixels are larger."""
        return np.asarray(np.clip(1.4 - 1.6 * self.dz / size, 0.0, 1.0), np.float32)


Albedo = Callable[[PlanePoints], Colour]
"""Reflectance of the points of a plane: linear, shape (height, width, 3)."""

Cover = Callable[[PlanePoints], Field]
"""Opacity of a plane at its points."""


def plane_layer(
    setting: Setting,
    albedo: Albedo,
    far: float = 20.0,
    cover: Cover | None = None,
    gloss: float = 0.0,
) -> SceneLayer:
    """Level ground from the lower edge of the view to a distance.

    Args:
        setting: of the scene.
        albedo: its material.
        far: where it ends.
        cover: its opacity; ``None`` for opaque ground.
        gloss: share of the sky that it reflects at a grazing angle, as wet ground does.
    """
    eye, light, lens = setting.eye, setting.light, setting.lens
    depth = ground_depth(setting, far)
    patch = lens.patch(depth, eye.row(far), np.inf)
    row = np.maximum(patch.y() - np.float32(eye.horizon), np.float32(0.25))
    z = np.asarray(eye.focal * eye.height / row, np.float32)
    across = np.asarray(patch.x() / eye.focal, np.float32)
    shape = (patch.height, patch.width)
    points = PlanePoints(
        np.asarray(across * z, np.float32),
        np.ascontiguousarray(np.broadcast_to(z, shape)),
        np.asarray(z / eye.focal * patch.step, np.float32),
        np.asarray(z * z / (eye.focal * eye.height) * patch.step, np.float32),
    )
    rgb = albedo(points) * (light.ambient + light.key * np.float32(0.45))
    if setting.scene.weather in (Weather.RAIN, Weather.STORM):
        rgb, gloss = rgb * np.float32(0.7), max(gloss, 0.35)
    air = light.air(np.ascontiguousarray(across))
    if gloss:
        share = gloss * np.exp(-row / (0.25 * lens.height))
        rgb = mix(rgb, np.broadcast_to(air, rgb.shape), np.broadcast_to(share, shape))
    rgb = mix(rgb, np.broadcast_to(air, rgb.shape), air_share(light, points.z))
    alpha = None if cover is None else np.asarray(cover(points), np.float32)
    if alpha is None:
        # The far edge is soft, over what is painted behind.
        edge = np.clip((patch.y() - eye.row(far)) / patch.step + 0.5, 0, 1)
        alpha = np.ascontiguousarray(np.broadcast_to(edge, shape), np.float32)
    return SceneLayer(Paint(np.asarray(rgb, np.float32), alpha), patch, depth)


def ground_depth(setting: Setting, far: float) -> Depth:
    """Depth of level ground: disparity 1 at the lower edge of the rest view."""
    eye = setting.eye
    return Depth(eye.disparity(far), 1.0, eye.row(far), eye.row(eye.reference))


class Texture:
    """Noise for the materials of a plane.

    Args:
        setting: of the scene.
        tag: of the random generator.
    """

    def __init__(self, setting: Setting, tag: int) -> None:
        rng = setting.rng(tag)
        self._noise = Noise(rng)
        self._shift = float(rng.uniform(0, 50))
        self._snowy = setting.snowy

    def at(self, g: PlanePoints, size: float, octaves: int = 4, deep: float = 1.0) -> Field:
        """Noise with features of a size; ``deep`` stretches them away from the camera."""
        noise = self._noise.fbm(g.x / size + self._shift, g.z / size / deep, octaves, 0.55)
        return np.asarray(noise * g.fine(size * 0.5), np.float32)

    def grass(self, g: PlanePoints, low: str, high: str) -> Colour:
        """Turf between two colours; white in winter."""
        broad = self.at(g, 0.12, 4)
        blades = self.at(g, 0.006, 4, 2.5)
        colour = mix(pigment(low), pigment(high), np.clip(0.5 + 0.6 * broad + 0.5 * blades, 0, 1))
        return self.snowed(g, colour * np.clip(1 + 0.5 * blades, 0.4, 1.6)[..., None], 0.85)

    def snowed(self, g: PlanePoints, colour: Colour, share: float) -> Colour:
        """Ground with snow on it where there is snow."""
        if not self._snowy:
            return np.asarray(colour, np.float32)
        patchy = smoothstep(-0.5, 0.0, self.at(g, 0.05, 4) + (share - 0.6))
        white = pigment("#eef2f8") * np.float32(0.72)
        return mix(np.asarray(colour, np.float32), white, share * patchy)

    def stone(self, g: PlanePoints, dark: str, bright: str, size: float) -> Colour:
        """Mottled stone, asphalt, gravel or sand."""
        tone = 0.5 + 0.45 * self.at(g, size * 20, 3) + 0.6 * self.at(g, size, 3)
        return mix(pigment(dark), pigment(bright), np.clip(tone, 0, 1))


def moved(setting: Setting, **changes: object) -> Setting:
    """The setting with another scene description: a field of it by its name."""
    return replace(setting, scene=replace(setting.scene, **changes))  # type: ignore[arg-type]
