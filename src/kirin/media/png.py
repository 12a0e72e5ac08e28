"""PNG files: their structure, walked without inflating a pixel."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from typing import Final

from kirin.media.color import SRGB, Chromaticities
from kirin.media.exif import orientation
from kirin.media.header import Header, PictureColor, broken

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"

_DEPTHS: Final = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
"""Bits a sample that each colour type may have."""

_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PALETTE: Final = 3
_LARGEST: Final = 2**31 - 1
_ANCILLARY: Final = 0x20
"""The bit of a chunk's first letter that says that a reader may pass over it."""

_USED: Final = frozenset({b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"eXIf", b"PLTE"})

_SRGB_GAMMA: Final = 45_455
_GAMMA_TOLERANCE: Final = 500
_SAME: Final = 0.002
"""Difference of x or y from that of sRGB up to which chromaticities are taken for it."""


def read(data: bytes) -> Header:
    """Walk all chunks to the end, checking each one's CRC.

    As libpng does, it passes over bytes after the end, and over chunks with a wrong CRC that no
    reader needs.

    Args:
        data: a whole file that starts with :data:`SIGNATURE`.

    Raises:
        MediaRefused: the file is broken or ends early.
    """
    view, at = memoryview(data), len(SIGNATURE)
    header: Header | None = None
    palette_needed = pixels = False
    known: dict[bytes, bytes] = {}
    while True:
        if at + 12 > len(data):
            raise broken("PNG", "it ends early")
        length, kind = struct.unpack_from(">I4s", view, at)
        end = at + 12 + length
        if end > len(data):
            raise broken("PNG", "it ends early")
        intact = zlib.crc32(view[at + 4 : end - 4]) == int.from_bytes(view[end - 4 : end])
        if not intact and not kind[0] & _ANCILLARY:
            raise broken("PNG", f"the checksum of its {kind!r:.8} chunk is wrong")
        body = view[at + 8 : end - 4]
        at = end
        if header is None:
            header = _header(kind, body)
            palette_needed = body[9] == _PALETTE
        elif kind in _USED and intact:
            known.setdefault(kind, bytes(body))
        elif kind == b"IDAT":
            pixels = True
        elif kind == b"IEND":
            break
    palette_needed = palette_needed and b"PLTE" not in known
    if palette_needed or not pixels:
        raise broken("PNG", "it has no " + ("palette" if palette_needed else "pixels"))
    turned = orientation(known[b"eXIf"]) if b"eXIf" in known else 1
    return replace(header, orientation=turned, color=_color(known))


def _header(kind: bytes, body: memoryview) -> Header:
    if kind != b"IHDR" or len(body) != 13:
        raise broken("PNG", "it does not start with a header")
    width, height, depth, colour, compression, filters, interlace = struct.unpack(">IIBBBBB", body)
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise broken("PNG", "its header names an impossible size")
    if depth not in _DEPTHS.get(colour, ()) or compression or filters or interlace > 1:
        raise broken("PNG", "its header is not valid")
    # A palette is expanded, and bits become bytes.
    channels = 4 if colour == _PALETTE else _CHANNELS[colour]
    held = width * height * channels * max(depth // 8, 1) if interlace else 0
    return Header("image/png", width, height, held_bytes=held)


def _color(known: dict[bytes, bytes]) -> PictureColor | None:
    """The colours by the chunk that takes precedence (PNG third edition, 4.3).

    ``None`` where that is an ICC profile, or says sRGB, or nothing does.
    """
    cicp = known.get(b"cICP", b"")
    if len(cicp) == 4 and cicp[2] == 0:
        return PictureColor(cicp=(cicp[0], cicp[1]))
    if b"iCCP" in known or b"sRGB" in known:
        return None
    gamma = _gamma(known.get(b"gAMA", b""))
    chromaticities = _chromaticities(known.get(b"cHRM", b""))
    if gamma is None and chromaticities is None:
        return None
    return PictureColor(gamma=gamma, chromaticities=chromaticities)


def _gamma(body: bytes) -> float | None:
    """The exponent from samples to light; ``None`` if none is given, or that of sRGB."""
    value = int.from_bytes(body) if len(body) == 4 else 0
    if not value or abs(value - _SRGB_GAMMA) <= _GAMMA_TOLERANCE:
        return None
    return 100_000 / value


def _chromaticities(body: bytes) -> Chromaticities | None:
    """x and y of white, red, green and blue; ``None`` if not given, of no use, or those of sRGB."""
    if len(body) != 32:
        return None
    values: Chromaticities = tuple(value / 100_000 for value in struct.unpack(">8I", body))
    if not all(0 < y < 1 and x < 1 for x, y in zip(values[::2], values[1::2], strict=True)):
        return None
    if all(abs(a - b) <= _SAME for a, b in zip(values, SRGB, strict=True)):
        return None
    return values
