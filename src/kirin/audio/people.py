"""Sounds of people: footsteps, a heart, the murmur of a crowd, applause."""

from __future__ import annotations

import numpy as np

from kirin.audio.synthesis import (
    band_pass,
    damped_sine,
    filtered,
    filtered_noise,
    mix_in,
    noise_burst,
    pan,
    poisson_onsets,
    resonance,
    reverberate,
    scatter_grains,
    to_audio_rate,
    value_noise,
)
from kirin.domain.soundtrack import RATE, Block


def _step_onsets(samples: int, rng: np.random.Generator, intensity: float) -> list[int]:
    """First samples of footsteps: a walk at intensity 0.5, a run at 1."""
    period = 0.56 if intensity < 0.8 else 0.33
    at, steps = period * 0.4, []
    while at < samples / RATE:
        steps.append(int(at * RATE))
        at += period * rng.normal(1, 0.025)
    return steps


def footsteps(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Footsteps on hard ground: the knock of the heel, then the sole."""
    out = np.zeros((2, samples), np.float32)
    for number, start in enumerate(_step_onsets(samples, rng, intensity)):
        side = 0.12 if number % 2 else -0.12
        loud = rng.uniform(0.8, 1.0)
        mix_in(out, damped_sine(85 * rng.uniform(0.92, 1.1), 0.022), start, 0.7 * loud, side)
        mix_in(out, noise_burst(rng, 1500 * rng.uniform(0.85, 1.2), 0.8, 0.006), start, loud, side)
        sole = start + int(rng.uniform(0.055, 0.08) * RATE)
        if sole < samples:
            mix_in(out, noise_burst(rng, 900, 1.0, 0.014), sole, 0.35 * loud, side)
    return reverberate(out, rng, 0.35, 0.05)


def crunch(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Footsteps in snow or gravel: many grains crunch under each."""
    out = np.zeros((2, samples), np.float32)
    grains = [
        noise_burst(rng, 2400 * 2 ** rng.uniform(-1, 1), 0.4, rng.uniform(0.0008, 0.003))
        for _ in range(32)
    ]
    for number, start in enumerate(_step_onsets(samples, rng, intensity)):
        length = int(0.30 * RATE)
        at = np.sort(rng.beta(1.6, 2.6, 110) * length * 0.9).astype(int)
        press = scatter_grains(length, rng, grains, at, rng.random(110) ** 2, 0.5)
        room = min(length, samples - start)
        out[:, start : start + room] += press[:, :room] * rng.uniform(0.8, 1)
        thud = damped_sine(70.0, 0.03)
        mix_in(out, thud, start, 0.3, 0.1 if number % 2 else -0.1)
    return out


def heartbeat(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A heart as heard from inside: at each beat the valves close one after the other."""
    out = np.zeros((2, samples), np.float32)
    period = 1.05 - 0.55 * intensity
    at = 0.2
    while at < samples / RATE:
        for late, hertz, gain in ((0.0, 62.0, 1.0), (0.3 * period**0.5, 78.0, 0.65)):
            start = int((at + late) * RATE)
            mix_in(out, damped_sine(hertz, 0.045, -0.2), start, gain, 0.0)
            mix_in(out, damped_sine(2.4 * hertz, 0.028), start, 0.75 * gain, 0.0)
        at += period * rng.normal(1, 0.012)
    return reverberate(out, rng, 0.35, 0.1)


def crowd(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """The murmur of a crowd: voices with pitch, syllables and changing formants."""
    out = np.zeros((2, samples), np.float32)
    seconds = samples / RATE
    for _ in range(5):
        first = 330 * 2 ** (1.2 * value_noise(samples, rng, 0.17))
        second = 950 * 2 ** (1.2 * value_noise(samples, rng, 0.15))
        vowel = (
            resonance(first, 0.18) + 0.5 * resonance(second, 0.14) + 0.15 * resonance(2700.0, 0.12)
        )
        glottis = np.zeros(samples, np.float32)
        for _ in range(4):
            pitch = rng.choice([115, 205]) * 2 ** rng.uniform(-0.3, 0.3)
            tune = to_audio_rate(value_noise(samples, rng, 0.4), samples)
            turns = np.cumsum(pitch * 2 ** (0.5 * tune)) / RATE
            cycles = int(turns[-1])
            pulses = np.searchsorted(turns, np.arange(1, cycles + 1))
            speech = to_audio_rate(value_noise(samples, rng, 0.12), samples)
            breaks = to_audio_rate(value_noise(samples, rng, 1.1), samples) > 0.35
            level = np.maximum(speech - 0.3, 0) * breaks * rng.uniform(0.5, 1)
            pulses = pulses[pulses < samples]
            glottis[pulses] += level[pulses]
        out += pan(filtered(glottis, vowel.astype(np.float32)), rng.uniform(-0.8, 0.8))
    murmur = band_pass(180, 1100, 1.3) * (0.5 + 0.5 * value_noise(samples, rng, 0.25))[:, None]
    hum = filtered_noise(samples, rng, murmur, 0.9)
    loud = float(np.sqrt((out**2).mean() / (hum**2).mean()))
    mixed = out + hum * loud * (0.5 + 0.4 * intensity)
    return reverberate(np.asarray(mixed, np.float32), rng, min(0.9, seconds), 0.5)


def applause(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """Applause: people who each clap at a rate and with a timbre of their own."""
    out = np.zeros((2, samples), np.float32)
    seconds = samples / RATE
    for _ in range(25 + round(50 * intensity)):
        hands = noise_burst(
            rng, 1350 * 2 ** rng.uniform(-0.7, 0.7), 0.45, rng.uniform(0.002, 0.006)
        )
        pace = rng.uniform(3.2, 5.2)
        beats = np.arange(rng.uniform(0, 0.5), seconds, 1 / pace)
        starts = ((beats + rng.normal(0, 0.012, len(beats))).clip(0) * RATE).astype(int)
        starts = starts[starts < samples]
        loud = rng.uniform(0.15, 1.0) ** 2 * rng.uniform(0.75, 1, len(starts))
        out += scatter_grains(samples, rng, [hands], starts, loud, rng.random())
    wash = poisson_onsets(rng, np.full(samples // 1024 + 2, 500 * intensity, np.float32), samples)
    far = [noise_burst(rng, 1800 * 2 ** rng.uniform(-1, 0.7), 0.6, 0.004) for _ in range(24)]
    out += scatter_grains(samples, rng, far, wash, rng.random(len(wash)) * 0.12)
    return reverberate(out, rng, 0.8, 0.25)
