"""People: steps, a crowd that murmurs, applause."""

from __future__ import annotations

import numpy as np

from kirin.audio.signal import (
    Signal,
    band,
    burst,
    chances,
    coloured,
    drift,
    hall,
    noise,
    pan,
    peak,
    ring,
    scatter,
    stretched,
)
from kirin.domain.soundtrack import RATE, Block


def _pace(samples: int, rng: np.random.Generator, force: float) -> list[int]:
    """First samples of steps: a walk at half force, a run at full."""
    period = 0.56 if force < 0.8 else 0.33
    at, steps = period * 0.4, []
    while at < samples / RATE:
        steps.append(int(at * RATE))
        at += period * rng.normal(1, 0.025)
    return steps


def _tread(out: Block, sound: Signal, start: int, gain: float, place: float) -> None:
    room = out.shape[1] - start
    out[:, start : start + len(sound)] += gain * pan(sound[:room], place)


def footsteps(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Steps on hard ground: the heel's knock, then the sole."""
    out = np.zeros((2, samples), np.float32)
    for number, start in enumerate(_pace(samples, rng, force)):
        side = 0.12 if number % 2 else -0.12
        loud = rng.uniform(0.8, 1.0)
        _tread(out, ring(85 * rng.uniform(0.92, 1.1), 0.022), start, 0.7 * loud, side)
        _tread(out, burst(rng, 1500 * rng.uniform(0.85, 1.2), 0.8, 0.006), start, loud, side)
        sole = start + int(rng.uniform(0.055, 0.08) * RATE)
        if sole < samples:
            _tread(out, burst(rng, 900, 1.0, 0.014), sole, 0.35 * loud, side)
    return hall(out, rng, 0.35, 0.05)


def crunch(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Steps in snow or gravel: each presses many grains together, then lets them go."""
    out = np.zeros((2, samples), np.float32)
    grains = [
        burst(rng, 2400 * 2 ** rng.uniform(-1, 1), 0.4, rng.uniform(0.0008, 0.003))
        for _ in range(32)
    ]
    for number, start in enumerate(_pace(samples, rng, force)):
        length = int(0.30 * RATE)
        at = np.sort(rng.beta(1.6, 2.6, 110) * length * 0.9).astype(int)
        press = scatter(length, rng, grains, at, rng.random(110) ** 2, 0.5)
        room = min(length, samples - start)
        out[:, start : start + room] += press[:, :room] * rng.uniform(0.8, 1)
        thud = ring(70.0, 0.03)
        _tread(out, thud, start, 0.3, 0.1 if number % 2 else -0.1)
    return out


def crowd(samples: int, rng: np.random.Generator, force: float) -> Block:
    """A crowd: voices with pitch, syllables and moving vowels, too many to follow any."""
    out = np.zeros((2, samples), np.float32)
    seconds = samples / RATE
    for _ in range(5):
        first = 330 * 2 ** (1.2 * drift(samples, rng, 0.17))
        second = 950 * 2 ** (1.2 * drift(samples, rng, 0.15))
        vowel = peak(first, 0.18) + 0.5 * peak(second, 0.14) + 0.15 * peak(2700.0, 0.12)
        glottis = np.zeros(samples, np.float32)
        for _ in range(4):
            pitch = rng.choice([115, 205]) * 2 ** rng.uniform(-0.3, 0.3)
            tune = stretched(drift(samples, rng, 0.4), samples)
            turns = np.cumsum(pitch * 2 ** (0.5 * tune)) / RATE
            cycles = int(turns[-1])
            pulses = np.searchsorted(turns, np.arange(1, cycles + 1))
            speech = stretched(drift(samples, rng, 0.12), samples)
            breaks = stretched(drift(samples, rng, 1.1), samples) > 0.35
            level = np.maximum(speech - 0.3, 0) * breaks * rng.uniform(0.5, 1)
            pulses = pulses[pulses < samples]
            glottis[pulses] += level[pulses]
        out += pan(coloured(glottis, vowel.astype(np.float32)), rng.uniform(-0.8, 0.8))
    murmur = band(180, 1100, 1.3) * (0.5 + 0.5 * drift(samples, rng, 0.25))[:, None]
    hum = noise(samples, rng, murmur, 0.9)
    loud = float(np.sqrt((out**2).mean() / (hum**2).mean()))
    mixed = out + hum * loud * (0.5 + 0.4 * force)
    return hall(np.asarray(mixed, np.float32), rng, min(0.9, seconds), 0.5)


def applause(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Applause: people who clap each at a pace and with hands of their own."""
    out = np.zeros((2, samples), np.float32)
    seconds = samples / RATE
    for _ in range(25 + round(50 * force)):
        hands = burst(rng, 1350 * 2 ** rng.uniform(-0.7, 0.7), 0.45, rng.uniform(0.002, 0.006))
        pace = rng.uniform(3.2, 5.2)
        beats = np.arange(rng.uniform(0, 0.5), seconds, 1 / pace)
        starts = ((beats + rng.normal(0, 0.012, len(beats))).clip(0) * RATE).astype(int)
        starts = starts[starts < samples]
        loud = rng.uniform(0.15, 1.0) ** 2 * rng.uniform(0.75, 1, len(starts))
        out += scatter(samples, rng, [hands], starts, loud, rng.random())
    wash = chances(rng, np.full(samples // 1024 + 2, 500 * force, np.float32), samples)
    far = [burst(rng, 1800 * 2 ** rng.uniform(-1, 0.7), 0.6, 0.004) for _ in range(24)]
    out += scatter(samples, rng, far, wash, rng.random(len(wash)) * 0.12)
    return hall(out, rng, 0.8, 0.25)
