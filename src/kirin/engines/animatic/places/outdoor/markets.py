"""A market between the houses of a square."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.places.outdoor.flat import Standing, flat_layer, framing_piece
from kirin.engines.animatic.places.outdoor.plane import PlanePoints, Texture, plane_layer
from kirin.engines.animatic.places.outdoor.stalls import bunting, lanterns, stall
from kirin.engines.animatic.places.outdoor.town import rows, stacked, vista
from kirin.engines.animatic.scene.assembly import Drawable, air_parts, sky_parts
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.setting import Setting


def market(setting: Setting) -> list[Drawable]:
    """Stalls with striped awnings and produce at both sides, bunting or lanterns above."""
    scene, rng = setting.scene, setting.rng(581)
    texture = Texture(setting, 582)

    def ground(g: PlanePoints) -> Colour:
        unit = 0.007
        row, column = np.floor(g.z / unit), np.floor(g.x / unit)
        chance = (np.sin(column * 127.1 + row * 311.7) * 43758.5453) % 1.0
        fade = g.fine(unit)
        stone = texture.stone(g, "#8a7c6a", "#b8a890", 0.003)
        stone = stone * (1.0 + 0.3 * (chance - 0.5) * fade)[..., None]
        joint = np.maximum(
            g.line((g.z / unit - np.round(g.z / unit)) * unit, unit * 0.04, True),
            g.line((g.x / unit - np.round(g.x / unit)) * unit, unit * 0.04),
        )
        return texture.snowed(g, mix(stone, pigment("#4a4238"), 0.6 * joint * fade), 0.45)

    parts: list[Drawable] = [*sky_parts(setting)]
    parts.append(plane_layer(setting, ground, 1.6))
    made = rows(setting, 583, 0.13, (0.08, 0.13), (0.14, 0.24), 1.4, shop=False)
    parts.append(vista(setting, 1.4))
    on = setting.light.dark
    for k, z in enumerate((0.95, 0.74, 0.58, 0.45, 0.345, 0.26, 0.19, 0.14)):
        items = []
        for side in (-1.0, 1.0):
            x = side * float(rng.uniform(0.031, 0.036))
            items.append(Standing(stall(rng, on), x, 0.031, flip=side > 0, shadow=0.6))
            if k % 2:
                items.append(Standing(stall(rng, on), side * 0.072, 0.031, shadow=0.6))
        made.append((z, [flat_layer(setting, z, items)]))
    for z in (0.66, 0.44, 0.30, 0.20):
        across = lanterns(rng) if on or scene.neon else bunting(rng)
        item = Standing(across, 0.0, 0.022, 0.036, shadow=0.0, power=2.2)
        made.append((z, [flat_layer(setting, z, [item])]))
    front = framing_piece(setting, stall(rng, on), float(rng.choice([-1, 1])), 0.57, 0.84)
    return [*parts, *stacked(made), front, *air_parts(setting)]
