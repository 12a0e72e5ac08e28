"""Cities: rows of towers in haze, and the lamps along a quay."""

from __future__ import annotations

import numpy as np

from kirin.domain.intent import Extra
from kirin.engines.animatic.scene.colour import Colour, Paint, ink, mix
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Patch
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.terrain import air_share
from kirin.engines.animatic.scene.towers import LAMPS, paint_tower, towers

_NEON = ("#ff4fa0", "#45e0ff", "#b070ff", "#ff8a4a")


def city_rows(setting: Setting, shore: float) -> list[SceneLayer]:
    """Rows of towers, the farthest first; the nearest stands behind distance ``shore``."""
    rng = setting.rng(20)
    centre = rng.uniform(-0.25, 0.25)
    return [
        _row(rng, setting, shore * far, tall, centre * away, tight)
        for far, tall, away, tight in (
            (3.4, 2.7, 1.0, 0.62),
            (2.3, 2.0, 1.0, 0.75),
            (1.6, 1.25, 0.6, 0.95),
            (1.15, 0.45, 0.2, 1.05),
        )
    ]


def _row(
    rng: np.random.Generator,
    setting: Setting,
    distance: float,
    tall: float,
    centre: float,
    tight: float,
) -> SceneLayer:
    eye, lens = setting.eye, setting.lens
    depth, scale, base = eye.upright(distance), eye.scale(distance), eye.row(distance)
    patch = lens.patch(depth, base - (tall * 1.5 + 0.4) * scale, base + 0.02 * lens.height)
    rgb = np.zeros((patch.height, patch.width, 3), np.float32)
    alpha = np.zeros((patch.height, patch.width), np.float32)
    pixel = scale / patch.step
    foot = (base - patch.top) / patch.step
    highest = (base + 0.43 * lens.height) / patch.step
    # Windows have numbers of their own, so that the next row has the same shapes when none is lit.
    windows = setting.rng(int(22 + 100 * distance))
    for block in towers(
        rng, setting.scene, patch, pixel, foot, highest, tall, centre * eye.focal, tight
    ):
        paint_tower(windows, block, setting.light, foot, rgb, alpha, pixel)
    _air(rgb, setting, patch, distance, foot, pixel)
    return SceneLayer(Paint(rgb, alpha), patch, depth)


def _air(
    rgb: Colour,
    setting: Setting,
    patch: Patch,
    distance: float,
    foot: float,
    pixel: float,
) -> None:
    """Paint haze over a row: thicker near the ground, and lit by the streets at night."""
    light = setting.light
    air = light.air(np.ascontiguousarray(patch.x() / np.float32(setting.eye.focal)))
    share = air_share(light, distance * (5.0 if light.dark else 1.7))
    height = (foot - np.arange(patch.height, dtype=np.float32))[:, None] / pixel
    low = np.exp(-np.maximum(height, 0.0) / (0.13 * distance))
    hidden = np.clip(share * (0.45 + 0.75 * low), 0, 0.96)
    rgb[:] = mix(rgb, np.broadcast_to(air, rgb.shape), np.broadcast_to(hidden, rgb.shape[:2]))
    if light.dark:
        street = ink("#b5763f") * np.float32(0.30)
        glow = np.exp(-np.maximum(height, 0.0) / 0.16) * 0.7
        rgb[:] += street * glow[..., None]


def lamps(setting: Setting, shore: float) -> SceneLayer:
    """Lamps and neon signs along the quay, as glowing points."""
    rng, eye = setting.rng(21), setting.eye
    depth, scale, base = eye.upright(shore), eye.scale(shore), eye.row(shore)
    patch = setting.lens.patch(depth, base - 0.16 * scale, base + 0.02 * scale)
    x, y = patch.x(), patch.y()
    rgb = np.zeros((patch.height, patch.width, 3), np.float32)
    rgb[:] = ink("#ffca80")
    alpha = np.zeros((patch.height, patch.width), np.float32)
    total = np.zeros_like(rgb)
    spots: list[tuple[float, float, float, Colour]] = []
    place = patch.left
    while place < patch.left + patch.width * patch.step:
        neon = Extra.LIGHTS in setting.scene.extras and rng.random() < 0.22
        code = _NEON[rng.integers(4)] if neon else LAMPS[rng.integers(3)]
        up = rng.uniform(0.03, 0.10) if neon else 0.035
        spots.append((place, base - up * scale, scale * rng.uniform(0.006, 0.011), ink(code)))
        place += scale * rng.uniform(0.05, 0.16)
    for sx, sy, size, tint in spots:
        first = max(int((sx - 9 * size - patch.left) / patch.step), 0)
        last = min(int((sx + 9 * size - patch.left) / patch.step) + 1, patch.width)
        if last <= first:
            continue
        d = np.sqrt((x[:, first:last] - sx) ** 2 + (y - sy) ** 2) / size
        spot = np.clip(np.exp(-d * d) * 1.1 + 0.22 * np.exp(-d * 0.55), 0, 1).astype(np.float32)
        area = slice(first, last)
        total[:, area] += tint * spot[..., None]
        alpha[:, area] = 1 - (1 - alpha[:, area]) * (1 - spot)
    weight = np.maximum(alpha, 1e-3)[..., None]
    rgb = np.where(alpha[..., None] > 0.004, np.minimum(total / weight, 2.6), rgb)
    return SceneLayer(Paint(np.asarray(rgb, np.float32), alpha), patch, depth)
