"""Sounds of mammals: a barking dog, a mewing cat, the hooves of a horse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.audio.synthesis import Signal, damped_sine, mix_in, noise_burst, reverberate
from kirin.domain.soundtrack import RATE, Block


def _voiced(
    pitch: NDArray[np.floating], formant: NDArray[np.floating], octaves: float, harmonics: int
) -> Signal:
    """Harmonics of a pitch under one formant.

    Args:
        pitch, formant: hertz of each sample, shape ``(samples,)``.
        octaves: width of the formant, a standard deviation.
        harmonics: how many.
    """
    turns = np.cumsum(pitch) / RATE
    out = np.zeros(len(pitch))
    for number in range(1, harmonics + 1):
        away = np.log2(number * pitch / formant) / octaves
        out += np.exp(-0.5 * away**2) * np.sin(2 * np.pi * number * turns)
    return out.astype(np.float32)


def _contour(length: int, *knots: float) -> NDArray[np.float64]:
    """Values at even distances, linearly interpolated."""
    return np.interp(np.linspace(0, 1, length), np.linspace(0, 1, len(knots)), knots)


def dog(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A dog that barks twice or more, then waits."""
    out = np.zeros((2, samples), np.float32)
    base, place = rng.uniform(300, 420), rng.uniform(-0.4, 0.4)
    at = 0.5
    while at < samples / RATE:
        for _ in range(rng.integers(2, 4)):
            length = int(rng.uniform(0.15, 0.2) * RATE)
            high = base * rng.uniform(0.92, 1.1)
            pitch = _contour(length, 0.8 * high, 1.35 * high, 1.1 * high, 0.65 * high)
            bark = _voiced(pitch, _contour(length, 700, 1250, 1000, 600), 0.65, 12)
            rough = noise_burst(rng, 1500.0, 0.7, 0.06)[:length]
            bark[: len(rough)] += 0.9 * rough * np.abs(bark).max()
            edge = np.minimum(np.arange(length) / (0.008 * RATE), 1)
            bark *= edge * (1 - np.linspace(0, 1, length) ** 2)
            mix_in(out, np.tanh(bark), int(at * RATE), rng.uniform(0.8, 1), place)
            at += rng.uniform(0.3, 0.42)
        at += rng.uniform(0.9, 2.6) * (1.5 - intensity)
    return reverberate(out, rng, 0.8, 0.08)


def cat(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A cat that mews: the mouth opens and closes, so that the formant rises and falls."""
    out = np.zeros((2, samples), np.float32)
    base, place = rng.uniform(520, 640), rng.uniform(-0.3, 0.3)
    at = 0.5
    while at < samples / RATE:
        length = int(rng.uniform(0.55, 0.85) * RATE)
        high = base * rng.uniform(0.92, 1.12)
        pitch = _contour(length, 0.82 * high, 1.12 * high, 1.1 * high, 0.95 * high, 0.72 * high)
        tremble = 1 + 0.012 * np.sin(2 * np.pi * 7 * np.arange(length) / RATE)
        mew = _voiced(pitch * tremble, _contour(length, 700, 1900, 2100, 1500, 800), 0.55, 12)
        swell = np.sin(np.pi * np.linspace(0, 1, length) ** 0.75) ** 0.8
        mix_in(out, mew * swell.astype(np.float32), int(at * RATE), rng.uniform(0.7, 1), place)
        at += length / RATE + rng.uniform(1.0, 2.4) * (1.5 - intensity)
    return reverberate(out, rng, 0.5, 0.06)


def horse(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Hooves: a trot of two beats at intensity 0.5, a gallop of four at 1."""
    out = np.zeros((2, samples), np.float32)
    gallop = intensity >= 0.8
    period = 0.46 if gallop else 0.62
    beats = (0.0, 0.1, 0.2, 0.3) if gallop else (0.0, 0.31)
    at = 0.12
    while at < samples / RATE:
        for number, beat in enumerate(beats):
            start = int((at + beat + rng.normal(0, 0.006)) * RATE)
            loud = rng.uniform(0.75, 1)
            clop = 620 * (1.0, 0.8, 1.1, 0.85)[number] * rng.uniform(0.95, 1.06)
            side = 0.12 if number % 2 else -0.12
            mix_in(out, damped_sine(clop, 0.011), start, 0.6 * loud, side)
            mix_in(out, damped_sine(110.0, 0.022), start, 0.3 * loud, side)
            mix_in(out, noise_burst(rng, 1300.0, 0.9, 0.009), start, 0.5 * loud, side)
        at += period
    return reverberate(out, rng, 0.45, 0.06)
