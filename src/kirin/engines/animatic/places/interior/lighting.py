"""The light in a room by time of day: daylight through the windows, and lamps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kirin.domain.intent import SceneDescription, Time, Weather
from kirin.engines.animatic.places.interior.furnishing import Measures
from kirin.engines.animatic.places.interior.plan import RoomPlan
from kirin.engines.animatic.places.interior.tracing import Table
from kirin.engines.animatic.scene.colour import pigment
from kirin.engines.animatic.scene.light import Light, light_of

_WARM = pigment("#ffcf94")
_DAYLIGHT = {
    Time.DAWN: ("#ffe0c4", 0.75),
    Time.DAY: ("#f4f8ff", 1.0),
    Time.SUNSET: ("#ffc898", 0.8),
    Time.DUSK: ("#8f9cd0", 0.22),
    Time.NIGHT: ("#5a74b0", 0.05),
}
_SUNLIGHT = {
    Time.DAWN: ("#ffcf9c", 1.5),
    Time.DAY: ("#fff0d4", 2.3),
    Time.SUNSET: ("#ff9a54", 2.0),
}


def room_light(scene: SceneDescription, plan: RoomPlan) -> Light:
    """The light on what stands in a room; the sky is that outside."""
    outside = light_of(scene)
    tint, strength = _DAYLIGHT[scene.time]
    day = pigment(tint)
    lamp = max(plan.day, 1.0 if outside.dark else 0.0)
    share = np.float32(strength if plan.windows else 0.0)
    mixed = (day * share + _WARM * np.float32(lamp)) / np.float32(share + lamp + 1e-3)
    level = plan.bright[1 if outside.dark else 0] / 0.95
    return replace(
        outside,
        key=mixed * np.float32(1.25 * level),
        ambient=pigment(plan.ambient) * np.float32(0.72 * level),
        haze=0.0,
        height=0.75,
    )


def window_rows(plan: RoomPlan, size: Measures, flip: float) -> Table:
    """The windows: wall (0 back, 1 left, 2 right), low and high along it and upwards, bars."""
    rows = []
    for text in plan.windows:
        wall, *rest = text.split()
        along, y, width, height, bars = (float(word) for word in rest)
        if wall == "back":
            middle = flip * along * size.half
            width = min(width, 1.5 * size.half)
            rows.append([0, middle - width / 2, middle + width / 2, y, y + height, bars])
            continue
        number = {"left": 1, "right": 2}[wall]
        if flip < 0:
            number = 3 - number
        middle = size.deep - along
        rows.append([number, middle - width / 2, middle + width / 2, y, y + height, bars])
    return np.array(rows, np.float32).reshape(-1, 6)


def lamp_rows(
    plan: RoomPlan, size: Measures, scene: SceneDescription, windows: Table, flip: float
) -> Table:
    """Everything that shines: windows by day, and lamps."""
    rows = []
    tint, strength = _DAYLIGHT[scene.time]
    cloudy = 0.75 if scene.weather is not Weather.CLEAR else 1.0
    for wall, low, high, bottom, top, _ in windows:
        middle, up = (low + high) / 2, (bottom + top) / 2
        across, rise = (high - low) / 2, (top - bottom) / 2
        radiance = pigment(tint) * np.float32(strength * cloudy)
        if wall == 0:
            place = [middle, up, size.deep - 0.02, -across, 0, 0, 0, rise, 0]
        else:
            sign = -1.0 if wall == 1 else 1.0
            place = [sign * (size.half - 0.02), up, middle, 0, 0, across * sign, 0, rise, 0]
        rows.append([*place, *radiance, 0, 0])
    dark = scene.time in (Time.NIGHT, Time.DUSK)
    level = 1.0 if dark else plan.day
    if level > 0:
        for text in plan.lamps:
            *numbers, colour = text.split()
            a, b, y, width, depth, power = (float(word) for word in numbers)
            x, z = flip * a * size.half, size.deep - b
            radiance = pigment(colour) * np.float32(power * level)
            y = size.ceiling + y if y <= 0 else y
            bulb = depth == 0
            edge = [width / 2, 0, 0, 0, 0, (width if bulb else depth) / 2]
            rows.append([x, y, z, *edge, *radiance, float(bulb), 0])
    return np.array(rows, np.float32).reshape(-1, 14)


def sun_row(scene: SceneDescription, windows: Table, rng: np.random.Generator) -> Table:
    """Direction to the sun, so that it shines through the first window, and its irradiance."""
    sun = np.zeros(6, np.float32)
    if scene.time not in _SUNLIGHT or not len(windows):
        return sun
    if scene.weather is not Weather.CLEAR:
        return sun
    tint, strength = _SUNLIGHT[scene.time]
    low = 0.34 if scene.time is not Time.DAY else 0.75
    rise, side = low * rng.uniform(0.85, 1.15), rng.uniform(0.25, 0.55) * rng.choice([-1, 1])
    wall = int(windows[0, 0])
    way = [side, rise, 1.0] if wall == 0 else [-1.0 if wall == 1 else 1.0, rise, abs(side)]
    sun[:3] = np.array(way) / np.linalg.norm(way)
    sun[3:] = pigment(tint) * np.float32(strength)
    return sun


def sky_rows(light: Light) -> Table:
    """Radiance of the sky by height, 64 rows from straight down to straight up."""
    rise = np.linspace(-1.0, 1.0, 64, dtype=np.float32)
    sky = light.sky(np.zeros_like(rise), np.maximum(rise, 0.02) * 1.2)
    ground = light.ambient * np.float32(0.25)
    sky[rise < 0] = sky[rise < 0] * 0.35 + ground
    return np.asarray(sky, np.float32)
