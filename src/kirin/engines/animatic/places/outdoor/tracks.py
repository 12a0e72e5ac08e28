"""Sets along a way: road, race track and railway."""

from __future__ import annotations

import numpy as np

from kirin.domain.intent import Season, Terrain
from kirin.engines.animatic.places.outdoor.country import boulder, bush, hills, tree_row
from kirin.engines.animatic.places.outdoor.flat import Drawing, Standing, flat_layer
from kirin.engines.animatic.places.outdoor.nature import TURF, apart
from kirin.engines.animatic.places.outdoor.plane import PlanePoints, Texture, plane_layer
from kirin.engines.animatic.places.outdoor.wall import Facade, wall_layer
from kirin.engines.animatic.scene import foreground
from kirin.engines.animatic.scene.assembly import Drawable, air_parts, sky_parts
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer, filled
from kirin.engines.animatic.scene.lens import Depth
from kirin.engines.animatic.scene.noise import Field, smoothstep
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.strokes import Strokes, paint_strokes, strokes
from kirin.engines.animatic.scene.terrain import air_share


def road(setting: Setting) -> list[Drawable]:
    """A country road, or one through a desert: asphalt with markings, poles with wires."""
    scene, rng = setting.scene, setting.rng(601)
    texture = Texture(setting, 602)
    desert = scene.terrain is Terrain.DESERT
    low, high = TURF[scene.season]
    half = 0.042
    offset, bend = float(rng.uniform(-0.020, 0.020)), float(rng.uniform(-0.06, 0.06))

    def centre(z: Field) -> Field:
        return np.asarray(offset + bend * np.maximum(z - 0.25, 0) ** 1.5 * 0.35, np.float32)

    def ground(g: PlanePoints) -> Colour:
        if desert:
            land = texture.stone(g, "#a87848", "#dcb47e", 0.006)
        else:
            land = texture.grass(g, low, high)
        x = g.x - centre(g.z)
        side = np.abs(x)
        gravel = texture.stone(g, "#7a6c58", "#a8987c", 0.003)
        land = mix(land, gravel, smoothstep(half + 0.014, half + 0.006,
                                            side + 0.004 * texture.at(g, 0.02, 3)))
        asphalt = texture.stone(g, "#3a3b3e", "#5c5d60", 0.0025)
        worn = np.exp(-(((side - half / 2) / 0.006) ** 2)) * 0.16
        asphalt = asphalt * (1.0 + worn - 0.10 * texture.at(g, 0.05, 3))[..., None]
        colour = mix(land, asphalt, g.line(x, half))
        colour = mix(colour, pigment("#e6e2d6"), 0.9 * g.line(side - half + 0.004, 0.0008))
        dash = (np.mod(g.z * 100, 9.0) < 4.0).astype(np.float32)
        yellow = pigment("#e8bc3a" if desert else "#f0ecdf")
        colour = mix(colour, yellow, 0.9 * g.line(x, 0.0009) * dash)
        return texture.snowed(g, colour, 0.5)

    parts: list[Drawable] = [*sky_parts(setting)]
    kind = Terrain.DESERT if desert else scene.terrain
    if kind not in (Terrain.MOUNTAINS, Terrain.FIELDS, Terrain.DESERT, Terrain.FOREST):
        kind = Terrain.MOUNTAINS if rng.random() < 0.5 else Terrain.FIELDS
    parts.extend(hills(setting, Terrain.MOUNTAINS if desert else kind, 7.0))
    pines = kind in (Terrain.MOUNTAINS, Terrain.FOREST)
    if not desert:
        parts.append(
            tree_row(setting, 603, 3.6, rng.uniform(-3.6, 3.6, 60).tolist(), 0.15,
                     "pine" if pines else "broad")
        )
    parts.append(plane_layer(setting, ground, 12.0))
    side = float(rng.choice([-1, 1]))
    for k, z in enumerate((1.7, 1.1, 0.72, 0.47, 0.31)):
        x = side * 0.085 + float(centre(np.full((1, 1), z, np.float32))[0, 0])
        if not desert and k > 0:
            row = [-side * (0.10 + 0.03 * k), side * (0.16 + 0.03 * k), -side * 0.22]
            parts.append(tree_row(setting, 604 + k, z * 1.06, row, 0.09,
                                  "pine" if pines else "broad"))
        pole = Standing(_pole(), x, 0.088, shadow=0.2, base=0.3)
        parts.append(flat_layer(setting, z, [pole]))
        if k:
            before = (1.7, 1.1, 0.72, 0.47, 0.31)[k - 1]
            parts.append(_wires(setting, side, centre, z, before))
    if desert:
        stones = [boulder(rng, "#6a4428", "#a8744a", "#d8a878") for _ in range(3)]
        for z in (0.5, 0.24):
            parts.append(flat_layer(setting, z, [
                Standing(stones[k % 3], x, float(rng.uniform(0.006, 0.02)))
                for k, x in enumerate(apart(rng, 0.075, 0.075 + z * 0.5, 5))]))
    marks = [
        Standing(_marker(), s * (half + 0.008), 0.009, shadow=0.3) for s in (-1.0, 1.0)
    ]
    for z in (0.62, 0.38, 0.22):
        shift = float(centre(np.full((1, 1), z, np.float32))[0, 0])
        parts.append(flat_layer(setting, z, [
            Standing(m.drawing, m.x + shift, m.tall, shadow=0.3) for m in marks]))
    colours = ("#7a6236", "#c8a868") if desert else TURF[scene.season]
    parts.append(foreground.blades(setting, colours, 0.18))
    return [*parts, *air_parts(setting)]


