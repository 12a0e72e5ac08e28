"""Near ground in scenes of water, for subjects to stand on."""

from __future__ import annotations

import numpy as np

from kirin.domain.intent import Extra, Terrain
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.landscape import Landscape
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.noise import Field, Noise, smoothstep
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.terrain import Stretch, TerrainSamples, land_layer

EDGE = 0.36
"""Disparity at which the floor ends and the water begins."""

_REACH = 0.13  # depth of bays, as a share of the distance to the edge


def floor(setting: Setting) -> SceneLayer | None:
    """The floor for a scene of water; ``None`` if the scene has ground, or is in space."""
    scene = setting.scene
    kind = {Terrain.SEA: _Beach, Terrain.CITY: _Quay}.get(scene.terrain)
    if kind is None:
        if scene.terrain is Terrain.SPACE or Extra.LAKE not in scene.extras:
            return None
        kind = _Bank
    land = kind(setting)
    reference = setting.eye.reference
    stretch = Stretch(0.45 * reference, 1.4 * reference / EDGE, floor=0.0)
    eye, light, lens = setting.eye, setting.light, setting.lens
    return land_layer(land.heights, land.material, eye, light, lens, stretch)


class _Floor:
    """Level ground slightly above the water, with an edge of bays."""

    bays = _REACH

    def __init__(self, setting: Setting) -> None:
        rng = setting.rng(40)
        self._setting = setting
        self._shape, self._grain = Noise(rng), Noise(rng)
        self._end = setting.eye.reference / EDGE
        self._phase = float(rng.uniform(0.0, 40.0))

    def heights(self, x: Field, z: Field) -> Field:
        """Height above the water."""
        return np.asarray(0.004 * smoothstep(-0.02, 0.10, self._inland(x, z)) - 0.002, np.float32)

    def material(self, ground: TerrainSamples) -> Colour:
        """Reflectance."""
        raise NotImplementedError

    def _inland(self, x: Field, z: Field) -> Field:
        """Distance from the edge, as a share of the edge's distance; negative is water."""
        wave = self._shape.fbm(x / self._end * 1.1 + self._phase, z * 0.0, 4, 0.5)
        return np.asarray(1.0 - z / self._end + self.bays * wave, np.float32)

    def _fine(self, g: TerrainSamples, size: float) -> Field:
        """Noise of a feature size, in shares of the distance to the nearest ground."""
        unit = size * self._setting.eye.reference
        return self._grain.fbm(g.x / unit, g.z / unit * 0.6, 5, 0.62)


class _Beach(_Floor):
    """Sand, wet near the water, with a line of foam; snow in winter."""

    def material(self, ground: TerrainSamples) -> Colour:
        """Reflectance."""
        inland = self._inland(ground.x, ground.z)
        tone = np.clip(0.5 + 0.55 * self._fine(ground, 0.30), 0.0, 1.0)
        sand = mix(pigment("#b08a5e"), pigment("#d8b98c"), tone)
        if self._setting.snowy:
            sand = mix(sand, pigment("#e8eef6") * np.float32(0.75), 0.85)
        speck = np.clip(1.0 + 0.22 * self._fine(ground, 0.02), 0.6, 1.4)
        wet = 1.0 - smoothstep(0.02, 0.16, inland + 0.03 * self._fine(ground, 0.5))
        sand = mix(sand * speck[..., None], pigment("#6e5a48"), 0.72 * wet)
        ripple = self._fine(ground, 0.18)
        hem = np.abs(inland - 0.012 - 0.008 * ripple) - 0.004
        foam = smoothstep(0.012, 0.0, np.asarray(hem, np.float32))
        return mix(sand * np.float32(0.74), pigment("#f4f6f4") * np.float32(0.8), 0.8 * foam)


class _Bank(_Floor):
    """The far shore's vegetation, with stones at the edge."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._land = Landscape(setting.scene, None)

    def material(self, ground: TerrainSamples) -> Colour:
        """Reflectance."""
        inland = self._inland(ground.x, ground.z)
        pebbles = np.clip(0.5 + 0.9 * self._fine(ground, 0.05), 0.0, 1.0)
        stone = mix(pigment("#5e5850"), pigment("#9a9288"), pebbles)
        edge = 1.0 - smoothstep(0.02, 0.12, inland + 0.05 * self._fine(ground, 0.25))
        return mix(self._land.material(ground), stone, edge)


class _Quay(_Floor):
    """Flagstones along the water of a city, with a kerb."""

    bays = 0.0

    def material(self, ground: TerrainSamples) -> Colour:
        """Reflectance."""
        unit = 0.26 * self._setting.eye.reference
        row = np.floor(ground.z / unit)
        along, deep = ground.x / unit * 0.62 + 0.5 * (row % 2), ground.z / unit
        chance = (np.sin(np.floor(along) * 127.1 + row * 311.7) * 43758.5453) % 1.0
        tone = np.asarray(0.82 + 0.30 * chance, np.float32)[..., None]
        stone = pigment("#6c6864") * tone
        speck = np.clip(1.0 + 0.30 * self._fine(ground, 0.03), 0.5, 1.5)
        gap = np.minimum(_to_line(along), _to_line(deep) * 0.62)
        joint = smoothstep(0.025, 0.010, gap)
        stone = mix(stone * speck[..., None], pigment("#2a2826"), 0.7 * joint)
        kerb = smoothstep(0.10, 0.085, self._inland(ground.x, ground.z))
        return mix(stone, pigment("#8e8a84") * speck[..., None], 0.8 * kerb)


def _to_line(place: Field) -> Field:
    """Distance to the nearest whole number."""
    return np.asarray(np.abs(place - np.round(place)), np.float32)
