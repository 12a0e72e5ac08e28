"""Foregrounds: what frames a view at its edges, nearer than the cast and a little out of focus."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.domain.intent import Season
from kirin.engines.animatic.scene.colour import Colour, Paint, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer, filled
from kirin.engines.animatic.scene.lens import Depth, Patch
from kirin.engines.animatic.scene.noise import Noise, smoothstep
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.strokes import Strokes, paint_strokes, strokes

_NEAR = 1.16
_BLUR = 0.0022  # of the view's height
_LEAVES = {
    Season.SPRING: ("#3f5a22", "#8fae4a"),
    Season.SUMMER: ("#22381a", "#5a7a30"),
    Season.AUTUMN: ("#6a3416", "#c8802a"),
    Season.WINTER: ("#3a3632", "#5a5550"),
}


def _tone(setting: Setting) -> Colour:
    """Light on the foreground: it is in the shade, so that it frames what is bright."""
    light = setting.light
    return np.asarray(light.ambient * np.float32(0.55) + light.key * np.float32(0.22), np.float32)


def _finish(
    setting: Setting, patch: Patch, paint: Paint, sway: float = 0.0, near: float = _NEAR
) -> SceneLayer:
    """Blur a painted foreground, and make it a layer."""
    sigma = max(0.4, _BLUR * setting.lens.height / patch.step)
    sharp = np.ones(paint.rgb.shape[:2], np.float32) if paint.alpha is None else paint.alpha
    solid = paint.rgb * sharp[..., None]
    alpha = np.asarray(cv2.GaussianBlur(sharp, (0, 0), sigma), np.float32)
    soft = cv2.GaussianBlur(solid, (0, 0), sigma) / np.maximum(alpha[..., None], 1e-3)
    rgb = filled(np.asarray(soft, np.float32), alpha)
    return SceneLayer(Paint(rgb, alpha), patch, Depth(near, near), sway=sway)


def _patch(setting: Setting, top: float, bottom: float) -> Patch:
    lens = setting.lens
    return lens.patch(Depth(_NEAR, _NEAR), top * lens.height, bottom * lens.height)


def _sides(rng: np.random.Generator) -> tuple[float, ...]:
    return ((-1.0,), (1.0,), (-1.0, 1.0))[int(rng.choice(3, p=[0.35, 0.35, 0.3]))]


def _edge(setting: Setting, side: float) -> float:
    """The side of the view at rest, in pixels at the disparity of foregrounds."""
    return side * setting.lens.width / 2


def bough(setting: Setting, *, at_trunk: bool = False) -> SceneLayer:
    """Branches with leaves from above, at one side or both, or at that of the trunk."""
    rng = setting.rng(600)
    lens = setting.lens
    unit = min(lens.height, lens.width)
    patch = _patch(setting, -1.0, 0.05)
    low, high = _LEAVES[setting.scene.season]
    tone = _tone(setting)
    parts: list[Strokes] = []
    leaves: list[Strokes] = []
    sides = (trunk_side(setting),) if at_trunk else _sides(rng)
    for side in sides:
        for _ in range(4 if at_trunk else 3):
            x = _edge(setting, side) + side * unit * rng.uniform(0.05, 0.18)
            y = -lens.height * rng.uniform(0.28, 0.55)
            angle = (0.0 if side < 0 else np.pi) + side * -0.1 + rng.uniform(-0.15, 0.35) * -side
            width = unit * 0.016
            for step in range(12):
                length = unit * 0.040
                nx, ny = x + np.cos(angle) * length, y + abs(np.sin(angle)) * length * 0.7
                parts.append(
                    strokes(
                        np.array([x]), y, nx, ny, width, width * 0.85, pigment("#241a12") * tone
                    )
                )
                x, y, width = nx, ny, width * 0.83
                angle += rng.normal(0, 0.16)
                count = 14 if setting.scene.season is not Season.WINTER else 2
                lx = x + rng.normal(0, unit * 0.035, count)
                ly = y + rng.normal(0.012 * unit, unit * 0.026, count)
                turn = rng.uniform(0, np.pi, count)
                size = unit * 0.020 * rng.uniform(0.6, 1.3, count)
                shine = np.clip(rng.normal(0.45, 0.3, count), 0, 1)
                tint = mix(np.broadcast_to(pigment(low), (count, 3)), pigment(high), shine) * tone
                if setting.snowy:
                    tint = mix(tint, pigment("#e8eef6") * tone * np.float32(1.4), 0.7)
                if step > 1:
                    leaves.append(
                        strokes(
                            lx,
                            ly,
                            lx + np.cos(turn) * size,
                            ly + np.sin(turn) * size,
                            size * 0.62,
                            size * 0.2,
                            tint,
                        )
                    )
    lines = np.concatenate([*parts, *leaves])
    paint = paint_strokes(patch, lines, pigment(low) * tone)
    return _finish(setting, patch, paint)


def blades(
    setting: Setting,
    colours: tuple[str, str] = ("#2c3c18", "#7d9440"),
    tall: float = 0.26,
    heads: tuple[str, ...] = (),
) -> SceneLayer:
    """Tall grass or reeds at the lower corners, with coloured heads if there are any."""
    rng = setting.rng(601)
    lens = setting.lens
    patch = _patch(setting, 0.5 - 1.7 * tall, 0.75)
    tone = _tone(setting) * np.float32(1.25)
    parts: list[Strokes] = []
    reach = lens.width / 2
    for side in (-1.0, 1.0):
        size = rng.uniform(0.55, 1.0) if len(_sides(setting.rng(602))) > 1 else 1.0
        count = int(150 * size)
        share = rng.random(count) ** 1.8
        x = side * (reach * 1.45 - 0.80 * reach * size * (1 - share) ** 0.5 * rng.random(count))
        inward = np.clip((np.abs(x) / reach - 0.55) / 0.5, 0.15, 1.0)
        height = lens.height * tall * rng.uniform(0.55, 1.15, count) * inward
        foot = np.full(count, 0.62 * lens.height)
        height = height + 0.12 * lens.height
        lean = rng.normal(-0.10 * side, 0.22, count) * height
        wide = lens.height * 0.006 * rng.uniform(0.6, 1.5, count)
        shade = rng.uniform(0.5, 1.2, count)[:, None].astype(np.float32)
        columns = []
        for a, b in ((0.0, 0.4), (0.4, 0.75), (0.75, 1.0)):
            tint = mix(pigment(colours[0]), pigment(colours[1]), (a + b) / 2) * tone * shade
            columns.append(
                strokes(
                    x + lean * a**1.8,
                    foot - height * a,
                    x + lean * b**1.8,
                    foot - height * b,
                    wide * (1 - 0.8 * a),
                    wide * (1 - 0.8 * b),
                    tint,
                )
            )
        parts.append(np.stack(columns, axis=1).reshape(-1, 9))
        for code in heads:
            pick = rng.random(count) < 0.30 / len(heads) + 0.12
            hx, hy = (x + lean)[pick], (foot - height)[pick]
            size_ = wide[pick] * 1.5
            for turn in np.linspace(0, 2 * np.pi, 6)[:-1]:
                tint = pigment(code) * tone * np.float32(1.3) * shade[pick]
                parts.append(
                    strokes(
                        hx,
                        hy,
                        hx + np.cos(turn) * size_ * 1.5,
                        hy + np.sin(turn) * size_ * 1.1,
                        size_ * 1.5,
                        size_ * 1.7,
                        tint,
                    )
                )
    backing = mix(pigment(colours[0]), pigment(colours[1]), 0.4) * tone
    paint = paint_strokes(patch, np.concatenate(parts), backing)
    return _finish(setting, patch, paint, sway=0.02 * tall * lens.height)


def rocks(setting: Setting, codes: tuple[str, str] = ("#2e2a27", "#7a7066")) -> SceneLayer:
    """Boulders at the lower corners."""
    rng = setting.rng(603)
    lens, light = setting.lens, setting.light
    patch = _patch(setting, 0.05, 0.8)
    noise, rough = Noise(rng), Noise(rng)
    x = np.broadcast_to(patch.x() / lens.height, (patch.height, patch.width)).astype(np.float32)
    y = np.broadcast_to(patch.y() / lens.height, x.shape).astype(np.float32)
    half = lens.width / lens.height / 2
    profile = np.full((1, patch.width), 2.0, np.float32)
    wobble = rough.fbm(x[:1] * 5.0, np.zeros_like(x[:1]), 6, 0.55)
    for side in _sides(rng):
        for _ in range(3):
            middle = side * (half * rng.uniform(0.86, 1.35))
            wide, tall = half * rng.uniform(0.16, 0.34), rng.uniform(0.10, 0.22)
            hump = np.clip(1 - np.abs((x[:1] - middle) / wide) ** 2.4, 0, 1) ** 0.5
            profile = np.minimum(profile, 0.60 - tall * hump - 0.02 * wobble * (hump > 0))
    alpha = np.clip((y - profile) * lens.height / patch.step + 0.5, 0, 1)
    alpha = alpha * (profile < 0.585)
    bump = noise.fbm(x * 6, y * 6, 7, 0.55, 0.7)
    shift = 0.012 * float(np.sign(light.side))
    lit = bump - noise.fbm((x + shift) * 6, (y - 0.012) * 6, 7, 0.55, 0.7)
    tone = np.clip(0.42 + 2.6 * lit - 1.6 * (y - profile) * (y > profile), 0.05, 1.3)
    rgb = mix(pigment(codes[0]), pigment(codes[1]), np.clip(tone, 0, 1))
    rgb = rgb * (light.ambient * np.float32(0.6) + light.key * np.float32(0.35))
    rgb = np.asarray(rgb * (0.4 + 0.7 * tone)[..., None], np.float32)
    if setting.snowy:
        cap = smoothstep(0.05, 0.0, (y - profile) + 0.03 * bump)
        rgb = mix(
            rgb, pigment("#eef2f8") * (light.ambient + light.key * np.float32(0.3)), 0.9 * cap
        )
    return _finish(
        setting, patch, Paint(np.asarray(rgb, np.float32), np.asarray(alpha, np.float32))
    )


def fronds(setting: Setting, *, broad: bool = False, low: bool = True) -> SceneLayer:
    """Palm fronds from above, or broad leaves; ``low``: from below too."""
    rng = setting.rng(604)
    lens = setting.lens
    patch = _patch(setting, -1.0, 1.0)
    unit = min(lens.height, lens.width)
    tone = _tone(setting)
    parts: list[Strokes] = []
    sides = _sides(rng)
    corners = [(s, -1.0) for s in sides] + ([(s, 1.0) for s in (-1.0, 1.0)] if low else [])
    for side, up in corners:
        x0 = _edge(setting, side) + side * unit * 0.06
        y0 = up * lens.height * 0.5 + up * unit * (0.02 if up < 0 else 0.06)
        for _ in range(5 if broad else 4):
            aim = np.arctan2(-up * rng.uniform(0.25, 1.0), -side * rng.uniform(0.3, 1.0))
            length = unit * rng.uniform(0.28, 0.46)
            t = np.linspace(0, 1, 40)
            fall = length * 0.35 * t**2
            px = x0 + np.cos(aim) * length * t
            py = y0 + np.sin(aim) * length * t + fall
            shade = rng.uniform(0.5, 1.2)
            dark, bright = pigment("#16301a") * shade, pigment("#4f8a3a") * shade
            lobe = np.sin(np.pi * np.clip(t, 0.02, 1)) ** 0.6
            size = unit * (0.085 if broad else 0.13) * lobe
            ribs = []
            for way in (-1.0, 1.0):
                turn = aim + way * (1.25 if broad else 0.9)
                tint = mix(dark, bright, 0.65 if way * side > 0 else 0.25) * tone
                ribs.append(
                    strokes(
                        px,
                        py,
                        px + np.cos(turn) * size,
                        py + np.sin(turn) * size + (0 if broad else size * 0.5),
                        unit * (0.020 if broad else 0.010),
                        unit * (0.014 if broad else 0.002),
                        tint,
                    )
                )
            parts += ribs
            parts.append(
                strokes(px[:-1], py[:-1], px[1:], py[1:], unit * 0.006, unit * 0.005, bright * tone)
            )
    paint = paint_strokes(patch, np.concatenate(parts), pigment("#16301a") * tone)
    return _finish(setting, patch, paint, sway=0.004 * lens.height)


def posts(setting: Setting, code: str = "#6a5138") -> SceneLayer:
    """The end of a wooden fence at one side."""
    rng = setting.rng(605)
    lens = setting.lens
    patch = _patch(setting, -0.05, 0.8)
    side = float(rng.choice([-1.0, 1.0]))
    tone = _tone(setting) * np.float32(1.3)
    wood = pigment(code) * tone
    h = lens.height
    parts: list[Strokes] = []
    inner = side * lens.width * rng.uniform(0.30, 0.36)
    outer = side * lens.width * 0.85
    for rise in (0.13, 0.27):
        y0, y1 = (0.58 - rise * 0.72) * h, (0.70 - rise * 1.25) * h
        n = 24
        t = np.linspace(0, 1, n)
        x = inner + (outer - inner) * t - side * 0.02 * h
        y = y0 + (y1 - y0) * t + rng.normal(0, 0.001 * h, n)
        shade = rng.uniform(0.7, 1.15, (n - 1, 1)).astype(np.float32)
        parts.append(strokes(x[:-1], y[:-1], x[1:], y[1:], 0.028 * h, 0.030 * h, wood * shade))
    for share in (0.0, 0.38, 0.78):
        at = inner + (outer - inner) * share
        top = (0.58 - 0.34 * (0.72 + 0.53 * share)) * h
        wide = h * 0.034 * (1 + 0.5 * share)
        for k in range(5):
            off = (k - 2) / 5 * wide
            grain = np.float32(rng.uniform(0.65, 1.15))
            parts.append(
                strokes(
                    np.array([at + off]),
                    top + rng.uniform(0, 0.008) * h,
                    at + off,
                    0.85 * h,
                    wide / 3.6,
                    wide / 3.4,
                    wood * grain,
                )
            )
    paint = paint_strokes(patch, np.concatenate(parts), wood)
    return _finish(setting, patch, paint)


def trunk_side(setting: Setting) -> float:
    """Side of the great tree: -1 for the left, 1 for the right."""
    return float(setting.rng(610).choice([-1.0, 1.0]))


def trunk(setting: Setting) -> SceneLayer:
    """The trunk of a great tree at one side, dark against the view."""
    rng, lens = setting.rng(607), setting.lens
    patch = _patch(setting, -1.0, 1.0)
    noise = Noise(rng)
    h = float(lens.height)
    side = trunk_side(setting)
    x = np.broadcast_to(patch.x() / h, (patch.height, patch.width)).astype(np.float32)
    y = np.broadcast_to(patch.y() / h, x.shape).astype(np.float32)
    half = lens.width / h / 2
    middle = side * (half * float(rng.uniform(0.80, 0.95)))
    lean = side * float(rng.uniform(-0.10, 0.05))
    girth = min(0.13, 0.20 * half) * float(rng.uniform(0.8, 1.2))
    flare = 1.0 + 0.9 * np.exp(-np.maximum(0.62 - y, 0.0) / 0.09) - 0.12 * (0.5 - y)
    rough = noise.fbm(x * 2.0, y * 7.0, 4, 0.6)
    off = (x - middle - lean * (0.5 - y)) / (girth * flare) + 0.06 * rough
    alpha = np.clip((1.0 - np.abs(off)) * girth * h / patch.step + 0.5, 0, 1)
    bark = noise.fbm(off * 5.0 + 7, y * 3.5, 7, 0.62, 0.5)
    lit = np.sqrt(np.clip(1 - off * off, 0, 1)) * 0.5 + 0.5 * np.sign(setting.light.side) * off
    tone = np.clip(0.30 + 0.5 * bark + 0.5 * lit, 0.05, 1.1)
    rgb = mix(pigment("#1c1511"), pigment("#6b5a48"), np.clip(tone, 0, 1)) * _tone(setting)
    if setting.snowy:
        rgb = mix(rgb, pigment("#dfe6f0") * setting.light.ambient, 0.6 * smoothstep(0.1, 0.5, bark))
    paint = Paint(np.asarray(rgb, np.float32), np.asarray(alpha, np.float32))
    return _finish(setting, patch, paint)


def rail(setting: Setting) -> SceneLayer:
    """A railing across the lower edge at one side, as of a quay or a deck."""
    rng, lens = setting.rng(608), setting.lens
    patch = _patch(setting, -0.1, 0.9)
    h, w = float(lens.height), float(lens.width)
    side = float(rng.choice([-1.0, 1.0]))
    tone = _tone(setting)
    metal = pigment("#3c434a") * tone
    parts: list[Strokes] = []
    inner, outer = side * w * 0.26, side * w * 0.90
    for rise, thick in ((0.34, 0.022), (0.22, 0.010), (0.12, 0.010)):
        x = np.linspace(inner, outer, 24)
        share = (x - inner) / (outer - inner)
        y = (0.58 - rise * (0.72 + 0.6 * share)) * h
        parts.append(strokes(x[:-1], y[:-1], x[1:], y[1:], thick * h, thick * h, metal))
    for share in np.linspace(0.0, 1.0, 6):
        x0 = inner + (outer - inner) * share
        top = (0.58 - 0.34 * (0.72 + 0.6 * share)) * h
        parts.append(strokes(np.array([x0]), top, x0, 0.95 * h, 0.020 * h, 0.024 * h, metal))
        parts.append(strokes(np.array([x0]), top - 0.006 * h, x0, top, 0.030 * h, 0.030 * h, metal))
    paint = paint_strokes(patch, np.concatenate(parts), metal)
    return _finish(setting, patch, paint)
