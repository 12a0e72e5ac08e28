"""The inside of a jungle: walls of leaves, trunks and vines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kirin.engines.animatic.scene.layer import filled
from kirin.engines.animatic.scene.colour import Paint, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Depth
from kirin.engines.animatic.scene.noise import Noise, smoothstep
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.strokes import Strokes, paint_strokes, strokes
from kirin.engines.animatic.scene.terrain import air_share

_HAZE = 5.0  # humid air hides more


def canopy(setting: Setting, tag: int, distance: float, gap: float = 0.0) -> SceneLayer:
    """A wall of leaves with an opening of half width ``gap``, and gaps of light in its top."""
    rng, light, eye, lens = setting.rng(tag), setting.light, setting.eye, setting.lens
    depth, scale, base = eye.upright(distance), eye.scale(distance), eye.row(distance)
    patch = lens.patch(depth, -np.inf, base + 4)
    noise = Noise(rng)
    tone = light.ambient * np.float32(0.8) + light.key * np.float32(0.35)
    wide, tall = patch.width * patch.step, base - patch.top
    unit = max(lens.height * 0.011, scale * 0.0075)
    count = int(min(9000, 1.5 * wide * tall / (unit * unit)))
    x = patch.left + rng.random(count) * wide
    y = patch.top + rng.random(count) * tall
    clump = noise.fbm(x[None] / (14 * unit), y[None] / (10 * unit), 4, 0.5)[0]
    rise = (base - y) / max(tall, 1.0)
    open_ = np.abs(x / scale) < gap * (1 + 0.4 * clump) if gap else np.zeros(count, bool)
    keep = (clump + 0.55 - 0.55 * rise > -0.15) & ~open_
    x, y, clump, rise = x[keep], y[keep], clump[keep], rise[keep]
    order = np.argsort(clump + rng.normal(0, 0.1, x.size))
    x, y, clump, rise = x[order], y[order], clump[order], rise[order]
    shine = np.clip(0.25 + 0.7 * clump + 0.35 * rise + rng.normal(0, 0.18, x.size), 0, 1)
    tint = mix(np.broadcast_to(pigment("#0e2414"), (x.size, 3)), pigment("#6f9a3a"), shine) * tone
    air = light.air((x / lens.focal).astype(np.float32)[None])[0]
    share = float(air_share(light, distance * _HAZE))
    tint = mix(tint, air, min(share + 0.05, 0.85))
    turn = rng.uniform(0.2, np.pi - 0.2, x.size)
    size = unit * rng.uniform(0.8, 2.2, x.size)
    lines = strokes(
        x, y, x + np.cos(turn) * size, y + np.sin(turn) * size, size * 0.75, size * 0.2, tint
    )
    paint = paint_strokes(patch, lines, tint.mean(axis=0))
    assert paint.alpha is not None
    return SceneLayer(
        Paint(filled(paint.rgb, paint.alpha), paint.alpha), patch, depth, sway=0.1 * unit
    )


def trunks(setting: Setting, tag: int, distance: float, places: Sequence[float]) -> SceneLayer:
    """Giant trunks with buttress roots and moss."""
    rng, light, eye, lens = setting.rng(tag), setting.light, setting.eye, setting.lens
    depth, scale, base = eye.upright(distance), eye.scale(distance), eye.row(distance)
    patch = lens.patch(depth, -np.inf, base + 0.01 * scale + 4)
    noise = Noise(rng)
    x = np.broadcast_to(patch.x() / scale, (patch.height, patch.width)).astype(np.float32)
    y = np.broadcast_to((base - patch.y()) / scale, x.shape).astype(np.float32)
    rgb = np.zeros((patch.height, patch.width, 3), np.float32)
    alpha = np.zeros((patch.height, patch.width), np.float32)
    bark = noise.fbm(x * 420, y * 50, 5, 0.6)
    moss = smoothstep(0.0, 0.5, noise.fbm(x * 60, y * 40 + 9, 4) + 0.25)
    tone = light.ambient * np.float32(0.7) + light.key * np.float32(0.4)
    for middle in places:
        girth = float(rng.uniform(0.006, 0.012))
        lean = float(rng.normal(0, 0.05))
        flare = 1.0 + 1.5 * np.exp(-np.maximum(y, 0) / 0.012) * (0.8 + 0.5 * np.sin(x * 900))
        off = (x - middle - lean * y) / (girth * flare)
        cover = np.clip((1 - np.abs(off)) * girth * scale / patch.step + 0.5, 0, 1)
        cover = cover * np.clip((y + 0.004) * scale + 0.5, 0, 1)
        round_ = np.sqrt(np.clip(1 - off * off, 0, 1)) * 0.6 + 0.4 * np.sign(light.side) * off
        wood = mix(pigment("#2a2018"), pigment("#7a6548"), np.clip(0.45 + 0.8 * bark, 0, 1))
        wood = mix(wood, pigment("#4a6a28"), 0.65 * moss)
        colour = wood * tone * np.clip(0.35 + 0.9 * round_, 0.15, 1.2)[..., None]
        rgb = mix(rgb, colour, cover)
        alpha = np.maximum(alpha, cover)
    air = light.air(np.ascontiguousarray(patch.x() / np.float32(lens.focal)))
    share = float(air_share(light, distance * _HAZE))
    rgb = mix(rgb, np.broadcast_to(air, rgb.shape), share)
    return SceneLayer(Paint(filled(rgb, alpha), np.asarray(alpha, np.float32)), patch, depth)


def vines(setting: Setting, tag: int) -> SceneLayer:
    """Vines that hang from above in arcs, with leaves."""
    rng, lens = setting.rng(tag), setting.lens
    depth = Depth(1.0, 1.0)
    patch = lens.patch(depth, -np.inf, 0.12 * lens.height)
    tone = setting.light.ambient * np.float32(0.5) + setting.light.key * np.float32(0.15)
    lines: list[Strokes] = []
    for _ in range(7):
        x0 = rng.uniform(-0.6, 0.6) * lens.width
        span = rng.uniform(0.06, 0.26) * lens.width * rng.choice([-1, 1])
        deep = rng.uniform(0.12, 0.38) * lens.height
        t = np.linspace(0, 1, 40)
        x = x0 + span * t
        y = -0.62 * lens.height + deep * 4 * t * (1 - t) * 1.0 + 0.02 * lens.height * t
        tint = pigment("#2c3a1c") * tone * np.float32(rng.uniform(0.7, 1.2))
        lines.append(strokes(x[:-1], y[:-1], x[1:], y[1:], 0.006 * lens.height, 0.006 * lens.height, tint))
        n = 26
        at = rng.integers(2, 38, n)
        size = lens.height * rng.uniform(0.012, 0.024, n)
        leaf = mix(np.broadcast_to(pigment("#1c3a18"), (n, 3)), pigment("#4f7a30"), rng.random(n))
        lines.append(
            strokes(x[at], y[at], x[at] + rng.normal(0, 0.4, n) * size, y[at] + size, size * 0.6,
                    size * 0.15, leaf * tone)
        )
    paint = paint_strokes(patch, np.concatenate(lines), pigment("#1c3a18") * tone)
    return SceneLayer(paint, patch, depth, sway=-0.004 * lens.height)
