"""Sets that few have seen: the sky among clouds, a planet, a cave and a reef under water."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kirin.domain.intent import SceneDescription, Time, Weather
from kirin.engines.animatic.places.outdoor import undersea
from kirin.engines.animatic.places.outdoor.cavern import crystals, mouth, walls
from kirin.engines.animatic.places.outdoor.clouds import bank
from kirin.engines.animatic.places.outdoor.country import boulder
from kirin.engines.animatic.places.outdoor.flat import Standing, flat_layer
from kirin.engines.animatic.places.outdoor.nature import apart
from kirin.engines.animatic.places.outdoor.plane import PlanePoints, Texture, plane_layer
from kirin.engines.animatic.places.outdoor.shafts import Shafts
from kirin.engines.animatic.scene import foreground
from kirin.engines.animatic.scene.assembly import Drawable, air_parts, sky_parts
from kirin.engines.animatic.scene.colour import Colour, Paint, ink, mix, pigment
from kirin.engines.animatic.scene.landscape import Landscape
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import DEEP
from kirin.engines.animatic.scene.light import Light, light_of
from kirin.engines.animatic.scene.noise import smoothstep
from kirin.engines.animatic.scene.points import Stars
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.space import paint_planet
from kirin.engines.animatic.scene.terrain import REACH, Stretch, land_layer


def sky(setting: Setting) -> list[Drawable]:
    """Above the clouds: heaps of them at several depths, and more passing in front."""
    parts: list[Drawable] = [*sky_parts(setting)]
    for k, (disparity, row) in enumerate(
        ((0.04, 0.00), (0.10, 0.07), (0.20, 0.16), (0.34, 0.27), (0.55, 0.38), (0.85, 0.50))
    ):
        parts.append(bank(setting, 641 + k, disparity, row))
    parts.append(bank(setting, 648, 1.2, 0.62, sides=True))
    return [*parts, *air_parts(setting)]


# Worlds: ground dark and bright, sky at the zenith and the horizon, haze of light.
_WORLDS = (
    ("#6a2f1c", "#c4693a", "#6b4a44", "#e0a878"),
    ("#4a4a52", "#9a9aa2", "#04050a", "#101420"),
    ("#24384a", "#6a8a94", "#142a44", "#5a9aa8"),
    ("#4a2f52", "#a06a94", "#1c1236", "#c47a9a"),
    ("#5a5228", "#b8a456", "#3a4a3a", "#c8c88a"),
)


def world(scene: SceneDescription) -> tuple[str, str, str, str]:
    """Colours of a planet by the variety of the scene."""
    rng = np.random.default_rng([scene.variety, 651])
    return _WORLDS[int(rng.integers(len(_WORLDS)))]


def planet_light(scene: SceneDescription) -> Light:
    """A small hard sun in a thin, coloured air."""
    light = light_of(scene)
    _, _, zenith, horizon = world(scene)
    dim = {Time.NIGHT: 0.12, Time.DUSK: 0.35}.get(scene.time, 1.0)
    top, low = ink(zenith) * np.float32(dim), ink(horizon) * np.float32(dim)
    return replace(
        light,
        zenith=top,
        middle=mix(top, low, 0.35),
        horizon=low,
        glow=mix(low, ink("#fff0d8") * np.float32(dim), 0.35),
        key=pigment("#fff0dc") * np.float32(2.3 * max(dim, 0.22)),
        ambient=mix(pigment("#b0b0c0"), np.asarray(low, np.float32), 0.4)
        * np.float32(0.55 * max(dim, 0.4)),
        haze=0.42,
    )


def planet_surface(setting: Setting) -> list[Drawable]:
    """Regolith with craters and rocks under a sky with another planet in it."""
    scene, rng, lens = setting.scene, setting.rng(652), setting.lens
    light, eye = setting.light, setting.eye
    dark, bright, zenith, _ = world(scene)
    texture = Texture(setting, 653)
    patch = lens.patch(DEEP, -np.inf, np.inf, coarse=2.0)
    up = (eye.horizon - patch.y()) / eye.focal
    across = np.broadcast_to(patch.x() / eye.focal, (patch.height, patch.width))
    rgb = light.sky(
        np.ascontiguousarray(across), np.ascontiguousarray(np.broadcast_to(up, across.shape))
    )
    parts: list[Drawable] = [SceneLayer(Paint(rgb), patch, DEEP, exact=True)]
    density = 2.5 if light.dark or zenith == "#04050a" else 0.5
    parts.append(Stars(setting.rng(654), lens, eye.horizon, density))
    side = -float(np.sign(light.side))
    radius = float(rng.uniform(0.12, 0.24)) * lens.height
    x, y = side * float(rng.uniform(0.14, 0.30)) * lens.width, -float(rng.uniform(0.20, 0.34)) * lens.height
    reach = 2.7 * radius
    disc = lens.patch(DEEP, y - reach, y + reach)
    paint = paint_planet(scene, disc, x, y, radius, ring=True)
    assert paint.alpha is not None
    # Air in front of it.
    veil = light.sky(
        np.ascontiguousarray(np.broadcast_to(disc.x() / eye.focal, paint.alpha.shape)),
        np.ascontiguousarray(
            np.broadcast_to((eye.horizon - disc.y()) / eye.focal, paint.alpha.shape)
        ),
    )
    paint.rgb = mix(paint.rgb, veil, 0.12 if zenith == "#04050a" else 0.40)
    parts.append(SceneLayer(paint, disc, DEEP))
    land = Landscape(replace(scene, season=scene.season, weather=Weather.CLEAR), None)
    codes = pigment(dark), pigment(bright)

    def heights(px: np.ndarray, pz: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        return np.asarray(land.peaks(px, pz) * 0.62 * smoothstep(4.0, 9.0, pz) - 0.002, np.float32)

    def rock(g: object) -> Colour:
        tone = np.clip(0.5 + 0.45 * np.sin(g.height * 9.0) * 0.3 + 0.2 * g.up, 0, 1)  # type: ignore[attr-defined]
        return mix(codes[0], codes[1], tone)

    for near, far in ((18.0, REACH), (5.0, 18.0)):
        parts.append(land_layer(heights, rock, eye, light, lens, Stretch(near, far, mist=0.2)))  # type: ignore[arg-type]

    pits = [
        (float(rng.uniform(-0.5, 0.5)) * z * 2, z, float(rng.uniform(0.008, 0.03)) * (1 + 2 * z))
        for z in rng.uniform(0.10, 1.6, 26).tolist()
    ]

    def regolith(g: PlanePoints) -> Colour:
        tone = 0.5 + 0.45 * texture.at(g, 0.12, 4) + 0.35 * texture.at(g, 0.006, 4)
        shade = np.ones_like(g.z)
        for px, pz, size in pits:
            dx, dz = (g.x - px) / size, (g.z - pz) / size
            r = np.hypot(dx, dz)
            bowl = smoothstep(1.0, 0.55, r)
            rim = np.exp(-(((r - 1.05) / 0.16) ** 2))
            facing = np.sign(light.side) * dx - 0.5 * dz
            shade += rim * (0.30 + 0.35 * facing) - bowl * (0.42 - 0.30 * facing)
        colour = mix(codes[0], codes[1], np.clip(tone, 0, 1))
        return np.asarray(colour * np.clip(shade, 0.15, 1.7)[..., None], np.float32)

    parts.append(plane_layer(setting, regolith, 6.0))
    base = [boulder(rng, dark, _between(dark, bright), bright) for _ in range(4)]
    for z, tall in ((0.7, 0.05), (0.36, 0.028), (0.2, 0.012)):
        items = [
            Standing(base[k % 4], px, float(rng.uniform(0.3, 1.0)) * tall, shadow=0.7)
            for k, px in enumerate(apart(rng, 0.05 + 0.06 * z, 0.05 + 0.75 * z, 7))
        ]
        parts.append(flat_layer(setting, z, items))
    parts.append(foreground.rocks(setting, (dark, bright)))
    return parts


def _between(a: str, b: str) -> str:
    pairs = ((int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{(x + y) // 2:02x}" for x, y in pairs)


def cave_light(scene: SceneDescription) -> Light:
    """Dim light from the mouth of the cave."""
    light = light_of(scene)
    dim = 0.35 if light.dark else 1.0
    return replace(
        light,
        key=light.key * np.float32(0.25),
        ambient=pigment("#a4a8b4") * np.float32(0.95 * max(dim, 0.55)),
        haze=max(light.haze, 0.6),
        dark=True,
    )


def cave(setting: Setting) -> list[Drawable]:
    """A cavern with an opening to the light, dripstones, crystals and a glimmering floor."""
    texture = Texture(setting, 662)

    def floor(g: PlanePoints) -> Colour:
        stone = texture.stone(g, "#2c2724", "#6e6258", 0.006)
        lumps = texture.at(g, 0.03, 4)
        # Light falls in from the mouth.
        beam = np.exp(-((g.x / (0.03 + 0.16 * g.z)) ** 2)) * smoothstep(0.05, 0.6, g.z)
        pool = smoothstep(0.10, 0.30, texture.at(g, 0.09, 2) - 0.05)
        colour = stone * (1.0 + 0.5 * lumps + 1.6 * beam)[..., None]
        return mix(np.asarray(colour, np.float32), pigment("#3f6a78"), 0.55 * pool)

    parts: list[Drawable] = [*sky_parts(setting)]
    parts.append(plane_layer(setting, floor, 0.9))
    parts.append(mouth(setting, 663, 0.80))
    rims = (0.52, 0.34, 0.23, 0.13)
    for k, z in enumerate(rims[:3]):
        parts.append(walls(setting, 664 + k, z))
        if k:
            parts.append(crystals(setting, 670 + k, z * 0.96, rims[k + 1]))
    parts.append(walls(setting, 668, rims[3], near=1.12))
    return parts


def reef_light(scene: SceneDescription) -> Light:
    """Blue-green light from the surface."""
    light = light_of(scene)
    dim = np.float32({Time.NIGHT: 0.16, Time.DUSK: 0.4}.get(scene.time, 1.0))
    low = 1.0 if scene.weather in (Weather.CLEAR, Weather.CLOUDY) else 0.75
    return replace(
        light,
        zenith=ink("#5cc8dc") * dim,
        middle=ink("#2a90b4") * dim,
        horizon=ink("#1c6c94") * dim,
        glow=ink("#8fe6ee") * dim,
        key=pigment("#d8fff4") * (np.float32(1.5 * low) * max(dim, np.float32(0.3))),
        ambient=pigment("#8cd0e0") * (np.float32(0.75) * max(dim, np.float32(0.3))),
        haze=0.9,
        dark=False,
        moon=False,
    )


def reef(setting: Setting) -> list[Drawable]:
    """Under water: rays from the surface, sand with caustics, corals and kelp."""
    rng = setting.rng(681)
    texture = Texture(setting, 682)
    parts: list[Drawable] = [undersea.water(setting)]
    parts.append(undersea.ridge(setting, 683, 0.95))
    parts.append(undersea.ridge(setting, 684, 0.55))

    def sand(g: PlanePoints) -> Colour:
        ripple = np.sin(g.z * 260 + 4 * texture.at(g, 0.05, 3)) * g.fine(0.02)
        tone = np.clip(0.6 + 0.12 * ripple + 0.3 * texture.at(g, 0.06, 4), 0, 1)
        colour = mix(pigment("#8f8f78"), pigment("#f0e6c4"), tone)
        return np.asarray(colour * np.float32(0.9), np.float32)

    parts.append(undersea.seabed(setting, sand))
    for k, (z, gap) in enumerate(((0.50, 0.10), (0.34, 0.07), (0.23, 0.055), (0.16, 0.045))):
        items = []
        for x in apart(rng, gap, gap + z * 0.62, 9 - k):
            drawing = undersea.coral(rng)
            items.append(Standing(drawing, x, float(rng.uniform(0.014, 0.036)), shadow=0.45))
        parts.append(flat_layer(setting, z, items, sway=0.0))
        if k in (0, 2):
            parts.append(undersea.kelp(setting, 690 + k, z * 0.95, apart(rng, gap * 1.3, gap + z * 0.5, 6)))
    parts.append(Shafts(setting, 26.0))
    parts.append(undersea.near_coral(setting))
    parts.append(undersea.Bubbles(setting))
    return parts

