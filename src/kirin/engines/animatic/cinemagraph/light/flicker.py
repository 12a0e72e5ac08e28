"""How lamps flicker: a broken lamp, a candle; never so that it could harm.

WCAG 2.3.1 allows three flashes within any second, a flash being a pair of opposing changes of
relative luminance by a tenth or more. Both kinds keep to it by themselves, whatever the area.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from kirin.engines.animatic.camera.framing import Floats

FLASHES = 2.5
"""Outages a second at most: below the three of WCAG 2.3.1."""

_CALM = (0.5, 2.2)  # seconds between two outages of a broken lamp
_OUT = (0.08, 0.3)  # seconds that an outage lasts
_DIP = (0.45, 0.9)  # of the light that an outage takes
_RAMP = 0.06  # seconds: glow of the filament, of the phosphor
_DRAUGHT = 1.6  # hertz: where the spectrum of a flame's light falls off
_FLAME = 0.09  # standard deviation of a flame's light


def broken_lamp(count: int, fps: float, seed: int) -> Floats:
    """Light of a lamp with a loose contact, per frame: 1 is its full light.

    Outages come at random, in no rhythm, some of them in pairs.
    """
    rng = np.random.default_rng(seed)
    times = np.arange(count) / fps
    light = np.ones(count)
    at = float(rng.uniform(0.25, 0.6))
    while at < count / fps:
        lasts, dip = rng.uniform(*_OUT), rng.uniform(*_DIP)
        edge = np.minimum(times - at, at + lasts - times) / _RAMP + 1
        light -= dip * np.clip(edge, 0, 1)
        pair = rng.random() < 0.35
        pause = rng.uniform(0.1, 0.2) if pair else rng.uniform(*_CALM)
        at += max(lasts + pause, 1 / FLASHES)
    return np.clip(light, 0.05, 1) ** 1.0


def flame(count: int, fps: float, seed: int) -> Floats:
    """Light of a candle or an open fire, per frame; it starts from 1.

    Noise of the first order: the power falls with the square of the frequency above a draught's
    pace, as has been measured of pool fires and candles. Its swings are below a flash.
    """
    rng = np.random.default_rng(seed)
    keep = float(np.exp(-2 * np.pi * _DRAUGHT / fps))
    steps = rng.standard_normal(count + 1) * np.sqrt(1 - keep * keep)
    value, last, values = 0.0, 0.0, []
    for step in steps:
        value = keep * value + float(step)
        last += (value - last) * 0.5
        values.append(last)
    swing = np.array(values[:count])
    grown = np.minimum(np.arange(count) / (0.5 * fps), 1.0)
    return cast(Floats, np.clip(1 + _FLAME * np.tanh(swing) * grown, 0.8, 1.2))
