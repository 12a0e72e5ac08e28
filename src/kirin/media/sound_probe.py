"""Measuring untrusted sound files, and checking them against limits."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer

from kirin.domain.limits import SoundLimits
from kirin.media.container import is_disk_error
from kirin.media.refusal import MediaRefused

_RULE: Final = "LIP-3"

MP3: Final = "audio/mpeg"
WAV: Final = "audio/wav"
M4A: Final = "audio/mp4"

DEMUXERS: Final = {MP3: "mp3", WAV: "wav", M4A: "mp4"}
"""FFmpeg's reader for each."""

_MIMES: Final = {reader: mime for mime, reader in DEMUXERS.items()}

_SHORTEST_TOLD: Final = 0.05
"""Seconds by which a length may miss a limit: MP3 and AAC come in packets of 20 to 50 ms."""

_MOST_CHANNELS: Final = 8


@dataclass(frozen=True, slots=True)
class SoundMeasure:
    """The facts of an untrusted sound file.

    Attributes:
        mime: ``audio/mpeg``, ``audio/wav`` or ``audio/mp4``, told by content.
        size: bytes of the file.
        seconds: length of the sound.
    """

    mime: str
    size: int
    seconds: float


def sound_type(start: bytes) -> str | None:
    """The media type of a sound by its first 16 bytes; ``None`` of anything else.

    An MP4 counts as a sound where one is expected; whether it holds one, measuring tells.
    """
    if start[:4] == b"RIFF" and start[8:12] == b"WAVE":
        return WAV
    if start[:3] == b"ID3":
        return MP3
    # A frame of MPEG audio: eleven bits set, then a version and a layer III (ISO/IEC 11172-3).
    if len(start) > 1 and start[0] == 0xFF and start[1] & 0xE6 == 0xE2 and start[1] & 0x18 != 0x08:
        return MP3
    if start[4:8] == b"ftyp":
        return M4A
    return None


def open_sound(path: Path) -> InputContainer:
    """Open an MP3, WAV or M4A, and nothing else: FFmpeg's other readers follow what files name.

    Raises:
        MediaRefused: it is none of these (``not_a_sound``).
        av.FFmpegError: it is broken.
        OSError: there is no such file.
    """
    with path.open("rb") as file:
        mime = sound_type(file.read(16))
    if mime is None:
        raise MediaRefused(
            "not_a_sound",
            "This is no MP3, WAV or M4A, whatever its name says: convert it to one of these.",
            _RULE,
        )
    return av.open(f"file:{path}", "r", format=DEMUXERS[mime])


def measure_sound(path: Path, limits: SoundLimits) -> SoundMeasure:
    """Measure a sound file, whatever its length.

    Args:
        limits: of bytes; what has more is not opened.

    Raises:
        MediaRefused: it is not a complete sound file. Codes: ``empty``, ``too_many_bytes``,
            ``not_a_sound``, ``broken_sound``.
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    if not size:
        raise MediaRefused("empty", "The sound has no bytes: send an MP3, WAV or M4A.", _RULE)
    if size > limits.max_bytes:
        raise MediaRefused(
            "too_many_bytes",
            f"The sound has {size:,} bytes; at most {limits.max_bytes:,} are allowed: shorten it "
            "or compress it more.",
            _RULE,
        )
    try:
        with open_sound(path) as container:
            mime = _MIMES[container.format.name]
            return SoundMeasure(mime, size, float(_seconds(container)))
    except av.FFmpegError as error:
        if is_disk_error(error):
            raise
        detail = "it needs too much memory" if error.errno == errno.ENOMEM else error.strerror
        raise _broken(detail or "it cannot be read") from error


def check_sound(found: SoundMeasure, limits: SoundLimits) -> None:
    """Check a sound against the limits of its length.

    Raises:
        MediaRefused: it is outside. Codes: ``too_short``, ``too_long``.
    """
    lasts = f"The sound lasts {found.seconds:.3g} s"
    if found.seconds + _SHORTEST_TOLD < limits.min_seconds:
        message = f"{lasts}; at least {limits.min_seconds:g} s are needed: send a longer one."
        raise MediaRefused("too_short", message, _RULE)
    if found.seconds - _SHORTEST_TOLD > limits.max_seconds:
        message = f"{lasts}; at most {limits.max_seconds:g} s are allowed: cut it."
        raise MediaRefused("too_long", message, _RULE)


def sound_track(container: InputContainer) -> av.AudioStream:
    """The first track that FFmpeg can decode.

    Raises:
        MediaRefused: there is none (``not_a_sound``).
    """
    # PyAV has no context for a codec that FFmpeg cannot decode, whatever its types say.
    known = [s for s in container.streams.audio if getattr(s, "codec_context", None) is not None]
    if not known:
        raise MediaRefused(
            "not_a_sound", "The file has no sound that can be read: send MP3, WAV or AAC.", _RULE
        )
    return known[0]


def _seconds(container: InputContainer) -> Fraction:
    """Length of the track, from its packets: what headers say is often a guess."""
    stream = sound_track(container)
    if stream.codec_context.channels > _MOST_CHANNELS:
        raise _broken(f"it has {stream.codec_context.channels} channels")
    heard, first, last = False, None, Fraction(0)
    for packet in container.demux(stream):
        if not heard and packet.size:
            heard = next(iter(packet.decode()), None) is not None
        if packet.pts is None or packet.time_base is None:
            continue
        first = packet.pts * packet.time_base if first is None else first
        last = max(last, (packet.pts + (packet.duration or 0)) * packet.time_base)
    if not heard or first is None:
        raise _broken("it cannot be decoded")
    return last - max(first, Fraction(0))


def unreadable_sound(why: str) -> MediaRefused:
    """A refusal for a sound that this server fails to read, though it may be sound."""
    return MediaRefused(
        "unreadable_sound",
        f"This server cannot read the sound ({why}), although nothing may be wrong with it: send "
        "it as a WAV.",
        _RULE,
    )


def _broken(how: str) -> MediaRefused:
    return MediaRefused("broken_sound", f"The sound is broken: {how}. Export it again.", _RULE)
