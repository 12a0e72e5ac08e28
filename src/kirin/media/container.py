"""Containers: opening an MP4 or MOV, choosing its tracks, and naming what cannot be read."""

from __future__ import annotations

import errno
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from kirin.media.boxes import sample_formats
from kirin.media.refusal import MediaRefused
from kirin.media.timing import MOST_PACKETS, Timing, timing

_RULE: Final = "MC-2"

_NO_FILM: Final = Disposition.attached_pic | Disposition.timed_thumbnails
"""Tracks that hold a cover picture or previews."""

_NAMES: Final = {
    "vvc1": "H.266",
    "vvi1": "H.266",
    "evc1": "MPEG-5 EVC",
    "lvc1": "LCEVC",
    "apv1": "APV",
    "encv": "encrypted video",
    "drmi": "encrypted video",
    "enca": "encrypted sound",
    "drms": "encrypted sound",
    "ac-4": "AC-4",
    "mha1": "MPEG-H 3D Audio",
    "mhm1": "MPEG-H 3D Audio",
    "iamf": "IAMF",
    "samr": "AMR",
    "sawb": "AMR-WB",
}
"""What sample entries of MP4 stand for (the MP4 registration authority's list of codecs)."""

_COMMON: Final = frozenset(
    {"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "mpeg1video", "h263", "mjpeg"}
    | {"prores", "dnxhd", "png", "cinepak", "svq1", "svq3", "rawvideo", "qtrle"}
)
"""Codecs that are decoded here wherever the file is sound, by FFmpeg's names."""

_DISK: Final = frozenset(
    {errno.EIO, errno.ENOENT, errno.EACCES, errno.ESTALE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
)
"""Errors of the file system; others, EPERM among them, FFmpeg's decoders return for bad data."""


def open_video(path: Path) -> InputContainer:
    """Open an MP4 or MOV, and nothing else: FFmpeg's other readers follow what playlists name.

    Raises:
        av.FFmpegError: it is neither.
        OSError: there is no such file.
    """
    with path.open("rb"):
        pass
    return av.open(f"file:{path}", "r", format="mp4")


def video_track(container: InputContainer, path: Path) -> VideoStream:
    """The track that players show: the first that is enabled and can be read.

    Raises:
        MediaRefused: there is none (``not_a_video``), or none of a known codec
            (``unsupported_codec``).
    """
    tracks = [s for s in container.streams.video if not s.disposition & _NO_FILM]
    if not tracks:
        raise MediaRefused("not_a_video", "The file has no video track: send a video.", _RULE)
    # PyAV has no context for a codec that FFmpeg cannot decode, whatever its types say.
    known = [s for s in tracks if getattr(s, "codec_context", None) is not None]
    if not known:
        raise unsupported_codec(path)
    return next((s for s in known if s.disposition & Disposition.default), known[0])


def sample_aspect_ratio(stream: VideoStream) -> Fraction:
    """Width of a pixel to its height, as players take it: the container's before the codec's."""
    ratio = stream.sample_aspect_ratio
    return ratio if ratio and ratio > 0 else Fraction(1)


def has_known_audio(container: InputContainer) -> bool:
    """Whether there is a sound track of a codec that FFmpeg knows."""
    return any(getattr(s, "codec_context", None) is not None for s in container.streams.audio)


def read_through(
    container: InputContainer, stream: VideoStream, decode: bool = True
) -> tuple[Timing | None, VideoFrame | None]:
    """Read all packets of a track: when its pictures are shown, and the first of them decoded.

    Args:
        decode: whether a picture is wanted.

    Raises:
        MediaRefused: bytes are missing (``broken_video``).
        av.FFmpegError: it cannot be read.
    """
    for other in container.streams:
        if other is not stream:
            other.discard = Discard.all
    shown: list[tuple[int, int]] = []
    first: VideoFrame | None = None
    for packet in container.demux(stream):
        if decode and first is None:
            first = next(iter(packet.decode()), None)
        if packet.pts is None or packet.is_discard:
            continue
        if packet.is_corrupt:
            raise broken_video("it ends early")
        shown.append((packet.pts, packet.duration or 0))
        if len(shown) >= MOST_PACKETS:
            break
    return timing(shown, stream.time_base or Fraction(1), stream.average_rate), first


def not_opened(error: av.FFmpegError, path: Path) -> MediaRefused:
    """A refusal for a file that FFmpeg does not open: by its codec, if that is a rare one."""
    refusal = explained(error)
    return unsupported_codec(path) if _has_named_codec(path) else refusal


def rarely_decoded(stream: VideoStream, path: Path) -> bool:
    """Whether FFmpeg may fail to decode a track though the file is sound: rare or encrypted."""
    rare = stream.codec_context.codec.canonical_name not in _COMMON
    return rare or _has_named_codec(path)


def no_picture(stream: VideoStream, path: Path) -> MediaRefused:
    """A refusal for a video none of whose pictures can be decoded."""
    if rarely_decoded(stream, path):
        return unsupported_codec(path)
    return broken_video("its first picture cannot be decoded")


def unsupported_codec(path: Path) -> MediaRefused:
    """A refusal that names the codec of a file's video tracks."""
    return MediaRefused(
        "unsupported_codec",
        f"{_listed(path, b'vide') or 'This video codec'} cannot be read here; send H.264, HEVC, "
        "VP9 or AV1.",
        _RULE,
    )


def sound_codecs(path: Path) -> str:
    """The codecs of a file's sound tracks, for a message: ``AC-4 (ac-4)``."""
    return _listed(path, b"soun") or "unknown"


def broken_video(how: str) -> MediaRefused:
    """A refusal for a video whose bytes are damaged or missing."""
    return MediaRefused(
        "broken_video", f"The video is broken: {how}. Export or upload it again.", _RULE
    )


def unreadable_video(why: str) -> MediaRefused:
    """A refusal for a video that this server fails to read, though it may be sound."""
    return MediaRefused(
        "unreadable_video",
        f"This server cannot read the video ({why}), although it may be sound: send it as H.264 "
        "in an MP4.",
        _RULE,
    )


def is_disk_error(error: av.FFmpegError) -> bool:
    """Whether an error is the file system's, and not about what the file holds."""
    return isinstance(error, OSError) and error.errno in _DISK


def explained(error: av.FFmpegError) -> MediaRefused:
    """The refusal that an error of FFmpeg amounts to.

    Raises:
        OSError: the error is the disk's.
    """
    if is_disk_error(error):
        raise error
    if error.errno == errno.ENOMEM:
        return unreadable_video("it needs too much memory")
    return broken_video(error.strerror or "it cannot be read")


def _listed(path: Path, handler: bytes) -> str:
    """The codecs of the tracks with a handler, each with its four letters."""
    found = []
    for kind in _distinct(path, handler):
        letters = kind.decode("ascii", "replace").strip()
        name = _name(kind)
        found.append(f"{name} ({letters})" if name else f"The codec {letters!a}")
    return ", ".join(found)


def _has_named_codec(path: Path) -> bool:
    return any(_name(kind) for kind in _distinct(path, b"vide"))


def _name(kind: bytes) -> str | None:
    return _NAMES.get(kind.decode("ascii", "replace"))


def _distinct(path: Path, handler: bytes) -> list[bytes]:
    """The sample entries of the tracks with a handler, each once."""
    with path.open("rb") as file:
        found = list(sample_formats(file, path.stat().st_size))
    return list(dict.fromkeys(kind for of, kind in found if of == handler))
