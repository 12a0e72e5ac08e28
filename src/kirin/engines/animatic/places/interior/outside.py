"""What is seen through the windows of a room: sky, and the country or the town below it."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.domain.intent import Terrain, Weather
from kirin.engines.animatic.scene.colour import Paint, ink, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import DEEP
from kirin.engines.animatic.scene.noise import Noise, smoothstep
from kirin.engines.animatic.scene.setting import Setting


def outside(setting: Setting, horizon: float) -> SceneLayer:
    """The view from the windows, out of focus.

    Args:
        setting: of the scene.
        horizon: row in pixels below the centre.
    """
    lens, light, rng = setting.lens, setting.light, setting.rng(201)
    patch = lens.patch(DEEP, -np.inf, np.inf, coarse=2.0)
    unit = np.float32(1.0 / lens.height)
    x = np.broadcast_to(patch.x() * unit, (patch.height, patch.width))
    up = np.broadcast_to((horizon - patch.y()) * unit, x.shape).astype(np.float32)
    rgb = light.sky(x.astype(np.float32), np.maximum(up, 0.0))
    noise = Noise(rng)
    cloud = smoothstep(0.05, 0.5, noise.fbm(x * 2.2 + 3, up * 5.0, 4))
    rgb = mix(rgb, np.broadcast_to(light.cloud_lit, rgb.shape), 0.5 * cloud * smoothstep(0.0, 0.2, up))
    if not light.dark:
        rgb = rgb * np.float32(1.25)
    town = setting.scene.terrain is Terrain.CITY or rng.random() < 0.3
    for step, haze in enumerate((0.62, 0.35, 0.08)):
        base = 0.07 - 0.05 * step
        if town:
            cells = np.floor(x * (9.0 - 2 * step) + 50 * step).astype(np.int64)
            heights = rng.uniform(0.02, 0.20, 400)
            ridge = base + heights[np.clip(cells + 150, 0, 399)].astype(np.float32)
        else:
            ridge = base + 0.10 * noise.fbm(x * (2.0 + 2 * step) + 9 * step, np.full_like(x, 3.0), 5)
        green = pigment(("#5f7a52", "#4c6b3c", "#3f5c30")[step])
        body = pigment("#79756f") if town else green
        body = body * (light.ambient * np.float32(1.0) + light.key * np.float32(0.35))
        leaves = 0.8 + 0.5 * noise.fbm(x * 16, up * 16 + step, 3)
        if town:
            leaves = np.ones_like(leaves)
        colour = mix(body * leaves[..., None], np.broadcast_to(light.horizon, rgb.shape), haze)
        if town:
            lit = _windows(x, up, step, rng, light.dark)
            colour = colour + ink("#ffcf8a") * lit[..., None]
        rgb = mix(rgb, colour, smoothstep(-0.003, 0.003, ridge - up))
    if setting.scene.weather in (Weather.FOG, Weather.SNOW):
        rgb = mix(rgb, np.broadcast_to(light.horizon, rgb.shape), 0.45)
    rgb = cv2.GaussianBlur(np.asarray(rgb, np.float32), (0, 0), 0.0022 * lens.height)
    return SceneLayer(Paint(rgb), patch, DEEP)


def _windows(
    x: np.ndarray, up: np.ndarray, step: int, rng: np.random.Generator, dark: bool
) -> np.ndarray:
    """Lit windows of a town."""
    columns = np.floor(x * (70 - 14 * step)).astype(np.int64) % 97
    rows = np.floor(up * (70 - 14 * step)).astype(np.int64) % 53
    lit = (rng.random((97, 53)) < (0.34 if dark else 0.05)).astype(np.float32)
    return np.asarray(lit[columns, rows] * np.float32(1.1 if dark else 0.4), np.float32)
