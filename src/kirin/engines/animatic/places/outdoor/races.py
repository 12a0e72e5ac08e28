"""A race track with its kerbs, barriers and stands."""

from __future__ import annotations

import numpy as np

from kirin.domain.intent import Season, Terrain
from kirin.engines.animatic.places.outdoor.country import hills, tree_row
from kirin.engines.animatic.places.outdoor.flat import Drawing, Standing, flat_layer, framing_piece
from kirin.engines.animatic.places.outdoor.nature import TURF
from kirin.engines.animatic.places.outdoor.plane import PlanePoints, Texture, plane_layer
from kirin.engines.animatic.places.outdoor.wall import Facade, wall_layer
from kirin.engines.animatic.scene.assembly import Drawable, air_parts, sky_parts
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.noise import Field, smoothstep
from kirin.engines.animatic.scene.setting import Setting


def race_track(setting: Setting) -> list[Drawable]:
    """A race track: kerbs, grid, barriers with sponsors, a stand and a gantry."""
    rng = setting.rng(611)
    texture = Texture(setting, 612)
    half = 0.072
    low, high = TURF[Season.SUMMER]
    bend = float(rng.uniform(0.10, 0.22) * rng.choice([-1, 1]))

    def shift(z: Field) -> Field:
        return np.asarray(bend * np.maximum(z - 0.9, 0) ** 1.6, np.float32)

    def ground(g: PlanePoints) -> Colour:
        grass = texture.grass(g, low, high)
        x = g.x - shift(g.z)
        side = np.abs(x)
        asphalt = texture.stone(g, "#33353a", "#515358", 0.0025)
        rubber = np.exp(-(((x - 0.012 * np.sin(g.z * 5)) / 0.018) ** 2)) * 0.25
        asphalt = np.asarray(asphalt * (1.0 - rubber)[..., None], np.float32)
        gravel = texture.stone(g, "#a8946c", "#d0bc90", 0.004)
        colour = mix(grass, gravel, g.line(side - half - 0.05, 0.022))
        colour = mix(colour, asphalt, g.line(x, half))
        colour = mix(colour, pigment("#eceae4"), 0.9 * g.line(side - half + 0.003, 0.0009))
        red = (np.mod(g.z * 100, 2.4) < 1.2).astype(np.float32)
        kerb = mix(np.broadcast_to(pigment("#f2efe8"), colour.shape), pigment("#c8281e"), red)
        colour = mix(colour, kerb, g.line(side - half - 0.005, 0.005))
        # Start line in squares.
        squares = (np.mod(np.floor(g.x * 100 / 0.9) + np.floor(g.z * 100 / 0.9), 2) < 1) * 1.0
        start = smoothstep(0.300, 0.3005, g.z) * smoothstep(0.3275, 0.327, g.z) * (side < half)
        paint = mix(np.broadcast_to(pigment("#f6f4ee"), colour.shape), pigment("#141416"), squares)
        colour = mix(colour, paint, start)
        for k in range(5):
            z0, x0 = 0.37 + 0.075 * k, (-1) ** k * 0.024
            box = np.maximum(
                g.line(g.z - z0, 0.0012, True) * (np.abs(x - x0) < 0.011),
                g.line(np.abs(x - x0) - 0.011, 0.0008) * (g.z > z0 - 0.02) * (g.z < z0),
            )
            colour = mix(colour, pigment("#eceae4"), 0.85 * box)
        return texture.snowed(g, colour, 0.5)

    parts: list[Drawable] = [*sky_parts(setting), *hills(setting, Terrain.FIELDS, 9.0)]
    parts.append(tree_row(setting, 613, 3.2, rng.uniform(-3, 3, 60).tolist(), 0.16))
    parts.append(plane_layer(setting, ground, 6.0))
    side = float(rng.choice([-1, 1]))
    edges = (0.085, 0.15, 0.24, 0.38, 0.6, 0.95, 1.5)
    made: list[tuple[float, Drawable]] = []
    for k in range(len(edges) - 1):
        near, far = edges[k], edges[k + 1]
        stand = Facade(
            _grandstand(rng, (far - near) * 1000), side * 0.17, near * 0.98, far * 1.01, 0.11
        )
        made.append((near + 0.01, wall_layer(setting, stand)))
        for s in (-1.0, 1.0):
            barrier = Facade(
                _barrier(rng, (far - near) * 1000), s * 0.125, near * 0.98, far * 1.01, 0.0115
            )
            made.append((near, wall_layer(setting, barrier)))
    gantry = Standing(_gantry(), 0.0, 0.075, shadow=0.0, power=2.0)
    made.append((0.33, flat_layer(setting, 0.33, [gantry])))
    parts.extend(part for _, part in sorted(made, key=lambda item: -item[0]))
    tyres = [Standing(_tyres(), -side * x, 0.014) for x in (0.108, 0.122)]
    parts.append(flat_layer(setting, 0.165, tyres))
    parts.append(framing_piece(setting, _flag(), -side, 0.47, 0.60))
    return [*parts, *air_parts(setting)]


