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
from kirin.media.parameter_sets import ParameterSets
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

    They can where both are H.264 of one size and constant frame rate, and have the same parameter
    sets, as any two that one encoder has written in the same way, or sets of different ids.
    """
    found = [facts(first), facts(second)]
    if not all(map(_plain, found)):
        return False
    if len({(each.width, each.height, each.fps) for each in found}) > 1:
        return False
    with open_video(first) as one, open_video(second) as two:
        tracks = [video_track(one, first), video_track(two, second)]
        if _record(*tracks) is None:
            return False
        delays = [_delay(one, tracks[0], found[0]), _delay(two, tracks[1], found[1])]
    # Decoding times go on rising.
    return delays[0] is not None and delays[1] is not None and delays[0] >= delays[1]


def free_parameter_set(path: Path) -> int | None:
    """The id of parameter sets for a video that is to follow another one; ``None`` if none can."""
    if not _plain(facts(path)):
        return None
    with open_video(path) as container:
        record = video_track(container, path).codec_context.extradata
    try:
        return ParameterSets.read(record or b"").free_id()
    except (ValueError, LookupError):
        return None


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
        source, added = video_track(one, first), video_track(two, second)
        track = container.add_stream_from_template(source)
        track.codec_context.extradata = _record(source, added)
        sound = ProlongedSound(container, first) if before.has_audio else None
        length = before.frame_count / before.fps
        parts = (
            _later(one, source, Fraction(0)),
            _later(two, added, length),
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


def _plain(found: VideoFacts) -> bool:
    """Whether a video's pictures are H.264 and shown as they are stored, at a constant rate."""
    return found.codec == "h264" and found.constant and found.as_stored


def _record(first: VideoStream, second: VideoStream) -> bytes | None:
    """The decoder configuration of both tracks one after the other; ``None`` if there is none."""
    records = [track.codec_context.extradata or b"" for track in (first, second)]
    if records[0] == records[1]:
        return records[0]
    try:
        one, two = map(ParameterSets.read, records)
        return one.joined_with(two)
    except (ValueError, LookupError):
        return None


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
