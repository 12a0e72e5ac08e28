"""Measuring untrusted videos, and checking them against limits."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from kirin.domain.limits import VideoLimits, grace
from kirin.media.boxes import FIRST_IN_OLD_MOV, boxes, cut_off
from kirin.media.container import (
    broken_video,
    explained,
    has_known_audio,
    no_picture,
    not_opened,
    open_video,
    rarely_decoded,
    read_through,
    sample_aspect_ratio,
    unsupported_codec,
    video_track,
)
from kirin.media.display import displayed_size
from kirin.media.refusal import MediaRefused

_PICTURES: Final = {b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis"}
"""Brands of still pictures that are kept in the same kind of file."""


@dataclass(frozen=True, slots=True)
class VideoMeasure:
    """The facts of an untrusted video.

    Attributes:
        mime: ``video/mp4`` or ``video/quicktime``, detected by content.
        size: bytes of the file.
        width, height: pixels as displayed: after rotation, and of square pixels.
        seconds: length of the video track.
        fps: frames a second; the nearest standard rate where it varies.
        has_audio: whether there is a sound track.
    """

    mime: str
    size: int
    width: int
    height: int
    seconds: float
    fps: Fraction
    has_audio: bool


def probe(path: Path, limits: VideoLimits) -> VideoMeasure:
    """Measure a video and check it against limits: packets are read, one picture is decoded.

    Args:
        path: the file.
        limits: what is allowed.

    Raises:
        MediaRefused: it breaks rules; the message names all that apply. Codes: those of
            :func:`measure` and :func:`check`.
        OSError: the file cannot be read.
    """
    found = measure(path, limits)
    check(found, limits)
    return found


def measure(path: Path, limits: VideoLimits) -> VideoMeasure:
    """Measure a video, whatever its length and shape.

    Args:
        path: the file.
        limits: of bytes and sides; a picture with longer sides is not decoded.

    Raises:
        MediaRefused: it is not a complete video. Codes: ``empty``, ``too_many_bytes``,
            ``not_a_video``, ``broken_video``, ``unsupported_codec``, ``unreadable_video``.
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    if not size:
        raise MediaRefused("empty", "The video has no bytes: send an MP4 or MOV.", *limits.rules)
    _check_bytes(size, limits)
    mime = _mime(path, size, limits)
    try:
        container = open_video(path)
    except av.FFmpegError as error:
        raise not_opened(error, path) from error
    with container:
        stream = video_track(container, path)
        try:
            return _measured(container, stream, path, mime, limits)
        except av.FFmpegError as error:
            if rarely_decoded(stream, path):
                raise unsupported_codec(path) from error
            raise explained(error) from error


def check(found: VideoMeasure, limits: VideoLimits) -> None:
    """Check a video against limits.

    Raises:
        MediaRefused: it exceeds some; the message names all. Codes: ``too_many_bytes``,
            ``too_small``, ``too_large``, ``too_short``, ``too_long``.
    """
    _check_bytes(found.size, limits)
    wrong = _wrong(found, limits)
    if wrong:
        codes, messages, rules = zip(*wrong, strict=True)
        names = dict.fromkeys(name for group in rules for name in group)
        raise MediaRefused(codes[0], " ".join(messages), *names)


def _check_bytes(size: int, limits: VideoLimits) -> None:
    if size > limits.max_bytes:
        raise MediaRefused(
            "too_many_bytes",
            f"The video has {size:,} bytes; at most {limits.max_bytes:,} are allowed: "
            "shorten it or compress it more.",
            *limits.rules,
        )


def _mime(path: Path, size: int, limits: VideoLimits) -> str:
    """Tell MP4 from MOV by the first boxes."""
    with path.open("rb") as file:
        found = list(boxes(file, size))
        kind = found[0].kind if found else b""
        if kind == b"ftyp":
            file.seek(found[0].content)
            brand = file.read(4)
        else:
            brand = b"qt  " if kind in FIRST_IN_OLD_MOV else b""
    if not brand or brand in _PICTURES:
        raise MediaRefused(
            "not_a_video",
            "This is neither an MP4 nor a MOV, whatever its name says: convert it to MP4.",
            *limits.rules,
        )
    if cut_off(found, size):
        raise broken_video("it ends early")
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


def _measured(
    container: InputContainer, stream: VideoStream, path: Path, mime: str, limits: VideoLimits
) -> VideoMeasure:
    context = stream.codec_context
    width, height = context.width, context.height
    # Memory for decoding grows with the picture: of what is too large, only the size is read.
    small = max(width, height) <= limits.max_side
    context.options = {"max_pixels": str(limits.max_side**2)}
    context.thread_count = 1  # one picture; more threads only take memory
    time, first = read_through(container, stream, decode=small)
    if small:
        if first is None:
            raise no_picture(stream, path)
        width, height = displayed_size(first, sample_aspect_ratio(stream))
    seconds = _seconds(container, stream)
    if not seconds or time is None:
        raise broken_video("it does not say how long it is")
    return VideoMeasure(
        mime=mime,
        size=path.stat().st_size,
        width=width,
        height=height,
        seconds=float(seconds),
        fps=time.nominal_rate,
        has_audio=has_known_audio(container),
    )


def _seconds(container: InputContainer, stream: VideoStream) -> Fraction:
    """Length of the video track; of the file where the track does not say (fragmented MP4)."""
    if stream.duration and stream.time_base:
        return stream.duration * stream.time_base
    return Fraction(container.duration or 0, av.time_base)


def _wrong(found: VideoMeasure, limits: VideoLimits) -> list[tuple[str, str, tuple[str, ...]]]:
    """Code, message and rules of each thing that is wrong."""
    wrong: list[tuple[str, str, tuple[str, ...]]] = []
    given = f"The video is {found.width} x {found.height} pixels"
    if min(found.width, found.height) < limits.min_side:
        message = f"{given}; each side needs at least {limits.min_side}: send a larger one."
        wrong.append(("too_small", message, limits.rules))
    if max(found.width, found.height) > limits.max_side:
        message = f"{given}; each side may have at most {limits.max_side}: shrink it."
        wrong.append(("too_large", message, limits.rules))
    lasts = f"The video lasts {found.seconds:.3g} s"
    give = grace(found.fps)
    if found.seconds + give < limits.min_seconds:
        message = f"{lasts}; at least {limits.min_seconds:g} s are needed: send a longer one."
        wrong.append(("too_short", message, limits.seconds_rules))
    if limits.max_seconds is not None and found.seconds - give > limits.max_seconds:
        message = f"{lasts}; at most {limits.max_seconds:g} s are allowed here: cut it."
        wrong.append(("too_long", message, limits.seconds_rules))
    return wrong
