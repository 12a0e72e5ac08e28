"""Boxes: the structure of MP4 and MOV files (ISO/IEC 14496-12)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

_MOST: Final = 10_000
"""Most boxes that are read; real files have a handful, fragmented ones some thousands."""

_SAMPLE_TABLES: Final = (b"minf", b"stbl", b"stsd")

FIRST_IN_OLD_MOV: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
"""What a MOV may start with that is older than ``ftyp``."""

_MEDIA: Final = frozenset({b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"sidx", b"uuid", b"meta"})
"""Boxes that must be complete."""


class Box(NamedTuple):
    """One box: its four-letter kind, where its content starts, and where the next box does."""

    kind: bytes
    content: int
    end: int


def boxes(file: BinaryIO, end: int, start: int = 0) -> Iterator[Box]:
    """The boxes between two positions, up to the first whose size is invalid."""
    for _ in range(_MOST):
        file.seek(start)
        head = file.read(min(16, max(end - start, 0)))
        if len(head) < 8:
            return
        length, kind, content = int.from_bytes(head[:4]), head[4:8], start + 8
        if length == 1:
            length, content = int.from_bytes(head[8:16]), start + 16
        elif length == 0:  # to the end
            length = end - start
        if start + length < content:
            return
        yield Box(kind, content, start + length)
        start += length


def cut_off(found: list[Box], size: int) -> bool:
    """Whether a file of ``size`` bytes ends within a box, so that some of it is missing.

    Bytes after the last box do not belong to the video, whatever they look like; players ignore
    them.
    """
    last = found[-1]
    if last.end <= size:
        return False
    kinds = {box.kind for box in found[:-1]}
    whole = b"moov" in kinds and bool(kinds & {b"mdat", b"moof"})
    return last.kind in _MEDIA or not whole


def sample_formats(file: BinaryIO, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Handler (``vide``, ``soun``) and sample entry (``avc1``, ``mp4a``) of each track."""
    for movie in _inside(file, 0, size, b"moov"):
        for track in _inside(file, movie.content, movie.end, b"trak"):
            for media in _inside(file, track.content, track.end, b"mdia"):
                handler = _letters(file, _inside(file, media.content, media.end, b"hdlr"))
                tables = [media]
                for kind in _SAMPLE_TABLES:
                    tables = [box for t in tables for box in _inside(file, t.content, t.end, kind)]
                entry = _letters(file, tables, after=12)
                if handler and entry:
                    yield handler, entry


def _inside(file: BinaryIO, start: int, end: int, kind: bytes) -> list[Box]:
    return [box for box in boxes(file, end, start) if box.kind == kind]


def _letters(file: BinaryIO, found: list[Box], after: int = 8) -> bytes:
    """Four letters that stand so many bytes after the start of the first box's content."""
    if not found:
        return b""
    file.seek(found[0].content + after)
    return file.read(4)


def index_in_front(path: Path) -> bool:
    """Whether an MP4 or MOV can be played before all of it has arrived: moov before mdat."""
    with path.open("rb") as file:
        kinds = [box.kind for box in boxes(file, path.stat().st_size)]
    return b"moov" in kinds and (
        b"mdat" not in kinds or kinds.index(b"moov") < kinds.index(b"mdat")
    )
