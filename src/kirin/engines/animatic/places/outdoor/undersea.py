"""Under water: the colour of depth, sunrays, sand with caustics, corals, kelp and bubbles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.places.outdoor.flat import Drawing, Standing, flat_layer
from kirin.engines.animatic.places.outdoor.plane import Albedo, PlanePoints, plane_layer
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.colour import Colour, Paint, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer, filled
from kirin.engines.animatic.scene.lens import DEEP, Lens
from kirin.engines.animatic.scene.noise import Noise, smoothstep
from kirin.engines.animatic.scene.points import dots
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.strokes import Strokes, paint_strokes, strokes


def water(setting: Setting) -> SceneLayer:
    """The water itself: bright above, and the surface seen from below."""
    lens, light, eye = setting.lens, setting.light, setting.eye
    patch = lens.patch(DEEP, -np.inf, np.inf, coarse=2.0)
    x = np.broadcast_to(patch.x() / lens.height, (patch.height, patch.width)).astype(np.float32)
    up = np.broadcast_to((eye.horizon - patch.y()) / lens.height, x.shape).astype(np.float32)
    noise = Noise(setting.rng(701))
    low = smoothstep(-0.05, 0.35, up)
    colour = mix(light.horizon, light.middle, low)
    sun = np.exp(-(((x - light.side) / 0.55) ** 2) - ((up - 0.62) / 0.42) ** 2)
    colour = mix(colour, light.zenith, smoothstep(0.20, 0.60, up))
    colour = mix(colour, light.glow, np.clip(0.85 * sun, 0, 1))
    # Ripples of the surface.
    far = 1.0 / np.maximum(0.75 - up, 0.06)
    wave = noise.fbm(x * far * 1.8, far * 5.0, 5, 0.6)
    ripple = smoothstep(0.10, 0.5, wave) * smoothstep(0.30, 0.55, up)
    colour = mix(colour, light.glow * np.float32(1.25), 0.55 * ripple)
    return SceneLayer(Paint(np.asarray(colour, np.float32)), patch, DEEP, exact=True)


def murk(setting: Setting, distance: float) -> float:
    """Share of the water's colour at a distance."""
    del setting
    return float(1.0 - np.exp(-distance / 0.55))


def ridge(setting: Setting, tag: int, distance: float) -> SceneLayer:
    """A ridge of the reef in the haze of the water."""
    rng, lens, light, eye = setting.rng(tag), setting.lens, setting.light, setting.eye
    depth, scale, base = eye.upright(distance), eye.scale(distance), eye.row(distance)
    patch = lens.patch(depth, base - 0.45 * scale, base + 4)
    noise, shape = Noise(rng), Noise(rng)
    x = np.broadcast_to(patch.x() / scale, (patch.height, patch.width)).astype(np.float32)
    y = np.broadcast_to((base - patch.y()) / scale, x.shape).astype(np.float32)
    line = 0.16 * shape.fbm(x[:1] * 3.2, np.zeros_like(x[:1]), 6, 0.62) + 0.12
    middle = np.exp(-(((x[:1] - 0.1 * distance) / (0.34 * distance)) ** 2))
    line = line * (1.0 - 0.85 * middle) + 0.012 * shape.fbm(x[:1] * 40, np.zeros_like(x[:1]), 3)
    alpha = np.clip((line - y) * scale / patch.step + 0.5, 0, 1)
    tone = np.clip(0.5 + 0.9 * noise.fbm(x * 24, y * 30, 6, 0.6, 0.5), 0, 1)
    rgb = mix(pigment("#2c4048"), pigment("#8a7a86"), tone) * light.ambient
    rgb = mix(np.asarray(rgb, np.float32), light.horizon, murk(setting, distance))
    return SceneLayer(Paint(filled(rgb, alpha), np.asarray(alpha, np.float32)), patch, depth)


def seabed(setting: Setting, sand: Albedo) -> SceneLayer:
    """Sand with the net of light that the waves throw on it."""
    noise = Noise(setting.rng(702))

    def lit(g: PlanePoints) -> Colour:
        fade = g.fine(0.03)
        u, v = g.x / 0.030, g.z / 0.030
        bend = noise.fbm(u * 0.5, v * 0.5, 3)
        net = np.abs(noise.fbm(u + bend, v - bend, 2, 0.5))
        lines = smoothstep(0.22, 0.0, net)
        shine = lines * fade * np.exp(-g.z / 0.5)
        light = setting.light
        colour = sand(g) * (0.75 + 1.1 * shine)[..., None]
        hidden = 1.0 - np.exp(-g.z / 0.55)
        # The plane's own light comes later; divide it out of the water's colour.
        water_ = light.horizon / np.maximum(light.ambient + light.key * np.float32(0.45), 1e-3)
        return mix(np.asarray(colour, np.float32), np.asarray(water_, np.float32), hidden)

    return plane_layer(setting, lit, 4.0)


