"""What a picture file says about itself before a pixel is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from kirin.media.refusal import MediaRefused


@dataclass(frozen=True, slots=True)
class Header:
    """The facts of a picture file as they stand in it.

    Attributes:
        mime: ``image/jpeg`` or ``image/png``.
        width, height: pixels as stored, before orientation.
        orientation: EXIF orientation, 1 to 8.
        whole: whether a decoder must hold all of the picture at once (interlaced PNG,
            progressive JPEG), so that memory grows with the pixels.
    """

    mime: str
    width: int
    height: int
    orientation: int
    whole: bool


def broken(kind: str, how: str) -> MediaRefused:
    """A refusal for a file of a known kind that cannot be read."""
    return MediaRefused(
        "broken_image", f"The {kind} is broken: {how}. Save or upload it again.", "C-2"
    )
