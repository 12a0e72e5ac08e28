"""The soundtrack of a storyboard: each shot's ambience and speech, cross-faded and mastered."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from kirin.audio.ambience import REFERENCE
from kirin.audio.bed import BedSection, fade, mix_bed
from kirin.audio.mastering import master, normalise_loudness
from kirin.audio.speech import speak, speech_obstacle
from kirin.audio.synthesis import Signal, pan, reverberate
from kirin.domain.intent import Intent, Quotation, SoundLayer
from kirin.domain.soundtrack import RATE, Block
from kirin.domain.storyboard import Storyboard

BLOCK: Final = 2 * RATE
"""Samples a block."""

FADE: Final = int(0.35 * RATE)
"""Samples of fade-in and fade-out of the video; at most a tenth of a short one."""

_LEAD: Final = 0.35  # seconds before and after speech
_PAUSE: Final = 0.45  # seconds between two quotations
_MAX_SPEED: Final = 1.35  # of speech in a short shot
_DUCKING: Final = 10 ** (-11 / 20)  # gain of the ambience under speech
_SPEECH_LEVEL: Final = 3.0
"""LU by which speech is louder than ambience at its reference level."""

_ENVELOPE_STEP: Final = RATE // 100
_SPEECH_THRESHOLD: Final = 0.02


@dataclass(slots=True)
class ShotSound:
    """What is heard in one shot.

    Attributes:
        layers: its ambience.
        quotations: its quoted words.
        missing: words for sounds that cannot be made.
        notes: for the task's metadata: the ambience, what is missing, and for each quotation
            whether it is spoken and why not. Words that do not fit into the shot are marked when
            they are synthesised.
    """

    layers: tuple[SoundLayer, ...]
    quotations: tuple[Quotation, ...]
    missing: tuple[str, ...] = ()
    notes: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.notes = {"ambience": [layer.kind.value for layer in self.layers]}
        if self.missing:
            self.notes["missing"] = list(self.missing)
        if self.quotations:
            self.notes["speech"] = [_speech_note(each) for each in self.quotations]


def _speech_note(quotation: Quotation) -> dict[str, Any]:
    written = "it is written there, not said"
    obstacle = written if quotation.written else speech_obstacle(quotation.words)
    if obstacle:
        return {"words": quotation.words, "spoken": False, "why": obstacle}
    return {"words": quotation.words, "spoken": True}


def plan_sounds(intents: Iterable[Intent]) -> list[ShotSound]:
    """What is heard in each shot; nothing is synthesised yet."""
    return [ShotSound(intent.sounds, intent.quotations, intent.unheard) for intent in intents]


def synthesise(
    storyboard: Storyboard, sounds: Sequence[ShotSound], check: Callable[[], None]
) -> Iterator[Block]:
    """The sound of the video, in blocks of two seconds.

    All of it is synthesised before the first block is returned, because loudness is measured
    over the whole: 384 kB a second, so that 15 seconds take less than two 1080p pictures.

    Args:
        storyboard: the video.
        sounds: one for each shot, from :func:`plan_sounds`.
        check: called between the steps; may raise ``Stopped``.
    """
    edges = [0, *(int(cut * RATE / storyboard.fps) for cut in storyboard.cuts())]
    sections = []
    voice = np.zeros(edges[-1], np.float32)
    speech = np.zeros((2, edges[-1]), np.float32)
    for index, (start, end) in enumerate(itertools.pairwise(edges)):
        if end == start:  # less than a frame is neither seen nor heard
            continue
        seed = storyboard.seed + index
        sections.append(BedSection(sounds[index].layers, start, end, seed))
        check()
        spoken = _speech(sounds[index], end - start, seed)
        if spoken is not None:
            voice[start:end], speech[:, start:end] = spoken
    whole = mix_bed(sections, check)
    if voice.any():
        whole = whole * (1 - (1 - _DUCKING) * _speech_envelope(voice)) + speech
    check()
    edge = min(FADE, whole.shape[1] // 10)
    whole = master(whole)
    fade(whole, edge, edge)
    for first in range(0, whole.shape[1], BLOCK):
        yield whole[:, first : first + BLOCK]


def _speech(sound: ShotSound, samples: int, seed: int) -> tuple[Signal, Block] | None:
    """A shot's quotations, dry, and at their loudness in the room; ``None`` if there are none."""
    spoken = [each for each in sound.notes.get("speech", ()) if each["spoken"]]
    if not spoken:
        return None
    voice = _voices(spoken, samples, seed)
    rng = np.random.default_rng([seed, 99])
    speech = reverberate(pan(voice, 0.0), rng, 0.3, 0.02)
    edge = min(RATE // 50, samples // 2)
    fade(speech, 0, edge)
    return voice, normalise_loudness(speech, REFERENCE + _SPEECH_LEVEL)


def _voices(notes: Sequence[dict[str, Any]], samples: int, seed: int) -> Signal:
    """Quotations spoken one after the other, faster in a short shot, cut where it ends.

    Args:
        notes: those of each quotation; whether it was cut is written into them.
        samples: length of the shot.
        seed: of the voice.
    """
    lead = min(_LEAD, samples / RATE / 8)
    room = samples / RATE - 2 * lead
    parts = [speak(each["words"], seed) for each in notes]
    pauses = _PAUSE * (len(parts) - 1)
    needed = sum(len(part) for part in parts) / RATE
    if needed + pauses > room:
        speed = min(_MAX_SPEED, needed / max(room - pauses, 0.1))
        parts = [speak(each["words"], seed, speed) for each in notes]
    voice = np.zeros(samples, np.float32)
    at = int(lead * RATE)
    for each, part in zip(notes, parts, strict=True):
        piece = part[: max(0, samples - at)].copy()
        if len(piece) < len(part):
            each["spoken"] = bool(len(piece))
            each["why"] = "the shot ends before the words do"
            soft = min(len(piece), RATE // 20)
            piece[len(piece) - soft :] *= np.linspace(1, 0, soft, dtype=np.float32)
        voice[at : at + len(piece)] = piece
        at += len(part) + int(_PAUSE * RATE)
    return voice


def _speech_envelope(voice: Signal) -> Signal:
    """For each sample from 0 to 1 whether there is speech around it; changes take 0.3 s."""
    count = math.ceil(len(voice) / _ENVELOPE_STEP)
    loud = np.abs(np.pad(voice, (0, count * _ENVELOPE_STEP - len(voice))))
    loud = loud.reshape(count, _ENVELOPE_STEP).max(1)
    speaking = (loud > _SPEECH_THRESHOLD).astype(float)
    window = np.hanning(63)[1:-1]
    held = np.convolve(speaking, np.ones(61), "same").clip(0, 1)
    smooth = np.convolve(np.pad(held, 30, mode="edge"), window / window.sum(), "valid")
    at = np.arange(len(voice)) / _ENVELOPE_STEP
    return np.interp(at, np.arange(count), smooth).astype(np.float32)
