"""A video's sound, copied packet by packet, and silence after it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.container import OutputContainer

from kirin.domain.soundtrack import RATE
from kirin.media.audio_source import AudioSource, readable
from kirin.media.audio_tracks import aac_settings

_SAMPLES: Final = 1024
"""Samples of an AAC packet (ISO/IEC 14496-3, 4.5.2)."""

_STEADY: Final = 4
"""Packets after which an encoder has nothing left but the silence that it is given."""


class ProlongedSound:
    """The sound track of a file that is longer than the one it is copied from.

    Copied packets stay on their grid, from the priming on: the last one is whole, and what it
    holds beyond the last picture is what its encoder has padded it with. Silence goes on from
    there without a gap. Where the sound is not AAC as this server writes it, it ends there.

    Args:
        container: the file to write to.
        path: the source video, open until :meth:`finish`; its sound must be one that MP4 can hold.
    """

    def __init__(self, container: OutputContainer, path: Path) -> None:
        self._container = container
        self._source = AudioSource(path)
        if self._source.stream is None or not self._source.copyable:
            self._source.close()
            raise ValueError(f"{path} has no sound track to copy")
        self._track = container.add_stream_from_template(self._source.stream)
        self._packets = self._source.packets()
        self._next = next(self._packets, None)
        self._end = 0
        self._rate = self._source.stream.rate or RATE
        self._aac = self._source.stream.codec_context.codec.canonical_name == "aac"

    def write(self, until: Fraction) -> None:
        """Write what begins before a time in seconds, of what is copied."""
        while packet := self._next:
            start, time_base = packet.pts or 0, packet.time_base or Fraction(1, self._rate)
            if start * time_base >= until:
                return
            self._next = next(self._packets, None)
            if self._aac:
                packet.duration = round(Fraction(_SAMPLES, self._rate) / time_base)
            self._end = start + (packet.duration or 0)
            self._mux(packet)

    def finish(self, until: Fraction) -> None:
        """Write what is left, and silence up to a time in seconds."""
        self.write(until)
        if quiet := self._silence():
            time_base = Fraction(1, RATE)
            last = int(until * RATE)
            while self._end < last:
                packet: av.Packet[Any] = av.Packet(quiet)
                packet.pts = packet.dts = self._end
                packet.time_base = time_base
                packet.duration = min(_SAMPLES, last - self._end)
                self._end += _SAMPLES
                self._mux(packet)
        self._source.close()

    def _mux(self, packet: av.Packet[Any]) -> None:
        packet.stream = self._track
        with readable():
            self._container.mux(packet)

    def _silence(self) -> bytes | None:
        """A packet of silence for a decoder of the copied sound; ``None`` if there is none."""
        stream = self._source.stream
        encoder = av.AudioCodecContext.create("aac", "w")
        encoder.rate = RATE
        aac_settings(encoder)
        *_, quiet = _encoded(encoder)
        if stream is None or stream.time_base != Fraction(1, RATE):
            return None
        return bytes(quiet) if stream.codec_context.extradata == encoder.extradata else None


def _encoded(encoder: av.AudioCodecContext) -> Iterator[av.Packet[Any]]:
    for number in range(2 * _STEADY):
        block = np.zeros((2, _SAMPLES), np.float32)
        frame = av.AudioFrame.from_ndarray(block, "fltp", "stereo")
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        frame.pts = number * _SAMPLES
        yield from encoder.encode(frame)
