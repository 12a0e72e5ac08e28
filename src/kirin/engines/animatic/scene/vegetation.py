"""Vegetation: rows of trees and stands of grass on the land, with haze."""

from __future__ import annotations

import numpy as np

from kirin.domain.intent import Extra, Season, Terrain
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.crops import BAMBOO, CROPS, Crop, crop_of
from kirin.engines.animatic.scene.landscape import Landscape
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Depth
from kirin.engines.animatic.scene.plants import bamboo, broad_tree, grass, pine
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.strokes import Strokes, paint_strokes, strokes
from kirin.engines.animatic.scene.terrain import air_share

# Rows of pines: distance, how many across the view, height in units of 100 m.
_FOREST = (
    (7.5, 150, 0.30),
    (4.6, 90, 0.31),
    (2.9, 52, 0.32),
    (1.8, 28, 0.33),
    (1.05, 13, 0.34),
    (0.62, 6, 0.36),
)
_MOUNTAIN = ((5.2, 90, 0.13), (3.2, 40, 0.14), (1.9, 18, 0.16), (1.15, 7, 0.18))
_TREES = ((7.0, 16), (3.4, 4))
_CLUMP = 5  # culms of bamboo where a pine would stand


def vegetation(setting: Setting, land: Landscape, shore: float | None) -> list[SceneLayer]:
    """Layers of vegetation, from back to front, all beyond a ``shore``."""
    scene = setting.scene
    nearest = shore or 0.0
    layers: list[SceneLayer] = []
    if scene.terrain in (Terrain.FOREST, Terrain.MOUNTAINS):
        rows = _FOREST if scene.terrain is Terrain.FOREST else _MOUNTAIN
        for tag, (distance, count, tall) in enumerate(rows):
            if distance > nearest:
                layers.append(_pines(setting, land, tag, distance, count, tall))
    elif Extra.TREES in scene.extras and scene.terrain is Terrain.FIELDS:
        for tag, (distance, count) in enumerate(_TREES):
            if distance > nearest:
                layers.append(_trees(setting, land, tag, distance, count))
    if not setting.snowy and scene.terrain is not Terrain.DESERT:
        layers.extend(_grasses(setting, shore))
    return layers


def quay(setting: Setting, shore: float) -> SceneLayer:
    """A city's quay: trees in front of the houses, and the wall that they stand on."""
    rng, light = setting.rng(85), setting.light
    scale, base = setting.eye.scale(shore), setting.eye.row(shore)
    depth = setting.eye.upright(shore)
    patch = setting.lens.patch(depth, base - 0.2 * scale, base + 0.02 * scale)
    wide = patch.width * patch.step
    lines: list[Strokes] = []
    for x in patch.left + wide * rng.random(int(wide / scale / 0.11)):
        height = scale * float(rng.uniform(0.05, 0.10))
        foot = base - 0.012 * scale
        lines.append(broad_tree(rng, float(x), foot, height, light, setting.scene.season))
    stone = pigment("#5a554f") * (light.ambient * np.float32(0.6) + light.key * np.float32(0.3))
    x = np.linspace(patch.left, patch.left + wide, 64)
    tone = stone * rng.uniform(0.75, 1.15, (63, 1)).astype(np.float32)
    row, thick = base - 0.006 * scale, 0.022 * scale
    lines.append(strokes(x[:-1], row, x[1:], row, thick, thick, tone))
    return SceneLayer(paint_strokes(patch, _hazed(setting, lines, shore), stone), patch, depth)


def _hazed(setting: Setting, lines: list[Strokes], distance: float) -> Strokes:
    """Join strokes, and tint them by the haze at a distance."""
    if not lines:
        return np.zeros((0, 9), np.float32)
    joined = np.concatenate(lines)
    share = min(float(air_share(setting.light, distance * 1.7)), 0.9)
    air = setting.light.air((joined[:, 0] / np.float32(setting.lens.focal))[None])[0]
    joined[:, 6:9] = mix(joined[:, 6:9], air, share)
    return joined


def _foot(setting: Setting, land: Landscape, x: float, distance: float) -> float:
    """Row of the ground at ``x`` in pixels of the rest view, and at a distance."""
    away = np.full((1, 1), distance, np.float32)
    side = away * np.float32(x / setting.eye.focal)
    # Slightly below the surface, so that nothing floats.
    return setting.eye.row(distance, float(land.heights(side, away)[0, 0]) - 0.004)


def _pines(
    setting: Setting, land: Landscape, tag: int, distance: float, count: int, tall: float
) -> SceneLayer:
    rng = setting.rng(70 + tag)
    depth, scale = setting.eye.upright(distance), setting.eye.scale(distance)
    low = setting.eye.row(distance, -0.1)
    patch = setting.lens.patch(depth, low - (tall * 1.6 + 0.5) * scale, low + 0.3 * scale)
    clearing = rng.uniform(-0.12, 0.12) * setting.lens.width
    bamboos = setting.scene.crop == BAMBOO and setting.scene.terrain is Terrain.FOREST
    lines: list[Strokes] = []
    for slot in (np.arange(count) + rng.uniform(0.1, 0.9, count)) / count:
        x = float(patch.left + patch.width * patch.step * slot)
        height = tall * scale * float(rng.uniform(0.55, 1.15))
        # Near trees stand at the sides and frame the view.
        aside = abs(x - clearing) / setting.lens.width > 0.34 - 0.09 * distance
        if distance > 2.5 or aside:
            foot = _foot(setting, land, x, distance)
            snow = 0.75 if setting.snowy else 0.0
            if bamboos:
                lines += [bamboo(rng, x, foot, height, setting.light) for _ in range(_CLUMP)]
            else:
                lines.append(pine(rng, x, foot, height, setting.light, snow))
    painted = _hazed(setting, lines, distance)
    backing = painted[:, 6:9].mean(axis=0) if len(painted) else np.zeros(3, np.float32)
    return SceneLayer(
        paint_strokes(patch, painted, backing), patch, depth, sway=0.004 * tall * scale
    )


