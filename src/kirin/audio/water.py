"""Water: rain, thunder, breaking waves, streams and falls."""

from __future__ import annotations

import numpy as np

from kirin.audio.signal import (
    BINS,
    band,
    burst,
    chances,
    drift,
    frames,
    moments,
    noise,
    ring,
    scatter,
    tilt,
)
from kirin.domain.soundtrack import RATE, Block


def _level(sound: Block) -> float:
    return float(np.sqrt((sound**2).mean())) + 1e-9


def rain(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Rain: far drops melt into a hiss, near ones are heard one by one, some in puddles."""
    veer = 0.75 + 0.25 * drift(samples, rng, 1.3)
    hiss = noise(samples, rng, band(800, 5600, 1.3) * veer[:, None], 0.95)
    patter = noise(samples, rng, band(150, 700, 1.2) * (0.4 * force * veer)[:, None], 0.7)
    level = _level(hiss)
    near = [
        burst(rng, 3200 * 2 ** rng.uniform(-1, 1.2), 0.5, rng.uniform(0.0006, 0.003))
        for _ in range(32)
    ]
    starts = chances(rng, (80 + 260 * force) * veer, samples)
    sizes = np.minimum(rng.pareto(2.2, len(starts)) + 0.4, 6)
    drops = scatter(samples, rng, near, starts, sizes * level * 0.9)
    puddle = [
        ring(900 * 2 ** rng.uniform(-0.7, 1.3), rng.uniform(0.006, 0.02), 0.2) for _ in range(16)
    ]
    starts = chances(rng, (6 + 22 * force) * veer, samples)
    plinks = scatter(samples, rng, puddle, starts, rng.uniform(0.2, 1.3, len(starts)) * level)
    return hiss * (0.45 + 0.4 * force) + patter + drops + plinks


def thunder(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Strikes: a crack that tears, then a roll that comes back from further and further off."""
    seconds, time = samples / RATE, moments(samples)
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
        rough = 0.45 + 0.55 * drift(samples, rng, 0.13)
        deep = band(28, 60 + 240 * np.exp(-after / 0.9), 2.0) * (roll * rough * begun)[:, None]
        tear = np.exp(-after / 0.12) + 0.5 * np.exp(-(((after - 0.3) / 0.07) ** 2))
        ragged = drift(samples, rng, 0.03) ** 2
        crack = band(150, 3800, 1.0) * (0.35 * force * tear * ragged * begun)[:, None]
        sound += noise(samples, rng, (deep + crack).astype(np.float32), 0.45)
        strike += rng.uniform(4.5, 7.5)
    return sound


def waves(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Surf: each wave swells, breaks, and runs out as foam; two stretches of beach."""
    time, seconds = moments(samples), samples / RATE
    period = 5.2 + 1.6 * rng.random()
    power = band(40, 240, 1.2) ** 2 * 0.10 * (0.7 + 0.6 * drift(samples, rng, 2.0))[:, None]
    sound = noise(samples, rng, np.sqrt(power), 0.6)
    for side in (-1.0, 1.0):
        energy = np.zeros((frames(samples), BINS), np.float32)
        fizz = np.zeros_like(time)
        crash = seconds * 0.12 + (0.3 if side < 0 else 0.55 * period) - period
        while crash < seconds + 2:
            size = rng.uniform(0.6, 1.0) * (0.5 + 0.7 * force)
            since = (time - crash).astype(np.float32)
            after = np.maximum(since, 0)
            swell = np.where(since < 0, np.exp(-((since / 1.3) ** 2)), np.exp(-after / 0.8))
            crest = np.where(since > -0.35, np.clip((since + 0.35) / 0.45, 0, 1), 0)
            crest = crest * np.exp(-np.maximum(since - 0.1, 0) / 0.75)
            run = np.clip((since - 0.1) / 0.8, 0, 1) * np.exp(-np.maximum(since - 0.9, 0) / 1.5)
            tumble = 0.7 + 0.6 * drift(samples, rng, 0.07)
            energy += band(55, 330, 1.6) ** 2 * (0.8 * size * swell**2)[:, None]
            energy += band(140, 2100, 0.9) ** 2 * (1.1 * size * crest**2 * tumble)[:, None]
            dull = 2200 + 5200 * np.exp(-after / 1.6)
            energy += band(1300, dull, 1.1) ** 2 * (0.12 * size * run**2 * tumble)[:, None]
            fizz += run * size
            crash += period * rng.uniform(0.85, 1.15)
        breaker = noise(samples, rng, np.sqrt(energy), 0.45)
        pops = [ring(2600 * 2 ** rng.uniform(-1, 1.2), 0.0015, 0.3) for _ in range(24)]
        starts = chances(rng, 420 * fizz, samples)
        foam = scatter(samples, rng, pops, starts, rng.random(len(starts)) ** 2 * _level(breaker))
        balance = np.array([[1 - 0.35 * side], [1 + 0.35 * side]], np.float32)
        sound += (breaker + 0.35 * foam) * balance
    return sound


def stream(samples: int, rng: np.random.Generator, force: float) -> Block:
    """A brook: bubbles that ring as they close (Minnaert: small ones higher) over a soft rush."""
    bubbles = []
    for _ in range(64):
        hertz = 480 * 2 ** rng.uniform(-0.6, 2.3)
        bubbles.append(ring(hertz, 9.0 / hertz * rng.uniform(0.7, 1.8), 0.18))
    eddy = 0.4 + 0.6 * drift(samples, rng, 0.35) + 0.6 * drift(samples, rng, 0.09) ** 3
    starts = chances(rng, (90 + 130 * force) * eddy, samples)
    sizes = np.minimum(rng.pareto(2.5, len(starts)) + 0.2, 3)
    sound = scatter(samples, rng, bubbles, starts, sizes, 0.8)
    rush = noise(samples, rng, band(350, 4200, 0.9) * (0.6 + 0.4 * eddy)[:, None], 0.9)
    return sound + rush * (_level(sound) / _level(rush) * (0.25 + 0.5 * force))


def waterfall(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Falling water: a broad roar, with thumps where heavy strands hit."""
    sway = 0.8 + 0.2 * drift(samples, rng, 0.5)
    roar = band(110, 5500, 0.8) * tilt(-2.5) * sway[:, None]
    thump = band(45, 190, 1.6) * (0.9 * force * drift(samples, rng, 0.16) ** 2)[:, None]
    return noise(samples, rng, roar + thump, 0.85)
