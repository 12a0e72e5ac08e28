"""Space: a nebula, and a planet with an atmosphere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.domain.intent import SceneDescription
from kirin.engines.animatic.scene.colour import Colour, Paint, ink, mix, pigment
from kirin.engines.animatic.scene.lens import Patch
from kirin.engines.animatic.scene.noise import Field, Noise, smoothstep

_HUES = (
    ("#1a2f6b", "#c24a8a", "#ffb27a", "#4fd0d8"),
    ("#15324f", "#2fa8a0", "#f2d68a", "#d0506a"),
    ("#2a1650", "#7a3fc0", "#ff7a9a", "#5aa8ff"),
    ("#0f2a55", "#d9622f", "#ffd79a", "#5ac0e8"),
)
"""Thin gas, glowing gas, the hot core, and a second emission colour."""


def paint_nebula(scene: SceneDescription, patch: Patch, focal: float) -> Paint:
    """Glowing turbulent gas with dust in front of it."""
    rng = np.random.default_rng([scene.variety, 40])
    thin, glow, heart, other = (ink(code) for code in _HUES[rng.integers(len(_HUES))])
    noise, fold, dust = Noise(rng), Noise(rng), Noise(rng)
    turn = rng.uniform(-0.6, 0.6)
    x0 = np.broadcast_to(patch.x() / focal, (patch.height, patch.width))
    y0 = np.broadcast_to(patch.y() / focal, x0.shape)
    x = (x0 * np.cos(turn) - y0 * np.sin(turn)).astype(np.float32)
    y = (x0 * np.sin(turn) + y0 * np.cos(turn)).astype(np.float32)
    p = np.float32(rng.uniform(0, 40))
    # Domain warping, twice, for the look of turbulence.
    wx = fold.fbm(x * 1.5 + p, y * 1.5, 5)
    wy = fold.fbm(x * 1.5, y * 1.5 + p + 7, 5)
    wx2 = fold.fbm(x * 2.3 + 1.6 * wx + 3, y * 2.3 + 1.6 * wy, 5)
    body = noise.fbm(x * 1.7 + 1.1 * wx2 + p, y * 1.7 + 1.1 * wy, 8, 0.56)
    veins = noise.fbm(x * 2.4 + 1.4 * wx, y * 2.4 + 1.4 * wx2 + p, 8, 0.55, 1.0)
    dark = dust.fbm(x * 2.2 + 0.9 * wy, y * 2.2 + 0.9 * wx + p, 7, 0.55)
    cx, cy = rng.uniform(-0.25, 0.25), rng.uniform(-0.12, 0.12)
    middle = np.exp(-(((x - cx) / 0.62) ** 2 + ((y - cy) / 0.36) ** 2))
    gas = np.clip(0.16 + 0.62 * middle + 0.95 * body, 0.0, 1.4)
    rgb = ink("#03040c") + thin * (0.75 * smoothstep(0.05, 0.9, gas))[..., None]
    rgb = (
        rgb
        + glow
        * (0.95 * smoothstep(0.35, 1.15, gas) * (0.55 + 0.6 * np.clip(veins, -0.5, 1)))[..., None]
    )
    rgb = (
        rgb
        + other
        * (0.6 * smoothstep(0.30, 0.9, gas + 0.8 * wx) * smoothstep(0.0, 0.5, wy + 0.1))[..., None]
    )
    core = np.exp(-(((x - cx) / 0.24) ** 2 + ((y - cy) / 0.17) ** 2))
    rgb = rgb + heart * (0.9 * core * np.clip(0.5 + 1.2 * veins + 0.4 * body, 0, 1.5))[..., None]
    lanes = smoothstep(0.05, 0.42, dark + 0.25 * body) * (0.35 + 0.5 * middle)
    rgb = rgb * (1.0 - 0.86 * lanes)[..., None]
    return Paint(np.asarray(np.maximum(rgb, 0.0), np.float32))


def paint_planet(
    scene: SceneDescription,
    patch: Patch,
    x: float,
    y: float,
    radius: float,
    *,
    ring: bool = False,
) -> Paint:
    """A planet lit from one side, with bands or continents, clouds and an atmosphere.

    Args:
        scene: its variety is the seed.
        patch: to paint.
        x, y: its centre in pixels of the rest view.
        radius: in pixels.
        ring: whether it has rings, which reach :data:`RING` radii from its centre.
    """
    rng = np.random.default_rng([scene.variety, 41])
    noise, cloud = Noise(rng), Noise(rng)
    u = np.broadcast_to((patch.x() - x) / radius, (patch.height, patch.width)).astype(np.float32)
    v = np.broadcast_to((patch.y() - y) / radius, u.shape).astype(np.float32)
    square = u * u + v * v
    distance = np.sqrt(square)
    w = np.sqrt(np.maximum(1.0 - square, 0.0))
    edge = 1.2 * patch.step / radius
    disc = 1.0 - smoothstep(1.0 - edge, 1.0 + edge, distance)
    # Longitude and latitude of a tilted globe.
    tilt = rng.uniform(-0.5, 0.5)
    a = u * np.cos(tilt) + v * np.sin(tilt)
    b = v * np.cos(tilt) - u * np.sin(tilt)
    longitude = np.arctan2(a, np.maximum(w, 1e-3)).astype(np.float32)
    latitude = np.arcsin(np.clip(b, -1, 1)).astype(np.float32)
    if rng.random() < 0.5:
        swirl = noise.fbm(longitude * 2.0, latitude * 6.0, 6) * 0.14
        bands = noise.fbm(np.zeros_like(latitude) + 5, (latitude + swirl) * 5.5, 5, 0.6)
        surface = mix(pigment("#7a5a44"), pigment("#e2c9a2"), np.clip(0.5 + 1.1 * bands, 0, 1))
        air = ink("#e8b98a")
    else:
        land = noise.fbm(longitude * 1.7 + 9, latitude * 1.9, 8, 0.55)
        ground = mix(pigment("#4a5a36"), pigment("#8f8062"), np.clip(0.2 + land * 2.4, 0, 1))
        shallow = smoothstep(-0.10, 0.04, land)
        sea = mix(pigment("#0c2342"), pigment("#1d5670"), shallow)
        surface = mix(sea, ground, smoothstep(0.03, 0.07, land))
        white = smoothstep(-0.08, 0.42, cloud.fbm(longitude * 2.4, latitude * 3.4, 8, 0.58))
        surface = mix(surface, pigment("#f4f6fa"), 0.85 * white)
        air = ink("#7fb8ff")
    away = rng.choice([-1.0, 1.0])
    sun = np.array([0.78 * away, -0.42, 0.46]) / np.linalg.norm([0.78, 0.42, 0.46])
    lit = u * sun[0] + v * sun[1] + w * sun[2]
    day = smoothstep(-0.06, 0.55, lit) * 2.0 + 0.012
    rgb = surface * day[..., None]
    rim = np.exp(-np.maximum(w, 0.0) * 5.0) * smoothstep(-0.25, 0.5, lit)
    rgb = rgb + air * (0.6 * rim)[..., None]
    # The atmosphere glows a little beyond the limb.
    glare = smoothstep(-0.35, 0.75, (u * sun[0] + v * sun[1]) / np.maximum(distance, 0.1))
    halo = np.exp(-np.maximum(distance - 1.0, 0.0) * 26.0) * glare * 0.8
    alpha = (disc + (1.0 - disc) * halo).astype(np.float32)
    rgb = mix(np.broadcast_to(air, rgb.shape), rgb, disc)
    if ring:
        rgb, alpha = _ring(rng, u, v, sun, rgb, alpha)
    return Paint(np.asarray(rgb, np.float32), np.asarray(alpha, np.float32))


RING = 2.35
"""Outer radius of a planet's rings, in its own radii."""


