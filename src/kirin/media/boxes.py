"""Boxes: the outer structure of MP4 and MOV files (ISO/IEC 14496-12)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

_MOST: Final = 10_000
"""Boxes looked at; honest files have a handful, fragmented ones some thousands."""


class Box(NamedTuple):
    """One top-level box: its four-letter kind, where its content starts, and the next box."""

    kind: bytes
    content: int
    end: int


def boxes(file: BinaryIO, size: int) -> Iterator[Box]:
    """The top-level boxes of a file of ``size`` bytes, up to the first that makes no sense."""
    start = 0
    for _ in range(_MOST):
        file.seek(start)
        head = file.read(16)
        if len(head) < 8:
            return
        length, kind, content = int.from_bytes(head[:4]), head[4:8], start + 8
        if length == 1:
            length, content = int.from_bytes(head[8:16]), start + 16
        elif length == 0:  # to the end of the file
            length = size - start
        if start + length < content:
            return
        yield Box(kind, content, start + length)
        start += length


def index_in_front(path: Path) -> bool:
    """Whether an MP4 or MOV can be played before all of it has arrived: moov before mdat."""
    with path.open("rb") as file:
        kinds = [box.kind for box in boxes(file, path.stat().st_size)]
    return b"moov" in kinds and (
        b"mdat" not in kinds or kinds.index(b"moov") < kinds.index(b"mdat")
    )
