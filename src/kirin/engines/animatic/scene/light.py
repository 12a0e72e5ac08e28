"""The light of a scene: sun or moon, sky colours and haze, by time of day and weather."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kirin.domain.intent import Extra, SceneDescription, Terrain, Time, Weather
from kirin.engines.animatic.scene.colour import Colour, grey, ink, mix, pigment
from kirin.engines.animatic.scene.noise import Field


@dataclass(frozen=True, slots=True)
class Light:
    """The lighting of a scene. Colours are linear light.

    Attributes:
        zenith, middle, horizon: the sky from top to bottom.
        glow: the sky around the sun or the moon.
        key: direct light of the sun or the moon.
        ambient: light of the sky on the ground.
        cloud_lit, cloud_shade: bright and dark sides of clouds.
        side: position of the sun or the moon, in focal lengths right of the centre.
        height: its height above the horizon in focal lengths.
        haze: density of the air: 0 hides nothing, 1 all but the nearest.
        cover: share of the sky covered by clouds, 0 to 1.
        dark: whether it is dark enough for lamps.
        moon: whether the light source is the moon.
    """

    zenith: Colour
    middle: Colour
    horizon: Colour
    glow: Colour
    key: Colour
    ambient: Colour
    cloud_lit: Colour
    cloud_shade: Colour
    side: float
    height: float
    haze: float
    cover: float
    dark: bool
    moon: bool

    def sky(self, across: Field, up: Field) -> Colour:
        """Colour of the clear sky, by position in focal lengths from the horizon's centre."""
        rise = np.clip(up, 0.0, 1.5)
        low = 1.0 - np.exp(-rise * 5.5)
        high = 1.0 - np.exp(-np.maximum(rise - 0.05, 0.0) * 2.0)
        colour = mix(mix(self.horizon, self.middle, low), self.zenith, high)
        dx, dy = across - self.side, (up - self.height) * 1.5
        distance = np.sqrt(dx * dx + dy * dy)
        # The glow extends along the horizon, where the optical path is longest.
        band = np.exp(-np.abs(dx) * 1.3) * np.exp(-np.maximum(up, 0.0) * 6.0)
        near = np.exp(-distance * 4.5)
        return mix(colour, self.glow, np.clip(0.55 * band + 0.75 * near, 0.0, 1.0))

    def air(self, across: Field) -> Colour:
        """Colour of the haze in front of the far landscape."""
        return self.sky(across, np.full_like(across, 0.035))


_BY_TIME: dict[Time, tuple[str, str, str, str, str, float, str, float, str, str]] = {
    # zenith, middle, horizon, glow, key, its strength, ambient, its strength, clouds lit, shade
    Time.DAWN: (
        "#4a6390",
        "#9a9dba",
        "#f0bfa0",
        "#ffdfae",
        "#ffc9a0",
        2.3,
        "#9aa0c4",
        0.95,
        "#ffd2b0",
        "#7f84a6",
    ),
    Time.DAY: (
        "#2a62a8",
        "#6ea3d4",
        "#c9dfec",
        "#f2f4ee",
        "#fff1dc",
        2.7,
        "#a9c0e0",
        0.95,
        "#fdfbf6",
        "#93a5bd",
    ),
    Time.SUNSET: (
        "#34406f",
        "#a3667d",
        "#f79a55",
        "#ffd27c",
        "#ffb070",
        2.4,
        "#9a86a6",
        0.75,
        "#ffa86a",
        "#6a5575",
    ),
    Time.DUSK: (
        "#141d42",
        "#3d4a7c",
        "#bd7f80",
        "#eaa37c",
        "#a08fb8",
        0.45,
        "#6a78a8",
        0.55,
        "#8a769c",
        "#2b3358",
    ),
    Time.NIGHT: (
        "#050916",
        "#0c1630",
        "#1e2f52",
        "#5d769c",
        "#9ab4e0",
        0.40,
        "#40568a",
        0.34,
        "#2a3a5c",
        "#0c1426",
    ),
}


