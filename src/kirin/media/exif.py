"""EXIF: the orientation of a picture."""

from __future__ import annotations

from typing import Final, Literal

_ORIENTATION: Final = 0x0112
_SHORT: Final = 3
_ENTRY: Final = 12


def orientation(block: bytes) -> int:
    """The orientation, 1 to 8, that a TIFF block names; 1 if it is absent or invalid.

    A picture is never refused for its metadata: broken EXIF counts as none.
    """
    order: Literal["little", "big"] = "little" if block[:2] == b"II" else "big"
    if block[:4] not in {b"II*\0", b"MM\0*"}:
        return 1
    first = int.from_bytes(block[4:8], order)
    count = int.from_bytes(block[first : first + 2], order)
    for number in range(count):
        at = first + 2 + number * _ENTRY
        entry = block[at : at + _ENTRY]
        if len(entry) < _ENTRY:
            break
        tag, kind = int.from_bytes(entry[:2], order), int.from_bytes(entry[2:4], order)
        if tag == _ORIENTATION and kind == _SHORT:
            value = int.from_bytes(entry[8:10], order)
            return value if 1 <= value <= 8 else 1
    return 1
