"""Raw material of ambience: shaped noise, slow change, grains, places between left and right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.audio.loudness import transform_size
from kirin.domain.soundtrack import RATE, Block

Curve = NDArray[np.float32]
"""Amplitude by frequency: shape ``(BINS,)``, or ``(frames, BINS)`` where it changes in time."""

Signal = NDArray[np.float32]
"""One channel: shape ``(samples,)``."""

Value = float | NDArray[np.floating]
"""A number, or one for each frame."""

HOP: Final = 1024
"""Samples between two curves: 21 ms, shorter than the ear follows in wind and water."""

WINDOW: Final = 2 * HOP
BINS: Final = HOP + 1
HERTZ: Final = np.maximum(np.arange(BINS) * (RATE / WINDOW), 1).astype(np.float32)
"""The frequency of each bin; the lowest is 1 and not 0, so that logarithms are finite."""

# Its squares add up to one at half overlap, which keeps the power of noise constant.
_FADE: Final = np.sin(np.pi * (np.arange(WINDOW) + 0.5) / WINDOW).astype(np.float32)


def frames(samples: int) -> int:
    """How many curves a stretch of so many samples takes."""
    return samples // HOP + 2


def moments(samples: int) -> Signal:
    """The time in seconds of each curve of a stretch."""
    return (np.arange(frames(samples)) * (HOP / RATE)).astype(np.float32)


def band(low: Value, high: Value, steep: float = 2.0) -> Curve:
    """A curve that lets a band of frequencies through.

    Args:
        low, high: corners in hertz, numbers or one number for each frame.
        steep: 1 falls off by 6 dB an octave, 2 by 12.
    """
    lower = np.asarray(low, np.float32)[..., None]
    upper = np.asarray(high, np.float32)[..., None]
    power = np.float32(2 * steep)
    rise = 1 / np.sqrt(1 + (lower / HERTZ) ** power)
    return np.asarray(rise / np.sqrt(1 + (HERTZ / upper) ** power), np.float32)


def peak(centre: Value, octaves: float) -> Curve:
    """A curve with one hump, a bell over the logarithm of frequency.

    Args:
        centre: hertz, a number or one for each frame.
        octaves: its standard deviation.
    """
    away = np.log2(HERTZ / np.asarray(centre, np.float32)[..., None]) / octaves
    return np.asarray(np.exp(-0.5 * away**2), np.float32)


def tilt(decibels: float) -> Curve:
    """A curve that rises by so many decibels an octave, 1 at 1 kHz."""
    return np.asarray((HERTZ / 1000) ** np.float32(decibels / 6.0206), np.float32)


def drift(samples: int, rng: np.random.Generator, seconds: float) -> Signal:
    """A number from 0 to 1 for each frame that wanders at random, and smoothly.

    Args:
        samples: length of the stretch.
        rng: where it wanders.
        seconds: how long it takes from one turn to the next.
    """
    at = moments(samples) / seconds + rng.random()
    knots = rng.random(int(at[-1]) + 2)
    whole = at.astype(int)
    part = at - whole
    part = part * part * (3 - 2 * part)
    return np.asarray(knots[whole] * (1 - part) + knots[whole + 1] * part, np.float32)


def stretched(values: Signal, samples: int) -> Signal:
    """Numbers for each frame as numbers for each sample, on straight lines between them."""
    at = np.arange(samples) / HOP
    return np.interp(at, np.arange(len(values)), values).astype(np.float32)


def noise(
    samples: int, rng: np.random.Generator, curve: NDArray[np.floating], width: float = 0.6
) -> Block:
    """Noise of the given colour, made frame by frame from random spectra.

    Args:
        samples: length.
        rng: the noise.
        curve: its colour.
        width: 0 for the same noise on both sides, which sounds from the middle; 1 for noises
            that have nothing to do with each other, which sound from everywhere.
    """
    count = frames(samples)

    def spectra() -> NDArray[np.complex64]:
        parts = rng.standard_normal((count, BINS, 2), np.float32)
        return parts.view(np.complex64)[..., 0]

    shared = spectra() * np.float32(math.sqrt(1 - width))
    apart = np.float32(math.sqrt(width))
    return np.stack(
        [_joined(np.fft.irfft((shared + spectra() * apart) * curve), samples) for _ in range(2)]
    )


def coloured(signal: Signal, curve: Curve) -> Signal:
    """A signal with its spectrum multiplied by a curve that may change in time."""
    samples = len(signal)
    padded = np.zeros((frames(samples) + 1) * HOP, np.float32)
    padded[HOP : HOP + samples] = signal
    pieces = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    return _joined(np.fft.irfft(np.fft.rfft(pieces * _FADE) * curve), samples)


def _joined(pieces: NDArray[np.floating], samples: int) -> Signal:
    """Overlap and add. Each piece starts half a window before its frame's moment."""
    faded = (pieces * _FADE).astype(np.float32).reshape(len(pieces), 2, HOP)
    return np.asarray((faded[:-1, 1] + faded[1:, 0]).ravel()[:samples])


