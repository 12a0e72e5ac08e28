"""What a picture file says about itself before a pixel is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from kirin.media.color import Chromaticities
from kirin.media.refusal import MediaRefused


@dataclass(frozen=True, slots=True)
class PictureColor:
    """What a PNG states about its colours; only what decides them (PNG, 4.3) is set.

    Attributes:
        cicp: colour primaries and transfer characteristics, code points of ITU-T H.273.
        gamma: exponent from samples to light.
        chromaticities: x and y of white, red, green and blue.
    """

    cicp: tuple[int, int] | None = None
    gamma: float | None = None
    chromaticities: Chromaticities | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The facts of a picture file as they stand in it.

    Attributes:
        mime: ``image/jpeg`` or ``image/png``.
        width, height: pixels as stored, before orientation.
        orientation: EXIF orientation, 1 to 8.
        held_bytes: memory of a decoder that must hold all of the picture at once (interlaced PNG,
            progressive JPEG); 0 where it decodes row by row.
        ended: whether the file has its end marker; a JPEG without one may lack pixels too.
        color: what the file states about its colours apart from an ICC profile.
    """

    mime: str
    width: int
    height: int
    orientation: int = 1
    held_bytes: int = 0
    ended: bool = True
    color: PictureColor | None = None


def broken(kind: str, how: str) -> MediaRefused:
    """A refusal for a file of a known kind whose bytes are damaged or missing."""
    return MediaRefused(
        "broken_image", f"The {kind} is broken: {how}. Save or upload it again.", "C-2"
    )
