"""Reading a video file's audio: choosing the track, its packets, its samples."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.stream import Disposition

from kirin.domain.soundtrack import RATE, Block
from kirin.errors import InputsRefused
from kirin.media.container import is_disk_error, open_video, sound_codecs, video_track
from kirin.media.refusal import MediaRefused

COPYABLE: Final = frozenset({"aac", "ac3", "alac", "eac3", "flac", "mp3", "opus"})
"""Codecs that MP4 has a registered name for and players know there. PCM has one too, since 2020
(ISO/IEC 23003-5), which hardly any player knows."""


_REORDERED: Final = 32
"""Packets among which the first picture to be shown is: H.264 and HEVC reorder at most 16."""


class AudioSource:
    """The audio track of a video file that is used, timed from the file's first picture.

    It is the first one that can be copied or decoded; tracks that players enable by default come
    before others.

    Not safe for use by two threads at a time; :meth:`close` it at the end.

    Args:
        path: the video.

    Raises:
        InputsRefused: the file cannot be read.
        OSError: there is no such file.
    """

    def __init__(self, path: Path) -> None:
        with readable():
            self._container = open_video(path)
        try:
            self._stream = _usable(self._container, path)
            self._origin = _first_shown(path)
        except BaseException:
            self.close()
            raise

    @property
    def stream(self) -> av.AudioStream | None:
        """The track, or ``None`` if there is none that can be copied or decoded."""
        return self._stream

    @property
    def copyable(self) -> bool:
        """Whether an MP4 can hold the track as it is."""
        return self._stream is not None and _is_copyable(self._stream)

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
                    continue  # the demuxer's end marker
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


def unused_audio(path: Path) -> str | None:
    """Why a video's sound is left out, for the task's metadata; ``None`` where it is not.

    A track that is passed over for another one is named too.

    Args:
        path: the video.

    Raises:
        OSError: there is no such file.
    """
    try:
        container = open_video(path)
    except av.FFmpegError:
        return None
    with container:
        tracks = _ordered(container)
        usable = _usable(container, path)
        number = 1 + container.streams.audio.index(usable) if usable else 0
    if not tracks or usable is tracks[0]:
        return None
    found = sound_codecs(path)
    if usable is None:
        return f"silent: the video's sound cannot be read ({found}); send AAC"
    return f"sound track {number} is used: another one cannot be read ({found})"


@contextmanager
def readable() -> Iterator[None]:
    """Turn FFmpeg's errors into one that the user can act on."""
    try:
        yield
    except av.FFmpegError as error:
        if is_disk_error(error):
            raise
        raise InputsRefused(
            f"the sound of the video cannot be read ({error.strerror}): send it with AAC sound, "
            "or without sound"
        ) from error


def _ordered(container: InputContainer) -> list[av.AudioStream]:
    """Audio tracks, those that players enable by default first."""
    return sorted(container.streams.audio, key=lambda s: not s.disposition & Disposition.default)


def _usable(container: InputContainer, path: Path) -> av.AudioStream | None:
    """The first track that can be copied or decoded."""
    # PyAV has no context for a codec that FFmpeg does not know, whatever its types say.
    known = [s for s in _ordered(container) if getattr(s, "codec_context", None) is not None]
    return next((s for s in known if _is_copyable(s) or _decodes(path, s.index)), None)


def _is_copyable(stream: av.AudioStream) -> bool:
    return stream.codec_context.codec.canonical_name in COPYABLE


def _decodes(path: Path, index: int) -> bool:
    """Whether a track's first samples can be decoded."""
    with suppress(av.FFmpegError), open_video(path) as container:
        return next(container.decode(container.streams[index]), None) is not None
    return False


def _first_shown(path: Path) -> Fraction:
    """When the first picture is shown, in seconds; 0 for a file without pictures.

    Pictures that an edit list leaves out do not count: decoders need them, and nobody sees them.
    """
    with readable(), open_video(path) as container:
        try:
            stream = video_track(container, path)
        except MediaRefused:
            return Fraction(0)
        packets = (each for each in container.demux(stream) if not each.is_discard)
        shown = [each.pts for each in islice(packets, _REORDERED) if each.pts is not None]
        return Fraction(min(shown, default=0)) * (stream.time_base or 1)


def _joined(frames: list[AudioFrame]) -> Block:
    if not frames:
        return np.zeros((2, 0), np.float32)
    return np.concatenate([np.asarray(frame.to_ndarray(), np.float32) for frame in frames], 1)
