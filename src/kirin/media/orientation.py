"""Orientation: the eight ways in which a picture can be stored, and how to set it upright.

They are numbered as in EXIF: 1 is upright, 2 mirrored left to right, 3 turned by 180 degrees, 4
mirrored top to bottom, 6 and 8 turned by 90, 5 and 7 turned and mirrored.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UPRIGHT: Final = 1

_TRANSPOSED: Final = frozenset({5, 6, 7, 8})
_ROWS_REVERSED: Final = frozenset({3, 4, 7, 8})
_COLUMNS_REVERSED: Final = frozenset({2, 3, 6, 7})

_PLAIN: Final = {(False, False): 1, (True, False): 2, (True, True): 3, (False, True): 4}
_SIDEWAYS: Final = {(False, False): 5, (True, False): 6, (True, True): 7, (False, True): 8}
"""Orientation by whether columns and rows are reversed."""


def from_display_matrix(matrix: bytes) -> int:
    """The orientation that a video track's display matrix asks for.

    Args:
        matrix: nine 32-bit integers in the machine's byte order, ``a b u c d v x y w``, as FFmpeg
            gives them: a stored pixel (p, q) is displayed at (a p + c q + x, b p + d q + y), y
            downwards (ISO/IEC 14496-12, 6.2.2).

    Returns:
        1 to 8; the nearest one where the matrix turns by another angle than players know.
    """
    a, b, _, c, d = struct.unpack_from("=5i", matrix)
    if abs(b) + abs(c) > abs(a) + abs(d):
        return _SIDEWAYS[c < 0, b < 0]
    return _PLAIN[a < 0, d < 0]


def swaps_sides(orientation: int) -> bool:
    """Whether width and height change places when the picture is set upright."""
    return orientation in _TRANSPOSED


def upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Pixels as they are meant to be seen. A view where that is possible.

    Args:
        pixels: shape ``(height, width, ...)``, as stored.
        orientation: 1 to 8.
    """
    if orientation in _TRANSPOSED:
        pixels = pixels.swapaxes(0, 1)
    if orientation in _ROWS_REVERSED:
        pixels = pixels[::-1]
    if orientation in _COLUMNS_REVERSED:
        pixels = pixels[:, ::-1]
    return pixels