def pan(signal: Signal, place: float | Signal) -> Block:
    """A signal put between left (-1) and right (1), at constant power."""
    angle = (np.asarray(place, np.float32) + 1) * np.float32(math.pi / 4)
    return np.stack([signal * np.cos(angle), signal * np.sin(angle)]).astype(np.float32)


def ring(hertz: float, seconds: float, rise: float = 0.0, phase: float = 0.0) -> Signal:
    """A decaying tone, such as a drop, a bubble or a struck thing gives.

    Args:
        hertz: its frequency at the start.
        seconds: time in which it falls to 1/e; it ends after six times that.
        rise: by how much of itself the frequency rises in that time.
        phase: of the first sample, in turns.
    """
    time = np.arange(max(2, int(6 * seconds * RATE))) / RATE
    turns = hertz * (time + rise * time**2 / (2 * seconds)) + phase
    soft = np.minimum(time * 8000, 1)  # no click where it begins
    return (np.sin(2 * np.pi * turns) * np.exp(-time / seconds) * soft).astype(np.float32)


def burst(rng: np.random.Generator, hertz: float, octaves: float, seconds: float) -> Signal:
    """A decaying puff of noise around a frequency: a click, a crackle, a clap.

    Args:
        rng: the noise.
        hertz, octaves: its colour, as in :func:`peak`.
        seconds: time in which it falls to 1/e.
    """
    length = max(48, int(6 * seconds * RATE))
    hertzes = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 1)
    colour = np.exp(-0.5 * (np.log2(hertzes / hertz) / octaves) ** 2)
    puff = np.fft.irfft(np.fft.rfft(rng.standard_normal(length)) * colour, length)
    puff *= np.exp(-np.arange(length) / (seconds * RATE))
    return np.asarray(puff / (np.abs(puff).max() + 1e-9), np.float32)


def scatter(
    samples: int,
    rng: np.random.Generator,
    grains: Sequence[Signal],
    starts: NDArray[np.integer],
    amplitudes: NDArray[np.floating],
    width: float = 1.0,
) -> Block:
    """Many short sounds, each one of ``grains`` taken at random.

    Args:
        samples: length of the whole; what sounds longer is cut off.
        rng: which grain where.
        grains: the kinds of sound.
        starts: first sample of each, from 0 to ``samples``.
        amplitudes: of each.
        width: how far from the middle they come, 0 to 1.
    """
    longest = max(len(grain) for grain in grains)
    out = np.zeros((2, samples + longest), np.float32)
    kinds = rng.integers(len(grains), size=len(starts))
    angles = (rng.uniform(-width, width, len(starts)) + 1) * (math.pi / 4)
    sides = np.stack([np.cos(angles), np.sin(angles)]) * amplitudes
    for kind, grain in enumerate(grains):
        chosen = kinds == kind
        where = starts[chosen][:, None] + np.arange(len(grain))
        for side in range(2):
            np.add.at(out[side], where, (sides[side, chosen][:, None] * grain).astype(np.float32))
    return out[:, :samples]


def chances(
    rng: np.random.Generator, rate: NDArray[np.floating], samples: int
) -> NDArray[np.int64]:
    """When things happen by chance: first samples, sorted.

    Args:
        rng: the chance.
        rate: how often a second, for each frame.
        samples: length of the stretch.
    """
    counts = rng.poisson(np.maximum(rate, 0) * (HOP / RATE))
    starts = np.repeat(np.arange(len(counts)) * HOP, counts)
    starts = starts + rng.integers(HOP, size=len(starts))
    return np.sort(starts[starts < samples])


def hall(sound: Block, rng: np.random.Generator, seconds: float, wet: float) -> Block:
    """A sound with the reverberation of a place around it.

    Args:
        sound: what is heard there.
        rng: the echoes: decaying noise, different on each side.
        seconds: time in which they fall by 60 dB.
        wet: their power relative to the sound's own.
    """
    length = int(seconds * RATE)
    fall = np.exp(-6.9 * np.arange(length) / length)
    echoes = rng.standard_normal((2, length)).astype(np.float32) * fall
    # Air and leaves take the treble: a running mean over four samples, twice.
    for _ in range(2):
        echoes = np.mean([np.roll(echoes, shift, 1) for shift in range(4)], 0)
    echoes *= math.sqrt(wet) / np.sqrt((echoes**2).sum(1, keepdims=True))
    size = transform_size(sound.shape[1] + length)
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(echoes.astype(np.float32), size)
    return np.asarray(sound + np.fft.irfft(spectrum, size)[:, : sound.shape[1]], np.float32)
