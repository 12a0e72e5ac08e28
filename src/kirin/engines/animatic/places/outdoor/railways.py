"""A railway with its masts, wires and signals."""

from __future__ import annotations

import numpy as np

from kirin.domain.intent import Terrain
from kirin.engines.animatic.places.outdoor.country import bush, hills, tree_row
from kirin.engines.animatic.places.outdoor.flat import Drawing, Standing, flat_layer
from kirin.engines.animatic.places.outdoor.nature import TURF, apart
from kirin.engines.animatic.places.outdoor.plane import PlanePoints, Texture, plane_layer
from kirin.engines.animatic.scene import foreground
from kirin.engines.animatic.scene.assembly import Drawable, air_parts, sky_parts
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer, edged
from kirin.engines.animatic.scene.lens import Depth
from kirin.engines.animatic.scene.noise import smoothstep
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.strokes import Strokes, paint_strokes, strokes
from kirin.engines.animatic.scene.terrain import air_share


def railway(setting: Setting) -> list[Drawable]:
    """Two tracks on ballast with catenary masts, a signal and embankments."""
    rng = setting.rng(621)
    texture = Texture(setting, 622)
    low, high = TURF[setting.scene.season]
    offset = float(rng.uniform(-0.008, 0.008))
    tracks = (offset - 0.021, offset + 0.021)

    def ground(g: PlanePoints) -> Colour:
        grass = texture.grass(g, low, high)
        stones = texture.stone(g, "#5a5048", "#a09488", 0.0012)
        side = np.abs(g.x - offset) + 0.004 * texture.at(g, 0.02, 3)
        colour = mix(grass, stones, smoothstep(0.052, 0.046, side))
        for x0 in tracks:
            x = g.x - x0
            near = (np.abs(x) < 0.013).astype(np.float32)
            # Sleepers merge into a band in the distance.
            gap = 0.0075
            place = np.mod(g.z, gap) - gap / 2
            sleeper = g.line(place, 0.0014, True) * near
            wood = texture.stone(g, "#4a4038", "#7a6c5e", 0.002)
            colour = mix(colour, wood, np.clip(sleeper, 0, 1))
            for rail in (-0.0072, 0.0072):
                colour = mix(colour, pigment("#4a3628"), g.line(x - rail, 0.0012))
        return texture.snowed(g, colour, 0.55)

    parts: list[Drawable] = [*sky_parts(setting)]
    terrain = Terrain.MOUNTAINS if rng.random() < 0.5 else Terrain.FIELDS
    parts.extend(hills(setting, terrain, 6.0))
    parts.append(tree_row(setting, 623, 2.6, rng.uniform(-2.6, 2.6, 60).tolist(), 0.15))
    parts.append(plane_layer(setting, ground, 9.0))
    parts.extend(_rails(setting, tracks))
    side = float(rng.choice([-1, 1]))
    for k, z in enumerate((2.2, 1.4, 0.92, 0.6, 0.39, 0.25)):
        if k < 5:
            parts.append(
                tree_row(setting, 624 + k, z * 1.08, apart(rng, 0.11, 0.11 + z * 0.5, 4), 0.09)
            )
        masts = [
            Standing(_mast(), offset + s * 0.050, 0.078, flip=s > 0, shadow=0.2, base=0.1)
            for s in (-1.0, 1.0)
        ]
        parts.append(flat_layer(setting, z, masts))
        if k:
            before = (2.2, 1.4, 0.92, 0.6, 0.39, 0.25)[k - 1]
            parts.append(_catenary(setting, tracks, z, before))
    signal = Standing(_signal(), offset - side * 0.068, 0.046, shadow=0.3, base=0.4, power=2.2)
    hut = Standing(_box(setting.light.dark), side * 0.125, 0.045, shadow=0.4)
    parts.append(flat_layer(setting, 0.34, [signal, hut]))
    bushes = [bush(rng, setting.scene.season, ("#e8d46a",)) for _ in range(2)]
    parts.append(
        flat_layer(
            setting,
            0.2,
            [Standing(bushes[k % 2], x, 0.012) for k, x in enumerate(apart(rng, 0.085, 0.14, 4))],
        )
    )
    parts.append(foreground.blades(setting, TURF[setting.scene.season], 0.20, ("#b8c070",)))
    return [*parts, *air_parts(setting)]


