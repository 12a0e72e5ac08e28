"""Building blocks of sound synthesis: filtered noise, control signals, grains, panning, reverb.

Filters and control signals change once a frame of :data:`HOP` samples (short-time Fourier
synthesis by overlap-add).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.audio.fft import fft_size
from kirin.domain.soundtrack import RATE, Block

Response = NDArray[np.float32]
"""Magnitude response of a filter: shape ``(BINS,)``, or ``(frames, BINS)`` if it varies in time."""

Signal = NDArray[np.float32]
"""One channel: shape ``(samples,)``."""

Value = float | NDArray[np.floating]
"""A number, or one for each frame."""

HOP: Final = 1024
"""Samples a frame: 21 ms, shorter than audible changes in wind and water."""

WINDOW: Final = 2 * HOP
BINS: Final = HOP + 1
HERTZ: Final = np.maximum(np.arange(BINS) * (RATE / WINDOW), 1).astype(np.float32)
"""The frequency of each bin; the lowest is 1 and not 0, so that logarithms are finite."""

# A sine window: its squares add up to 1 at half overlap, which keeps the power of noise constant.
_SINE_WINDOW: Final = np.sin(np.pi * (np.arange(WINDOW) + 0.5) / WINDOW).astype(np.float32)


def frame_count(samples: int) -> int:
    """How many frames so many samples take."""
    return samples // HOP + 2


def frame_times(samples: int) -> Signal:
    """The time of each frame in seconds."""
    return (np.arange(frame_count(samples)) * (HOP / RATE)).astype(np.float32)


def band_pass(low: Value, high: Value, steep: float = 2.0) -> Response:
    """A band-pass filter.

    Args:
        low, high: cut-off frequencies in hertz, or one for each frame.
        steep: order of the slopes: 1 falls off by 6 dB per octave, 2 by 12.
    """
    lower = np.asarray(low, np.float32)[..., None]
    upper = np.asarray(high, np.float32)[..., None]
    power = np.float32(2 * steep)
    rise = 1 / np.sqrt(1 + (lower / HERTZ) ** power)
    return np.asarray(rise / np.sqrt(1 + (HERTZ / upper) ** power), np.float32)


def resonance(centre: Value, octaves: float) -> Response:
    """A resonance: a Gaussian over the logarithm of frequency.

    Args:
        centre: frequency in hertz, or one for each frame.
        octaves: standard deviation.
    """
    away = np.log2(HERTZ / np.asarray(centre, np.float32)[..., None]) / octaves
    return np.asarray(np.exp(-0.5 * away**2), np.float32)


def spectral_tilt(decibels: float) -> Response:
    """A filter that rises by so many decibels per octave, with gain 1 at 1 kHz."""
    return np.asarray((HERTZ / 1000) ** np.float32(decibels / 6.0206), np.float32)


def value_noise(samples: int, rng: np.random.Generator, seconds: float) -> Signal:
    """A smooth random control signal from 0 to 1, one value for each frame (value noise).

    Args:
        samples: length of the sound.
        rng: random values.
        seconds: time between two random values; smoothstep interpolates between them.
    """
    at = frame_times(samples) / seconds + rng.random()
    knots = rng.random(int(at[-1]) + 2)
    whole = at.astype(int)
    part = at - whole
    part = part * part * (3 - 2 * part)
    return np.asarray(knots[whole] * (1 - part) + knots[whole + 1] * part, np.float32)


def rms(sound: Block) -> float:
    """Root mean square; never 0, so that it can be divided by."""
    return float(np.sqrt((sound**2).mean())) + 1e-9


def to_audio_rate(values: Signal, samples: int) -> Signal:
    """Values for each frame as values for each sample, linearly interpolated."""
    at = np.arange(samples) / HOP
    return np.interp(at, np.arange(len(values)), values).astype(np.float32)


def filtered_noise(
    samples: int, rng: np.random.Generator, response: NDArray[np.floating], width: float = 0.6
) -> Block:
    """Stereo white noise through a filter.

    Args:
        samples: length.
        rng: the noise.
        response: the filter.
        width: stereo width: 0 for the same noise in both channels, 1 for uncorrelated noise.
    """
    count = frame_count(samples)

    def spectra() -> NDArray[np.complex64]:
        parts = rng.standard_normal((count, BINS, 2), np.float32)
        return parts.view(np.complex64)[..., 0]

    shared = spectra() * np.float32(math.sqrt(1 - width))
    apart = np.float32(math.sqrt(width))
    return np.stack(
        [
            _overlap_add(np.fft.irfft((shared + spectra() * apart) * response), samples)
            for _ in range(2)
        ]
    )


def filtered(signal: Signal, response: Response) -> Signal:
    """A signal through a filter that may vary in time."""
    samples = len(signal)
    padded = np.zeros((frame_count(samples) + 1) * HOP, np.float32)
    padded[HOP : HOP + samples] = signal
    pieces = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    return _overlap_add(np.fft.irfft(np.fft.rfft(pieces * _SINE_WINDOW) * response), samples)


def _overlap_add(pieces: NDArray[np.floating], samples: int) -> Signal:
    """Windowed overlap-add. Each piece starts half a window before its frame's time."""
    faded = (pieces * _SINE_WINDOW).astype(np.float32).reshape(len(pieces), 2, HOP)
    return np.asarray((faded[:-1, 1] + faded[1:, 0]).ravel()[:samples])


