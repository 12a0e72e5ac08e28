"""Voices for tests, by formant synthesis: a glottal pulse train through resonators.

The cascade of second-order resonators is Klatt's (1980, "Software for a cascade/parallel formant
synthesizer"); formants are those of men in Peterson and Barney (1952).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.signal import lfilter

from kirin.domain.soundtrack import RATE, Block

VOWELS: dict[str, tuple[float, float, float]] = {
    "a": (730, 1090, 2440),
    "e": (530, 1840, 2480),
    "i": (270, 2290, 3010),
    "o": (570, 840, 2410),
    "u": (300, 870, 2240),
}
"""Centres of the first three formants, hertz."""

_WIDTHS = (60.0, 90.0, 150.0)


def vowel(name: str, seconds: float, pitch: float = 120.0) -> np.ndarray:
    """A sung vowel, mono at ``RATE``, rms 0.1."""
    count = round(seconds * RATE)
    phase = np.cumsum(pitch * (1 + 0.02 * np.sin(2 * np.pi * 4 * np.arange(count) / RATE))) / RATE
    source = np.diff(np.floor(phase), prepend=0.0)
    source = lfilter([1], [1, -0.98], source)  # falls like a glottal pulse
    for centre, width in zip(VOWELS[name], _WIDTHS, strict=True):
        r = np.exp(-np.pi * width / RATE)
        b, c = 2 * r * np.cos(2 * np.pi * centre / RATE), -r * r
        source = lfilter([1 - b - c], [1, -b, -c], source)
    source = np.diff(source, prepend=0.0)  # radiation at the lips
    return np.asarray(source / np.sqrt(np.mean(source**2)) * 0.1)


def babble(syllables: Sequence[str], step: float = 0.25, pause: float = 0.08) -> Block:
    """Syllables of one vowel each, with a closure before; a space is a syllable of silence."""
    parts = []
    for number, name in enumerate(syllables):
        silence = np.zeros(round(pause * RATE))
        length = step - pause
        if name == " ":
            parts += [silence, np.zeros(round(length * RATE))]
            continue
        loud = (1.0, 0.55, 0.8, 0.35)[number % 4]
        sound = vowel(name, length, 110 + 8 * (number % 3))
        rise = np.clip(np.arange(len(sound)) / (0.03 * RATE), 0, 1)
        parts += [silence, sound * rise * rise[::-1] * loud]
    mono = np.concatenate(parts)
    return np.repeat(mono[None], 2, 0).astype(np.float32)
