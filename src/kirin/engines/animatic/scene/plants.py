"""Plants made of strokes: pines, broad-leaved trees and grass."""

from __future__ import annotations

import numpy as np

from kirin.domain.intent import Season
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.light import Light
from kirin.engines.animatic.scene.strokes import Strokes, strokes


def pine(
    rng: np.random.Generator, x: float, base: float, height: float, light: Light, snow: float
) -> Strokes:
    """A pine with its foot at ``(x, base)``; ``snow`` is the share of snowy boughs."""
    tiers = int(np.clip(height / 5.0, 8, 60))
    spread = height * rng.uniform(0.17, 0.23)
    lean = rng.normal(0, 0.012) * height
    rise = np.sort(rng.uniform(0.04, 1.0, tiers * 8))
    side = rng.choice([-1.0, 1.0], rise.size)
    # Boughs are longest at the bottom, in uneven whorls.
    whorl = 0.72 + 0.28 * np.sin(rise * tiers * 1.7 + rng.uniform(0, 6))
    length = (
        spread * (1.0 - rise) ** 0.85 * whorl * rng.uniform(0.55, 1.1, rise.size) + 0.01 * height
    )
    # The lowest boughs are short, and none hangs below the foot: it would end in rags.
    length = length * np.clip(0.35 + rise * 6.0, 0.0, 1.0)
    x0 = x + lean * rise
    y0 = base - height * rise
    droop = length * rng.uniform(0.15, 0.55, rise.size)
    droop = np.minimum(droop, np.maximum(rise - 0.025, 0.0) * height)
    x1, y1 = x0 + side * length, y0 + droop
    dark, bright = pigment("#16261c"), pigment("#33492f")
    sun = light.key * np.float32(0.55) + light.ambient * np.float32(0.8)
    facing = np.clip(0.35 + 0.5 * side * np.sign(light.side) + rng.normal(0, 0.2, rise.size), 0, 1)
    tint = mix(np.broadcast_to(dark, (rise.size, 3)), bright, facing) * sun
    white = pigment("#dfe6f2") * (light.ambient * np.float32(1.1) + light.key * np.float32(0.25))
    laden = (rng.random(rise.size) < 0.6 * snow).astype(np.float32)
    width = height * 0.022 * rng.uniform(0.7, 1.4, rise.size)
    trunk = strokes(
        np.array([x]),
        np.array([base]),
        np.array([x + lean]),
        np.array([base - height]),
        np.array([height * 0.030]),
        np.array([height * 0.004]),
        pigment("#241c16") * sun,
    )
    boughs = strokes(x0, y0, x1, y1, width * 1.3, width * 0.25, tint)
    # Hanging twigs break up the outline.
    count = 3 if height > 60 else 1
    along = rng.uniform(0.35, 1.0, (count, rise.size))
    tx, ty = x0 + (x1 - x0) * along, y0 + (y1 - y0) * along
    hang = length * rng.uniform(0.10, 0.28, along.shape)
    hang = np.minimum(hang, np.maximum(base - 0.015 * height - ty, 0.0))
    twigs = strokes(
        tx.ravel(),
        ty.ravel(),
        (tx + side * hang * 0.5).ravel(),
        (ty + hang).ravel(),
        np.tile(width * 0.6, count),
        np.tile(width * 0.15, count),
        np.tile(tint * np.float32(0.85), (count, 1)),
    )
    caps = strokes(
        x0 + side * length * 0.15,
        y0 + droop * 0.15 - width * 0.5,
        x1 - side * length * 0.15,
        y1 - width * 0.45,
        width * 0.9 * laden,
        width * 0.5 * laden,
        mix(tint, np.broadcast_to(white, tint.shape), 0.55 + 0.4 * facing),
    )
    # Drawn by height, so that boughs overlap in a consistent order.
    order = np.argsort(-rise)
    return np.concatenate([trunk, twigs, boughs[order], caps[laden[:] > 0]])


