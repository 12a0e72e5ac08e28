"""Speech: the quoted words of a prompt, spoken by the optional package of the ``speech`` extra."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from kirin.audio.signal import Signal
from kirin.domain.soundtrack import RATE

PACKAGE: Final = "hibari"

_QUOTED: Final = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|『([^』]*)』|«([^»]*)»')
_WRITTEN: Final = re.compile(
    r"(?:\b(?:sign|signs|text|titled?|label(?:led|ed)?|written|reads?|reading|named|called"
    r"|caption|logo|lettering)\b[\s:,]*|(?:写着|标题|招牌|名叫|名为|字样|题为|叫)[:：]?)$",
    re.IGNORECASE,
)
_FOREIGN: Final = re.compile(r"[^\W\d_A-Za-z\u00c0-\u024f]")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that a prompt puts in quotation marks.

    Attributes:
        words: without the marks.
        obstacle: why they are not spoken; empty if they are.
    """

    words: str
    obstacle: str


def quotes(prompt: str) -> tuple[Quote, ...]:
    """The quoted words of a prompt, in order, and whether they can be spoken."""
    found = []
    for match in _QUOTED.finditer(prompt):
        words = next(group for group in match.groups() if group is not None).strip()
        if words:
            found.append(Quote(words, _obstacle(words, prompt[: match.start()])))
    return tuple(found)


def unquoted(prompt: str) -> str:
    """The prompt without what is said in it: who talks of rain does not stand in it."""
    return _QUOTED.sub(" ", prompt)


def installed() -> bool:
    """Whether the ``speech`` extra is there."""
    return find_spec(PACKAGE) is not None


def speak(words: str, seed: int, speed: float = 1.0) -> Signal:
    """Words as sound at ``RATE``, one channel, full scale 1; empty if nothing can be said.

    Args:
        words: English.
        seed: of the breath in the voice; the same words and seed give the same samples.
        speed: 0.5 to 2 times the usual.
    """
    voice = _voice()
    said = np.asarray(voice(words, speed=speed, seed=seed), np.float32)
    return _faster(said, RATE // int(voice.sample_rate))


def _obstacle(words: str, before: str) -> str:
    if _WRITTEN.search(before.rstrip()[-24:]):
        return "it is written there, not said"
    if _FOREIGN.search(words):
        return "the voice speaks English only"
    if not re.search(r"[A-Za-z0-9]", words):
        return "there are no words in it"
    if not installed():
        return "needs the 'speech' extra: pip install 'kirin[speech]'"
    return ""


@cache
def _voice() -> Any:
    """The voice that the package carries in its wheel; it loads once a process."""
    hibari = import_module(PACKAGE)

    return hibari.Hibari(threads=1)


def _faster(signal: Signal, times: int) -> Signal:
    """The same sound at a multiple of its rate, by way of its spectrum."""
    if times == 1 or not len(signal):
        return signal
    silence = 256  # so that the end does not ring into the beginning
    padded = np.pad(signal, (0, silence + (len(signal) + silence) % 2))
    finer = np.fft.irfft(np.fft.rfft(padded), len(padded) * times) * times
    return np.asarray(finer[: len(signal) * times], np.float32)
