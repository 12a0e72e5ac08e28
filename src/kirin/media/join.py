"""Joining: one video goes on after another, and the packets of both are copied as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from kirin.media.container import open_video, video_track
from kirin.media.decode import VideoFacts, facts
from kirin.media.mp4 import container_options
from kirin.media.prolonged_sound import ProlongedSound


@dataclass(frozen=True, slots=True)
class Joined:
    """Two videos as one.

    Attributes:
        frame_count: pictures of both.
        seconds: length of both.
    """

    frame_count: int
    seconds: float


def joinable(first: Path, second: Path) -> bool:
    """Whether the pictures of two videos can follow each other in one track as they are.

    They can where both are H.264 of one size and constant frame rate with the same parameter
    sets, which is so for any two that the same encoder has written in the same way.
    """
    found = [facts(first), facts(second)]
    if not all(each.codec == "h264" and each.constant and each.as_stored for each in found):
        return False
    if len({(each.width, each.height, each.fps) for each in found}) > 1:
        return False
    with open_video(first) as one, open_video(second) as two:
        tracks = [video_track(one, first), video_track(two, second)]
        if len({track.codec_context.extradata for track in tracks}) > 1:
            return False
        delays = [_delay(one, tracks[0], found[0]), _delay(two, tracks[1], found[1])]
    return delays[0] == delays[1]


def join(first: Path, second: Path, output: Path, check: Callable[[], None]) -> Joined:
    """Write a video that shows one and then another; every picture decodes as it did.

    The sound is the first one's, and silence after it.

    Args:
        first, second: videos that are :func:`joinable`.
        output: the file to write.
        check: called often; raises what ends the work.
    """
    before, after = facts(first), facts(second)
    count = before.frame_count + after.frame_count
    with (
        av.open(
            f"file:{output}", "w", format="mp4", options=container_options(before.fps)
        ) as container,
        open_video(first) as one,
        open_video(second) as two,
    ):
        source = video_track(one, first)
        track = container.add_stream_from_template(source)
        sound = ProlongedSound(container, first) if before.has_audio else None
        length = before.frame_count / before.fps
        parts = (
            _later(one, source, Fraction(0)),
            _later(two, video_track(two, second), length),
        )
        for packet in chain(*parts):
            check()
            if sound and packet.dts is not None and packet.time_base is not None:
                sound.write(packet.dts * packet.time_base)
            packet.stream = track
            container.mux(packet)
        if sound:
            sound.finish(count / before.fps)
    return Joined(count, float(count / before.fps))


def _later(container: InputContainer, track: VideoStream, by: Fraction) -> Iterator[av.Packet[Any]]:
    """The packets of a track, later by some seconds than they are from its first picture on."""
    start: int | None = None
    for packet in container.demux(track):
        if packet.dts is None or packet.pts is None or packet.time_base is None:
            continue  # the demuxer's end marker
        start = packet.pts if start is None else start  # the first packet is the first picture
        shift = round(by / packet.time_base) - start
        packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
        yield packet


def _delay(container: InputContainer, track: VideoStream, found: VideoFacts) -> int | None:
    """Frames by which the first packet is decoded ahead of its picture; ``None`` if unknown."""
    packet = next(container.demux(track))
    if packet.pts is None or packet.dts is None or packet.time_base is None:
        return None
    return round((packet.pts - packet.dts) * packet.time_base * found.fps)