def bamboo(rng: np.random.Generator, x: float, base: float, height: float, light: Light) -> Strokes:
    """A culm of bamboo beside ``(x, base)``, bent by its own leaves towards its tip."""
    x = x + float(rng.normal(0, 0.055)) * height
    height = height * float(rng.uniform(0.75, 1.1))
    count = int(np.clip(height / 9.0, 6, 18))
    rise = np.linspace(0.0, 1.0, count + 1)
    lean = float(rng.normal(0, 0.09)) * height
    across, up = x + lean * rise**2.2, base - height * rise + 0.06 * abs(lean) * rise**3
    sun = light.key * np.float32(0.5) + light.ambient * np.float32(0.72)
    tone = mix(pigment("#4c6a2a"), pigment("#8fae4e"), float(rng.uniform(0.1, 1.0))) * sun
    shade = rng.uniform(0.8, 1.15, (count, 1)).astype(np.float32)
    thick = height * 0.0135 * (1.0 - 0.75 * rise)
    culm = strokes(across[:-1], up[:-1], across[1:], up[1:], thick[:-1], thick[1:], tone * shade)
    # The rings between its joints are pale.
    wide = thick[1:-1]
    left, right = across[1:-1] - 0.6 * wide, across[1:-1] + 0.6 * wide
    pale = np.broadcast_to(pigment("#c3cf94") * sun, (count - 1, 3))
    rings = strokes(left, up[1:-1], right, up[1:-1], 0.3 * wide, 0.3 * wide, pale)
    leaves = 150 if height > 60 else 60
    place = rng.uniform(0.30, 1.0, leaves) ** 0.8
    side = rng.choice([-1.0, 1.0], leaves)
    reach = height * 0.10 * rng.uniform(0.1, 1.0, leaves) * (1.15 - 0.6 * place)
    fx = np.interp(place, rise, across) + side * reach
    fy = np.interp(place, rise, up) + rng.normal(0, 0.012, leaves) * height + 0.25 * reach
    long = height * rng.uniform(0.020, 0.042, leaves)
    lit = np.clip(0.45 + 0.35 * side * np.sign(light.side) + rng.normal(0, 0.2, leaves), 0, 1)
    dark, bright = (np.broadcast_to(pigment(each), (leaves, 3)) for each in ("#2f5320", "#86a83f"))
    green = mix(dark, bright, lit) * sun
    tips = fx + side * long * 0.75, fy + long * 0.7
    return np.concatenate([culm, rings, strokes(fx, fy, *tips, long * 0.17, long * 0.04, green)])


_LEAVES = {
    Season.SPRING: ("#5f7f35", "#a9c05a"),
    Season.SUMMER: ("#2f4a22", "#6f8c3c"),
    Season.AUTUMN: ("#7a3f18", "#d08a2e"),
    Season.WINTER: ("#4a443e", "#8a8580"),
}


def broad_tree(
    rng: np.random.Generator, x: float, base: float, height: float, light: Light, season: Season
) -> Strokes:
    """A broad-leaved tree; bare in winter."""
    sun = light.key * np.float32(0.55) + light.ambient * np.float32(0.85)
    bark = pigment("#2a2019") * sun
    parts: list[Strokes] = []
    tips: list[tuple[float, float]] = []
    stack = [(x, base, -np.pi / 2 + rng.normal(0, 0.05), height * 0.34, height * 0.055, 0)]
    while stack:
        px, py, angle, length, width, order = stack.pop()
        qx, qy = px + np.cos(angle) * length, py + np.sin(angle) * length
        thin = width * 0.72
        parts.append(strokes(np.array([px]), py, qx, qy, width, thin, bark))
        if order >= 2:
            tips.append((qx, qy))
        if order < (6 if season is Season.WINTER else 4):
            forks = 3 if order == 0 else 2
            turns = rng.uniform(0.25, 0.75, forks) * np.array([-1.0, 1.0, 0.2])[:forks]
            stack += [
                (
                    qx,
                    qy,
                    angle + float(turn) + float(rng.normal(0, 0.1)),
                    length * float(rng.uniform(0.66, 0.82)),
                    thin * 0.75,
                    order + 1,
                )
                for turn in turns
            ]
    if season is Season.WINTER:
        return np.concatenate(parts)
    centres = np.array(tips)
    count = 42
    cx = np.repeat(centres[:, 0], count) + rng.normal(0, height * 0.055, len(tips) * count)
    cy = np.repeat(centres[:, 1], count) + rng.normal(0, height * 0.045, len(tips) * count)
    # The crown is shaded as a ball: bright at the top and towards the sun, dark below.
    mx, my = centres.mean(axis=0)
    reach = max(height * 0.3, 1.0)
    shine = 0.42 + 0.40 * (my - cy) / reach + 0.30 * np.sign(light.side) * (cx - mx) / reach
    shine = np.clip(shine + rng.normal(0, 0.16, cx.size), 0, 1)
    low, high = _LEAVES[season]
    tint = (
        mix(np.broadcast_to(pigment(low) * np.float32(0.6), (cx.size, 3)), pigment(high), shine)
        * sun
    )
    size = height * 0.020 * rng.uniform(0.6, 1.5, cx.size)
    order_by = np.argsort(shine + rng.normal(0, 0.15, cx.size))
    leaf_angle = rng.uniform(0, np.pi, cx.size)
    leaves = strokes(
        cx,
        cy,
        cx + np.cos(leaf_angle) * size,
        cy + np.sin(leaf_angle) * size * 0.6,
        size * 1.2,
        size * 0.7,
        tint,
    )[order_by]
    return np.concatenate([*parts, leaves])


