"""Sets of growing things: snowfield, park, garden, jungle and farm."""

from __future__ import annotations

import numpy as np

from kirin.domain.intent import Season, Terrain
from kirin.engines.animatic.places.outdoor.canopy import canopy, trunks, vines
from kirin.engines.animatic.places.outdoor.country import boulder, bush, hills, palm, tree_row
from kirin.engines.animatic.places.outdoor.flat import Drawing, Standing, flat_layer
from kirin.engines.animatic.places.outdoor.furniture import bench, lamp_post
from kirin.engines.animatic.places.outdoor.plane import PlanePoints, Texture, moved, plane_layer
from kirin.engines.animatic.places.outdoor.shafts import Shafts
from kirin.engines.animatic.scene import foreground
from kirin.engines.animatic.scene.assembly import Drawable, air_parts, sky_parts
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.noise import smoothstep
from kirin.engines.animatic.scene.setting import Setting

TURF = {
    Season.SPRING: ("#55792c", "#8db04a"),
    Season.SUMMER: ("#3f5f24", "#7a9a40"),
    Season.AUTUMN: ("#6b6430", "#a8904a"),
    Season.WINTER: ("#5c6040", "#8a8a60"),
}


def apart(rng: np.random.Generator, gap: float, reach: float, count: int) -> list[float]:
    """Positions at both sides of a free middle of half width ``gap``."""
    half = np.arange((count + 1) // 2)
    side = gap + (half + rng.uniform(0.0, 0.8, half.size)) / max(half.size, 1) * (reach - gap)
    other = gap + (half + rng.uniform(0.0, 0.8, half.size)) / max(half.size, 1) * (reach - gap)
    return [*(-side).tolist(), *other.tolist()]


def snowfield(setting: Setting) -> list[Drawable]:
    """Open snow before white mountains, with a few firs at the sides."""
    setting = moved(setting, season=Season.WINTER)
    texture = Texture(setting, 401)
    bend = float(setting.rng(402).uniform(-1, 1))

    def snow(g: PlanePoints) -> Colour:
        drift = texture.at(g, 0.30, 4, 0.5)
        # Sastrugi: ridges that the wind makes, lit on one side.
        ridge = np.sin((g.z * 60 + g.x * 30 * bend) + 5 * texture.at(g, 0.10, 3))
        crisp = texture.at(g, 0.004, 3)
        tone = 0.90 + 0.10 * drift + 0.05 * ridge * g.fine(0.05) + 0.05 * crisp
        shade = smoothstep(0.05, 0.5, drift)
        base = mix(pigment("#b4c6e2"), pigment("#fbfcff"), np.clip(0.62 + 0.5 * shade, 0, 1))
        return np.asarray(base * (tone * np.float32(0.86))[..., None], np.float32)

    rng = setting.rng(403)
    parts: list[Drawable] = [*sky_parts(setting), *hills(setting, Terrain.MOUNTAINS, 5.0)]
    parts.append(tree_row(setting, 404, 3.2, rng.uniform(-3, 3, 90).tolist(), 0.13, "pine"))
    parts.append(plane_layer(setting, snow, 6.0))
    parts.append(tree_row(setting, 405, 0.9, apart(rng, 0.16, 0.9, 16), 0.12, "pine"))
    parts.append(tree_row(setting, 406, 0.42, apart(rng, 0.14, 0.5, 4), 0.12, "pine"))
    drawings = [boulder(rng, "#4a4e58", "#c8d2e0", "#f4f7fc") for _ in range(3)]
    stones = [
        Standing(drawings[k % 3], x, float(rng.uniform(0.003, 0.006)))
        for k, x in enumerate(apart(rng, 0.05, 0.2, 6))
    ]
    parts.append(flat_layer(setting, 0.22, stones))
    parts.append(foreground.blades(setting, ("#6a5a40", "#d8c8a0"), 0.17))
    return [*parts, *air_parts(setting)]


def park(setting: Setting) -> list[Drawable]:
    """A lawn with a winding path, trees, benches and lamps."""
    texture = Texture(setting, 411)
    rng = setting.rng(412)
    bend, phase = float(rng.uniform(0.4, 1.0) * rng.choice([-1, 1])), float(rng.uniform(0, 6))
    low, high = TURF[setting.scene.season]

    def lawn(g: PlanePoints) -> Colour:
        grass = texture.grass(g, low, high)
        middle = bend * 0.05 * np.sin(g.z * 5.5 + phase) * np.clip(g.z * 3, 0, 2)
        off = np.abs(g.x - middle) + 0.002 * texture.at(g, 0.02, 3)
        path = texture.stone(g, "#8f8470", "#c9bda4", 0.004)
        kerb = g.line(off - 0.0155, 0.0012)
        colour = mix(grass, texture.snowed(g, path, 0.55), g.line(off, 0.015))
        return mix(colour, pigment("#6a6458"), 0.8 * kerb)

    parts: list[Drawable] = [*sky_parts(setting)]
    if rng.random() < 0.6:
        parts.extend(hills(setting, Terrain.FIELDS, 8.0))
    wide = rng.uniform(-2.4, 2.4, 60).tolist()
    parts.append(tree_row(setting, 413, 2.0, wide, 0.16))
    parts.append(plane_layer(setting, lawn, 3.0))
    parts.append(tree_row(setting, 414, 0.95, apart(rng, 0.12, 0.9, 14), 0.14))
    bushes = [bush(rng, setting.scene.season, ("#e8d0e0", "#f2e6a0")) for _ in range(3)]
    parts.append(
        flat_layer(
            setting,
            0.60,
            [
                Standing(bushes[k % 3], x, float(rng.uniform(0.014, 0.026)))
                for k, x in enumerate(apart(rng, 0.10, 0.5, 9))
            ],
        )
    )
    parts.append(tree_row(setting, 415, 0.46, apart(rng, 0.13, 0.42, 5), 0.12))
    side = float(rng.choice([-1, 1]))
    for distance, gap in ((0.42, 0.045), (0.25, 0.036)):
        parts.append(
            flat_layer(
                setting,
                distance,
                [
                    Standing(bench(), side * gap, 0.0095, flip=side > 0),
                    Standing(lamp_post(), -side * gap, 0.042, shadow=0.3, power=2.4),
                ],
            )
        )
    parts.append(tree_row(setting, 416, 0.22, [side * 0.115], 0.10))
    parts.append(foreground.bough(setting))
    if rng.random() < 0.6:
        parts.append(foreground.blades(setting, TURF[setting.scene.season], 0.13))
    return [*parts, *air_parts(setting)]


def jungle(setting: Setting) -> list[Drawable]:
    """Deep forest: walls of leaves in haze, giant trunks, vines, broad leaves in front."""
    texture = Texture(setting, 421)
    rng = setting.rng(422)

    def floor(g: PlanePoints) -> Colour:
        off = np.abs(g.x - 0.02 * np.sin(g.z * 9)) + 0.012 * texture.at(g, 0.05, 3)
        litter = texture.stone(g, "#2c2616", "#6b5a34", 0.006)
        moss = texture.grass(g, "#23401a", "#527a30")
        return mix(moss, litter, smoothstep(0.035, 0.012, off))

    parts: list[Drawable] = [*sky_parts(setting)]
    for tag, distance in enumerate((1.3, 0.8, 0.55)):
        parts.append(canopy(setting, 423 + tag, distance))
    parts.append(plane_layer(setting, floor, 1.5))
    parts.append(trunks(setting, 430, 0.42, apart(rng, 0.07, 0.34, 7)))
    palms = [
        Standing(palm(rng), x, float(rng.uniform(0.04, 0.075)), flip=x > 0, base=0.3)
        for x in apart(rng, 0.075, 0.26, 6)
    ]
    parts.append(flat_layer(setting, 0.37, palms, shade=0.85, sway=0.002 * setting.lens.height))
    parts.append(canopy(setting, 431, 0.36, gap=0.10))
    parts.append(trunks(setting, 432, 0.19, apart(rng, 0.075, 0.16, 3)))
    ferns = [bush(rng, Season.SUMMER) for _ in range(3)]
    for distance, gap in ((0.26, 0.05), (0.14, 0.05)):
        parts.append(
            flat_layer(
                setting,
                distance,
                [
                    Standing(ferns[k % 3], x, float(rng.uniform(0.012, 0.022)))
                    for k, x in enumerate(apart(rng, gap, gap * 3.2, 7))
                ],
            )
        )
    if not setting.light.dark:
        parts.append(Shafts(setting, 20.0))
    parts.append(vines(setting, 434))
    parts.append(foreground.fronds(setting, broad=True))
    return [*parts, *air_parts(setting)]


def garden(setting: Setting) -> list[Drawable]:
    """Flower beds at both sides of a path, hedges, and a pergola at its end."""
    texture = Texture(setting, 441)
    rng = setting.rng(442)
    low, high = TURF[setting.scene.season]
    codes = (
        ("#e84a6a", "#f6d24a", "#f4f0ea", "#b25ad0"),
        ("#f08a3a", "#f6d24a", "#d8304a"),
        ("#b25ad0", "#7a6ae0", "#f4f0ea", "#f090b8"),
    )[int(rng.integers(3))]

    def beds(g: PlanePoints) -> Colour:
        lawn = texture.grass(g, low, high)
        soil = texture.stone(g, "#33261a", "#5a4430", 0.004)
        path = texture.stone(g, "#a89a80", "#d8ccb2", 0.005)
        slab = g.line((g.z * 70) % 1.0 / 70 - 0.0007, 0.0006, True)
        side = np.abs(g.x)
        colour = mix(lawn, soil, g.line(side - 0.034, 0.014))
        colour = mix(colour, texture.snowed(g, path, 0.5), g.line(side, 0.014))
        return mix(colour, pigment("#6b6250"), 0.6 * slab * (side < 0.014))

    parts: list[Drawable] = [*sky_parts(setting)]
    parts.append(tree_row(setting, 443, 1.1, rng.uniform(-1.3, 1.3, 34).tolist(), 0.13))
    parts.append(plane_layer(setting, beds, 1.2))
    hedge = [bush(rng, setting.scene.season) for _ in range(3)]
    parts.append(
        flat_layer(
            setting,
            0.75,
            [Standing(hedge[k % 3], x, 0.03) for k, x in enumerate(np.linspace(-0.75, 0.75, 40))],
        )
    )
    parts.append(flat_layer(setting, 0.66, [Standing(_pergola(codes), 0.0, 0.032)]))
    parts.append(tree_row(setting, 444, 0.48, apart(rng, 0.14, 0.5, 4), 0.08))
    winter = setting.snowy
    for distance in (0.56, 0.42, 0.32, 0.24, 0.18, 0.135, 0.10, 0.078):
        plants = [
            bush(rng, setting.scene.season, () if winter else (codes[k % len(codes)],) * 2)
            for k in range(3)
        ]
        items = []
        for side in (-1.0, 1.0):
            for k, x in enumerate(np.linspace(0.023, 0.046, 4)):
                tall = float(rng.uniform(0.0055, 0.009)) * (1 + 0.3 * k)
                items.append(Standing(plants[(k + int(side > 0)) % 3], side * x, tall))
        parts.append(flat_layer(setting, distance, items))
    parts.append(
        foreground.blades(
            setting, TURF[setting.scene.season], 0.20, () if winter else codes[:2]
        )
    )
    if rng.random() < 0.5:
        parts.append(foreground.bough(setting))
    return [*parts, *air_parts(setting)]


def _pergola(codes: tuple[str, ...]) -> Drawing:
    """A wooden arch with climbing roses, 120 by 110 units."""
    body = "".join(
        f'<rect x="{x}" y="18" width="6" height="92" fill="{fill}"/>'
        for x, fill in ((10, "#e6dfd0"), (24, "#b9b09c"), (90, "#e6dfd0"), (104, "#b9b09c"))
    )
    body += '<path d="M4 22 Q60 -8 116 22 l0 7 Q60 0 4 29 Z" fill="#efe8da"/>'
    body += '<path d="M14 32 Q60 6 106 32 l0 4 Q60 11 14 36 Z" fill="#c9c0ac"/>'
    rng = np.random.default_rng(5)
    for _ in range(120):
        t = rng.random()
        x, y = (
            (rng.choice([14, 106]) + rng.normal(0, 6), rng.uniform(20, 108))
            if t < 0.6
            else (rng.uniform(6, 114), 16 + rng.normal(0, 6))
        )
        fill = codes[int(rng.integers(len(codes)))] if rng.random() < 0.35 else "#3f6a2c"
        body += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{rng.uniform(1.8, 4):.1f}" fill="{fill}"/>'
    return Drawing(body, 120, 110)


def farm(setting: Setting) -> list[Drawable]:
    """Crop rows, a red barn with a silo, hay bales and a fence."""
    texture = Texture(setting, 451)
    rng = setting.rng(452)
    low, high = TURF[setting.scene.season]
    side = float(rng.choice([-1, 1]))

    def yard(g: PlanePoints) -> Colour:
        grass = texture.grass(g, low, high)
        soil = texture.stone(g, "#5a4530", "#8c7048", 0.006)
        furrow = np.sin(g.x * 420) * np.clip(1.3 - g.dx / 0.006, 0, 1)
        crop = mix(
            soil, pigment("#7d9a3c" if not setting.snowy else "#e4eaf2"),
            np.clip(0.5 + 0.9 * furrow, 0, 1),
        )
        field = smoothstep(0.02, 0.026, -side * g.x + 0.01 * texture.at(g, 0.2, 2))
        field = field * smoothstep(0.16, 0.19, g.z)
        track = g.line(np.abs(g.x + side * 0.002) - 0.009, 0.003)
        colour = mix(grass, crop, field)
        return mix(colour, texture.snowed(g, soil, 0.4), 0.8 * track)

    parts: list[Drawable] = [*sky_parts(setting), *hills(setting, Terrain.FIELDS, 5.0)]
    parts.append(tree_row(setting, 453, 2.6, rng.uniform(-2.4, 2.4, 26).tolist(), 0.14))
    parts.append(plane_layer(setting, yard, 6.0))
    barn, silo = _barn(setting.light.dark), _silo()
    parts.append(
        flat_layer(
            setting,
            0.62,
            [
                Standing(silo, side * 0.265, 0.145),
                Standing(barn, side * 0.15, 0.115, flip=side < 0),
            ],
        )
    )
    parts.append(tree_row(setting, 454, 0.55, [side * 0.30, -side * 0.30, -side * 0.36], 0.10))
    bales = [
        Standing(_bale(), float(-side * x), 0.013) for x in rng.uniform(0.03, 0.19, 5).tolist()
    ]
    if not setting.snowy:
        parts.append(flat_layer(setting, 0.40, bales))
    rail = _fence()
    for distance in (0.34, 0.24):
        items = [
            Standing(rail, side * (0.052 + 0.024 * k), 0.012, shadow=0.25) for k in range(7)
        ]
        parts.append(flat_layer(setting, distance, items))
    parts.append(foreground.posts(setting))
    if not setting.snowy:
        parts.append(foreground.blades(setting, TURF[setting.scene.season], 0.14))
    return [*parts, *air_parts(setting)]


def _barn(dark: bool) -> Drawing:
    """A red barn of 140 by 110 units."""
    planks = "".join(
        f'<path d="M{x} 44 V110" stroke="#7c2a20" stroke-width="0.8"/>' for x in range(24, 120, 5)
    )
    body = (
        '<polygon points="14,52 34,16 70,2 106,16 126,52 122,52 122,110 18,110 18,52" '
        'fill="#a23a2c"/>' + planks +
        '<path d="M8 56 L32 14 L70 -1 L108 14 L132 56 L124 56 L103 20 L70 8 L37 20 L16 56 Z" '
        'fill="#5a5450"/>'
        '<rect x="48" y="62" width="44" height="48" fill="#7e2a20" stroke="#f0e8dc" '
        'stroke-width="3"/><path d="M48 62 L70 110 M92 62 L70 110 M70 62 V110" stroke="#f0e8dc" '
        'stroke-width="2.4"/>'
        '<rect x="60" y="24" width="20" height="20" fill="#2a201c" stroke="#f0e8dc" '
        'stroke-width="3"/>'
        '<rect x="27" y="70" width="13" height="15" fill="#3a4048" stroke="#f0e8dc" '
        'stroke-width="2"/><rect x="100" y="70" width="13" height="15" fill="#3a4048" '
        'stroke="#f0e8dc" stroke-width="2"/>'
    )
    glow = (
        '<rect x="28" y="71" width="11" height="13" fill="#ffc860"/>'
        '<rect x="101" y="71" width="11" height="13" fill="#ffc860"/>'
        if dark
        else ""
    )
    return Drawing(body, 140, 110, glow)


def _silo() -> Drawing:
    rings = "".join(
        f'<path d="M4 {y} q18 5 36 0" fill="none" stroke="#8a8e92" stroke-width="1"/>'
        for y in range(30, 130, 9)
    )
    body = (
        '<defs><linearGradient id="s"><stop offset="0" stop-color="#8a9096"/><stop offset=".35" '
        'stop-color="#d8dce0"/><stop offset="1" stop-color="#6c7278"/></linearGradient></defs>'
        '<path d="M4 24 Q22 -12 40 24 V130 H4 Z" fill="url(#s)"/>' + rings
    )
    return Drawing(body, 44, 130)


def _bale() -> Drawing:
    body = '<ellipse cx="30" cy="26" rx="29" ry="26" fill="#b98a3c"/>'
    body += '<ellipse cx="24" cy="26" rx="23" ry="24" fill="#d8b05a"/>'
    body += "".join(
        f'<ellipse cx="24" cy="26" rx="{r}" ry="{r}" fill="none" stroke="#a07830" '
        f'stroke-width="1.4"/>'
        for r in (4, 9, 14, 19)
    )
    return Drawing(body, 60, 52)


def _fence() -> Drawing:
    body = (
        '<rect x="0" y="14" width="100" height="7" fill="#a08462"/>'
        '<rect x="0" y="34" width="100" height="7" fill="#927653"/>'
        '<rect x="44" y="4" width="11" height="58" fill="#b09372"/>'
    )
    return Drawing(body, 100, 60)
