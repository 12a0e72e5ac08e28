"""Towns and machines: the hum of a city, traffic, an engine, a train, bells."""

from __future__ import annotations

import numpy as np

from kirin.audio.loudness import transform_size
from kirin.audio.signal import (
    Signal,
    band,
    burst,
    drift,
    hall,
    moments,
    noise,
    pan,
    peak,
    ring,
    stretched,
)
from kirin.domain.soundtrack import RATE, Block


def _level(sound: Block) -> float:
    return float(np.sqrt((sound**2).mean())) + 1e-9


def city(samples: int, rng: np.random.Generator, force: float) -> Block:
    """A city from a little way off: rumble, distant traffic, once in a while a horn."""
    sway = 0.7 + 0.3 * drift(samples, rng, 1.8)
    rumble = band(35, 260, 1.1) * sway[:, None]
    far = band(250, 1500, 1.5) * (0.22 * (0.4 + drift(samples, rng, 1.2)))[:, None]
    sound = noise(samples, rng, rumble + far, 0.75)
    seconds = samples / RATE
    at = rng.uniform(0.3, 0.8) * seconds
    horn = np.zeros((2, samples), np.float32)
    while at < seconds:
        length = int(rng.uniform(0.25, 0.6) * RATE)
        time = np.arange(length) / RATE
        base = rng.uniform(330, 430)
        tone = sum(
            np.sin(2 * np.pi * base * ratio * over * time) / over**1.5
            for ratio in (1.0, 1.26)
            for over in range(1, 6)
        )
        edge = np.minimum(1, np.minimum(time, time[::-1]) / 0.04)
        first = int(at * RATE)
        room = samples - first
        horn[:, first : first + length] += pan(
            (tone * edge).astype(np.float32)[:room], rng.uniform(-0.8, 0.8)
        )
        at += rng.uniform(3.5, 8)
    loud = _level(sound) * 0.16 * (0.4 + force)
    return sound + loud * hall(horn, rng, 1.6, 1.5)


def traffic(samples: int, rng: np.random.Generator, force: float) -> Block:
    """Cars that pass from one side to the other: tyres, motor, and the Doppler fall."""
    seconds, time = samples / RATE, moments(samples)
    sound = 0.25 * noise(samples, rng, band(40, 300, 1.0), 0.7)
    at = rng.uniform(0.5, 1.1)
    while at < seconds + 1.0:
        way, speed = rng.choice([-1.0, 1.0]), rng.uniform(1.6, 3.2)
        far = (time - at) * speed  # in units of the nearest distance
        near = 1 / (1 + far**2)
        doppler = 1 - 0.09 * far / np.sqrt(1 + far**2)
        tyres = band(260, 2300 * doppler * (0.45 + 0.55 * near), 1.6)
        motor = 2.2 * peak(95 * doppler, 0.12) + 1.1 * peak(190 * doppler, 0.1)
        car = noise(samples, rng, (tyres + motor) * near[:, None], 0.1)
        sound += rng.uniform(0.6, 1) * pan(car.mean(0), stretched(way * np.tanh(far), samples))
        at += rng.uniform(1.3, 3.2) * (1.5 - 0.7 * force)
    return sound


def engine(samples: int, rng: np.random.Generator, force: float) -> Block:
    """A motor at work: its firings with their overtones, and the air that it draws."""
    pitch = (38 + 40 * force) * 2 ** (0.35 * stretched(drift(samples, rng, 2.2), samples))
    turns = np.cumsum(pitch) / RATE
    tone = np.zeros(samples)
    for over in range(1, 17):
        strength = rng.uniform(0.4, 1) / over**0.8
        tone += strength * np.sin(2 * np.pi * (over / 2 * turns + rng.random()))
    tone = np.tanh(tone * 0.8)
    breath = noise(samples, rng, band(120, 1500, 1.0), 0.6)
    chop = 0.5 + 0.5 * np.sin(2 * np.pi * turns)
    air = breath * (0.5 * chop / _level(breath)).astype(np.float32)
    return np.asarray(pan(tone.astype(np.float32), 0.0) + 0.35 * air, np.float32)


def train(samples: int, rng: np.random.Generator, force: float) -> Block:
    """A train on jointed rails: two axles a bogie, over the roll of the wheels."""
    sway = 0.75 + 0.25 * drift(samples, rng, 0.8)
    roll = noise(samples, rng, (band(45, 500, 1.0) + 0.25 * peak(1500.0, 0.5)) * sway[:, None], 0.6)
    loud = _level(roll)
    knocks = np.zeros((2, samples), np.float32)
    period = 1.25 - 0.55 * force
    at = rng.uniform(0.05, 0.3)
    while at < samples / RATE:
        for axle in (0.0, 0.17, 0.42, 0.59):
            start = int((at + axle * period) * RATE)
            if start >= samples:
                break
            blow: Signal = burst(rng, 900 * rng.uniform(0.9, 1.1), 0.7, 0.016)
            for sound, gain in ((blow, 3.5), (ring(74.0, 0.03), 4.0), (ring(1870.0, 0.02), 0.6)):
                piece = sound[: samples - start]
                knocks[:, start : start + len(piece)] += gain * loud * pan(piece, 0.1)
        at += period
    return roll + hall(knocks, rng, 0.4, 0.1)


def bell(samples: int, rng: np.random.Generator, force: float) -> Block:
    """A church bell: hum, prime, tierce, quint, nominal and above (Lehr's partials)."""
    out = np.zeros((2, samples), np.float32)
    nominal = 520 * 2 ** rng.uniform(-0.3, 0.3)
    partials = (
        (0.5, 1.0, 3.2),
        (1.0, 0.8, 2.2),
        (1.2, 0.9, 1.7),
        (1.5, 0.35, 1.2),
        (2.0, 1.0, 1.0),
    )
    upper = ((2.5, 0.4, 0.6), (2.67, 0.3, 0.5), (3.0, 0.45, 0.5), (4.0, 0.3, 0.3), (5.3, 0.2, 0.2))
    stroke: Signal = np.zeros(int(6 * RATE), np.float32)
    for ratio, strength, fall in partials + upper:
        tone = ring(nominal / 2 * ratio, fall, 0.0, rng.random())[: len(stroke)]
        beat = 1 + 0.15 * np.sin(2 * np.pi * rng.uniform(0.6, 1.8) * np.arange(len(tone)) / RATE)
        stroke[: len(tone)] += (strength * tone * beat).astype(np.float32)
    at = 0.2
    while at < samples / RATE:
        start = int(at * RATE)
        piece = stroke[: samples - start]
        out[:, start : start + len(piece)] += pan(piece, 0.15) * rng.uniform(0.85, 1)
        at += 2.6 - 0.8 * force
    return hall(_far_off(out), rng, 2.2, 0.4)


def _far_off(sound: Block) -> Block:
    """A sound from some way off: the air has taken treble, 6 dB an octave above 3 kHz."""
    size = transform_size(sound.shape[1])
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    curve = (1 / np.sqrt(1 + (hertz / 3000) ** 2)).astype(np.float32)
    far = np.fft.irfft(np.fft.rfft(sound, size) * curve, size)
    return np.asarray(far[:, : sound.shape[1]], np.float32)
