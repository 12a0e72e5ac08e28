"""Water: rain, thunder, breaking waves, streams and falls."""

from __future__ import annotations

import numpy as np

from kirin.audio.synthesis import (
    BINS,
    band_pass,
    damped_sine,
    filtered_noise,
    frame_count,
    frame_times,
    noise_burst,
    poisson_onsets,
    rms,
    scatter_grains,
    spectral_tilt,
    value_noise,
)
from kirin.domain.soundtrack import RATE, Block


def rain(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Rain: far drops merge into a hiss, near ones are heard one by one, some in puddles."""
    veer = 0.75 + 0.25 * value_noise(samples, rng, 1.3)
    hiss = filtered_noise(samples, rng, band_pass(800, 5600, 1.3) * veer[:, None], 0.95)
    patter = filtered_noise(
        samples, rng, band_pass(150, 700, 1.2) * (0.4 * intensity * veer)[:, None], 0.7
    )
    level = rms(hiss)
    near = [
        noise_burst(rng, 3200 * 2 ** rng.uniform(-1, 1.2), 0.5, rng.uniform(0.0006, 0.003))
        for _ in range(32)
    ]
    starts = poisson_onsets(rng, (80 + 260 * intensity) * veer, samples)
    sizes = np.minimum(rng.pareto(2.2, len(starts)) + 0.4, 6)
    drops = scatter_grains(samples, rng, near, starts, sizes * level * 0.9)
    puddle = [
        damped_sine(900 * 2 ** rng.uniform(-0.7, 1.3), rng.uniform(0.006, 0.02), 0.2)
        for _ in range(16)
    ]
    starts = poisson_onsets(rng, (6 + 22 * intensity) * veer, samples)
    plinks = scatter_grains(
        samples, rng, puddle, starts, rng.uniform(0.2, 1.3, len(starts)) * level
    )
    return hiss * (0.45 + 0.4 * intensity) + patter + drops + plinks


def thunder(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Thunder: a sharp crack, then a roll of echoes from further and further away."""
    seconds, time = samples / RATE, frame_times(samples)
    sound = np.zeros((2, samples), np.float32)
    strike = seconds * rng.uniform(0.08, 0.2)
    while strike < seconds - 0.8:
        since = time - strike
        begun = since >= 0
        after = np.maximum(since, 0)
        roll = np.zeros_like(time)
        for echo in range(7):
            late = 0.0 if not echo else rng.uniform(0.1, 3.5)
            push = np.maximum(after - late, 0)
            roll += (push / 0.09) * np.exp(1 - push / 0.09) * 0.5 * np.exp(-0.4 * late)
            roll += np.where(push > 0, np.exp(-push / rng.uniform(0.5, 1.4)), 0) / (1 + late)
        rough = 0.45 + 0.55 * value_noise(samples, rng, 0.13)
        deep = band_pass(28, 60 + 240 * np.exp(-after / 0.9), 2.0) * (roll * rough * begun)[:, None]
        tear = np.exp(-after / 0.12) + 0.5 * np.exp(-(((after - 0.3) / 0.07) ** 2))
        ragged = value_noise(samples, rng, 0.03) ** 2
        crack = band_pass(150, 3800, 1.0) * (0.35 * intensity * tear * ragged * begun)[:, None]
        sound += filtered_noise(samples, rng, (deep + crack).astype(np.float32), 0.45)
        strike += rng.uniform(4.5, 7.5)
    return sound


def waves(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Surf: each wave swells, breaks and runs out as foam, left and right in turn."""
    time, seconds = frame_times(samples), samples / RATE
    period = 5.2 + 1.6 * rng.random()
    power = (
        band_pass(40, 240, 1.2) ** 2 * 0.10 * (0.7 + 0.6 * value_noise(samples, rng, 2.0))[:, None]
    )
    sound = filtered_noise(samples, rng, np.sqrt(power), 0.6)
    for side in (-1.0, 1.0):
        energy = np.zeros((frame_count(samples), BINS), np.float32)
        fizz = np.zeros_like(time)
        crash = seconds * 0.12 + (0.3 if side < 0 else 0.55 * period) - period
        while crash < seconds + 2:
            size = rng.uniform(0.6, 1.0) * (0.5 + 0.7 * intensity)
            since = (time - crash).astype(np.float32)
            after = np.maximum(since, 0)
            swell = np.where(since < 0, np.exp(-((since / 1.3) ** 2)), np.exp(-after / 0.8))
            crest = np.where(since > -0.35, np.clip((since + 0.35) / 0.45, 0, 1), 0)
            crest = crest * np.exp(-np.maximum(since - 0.1, 0) / 0.75)
            run = np.clip((since - 0.1) / 0.8, 0, 1) * np.exp(-np.maximum(since - 0.9, 0) / 1.5)
            tumble = 0.7 + 0.6 * value_noise(samples, rng, 0.07)
            energy += band_pass(55, 330, 1.6) ** 2 * (0.8 * size * swell**2)[:, None]
            energy += band_pass(140, 2100, 0.9) ** 2 * (1.1 * size * crest**2 * tumble)[:, None]
            dull = 2200 + 5200 * np.exp(-after / 1.6)
            energy += band_pass(1300, dull, 1.1) ** 2 * (0.12 * size * run**2 * tumble)[:, None]
            fizz += run * size
            crash += period * rng.uniform(0.85, 1.15)
        breaker = filtered_noise(samples, rng, np.sqrt(energy), 0.45)
        pops = [damped_sine(2600 * 2 ** rng.uniform(-1, 1.2), 0.0015, 0.3) for _ in range(24)]
        starts = poisson_onsets(rng, 420 * fizz, samples)
        foam = scatter_grains(
            samples, rng, pops, starts, rng.random(len(starts)) ** 2 * rms(breaker)
        )
        balance = np.array([[1 - 0.35 * side], [1 + 0.35 * side]], np.float32)
        sound += (breaker + 0.35 * foam) * balance
    return sound


def stream(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A brook: ringing bubbles (Minnaert resonance: small ones higher) over a soft rush."""
    bubbles = []
    for _ in range(64):
        hertz = 480 * 2 ** rng.uniform(-0.6, 2.3)
        bubbles.append(damped_sine(hertz, 9.0 / hertz * rng.uniform(0.7, 1.8), 0.18))
    eddy = 0.4 + 0.6 * value_noise(samples, rng, 0.35) + 0.6 * value_noise(samples, rng, 0.09) ** 3
    starts = poisson_onsets(rng, (90 + 130 * intensity) * eddy, samples)
    sizes = np.minimum(rng.pareto(2.5, len(starts)) + 0.2, 3)
    sound = scatter_grains(samples, rng, bubbles, starts, sizes, 0.8)
    rush = filtered_noise(
        samples, rng, band_pass(350, 4200, 0.9) * (0.6 + 0.4 * eddy)[:, None], 0.9
    )
    return sound + rush * (rms(sound) / rms(rush) * (0.25 + 0.5 * intensity))


def waterfall(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Falling water: a broadband roar, with thumps where heavy masses hit."""
    sway = 0.8 + 0.2 * value_noise(samples, rng, 0.5)
    roar = band_pass(110, 5500, 0.8) * spectral_tilt(-2.5) * sway[:, None]
    thump = (
        band_pass(45, 190, 1.6) * (0.9 * intensity * value_noise(samples, rng, 0.16) ** 2)[:, None]
    )
    return filtered_noise(samples, rng, roar + thump, 0.85)