def _grandstand(rng: np.random.Generator, width: float) -> Drawing:
    """A stand with people under a roof; 10 units are a metre."""
    codes = ("#c8382e", "#e8e0d0", "#2c4f8a", "#d8b03a", "#3a3a40", "#5f8a5a", "#b0b8c0")
    width = max(width, 60.0)
    body = f'<rect width="{width:.0f}" height="110" fill="#50565e"/>'
    step = max(5.0, width / 70)
    for row in range(8):
        y = 24 + row * 9
        body += f'<rect y="{y + 6}" width="{width:.0f}" height="2" fill="#9aa0a8"/>'
        for k in range(int(width / step)):
            if rng.random() < 0.88:
                code = codes[int(rng.integers(len(codes)))]
                x = k * step + rng.uniform(0, 1.5)
                body += (
                    f'<rect x="{x:.1f}" y="{y}" width="{step * 0.7:.1f}" height="6.5" rx="1.5" '
                    f'fill="{code}"/><circle cx="{x + step * 0.35:.1f}" cy="{y - 1.5}" r="2" '
                    f'fill="#d8a884"/>'
                )
    body += f'<rect width="{width:.0f}" height="10" fill="#d8dce0"/>'
    body += f'<rect y="10" width="{width:.0f}" height="12" fill="#000" opacity=".4"/>'
    for x in np.arange(20, width, 90):
        body += f'<rect x="{x:.0f}" y="8" width="4" height="102" fill="#c8ccd2"/>'
    body += f'<rect y="98" width="{width:.0f}" height="12" fill="#3a4048"/>'
    return Drawing(body, width, 110)


def _barrier(rng: np.random.Generator, width: float) -> Drawing:
    codes = ("#d83a30", "#f2f0ea", "#2456a0", "#f0c030", "#2a8a5a", "#1c1e22")
    body, x = "", 0.0
    width = max(width, 40.0)
    while x < width:
        long = float(rng.uniform(30, 60))
        code = codes[int(rng.integers(len(codes)))]
        text = "#f6f4ee" if code not in ("#f2f0ea", "#f0c030") else "#1c1e22"
        body += f'<rect x="{x:.0f}" width="{long + 1:.0f}" height="11.5" fill="{code}"/>'
        for k in range(5):
            body += (
                f'<rect x="{x + 6 + k * long * 0.15:.1f}" y="3.4" width="{long * 0.1:.1f}" '
                f'height="4.6" fill="{text}"/>'
            )
        x += long
    body += f'<rect width="{width:.0f}" height="1.2" fill="#fff" opacity=".5"/>'
    return Drawing(body, width, 11.5)


def _gantry() -> Drawing:
    body = (
        '<rect x="4" y="24" width="9" height="126" fill="#3c4048"/><rect x="347" y="24" width="9" '
        'height="126" fill="#3c4048"/><rect x="0" y="8" width="360" height="34" fill="#22252b"/>'
        '<rect x="0" y="8" width="360" height="4" fill="#d83a30"/>'
    )
    body += "".join(
        f'<rect x="{x}" y="{y}" width="7" height="7" fill="#f4f2ec"/>'
        for i in range(4)
        for j in range(3)
        for x, y in (
            (12 + 14 * i + 7 * (j % 2), 16 + 7 * j),
            (292 + 14 * i + 7 * (j % 2), 16 + 7 * j),
        )
    )
    lights = "".join(
        f'<circle cx="{130 + 25 * k}" cy="26" r="8.5" fill="#e8241c"/>' for k in range(5)
    )
    return Drawing(body + lights, 360, 150, lights)


def _tyres() -> Drawing:
    body = "".join(
        f'<rect x="{4 + 26 * (k % 4)}" y="{6 + 22 * (k // 4)}" width="25" height="21" rx="8" '
        f'fill="{("#22242a", "#e8e6e0", "#c8281e")[(k + k // 4) % 3]}"/><rect '
        f'x="{7 + 26 * (k % 4)}" '
        f'y="{9 + 22 * (k // 4)}" width="19" height="4" rx="2" fill="#fff" opacity=".18"/>'
        for k in range(12)
    )
    return Drawing(body, 112, 74)


def _flag() -> Drawing:
    body = '<rect x="10" width="6" height="300" fill="#c8ccd0"/>'
    for i in range(6):
        for j in range(4):
            code = "#f4f2ec" if (i + j) % 2 else "#18181c"
            x, y = 16 + 15 * i, 8 + 15 * j + 3.5 * np.sin(i * 1.1)
            body += f'<path d="M{x} {y:.1f} h15.4 v15.4 h-15.4 Z" fill="{code}"/>'
    return Drawing(body, 120, 300)
