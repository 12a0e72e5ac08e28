"""Speech synthesis (text to speech), by the package of the optional ``speech`` extra."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from kirin.audio.synthesis import Signal
from kirin.domain.soundtrack import RATE

PACKAGE: Final = "hibari"

_FOREIGN: Final = re.compile(r"[^\W\d_A-Za-z\u00c0-\u024f]")


def installed() -> bool:
    """Whether the ``speech`` extra is installed."""
    return find_spec(PACKAGE) is not None


def speech_obstacle(words: str) -> str:
    """Why words cannot be spoken, for the task's metadata; empty if they can."""
    if _FOREIGN.search(words):
        return "the voice speaks English only"
    if not re.search(r"[A-Za-z0-9]", words):
        return "there are no words in it"
    if not installed():
        return "needs the 'speech' extra: pip install 'kirin[speech]'"
    return ""


def speak(words: str, seed: int, speed: float = 1.0) -> Signal:
    """Synthesise speech.

    Args:
        words: English.
        seed: of the random excitation in the voice; the same words and seed give the same samples.
        speed: 0.5 to 2 times the normal rate.

    Returns:
        Mono sound at ``RATE``, full scale 1; empty if there is nothing to say.
    """
    voice = _voice()
    spoken = np.asarray(voice(words, speed=speed, seed=seed), np.float32)
    return _upsampled(spoken, RATE // int(voice.sample_rate))


@cache
def _voice() -> Any:
    """The voice that comes with the package, loaded once a process."""
    hibari = import_module(PACKAGE)

    return hibari.Hibari(threads=1)


def _upsampled(signal: Signal, times: int) -> Signal:
    """The same sound at a multiple of its sampling rate, by zero padding its spectrum."""
    if times == 1 or not len(signal):
        return signal
    silence = 256  # keeps the end from ringing into the beginning
    padded = np.pad(signal, (0, silence + (len(signal) + silence) % 2))
    finer = np.fft.irfft(np.fft.rfft(padded), len(padded) * times) * times
    return np.asarray(finer[: len(signal) * times], np.float32)
