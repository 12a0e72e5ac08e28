"""Towns and machines: the hum of a city, traffic, an engine, a train, bells."""

from __future__ import annotations

import numpy as np

from kirin.audio.fft import fft_size
from kirin.audio.synthesis import (
    Signal,
    band_pass,
    damped_sine,
    filtered_noise,
    frame_times,
    noise_burst,
    pan,
    resonance,
    reverberate,
    rms,
    to_audio_rate,
    value_noise,
)
from kirin.domain.soundtrack import RATE, Block


def city(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A city at a distance: rumble, traffic far away, sometimes a horn."""
    sway = 0.7 + 0.3 * value_noise(samples, rng, 1.8)
    rumble = band_pass(35, 260, 1.1) * sway[:, None]
    far = band_pass(250, 1500, 1.5) * (0.22 * (0.4 + value_noise(samples, rng, 1.2)))[:, None]
    sound = filtered_noise(samples, rng, rumble + far, 0.75)
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
    loud = rms(sound) * 0.16 * (0.4 + intensity)
    return sound + loud * reverberate(horn, rng, 1.6, 1.5)


def traffic(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Cars that pass from one side to the other: tyres, motor, and the Doppler shift."""
    seconds, time = samples / RATE, frame_times(samples)
    sound = 0.25 * filtered_noise(samples, rng, band_pass(40, 300, 1.0), 0.7)
    at = rng.uniform(0.5, 1.1)
    while at < seconds + 1.0:
        way, speed = rng.choice([-1.0, 1.0]), rng.uniform(1.6, 3.2)
        far = (time - at) * speed  # in units of the nearest distance
        near = 1 / (1 + far**2)
        doppler = 1 - 0.09 * far / np.sqrt(1 + far**2)
        tyres = band_pass(260, 2300 * doppler * (0.45 + 0.55 * near), 1.6)
        motor = 2.2 * resonance(95 * doppler, 0.12) + 1.1 * resonance(190 * doppler, 0.1)
        car = filtered_noise(samples, rng, (tyres + motor) * near[:, None], 0.1)
        sound += rng.uniform(0.6, 1) * pan(car.mean(0), to_audio_rate(way * np.tanh(far), samples))
        at += rng.uniform(1.3, 3.2) * (1.5 - 0.7 * intensity)
    return sound


def engine(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A running engine: its firing rate with harmonics, and the noise of its intake."""
    pitch = (38 + 40 * intensity) * 2 ** (
        0.35 * to_audio_rate(value_noise(samples, rng, 2.2), samples)
    )
    turns = np.cumsum(pitch) / RATE
    tone = np.zeros(samples)
    for over in range(1, 17):
        strength = rng.uniform(0.4, 1) / over**0.8
        tone += strength * np.sin(2 * np.pi * (over / 2 * turns + rng.random()))
    tone = np.tanh(tone * 0.8)
    breath = filtered_noise(samples, rng, band_pass(120, 1500, 1.0), 0.6)
    chop = 0.5 + 0.5 * np.sin(2 * np.pi * turns)
    air = breath * (0.5 * chop / rms(breath)).astype(np.float32)
    return np.asarray(pan(tone.astype(np.float32), 0.0) + 0.35 * air, np.float32)


def train(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A train on jointed rails: the knocks of two axles a bogie, over the roll of the wheels."""
    sway = 0.75 + 0.25 * value_noise(samples, rng, 0.8)
    roll = filtered_noise(
        samples, rng, (band_pass(45, 500, 1.0) + 0.25 * resonance(1500.0, 0.5)) * sway[:, None], 0.6
    )
    loud = rms(roll)
    knocks = np.zeros((2, samples), np.float32)
    period = 1.25 - 0.55 * intensity
    at = rng.uniform(0.05, 0.3)
    while at < samples / RATE:
        for axle in (0.0, 0.17, 0.42, 0.59):
            start = int((at + axle * period) * RATE)
            if start >= samples:
                break
            blow: Signal = noise_burst(rng, 900 * rng.uniform(0.9, 1.1), 0.7, 0.016)
            for sound, gain in (
                (blow, 3.5),
                (damped_sine(74.0, 0.03), 4.0),
                (damped_sine(1870.0, 0.02), 0.6),
            ):
                piece = sound[: samples - start]
                knocks[:, start : start + len(piece)] += gain * loud * pan(piece, 0.1)
        at += period
    return roll + reverberate(knocks, rng, 0.4, 0.1)


def bell(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A church bell: hum, prime, tierce, quint, nominal and above (partials after Lehr)."""
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
        tone = damped_sine(nominal / 2 * ratio, fall, 0.0, rng.random())[: len(stroke)]
        beat = 1 + 0.15 * np.sin(2 * np.pi * rng.uniform(0.6, 1.8) * np.arange(len(tone)) / RATE)
        stroke[: len(tone)] += (strength * tone * beat).astype(np.float32)
    at = 0.2
    while at < samples / RATE:
        start = int(at * RATE)
        piece = stroke[: samples - start]
        out[:, start : start + len(piece)] += pan(piece, 0.15) * rng.uniform(0.85, 1)
        at += 2.6 - 0.8 * intensity
    return reverberate(_distant(out), rng, 2.2, 0.4)


def _distant(sound: Block) -> Block:
    """A sound at a distance: air absorbs treble, here 6 dB per octave above 3 kHz."""
    size = fft_size(sound.shape[1])
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    curve = (1 / np.sqrt(1 + (hertz / 3000) ** 2)).astype(np.float32)
    far = np.fft.irfft(np.fft.rfft(sound, size) * curve, size)
    return np.asarray(far[:, : sound.shape[1]], np.float32)