_CORALS = (
    ("#e8506a", "#ff9aa8"),
    ("#e88a3a", "#ffc888"),
    ("#9a4ac0", "#d098f0"),
    ("#e8c23a", "#fff0a0"),
    ("#3aa88a", "#98e8cc"),
    ("#d84a9a", "#ffa0d4"),
    ("#c8604a", "#f0a890"),
)


def coral(rng: np.random.Generator) -> Drawing:
    """A coral of 100 by 90 units: branching, brain, fan or tubes."""
    dark, bright = _CORALS[int(rng.integers(len(_CORALS)))]
    kind = int(rng.integers(4))
    body = '<ellipse cx="50" cy="86" rx="40" ry="9" fill="#5a5248"/>'
    if kind == 0:
        stack = [(50.0, 86.0, -np.pi / 2 + a, 17.0, 8.0, 0) for a in (-0.7, -0.25, 0.2, 0.65)]
        while stack:
            x, y, angle, long, width, order = stack.pop()
            ex, ey = x + np.cos(angle) * long, y + np.sin(angle) * long
            code = dark if order < 2 else bright
            body += (
                f'<path d="M{x:.1f} {y:.1f} L{ex:.1f} {ey:.1f}" '
                f'stroke="{code}" stroke-width="{width:.1f}" '
                'stroke-linecap="round"/>'
            )
            if order < 4:
                stack += [
                    (
                        ex,
                        ey,
                        angle + turn + rng.normal(0, 0.15),
                        long * 0.80,
                        width * 0.74,
                        order + 1,
                    )
                    for turn in (-0.45, 0.42)
                ]
    elif kind == 1:
        body += f'<path d="M8 88 Q6 34 50 30 Q94 34 92 88 Z" fill="{dark}"/>'
        for k in range(9):
            y = 40 + 5.4 * k
            w = 40 * np.sqrt(max(0.05, 1 - ((86 - y) / 60) ** 2))
            line = f"M{50 - w:.1f} {y:.1f} "
            for j in range(8):
                line += f"q{w / 8:.1f} {rng.uniform(3, 6) * (-1) ** j:.1f} {w / 4:.1f} 0 "
            body += (
                f'<path d="{line}" fill="none" stroke="{bright}" '
                'stroke-width="2.4" stroke-linecap="round" opacity=".8"/>'
            )
    elif kind == 2:
        for k in range(15):
            angle = np.pi * (0.08 + 0.84 * k / 14)
            line = f"M50 88 Q{50 + np.cos(angle) * 26:.1f} {70 - np.sin(angle) * 26:.1f} "
            line += f"{50 + np.cos(angle) * 46:.1f} {80 - np.sin(angle) * 74:.1f}"
            body += (
                f'<path d="{line}" fill="none" stroke="{dark if k % 2 else bright}" '
                'stroke-width="3"/>'
            )
        for r in (20, 34, 48, 62):
            body += (
                f'<path d="M{50 - r * 0.72:.1f} {84 - r * 0.35:.1f} Q50 {78 - r * 1.35:.1f} '
                f'{50 + r * 0.72:.1f} {84 - r * 0.35:.1f}" fill="none" '
                f'stroke="{bright}" stroke-width="1.6" opacity=".8"/>'
            )
    else:
        for k in range(6):
            x, top = 16 + 13 * k + rng.uniform(-3, 3), rng.uniform(14, 52)
            w = rng.uniform(6, 9)
            body += (
                f'<path d="M{x - w * 0.7:.1f} 88 L{x - w:.1f} {top:.1f} L{x + w:.1f} '
                f'{top:.1f} L{x + w * 0.7:.1f} 88 Z" fill="{dark}"/>'
            )
            body += (
                f'<path d="M{x - w:.1f} {top:.1f} h{w * 0.7:.1f} L{x - w * 0.2:.1f} '
                f'88 h{-w * 0.5:.1f} Z" fill="{bright}" opacity=".55"/>'
            )
            body += (
                f'<ellipse cx="{x:.1f}" cy="{top:.1f}" rx="{w:.1f}" ry="{w * 0.4:.1f}" '
                f'fill="{bright}"/><ellipse cx="{x:.1f}" cy="{top:.1f}" '
                f'rx="{w * 0.6:.1f}" ry="{w * 0.22:.1f}" fill="#2a1a24"/>'
            )
    return Drawing(body, 100, 92)