def light_of(scene: SceneDescription) -> Light:
    """The lighting of a scene; the sun's position depends on its variety."""
    rng = np.random.default_rng([scene.variety, 2])
    zenith, middle, horizon, glow, key, strength, ambient, fill, lit, shade = _BY_TIME[scene.time]
    low = scene.time in (Time.DAWN, Time.SUNSET)
    moon = scene.time in (Time.NIGHT, Time.DUSK) and Extra.MOON in scene.extras
    side = float(rng.uniform(0.06, 0.40) * rng.choice([-1.0, 1.0]))
    height = float(rng.uniform(0.05, 0.10)) if low else float(rng.uniform(0.7, 0.9))
    # Before what only some times of day draw: the same clouds at each of them.
    cover = float(rng.uniform(0.30, 0.48))
    if scene.time is Time.DUSK:
        height = -0.03  # just below the horizon
    if moon:
        height = float(rng.uniform(0.22, 0.30))
    light = Light(
        zenith=ink(zenith),
        middle=ink(middle),
        horizon=ink(horizon),
        glow=ink(glow) if scene.time is not Time.NIGHT or moon else ink("#22355a"),
        key=pigment(key) * np.float32(strength),
        ambient=pigment(ambient) * np.float32(fill),
        cloud_lit=ink(lit),
        cloud_shade=ink(shade),
        side=side,
        height=height,
        haze=0.45,
        cover=cover,
        dark=scene.time in (Time.NIGHT, Time.DUSK),
        moon=moon,
    )
    if scene.terrain is Terrain.CITY and light.dark:
        # Light pollution above a city.
        light = replace(
            light,
            horizon=mix(light.horizon, ink("#7a5650"), 0.55),
            middle=mix(light.middle, ink("#2c2b45"), 0.6),
            ambient=light.ambient * np.float32(1.8),
        )
    if scene.terrain is Terrain.DESERT and scene.time is Time.DAY:
        light = replace(light, horizon=mix(light.horizon, ink("#ead9bd"), 0.6), cover=0.22)
    return _weathered(light, scene)


# Effects of weather: saturation removed, brightness factor, haze, cloud cover, key factor.
_BY_WEATHER: dict[Weather, tuple[float, float, float, float, float]] = {
    Weather.CLEAR: (0.0, 1.0, 0.45, 0.0, 1.0),
    Weather.CLOUDY: (0.30, 0.75, 0.55, 0.68, 0.45),
    Weather.RAIN: (0.80, 0.36, 0.72, 0.95, 0.16),
    Weather.SNOW: (0.78, 0.95, 0.78, 0.95, 0.25),
    Weather.FOG: (0.50, 0.92, 0.84, 0.60, 0.25),
    Weather.STORM: (0.85, 0.15, 0.66, 1.00, 0.10),
}


def _weathered(light: Light, scene: SceneDescription) -> Light:
    pale, bright, haze, cover, key = _BY_WEATHER[scene.weather]
    if Extra.CLOUDS in scene.extras:
        cover = max(cover, 0.58)
    if Extra.MIST in scene.extras:
        haze = max(haze, 0.72)
    # Weather darkens a night less, or nothing would remain visible.
    dim = np.float32(bright if not light.dark else 1.0 - 0.35 * (1.0 - bright))

    slate = ink("#6c7f92")
    slate = slate / np.float32(slate @ np.array([0.2126, 0.7152, 0.0722], np.float32))

    def sky(colour: Colour, extra: float = 0.0) -> Colour:
        pallid = grey(colour, min(1.0, pale + extra))
        if scene.weather in (Weather.STORM, Weather.RAIN):
            # Rain clouds are slate whatever the hour: a red sky is no storm.
            luma = pallid @ np.array([0.2126, 0.7152, 0.0722], np.float32)
            pallid = mix(pallid, slate * luma, 0.7 if scene.weather is Weather.STORM else 0.5)
        return np.asarray(pallid * dim, np.float32)

    veil = scene.weather in (Weather.RAIN, Weather.SNOW, Weather.FOG, Weather.STORM)
    return replace(
        light,
        # Under an overcast sky the zenith is as pale as the rest.
        zenith=sky(mix(light.zenith, light.middle, 0.55 if veil else 0.0)),
        middle=sky(mix(light.middle, light.horizon, 0.30 if veil else 0.0)),
        horizon=sky(light.horizon),
        glow=sky(light.glow, 0.0) if not veil else sky(mix(light.horizon, light.glow, 0.35)),
        key=(grey(light.key, 0.7) if scene.weather is Weather.STORM else light.key)
        * np.float32(key),
        ambient=sky(light.ambient) * np.float32(1.25 if veil else 1.0),
        cloud_lit=sky(light.cloud_lit) * np.float32(0.75 if veil else 1.0),
        cloud_shade=sky(light.cloud_shade) * np.float32(0.8 if veil else 1.0),
        haze=haze,
        cover=max(cover, light.cover),
    )
