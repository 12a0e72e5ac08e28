"""The inside of a cave: rock around openings, with dripstones, and crystals."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.places.outdoor.flat import Drawing, Standing, flat_layer
from kirin.engines.animatic.scene.colour import Paint, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer, filled
from kirin.engines.animatic.scene.lens import Depth
from kirin.engines.animatic.scene.noise import Field, Noise, smoothstep
from kirin.engines.animatic.scene.setting import Setting


def mouth(setting: Setting, tag: int, distance: float) -> SceneLayer:
    """The far end with the opening to the outside, bright at its rim."""
    return _rock(setting, tag, distance, None, 0.20, 0.13, rim=1.0)


def walls(setting: Setting, tag: int, distance: float, near: float | None = None) -> SceneLayer:
    """Walls and ceiling around an opening through which the cave goes on."""
    return _rock(setting, tag, distance, near, 0.30 + 0.012 / distance, 0.30, rim=0.25)


def opening(distance: float, wide: float, aspect: float) -> float:
    """Half the width of an opening in view heights."""
    size = float(np.clip(0.22 / distance, 0.5, 2.6))
    return wide * 0.80 * size * aspect / 1.78 + 0.07


def _rock(
    setting: Setting,
    tag: int,
    distance: float,
    near: float | None,
    wide: float,
    tall: float,
    rim: float,
) -> SceneLayer:
    """Rock with an opening; ``wide`` and ``tall`` are half its size at 40 m, in view heights."""
    rng, lens, light, eye = setting.rng(tag), setting.lens, setting.light, setting.eye
    disparity = eye.reference / distance if near is None else near
    depth = Depth(disparity, disparity)
    h = float(lens.height)
    patch = lens.patch(depth, -np.inf, np.inf, coarse=1.5)
    shape, grain, drip = Noise(rng), Noise(rng), Noise(rng)
    aspect = max(lens.width / lens.height, 0.8)
    x = np.broadcast_to(patch.x() / h, (patch.height, patch.width)).astype(np.float32)
    y = np.broadcast_to(patch.y() / h, x.shape).astype(np.float32)
    foot = eye.row(distance) / h if near is None else 0.75
    # An arch over the floor: distance from its rim in view heights, positive in the rock.
    size = float(np.clip(0.22 / distance, 0.5, 2.6))
    half_w, half_h = opening(distance, wide, aspect), tall * size + 0.08
    turn = np.arctan2(foot - y + 0.05, x)
    wobble = shape.fbm(np.cos(turn) * 1.8 + 5, np.sin(turn) * 1.8, 5, 0.55) * 0.16
    arch = np.sqrt((x / half_w) ** 2 + (np.maximum(foot - y, 0) / (half_h * 2)) ** 2)
    depth_in = (arch - 1.0 - wobble) * half_h
    # Dripstones hang from the ceiling, and stand at the sides.
    spikes = np.maximum(drip.fbm(x * 13, np.zeros_like(x), 3, 0.6), 0) ** 1.3
    hang = (
        spikes
        * 0.34
        * half_h
        * smoothstep(half_w * 1.1, 0.0, np.abs(x))
        * (y < foot - half_h * 0.4)
    )
    depth_in = depth_in + hang
    cover = smoothstep(0.0, 0.006, depth_in)
    below = smoothstep(foot + 0.004, foot - 0.004, y)
    grounded = below if near is None else np.ones_like(below)
    # Boulders along the foot.
    lumps = 0.03 * (1 + shape.fbm(x * 7 + 9, np.zeros_like(x), 4, 0.6))
    low = np.asarray(y - lumps * size, np.float32)
    skirt = np.asarray(
        smoothstep(0, 0.01, depth_in) * smoothstep(foot, foot - 0.006, low), np.float32
    )
    alpha = np.maximum(cover * grounded, skirt)
    scale = 3.0 / np.clip(size, 0.7, 2.2)
    bump = grain.fbm(x * scale, y * scale * 0.8, 8, 0.58, 0.75)
    shift = 0.02
    dx = np.sign(x) * shift
    lit = bump - grain.fbm((x - dx) * scale, (y + shift) * scale * 0.8, 8, 0.58, 0.75)
    strata = np.sin((y * 3 + 0.5 * bump) * 26) * 0.05
    tone = np.clip(0.38 + 2.0 * lit + 0.25 * bump + strata, 0.02, 1.2)
    rgb = mix(pigment("#241d1a"), pigment("#8a7866"), np.clip(tone, 0, 1))
    shine = light.ambient * np.float32(0.75)
    rgb = rgb * shine * (0.45 + 0.8 * tone)[..., None]
    # The outside lights the rim; what is farther inside is darker.
    fall = np.exp(-np.maximum(depth_in, 0) / (0.09 + 0.05 * rim))
    outside = light.horizon * np.float32(0.9) + light.key * np.float32(0.5)
    rgb = (
        rgb
        + (outside * pigment("#a89078")) * (rim * 0.9 * fall * np.clip(tone + 0.2, 0, 1))[..., None]
    )
    dark: Field = np.asarray(np.clip(1.1 - 0.9 * np.maximum(depth_in, 0) / half_h, 0.38, 1.0))
    rgb = rgb * dark[..., None]
    if near is not None:
        rgb = rgb * np.float32(0.45)
    colour = filled(np.asarray(rgb, np.float32), np.asarray(alpha, np.float32))
    return SceneLayer(Paint(colour, np.asarray(alpha, np.float32)), patch, depth)


_HUES = (
    ("#5ad8ff", "#c8f4ff"),
    ("#b07aff", "#e8d8ff"),
    ("#6affc0", "#d8fff0"),
    ("#ff9ad0", "#ffe0f0"),
)


def crystals(setting: Setting, tag: int, distance: float, before: float) -> SceneLayer:
    """Clusters of glowing crystals at both sides, between two openings."""
    rng, lens = setting.rng(tag), setting.lens
    aspect = max(lens.width / lens.height, 0.8)
    hue = _HUES[int(setting.rng(675).integers(len(_HUES)))]
    scale = setting.eye.scale(distance)
    inner, outer = (opening(z, 0.30 + 0.012 / z, aspect) for z in (distance, before))
    items = []
    for side in (-1.0, 1.0):
        for _ in range(int(rng.integers(1, 4))):
            x = side * float(rng.uniform(inner * 0.85, min(outer, inner * 1.5) * 0.92))
            tall = float(rng.uniform(0.05, 0.11)) * lens.height * (0.12 / distance) ** 0.3
            items.append(
                Standing(
                    _cluster(rng, hue),
                    x * lens.height / scale,
                    tall / scale,
                    flip=side > 0,
                    power=1.25,
                )
            )
    return flat_layer(setting, distance, items)


def _cluster(rng: np.random.Generator, hue: tuple[str, str]) -> Drawing:
    body, glow = "", ""
    glow += (
        f'<defs><radialGradient id="c"><stop offset="0" stop-color="{hue[0]}" stop-opacity=".5"/>'
        f'<stop offset="1" stop-color="{hue[0]}" stop-opacity="0"/></radialGradient></defs>'
        '<ellipse cx="50" cy="62" rx="50" ry="38" fill="url(#c)"/>'
    )
    for angle in sorted(rng.uniform(-0.75, 0.75, 6), key=lambda a: -abs(a)):
        long, wide = float(rng.uniform(36, 82)), float(rng.uniform(6, 11))
        dx, dy = float(np.sin(angle)), -float(np.cos(angle))
        nx, ny = -dy, dx
        bx, by = 50 + 10 * dx, 98.0
        tip = (bx + dx * long, by + dy * long)
        a = (bx + nx * wide, by + ny * wide * 0.4)
        b = (bx - nx * wide, by - ny * wide * 0.4)
        sa = (a[0] + dx * long * 0.72, a[1] + dy * long * 0.72)
        sb = (b[0] + dx * long * 0.72, b[1] + dy * long * 0.72)
        mid = (bx + dx * long * 0.68, by + dy * long * 0.68)

        def shape(*points: tuple[float, float]) -> str:
            return " ".join(f"{px:.1f},{py:.1f}" for px, py in points)

        left = (
            f'<polygon points="{shape(a, sa, tip, mid, (bx, by))}" fill="{hue[0]}" opacity=".75"/>'
        )
        right = (
            f'<polygon points="{shape(b, sb, tip, mid, (bx, by))}" fill="{hue[1]}" opacity=".85"/>'
        )
        body += left + right
        glow += left.replace(".75", ".55") + right.replace(".85", ".6")
    return Drawing(body, 100, 100, glow)
