"""Streets of a town, wide and narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kirin.domain.intent import SceneDescription, Time, Weather
from kirin.engines.animatic.places.outdoor import facades
from kirin.engines.animatic.places.outdoor.country import tree_row
from kirin.engines.animatic.places.outdoor.flat import Drawing, Standing, flat_layer, framing_piece
from kirin.engines.animatic.places.outdoor.furniture import halo, street_lamp
from kirin.engines.animatic.places.outdoor.plane import PlanePoints, Texture, plane_layer
from kirin.engines.animatic.places.outdoor.wall import Facade, wall_layer
from kirin.engines.animatic.scene import foreground
from kirin.engines.animatic.scene.assembly import Drawable, air_parts, sky_parts
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.light import Light, light_of
from kirin.engines.animatic.scene.noise import smoothstep
from kirin.engines.animatic.scene.setting import Setting

_METRE = 0.01


def lit_share(scene: SceneDescription) -> float:
    """Share of windows that are lit."""
    return {Time.NIGHT: 0.45, Time.DUSK: 0.40, Time.SUNSET: 0.12, Time.DAWN: 0.08}.get(
        scene.time, 0.04 if scene.weather in (Weather.STORM, Weather.RAIN) else 0.0
    )


def is_wet(scene: SceneDescription) -> bool:
    """Whether the ground mirrors: in rain, and below neon signs at night."""
    night = scene.time in (Time.NIGHT, Time.DUSK)
    return scene.weather in (Weather.RAIN, Weather.STORM) or (scene.neon and night)


def rows(
    setting: Setting,
    tag: int,
    half: float,
    heights: tuple[float, float],
    lengths: tuple[float, float],
    reach: float,
    *,
    brick: bool = False,
    shop: bool = True,
    mirrored: float = 0.0,
) -> list[tuple[float, list[Drawable]]]:
    """Houses at both sides of a street, each with its distance."""
    scene = setting.scene
    made: list[tuple[float, list[Drawable]]] = []
    for side in (-1.0, 1.0):
        rng = setting.rng(tag + int(side > 0))
        near = 0.42 * half * setting.eye.focal / (0.5 * setting.lens.width)
        while near < reach:
            length = float(rng.uniform(*lengths))
            # Far houses are joined, for nobody sees them apart.
            length *= 1.0 + 1.2 * near / reach
            tall = float(rng.uniform(*heights))
            drawing = facades.house(
                rng,
                min(length, 0.4) / _METRE * 10,
                tall / _METRE * 10,
                lit=lit_share(scene),
                neon=scene.neon,
                brick=brick,
                shop=shop,
            )
            facade = Facade(
                drawing,
                side * half,
                near,
                near + length * 1.06,
                tall,
                end="#6a5a50",
                mirrored=mirrored,
                power=1.7 if setting.light.dark else 0.8,
            )
            made.append((near + length / 2, [wall_layer(setting, facade)]))
            near += length
    return made


def stacked(made: Sequence[tuple[float, list[Drawable]]]) -> list[Drawable]:
    """Parts with distances, back to front."""
    return [part for _, parts in sorted(made, key=lambda item: -item[0]) for part in parts]


def street(setting: Setting) -> list[Drawable]:
    """A street between houses with shops; by neon it is wet and full of signs."""
    scene, rng = setting.scene, setting.rng(551)
    texture = Texture(setting, 552)
    half, kerb = 0.095, 0.058
    wet = is_wet(scene)

    def ground(g: PlanePoints) -> Colour:
        asphalt = texture.stone(g, "#34363a", "#585a5e", 0.003)
        puddle = smoothstep(0.15, 0.4, texture.at(g, 0.05, 3)) if wet else np.zeros_like(g.x)
        asphalt = mix(asphalt * np.float32(0.55 if wet else 1.0), pigment("#0c0e14"), 0.5 * puddle)
        side = np.abs(g.x)
        slab = np.maximum(
            g.line((np.mod(g.z, 0.012) - 0.006), 0.0004, True),
            g.line(np.mod(side - kerb, 0.012) - 0.006, 0.0004),
        )
        walk = texture.stone(g, "#7f7a72", "#a8a298", 0.004)
        walk = mix(walk, pigment("#56524c"), 0.6 * slab) * np.float32(0.6 if wet else 1.0)
        colour = mix(asphalt, walk, g.line(side - 0.10, 0.10 - kerb))
        colour = mix(colour, pigment("#c2bcb0"), g.line(side - kerb, 0.0014))
        dash = (np.mod(g.z * 100, 8.0) < 3.5).astype(np.float32)
        colour = mix(colour, pigment("#e8e2cc"), 0.85 * g.line(g.x, 0.0007) * dash)
        stripes = (np.mod(g.x * 100, 1.0) < 0.55).astype(np.float32) * (side < kerb * 0.92)
        crossing = stripes * smoothstep(0.30, 0.302, g.z) * smoothstep(0.34, 0.338, g.z)
        return texture.snowed(g, mix(colour, pigment("#e8e4d8"), 0.85 * crossing), 0.45)

    parts: list[Drawable] = [*sky_parts(setting)]
    reach = 2.6
    parts.append(plane_layer(setting, ground, reach * 1.1, gloss=0.5 if wet else 0.0))
    made = rows(
        setting, 553, half, (0.09, 0.19), (0.13, 0.26), reach, mirrored=0.55 if wet else 0.0
    )
    parts.append(vista(setting, reach))
    for k, z in enumerate((1.05, 0.7, 0.46, 0.31, 0.21)):
        lamps = [
            Standing(
                street_lamp(),
                s * (kerb + 0.006),
                0.075,
                flip=s > 0,
                power=2.2,
                shadow=0.2,
                base=0.2,
            )
            for s in ((-1.0, 1.0) if k % 2 == 0 else (1.0, -1.0))
        ]
        made.append((z, [flat_layer(setting, z, lamps, mirrored=0.5 if wet else 0.0)]))
    if scene.neon:
        made += _signs(setting, half)
    elif rng.random() < 0.75:
        for k, z in enumerate((0.85, 0.55, 0.36)):
            side = kerb + 0.014
            made.append((z, [tree_row(setting, 560 + k, z, [-side, side], 0.06)]))
    return [*parts, *stacked(made), *_near_street(setting), *air_parts(setting)]


def _near_street(setting: Setting) -> list[Drawable]:
    rng = setting.rng(566)
    side = float(rng.choice([-1, 1]))
    if setting.scene.neon:
        pole = Drawing(
            '<rect x="26" width="10" height="400" fill="#14161a"/><rect x="26" width="3" '
            'height="400" fill="#3a4652"/><path d="M20 150 h70 v96 h-70 Z" fill="#15131a"/>',
            110,
            400,
            f'<rect x="24" y="155" width="62" height="86" rx="4" fill="none" '
            f'stroke="{facades.NEON[0]}" stroke-width="4"/>'
            + facades.glyphs(rng, 32, 172, 48, 20, facades.NEON[1])
            + facades.glyphs(rng, 32, 206, 48, 20, facades.NEON[3]),
        )
        return [framing_piece(setting, pole, side, 0.47, 0.95)]
    return [foreground.bough(setting)]


def _signs(setting: Setting, half: float) -> list[tuple[float, list[Drawable]]]:
    """Neon signs that stand out from the walls."""
    rng = setting.rng(557)
    made: list[tuple[float, list[Drawable]]] = []
    for z in (1.5, 1.1, 0.85, 0.66, 0.5, 0.4, 0.32, 0.26, 0.21, 0.17):
        items = []
        for side in (-1.0, 1.0):
            tall = float(rng.uniform(0.022, 0.045))
            lift = float(rng.uniform(0.032, 0.075))
            x = side * (half - float(rng.uniform(0.006, 0.016)))
            items.append(Standing(facades.neon_sign(rng), x, tall, lift, shadow=0.0, power=2.1))
        made.append(
            (z, [flat_layer(setting, z, items, mirrored=0.6 if is_wet(setting.scene) else 0.0)])
        )
    return made


def vista(setting: Setting, distance: float) -> Drawable:
    """What closes the street at its end."""
    rng = setting.rng(558)
    items = []
    for k in range(7):
        width, height = float(rng.uniform(150, 260)), float(rng.uniform(260, 620))
        drawing = facades.house(rng, width, height, lit=lit_share(setting.scene), shop=False)
        items.append(
            Standing(
                drawing,
                float((k - 3) * 0.17 + rng.normal(0, 0.03)),
                height / 10 * _METRE,
                shadow=0.0,
            )
        )
    return flat_layer(setting, distance, items)


def alley(setting: Setting) -> list[Drawable]:
    """A narrow way between brick walls, with washing lines, bins and one lamp."""
    scene, rng = setting.scene, setting.rng(571)
    texture = Texture(setting, 572)
    half = 0.024
    wet = is_wet(scene)

    def ground(g: PlanePoints) -> Colour:
        unit = 0.0036
        row = np.floor(g.z / unit)
        along = g.x / unit + 0.5 * (row % 2)
        chance = (np.sin(np.floor(along) * 127.1 + row * 311.7) * 43758.5453) % 1.0
        fade = g.fine(unit)
        stone = texture.stone(g, "#3c3834", "#6c665e", 0.002)
        stone = stone * (0.9 + 0.35 * (chance - 0.5) * fade)[..., None]
        joint = np.maximum(
            g.line((g.z / unit - np.round(g.z / unit)) * unit, unit * 0.06, True),
            g.line((along - np.round(along)) * unit, unit * 0.06),
        )
        stone = mix(stone, pigment("#1c1a18"), 0.7 * joint * fade)
        gutter = g.line(g.x, 0.0025)
        stone = mix(stone, pigment("#24221f"), 0.5 * gutter)
        return texture.snowed(g, stone * np.float32(0.65 if wet else 1.0), 0.4)

    parts: list[Drawable] = [*sky_parts(setting)]
    reach = 0.75
    parts.append(plane_layer(setting, ground, reach * 1.1, gloss=0.45 if wet else 0.0))
    parts.append(vista(setting, reach))
    made = rows(
        setting,
        573,
        half,
        (0.10, 0.15),
        (0.06, 0.12),
        reach,
        brick=True,
        shop=False,
        mirrored=0.5 if wet else 0.0,
    )
    for z in (0.5, 0.36, 0.26, 0.19):
        line = Standing(
            _washing(rng, half), 0.0, 0.020, float(rng.uniform(0.042, 0.07)), shadow=0.0
        )
        made.append((z, [flat_layer(setting, z, [line], sway=-0.0)]))
    side = float(rng.choice([-1, 1]))
    made.append(
        (
            0.30,
            [
                flat_layer(
                    setting, 0.30, [Standing(_bins(), side * (half - 0.006), 0.012, flip=side > 0)]
                )
            ],
        )
    )
    made.append(
        (
            0.17,
            [
                flat_layer(
                    setting,
                    0.17,
                    [
                        Standing(_bins(), -side * (half - 0.005), 0.011, flip=side < 0),
                        Standing(
                            _wall_lamp(),
                            side * (half - 0.003),
                            0.012,
                            0.036,
                            flip=side > 0,
                            shadow=0,
                            power=2.6,
                        ),
                    ],
                )
            ],
        )
    )
    if scene.neon:
        made += _signs(setting, half)
    return [*parts, *stacked(made), *air_parts(setting)]


def _washing(rng: np.random.Generator, half: float) -> Drawing:
    """A line with clothes across the alley."""
    width = 2 * half / _METRE * 10
    body = (
        f'<path d="M0 2 Q{width / 2:.1f} 14 {width:.1f} 2" fill="none" '
        'stroke="#2a2826" stroke-width=".8"/>'
    )
    codes = ("#d8d2c4", "#8a3f3a", "#3f5a7a", "#c9a05a", "#e8e4dc", "#5a7a5a")
    x = width * 0.12
    while x < width * 0.85:
        w, h = float(rng.uniform(3.5, 6)), float(rng.uniform(5, 10))
        t = x / width
        y = 2 + 24 * t * (1 - t)
        code = codes[int(rng.integers(len(codes)))]
        body += (
            f'<path d="M{x:.1f} {y:.1f} h{w:.1f} l.6 {h:.1f} q{-w / 2:.1f} '
            f'1.4 {-w - 1.2:.1f} 0 Z" fill="{code}"/>'
        )
        x += w + float(rng.uniform(0.5, 4))
    return Drawing(body, width, 20)


def _bins() -> Drawing:
    body = (
        '<path d="M6 24 h44 l-4 76 h-36 Z" fill="#3d5a48"/><rect x="2" y="14" width="52" '
        'height="11" rx="3" fill="#2c4436"/>'
        '<path d="M62 38 h38 l-3 62 h-32 Z" fill="#5c6064"/><ellipse cx="81" cy="37" rx="20" '
        'ry="5" fill="#7c8084"/><path d="M64 52 h34 M65 68 h32" stroke="#45494d" '
        'stroke-width="2.5"/><path d="M96 100 l6 -26 h22 l6 26 Z" fill="#8a6a44"/>'
        '<path d="M102 74 l4 -6 h14 l4 6 Z" fill="#a5835a"/>'
    )
    return Drawing(body, 132, 100)


def _wall_lamp() -> Drawing:
    body = (
        '<path d="M0 10 h24 v6 h-24 Z" fill="#22262a"/><path d="M18 16 h20 l6 26 h-32 Z" '
        'fill="#2c3036"/>'
    )
    glow = halo(28, 46, 52, "#ffc870", "w") + '<path d="M14 42 h28 l-4 6 h-20 Z" fill="#fff0c8"/>'
    return Drawing(body, 80, 100, glow)


def lamplit(scene: SceneDescription) -> Light:
    """The light of the open country, by night with that of lamps, windows and signs."""
    light = light_of(scene)
    if not light.dark:
        return light
    lamps = (
        pigment("#ff9ad8") * np.float32(0.10)
        if scene.neon
        else pigment("#ffc890") * np.float32(0.12)
    )
    return replace(light, ambient=np.asarray(light.ambient * np.float32(1.15) + lamps, np.float32))
