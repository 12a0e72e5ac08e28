"""The sound of video files: what it is, packets of it, and samples of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.audio.frame import AudioFrame

from kirin.domain.soundtrack import RATE, Block
from kirin.errors import InputsRefused

CARRIED: Final = frozenset({"aac", "ac3", "alac", "eac3", "flac", "mp3", "opus"})
"""Codecs that MP4 has a registered name for and players know there. PCM has one too, since 2020
(ISO/IEC 23003-5), which hardly any player knows."""


class Sound:
    """The first sound track of a video file, timed from its first picture.

    Not safe for use by two threads at a time; :meth:`close` it at the end.

    Args:
        path: the video.

    Raises:
        InputsRefused: the file cannot be read.
        OSError: there is no such file.
    """

    def __init__(self, path: Path) -> None:
        with readable():
            self._container = av.open(f"file:{path}", "r")
        pictures, sounds = self._container.streams.video, self._container.streams.audio
        self._stream = sounds[0] if sounds else None
        self._origin = _start(pictures[0]) if pictures else Fraction(0)

    @property
    def stream(self) -> av.AudioStream | None:
        """The track, or ``None`` if there is none."""
        return self._stream

    @property
    def carried(self) -> bool:
        """Whether an MP4 can hold the track as it is."""
        return self._stream is not None and (
            self._stream.codec_context.codec.canonical_name in CARRIED
        )

    def packets(self) -> Iterator[av.Packet[av.AudioStream]]:
        """The track's packets, their times counted from the first picture.

        Raises:
            InputsRefused: the file is broken.
        """
        if self._stream is None:
            return
        with readable():
            for packet in self._container.demux(self._stream):
                if packet.pts is None or packet.dts is None or packet.time_base is None:
                    continue  # the demuxer's sign of the end
                shift = round(self._origin / packet.time_base)
                packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                yield packet

    def blocks(self) -> Iterator[Block]:
        """The track as samples, stereo at ``RATE``, from the first picture on.

        Silence stands where the track begins later than the picture.

        Raises:
            InputsRefused: the file is broken.
        """
        if self._stream is None:
            return
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
        skip: int | None = None
        with readable():
            for frame in self._container.decode(self._stream):
                if skip is None:
                    late = Fraction(frame.pts or 0) * (frame.time_base or 1) - self._origin
                    skip = -round(late * RATE)
                    if skip < 0:
                        yield np.zeros((2, -skip), np.float32)
                        skip = 0
                block = _joined(resampler.resample(frame))
                yield block[:, skip:]
                skip = max(0, skip - block.shape[1])
            yield _joined(resampler.resample(None))

    def close(self) -> None:
        """Close the file."""
        self._container.close()


@contextmanager
def readable() -> Iterator[None]:
    """Turns FFmpeg's errors into one that the user can act on."""
    try:
        yield
    except OSError:
        raise
    except av.FFmpegError as error:
        raise InputsRefused(
            f"the sound of the video cannot be read ({error.strerror}): mend it, or leave it out"
        ) from error


def _start(stream: av.VideoStream) -> Fraction:
    return Fraction(stream.start_time or 0) * (stream.time_base or 1)


def _joined(frames: list[AudioFrame]) -> Block:
    if not frames:
        return np.zeros((2, 0), np.float32)
    return np.concatenate([np.asarray(frame.to_ndarray(), np.float32) for frame in frames], 1)
