"""Pictures for tests, made in code: good ones, and ones that no program would write."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

RGB = NDArray[np.uint8]
"""Pixels, shape ``(height, width, 3)``."""

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


def flat_png(width: int, height: int, *, depth: int = 8) -> bytes:
    """A grey PNG of zeros, black: any size at all, in little memory and next to no time.

    Args:
        depth: bits of a pixel.
    """
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    body = deflated_zeros(height * (1 + -(-width * depth // 8)))
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND")


def deflated_zeros(count: int) -> bytes:
    """A zlib stream of zeros. One block is deflated once and repeated: none knows the others."""
    block, rest = divmod(count, 2**20)
    parts = [b"\x78\x01"]
    for length, times in ((2**20, block), (rest, 1)):
        deflate = zlib.compressobj(9, wbits=-15)
        parts.append((deflate.compress(bytes(length)) + deflate.flush(zlib.Z_FULL_FLUSH)) * times)
    # An empty last block; then Adler-32, which zeros make simple.
    parts += [b"\x03\x00", struct.pack(">I", (count % 65521 << 16) + 1)]
    return b"".join(parts)


def claimed_png(width: int, height: int, *, interlaced: bool = False) -> bytes:
    """A PNG whose header claims any size; for what looks at the header alone."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, interlaced)
    return SIGNATURE + chunk(b"IHDR", header) + flat_png(300, 300)[33:]


def padded_png(size: int, data: bytes | None = None) -> bytes:
    """A good PNG of exactly so many bytes, by an ancillary chunk that nobody reads."""
    data = data or saved(ramp())
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


def text(data: bytes) -> str:
    """Raw base64, as a request carries it."""
    return b64encode(data).decode("ascii")


def base64(pixels: RGB) -> str:
    """A picture as requests carry it."""
    return text(saved(Image.fromarray(pixels)))


@cache
def inline(width: int = 400, height: int = 300) -> str:
    """A black picture of any size, as a request carries it."""
    return text(flat_png(width, height))