def pan(signal: Signal, place: float | Signal) -> Block:
    """A mono signal placed between left (-1) and right (1), by the constant-power pan law."""
    angle = (np.asarray(place, np.float32) + 1) * np.float32(math.pi / 4)
    return np.stack([signal * np.cos(angle), signal * np.sin(angle)]).astype(np.float32)


def mix_in(out: Block, sound: Signal, start: int, gain: float, place: float) -> None:
    """Add a mono sound to ``out`` in place; what reaches beyond its end is cut off.

    Args:
        out: shape ``(2, samples)``.
        sound: what is added.
        start: its first sample, 0 or more.
        gain: its factor.
        place: between left (-1) and right (1).
    """
    piece = sound[: max(0, out.shape[1] - start)]
    if len(piece):
        out[:, start : start + len(piece)] += gain * pan(piece, place)


def damped_sine(hertz: float, seconds: float, rise: float = 0.0, phase: float = 0.0) -> Signal:
    """An exponentially decaying sine, as of a drop, a bubble or something struck.

    Args:
        hertz: its frequency at the start.
        seconds: time constant: it falls to 1/e in this time and ends after six times that.
        rise: by which fraction the frequency rises in that time.
        phase: of the first sample, in turns.
    """
    time = np.arange(max(2, int(6 * seconds * RATE))) / RATE
    turns = hertz * (time + rise * time**2 / (2 * seconds)) + phase
    soft = np.minimum(time * 8000, 1)  # avoids a click at the start
    return (np.sin(2 * np.pi * turns) * np.exp(-time / seconds) * soft).astype(np.float32)


def noise_burst(rng: np.random.Generator, hertz: float, octaves: float, seconds: float) -> Signal:
    """A short decaying burst of noise around a frequency: a click, a crackle, a clap.

    Args:
        rng: the noise.
        hertz, octaves: centre and width of its spectrum, as in :func:`resonance`.
        seconds: time constant of the decay.

    Returns:
        Peak amplitude 1.
    """
    length = max(48, int(6 * seconds * RATE))
    hertzes = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 1)
    colour = np.exp(-0.5 * (np.log2(hertzes / hertz) / octaves) ** 2)
    puff = np.fft.irfft(np.fft.rfft(rng.standard_normal(length)) * colour, length)
    puff *= np.exp(-np.arange(length) / (seconds * RATE))
    return np.asarray(puff / (np.abs(puff).max() + 1e-9), np.float32)


def scatter_grains(
    samples: int,
    rng: np.random.Generator,
    grains: Sequence[Signal],
    starts: NDArray[np.integer],
    amplitudes: NDArray[np.floating],
    width: float = 1.0,
) -> Block:
    """Granular synthesis: many short sounds, each a random choice of ``grains``.

    Args:
        samples: length of the result; grains that reach beyond it are cut off.
        rng: which grain is used, and its position between left and right.
        grains: the sounds to choose from.
        starts: first sample of each, from 0 to ``samples``.
        amplitudes: of each.
        width: stereo width, 0 to 1.
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


def poisson_onsets(
    rng: np.random.Generator, rate: NDArray[np.floating], samples: int
) -> NDArray[np.int64]:
    """Random onsets of a Poisson process: first samples, sorted.

    Args:
        rng: random numbers.
        rate: mean number a second, for each frame.
        samples: length of the sound.
    """
    counts = rng.poisson(np.maximum(rate, 0) * (HOP / RATE))
    starts = np.repeat(np.arange(len(counts)) * HOP, counts)
    starts = starts + rng.integers(HOP, size=len(starts))
    return np.sort(starts[starts < samples])


def reverberate(sound: Block, rng: np.random.Generator, seconds: float, wet: float) -> Block:
    """A sound with reverberation: convolved with exponentially decaying noise.

    Args:
        sound: the dry sound.
        rng: the noise, different in each channel.
        seconds: reverberation time (RT60), in which the echoes fall by 60 dB.
        wet: power of the echoes relative to the dry sound.
    """
    length = int(seconds * RATE)
    # exp(-6.9) is -60 dB.
    fall = np.exp(-6.9 * np.arange(length) / length)
    echoes = rng.standard_normal((2, length)).astype(np.float32) * fall
    # Air absorbs the treble: a moving average over four samples, twice.
    for _ in range(2):
        echoes = np.mean([np.roll(echoes, shift, 1) for shift in range(4)], 0)
    echoes *= math.sqrt(wet) / np.sqrt((echoes**2).sum(1, keepdims=True))
    size = fft_size(sound.shape[1] + length)
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(echoes.astype(np.float32), size)
    return np.asarray(sound + np.fft.irfft(spectrum, size)[:, : sound.shape[1]], np.float32)
