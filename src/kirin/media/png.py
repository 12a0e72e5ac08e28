"""PNG files: their structure, walked without inflating a pixel."""

from __future__ import annotations

import struct
import zlib
from typing import Final

from kirin.media.exif import orientation
from kirin.media.header import Header, broken

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"

_DEPTHS: Final = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
"""Bits a sample that each colour type may have."""

_PALETTE: Final = 3
_LARGEST: Final = 2**31 - 1


def read(data: bytes) -> Header:
    """Walk all chunks to the end, checking each one's CRC.

    Bytes after the end are refused: no program writes them, and what hides there is no picture.

    Args:
        data: a whole file that starts with :data:`SIGNATURE`.

    Raises:
        MediaRefused: the file is broken or ends early.
    """
    view, at = memoryview(data), len(SIGNATURE)
    header: Header | None = None
    palette_needed = pixels = False
    turned = 1
    while True:
        if at + 12 > len(data):
            raise broken("PNG", "it ends early")
        length, kind = struct.unpack_from(">I4s", view, at)
        end = at + 12 + length
        if end > len(data):
            raise broken("PNG", "it ends early")
        if zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end]):
            raise broken("PNG", f"the checksum of its {kind!r:.8} chunk is wrong")
        body = view[at + 8 : end - 4]
        at = end
        if header is None:
            header = _header(kind, body)
            palette_needed = body[9] == _PALETTE
        elif kind == b"PLTE":
            palette_needed = False
        elif kind == b"eXIf":
            turned = orientation(bytes(body))
        elif kind == b"IDAT":
            pixels = True
        elif kind == b"IEND":
            break
    if palette_needed or not pixels:
        raise broken("PNG", "it has no " + ("palette" if palette_needed else "pixels"))
    if at != len(data):
        raise broken("PNG", f"{len(data) - at} bytes follow its end")
    return Header(header.mime, header.width, header.height, turned, header.whole)


def _header(kind: bytes, body: memoryview) -> Header:
    if kind != b"IHDR" or len(body) != 13:
        raise broken("PNG", "it does not start with a header")
    width, height, depth, colour, compression, filters, interlace = struct.unpack(">IIBBBBB", body)
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise broken("PNG", "its header names an impossible size")
    if depth not in _DEPTHS.get(colour, ()) or compression or filters or interlace > 1:
        raise broken("PNG", "its header makes no sense")
    return Header("image/png", width, height, orientation=1, whole=bool(interlace))
