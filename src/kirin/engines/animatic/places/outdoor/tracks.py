"""A road through the country or a desert."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kirin.domain.intent import Terrain
from kirin.engines.animatic.places.outdoor.country import boulder, hills, tree_row
from kirin.engines.animatic.places.outdoor.flat import Drawing, Standing, flat_layer
from kirin.engines.animatic.places.outdoor.nature import TURF, apart
from kirin.engines.animatic.places.outdoor.plane import PlanePoints, Texture, plane_layer
from kirin.engines.animatic.scene import foreground
from kirin.engines.animatic.scene.assembly import Drawable, air_parts, sky_parts
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Depth
from kirin.engines.animatic.scene.noise import Field, smoothstep
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.strokes import Strokes, paint_strokes, strokes


def road(setting: Setting) -> list[Drawable]:  # noqa: PLR0915  # a list of what stands there
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
        land = mix(
            land,
            gravel,
            smoothstep(half + 0.014, half + 0.006, side + 0.004 * texture.at(g, 0.02, 3)),
        )
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
            tree_row(
                setting,
                603,
                3.6,
                rng.uniform(-3.6, 3.6, 60).tolist(),
                0.15,
                "pine" if pines else "broad",
            )
        )
    parts.append(plane_layer(setting, ground, 12.0))
    side = float(rng.choice([-1, 1]))
    for k, z in enumerate((1.7, 1.1, 0.72, 0.47, 0.31)):
        x = side * 0.085 + float(centre(np.full((1, 1), z, np.float32))[0, 0])
        if not desert and k > 0:
            row = [-side * (0.10 + 0.03 * k), side * (0.16 + 0.03 * k), -side * 0.22]
            parts.append(
                tree_row(setting, 604 + k, z * 1.06, row, 0.09, "pine" if pines else "broad")
            )
        pole = Standing(_pole(), x, 0.088, shadow=0.2, base=0.3)
        parts.append(flat_layer(setting, z, [pole]))
        if k:
            before = (1.7, 1.1, 0.72, 0.47, 0.31)[k - 1]
            parts.append(_wires(setting, side, centre, z, before))
    if desert:
        stones = [boulder(rng, "#6a4428", "#a8744a", "#d8a878") for _ in range(3)]
        parts.extend(
            flat_layer(
                setting,
                z,
                [
                    Standing(stones[k % 3], x, float(rng.uniform(0.006, 0.02)))
                    for k, x in enumerate(apart(rng, 0.075, 0.075 + z * 0.5, 5))
                ],
            )
            for z in (0.5, 0.24)
        )
    marks = [Standing(_marker(), s * (half + 0.008), 0.009, shadow=0.3) for s in (-1.0, 1.0)]
    for z in (0.62, 0.38, 0.22):
        shift = float(centre(np.full((1, 1), z, np.float32))[0, 0])
        parts.append(
            flat_layer(
                setting, z, [Standing(m.drawing, m.x + shift, m.tall, shadow=0.3) for m in marks]
            )
        )
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


def _wires(
    setting: Setting, side: float, centre: Callable[[Field], Field], near: float, far: float
) -> SceneLayer:
    """Wires from one pole to the next."""
    eye, lens, light = setting.eye, setting.lens, setting.light
    middle = float(np.sqrt(near * far))
    depth = Depth(eye.reference / middle, eye.reference / middle)
    patch = lens.patch(depth, eye.row(near, 0.09), eye.row(near, 0.04))
    tint = light.ambient * np.float32(0.12)
    z = np.geomspace(near, far, 40)
    t = np.linspace(0, 1, 40)
    shift = centre(z.astype(np.float32)[None])[0]
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
        'fill="#22242a"/><rect x="6" y="20" width="5" height="11" fill="#e8702a"/>',
        18,
        90,
    )
