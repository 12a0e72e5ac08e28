"""Sounds of animals: songbirds, gulls, crickets, cicadas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.audio.synthesis import (
    Signal,
    band_pass,
    filtered_noise,
    mix_in,
    pan,
    reverberate,
    to_audio_rate,
    value_noise,
)
from kirin.domain.soundtrack import RATE, Block


def _note(
    hertz: NDArray[np.floating], seconds: float, harmonics: tuple[float, ...] = (0.12,)
) -> Signal:
    """A whistled note with harmonics, whose pitch follows given frequencies over its length."""
    length = int(seconds * RATE)
    path = np.interp(np.linspace(0, 1, length), np.linspace(0, 1, len(hertz)), hertz)
    turns = np.cumsum(path) / RATE
    out = np.sin(2 * np.pi * turns)
    for number, strength in enumerate(harmonics, 2):
        out += strength * np.sin(2 * np.pi * number * turns)
    swell = np.sin(np.pi * np.linspace(0, 1, length)) ** 0.7
    return (out * swell).astype(np.float32)


def _song(rng: np.random.Generator) -> list[tuple[float, Signal]]:
    """One bird's phrase: when its notes begin, and the notes. Whistles, trills or twitters."""
    high = 3000 * 2 ** rng.uniform(0, 0.9)
    kind = rng.integers(3)
    notes, at = [], 0.0
    if kind == 0:
        for _ in range(rng.integers(2, 5)):
            ends = high * 2 ** rng.uniform(-0.35, 0.35, 3)
            seconds = rng.uniform(0.09, 0.24)
            notes.append((at, _note(ends, seconds)))
            at += seconds + rng.uniform(0.03, 0.09)
    elif kind == 1:
        fall = high * 2 ** np.array([0.3, 0.05, -0.25])
        step = rng.uniform(0.055, 0.085)
        for number in range(rng.integers(7, 14)):
            notes.append((at, _note(fall * 2 ** (-0.02 * number), step * 0.75)))
            at += step
    else:
        for _ in range(rng.integers(5, 10)):
            leap = high * 2 ** (rng.uniform(-0.5, 0.6) + rng.uniform(-0.4, 0.4) * np.arange(3) / 2)
            notes.append((at, _note(leap, rng.uniform(0.035, 0.09))))
            at += rng.uniform(0.06, 0.13)
    return notes


def birds(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Songbirds near and far, each repeating a phrase of its own."""
    seconds = samples / RATE
    out = np.zeros((2, samples), np.float32)
    for number in range(3 + round(2 * intensity)):
        song, place = _song(rng), rng.uniform(-0.9, 0.9)
        gain = 1.0 if not number else rng.uniform(0.15, 0.6)
        pause = rng.uniform(1.1, 2.6)
        at = rng.uniform(0.15, 0.5) if not number else rng.uniform(0.2, 2.2)
        while at < seconds:
            loud = gain * rng.uniform(0.7, 1.0)
            for start, note in song:
                mix_in(out, note, int((at + start) * RATE), loud, place)
            at += song[-1][0] + pause * rng.uniform(0.7, 1.5)
    return reverberate(out, rng, 0.9, 0.10)


def gulls(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Passing gulls: calls that rise quickly and fall, hoarse and rich in harmonics."""
    seconds = samples / RATE
    out = np.zeros((2, samples), np.float32)
    at = rng.uniform(0.2, 0.7)
    while at < seconds:
        pitch, place = 820 * 2 ** rng.uniform(-0.15, 0.35), rng.uniform(-0.8, 0.8)
        gain = rng.uniform(0.35, 1.0)
        for call in range(rng.integers(2, 6)):
            length = rng.uniform(0.24, 0.42) * (1 - 0.06 * call)
            path = pitch * np.array([0.75, 1.35, 1.25, 1.05, 0.85])
            cry = _note(path, length, (0.8, 0.55, 0.35, 0.22, 0.12))
            hoarse = 1 - 0.35 * np.abs(np.sin(np.pi * 38 * np.arange(len(cry)) / RATE))
            hoarse_cry = (cry * hoarse).astype(np.float32)
            mix_in(out, hoarse_cry, int(at * RATE), gain, place + 0.04 * call)
            at += length + rng.uniform(0.05, 0.16)
        at += rng.uniform(1.0, 3.2) * (1.5 - intensity)
    return reverberate(out, rng, 1.4, 0.15)


def crickets(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A meadow at night: crickets near by, each chirping at its own rate, and many far away."""
    time = np.arange(samples) / RATE
    out = np.zeros((2, samples), np.float32)
    for number in range(4 + round(3 * intensity)):
        hertz, pace = rng.uniform(3900, 5100), rng.uniform(1.7, 2.9)
        pulses, phase = int(rng.integers(3, 5)), rng.random()
        beat = (time * pace + phase) % 1 / pace  # seconds since this chirp began
        pulse = beat / 0.03
        sounding = (pulse < pulses) & (pulse % 1 < 0.62)
        shape = np.where(sounding, np.sin(np.pi * (pulse % 1) / 0.62) ** 2, 0)
        gain = 1.0 if number < 2 else rng.uniform(0.15, 0.5)
        tone = np.sin(2 * np.pi * (hertz * time + rng.random())) * shape * gain
        out += pan(tone.astype(np.float32), rng.uniform(-0.95, 0.95))
    choir = band_pass(4000, 5200, 5.0) * (0.6 + 0.4 * value_noise(samples, rng, 0.7))[:, None]
    far = filtered_noise(samples, rng, choir, 1.0)
    level = float(np.sqrt((out**2).mean() / (far**2).mean()))
    return out + far * level * 0.35


def cicadas(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Cicadas: buzzing that swells and fades."""
    out = np.zeros((2, samples), np.float32)
    time = np.arange(samples) / RATE
    for _ in range(3):
        low = rng.uniform(4200, 5600)
        buzz = filtered_noise(samples, rng, band_pass(low, low * 1.35, 4.0), 0.2)
        saw = 0.35 + 0.65 * np.abs(np.sin(np.pi * rng.uniform(95, 150) * time))
        swell = 0.25 + 0.75 * to_audio_rate(value_noise(samples, rng, 1.6), samples) ** 1.5
        side = rng.uniform(-0.8, 0.8)
        balance = np.array([[1 - side], [1 + side]])
        out += (buzz * saw * swell * balance * rng.uniform(0.5, 1)).astype(np.float32)
    return out * np.float32(0.5 + intensity)
