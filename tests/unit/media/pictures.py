"""Pictures for tests, made in code: good ones, and ones that no program would write."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def ramp(width: int = 400, height: int = 300) -> Image.Image:
    """Red to the right, green downwards, blue to the left: no two corners alike."""
    across = np.linspace(0, 255, width)[None].repeat(height, 0)
    down = np.linspace(0, 255, height)[:, None].repeat(width, 1)
    return Image.fromarray(np.stack([across, down, 255 - across], -1).astype(np.uint8))


def saved(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The content of a picture file."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def flat_png(width: int, height: int) -> bytes:
    """A PNG of 8-bit black, deflated as a stream: any size at all, in little memory."""
    row = bytes(1 + width)
    deflate = zlib.compressobj(1)
    rows = max(1, 2**20 // len(row))
    parts = [deflate.compress(row * min(rows, height - at)) for at in range(0, height, rows)]
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = b"".join([*parts, deflate.flush()])
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND")


def claimed_png(width: int, height: int, *, interlaced: bool = False) -> bytes:
    """A PNG whose header claims any size; for what looks at the header alone."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, interlaced)
    return SIGNATURE + chunk(b"IHDR", header) + flat_png(300, 300)[33:]


def padded_png(size: int) -> bytes:
    """A good PNG of exactly so many bytes, by an ancillary chunk that nobody reads."""
    data = saved(ramp())
    filler = chunk(b"fiLl", bytes(size - len(data) - 12))
    return data[:33] + filler + data[33:]


def padded_jpeg(size: int) -> bytes:
    """A good JPEG of exactly so many bytes, by comments."""
    data = saved(ramp(), "JPEG")
    missing = size - len(data)
    comments = b""
    while missing:
        length = min(missing, 65000)
        length -= 4 if 0 < missing - length < 4 else 0
        comments += b"\xff\xfe" + struct.pack(">H", length - 2) + bytes(length - 4)
        missing -= length
    return data[:2] + comments + data[2:]
