"""The sound of a lip sync: the video's own, and the voices over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from kirin.audio.mastering import limit
from kirin.domain.soundtrack import RATE, Block
from kirin.media.audio_source import AudioSource

BLOCK: Final = 2 * RATE
"""Samples a block."""

_EDGE: Final = int(0.015 * RATE)
"""Samples in which volumes change at either end of a voice: a step would click."""

_CONTEXT: Final = int(0.02 * RATE)
"""Samples around a block that the limiter's gain in it depends on."""


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """A voice in the sound of a video.

    Attributes:
        sound: stereo.
        first: sample of the video at which it begins.
        volume: of the voice.
        original_volume: of the video's own sound meanwhile.
    """

    sound: Block
    first: int
    volume: float
    original_volume: float

    @property
    def last(self) -> int:
        """The sample after its end."""
        return self.first + int(self.sound.shape[1])


def mixed(
    video: Path, voices: Sequence[Voice], length: int, check: Callable[[], None]
) -> Iterator[Block]:
    """The sound of a video with voices over it, in blocks of two seconds.

    Outside of the voices it is the video's own, sample by sample. Within them, peaks that
    would clip are turned down by a limiter.

    Args:
        video: its own sound may be missing; then silence stands for it.
        voices: at any times.
        length: samples of the whole.
        check: called for each block; raises to stop.
    """
    source = AudioSource(video)
    try:
        own = _Reader(source.blocks())
        before = np.zeros((2, 0), np.float32)  # the context that is already mixed
        bare, ahead = _mix(own, voices, 0, min(BLOCK, length))
        for start in range(0, length, BLOCK):
            check()
            alone, here = bare, ahead
            end = start + here.shape[1]
            bare, ahead = _mix(own, voices, end, min(BLOCK, length - end))
            share = _within(voices, start, end)
            if share.any():
                around = np.concatenate([before, here, ahead[:, :_CONTEXT]], 1)
                limited = limit(around)[:, before.shape[1] : before.shape[1] + here.shape[1]]
                yield np.clip(alone + (limited - alone) * share, -1, 1)
            else:
                yield alone
            before = here[:, -_CONTEXT:]
    finally:
        source.close()


def _mix(own: _Reader, voices: Sequence[Voice], start: int, count: int) -> tuple[Block, Block]:
    """Some samples of the video's own sound, and of the mix, which may exceed full scale."""
    alone = own.read(max(count, 0))
    whole = alone.copy()
    end = start + whole.shape[1]
    for voice in voices:
        share = _within([voice], start, end)
        whole *= 1 + (voice.original_volume - 1) * share
    for voice in voices:
        first, last = max(start, voice.first), min(end, voice.last)
        if last > first:
            part = voice.sound[:, first - voice.first : last - voice.first]
            whole[:, first - start : last - start] += part * np.float32(voice.volume)
    return alone, whole


def _within(voices: Sequence[Voice], start: int, end: int) -> Block:
    """For each sample from 0 to 1 whether there is a voice: float32 of shape ``(samples,)``."""
    at = np.arange(start, end, dtype=np.float32)
    share = np.zeros(end - start, np.float32)
    for voice in voices:
        if voice.last > start and voice.first < end:
            inner = np.minimum(at + 1 - voice.first, voice.last - at) / _EDGE
            share = np.maximum(share, inner.clip(0, 1))
    return share


class _Reader:
    """Blocks of any lengths as stretches of given ones; silence where they end."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._rest = np.zeros((2, 0), np.float32)

    def read(self, count: int) -> Block:
        """The next samples, in an array of their own."""
        parts, have = [self._rest], self._rest.shape[1]
        while have < count and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            have += block.shape[1]
        joined = np.concatenate(parts, 1)
        self._rest = joined[:, count:].copy()
        out = np.zeros((2, count), np.float32)
        found = joined[:, :count]
        out[:, : found.shape[1]] = found
        return out
