"""Sound files: MP3, WAV and M4A, told by their content and read as samples."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer

from kirin.domain.soundtrack import RATE, Block
from kirin.errors import InputsRefused
from kirin.media.container import is_disk_error
from kirin.media.sound_probe import open_sound, sound_track

_MOST_SECONDS: Final = 600.0
"""Longest stretch that is read: as samples a minute has 23 MB."""


def read_sound(path: Path, start: float = 0.0, end: float = _MOST_SECONDS) -> Block:
    """A stretch of a sound file as samples, stereo at ``RATE``.

    What comes before it is decoded and dropped, what comes after it is not decoded.

    Args:
        path: an MP3, WAV or M4A.
        start, end: seconds from the file's first sample; less comes back where it ends earlier.

    Raises:
        InputsRefused: it is none of these, or broken, or ends before the stretch begins.
        OSError: there is no such file.
    """
    first, count = round(start * RATE), round(min(end - start, _MOST_SECONDS) * RATE)
    try:
        with open_sound(path) as container:
            sound = _samples(container, first, count)
    except av.FFmpegError as error:
        if is_disk_error(error):
            raise
        raise InputsRefused(
            f"the sound cannot be read ({error.strerror}): export it again as MP3, WAV or M4A"
        ) from error
    if not sound.shape[1]:
        raise InputsRefused(f"the sound ends before {start:g} s")
    return sound


def _samples(container: InputContainer, first: int, count: int) -> Block:
    """Decode ``count`` samples from number ``first`` on."""
    stream = sound_track(container)
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
    parts: list[Block] = []
    at = -first  # where the next samples belong in the stretch

    def put(frames: list[AudioFrame]) -> None:
        nonlocal at
        for frame in frames:
            block = np.asarray(frame.to_ndarray(), np.float32)
            parts.append(block[:, max(0, -at) : max(0, count - at)])
            at += block.shape[1]

    for frame in container.decode(stream):
        frame.pts = None  # some files have gaps in their timestamps, and no player hears them
        put(resampler.resample(frame))
        if at >= count:
            break
    else:
        put(resampler.resample(None))
    return np.concatenate(parts, 1) if parts else np.zeros((2, 0), np.float32)
