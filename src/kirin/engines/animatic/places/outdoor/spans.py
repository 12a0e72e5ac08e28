"""Parts of a suspension bridge: towers, cables with hangers, and railings."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.places.outdoor.flat import Drawing, Standing, flat_layer
from kirin.engines.animatic.scene.colour import mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer, filled
from kirin.engines.animatic.scene.lens import Depth
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.strokes import Strokes, paint_strokes, strokes
from kirin.engines.animatic.scene.terrain import air_share

_PAINT = ("#b0442c", "#8e9aa4", "#3f6f6a", "#a89878")
_TALL = 0.42


def _colour(setting: Setting) -> str:
    return _PAINT[int(setting.rng(541).integers(len(_PAINT)))]


def tower(setting: Setting, distance: float, half: float) -> SceneLayer:
    """A portal across the deck."""
    code = _colour(setting)
    body = (
        f'<g fill="{code}"><path d="M0 0 h12 l2 300 h-16 Z M88 0 h12 l2 300 h-16 Z"/>'
        '<rect x="10" y="10" width="80" height="14"/><rect x="10" y="78" width="80" height="12"/>'
        '<rect x="8" y="160" width="84" height="14"/></g>'
        '<g stroke="#000" stroke-opacity=".35" fill="none" stroke-width="3"><path d="M12 24 L88 78 '
        'M88 24 L12 78 M12 90 L88 160 M88 90 L12 160"/></g>'
        f'<g stroke="{code}" fill="none" stroke-width="5"><path d="M12 24 L88 78 M88 24 L12 78 M12 '
        '90 L88 160 M88 90 L12 160"/></g>'
        '<g fill="#000" opacity=".22"><rect x="8" width="4" height="300"/><rect x="96" width="4" '
        'height="300"/></g>'
    )
    width = 2 * half * 1.16
    # The drawing is as wide as the deck.
    drawing = Drawing(f'<g transform="translate(2 0)">{body}</g>', 104, 104 * _TALL / width)
    drawing = Drawing(
        f'<svg width="104" height="{drawing.height:.1f}" viewBox="0 0 104 300" '
        f'preserveAspectRatio="none">{drawing.body}</svg>',
        104,
        drawing.height,
    )
    return flat_layer(setting, distance, [Standing(drawing, 0.0, _TALL, shadow=0.0)])


def hangers(setting: Setting, half: float) -> list[SceneLayer]:
    """Main cables and hangers, in pieces by distance."""
    z = np.concatenate([np.geomspace(0.09, 0.75, 26), np.linspace(0.8, 3.6, 40)])
    tops = np.array([-0.40, 0.75, 1.9, 3.6])
    layers = []
    for near, far in ((1.6, 3.6), (0.7, 1.6), (0.32, 0.7), (0.16, 0.32), (0.09, 0.16)):
        inside = z[(z >= near * 0.93) & (z <= far * 1.07)]
        layers.append(_cables(setting, half, inside, tops))
    return layers


def _sag(z: np.ndarray, tops: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """Height of the main cable: a parabola between the towers."""
    k = np.clip(np.searchsorted(tops, z, side="right") - 1, 0, len(tops) - 2)
    t = (z - tops[k]) / (tops[k + 1] - tops[k])
    return np.asarray(0.035 + (_TALL - 0.04) * (2 * t - 1) ** 2)


def _cables(setting: Setting, half: float, z: np.ndarray, tops: np.ndarray) -> SceneLayer:  # type: ignore[type-arg]
    eye, light, lens = setting.eye, setting.light, setting.lens
    middle = float(np.sqrt(z[0] * z[-1]))
    near = min(eye.reference / middle, 1.15)
    depth = Depth(near, near)
    patch = lens.patch(depth, -np.inf, eye.row(float(z[0])) + 4)
    tone = light.ambient * np.float32(0.8) + light.key * np.float32(0.45)
    lines: list[Strokes] = []
    scale = eye.focal / z
    height = _sag(z, tops)
    air = light.air(np.zeros((1, 1), np.float32))[0, 0]
    hidden = air_share(light, np.asarray(z * 2, np.float32))[:, None]
    tint = mix(pigment(_colour(setting)) * tone, air, hidden[:, 0])
    for side in (-1.0, 1.0):
        x = side * (half + 0.003) * scale
        foot, top = eye.horizon + eye.height * scale, eye.horizon + (eye.height - height) * scale
        wide = np.maximum(0.0016 * scale, 0.8)
        lines.append(strokes(x, foot, x, top, wide * 0.6, wide * 0.6, tint))
        lines.append(
            strokes(x[:-1], top[:-1], x[1:], top[1:], wide[:-1] * 2.6, wide[1:] * 2.6, tint[:-1])
        )
    paint = paint_strokes(patch, np.concatenate(lines), tint.mean(axis=0))
    assert paint.alpha is not None
    paint.rgb = filled(paint.rgb, paint.alpha)
    return SceneLayer(paint, patch, depth)


def railing(setting: Setting, half: float) -> list[SceneLayer]:
    """Railings at both edges of the deck, in pieces by distance."""
    eye, light, lens = setting.eye, setting.light, setting.lens
    tone = light.ambient * np.float32(0.8) + light.key * np.float32(0.4)
    layers = []
    for near, far in ((0.9, 4.0), (0.4, 0.95), (0.2, 0.42), (0.12, 0.21), (0.075, 0.125)):
        middle = float(np.sqrt(near * far))
        disparity = min(eye.reference / middle, 1.15)
        depth = Depth(disparity, disparity)
        patch = lens.patch(depth, eye.row(near, 0.02), eye.row(near) + 4)
        step = 0.0035 if near < 0.3 else 0.012
        z = np.arange(near, far, step)
        scale = eye.focal / z
        air = light.air(np.zeros((1, 1), np.float32))[0, 0]
        hidden = air_share(light, np.asarray(z * 2, np.float32))
        tint = mix(np.broadcast_to(pigment("#54585c") * tone, (z.size, 3)), air, hidden)
        lines = []
        for side in (-1.0, 1.0):
            x = side * half * scale
            foot = eye.horizon + eye.height * scale
            wide = np.maximum(0.0005 * scale, 0.5)
            lines.append(strokes(x, foot, x, foot - 0.0115 * scale, wide, wide, tint))
            for up, thick in ((0.0115, 2.6), (0.0020, 1.6)):
                row = foot - up * scale
                lines.append(
                    strokes(x[:-1], row[:-1], x[1:], row[1:], wide[:-1] * thick, wide[1:] * thick,
                            tint[:-1])
                )
        paint = paint_strokes(patch, np.concatenate(lines), tint.mean(axis=0))
        assert paint.alpha is not None
        paint.rgb = filled(paint.rgb, paint.alpha)
        layers.append(SceneLayer(paint, patch, depth))
    return layers
