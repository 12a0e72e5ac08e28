"""The sound track of a storyboard: each shot's ambience and speech, joined and mastered."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from kirin.audio.ambience import ambience
from kirin.audio.master import levelled, mastered
from kirin.audio.signal import Signal, hall, pan
from kirin.audio.speech import Quote, quotes, speak, unquoted
from kirin.domain.soundtrack import RATE, Block
from kirin.domain.storyboard import Shot, Storyboard
from kirin.prompt.embeddings import meaning
from kirin.prompt.scene import read_brief
from kirin.prompt.sounds import Layer, hear

BLOCK: Final = 2 * RATE
FADE: Final = int(0.35 * RATE)
"""Samples in which the video's sound comes and goes; at most a tenth of a short one."""

CROSS: Final = int(0.12 * RATE)
"""Samples around a cut in which one shot's sound gives way to the next."""

_LEAD: Final = 0.35
_PAUSE: Final = 0.45
_FASTEST: Final = 1.35
_DUCK: Final = 10 ** (-11 / 20)
_SPEECH: Final = 3.0
"""dB by which speech is louder than the loudest ambience; ducked, it leaves that far below."""


@dataclass(slots=True)
class ShotSound:
    """What is heard in one shot.

    Attributes:
        layers: its ambience.
        quotes: its quoted words.
        notes: what metadata tells: the ambience, and of each quote whether it is spoken. Words
            that the shot turns out too short for are marked when the sound is made.
    """

    layers: tuple[Layer, ...]
    quotes: tuple[Quote, ...]
    notes: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.notes = {"ambience": [layer.kind.value for layer in self.layers]}
        if self.quotes:
            self.notes["speech"] = [
                {"words": each.words, "spoken": True}
                if not each.obstacle
                else {"words": each.words, "spoken": False, "why": each.obstacle}
                for each in self.quotes
            ]


def listen(storyboard: Storyboard) -> list[ShotSound]:
    """What is heard in each shot, before anything is made. Fast."""
    return [_listen(storyboard, shot) for shot in storyboard.shots]


def _listen(storyboard: Storyboard, shot: Shot) -> ShotSound:
    drawn = not (shot.first or shot.last or shot.references)
    unwanted = storyboard.negative_prompt
    words = unquoted(shot.prompt)
    # A drawn scene is drawn from the whole prompt, and must sound as it looks.
    brief = read_brief(shot.prompt if drawn else words, unwanted, storyboard.seed, meaning())
    return ShotSound(hear(words, unwanted, brief, drawn=drawn), quotes(shot.prompt))


def play(
    storyboard: Storyboard, sounds: Sequence[ShotSound], check: Callable[[], None]
) -> Iterator[Block]:
    """The sound of the video, in blocks of two seconds.

    All of it is made before the first block is given, because its loudness is that of the
    whole: 384 kB a second, so that 15 seconds are less than two 1080p pictures.

    Args:
        storyboard: the video.
        sounds: what :func:`listen` gave for it.
        check: called between the steps; may raise ``Stopped``.
    """
    edges = [0, *(int(cut * RATE / storyboard.fps) for cut in storyboard.cuts())]
    whole = np.zeros((2, edges[-1]), np.float32)
    for index, (start, end) in enumerate(itertools.pairwise(edges)):
        if end == start:  # less than a frame is neither seen nor heard
            continue
        check()
        before = min(CROSS // 2, start)
        after = min(CROSS // 2, edges[-1] - end)
        length = before + end - start + after
        sound = _shot(sounds[index], length, storyboard.seed + index)
        _ramp(sound, 2 * before, 2 * after)
        whole[:, start - before : end + after] += sound
    check()
    edge = min(FADE, whole.shape[1] // 10)
    whole = mastered(whole)
    _ramp(whole, edge, edge)
    for first in range(0, whole.shape[1], BLOCK):
        yield whole[:, first : first + BLOCK]


def _shot(sound: ShotSound, samples: int, seed: int) -> Block:
    background = ambience(sound.layers, samples, seed)
    told = [each for each in sound.notes.get("speech", ()) if each["spoken"]]
    if not told:
        return background
    voice = _voices(told, samples, seed)
    if not voice.any():
        return background
    duck = 1 - (1 - _DUCK) * _presence(voice)
    rng = np.random.default_rng([seed, 99])
    near = hall(pan(voice, 0.0), rng, 0.3, 0.02)
    return background * duck + levelled(near, -20 + _SPEECH)


def _voices(told: Sequence[dict[str, Any]], samples: int, seed: int) -> Signal:
    """The words one after the other, hurried a little if the shot is short, cut if it ends."""
    lead = min(_LEAD, samples / RATE / 8)
    room = samples / RATE - 2 * lead
    parts = [speak(each["words"], seed) for each in told]
    pauses = _PAUSE * (len(parts) - 1)
    needed = sum(len(part) for part in parts) / RATE
    if needed + pauses > room:
        speed = min(_FASTEST, needed / max(room - pauses, 0.1))
        parts = [speak(each["words"], seed, speed) for each in told]
    voice = np.zeros(samples, np.float32)
    at = int(lead * RATE)
    for each, part in zip(told, parts, strict=True):
        piece = part[: max(0, samples - at)].copy()
        if len(piece) < len(part):
            each["spoken"] = bool(len(piece))
            each["why"] = "the shot ends before the words do"
            soft = min(len(piece), RATE // 20)
            piece[len(piece) - soft :] *= np.linspace(1, 0, soft, dtype=np.float32)
        voice[at : at + len(piece)] = piece
        at += len(part) + int(_PAUSE * RATE)
    return voice


def _presence(voice: Signal) -> Signal:
    """From 0 to 1, whether somebody speaks around a moment; it changes within 0.3 s."""
    step = RATE // 100
    count = math.ceil(len(voice) / step)
    loud = np.abs(np.pad(voice, (0, count * step - len(voice)))).reshape(count, step).max(1)
    speaking = (loud > 0.02).astype(float)
    bell = np.hanning(63)[1:-1]
    held = np.convolve(speaking, np.ones(61), "same").clip(0, 1)
    smooth = np.convolve(np.pad(held, 30, mode="edge"), bell / bell.sum(), "valid")
    at = np.arange(len(voice)) / step
    return np.interp(at, np.arange(count), smooth).astype(np.float32)


def _ramp(sound: Block, rise: int, fall: int) -> None:
    """Fade in and out, at constant power, in place."""
    if rise:
        sound[:, :rise] *= np.sin(np.linspace(0, np.pi / 2, rise, dtype=np.float32))
    if fall:
        sound[:, -fall:] *= np.cos(np.linspace(0, np.pi / 2, fall, dtype=np.float32))
