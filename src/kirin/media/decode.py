"""Decoding: a video file's facts, and its pictures as RGB."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import (
    ColorPrimaries,
    ColorRange,
    Colorspace,
    ColorTrc,
    Interpolation,
)
from numpy.typing import NDArray

from kirin.media.boxes import index_in_front
from kirin.media.refusal import MediaRefused

RGB = NDArray[np.uint8]
"""One picture, shape ``(height, width, 3)``."""

_UNTAGGED: Final = 2
_EXACT: Final = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT


@dataclass(frozen=True, slots=True)
class ColorTags:
    """How a file says that its colours are meant; ``None`` where it does not say.

    Attributes:
        primaries, transfer, matrix: FFmpeg's short names in lower case, such as ``bt709``.
        limited: whether luma runs from 16 to 235.
    """

    primaries: str | None
    transfer: str | None
    matrix: str | None
    limited: bool | None


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a video file is.

    Attributes:
        width, height: pixels as displayed, so after rotation.
        fps: average frames a second.
        frame_count: packets of the video track, so pictures that it holds.
        seconds: length of the video track.
        codec: FFmpeg's name of the codec, such as ``h264``.
        pixel_format: FFmpeg's name of it, such as ``yuv420p``.
        color: colour tags.
        has_audio: whether there is a sound track.
        faststart: whether the index stands before the pictures, so that a player can start
            before it has the whole file; ``False`` for anything but MP4 and MOV.
    """

    width: int
    height: int
    fps: Fraction
    frame_count: int
    seconds: float
    codec: str
    pixel_format: str
    color: ColorTags
    has_audio: bool
    faststart: bool


def facts(path: Path) -> VideoFacts:
    """Read a file through, without decoding more than one picture.

    Raises:
        MediaRefused: it is no video that can be read (``not_a_video``).
        OSError: there is no such file.
    """
    with _opened(path) as container:
        try:
            return _read_through(container, path)
        except av.FFmpegError as error:
            raise _unreadable(error) from error


def frames(path: Path) -> Iterator[RGB]:
    """Every picture of a video, upright, in order of display.

    Raises:
        MediaRefused: it is no video that can be read (``not_a_video``).
        OSError: there is no such file.
    """
    for _, picture in timed_frames(path):
        yield picture


def timed_frames(path: Path, only: Container[int] | None = None) -> Iterator[tuple[float, RGB]]:
    """Pictures with the time in seconds at which each is shown.

    Args:
        path: the video.
        only: numbers of the wanted pictures, from 0; the others are not converted, which
            takes most of the time. ``None`` means all.

    Raises:
        MediaRefused: it is no video that can be read (``not_a_video``).
        OSError: there is no such file.
    """
    with _opened(path) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        try:
            for number, frame in enumerate(container.decode(stream)):
                if only is None or number in only:
                    yield frame.time or 0.0, _rgb(frame)
        except av.FFmpegError as error:
            raise _unreadable(error) from error


def _read_through(container: av.container.InputContainer, path: Path) -> VideoFacts:
    stream = container.streams.video[0]
    context = stream.codec_context
    time_base = stream.time_base or Fraction(1, 1)
    count, start, end = 0, None, 0
    rotation: int | None = None
    for packet in container.demux(stream):
        if packet.pts is None:
            continue
        if rotation is None:
            for frame in packet.decode():
                rotation = frame.rotation
        count += 1
        start = packet.pts if start is None else min(start, packet.pts)
        end = max(end, packet.pts + (packet.duration or 0))
    seconds = (end - (start or 0)) * time_base
    sides = (context.width, context.height)
    return VideoFacts(
        *(sides[::-1] if (rotation or 0) % 180 else sides),
        fps=stream.average_rate or Fraction(count) / (seconds or 1),
        frame_count=count,
        seconds=float(seconds),
        codec=context.codec.canonical_name,
        pixel_format=context.pix_fmt or "",
        color=_tags(context),
        has_audio=bool(container.streams.audio),
        faststart=index_in_front(path),
    )


def _opened(path: Path) -> av.container.InputContainer:
    try:
        container = av.open(f"file:{path}", "r")
    except OSError:
        raise
    except av.FFmpegError as error:
        raise _unreadable(error) from error
    if not container.streams.video:
        container.close()
        raise MediaRefused("not_a_video", "The file has no video track.")
    return container


def _unreadable(error: av.FFmpegError) -> MediaRefused:
    return MediaRefused("not_a_video", f"The file cannot be read as a video: {error.strerror}.")


def _rgb(frame: VideoFrame) -> RGB:
    """Convert by the frame's own tags.

    Untagged video is BT.709 from 720 lines on and BT.601 below, as players take it. PyAV's
    default would take all of it as BT.601.
    """
    matrix = frame.colorspace
    if matrix in {0, _UNTAGGED}:
        large = min(frame.width, frame.height) >= 720
        matrix = Colorspace.ITU709 if large else Colorspace.ITU601
    full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    converted = frame.reformat(
        format="rgb24",
        src_colorspace=matrix,
        dst_colorspace=matrix,
        src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=_EXACT,
    ).to_ndarray()
    upright = np.rot90(converted, frame.rotation // 90)
    return np.ascontiguousarray(upright, dtype=np.uint8)


def _tags(context: av.VideoCodecContext) -> ColorTags:
    def name(kind: type[ColorPrimaries | ColorTrc | Colorspace], value: int) -> str | None:
        known = {member.value: member.name for member in kind}
        return known[value].lower().replace("itu", "bt") if value in known else None

    primaries, transfer = context.color_primaries, context.color_trc
    return ColorTags(
        primaries=None if primaries == _UNTAGGED else name(ColorPrimaries, primaries),
        transfer=None if transfer == _UNTAGGED else name(ColorTrc, transfer),
        matrix=name(Colorspace, context.colorspace),
        limited={1: True, 2: False}.get(int(context.color_range)),
    )
