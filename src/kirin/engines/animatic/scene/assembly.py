"""Assembling a scene: the drawables that a setting needs, from back to front."""

from __future__ import annotations

from itertools import pairwise
from typing import Protocol

import numpy as np

from kirin.domain.intent import Extra, Terrain, Time, Weather
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.backdrop import Backdrop
from kirin.engines.animatic.scene.birds import Birds
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.city import city_rows, lamps
from kirin.engines.animatic.scene.colour import pigment, to_yuv
from kirin.engines.animatic.scene.fog import fog_bank
from kirin.engines.animatic.scene.front import front
from kirin.engines.animatic.scene.landmark import Beam, boat, lighthouse
from kirin.engines.animatic.scene.landscape import Landscape
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import DEEP, Depth, Lens
from kirin.engines.animatic.scene.lightning import Lightning
from kirin.engines.animatic.scene.points import Stars
from kirin.engines.animatic.scene.rain import Rain
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.sky import paint_banks, paint_deck, paint_sky
from kirin.engines.animatic.scene.snow import Snow, flake_luma
from kirin.engines.animatic.scene.space import RING, paint_nebula, paint_planet
from kirin.engines.animatic.scene.terrain import REACH, Stretch, land_layer
from kirin.engines.animatic.scene.vegetation import quay, vegetation
from kirin.engines.animatic.scene.water import Gleam, Water, Waves

OPEN_SEA = 1e4
"""Distance of a sea's far shore."""