def kelp(setting: Setting, tag: int, distance: float, places: Sequence[float]) -> SceneLayer:
    """Blades of kelp that sway."""
    rng, light, eye, lens = setting.rng(tag), setting.light, setting.eye, setting.lens
    depth, scale, base = eye.upright(distance), eye.scale(distance), eye.row(distance)
    patch = lens.patch(depth, base - 0.14 * scale, base + 4)
    tone = light.ambient * np.float32(0.8) + light.key * np.float32(0.4)
    lines: list[Strokes] = []
    for x in places:
        for _ in range(4):
            n = 26
            t = np.linspace(0, 1, n)
            tall = scale * float(rng.uniform(0.05, 0.12))
            bend = scale * 0.008 * np.sin(t * rng.uniform(4, 7) + rng.uniform(0, 6))
            px = (x + rng.normal(0, 0.006)) * scale + bend
            py = base - tall * t
            width = scale * 0.0034 * (1 - 0.8 * t)
            tint = mix(pigment("#1f4a2c"), pigment("#8a9a3a"), float(rng.uniform(0.1, 0.8))) * tone
            tint = mix(tint, light.horizon, murk(setting, distance) * 0.8)
            lines.append(strokes(px[:-1], py[:-1], px[1:], py[1:], width[:-1], width[1:], tint))
            k = np.arange(3, n - 2)
            way = np.where(k % 2 == 0, 1.0, -1.0)
            lines.append(
                strokes(
                    px[k],
                    py[k],
                    px[k] + way * scale * 0.007,
                    py[k] - scale * 0.006,
                    scale * 0.0036,
                    scale * 0.0006,
                    tint,
                )
            )
    paint = paint_strokes(patch, np.concatenate(lines), pigment("#1f4a2c") * tone)
    return SceneLayer(paint, patch, depth, sway=0.010 * scale)


def near_coral(setting: Setting) -> SceneLayer:
    """Corals at the lower corners, nearer than the cast and in the shade."""
    rng, lens = setting.rng(703), setting.lens
    near = setting.eye.reference / 1.16
    scale = setting.eye.scale(near)
    items = []
    for side in (-1.0, 1.0):
        for k in range(3):
            x = side * (0.42 + 0.09 * k) * lens.width / scale
            tall = float(rng.uniform(0.20, 0.34)) * lens.height / scale
            items.append(Standing(coral(rng), x, tall, lift=-0.03 * lens.height / scale, shadow=0))
    return flat_layer(setting, near, items, disparity=1.16, shade=0.45)


class Bubbles:
    """Bubbles that rise and wobble.

    Args:
        setting: of the scene.
    """

    def __init__(self, setting: Setting) -> None:
        rng, lens = setting.rng(705), setting.lens
        count = 70
        unit = float(np.sqrt(lens.width * lens.height / (1280 * 720)))
        self._near = rng.uniform(0.25, 1.1, count).astype(np.float32)
        self._x, self._y = rng.random((2, count)).astype(np.float32)
        self._x = np.where(
            rng.random(count) < 0.7, np.floor(self._x * 4) / 4 + 0.1 + 0.02 * self._x, self._x
        )
        self._phase = rng.uniform(0, 6.28, count).astype(np.float32)
        self._size = (unit * self._near * rng.uniform(0.8, 2.6, count)).astype(np.float32)
        self._luma = 210.0 if setting.light.key.mean() > 0.4 else 90.0

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, none of them opaque."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Draw the bubbles on rows of a canvas."""
        height, width = canvas.y.shape
        pan_x = (pose.x + pose.truck_x * self._near) * lens.width
        pan_y = (pose.y + pose.truck_y * self._near) * lens.height
        wobble = 0.004 * np.sin(3.0 * seconds + self._phase)
        x = np.mod((self._x + wobble) * width * 1.1 - pan_x, width * 1.1) - 0.05 * width
        y = (self._y - (0.05 + 0.10 * self._near) * seconds) * height * 1.1 - pan_y
        y = np.mod(y, height * 1.1) - 0.05 * height
        power = np.full(x.shape, 0.55, np.float32)
        dots(
            canvas.y,
            x.astype(np.float32),
            y.astype(np.float32),
            self._size,
            power,
            self._luma,
            *rows,
        )
        inner = (self._size * np.float32(0.6)).astype(np.float32)
        dots(
            canvas.y,
            x.astype(np.float32),
            (y + self._size * 0.3).astype(np.float32),
            inner,
            power * np.float32(0.5),
            self._luma * 0.55,
            *rows,
        )
