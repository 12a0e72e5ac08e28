"""Decoding: a video file's facts, and its pictures as players show them, in sRGB."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, Colorspace, ColorTrc
from av.video.stream import VideoStream

from kirin.media import color
from kirin.media.boxes import index_in_front
from kirin.media.container import (
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
from kirin.media.display import displayed_size, orientation_of
from kirin.media.frame_converter import I420, RGB, FrameConverter, to_planes
from kirin.media.orientation import UPRIGHT
from kirin.media.refusal import MediaRefused

_UNTAGGED: Final = 2


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
        width, height: pixels as displayed: after rotation, and of square pixels.
        fps: frames a second; the nearest standard rate where it varies.
        constant: whether the frame rate is constant.
        frame_count: pictures of the video track.
        last: seconds from the first picture to the last.
        seconds: length of the video track.
        codec: FFmpeg's name of the codec, such as ``h264``.
        pixel_format: FFmpeg's name of it, such as ``yuv420p``.
        color: colour tags.
        has_audio: whether there is a sound track.
        faststart: whether the index stands before the pictures, so that a player can start
            before it has the whole file; ``False`` for anything but MP4 and MOV.
        as_stored: whether players show the stored pixels as they are: upright, square and of
            standard range.
    """

    width: int
    height: int
    fps: Fraction
    constant: bool
    frame_count: int
    last: float
    seconds: float
    codec: str
    pixel_format: str
    color: ColorTags
    has_audio: bool
    faststart: bool
    as_stored: bool


def facts(path: Path) -> VideoFacts:
    """Read a file through, decoding no more than one picture.

    Raises:
        MediaRefused: it is no video that can be read (``not_a_video``, ``broken_video``,
            ``unsupported_codec``, ``unreadable_video``).
        OSError: there is no such file.
    """
    with _readable(path) as (container, stream):
        time, first = read_through(container, stream)
        if time is None or first is None:
            raise no_picture(stream, path)
        context = stream.codec_context
        ratio = sample_aspect_ratio(stream)
        orientation = orientation_of(first)
        width, height = displayed_size(first, ratio)
        shown = color.conversion(first.color_primaries, first.color_trc, video=True) is None
        return VideoFacts(
            width=width,
            height=height,
            fps=time.rate if time.constant else time.nominal_rate,
            constant=time.constant,
            frame_count=time.count,
            last=float(time.last - time.start),
            seconds=float(time.seconds),
            codec=context.codec.canonical_name,
            pixel_format=context.pix_fmt or "",
            color=_tags(context),
            has_audio=has_known_audio(container),
            faststart=index_in_front(path),
            as_stored=shown and ratio == 1 and orientation == UPRIGHT,
        )


def frames(path: Path, max_side: int | None = None) -> Iterator[RGB]:
    """Every picture of a video, upright, in order of display; as :func:`timed_frames`."""
    for _, picture in timed_frames(path, max_side=max_side):
        yield picture


def timed_frames(
    path: Path,
    only: Container[int] | None = None,
    max_side: int | None = None,
    *,
    draft: bool = False,
) -> Iterator[tuple[float, RGB]]:
    """Pictures with the time at which each is shown, in seconds from the first one.

    Args:
        path: the video.
        only: numbers of the wanted pictures, from 0; the others are not converted, which
            takes most of the time. ``None`` means all.
        max_side: shrink pictures whose longer side has more pixels than this.
        draft: as for :class:`~kirin.media.frame_converter.FrameConverter`.

    Raises:
        MediaRefused: as in :func:`facts`.
        OSError: there is no such file.
    """
    with _readable(path) as (container, stream):
        convert = FrameConverter(sample_aspect_ratio(stream), max_side, draft=draft)
        for number, (time, frame) in enumerate(_timed(container, stream, path)):
            if only is None or number in only:
                yield time, convert(frame)


def overview(
    path: Path, small: int, large: int, apart: float
) -> Iterator[tuple[float, RGB, RGB | None]]:
    """All pictures of a video as drafts, very small, and some of them larger and exact too.

    Args:
        path: the video.
        small, large: longest sides in pixels.
        apart: least seconds between two that are larger too; the first is.

    Raises:
        MediaRefused: as in :func:`facts`.
        OSError: there is no such file.
    """
    with _readable(path) as (container, stream):
        ratio = sample_aspect_ratio(stream)
        reduce = FrameConverter(ratio, small, draft=True)
        enlarge = FrameConverter(ratio, large)
        wanted = 0.0
        for time, frame in _timed(container, stream, path):
            chosen = time >= wanted
            if chosen:
                wanted = time + apart
            yield time, reduce(frame), enlarge(frame) if chosen else None


