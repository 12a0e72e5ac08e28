"""Sounds of air: open air, a room, wind, leaves, falling snow, a drone for outer space."""

from __future__ import annotations

import numpy as np

from kirin.audio.synthesis import (
    band_pass,
    filtered_noise,
    frame_count,
    frame_times,
    noise_burst,
    poisson_onsets,
    resonance,
    scatter_grains,
    spectral_tilt,
    to_audio_rate,
    value_noise,
)
from kirin.domain.soundtrack import RATE, Block


def air(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Outdoors where nothing is near: a soft, dark noise that slowly swells and fades."""
    breath = 0.6 + 0.4 * value_noise(samples, rng, 2.5)
    top = 500 + 700 * intensity * value_noise(samples, rng, 3.0)
    return filtered_noise(
        samples, rng, band_pass(60, top, 1.0) * spectral_tilt(-3) * breath[:, None], 0.7
    )


def room(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Indoors: ventilation with the low hum of its motor."""
    murmur = band_pass(50, 300 + 200 * intensity, 1.5) * spectral_tilt(-2)
    motor = 1.2 * resonance(118.0, 0.05) + 0.5 * resonance(236.0, 0.04)
    steady = 0.9 + 0.1 * value_noise(samples, rng, 1.5)
    return filtered_noise(samples, rng, (murmur + motor) * steady[:, None], 0.4)


def wind(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Gusts of wind: the stronger, the brighter, and the more whistling around edges."""
    slow, quick = value_noise(samples, rng, 2.6), value_noise(samples, rng, 0.6)
    gust = slow * (0.75 + 0.25 * quick)
    strength = 0.18 + (0.4 + intensity) * gust**1.6
    body = band_pass(45, 160 * 2 ** (2.6 * gust * (0.4 + intensity)), 1.4)
    whistle = resonance(420 * 2 ** (1.3 * gust), 0.09) + 0.6 * resonance(
        690 * 2 ** (1.2 * quick * gust), 0.07
    )
    howl = whistle * (0.5 * intensity * gust**2)[:, None]
    sound = filtered_noise(samples, rng, (body + howl) * strength[:, None], 0.5)
    lean = to_audio_rate(
        value_noise(samples, rng, 1.8), samples
    )  # gusts come from one side or the other
    return np.asarray(sound * np.stack([0.6 + 0.8 * (1 - lean), 0.6 + 0.8 * lean]), np.float32)


def leaves(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Leaves rustling in a breeze."""
    gust = value_noise(samples, rng, 1.7) ** 2
    flutter = 0.7 + 0.3 * value_noise(samples, rng, 0.08)
    rustle = band_pass(1800, 7000, 1.2) * ((0.12 + intensity * gust) * flutter)[:, None]
    breeze = band_pass(70, 450, 1.2) * (0.15 + 0.5 * gust)[:, None]
    return filtered_noise(samples, rng, rustle + breeze, 0.9)


def snow(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Falling snow: a muffled hush and the ticks of flakes."""
    breath = 0.5 + 0.5 * value_noise(samples, rng, 3.0)
    hush = filtered_noise(
        samples, rng, band_pass(120, 700 + 500 * intensity, 1.0) * breath[:, None], 0.8
    )
    flakes = [noise_burst(rng, 9000 * rng.uniform(0.7, 1.3), 0.3, 0.0006) for _ in range(12)]
    starts = poisson_onsets(rng, np.full(frame_count(samples), 60 * intensity, np.float32), samples)
    level = float(np.sqrt((hush**2).mean()))
    ticks = scatter_grains(samples, rng, flakes, starts, rng.random(len(starts)) ** 3 * level)
    return hush + ticks


def drone(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Outer space as in films: a low chord that beats slowly, under swept noise."""
    time = np.arange(samples) / RATE
    root = 48 * 2 ** rng.uniform(0, 0.4)
    out = np.zeros((2, samples), np.float32)
    for ratio, strength in ((1, 1.0), (1.5, 0.6), (2, 0.5), (3, 0.25), (4.5, 0.12), (6, 0.06)):
        swell = 0.4 + 0.6 * to_audio_rate(value_noise(samples, rng, 3.5), samples)
        for side in range(2):  # detuned against each other, so that it floats
            hertz = root * ratio * (1 + rng.normal(0, 0.0012))
            out[side] += strength * swell * np.sin(2 * np.pi * (hertz * time + rng.random()))
    wander = 220 * 2 ** (2.2 * value_noise(samples, rng, 4.0))
    veil = resonance(wander, 0.5) + 0.4 * resonance(3.1 * wander, 0.35)
    rise = 0.5 + 0.5 * np.sin(2 * np.pi * frame_times(samples) / 9 + rng.uniform(0, 6))
    hiss = filtered_noise(samples, rng, veil * (0.3 + 0.7 * rise)[:, None].astype(np.float32), 1.0)
    level = float(np.sqrt((out**2).mean() / (hiss**2).mean()))
    return np.asarray(out + hiss * level * (0.35 + 0.5 * intensity), np.float32)
