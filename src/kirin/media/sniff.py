"""Sniffing: the media type of a file by its first bytes, whatever its name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kirin.media import jpeg, png
from kirin.media.boxes import FIRST_IN_OLD_MOV
from kirin.media.sound_probe import M4A, sound_type

UNKNOWN: Final = "application/octet-stream"

_QUICKTIME: Final = b"qt  "
_SOUND_BRANDS: Final = frozenset({b"M4A ", b"M4B "})
_ENOUGH: Final = 16


def media_type(path: Path) -> str:
    """The media type of a picture, video or sound; :data:`UNKNOWN` of anything else.

    A first guess: only measuring tells whether the file is complete.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(_ENOUGH)
    if start.startswith(png.SIGNATURE):
        return "image/png"
    if start.startswith(jpeg.SIGNATURE):
        return "image/jpeg"
    if start[4:8] == b"ftyp":
        if start[8:12] in _SOUND_BRANDS:
            return M4A
        return "video/quicktime" if start[8:12] == _QUICKTIME else "video/mp4"
    if start[4:8] in FIRST_IN_OLD_MOV:
        return "video/quicktime"
    return sound_type(start) or UNKNOWN