def frames_at(
    path: Path, times: Iterable[float], max_side: int | None = None
) -> Iterator[tuple[float, RGB]]:
    """The picture that is nearest to each of some times, with its own time.

    A moment in the middle between two pictures belongs to the earlier one; one after the end has
    the last. A picture that is nearest to several times is converted once and given again, the
    same object.

    Args:
        path: the video.
        times: seconds from the first picture, in ascending order.
        max_side: as in :func:`timed_frames`.

    Yields:
        One picture for each time.

    Raises:
        MediaRefused: as in :func:`facts`.
        OSError: there is no such file.
    """
    with _readable(path) as (container, stream):
        convert = FrameConverter(sample_aspect_ratio(stream), max_side)
        shown: VideoFrame | None = None
        picture: RGB | None = None
        for time, frame in _nearest(_timed(container, stream, path), times):
            if picture is None or frame is not shown:
                shown, picture = frame, convert(frame)
            yield time, picture


def planes_at(
    path: Path, times: Iterable[float], width: int, height: int
) -> Iterator[tuple[float, I420]]:
    """Like :func:`frames_at`, as planes of a size: the file's own ones, bit by bit, where they fit.

    Args:
        path: the video.
        times: seconds from the first picture, in ascending order.
        width, height: pixels, both even; a picture of another size is scaled.

    Yields:
        One picture for each time: BT.709, limited range, contiguous, shape
        ``(height * 3 // 2, width)``. It is read, never written: the next may be the same object.

    Raises:
        MediaRefused: as in :func:`facts`.
        OSError: there is no such file.
    """
    with _readable(path) as (container, stream):
        convert = FrameConverter(sample_aspect_ratio(stream))
        shown: VideoFrame | None = None
        planes: I420 | None = None
        for time, frame in _nearest(_timed(container, stream, path), times):
            if planes is None or frame is not shown:
                shown = frame
                if (frame.width, frame.height) == (width, height) and convert.planes_fit(frame):
                    planes = np.ascontiguousarray(frame.to_ndarray(), np.uint8)
                else:
                    planes = to_planes(convert(frame), width, height)
            yield time, planes


def _nearest(
    source: Iterator[tuple[float, VideoFrame]], times: Iterable[float]
) -> Iterator[tuple[float, VideoFrame]]:
    """The frame that is nearest to each time, with its own; the same object as often as it is."""
    here, following = next(source, None), next(source, None)
    for time in times:
        while here and following and following[0] - time < time - here[0]:
            here, following = following, next(source, None)
        if here is None:
            return
        yield here


def last_picture(path: Path) -> RGB:
    """The last picture of a video; no more is decoded than what follows the last keyframe.

    Raises:
        MediaRefused: as in :func:`facts`.
        OSError: there is no such file.
    """
    with _readable(path) as (container, stream):
        end = (stream.start_time or 0) + (stream.duration or 0)
        container.seek(end, stream=stream, backward=True)
        last = None
        for _, frame in _timed(container, stream, path):
            last = frame
        if last is None:
            raise no_picture(stream, path)
        return FrameConverter(sample_aspect_ratio(stream))(last)


@contextmanager
def _readable(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """A file, open, and its video track; FFmpeg's errors become refusals."""
    try:
        container = open_video(path)
    except av.FFmpegError as error:
        refusal = not_opened(error, path)
        if refusal.code != "broken_video":
            raise refusal from error
        raise MediaRefused(
            "not_a_video", f"The file cannot be read as a video: {error.strerror}."
        ) from error
    with container:
        stream = video_track(container, path)
        try:
            yield container, stream
        except av.FFmpegError as error:
            if rarely_decoded(stream, path):
                raise unsupported_codec(path) from error
            raise explained(error) from error


def _timed(
    container: InputContainer, stream: VideoStream, path: Path
) -> Iterator[tuple[float, VideoFrame]]:
    """Decoded frames with the seconds from the first; at least one."""
    stream.thread_type = "AUTO"
    start: float | None = None
    time = 0.0
    frame = None
    for frame in container.decode(stream):
        if frame.time is not None:
            start = frame.time if start is None else start
            time = frame.time - start
        yield time, frame
    if frame is None:
        raise no_picture(stream, path)


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