def _trees(setting: Setting, land: Landscape, tag: int, distance: float, count: int) -> SceneLayer:
    rng = setting.rng(80 + tag)
    depth, scale = setting.eye.upright(distance), setting.eye.scale(distance)
    low = setting.eye.row(distance, -0.1)
    patch = setting.lens.patch(depth, low - 0.75 * scale, low + 0.3 * scale)
    lines: list[Strokes] = []
    for x in patch.left + patch.width * patch.step * rng.random(count):
        foot = _foot(setting, land, float(x), distance)
        height = scale * float(rng.uniform(0.16, 0.28))
        lines.append(broad_tree(rng, float(x), foot, height, setting.light, setting.scene.season))
    painted = _hazed(setting, lines, distance)
    return SceneLayer(paint_strokes(patch, painted, painted[:, 6:9].mean(axis=0)), patch, depth)


def _grasses(setting: Setting, shore: float | None) -> list[SceneLayer]:
    """Stands of grass or corn at several disparities; beside water only the nearest."""
    scene, lens, light = setting.scene, setting.lens, setting.light
    fields = scene.terrain is Terrain.FIELDS
    crop = crop_of(scene.crop, scene.season)
    corn = fields and crop.ears
    foot_colour, tip_colour = _straw(setting, crop if fields else None)
    tall = lens.height * (crop.tall if fields else 0.085)
    rows = (0.26, 0.36, 0.50, 0.68, 0.95) if fields else (0.55, 0.75, 1.0)
    layers: list[SceneLayer] = []
    for tag, disparity in enumerate(rows if shore is None else rows[-1:]):
        height = tall * disparity
        # The row of the ground at that disparity, slightly lower so that the stems begin in it.
        ground = setting.eye.horizon + disparity * (lens.height / 2 - setting.eye.horizon)
        foot = ground + 0.2 * height
        depth = Depth(disparity, disparity)
        patch = lens.patch(depth, foot - 1.35 * height, foot + 0.7 * height)
        lines = grass(
            setting.rng(90 + tag),
            patch.left,
            patch.left + patch.width * patch.step,
            foot,
            height,
            light,
            (foot_colour, tip_colour),
            ears=corn,
            spacing=height * (0.018 if corn else 0.022),
            ragged=0.12 if corn or scene.crop else 0.45 if fields else 0.95,
        )
        if fields and crop.heads:
            lines = _flowering(setting, tag, lines, crop, height)
        backing = mix(foot_colour, tip_colour, 0.4)
        backing = backing * (light.ambient + light.key * np.float32(0.4))
        layers.append(
            SceneLayer(paint_strokes(patch, lines, backing), patch, depth, sway=0.05 * height)
        )
    return layers


def _flowering(setting: Setting, tag: int, blades: Strokes, crop: Crop, height: float) -> Strokes:
    """Blades with flowers at the tips of most of them; three strokes are a blade."""
    rng, light = setting.rng(190 + tag), setting.light
    tips = blades[2::3]
    tips = tips[rng.random(len(tips)) < 0.7]
    tone = light.key * np.float32(0.45) + light.ambient * np.float32(0.8)
    codes = np.stack([pigment(code) for code in crop.heads])
    # Drifts of one colour.
    place = np.floor(tips[:, 2] / (3.5 * height)).astype(np.int64)
    tint = codes[(place + tag) % len(codes)] * tone
    tint = tint * rng.uniform(0.65, 1.25, (len(tips), 1)).astype(np.float32)
    size = height * (0.085 if crop.tall > 0.15 else 0.050) * rng.uniform(0.7, 1.2, len(tips))
    x, y = tips[:, 2], tips[:, 3]
    if crop is CROPS["lavender"]:
        heads = strokes(x, y + 0.10 * height, x, y - 0.12 * height, size * 0.6, size * 0.25, tint)
    else:
        heads = strokes(x - size * 0.35, y, x + size * 0.35, y, size, size, tint)
    parts = [blades, heads]
    if crop is CROPS["sunflowers"]:
        eyes = np.broadcast_to(pigment("#4a2c14") * tone, tint.shape)
        parts.append(strokes(x - size * 0.1, y, x + size * 0.1, y, size * 0.55, size * 0.55, eyes))
    return np.concatenate(parts)


def _straw(setting: Setting, crop: Crop | None) -> tuple[Colour, Colour]:
    """Colours of the foot and the tip of blades."""
    if crop is not None and (crop.ears or setting.scene.crop):
        return pigment(crop.foot), pigment(crop.tip)
    if setting.scene.season is Season.AUTUMN:
        return pigment("#3a2c14"), pigment("#b08a4a")
    return pigment("#3a4f1e"), pigment("#9ab45a")
