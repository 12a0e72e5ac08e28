"""Audio tracks of an MP4 that is being written: encoded as AAC, or copied packet by packet."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.codec.context import Flags

from kirin.domain.soundtrack import RATE, Block
from kirin.media.audio_source import AudioSource, readable

BITS: Final = 192_000
"""AAC bits a second: on noise such as rain or surf, lower rates are audible at once."""


def aac_settings(context: av.AudioCodecContext) -> None:
    """Set an encoder to AAC-LC, stereo, at ``RATE``."""
    context.layout, context.format, context.bit_rate = "stereo", "fltp", BITS
    context.flags |= Flags.bitexact


class AacTrack:
    """AAC-LC, stereo, at ``RATE``.

    The encoder prepends 1,024 samples of priming. The muxer writes an edit list that removes them,
    and the exact length of the last packet, so that audio and video start and end together.
    """

    def __init__(self, container: av.container.OutputContainer) -> None:
        self._container = container
        self._stream = container.add_stream("aac", rate=RATE)
        aac_settings(self._stream.codec_context)
        self._count = 0

    def write(self, block: Block) -> None:
        """Append sound; a block without samples is allowed."""
        if not block.shape[1]:
            return
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), "fltp", "stereo")
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), self._count
        self._container.mux(self._stream.encode(frame))
        self._count += block.shape[1]

    def finish(self) -> None:
        """Write what the encoder still holds."""
        if self._count:
            self._container.mux(self._stream.encode(None))


class CopiedTrack:
    """Packets copied from another file; the last one is trimmed to the end of the video.

    Args:
        container: the file to write to.
        path: the source video, open until :meth:`close`; its audio track must be one that MP4 can
            hold.

    Raises:
        kirin.errors.InputsRefused: it cannot be read.
        OSError: there is no such file.
        ValueError: it has no audio track that MP4 can hold.
    """

    def __init__(self, container: av.container.OutputContainer, path: Path) -> None:
        self._container = container
        self._sound = AudioSource(path)
        try:
            if self._sound.stream is None:
                raise ValueError(f"{path} has no sound track to copy")
            self._stream = container.add_stream_from_template(self._sound.stream)
            self._packets = self._sound.packets()
            self._next = next(self._packets, None)
        except BaseException:
            self.close()
            raise

    def write(self, until: Fraction) -> None:
        """Write the packets that end by a time in seconds."""
        while (packet := self._next) and _end(packet) <= until:
            self._mux(packet)

    def finish(self, until: Fraction) -> None:
        """Write what is left, up to a time in seconds, at which the last packet ends."""
        self.write(until)
        packet = self._next
        if packet and packet.pts is not None and packet.time_base is not None:
            left = int(until / packet.time_base) - packet.pts
            if left > 0:
                packet.duration = left
                self._mux(packet)

    def close(self) -> None:
        """Close the file that is copied from."""
        self._sound.close()

    def _mux(self, packet: av.Packet[av.AudioStream]) -> None:
        self._next = next(self._packets, None)
        packet.stream = self._stream
        with readable():
            self._container.mux(packet)


def _end(packet: av.Packet[av.AudioStream]) -> Fraction:
    return Fraction((packet.pts or 0) + (packet.duration or 0)) * (packet.time_base or 1)
