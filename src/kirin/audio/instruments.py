"""Musical instruments: piano, guitar, music box, drums."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.audio.synthesis import Signal, damped_sine, mix_in, noise_burst, reverberate
from kirin.domain.soundtrack import RATE, Block

_PENTATONIC: Final = np.array([0, 2, 4, 7, 9, 12, 14, 16, 19, 21])
"""Semitones of two octaves of the major pentatonic scale, in which no two notes clash."""

_CHORDS: Final = ((0, 4, 7, 12), (9, 12, 16, 21), (5, 9, 12, 17), (7, 11, 14, 19))
"""Semitones of I, vi, IV and V above the tonic."""

Instrument = Callable[[float], Signal]
"""Plays a note of a frequency in hertz."""


def piano(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A piano: a broken chord in the left hand and a melody in the right."""
    tonic = 220 * 2 ** (rng.integers(-3, 4) / 12)
    beat = 0.52 - 0.22 * intensity
    out = np.zeros((2, samples), np.float32)
    played = _Notes(lambda hertz: _struck_string(hertz, rng))
    beats = int(samples / RATE / beat) + 1
    for number, step in enumerate(_walk(rng, beats)):
        start = int((0.08 + number * beat) * RATE)
        chord = _CHORDS[number // 8 % 4]
        low = tonic / 2 * 2 ** (chord[(0, 2, 1, 2)[number % 4]] / 12)
        mix_in(out, played(low), start, 0.5 * rng.uniform(0.8, 1), -0.3)
        if number % 4 == 0 or rng.random() < 0.55:
            high = tonic * 2 * 2 ** (_PENTATONIC[step] / 12)
            mix_in(out, played(high), start, 0.6 * rng.uniform(0.75, 1), 0.25)
    return reverberate(out, rng, 1.1, 0.12)


def guitar(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """An acoustic guitar: chords, strummed from the lowest string to the highest."""
    tonic = 130.8 * 2 ** (rng.integers(-3, 4) / 12)
    beat = 0.62 - 0.24 * intensity
    out = np.zeros((2, samples), np.float32)
    played = _Notes(lambda hertz: _plucked_string(hertz, rng))
    for number in range(int(samples / RATE / beat) + 1):
        chord = _CHORDS[number // 4 % 4]
        strings = (chord[0] - 12, *chord) if number % 4 == 0 else chord[1:]
        for string, semitones in enumerate(strings):
            start = 0.06 + number * beat + 0.017 * string + rng.uniform(0, 0.004)
            note = played(tonic * 2 ** (semitones / 12))
            mix_in(out, note, int(start * RATE), rng.uniform(0.5, 0.8), 0.1 * string - 0.2)
    return reverberate(out, rng, 0.7, 0.08)


def music_box(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A music box: the comb's tines are clamped bars, whose second partial is at 6.27 times."""
    tonic = 1046.5 * 2 ** (rng.integers(-4, 3) / 12)
    beat = 0.36 - 0.12 * intensity
    out = np.zeros((2, samples), np.float32)

    def tine(hertz: float) -> Signal:
        note = damped_sine(hertz, 0.34)
        knock = damped_sine(min(6.27 * hertz, 15_000.0), 0.03)
        note[: len(knock)] += 0.25 * knock
        return note

    played = _Notes(tine)
    for number, step in enumerate(_walk(rng, int(samples / RATE / beat) + 1)):
        start = int((0.08 + number * beat + rng.uniform(0, 0.012)) * RATE)
        if number % 8 != 7:
            high = tonic * 2 ** (_PENTATONIC[step] / 12)
            mix_in(out, played(high), start, rng.uniform(0.6, 1), 0.2)
        if number % 4 == 0:
            low = tonic / 2 * 2 ** (_CHORDS[number // 8 % 4][0] / 12)
            mix_in(out, played(low), start, 0.6, -0.2)
    return reverberate(out, rng, 0.8, 0.15)


def drum(samples: int, rng: np.random.Generator, intensity: float) -> Block:
    """A drum kit in four: bass drum on one and three, snare on two and four, a hi-hat between."""
    beat = 0.66 - 0.26 * intensity
    out = np.zeros((2, samples), np.float32)
    # The skin is tightest when it is struck, so that the pitch falls.
    bass = damped_sine(78.0, 0.11, -0.22)
    for number in range(2 * int(samples / RATE / beat) + 2):
        start = int((0.07 + number * beat / 2) * RATE)
        hat = noise_burst(rng, 9500.0, 0.35, 0.012)
        mix_in(out, hat, start, 0.24 * rng.uniform(0.7, 1), 0.35)
        if number % 4 == 0 or (number % 8 == 5):
            mix_in(out, bass, start, 0.65, 0.0)
            mix_in(out, noise_burst(rng, 2500.0, 0.8, 0.003), start, 0.2, 0.0)
        if number % 4 == 2:
            mix_in(out, damped_sine(188.0, 0.05, -0.1), start, 0.45, -0.1)
            mix_in(out, noise_burst(rng, 3200.0, 1.1, 0.055), start, 0.75, -0.1)
    return reverberate(out, rng, 0.5, 0.06)


class _Notes:
    """Notes of an instrument, each made once."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._made: dict[int, Signal] = {}

    def __call__(self, hertz: float) -> Signal:
        key = round(hertz)
        if key not in self._made:
            self._made[key] = self._instrument(hertz)
        return self._made[key]


def _walk(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    """A melody: steps of the scale that mostly go to a neighbour, and turn at its ends."""
    last = len(_PENTATONIC) - 1
    path = rng.integers(2, last - 2) + np.cumsum(rng.choice([-2, -1, -1, 1, 1, 2], count))
    return np.asarray(last - np.abs(path % (2 * last) - last), np.int64)


def _struck_string(hertz: float, rng: np.random.Generator) -> Signal:
    """A piano string. Its stiffness makes the partials too high: f_n = n f sqrt(1 + B n^2).

    B is about 0.0004 in the middle of a piano (Fletcher 1964). A hammer at an eighth of the
    string does not excite the eighth partial.
    """
    time = np.arange(int(1.7 * RATE)) / RATE
    out = np.zeros(len(time))
    ring = 0.55 * (440 / hertz) ** 0.4
    for number in range(1, 11):
        partial = number * hertz * np.sqrt(1 + 0.0004 * number**2)
        if partial > 9000:
            break
        strength = abs(np.sin(np.pi * number / 8)) / number**1.3
        decay = np.exp(-time * (1 + 0.3 * (number - 1)) / ring)
        out += strength * decay * np.sin(2 * np.pi * (partial * time + rng.random()))
    knock = noise_burst(rng, 1300.0, 1.2, 0.006)
    out[: len(knock)] += 0.12 * knock
    edge = np.minimum(time / 0.003, 1) * np.minimum((time[-1] - time) / 0.08, 1)
    return np.asarray(out * edge, np.float32)


def _plucked_string(hertz: float, rng: np.random.Generator) -> Signal:
    """A string of steel, by the algorithm of Karplus and Strong (1983), a period at a time."""
    period = max(2, round(RATE / hertz - 0.5))  # the mean of two samples delays by half a one
    block = rng.uniform(-1, 1, period)
    for _ in range(2):  # a finger is softer than white noise
        block = (block + np.roll(block, 1)) / 2
    keep = 0.5 * 0.001 ** (1 / (hertz * 2.2))  # falls by 60 dB in 2.2 s, its treble sooner
    blocks, before = [block], 0.0
    for _ in range(int(1.6 * hertz)):
        shifted = np.concatenate([[before], block[:-1]])
        before = float(block[-1])
        block = keep * (block + shifted)
        blocks.append(block)
    note = np.concatenate(blocks)
    note[-2400:] *= np.linspace(1, 0, 2400)
    return np.asarray(note / (np.abs(note).max() + 1e-9), np.float32)
