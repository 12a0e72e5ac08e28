"""Banks of cloud seen from above, at the camera's height."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.scene.colour import Paint, mix
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Depth
from kirin.engines.animatic.scene.noise import Noise, smoothstep
from kirin.engines.animatic.scene.setting import Setting


def bank(
    setting: Setting, tag: int, disparity: float, row: float, *, sides: bool = False
) -> SceneLayer:
    """A heap of cumulus, solid below.

    Args:
        setting: of the scene.
        tag: of the random generator.
        disparity: of the layer.
        row: mean row of its tops, in view heights below the horizon.
        sides: whether it leaves the middle free.
    """
    lens, light, rng = setting.lens, setting.light, setting.rng(tag)
    h = float(lens.height)
    depth = Depth(disparity, disparity)
    drift = (0.0015 + 0.014 * disparity) * lens.width
    line = setting.eye.horizon + row * h
    patch = lens.patch(depth, line - 0.5 * h, np.inf, drift * setting.seconds, coarse=1.6)
    size = 0.35 + 1.25 * disparity
    x = np.broadcast_to(patch.x() / (h * size), (patch.height, patch.width)).astype(np.float32)
    y = np.broadcast_to((patch.y() - line) / (h * size), x.shape).astype(np.float32)
    x = x + np.float32(rng.uniform(0, 30))
    shape, puff = Noise(rng), Noise(rng)
    heap = shape.fbm(x[:1] * 1.6, np.zeros_like(x[:1]), 3, 0.55)
    top = -0.42 * heap - 0.04
    if sides:
        half = patch.x() / (lens.width / 2)
        top = top + 0.9 * (1.0 - smoothstep(0.30, 1.05, np.abs(half)))

    def billow(dx: float, dy: float, octaves: int) -> np.ndarray:  # type: ignore[type-arg]
        soft = puff.fbm((x + dx) * 3.6, (y + dy) * 4.4, octaves, 0.5)
        return np.asarray(0.5 - np.abs(soft) * 1.3, np.float32)

    body = billow(0.0, 0.0, 6)
    toward = billow(0.05 * float(np.sign(light.side)), -0.05, 5)
    edge = (y - top) / 0.10 + 1.15 * body
    alpha = smoothstep(0.0, 0.5, edge)
    deep = np.clip(y - top, 0, 1)
    lit = np.clip(0.66 + 1.5 * (body - toward) + 0.45 * body - 1.9 * deep, 0, 1)
    # Each bank stands out before the shaded foot of the one behind.
    lit = np.maximum(lit, 0.10)
    colour = mix(light.cloud_shade, light.cloud_lit, lit)
    # Light shines through the thin edges on the side of the sun.
    across = patch.x() / lens.focal
    glow = np.exp(-np.abs(across - light.side) * 2.6) * (1.0 - smoothstep(0.0, 1.4, edge))
    colour = colour + light.glow * (0.5 * glow)[..., None]
    far = np.clip(0.62 - 1.5 * disparity, 0.0, 0.6)
    air = light.air(np.ascontiguousarray(across.astype(np.float32)))
    colour = mix(np.asarray(colour, np.float32), np.broadcast_to(air, colour.shape), float(far))
    return SceneLayer(Paint(colour, alpha), patch, depth, drift=drift)
