"""Landscapes: height fields and materials of mountains, deserts, fields and forests."""

from __future__ import annotations

import numpy as np

from kirin.domain.intent import SceneDescription, Season, Terrain, Weather
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.crops import crop_of
from kirin.engines.animatic.scene.noise import Field, Noise, smoothstep
from kirin.engines.animatic.scene.terrain import TerrainSamples

_CLOSE = 12.0
"""Distance beyond which grass and stones are too small to be visible."""


class Landscape:
    """Height field and material of a scene's land; lengths in units of about 100 m.

    Args:
        scene: what to show.
        shore: distance at which a lake ends; ``None`` for dry land.
    """

    def __init__(self, scene: SceneDescription, shore: float | None) -> None:
        rng = np.random.default_rng([scene.variety, 7])
        self._scene = scene
        self._shore = shore
        self._shape, self._detail, self._tint = Noise(rng), Noise(rng), Noise(rng)
        self._phase = float(rng.uniform(0, 60))
        self._gap = float(rng.uniform(-0.25, 0.25))
        self._snowy = scene.season is Season.WINTER or scene.weather is Weather.SNOW

    def heights(self, x: Field, z: Field) -> Field:
        """Height above the water or the plain at positions ``(x, z)``."""
        kind = self._scene.terrain
        if kind is Terrain.DESERT:
            height = self._dunes(x, z)
        elif kind is Terrain.FIELDS:
            height = self._rolling(x, z)
        else:
            height = self.peaks(x, z)
        if self._shore is None:
            return height
        # Bays and spits: noise added to the distance of the shore.
        bays = 1.4 * self._tint.fbm(x * 0.22 + self._phase, z * 0.22, 5, 0.48)
        land = smoothstep(self._shore * 0.93, self._shore * 1.5, z + bays)
        return np.asarray(np.maximum(height, 0.02) * land - 0.06 * (1.0 - land), np.float32)

    def peaks(self, x: Field, z: Field) -> Field:
        """Height of mountains, or of wooded hills."""
        p = self._phase
        forest = self._scene.terrain is Terrain.FOREST
        crest = self._shape.fbm(x * 0.058 + p, z * 0.058, 8, 0.44, 0.9)
        hills = self._shape.fbm(x * 0.22 + 3 + p, z * 0.22, 7, 0.48)
        # A gap near the middle of the horizon opens the view into the distance.
        side = np.abs(x / z - self._gap)
        frame = 0.40 + 0.75 * smoothstep(0.05, 0.55, side)
        tall = smoothstep(5.0, 26.0, z) * z**0.62 * (0.80 if not forest else 0.34)
        height = tall * frame * np.clip(crest + 0.52, 0.0, 2.0)
        low = 0.05 + 0.40 * np.minimum(z, 9.0) / 9.0
        height += low * (hills + 0.38 + 0.5 * smoothstep(0.25, 0.7, side))
        if z.min() < _CLOSE:
            bumps = self._detail.fbm(x * 5.0, z * 5.0, 5, 0.55)
            height += 0.016 * bumps * np.exp(-z / 4.0)
        return np.asarray(height, np.float32)

    def _dunes(self, x: Field, z: Field) -> Field:
        p = self._phase
        bend = self._shape.fbm(x * 0.10 + p, z * 0.10, 3) * 2.6
        # Long windward slopes and sharp crests: a skewed wave.
        place = x * 0.16 + z * 0.20 + bend
        turn = place - np.floor(place)
        crest = np.where(turn < 0.72, turn / 0.72, (1.0 - turn) / 0.28)
        crest = crest * crest * (3.0 - 2.0 * crest) * 0.6 + crest * 0.4
        large = self._shape.fbm(x * 0.05 + p + 9, z * 0.05, 3)
        size = (
            0.06
            + 0.70 * smoothstep(0.8, 9.0, z)
            + 0.9 * np.clip(large, -0.3, 1.0) * smoothstep(2.0, 14.0, z)
        )
        soft = self._detail.fbm(x * 0.5, z * 0.5, 3) * 0.05
        return np.asarray(size * crest + soft + large * 0.5 * smoothstep(3, 20, z), np.float32)

    def _rolling(self, x: Field, z: Field) -> Field:
        p = self._phase
        swell = self._shape.fbm(x * 0.10 + p, z * 0.10, 4, 0.4)
        far = self._shape.fbm(x * 0.05 + p + 31, z * 0.05, 6, 0.45, 0.4)
        height = 0.30 * (swell + 0.15) * smoothstep(1.5, 9.0, z)
        height += smoothstep(14.0, 44.0, z) * z**0.5 * 0.34 * (far + 0.50)
        return np.asarray(height, np.float32)

    def material(self, ground: TerrainSamples) -> Colour:
        """Reflectance of the ground, linear, shape ``(..., 3)``, with the shadows of clouds."""
        kind = self._scene.terrain
        paint = {Terrain.DESERT: self._sand, Terrain.FIELDS: self._crops}.get(kind, self._slopes)
        return np.asarray(paint(ground) * self._cloud_shadow(ground)[..., None], np.float32)

    def _cloud_shadow(self, g: TerrainSamples) -> Field:
        """Light that clouds leave: broad patches, as wide as a third of the view everywhere."""
        if self._scene.weather not in (Weather.CLEAR, Weather.CLOUDY):
            return np.ones_like(g.z)
        u, v = g.x / g.z * 1.5 + self._phase, np.log(np.maximum(g.z, 0.2)) * 0.75
        broad = self._tint.fbm(u, v + 3, 3, 0.45)
        return np.asarray(1.12 - 0.62 * smoothstep(-0.05, 0.38, broad), np.float32)

    def _slopes(self, g: TerrainSamples) -> Colour:
        season = self._scene.season
        grass = pigment({Season.AUTUMN: "#8a6a34", Season.SPRING: "#6a8a3e"}.get(season, "#56703a"))
        wood = pigment({Season.AUTUMN: "#7a4a20", Season.SPRING: "#35512b"}.get(season, "#22381f"))
        speck = self._detail.fbm(g.x * 2.6, g.z * 2.6, 5, 0.62)
        broad = self._tint.fbm(g.x * 0.30, g.z * 0.30, 3)
        rock = mix(pigment("#6a625c"), pigment("#948a80"), np.clip(0.5 + 0.8 * speck, 0, 1))
        green = mix(grass, wood, np.clip(0.5 + 1.5 * broad + 0.6 * speck, 0, 1))
        tufts = np.zeros_like(speck)
        if g.z.min() < _CLOSE:
            tufts = self._tint.fbm(g.x * 34.0, g.z * 16.0, 5, 0.7) * np.exp(-g.z / 3.5)
        green = green * np.clip(1.0 + 1.3 * tufts, 0.25, 2.0)[..., None]
        if self._scene.terrain is Terrain.FOREST:
            green = mix(wood, grass * np.float32(0.7), np.clip(0.15 + 0.8 * speck, 0, 0.6))
        steep = smoothstep(0.72, 0.50, g.up + 0.12 * speck)
        high = smoothstep(1.4, 3.2, g.height + 0.7 * broad + 0.5 * speck)
        bare = np.maximum(steep, high * 0.85)
        if self._scene.terrain is Terrain.FOREST:
            bare = bare * 0.25
        colour = mix(green, rock, bare)
        line = 0.15 if self._snowy else 3.4
        snow = smoothstep(line - 0.3, line + 0.9, g.height + 1.1 * speck + 0.4 * broad)
        snow = snow * smoothstep(0.34, 0.62, g.up + 0.22 * speck)
        if self._snowy:
            snow = np.maximum(snow, 0.80 * smoothstep(0.45, 0.75, g.up + 0.3 * speck))
            if self._scene.terrain is Terrain.FOREST:
                snow = snow * 0.85
        # Nearby, stones and dry grass show through.
        snow = snow * (1.0 - 0.8 * smoothstep(0.16, 0.34, tufts))
        return mix(colour, pigment("#f2f5fa") * np.float32(0.80), snow)

    def _sand(self, g: TerrainSamples) -> Colour:
        ripple = np.sin((g.x * 0.7 + g.z * 0.45) * 60 + 6 * self._detail.fbm(g.x, g.z, 3))
        near = np.exp(-g.z / 3.0)
        speck = self._tint.fbm(g.x * 0.4, g.z * 0.4, 5)
        sand = mix(pigment("#c98f55"), pigment("#e6bd86"), np.clip(0.5 + 0.7 * speck, 0, 1))
        return np.asarray(sand * (0.62 + 0.10 * ripple * near)[..., None], np.float32)

    def _crops(self, g: TerrainSamples) -> Colour:
        p = self._phase
        named = crop_of(self._scene.crop, self._scene.season)
        ripe, green = named.near, named.other
        other = "#b9963f" if self._scene.crop is None else ripe
        # Fields: cells of a warped grid, each with its own crop.
        warp = self._shape.fbm(g.x * 0.08, g.z * 0.08, 3)
        cx = np.floor((g.x + 2.5 * warp + p) / 5.0)
        cz = np.floor((g.z + 3.0 * warp) / 6.0)
        chance = (np.sin(cx * 127.1 + cz * 311.7) * 43758.5453) % 1.0
        crop = mix(
            mix(pigment(ripe), pigment(green), (chance > 0.55).astype(np.float32)),
            pigment(other),
            (chance > 0.82).astype(np.float32),
        )
        crop = mix(crop, pigment(ripe), np.exp(-g.z / (5.0 if self._scene.crop is None else 14.0)))
        rows = np.sin((g.x + 0.10 * warp) * 18.0) * np.exp(-g.z / 7.0)
        if named.soil:
            bare = named.soil * smoothstep(0.0, 0.9, -rows)
            crop = mix(crop, pigment("#6b5238"), bare)
        ears = self._detail.fbm(g.x * 14, g.z * 5.0, 5, 0.7)
        broad = self._tint.fbm(g.x * 0.5, g.z * 0.25, 4)
        tone = 0.60 + 0.07 * rows + 0.26 * ears * np.exp(-g.z / 9.0) + 0.22 * broad
        tufts = self._shape.fbm(g.x * 40.0, g.z * 14.0, 4, 0.7) * np.exp(-g.z / 3.0)
        colour = crop * np.clip(tone + 0.35 * tufts, 0.1, 1.2)[..., None]
        far = smoothstep(16.0, 34.0, g.z)
        wood = mix(pigment("#3d5230"), pigment("#6c7a44"), np.clip(0.5 + broad, 0, 1))
        colour = mix(colour, wood * np.float32(0.7), far)
        if self._snowy:
            colour = mix(colour, pigment("#eef2f8") * np.float32(0.7), 0.85)
        return np.asarray(colour, np.float32)
