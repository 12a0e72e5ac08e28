"""Sampling a plane at free positions, in loops that run on vectors.

Reading four neighbours of a pixel one by one is what makes a free displacement dear. Here they
lie in one word, so that a sample is one read; positions, reads and arithmetic are loops of their
own, of which LLVM puts all but the read on vectors. Each loop writes one row and reads few: LLVM
checks at run time that arrays do not overlap, and gives up on loops over many.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane

Words = NDArray[np.int32]
Row = NDArray[np.float32]
Floats = NDArray[np.float32]

PIECE = 256
"""Longest run of pixels: its buffers stay in the first cache."""

ROW = 1024
"""Longest run of :func:`shift`, which reads along rows, or straight up and down."""

_GAP = 24  # pixels: shorter gaps between two runs are not worth a run of their own


@compiled
def pack_squares(source: Plane, out: Words) -> None:
    """Each pixel with those to its right, below it, and to the right below it, in one word.

    Args:
        source: border pixels repeat beyond its right and lower side.
        out: of the same shape; lowest byte first.
    """
    rows, columns = source.shape
    for i in range(rows):
        here, below, line = source[i], source[min(i + 1, rows - 1)], out[i]
        for j in range(columns - 1):
            line[j] = (
                np.int32(here[j])
                | (np.int32(here[j + 1]) << 8)
                | (np.int32(below[j]) << 16)
                | (np.int32(below[j + 1]) << 24)
            )
        last = columns - 1
        line[last] = np.int32(here[last]) * 257 | (np.int32(below[last]) * 257 << 16)


@compiled
def fetch(words: NDArray[np.int32 | np.float32], places: Words, out: Row | Words) -> None:
    """``out[x] = words[places[x]]``: the one loop that reads anywhere."""
    for x in range(len(out)):
        out[x] = words[places[x]]


@compiled
def places_of(column: Row, row: Row, width: np.float32, out: Words) -> None:
    """Where the words of some positions are in a flattened plane of less than 2^24 pixels."""
    for x in range(len(out)):
        out[x] = np.int32(np.floor(row[x]) * width + np.floor(column[x]))


@compiled
def between_squares(words: Words, column: Row, row: Row, out: Row) -> None:
    """Bilinear interpolation within the words of :func:`pack_squares`."""
    low = np.int32(255)
    for x in range(len(out)):
        right, down = column[x] - np.floor(column[x]), row[x] - np.floor(row[x])
        word = words[x]
        a, b = np.float32(np.int32(word & low)), np.float32(np.int32((word >> 8) & low))
        c, d = np.float32(np.int32((word >> 16) & low)), np.float32(np.int32((word >> 24) & low))
        a += (b - a) * right
        c += (d - c) * right
        out[x] = a + (c - a) * down


@compiled
def between_rows(above: Row, below: Row, share: np.float32, out: Row) -> None:
    """A row between two."""
    for x in range(len(out)):
        out[x] = above[x] + (below[x] - above[x]) * share


@compiled
def runs_of(alpha: Plane, piece: int = PIECE) -> NDArray[np.int32]:
    """The runs of pixels in which a plane is not zero: row, first column, last plus one.

    They come in upright strips of ``piece`` pixels: what the rows of a strip read lies close
    together, and stays in the cache from row to row.
    """
    rows, columns = alpha.shape
    found = np.empty((rows * (columns // _GAP + columns // piece + 2), 3), np.int32)
    count = 0
    for left in range(0, columns, piece):
        right = min(left + piece, columns)
        for i in range(rows):
            start, end = -1, -1
            for j in range(left, right):
                if alpha[i, j] == 0:
                    continue
                if start >= 0 and j - end >= _GAP:
                    found[count, 0], found[count, 1], found[count, 2] = i, start, end
                    count += 1
                    start = j
                elif start < 0:
                    start = j
                end = j + 1
            if start >= 0:
                found[count, 0], found[count, 1], found[count, 2] = i, start, end
                count += 1
    return found[:count].copy()


@compiled
def pack_fours(source: Plane, out: Words) -> None:
    """Each pixel with the one to its left and the two to its right, in one word.

    Args:
        source: border pixels repeat beyond its sides.
        out: of the same shape; the leftmost in the lowest byte.
    """
    rows, columns = source.shape
    last = columns - 1
    for i in range(rows):
        here, line = source[i], out[i]
        for j in range(1, columns - 2):
            line[j] = (
                np.int32(here[j - 1])
                | (np.int32(here[j]) << 8)
                | (np.int32(here[j + 1]) << 16)
                | (np.int32(here[j + 2]) << 24)
            )
        for j in (0, max(last - 1, 0), last):
            line[j] = (
                np.int32(here[max(j - 1, 0)])
                | (np.int32(here[j]) << 8)
                | (np.int32(here[min(j + 1, last)]) << 16)
                | (np.int32(here[min(j + 2, last)]) << 24)
            )


@compiled
def pack_upright_fours(source: Plane, out: Words) -> None:
    """Each pixel with the one above it and the two below it; else as :func:`pack_fours`."""
    rows, columns = source.shape
    last = rows - 1
    for i in range(rows):
        one, two = source[max(i - 1, 0)], source[i]
        three, four = source[min(i + 1, last)], source[min(i + 2, last)]
        line = out[i]
        for j in range(columns):
            line[j] = (
                np.int32(one[j])
                | (np.int32(two[j]) << 8)
                | (np.int32(three[j]) << 16)
                | (np.int32(four[j]) << 24)
            )


@compiled
def between_fours(words: Words, column: Row, out: Row) -> None:
    """Interpolation within the words of :func:`pack_fours`, by Keys' cubic."""
    low, half = np.int32(255), np.float32(0.5)
    two, three, four, five = np.float32(2), np.float32(3), np.float32(4), np.float32(5)
    for x in range(len(out)):
        t = column[x] - np.floor(column[x])
        word = words[x]
        a, b = np.float32(np.int32(word & low)), np.float32(np.int32((word >> 8) & low))
        c, d = np.float32(np.int32((word >> 16) & low)), np.float32(np.int32((word >> 24) & low))
        cube = three * (b - c) + d - a
        square = two * a - five * b + four * c - d
        out[x] = b + half * t * (c - a + t * (square + t * cube))


