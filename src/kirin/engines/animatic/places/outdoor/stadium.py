"""A stadium: the pitch, its light, and what stands around it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kirin.domain.intent import SceneDescription
from kirin.engines.animatic.places.outdoor.flat import Standing, flat_layer
from kirin.engines.animatic.places.outdoor.plane import PlanePoints, Texture, plane_layer
from kirin.engines.animatic.places.outdoor.stands import floodlight, goal, stand
from kirin.engines.animatic.scene.assembly import Drawable, air_parts, sky_parts
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.light import Light, light_of
from kirin.engines.animatic.scene.noise import smoothstep
from kirin.engines.animatic.scene.setting import Setting


def stadium(setting: Setting) -> list[Drawable]:
    """A pitch with mown stripes and lines, a goal, stands full of people, and floodlights."""
    texture = Texture(setting, 592)
    end, wide = 1.05, 0.36

    def pitch(g: PlanePoints) -> Colour:
        stripe = (np.mod(g.z * 100, 14.0) < 7.0).astype(np.float32)
        grass = texture.grass(g, "#2f6a26", "#4f9436")
        grass = grass * (0.86 + 0.28 * stripe)[..., None]
        x, z = np.abs(g.x), g.z
        w = 0.0008
        lines = g.line(z - (end - 0.06), w, True) * (x < wide)
        lines = np.maximum(lines, g.line(x - wide, w) * (z < end - 0.06))
        for half_, deep in ((0.20, 0.165), (0.092, 0.055)):
            lines = np.maximum(
                lines, g.line(x - half_, w) * (z > end - 0.06 - deep) * (z < end - 0.06)
            )
            lines = np.maximum(lines, g.line(z - (end - 0.06 - deep), w, True) * (x < half_))
        centre = np.hypot(g.x, z - 0.33)
        lines = np.maximum(lines, g.line(centre - 0.0915, w))
        lines = np.maximum(lines, g.line(z - 0.33, w, True))
        spot = (centre < 0.002).astype(np.float32)
        track = smoothstep(wide + 0.02, wide + 0.022, x) + smoothstep(end - 0.03, end - 0.028, z)
        colour = mix(grass, pigment("#f2f4ee"), np.clip(np.maximum(lines, spot), 0, 1) * 0.9)
        ring = texture.stone(g, "#8a4434", "#a8584a", 0.004)
        return texture.snowed(g, mix(colour, ring, np.clip(track, 0, 1)), 0.5)

    dark = setting.light.dark
    parts: list[Drawable] = [*sky_parts(setting)]
    lights = [
        Standing(floodlight(), x, 0.52, flip=x > 0, shadow=0.0, power=3.0 if dark else 0.9)
        for x in (-0.62, 0.62)
    ]
    parts.append(flat_layer(setting, 1.55, lights))
    parts.append(stand(setting, 593, 1.25))
    parts.append(plane_layer(setting, pitch, 1.25))
    parts.extend(
        stand(setting, 594 + k, z, side=s)
        for k, (z, s) in enumerate(((0.95, -1.0), (0.95, 1.0), (0.55, -1.0), (0.55, 1.0)))
    )
    parts.append(flat_layer(setting, end - 0.06, [Standing(goal(), 0.0, 0.026, shadow=0.0)]))
    return [*parts, *air_parts(setting)]


def floodlit(scene: SceneDescription) -> Light:
    """The light of the open country, by night with that of floodlights."""
    light = light_of(scene)
    if not light.dark:
        return light
    white = pigment("#f2f4ff")
    return replace(
        light,
        ambient=np.asarray(light.ambient + white * np.float32(0.45), np.float32),
        key=np.asarray(light.key + white * np.float32(0.7), np.float32),
    )
