"""What moves in air: the open air itself, a room, wind, leaves, falling snow, a hum in space."""

from __future__ import annotations

import numpy as np

from kirin.audio.signal import (
    band,
    burst,
    chances,
    drift,
    frames,
    moments,
    noise,
    peak,
    scatter,
    stretched,
    tilt,
)
from kirin.domain.soundtrack import RATE, Block


def air(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Outdoors where nothing is near: a soft, dark noise that breathes."""
    breath = 0.6 + 0.4 * drift(samples, rng, 2.5)
    top = 500 + 700 * force * drift(samples, rng, 3.0)
    return noise(samples, rng, band(60, top, 1.0) * tilt(-3) * breath[:, None], 0.7)


def room(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Indoors: ventilation, and the low tone of its motor."""
    murmur = band(50, 300 + 200 * force, 1.5) * tilt(-2)
    motor = 1.2 * peak(118.0, 0.05) + 0.5 * peak(236.0, 0.04)
    steady = 0.9 + 0.1 * drift(samples, rng, 1.5)
    return noise(samples, rng, (murmur + motor) * steady[:, None], 0.4)


def wind(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Gusts: the stronger, the brighter, and the more they whistle around edges."""
    slow, quick = drift(samples, rng, 2.6), drift(samples, rng, 0.6)
    gust = slow * (0.75 + 0.25 * quick)
    strength = 0.18 + (0.4 + force) * gust**1.6
    body = band(45, 160 * 2 ** (2.6 * gust * (0.4 + force)), 1.4)
    whistle = peak(420 * 2 ** (1.3 * gust), 0.09) + 0.6 * peak(
        690 * 2 ** (1.2 * quick * gust), 0.07
    )
    howl = whistle * (0.5 * force * gust**2)[:, None]
    sound = noise(samples, rng, (body + howl) * strength[:, None], 0.5)
    lean = stretched(drift(samples, rng, 1.8), samples)  # gusts come from one side or the other
    return np.asarray(sound * np.stack([0.6 + 0.8 * (1 - lean), 0.6 + 0.8 * lean]), np.float32)


def leaves(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Leaves that rustle in a breeze."""
    gust = drift(samples, rng, 1.7) ** 2
    flutter = 0.7 + 0.3 * drift(samples, rng, 0.08)
    rustle = band(1800, 7000, 1.2) * ((0.12 + force * gust) * flutter)[:, None]
    breeze = band(70, 450, 1.2) * (0.15 + 0.5 * gust)[:, None]
    return noise(samples, rng, rustle + breeze, 0.9)


def snow(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Falling snow: a hush that swallows everything far away, and the tick of flakes."""
    breath = 0.5 + 0.5 * drift(samples, rng, 3.0)
    hush = noise(samples, rng, band(120, 700 + 500 * force, 1.0) * breath[:, None], 0.8)
    flakes = [burst(rng, 9000 * rng.uniform(0.7, 1.3), 0.3, 0.0006) for _ in range(12)]
    starts = chances(rng, np.full(frames(samples), 60 * force, np.float32), samples)
    level = float(np.sqrt((hush**2).mean()))
    ticks = scatter(samples, rng, flakes, starts, rng.random(len(starts)) ** 3 * level)
    return hush + ticks


def drone(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Space, as films have it: a low chord that beats slowly, and a veil that opens and shuts."""
    time = np.arange(samples) / RATE
    root = 48 * 2 ** rng.uniform(0, 0.4)
    out = np.zeros((2, samples), np.float32)
    for ratio, strength in ((1, 1.0), (1.5, 0.6), (2, 0.5), (3, 0.25), (4.5, 0.12), (6, 0.06)):
        swell = 0.4 + 0.6 * stretched(drift(samples, rng, 3.5), samples)
        for side in range(2):  # detuned against each other, so that it floats
            hertz = root * ratio * (1 + rng.normal(0, 0.0012))
            out[side] += strength * swell * np.sin(2 * np.pi * (hertz * time + rng.random()))
    wander = 220 * 2 ** (2.2 * drift(samples, rng, 4.0))
    veil = peak(wander, 0.5) + 0.4 * peak(3.1 * wander, 0.35)
    rise = 0.5 + 0.5 * np.sin(2 * np.pi * moments(samples) / 9 + rng.uniform(0, 6))
    hiss = noise(samples, rng, veil * (0.3 + 0.7 * rise)[:, None].astype(np.float32), 1.0)
    level = float(np.sqrt((out**2).mean() / (hiss**2).mean()))
    return np.asarray(out + hiss * level * (0.35 + 0.5 * force), np.float32)