def _pole() -> Drawing:
    body = (
        '<rect x="36" y="6" width="8" height="254" fill="#5a4634"/><rect x="36" y="6" width="3" '
        'height="254" fill="#7a6248"/><rect x="4" y="20" width="72" height="7" fill="#4e3c2c"/>'
        '<rect x="12" y="42" width="56" height="6" fill="#4e3c2c"/>'
        + "".join(
            f'<rect x="{x}" y="12" width="5" height="9" fill="#c8d4d8"/>' for x in (7, 24, 52, 69)
        )
    )
    return Drawing(body, 80, 260)


def _wires(setting: Setting, side: float, centre: object, near: float, far: float) -> SceneLayer:
    """Wires from one pole to the next."""
    eye, lens, light = setting.eye, setting.lens, setting.light
    middle = float(np.sqrt(near * far))
    depth = Depth(eye.reference / middle, eye.reference / middle)
    patch = lens.patch(depth, eye.row(near, 0.09), eye.row(near, 0.04))
    tint = light.ambient * np.float32(0.12)
    z = np.geomspace(near, far, 40)
    t = np.linspace(0, 1, 40)
    shift = centre(z.astype(np.float32)[None])[0]  # type: ignore[operator]
    lines: list[Strokes] = []
    for off in (-0.011, -0.005, 0.005, 0.011):
        scale = eye.focal / z
        x = (side * 0.085 + shift + off) * scale
        y = eye.horizon + (eye.height - (0.083 - 0.014 * 4 * t * (1 - t))) * scale
        wide = np.maximum(0.0002 * scale, 0.5)
        lines.append(strokes(x[:-1], y[:-1], x[1:], y[1:], wide[:-1], wide[1:], tint))
    paint = paint_strokes(patch, np.concatenate(lines), tint)
    return SceneLayer(paint, patch, depth)


def _marker() -> Drawing:
    return Drawing(
        '<path d="M3 4 L14 0 L14 90 L3 90 Z" fill="#f0f0ea"/><path d="M3 18 L14 14 V34 L3 38 Z" '
        'fill="#22242a"/><rect x="6" y="20" width="5" height="11" fill="#e8702a"/>', 18, 90,
    )


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
        asphalt = asphalt * (1.0 - rubber)[..., None]
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
        stand = Facade(_grandstand(rng, (far - near) * 1000), side * 0.17, near * 0.98, far * 1.01,
                       0.11)
        made.append((near + 0.01, wall_layer(setting, stand)))
        for s in (-1.0, 1.0):
            barrier = Facade(_barrier(rng, (far - near) * 1000), s * 0.125, near * 0.98,
                             far * 1.01, 0.0115)
            made.append((near, wall_layer(setting, barrier)))
    gantry = Standing(_gantry(), 0.0, 0.075, shadow=0.0, power=2.0)
    made.append((0.33, flat_layer(setting, 0.33, [gantry])))
    parts.extend(part for _, part in sorted(made, key=lambda item: -item[0]))
    tyres = [Standing(_tyres(), -side * x, 0.014) for x in (0.108, 0.122)]
    parts.append(flat_layer(setting, 0.165, tyres))
    near = setting.eye.reference / 1.1
    tall = 0.60 * setting.lens.height / setting.eye.scale(near)
    x = -side * 0.47 * setting.lens.width / setting.eye.scale(near)
    parts.append(flat_layer(setting, near, [Standing(_flag(), x, tall, flip=side < 0, shadow=0)],
                            shade=0.8, sway=0.004 * setting.lens.height))
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
        for x, y in ((12 + 14 * i + 7 * (j % 2), 16 + 7 * j), (292 + 14 * i + 7 * (j % 2), 16 + 7 * j))
    )
    lights = "".join(
        f'<circle cx="{130 + 25 * k}" cy="26" r="8.5" fill="#e8241c"/>' for k in range(5)
    )
    return Drawing(body + lights, 360, 150, lights)


def _tyres() -> Drawing:
    body = "".join(
        f'<rect x="{4 + 26 * (k % 4)}" y="{6 + 22 * (k // 4)}" width="25" height="21" rx="8" '
        f'fill="{("#22242a", "#e8e6e0", "#c8281e")[(k + k // 4) % 3]}"/><rect x="{7 + 26 * (k % 4)}" '
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
            parts.append(tree_row(setting, 624 + k, z * 1.08, apart(rng, 0.11, 0.11 + z * 0.5, 4),
                                  0.09))
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
    parts.append(flat_layer(setting, 0.2, [
        Standing(bushes[k % 2], x, 0.012) for k, x in enumerate(apart(rng, 0.085, 0.14, 4))]))
    parts.append(foreground.blades(setting, TURF[setting.scene.season], 0.20, ("#b8c070",)))
    return [*parts, *air_parts(setting)]


def _rails(setting: Setting, tracks: tuple[float, float]) -> list[SceneLayer]:
    """The shining heads of the rails, in pieces by distance."""
    eye, lens, light = setting.eye, setting.lens, setting.light
    shine = light.ambient * np.float32(0.9) + light.key * np.float32(0.5) + light.horizon * np.float32(0.25)
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
                lines.append(
                    strokes(x[:-1], y[:-1], x[1:], y[1:], wide[:-1], wide[1:], tint[:-1])
                )
        paint = paint_strokes(patch, np.concatenate(lines), lines[0][:, 6:9].mean(axis=0))
        assert paint.alpha is not None
        paint.rgb = filled(paint.rgb, paint.alpha)
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