def _rails(setting: Setting, tracks: tuple[float, float]) -> list[SceneLayer]:
    """The shining heads of the rails, in pieces by distance."""
    eye, lens, light = setting.eye, setting.lens, setting.light
    shine = (
        light.ambient * np.float32(0.9)
        + light.key * np.float32(0.5)
        + light.horizon * np.float32(0.25)
    )
    layers = []
    for near, far in ((1.0, 9.0), (0.4, 1.05), (0.2, 0.42), (0.11, 0.21), (0.05, 0.115)):
        # Rails lie on the ground, so that they move as it does.
        rows = eye.row(far), eye.row(near)
        ends = eye.reference / far, eye.reference / near
        depth = Depth(ends[0], ends[1], rows[0], rows[1])
        patch = lens.patch(depth, rows[0] - 2, rows[1] + 2)
        z = np.geomspace(near * 0.9, far, 60)
        scale = eye.focal / z
        lines = []
        for x0 in tracks:
            for rail in (-0.0072, 0.0072):
                x = (x0 + rail) * scale
                y = eye.horizon + (eye.height - 0.0016) * scale
                wide = np.maximum(0.0011 * scale, 0.5)
                air = light.air(np.zeros((1, 1), np.float32))[0, 0]
                hidden = air_share(light, np.asarray(z * 2, np.float32))
                tint = mix(np.broadcast_to(pigment("#b8bcc2") * shine, (z.size, 3)), air, hidden)
                lines.append(strokes(x[:-1], y[:-1], x[1:], y[1:], wide[:-1], wide[1:], tint[:-1]))
        paint = paint_strokes(patch, np.concatenate(lines), lines[0][:, 6:9].mean(axis=0))
        paint = edged(paint)
        layers.append(SceneLayer(paint, patch, depth))
    return layers


def _mast() -> Drawing:
    body = (
        '<path d="M8 260 L10 8 h7 l2 252 Z" fill="#767c82"/>'
        '<path d="M10 30 L92 44 M10 62 L92 48 M10 30 V62" stroke="#5c6268" stroke-width="3.4" '
        'fill="none"/><rect x="82" y="40" width="16" height="9" fill="#8a5a44"/>'
        + "".join(
            f'<path d="M10 {y} L18 {y + 14} M18 {y} L10 {y + 14}" stroke="#5c6268" '
            f'stroke-width="1.6"/>'
            for y in range(70, 250, 16)
        )
    )
    return Drawing(f'<g transform="translate(92 0)">{body}</g>', 200, 260)


def _catenary(setting: Setting, tracks: tuple[float, float], near: float, far: float) -> SceneLayer:
    eye, lens, light = setting.eye, setting.lens, setting.light
    middle = float(np.sqrt(near * far))
    depth = Depth(eye.reference / middle, eye.reference / middle)
    patch = lens.patch(depth, eye.row(near, 0.07), eye.row(near, 0.045))
    tint = light.ambient * np.float32(0.14)
    z, t = np.geomspace(near, far, 40), np.linspace(0, 1, 40)
    scale = eye.focal / z
    lines: list[Strokes] = []
    wide = np.maximum(0.00016 * scale, 0.45)
    for x0 in tracks:
        for high, sag in ((0.064, 0.008), (0.055, 0.0)):
            y = eye.horizon + (eye.height - (high - sag * 4 * t * (1 - t))) * scale
            x = x0 * scale
            lines.append(strokes(x[:-1], y[:-1], x[1:], y[1:], wide[:-1], wide[1:], tint))
    paint = paint_strokes(patch, np.concatenate(lines), tint)
    return SceneLayer(paint, patch, depth)


def _signal() -> Drawing:
    body = (
        '<rect x="26" y="60" width="8" height="140" fill="#5c6268"/><rect x="12" y="4" width="36" '
        'height="70" rx="10" fill="#1c1e22"/><circle cx="30" cy="22" r="9" fill="#4a1a18"/>'
        '<circle cx="30" cy="54" r="9" fill="#3ae070"/>'
    )
    return Drawing(body, 60, 200, '<circle cx="30" cy="54" r="9" fill="#5cff90"/>')


def _box(dark: bool) -> Drawing:
    """A signal box of brick and wood, 120 by 110 units."""
    body = (
        '<rect x="12" y="64" width="96" height="46" fill="#7d4334"/><rect x="8" y="30" width="104" '
        'height="38" fill="#d8d0bc"/><path d="M0 34 L60 4 L120 34 Z" fill="#46423e"/>'
        + "".join(
            f'<rect x="{14 + 16 * k}" y="38" width="13" height="20" fill="#3a4a56"/>'
            for k in range(6)
        )
    )
    glow = (
        "".join(
            f'<rect x="{14 + 16 * k}" y="38" width="13" height="20" fill="#ffd48a"/>'
            for k in range(6)
        )
        if dark
        else ""
    )
    return Drawing(body, 120, 110, glow)
