"""Sets at the water: beach, riverside, harbour and bridge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kirin.domain.intent import Terrain, Weather
from kirin.engines.animatic.places.outdoor.country import boulder, bush, hills, palm, tree_row
from kirin.engines.animatic.places.outdoor.flat import (
    Drawing,
    Standing,
    flat_layer,
    framing_piece,
)
from kirin.engines.animatic.places.outdoor.furniture import lamp_post
from kirin.engines.animatic.places.outdoor.nature import TURF, apart
from kirin.engines.animatic.places.outdoor.plane import PlanePoints, Texture, moved, plane_layer
from kirin.engines.animatic.places.outdoor.spans import hangers, railing, tower
from kirin.engines.animatic.scene import foreground
from kirin.engines.animatic.scene.assembly import (
    OPEN_SEA,
    Drawable,
    air_parts,
    sky_parts,
    water_part,
)
from kirin.engines.animatic.scene.city import city_rows
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.noise import Field, smoothstep
from kirin.engines.animatic.scene.setting import Setting

SHORE = 0.36
"""Disparity at which the ground of these places ends and the water begins."""


def _inland(setting: Setting, texture: Texture, g: PlanePoints, bays: float) -> Field:
    """Distance from the water's edge as a share of the edge's distance; negative is water."""
    end = setting.eye.reference / SHORE
    flat = PlanePoints(g.x, np.zeros_like(g.z), g.dx, np.full_like(g.dz, 1e-6))
    return np.asarray(1.0 - g.z / end + bays * texture.at(flat, end * 0.9, 4), np.float32)


def beach(setting: Setting) -> list[Drawable]:
    """Sand with a hem of foam before the sea, palms and a parasol."""
    texture = Texture(setting, 501)
    rng = setting.rng(502)

    def sand(g: PlanePoints) -> Colour:
        inland = _inland(setting, texture, g, 0.10)
        tone = np.clip(0.55 + 0.5 * texture.at(g, 0.03, 4) + 0.35 * texture.at(g, 0.002, 3), 0, 1)
        colour = texture.snowed(g, mix(pigment("#b48f62"), pigment("#ecd2a4"), tone), 0.8)
        wet = smoothstep(0.20, 0.02, inland + 0.05 * texture.at(g, 0.05, 3))
        colour = mix(colour, pigment("#7d664c"), 0.8 * wet)
        hem = np.abs(inland - 0.03 - 0.02 * texture.at(g, 0.02, 3))
        foam = smoothstep(0.022, 0.006, hem) + 0.5 * smoothstep(0.014, 0.003, np.abs(inland - 0.10))
        return mix(colour, pigment("#fbfcfa"), np.clip(0.85 * foam, 0, 1))

    def cover(g: PlanePoints) -> Field:
        return smoothstep(-0.004, 0.012, _inland(setting, texture, g, 0.10))

    parts: list[Drawable] = [*sky_parts(setting)]
    if rng.random() < 0.6:
        parts.extend(hills(setting, Terrain.MOUNTAINS, 24.0)[-1:])
    storm = setting.scene.weather is Weather.STORM
    parts.append(
        water_part(moved(setting, terrain=Terrain.SEA), OPEN_SEA, 0.12 if storm else 0.07, 0.35)
    )
    parts.append(plane_layer(setting, sand, 0.6, cover))
    reference = setting.eye.reference
    side = float(rng.choice([-1, 1]))
    palms = [
        Standing(palm(rng), side * x, float(rng.uniform(0.055, 0.08)), flip=side > 0, base=0.3)
        for x in (0.10, 0.13, 0.17, 0.22)
    ]
    parts.append(flat_layer(setting, reference / 0.46, palms, sway=0.002 * setting.lens.height))
    if setting.scene.weather is Weather.CLEAR and not setting.light.dark:
        items = [
            Standing(_parasol(("#d8453a", "#f4efe6")), -side * 0.085, 0.026),
            Standing(_lounger(), -side * 0.068, 0.008),
        ]
        parts.append(flat_layer(setting, reference / 0.55, items))
    stones = [boulder(rng, "#4a3c30", "#7d6a56", "#a8937a") for _ in range(2)]
    pebbles = [
        Standing(stones[k % 2], x, float(rng.uniform(0.002, 0.006)))
        for k, x in enumerate(apart(rng, 0.04, 0.10, 4))
    ]
    parts.append(flat_layer(setting, reference / 0.7, pebbles))
    palm_near = Standing(palm(rng), -side * 0.078, 0.085, flip=side < 0, base=0.3)
    kind = rng.integers(3)
    if kind == 0:
        parts.append(flat_layer(setting, reference / 0.8, [palm_near]))
        parts.append(foreground.blades(setting, ("#8a7a4a", "#d8c890"), 0.16))
    elif kind == 1:
        parts.append(foreground.fronds(setting, low=False))
    else:
        parts.append(foreground.rocks(setting, ("#3a2e26", "#94806a")))
        parts.append(foreground.fronds(setting, low=False))
    return [*parts, *air_parts(setting)]


def _parasol(codes: tuple[str, str]) -> Drawing:
    """A parasol of 100 by 110 units."""
    body = '<path d="M49 20 L51 20 L54 110 L50 110 Z" fill="#d8d0c0"/>'
    for k in range(6):
        x0, x1 = 4 + 92 * k / 6, 4 + 92 * (k + 1) / 6
        body += (
            f'<path d="M50 4 Q{x0:.1f} 14 {x0:.1f} 46 Q{(x0 + x1) / 2:.1f} 38 '
            f'{x1:.1f} 46 Q{x1:.1f} 14 50 4 Z" fill="{codes[k % 2]}"/>'
        )
    return Drawing(body, 100, 110)


def _lounger() -> Drawing:
    body = (
        '<path d="M4 30 L60 30 L92 6 L96 10 L64 36 L4 36 Z" fill="#f0e8da"/>'
        '<path d="M12 36 v14 M58 36 v14 M84 16 l6 34" stroke="#8a6a48" stroke-width="4"/>'
    )
    return Drawing(body, 100, 50)


def riverside(setting: Setting) -> list[Drawable]:
    """A calm river between a wooded shore and a grassy bank with reeds."""
    texture = Texture(setting, 511)
    rng = setting.rng(512)
    low, high = TURF[setting.scene.season]

    def bank(g: PlanePoints) -> Colour:
        inland = _inland(setting, texture, g, 0.16)
        grass = texture.grass(g, low, high)
        mud = texture.stone(g, "#4a3c2a", "#8a7656", 0.005)
        path = texture.stone(g, "#8a7a5c", "#b8a888", 0.004)
        trail = smoothstep(0.10, 0.06, np.abs(inland - 0.62 - 0.08 * texture.at(g, 0.1, 3)))
        colour = mix(grass, texture.snowed(g, path, 0.4), 0.75 * trail)
        return mix(colour, mud, smoothstep(0.14, 0.03, inland + 0.06 * texture.at(g, 0.03, 3)))

    def cover(g: PlanePoints) -> Field:
        return smoothstep(-0.004, 0.012, _inland(setting, texture, g, 0.16))

    far = 0.85
    parts: list[Drawable] = [*sky_parts(setting)]
    terrain = Terrain.MOUNTAINS if rng.random() < 0.5 else Terrain.FIELDS
    parts.extend(hills(setting, terrain, 5.0))
    pines = rng.random() < 0.4
    kind = "pine" if pines else "broad"
    parts.append(tree_row(setting, 513, 1.25, rng.uniform(-1.5, 1.5, 46).tolist(), 0.15, kind))
    parts.append(plane_layer(setting, lambda g: texture.grass(g, low, high), 1.4))
    parts.append(tree_row(setting, 514, 0.95, rng.uniform(-1.2, 1.2, 20).tolist(), 0.12, kind))
    bushes = [bush(rng, setting.scene.season) for _ in range(3)]
    parts.append(
        flat_layer(
            setting,
            far * 1.01,
            [
                Standing(bushes[k % 3], float(x), float(rng.uniform(0.012, 0.03)))
                for k, x in enumerate(rng.uniform(-0.9, 0.9, 46))
            ],
        )
    )
    parts.append(water_part(setting, far, 0.012, 0.30))
    parts.append(plane_layer(setting, bank, 0.6, cover))
    reference = setting.eye.reference
    side = float(rng.choice([-1, 1]))
    parts.append(tree_row(setting, 515, reference / 0.5, [side * 0.125, side * 0.17], 0.11))
    parts.append(
        flat_layer(
            setting,
            reference / 0.58,
            [Standing(bushes[k % 3], x, 0.012) for k, x in enumerate(apart(rng, 0.08, 0.14, 4))],
        )
    )
    reeds = (
        ("#4a4a26", "#a8a058") if setting.scene.season.value != "winter" else ("#5a4c34", "#c0ac80")
    )
    parts.append(foreground.blades(setting, reeds, 0.27, ("#6a4424",)))
    if rng.random() < 0.5:
        parts.append(foreground.bough(setting))
    return [*parts, *air_parts(setting)]


def harbour(setting: Setting) -> list[Drawable]:
    """A quay of stone with bollards, boats at their moorings, cranes and warehouses."""
    texture = Texture(setting, 521)
    rng = setting.rng(522)
    end = setting.eye.reference / SHORE

    def quay(g: PlanePoints) -> Colour:
        unit = end * 0.075
        row = np.floor(g.z / unit)
        along = g.x / unit * 0.55 + 0.5 * (row % 2)
        chance = (np.sin(np.floor(along) * 127.1 + row * 311.7) * 43758.5453) % 1.0
        stone = texture.stone(g, "#5a5854", "#8c8880", 0.003) * (0.8 + 0.35 * chance)[..., None]
        deep = g.line((g.z / unit - np.round(g.z / unit)) * unit, unit * 0.02, True)
        wide = g.line((along - np.round(along)) * unit / 0.55, unit * 0.03)
        stone = mix(stone, pigment("#2c2a28"), 0.7 * np.maximum(deep, wide))
        kerb = smoothstep(end * 0.93, end * 0.935, g.z)
        stone = mix(stone, pigment("#a8a49a"), 0.8 * kerb)
        return texture.snowed(g, stone, 0.6)

    def cover(g: PlanePoints) -> Field:
        return np.asarray(np.clip((end - g.z) / np.maximum(g.dz, 1e-5) + 0.5, 0, 1), np.float32)

    parts: list[Drawable] = [*sky_parts(setting)]
    parts.extend(hills(setting, Terrain.MOUNTAINS, 12.0)[:1])
    dark = setting.light.dark
    houses = [
        Standing(_warehouse(rng, dark), float(x), float(rng.uniform(0.10, 0.19)), shadow=0.0)
        for x in np.arange(-2.6, 2.6, 0.20) + rng.uniform(-0.03, 0.03, 26)
    ]
    parts.append(flat_layer(setting, 2.3, houses))
    cranes = [
        Standing(_crane(), float(x), 0.42, flip=bool(rng.random() < 0.5), shadow=0.0)
        for x in (rng.uniform(-1.0, -0.4), rng.uniform(0.45, 1.1))
    ]
    parts.append(flat_layer(setting, 2.1, cranes))
    parts.append(water_part(setting, 2.05, 0.020, 0.30))
    side = float(rng.choice([-1, 1]))
    boats = [("#b8402e", "#f0ece4"), ("#24557a", "#f0ece4"), ("#2f6a4a", "#e8d9a8")]
    for k, (distance, x) in enumerate(
        ((0.62, side * 0.16), (0.48, -side * 0.10), (0.36, side * 0.11))
    ):
        trawler = Standing(_trawler(boats[k], dark), x, 0.075, flip=x > 0, shadow=0.0)
        parts.append(flat_layer(setting, distance, [trawler], mirrored=0.35))
    parts.append(plane_layer(setting, quay, end * 1.1, cover))
    reference = setting.eye.reference
    bollards = [Standing(_bollard(), float(x), 0.0075) for x in np.arange(-0.33, 0.34, 0.066)]
    parts.append(flat_layer(setting, reference / 0.385, bollards))
    items = [
        Standing(lamp_post(), -side * 0.105, 0.045, shadow=0.3, power=2.4),
        Standing(_barrels(), side * 0.095, 0.012),
        Standing(_barrels(), side * 0.115, 0.012, flip=True),
    ]
    parts.append(flat_layer(setting, reference / 0.5, items))
    parts.append(_mooring(setting, side))
    return [*parts, *air_parts(setting)]


def _mooring(setting: Setting, side: float) -> Drawable:
    """A pile with rope, near at one side."""
    body = (
        '<rect x="18" y="10" width="34" height="190" rx="4" fill="#4a3a2c"/>'
        '<rect x="18" y="10" width="10" height="190" fill="#6a543e"/>'
        '<ellipse cx="35" cy="12" rx="17" ry="6" fill="#7a624a"/>'
        + "".join(
            f'<path d="M15 {y} q20 9 40 0" fill="none" stroke="{c}" stroke-width="8" '
            f'stroke-linecap="round"/>'
            for y, c in ((48, "#c8b48a"), (57, "#b09a70"), (66, "#c8b48a"), (75, "#a08a62"))
        )
        + '<path d="M54 62 Q90 120 140 128" fill="none" stroke="#b8a278" stroke-width="6"/>'
    )
    return framing_piece(setting, Drawing(body, 150, 200), -side, -0.46, 0.44)


def _warehouse(rng: np.random.Generator, dark: bool) -> Drawing:
    """A harbour house of 120 by 100 units."""
    wall = ("#8a4a3a", "#a8846a", "#6a7480", "#b0a890", "#7a5a4a")[int(rng.integers(5))]
    gable = rng.random() < 0.6
    roof = (
        '<path d="M0 40 L60 4 L120 40 Z" fill="#4a4240"/>'
        if gable
        else '<rect x="-2" y="32" width="124" height="9" fill="#4a4644"/>'
    )
    panes, lit = "", ""
    for row in range(2):
        for k in range(6):
            box = f'x="{9 + 18 * k}" y="{50 + 24 * row}" width="10" height="14"'
            panes += f'<rect {box} fill="#39434c"/>'
            if dark and rng.random() < 0.45:
                lit += f'<rect {box} fill="#ffcf80"/>'
    return Drawing(
        f'<rect y="38" width="120" height="62" fill="{wall}"/>{roof}{panes}', 120, 100, lit
    )


def _crane() -> Drawing:
    body = (
        '<g stroke="#3a5068" stroke-width="5" fill="none"><path d="M40 200 L52 70 M84 200 L72 70 '
        "M44 160 L80 160 M46 130 L78 100 M50 100 L76 130 M10 66 L190 40 M10 66 L62 20 L190 40 M62 "
        '20 V70"/></g><rect x="44" y="60" width="36" height="22" fill="#c8a030"/>'
        '<path d="M170 43 V110" stroke="#20242a" stroke-width="2"/>'
        '<rect x="164" y="108" width="12" height="9" fill="#c8a030"/>'
        '<rect x="4" y="60" width="26" height="16" fill="#5a6470"/>'
    )
    return Drawing(body, 200, 200)


def _trawler(codes: tuple[str, str], dark: bool) -> Drawing:
    """A fishing boat of 160 by 120 units, its bow to the right."""
    hull, white = codes
    body = (
        '<path d="M8 82 L150 76 L136 112 Q132 120 120 120 L32 120 Q18 '
        f'118 14 106 Z" fill="{hull}"/>'
        f'<path d="M8 82 L150 76 L148 84 L10 90 Z" fill="{white}"/>'
        '<path d="M14 112 L138 108 L134 116 Q130 120 120 120 L32 120 Q20 119 14 112 Z" '
        'fill="#5a1e18"/>'
        f'<rect x="34" y="46" width="46" height="38" fill="{white}"/>'
        '<rect x="30" y="40" width="54" height="8" fill="#50565c"/>'
        '<rect x="40" y="54" width="12" height="12" fill="#31424e"/>'
        '<rect x="58" y="54" width="14" height="12" fill="#31424e"/>'
        '<path d="M96 80 V6 M56 42 V16 M96 10 L146 78 M96 10 L30 44 M96 30 L126 66" '
        'stroke="#4a3c30" stroke-width="2.4" fill="none"/>'
        '<path d="M97 12 l16 5 l-16 6 Z" fill="#d8452e"/>'
        '<circle cx="120" cy="86" r="5" fill="#20242a"/><circle cx="104" '
        'cy="88" r="5" fill="#20242a"/>'
    )
    glow = (
        '<rect x="40" y="54" width="12" height="12" fill="#ffd890"/><rect x="58" y="54" width="14" '
        'height="12" fill="#ffd890"/><circle cx="96" cy="7" r="3" fill="#fff0c0"/>'
        if dark
        else ""
    )
    return Drawing(body, 160, 120, glow)


def _bollard() -> Drawing:
    body = (
        '<path d="M14 60 L18 24 H42 L46 60 Z" fill="#26282c"/>'
        '<ellipse cx="30" cy="18" rx="22" ry="12" fill="#34383e"/>'
        '<ellipse cx="26" cy="14" rx="12" ry="5" fill="#5a6068"/>'
    )
    return Drawing(body, 60, 60)


def _barrels() -> Drawing:
    body = ""
    for x, y, c in ((4, 30, "#8a5a34"), (52, 30, "#7a5030")):
        body += (
            f'<path d="M{x} {y} q-5 35 2 70 h40 q7 -35 2 -70 Z" fill="{c}"/>'
            f'<path d="M{x - 2} {y + 16} h48 M{x - 2} {y + 54} h48" stroke="#3a3430" '
            f'stroke-width="5"/><ellipse cx="{x + 22}" cy="{y}" rx="22" ry="7" fill="#a87848"/>'
        )
    return Drawing(body, 102, 100)


def bridge(setting: Setting) -> list[Drawable]:
    """On the deck of a suspension bridge, over water, towards a city."""
    texture = Texture(setting, 531)
    half = 0.085

    def deck(g: PlanePoints) -> Colour:
        asphalt = texture.stone(g, "#3c3d40", "#5c5d60", 0.003)
        side = np.abs(g.x)
        walk = texture.stone(g, "#77736c", "#989288", 0.003)
        colour = mix(asphalt, walk, smoothstep(0.0588, 0.0592, side))
        colour = mix(colour, pigment("#d8d2c2"), g.line(side - 0.056, 0.0008))
        dash = (np.mod(g.z * 100, 9.0) < 4.0).astype(np.float32)
        colour = mix(colour, pigment("#e8e2d0"), 0.9 * g.line(g.x, 0.0008) * dash)
        seam = g.line((np.mod(g.z * 100, 18.0) - 9) / 100, 0.0015, True)
        return texture.snowed(g, mix(colour, pigment("#1c1c1e"), 0.8 * seam), 0.5)

    def cover(g: PlanePoints) -> Field:
        return np.asarray(np.clip((half - np.abs(g.x)) / g.dx + 0.5, 0, 1), np.float32)

    # The water lies 40 m lower, seen from the same camera.
    eye = setting.eye
    high = replace(eye, height=eye.height + 0.4, reference=eye.reference * (1 + 0.4 / eye.height))
    over = replace(setting, eye=high)
    parts: list[Drawable] = [*sky_parts(setting)]
    city = moved(over, terrain=Terrain.CITY)
    parts.extend(city_rows(city, 14.0))
    parts.append(water_part(over, 14.0, 0.03, 0.9))
    parts.extend(tower(setting, z, half) for z in (3.6, 1.9))
    parts.append(plane_layer(setting, deck, 9.0, cover))
    parts.append(tower(setting, 0.75, half))
    parts.extend(hangers(setting, half))
    parts.extend(railing(setting, half))
    return [*parts, *air_parts(setting)]