class Drawable(Protocol):
    """Something that draws on a canvas: a layer, water, stars, rain."""

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:
        """Rows of a canvas: its first (even), the one from which it is opaque, and its end."""
        ...

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Draw it on rows of a canvas."""
        ...


def drawables(setting: Setting) -> list[Drawable]:
    """All drawables of a setting, back to front."""
    if setting.scene.terrain is Terrain.SPACE:
        return _space(setting)
    ground = {Terrain.SEA: _sea, Terrain.CITY: _city}.get(setting.scene.terrain, _land)
    return [*sky_parts(setting), *ground(setting), *front(setting), *air_parts(setting)]


def _space(setting: Setting) -> list[Drawable]:
    lens, scene = setting.lens, setting.scene
    patch = lens.patch(DEEP, -np.inf, np.inf, coarse=1.5)
    parts: list[Drawable] = [
        SceneLayer(paint_nebula(scene, patch, lens.focal), patch, DEEP, exact=True)
    ]
    for tag, disparity, density in ((60, 0.0, 1.3), (61, 0.12, 0.5), (62, 0.35, 0.12)):
        stars = Stars(setting.rng(tag), lens, np.inf, density, Depth(disparity, disparity))
        parts.append(stars)
    if scene.extras & {Extra.PLANET, Extra.RING}:
        rng = setting.rng(63)
        radius = float(rng.uniform(0.20, 0.42)) * min(lens.width, lens.height)
        x = float(rng.choice([-1, 1]) * rng.uniform(0.24, 0.36)) * lens.width
        y = float(rng.choice([-1, 1], p=[0.35, 0.65]) * rng.uniform(0.10, 0.28)) * lens.height
        depth = Depth(0.5, 0.5)
        # The planet drifts relative to the nebula, as seen from a moving ship.
        drift = 0.004 * lens.width
        ring = Extra.RING in scene.extras
        reach = (RING if ring else 1.4) * radius
        patch = lens.patch(depth, y - reach, y + reach, drift * setting.seconds)
        painted = paint_planet(scene, patch, x, y, radius, ring=ring)
        parts.append(SceneLayer(painted, patch, depth, drift=drift))
    return parts


def sky_parts(setting: Setting) -> list[Drawable]:
    """The sky with its clouds, stars and lightning, back to front."""
    scene, light, lens, eye = setting.scene, setting.light, setting.lens, setting.eye
    # Below the horizon too, because land may have gaps.
    patch = lens.patch(DEEP, -np.inf, np.inf, coarse=2.0)
    sky = paint_sky(scene, light, patch, eye.horizon, eye.focal)
    layers = [SceneLayer(sky, patch, DEEP, exact=True)]
    for paint, pace in ((paint_banks, 0.0012), (paint_deck, 0.0055)):
        if scene.weather is Weather.FOG and paint is paint_banks:
            continue
        drift = pace * lens.width * (2.2 if scene.weather is Weather.STORM else 1.0)
        low = eye.horizon + 0.01 * lens.height
        patch = lens.patch(DEEP, -np.inf, low, drift * setting.seconds, coarse=2.0)
        painted = paint(scene, light, patch, eye.horizon, eye.focal)
        layers.append(SceneLayer(painted, patch, DEEP, drift=drift))
    if Extra.STARS in scene.extras:
        # Stars are fine detail with clouds in front: everything at full size.
        density = 4.0 if scene.time is Time.NIGHT else 0.6
        return [layers[0], Stars(setting.rng(4), lens, eye.horizon, density), *layers[1:]]
    parts: list[Drawable] = [Backdrop(layers, lens)]
    if scene.weather is Weather.STORM:
        parts.append(Lightning(setting.rng(31), lens, eye.horizon, setting.seconds))
    return parts


def _city(setting: Setting) -> list[Drawable]:
    shore = 2.2
    parts: list[Drawable] = [*city_rows(setting, shore), quay(setting, shore)]
    if setting.light.dark:
        parts.append(lamps(setting, shore))
    return [*parts, water_part(setting, shore, 0.030, 0.35)]


def _sea(setting: Setting) -> list[Drawable]:
    scene, light, lens, eye = setting.scene, setting.light, setting.lens, setting.eye
    parts: list[Drawable] = []
    if Extra.BIRDS in scene.extras:
        parts.append(_birds(setting))
    if setting.rng(9).random() < 0.55 and scene.weather is not Weather.STORM:
        # Some land on the horizon as a point of interest.
        land = Landscape(scene, 24.0)
        far = Stretch(24.0, REACH, mist=0.55, floor=0.0)
        parts.append(land_layer(land.heights, land.material, eye, light, lens, far))
    storm = scene.weather is Weather.STORM
    rough = {Weather.STORM: 0.13, Weather.RAIN: 0.09, Weather.FOG: 0.05}.get(scene.weather, 0.075)
    parts.append(water_part(setting, OPEN_SEA, rough, 1.5 if storm else 0.8))
    if Extra.BOAT in scene.extras:
        parts.append(boat(setting, eye.horizon + 0.022 * lens.height))
    if Extra.LIGHTHOUSE in scene.extras:
        line = eye.horizon + 0.10 * lens.height
        parts.append(lighthouse(setting, line))
        if light.dark or light.haze > 0.6:
            parts.append(Beam(setting, line, 0.35 + 0.65 * light.haze * light.dark))
    return parts


def water_part(setting: Setting, shore: float, rough: float, tile: float) -> Water:
    """Water up to a shore, with the gleam of the sun or the moon on it."""
    scene, light = setting.scene, setting.light
    rng = setting.rng(8)
    waves = Waves(rng, rough, float(rng.uniform(0.9, 2.2)))
    gleam = None
    open_sky = scene.weather in (Weather.CLEAR, Weather.CLOUDY)
    if open_sky and (scene.time is not Time.NIGHT or light.moon):
        power = {Time.NIGHT: 0.55, Time.DUSK: 0.35, Time.DAY: 0.45}.get(scene.time, 0.95)
        # A high sun glitters on the near water.
        gleam = Gleam(light.side, min(max(light.height, 0.02), 0.24), power, light.glow)
    sea = shore == OPEN_SEA
    day = scene.time is Time.DAY and open_sky
    body = pigment(("#176a86" if day else "#12384a") if sea else "#14303a")
    body = body * (light.ambient * np.float32(1.3) + light.key * np.float32(0.3))
    foam = {Weather.STORM: 0.9, Weather.RAIN: 0.35}.get(scene.weather, 0.22 * day) if sea else 0.0
    return Water(
        setting.eye, shore, waves, tile, body, gleam, light.ambient * np.float32(0.8), foam
    )


def _birds(setting: Setting) -> Birds:
    dark = (setting.light.ambient * np.float32(0.05))[None]
    luma = float(to_yuv(dark)[0][0]) + 6.0
    return Birds(setting.rng(10), setting.lens, setting.eye.horizon, luma)


def _land(setting: Setting) -> list[Drawable]:
    scene, eye = setting.scene, setting.eye
    shore = 6.0 if Extra.LAKE in scene.extras else None
    land = Landscape(scene, shore)
    misty = Extra.MIST in scene.extras
    edges = [0.45 * eye.reference, 1.6, 3.6, 8.0, 18.0, REACH]
    if shore is not None:
        edges = [shore * 0.93, 11.0, 20.0, REACH]
    parts: list[Drawable] = []
    for index, (near, far) in enumerate(list(pairwise(edges))[::-1]):
        floor = None if shore is None else 0.0
        stretch = Stretch(near, far, mist=0.85 if misty else 0.30, floor=floor)
        parts.append(
            land_layer(land.heights, land.material, eye, setting.light, setting.lens, stretch)
        )
        if Extra.BIRDS in scene.extras and index == 0:
            parts.append(_birds(setting))
        if misty and index < (1 if scene.weather is Weather.FOG else 3):
            row = eye.row(near, 0.10 * near**0.5)
            parts.append(fog_bank(setting, 0.8 * eye.disparity(near), row, 0.75 - 0.16 * index))
    if shore is not None:
        parts.append(water_part(setting, shore, 0.011, 0.45))
        if Extra.BOAT in scene.extras:
            parts.append(boat(setting, eye.row(shore) + 0.03 * setting.lens.height))
    return [*parts, *vegetation(setting, land, shore)]


def air_parts(setting: Setting) -> list[Drawable]:
    """What is in the air in front of everything: fog, rain, snow."""
    scene, light, lens = setting.scene, setting.light, setting.lens
    if scene.terrain is Terrain.DESERT and scene.weather in (Weather.CLEAR, Weather.CLOUDY):
        # Dust blowing over the sand.
        return [fog_bank(setting, 0.35, 0.14 * lens.height, 0.34)]
    if scene.weather is Weather.FOG:
        return [
            fog_bank(setting, disparity, row * lens.height, 0.7)
            for disparity, row in ((0.3, 0.10), (0.8, 0.30))
        ]
    if scene.weather in (Weather.RAIN, Weather.STORM):
        storm = scene.weather is Weather.STORM
        glow = float(to_yuv(light.horizon[None])[0][0]) - 16.0
        slant, density = (0.22, 1.5) if storm else (0.07, 1.0)
        return [Rain(setting.rng(32), lens, slant, 8.0 + 0.22 * glow, density)]
    if scene.weather is Weather.SNOW:
        return [Snow(setting.rng(33), lens, 1.0, flake_luma(light))]
    return []