@compiled
def between_two(first: Row, second: Row, row: Row, out: Row) -> None:
    """Linear interpolation between samples of the row at a position and of the next one."""
    for x in range(len(out)):
        out[x] = first[x] + (second[x] - first[x]) * (row[x] - np.floor(row[x]))


@compiled
def rows_from(row: Row, step: np.float32, last: np.float32, out: Row) -> None:
    """The whole rows ``step`` below some positions; border rows repeat."""
    for x in range(len(out)):
        out[x] = min(max(np.floor(row[x]) + step, np.float32(0)), last)


@compiled
def _moved(
    ramp: Row, first: np.float32, field: Row, share: np.float32, last: np.float32, out: Row
) -> None:
    zero = np.float32(0)
    for x in range(len(out)):
        out[x] = min(max(first + ramp[x] + field[x] * share, zero), last)


@compiled
def _stored(value: Row, out: Plane) -> None:
    half, zero, top = np.float32(0.5), np.float32(0), np.float32(255)
    for x in range(len(out)):
        out[x] = np.uint8(np.int32(min(max(value[x] + half, zero), top)))


@compiled
def shift(
    fours: Words,
    field: Floats,
    share: np.float32,
    runs: NDArray[np.int32],
    upright: bool,
    out: Plane,
) -> None:
    """Sample a plane at positions displaced along one axis by Keys' cubic, in runs of its pixels.

    A smooth field of small displacements takes two passes of this, one for each axis
    (Catmull, Smith 1980): far fewer reads than sixteen neighbours at once.

    Args:
        fours: the plane, as :func:`pack_fours` packs it, or :func:`pack_upright_fours`; beyond
            its border pixels repeat.
        field: displacements in samples, of its shape.
        share: of them.
        runs: which pixels are written, from :func:`runs_of`, in strips of ``ROW``.
        upright: whether they are moved up and down.
        out: of the same shape.
    """
    rows, columns = out.shape
    last = np.float32(rows - 1) if upright else np.float32(columns - 1)
    ramp, flat = np.empty(ROW, np.float32), np.zeros(ROW, np.float32)
    for x in range(ROW):
        ramp[x] = np.float32(x)
    work = np.empty((3, ROW), np.float32)
    places, words = np.empty(ROW, np.int32), np.empty(ROW, np.int32)
    packed, width = fours.reshape(fours.size), np.float32(columns)
    for run in range(runs.shape[0]):
        y, start, end = runs[run, 0], runs[run, 1], runs[run, 2]
        count = end - start
        moved, fixed, value = work[0][:count], work[1][:count], work[2][:count]
        here, found, far = places[:count], words[:count], field[y][start:end]
        if upright:
            _moved(flat[:count], np.float32(y), far, share, last, moved)
            _moved(ramp[:count], np.float32(start), far, np.float32(0), width, fixed)
            places_of(fixed, moved, width, here)
        else:
            _moved(ramp[:count], np.float32(start), far, share, last, moved)
            _moved(flat[:count], np.float32(y), far, np.float32(0), np.float32(rows), fixed)
            places_of(moved, fixed, width, here)
        fetch(packed, here, found)
        between_fours(found, moved, value)
        _stored(value, out[y][start:end])