def _ring(
    rng: np.random.Generator,
    u: Field,
    v: Field,
    sun: NDArray[np.float64],
    rgb: Colour,
    alpha: Field,
) -> tuple[Colour, Field]:
    """Rings in a tilted plane: behind the planet above, before it below, with its shadow."""
    turn, tilt = float(rng.uniform(0.12, 0.40) * rng.choice([-1, 1])), float(rng.uniform(0.20, 0.34))
    a = u * np.float32(np.cos(turn)) + v * np.float32(np.sin(turn))
    b = (v * np.float32(np.cos(turn)) - u * np.float32(np.sin(turn))) / np.float32(tilt)
    radius = np.sqrt(a * a + b * b)
    bands = Noise(rng).fbm(radius * 9.0, np.zeros_like(radius), 5, 0.65)
    gap = 1.0 - np.exp(-(((radius - 1.98) / 0.035) ** 2))
    share = smoothstep(1.28, 1.36, radius) * smoothstep(RING, RING - 0.06, radius)
    share = share * np.clip(0.62 + 0.9 * bands, 0.12, 0.95) * gap
    # The planet's shadow falls on the part of the rings that is away from the sun.
    along = (a * sun[0] + b * np.float32(tilt) * sun[1]) / np.hypot(sun[0], sun[1])
    across = np.sqrt(np.maximum(radius**2 - (a * sun[0] / np.hypot(sun[0], 0.3)) ** 2, 0.0))
    dark = smoothstep(0.0, -0.25, along) * smoothstep(1.05, 0.85, across)
    light = mix(pigment("#8c7a62"), pigment("#f0dfc0"), np.clip(0.5 + bands, 0, 1))
    light = light * np.float32(1.25) * (1.0 - 0.85 * dark)[..., None]
    hidden = (b < 0) & (u * u + v * v < 1.0)
    share = np.where(hidden, 0.0, share).astype(np.float32)
    after = share + alpha * (1.0 - share)
    return mix(rgb, light, share / np.maximum(after, 1e-3)), np.asarray(after, np.float32)