def grass(
    rng: np.random.Generator,
    left: float,
    right: float,
    base: float,
    height: float,
    light: Light,
    colours: tuple[Colour, Colour],
    *,
    ears: bool,
    spacing: float,
    ragged: float,
) -> Strokes:
    """A stand of grass or corn along ``base``.

    Args:
        rng: of the blades.
        left, right, base: the extent of the stand, in pixels.
        height: of a tall blade, in pixels.
        light: of the scene.
        colours: of the foot and of the tip.
        ears: whether the blades have ears.
        spacing: mean distance between blades, in pixels.
        ragged: 0 for an even stand, 1 for clumps with gaps.
    """
    count = max(8, int((right - left) / spacing))
    x = rng.uniform(left, right, count)
    # Clumps and gaps of several sizes.
    p, q = rng.uniform(0, 6, 2)
    clump = 0.5 + 0.22 * np.sin(x / height * 0.9 + p) + 0.18 * np.sin(x / height * 0.37 + q)
    clump += 0.12 * np.sin(x / height * 2.3 + p * q)
    tall = height * rng.uniform(0.55, 1.05, count) * (1.0 - ragged * (1.0 - np.clip(clump, 0, 1)))
    lean = rng.normal(0.10, 0.16, count) * tall
    foot = base + rng.uniform(0, 0.25, count) * height
    wide = np.maximum(height * 0.016 * rng.uniform(0.6, 1.3, count), 0.8)
    # A low sun leaves them in their own shadow.
    sun = light.key * np.float32(0.30 if light.height < 0.3 else 0.5)
    sun = sun + light.ambient * np.float32(0.8)
    shade = rng.uniform(0.5, 1.15, count)[:, None].astype(np.float32)
    parts = []
    for a, b in ((0.0, 0.4), (0.4, 0.75), (0.75, 1.0)):
        tone = mix(colours[0], colours[1], (a + b) / 2) * sun * shade
        parts.append(
            strokes(
                x + lean * a**1.8,
                foot - tall * a,
                x + lean * b**1.8,
                foot - tall * b,
                wide * (1 - 0.55 * a),
                wide * (1 - 0.55 * b),
                tone,
            )
        )
    if ears:
        ex, ey = x + lean, foot - tall
        tone = mix(colours[1], pigment("#ffe2a0"), 0.35) * sun * shade
        nod_x, nod_y = lean * 0.25 + wide * 1.5, tall * 0.04 + wide
        parts.append(
            strokes(ex, ey, ex + nod_x, ey - tall * 0.10 + nod_y, wide * 1.7, wide * 0.9, tone)
        )
        parts += [
            strokes(
                ex + nod_x * 0.6,
                ey - tall * 0.06,
                ex + nod_x + tall * 0.07 * (0.4 + turn),
                ey - tall * 0.17 + nod_y,
                wide * 0.6,
                wide * 0.25,
                tone,
            )
            for turn in (-0.6, 0.0, 0.6)
        ]
    # Blade by blade, from back to front.
    order = np.argsort(foot)
    blades = np.stack(parts, axis=1)[order]
    return blades.reshape(-1, 9)
