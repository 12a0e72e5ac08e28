"""Small machines: a clock that ticks, a keyboard that is typed on, a siren."""

from __future__ import annotations

import numpy as np

from kirin.audio.synthesis import damped_sine, mix_in, noise_burst, pan, reverberate
from kirin.domain.soundtrack import RATE, Block


def clock(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A clock with a pendulum: two beats a second, of which every other is lower."""
    out = np.zeros((2, samples), np.float32)
    for number in range(int(2 * samples / RATE) + 1):
        start = int((0.1 + number / 2) * RATE)
        high = 2750.0 if number % 2 else 2100.0
        mix_in(out, noise_burst(rng, high, 0.5, 0.004), start, 1.0, 0.1)
        mix_in(out, damped_sine(high * 0.62, 0.009), start, 0.7, 0.1)
        # The wheel drops onto the other pallet.
        mix_in(out, noise_burst(rng, 1.3 * high, 0.4, 0.002), start + 700, 0.4, 0.1)
    return reverberate(out, rng, 0.3 + 0.4 * intensity, 0.05)


def typing(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A keyboard: bursts of keys, each pressed and let go, and the thud of the space bar."""
    out = np.zeros((2, samples), np.float32)
    pace = 0.19 - 0.09 * intensity
    at = 0.15
    while at < samples / RATE:
        for _ in range(rng.integers(3, 9)):
            start, side = int(at * RATE), rng.uniform(-0.25, 0.25)
            loud = rng.uniform(0.6, 1)
            mix_in(out, noise_burst(rng, rng.uniform(2600, 4200), 0.6, 0.004), start, loud, side)
            mix_in(out, damped_sine(rng.uniform(240, 340), 0.007), start, 0.5 * loud, side)
            let_go = start + int(rng.uniform(0.05, 0.08) * RATE)
            mix_in(out, noise_burst(rng, 4800.0, 0.5, 0.002), let_go, 0.35 * loud, side)
            at += pace * rng.uniform(0.6, 1.4)
        mix_in(out, noise_burst(rng, 1200.0, 0.8, 0.008), int(at * RATE), 0.8, 0.0)
        mix_in(out, damped_sine(170.0, 0.014), int(at * RATE), 0.7, 0.0)
        at += pace * rng.uniform(1.2, 4.5)
    return reverberate(out, rng, 0.3, 0.03)


def siren(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """An emergency vehicle far away: a wail between 600 and 1,350 Hz, once in three seconds."""
    time = np.arange(samples) / RATE
    turn = 2 * np.pi * (time / 3.0 + rng.random())
    pitch = 900 * 2 ** (0.58 * np.sin(turn))
    turns = np.cumsum(pitch) / RATE
    tone = sum(np.sin(2 * np.pi * number * turns) / number**1.6 for number in (1, 2, 3, 4, 5))
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * (time / 11 + rng.random()))
    wail = np.asarray(tone * swell * (0.4 + 0.6 * intensity), np.float32)
    side = np.float32(rng.choice([-1, 1])) * np.sin(2 * np.pi * time / 17).astype(np.float32)
    return reverberate(pan(wail, 0.6 * side), rng, 1.8, 0.5)
