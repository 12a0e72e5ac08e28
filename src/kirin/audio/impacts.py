"""Sounds of sudden events: explosions, fireworks, breaking glass, a splash, a whoosh.

The first event comes half a second after the start: right after the cut, where the sound of a
shot begins before its picture.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kirin.audio.synthesis import (
    Signal,
    band_pass,
    damped_sine,
    filtered,
    frame_times,
    mix_in,
    noise_burst,
    pan,
    resonance,
    reverberate,
    scatter_grains,
    to_audio_rate,
)
from kirin.domain.soundtrack import RATE, Block

_FIRST: Final = 0.5  # seconds


def _onsets(samples: int, rng: np.random.Generator, shortest: float, longest: float) -> list[int]:
    """First samples of events with pauses of random length, in seconds."""
    at, found = _FIRST, []
    while at < samples / RATE:
        found.append(int(at * RATE))
        at += rng.uniform(shortest, longest)
    return found or [0]


def explosion(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Explosions: a crack, a fireball whose noise darkens as it cools, and falling debris."""
    out = np.zeros((2, samples), np.float32)
    fall = 0.45 + 0.5 * intensity
    for start in _onsets(samples, rng, 4.5, 7.0):
        length = int(5 * fall * RATE)
        time = frame_times(length)
        cooling = 170 + 3400 * np.exp(-time / (0.35 * fall))
        noise = rng.standard_normal(length).astype(np.float32)
        roar = filtered(noise, band_pass(50, cooling, 1.2))
        roar *= np.exp(-np.arange(length) / (fall * RATE)).astype(np.float32)
        roar /= np.abs(roar).max() + 1e-9
        mix_in(out, roar, start, 1.0, rng.uniform(-0.15, 0.15))
        mix_in(out, damped_sine(72.0, 0.26, -0.25), start, 0.45, 0.0)
        mix_in(out, noise_burst(rng, 1800.0, 1.3, 0.02), start, 0.7, 0.0)
        debris = [noise_burst(rng, 1500 * 2 ** rng.uniform(-1, 1.5), 0.5, 0.006) for _ in range(16)]
        when = start + rng.exponential(0.8 * fall, 60) * RATE + 0.25 * RATE
        starts = np.sort(when[when < samples]).astype(np.int64)
        out += scatter_grains(samples, rng, debris, starts, 0.1 * rng.random(len(starts)), 0.9)
    return reverberate(out, rng, 2.4, 0.3)


def fireworks(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Fireworks: some whistle as they rise, all burst far away, and some crackle after that."""
    out = np.zeros((2, samples), np.float32)
    sparks = [noise_burst(rng, 4200 * 2 ** rng.uniform(-0.7, 0.7), 0.4, 0.002) for _ in range(16)]
    for start in _onsets(samples, rng, 0.5, 2.0 - intensity):
        place = rng.uniform(-0.8, 0.8)
        if rng.random() < 0.4 and start > 0.45 * RATE:
            rise = np.arange(int(0.45 * RATE)) / RATE
            tone = np.sin(2 * np.pi * (1700 * rise + 1300 * rise**2)) * np.sin(np.pi * rise / 0.45)
            mix_in(out, tone.astype(np.float32), start - len(rise), 0.07, place)
        size = rng.uniform(0.5, 1)
        mix_in(out, damped_sine(110.0, 0.07, -0.3), start, 0.4 * size, place)
        mix_in(out, noise_burst(rng, 420.0, 1.3, 0.06), start, size, place)
        if rng.random() < 0.6:
            when = start + (0.15 + rng.exponential(0.3, 70)) * RATE
            starts = np.sort(when[when < samples]).astype(np.int64)
            loud = 0.2 * size * rng.random(len(starts)) ** 2
            out += scatter_grains(samples, rng, sparks, starts, loud, 0.8)
    return reverberate(out, rng, 2.0, 0.5)


def glass(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Breaking glass: the blow, and shards that ring as they fall."""
    out = np.zeros((2, samples), np.float32)
    shards = [
        damped_sine(rng.uniform(2300, 9500), rng.uniform(0.02, 0.13), 0.0, rng.random())
        for _ in range(36)
    ]
    for start in _onsets(samples, rng, 3.0, 5.0):
        mix_in(out, noise_burst(rng, 5200.0, 0.9, 0.03), start, 1.0, 0.0)
        mix_in(out, damped_sine(900.0, 0.012), start, 0.4, 0.0)
        count = round(40 + 80 * intensity)
        when = start + rng.gamma(1.4, 0.22, count) * RATE
        loud = 0.5 * rng.random(count) ** 2 * np.exp(-(when - start) / (0.7 * RATE))
        inside = when < samples
        out += scatter_grains(samples, rng, shards, when[inside].astype(int), loud[inside], 0.7)
    return reverberate(out, rng, 0.6, 0.1)


def splash(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A splash: the slap of the surface, the sheet of water that falls back, and its bubbles."""
    out = np.zeros((2, samples), np.float32)
    bubbles = [
        damped_sine(650 * 2 ** rng.uniform(-0.8, 1.4), rng.uniform(0.008, 0.025), 0.5)
        for _ in range(24)
    ]
    size = 0.6 + 0.6 * intensity
    for start in _onsets(samples, rng, 2.6, 4.4):
        length = int(2.2 * size * RATE)
        time = frame_times(length)
        centre = 900 + 2300 * np.clip(time / 0.25, 0, 1) * np.exp(-time / (0.9 * size))
        sheet = filtered(rng.standard_normal(length).astype(np.float32), resonance(centre, 0.9))
        seconds = np.arange(length) / RATE
        sheet *= (np.minimum(seconds / 0.06, 1) * np.exp(-seconds / (0.32 * size))).astype(
            np.float32
        )
        mix_in(out, sheet / (np.abs(sheet).max() + 1e-9), start, 0.8, rng.uniform(-0.2, 0.2))
        mix_in(out, noise_burst(rng, 420.0, 0.9, 0.03), start, 0.9, 0.0)
        when = start + rng.gamma(2.0, 0.28 * size, 90) * RATE
        starts = np.sort(when[when < samples]).astype(np.int64)
        loud = 0.3 * rng.random(len(starts)) ** 1.5
        out += scatter_grains(samples, rng, bubbles, starts, loud, 0.8)
    return reverberate(out, rng, 0.5, 0.06)


def whoosh(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Something that rushes past: noise that rises and falls in pitch and crosses the view."""
    out = np.zeros((2, samples), np.float32)
    seconds = 1.15 - 0.55 * intensity
    length = int(seconds * RATE)
    part = np.clip(frame_times(length) / seconds, 0, 1)
    for start in _onsets(samples, rng, 1.7, 3.0):
        centre = 260 + (900 + 1100 * intensity) * np.sin(np.pi * part) ** 2
        noise = rng.standard_normal(length).astype(np.float32)
        rush: Signal = filtered(noise, resonance(centre, 0.55))
        rush *= to_audio_rate((np.sin(np.pi * part**0.8) ** 3).astype(np.float32), length)
        side = to_audio_rate((rng.choice([-1, 1]) * (1.6 * part - 0.8)).astype(np.float32), length)
        room = samples - start
        piece = pan(rush, side)[:, :room]
        out[:, start : start + piece.shape[1]] += piece / (np.abs(piece).max() + 1e-9)
    return reverberate(out, rng, 0.4, 0.04)
