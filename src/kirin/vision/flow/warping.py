"""Drawing a picture's planes through positions that are given on a coarse grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes
from kirin.vision.sampling import Words, between_rows, between_squares, fetch, pack_squares

Floats = NDArray[np.float32]

_FAR: Final = np.float32(1e6)  # samples: positions further away are drawn as from there
_PIECE: Final = 512  # pixels that are drawn at once: their buffers stay in the first cache
_NOTHING: Final = np.empty((0, 0), np.float32)  # in the place of weights: opaque


@dataclass(frozen=True, slots=True)
class PackedPlanes:
    """A picture whose planes are packed for sampling, as by :func:`pack_squares`."""

    y: Words
    u: Words
    v: Words

    @classmethod
    def of(cls, planes: Planes) -> PackedPlanes:
        """Pack a picture."""
        sides = planes.y, planes.u, planes.v
        packed = cls(*(np.empty(plane.shape, np.int32) for plane in sides))
        packed.renew(planes)
        return packed

    def renew(self, planes: Planes) -> None:
        """Pack another picture of the same sizes in its place."""
        pack_squares(planes.y, self.y)
        pack_squares(planes.u, self.u)
        pack_squares(planes.v, self.v)


class WarpGrid:
    """A grid of square cells over a view, with a ring of cells around it. Not thread-safe.

    Values are those of the cells' centres; between them they are bilinear.

    Args:
        width, height: of the view in pixels, both even.
        cells: about how many on the longest side.

    Attributes:
        width, height: likewise.
        cell: side of a cell in pixels; even, for chroma.
        columns, rows: how many cells, with those of the ring.
    """

    def __init__(self, width: int, height: int, cells: int) -> None:
        self.width, self.height = width, height
        self.cell = max(round(max(width, height) / cells / 2), 1) * 2
        self.columns = -(-width // self.cell) + 2
        self.rows = -(-height // self.cell) + 2
        # Buffers are used again: page faults of new ones cost as much as drawing.
        self._memory: dict[tuple[str, int], NDArray[Any]] = {}

    def centres(self) -> Floats:
        """The cells' centres, x and y in widths and heights of the view."""
        x = (np.arange(self.columns) - 0.5) * self.cell / self.width
        y = (np.arange(self.rows) - 0.5) * self.cell / self.height
        return np.dstack(np.meshgrid(x, y)).astype(np.float32)

    def draw(
        self, source: PackedPlanes, places: Floats, target: Planes, share: Plane | None = None
    ) -> None:
        """Draw a picture, sampled bilinearly; beyond its borders the border's samples repeat.

        Args:
            source: the picture.
            places: of the cells in the picture, in its widths and heights; shape
                ``(rows, columns, 2)``.
            target: drawn into; planes of a frame of the view's size.
            share: of the cells, 0 to 255: weight with which it is drawn over what is there;
                shape ``(rows, columns)``. Without it, the picture replaces that.
        """
        for step, sources, outs in (
            (1, (source.y,), (target.y,)),
            (2, (source.u, source.v), (target.u, target.v)),
        ):
            height, width = sources[0].shape
            # Luma samples are centred half a sample in. Chroma samples are sited left, a quarter
            # in, both in the picture and in the view.
            left = 0.5 if step == 1 else 0.25 + 0.25 * width / (self.width / 2)
            across = self._spread(_samples(places[..., 0], width, left), "across", step)
            down = self._spread(_samples(places[..., 1], height, 0.5), "down", step)
            weights = _NOTHING
            if share is not None:
                weights = self._spread(share.astype(np.float32), "share", step)
            _draw(sources, across, down, weights, self.cell // step, outs)

    def weights(self, share: Plane) -> Plane:
        """Weights of the cells, 0 to 255, for each pixel of the view."""
        size = self.columns * self.cell, self.rows * self.cell
        spread = cv2.resize(share, size, interpolation=cv2.INTER_LINEAR)
        inner = spread[self.cell : self.cell + self.height, self.cell : self.cell + self.width]
        return np.ascontiguousarray(inner, np.uint8)

    def _spread(self, values: Floats, name: str, step: int) -> Floats:
        """Values between the cells of each row; a row's first cell is of the ring."""
        shape = self.rows, self.columns * self.cell // step
        out = self._memory.setdefault((name, step), np.empty(shape, np.float32))
        cv2.resize(values, shape[::-1], out, interpolation=cv2.INTER_LINEAR)
        return out


def _samples(places: Floats, side: int, start: float) -> Floats:
    """Positions along one axis in samples; 0 is the centre of the first one."""
    found = places * np.float32(side) - np.float32(start)
    # A horizon may be anywhere: what is infinite, or nowhere, becomes far away.
    near: Floats = np.fmax(np.fmin(found, _FAR), -_FAR)
    return near


@compiled
def _between(
    above: Floats, below: Floats, share: np.float32, last: np.float32, out: Floats
) -> None:
    """A row of positions between two, kept within a plane whose last sample is ``last``."""
    zero = np.float32(0)
    for x in range(len(out)):
        out[x] = min(max(above[x] + (below[x] - above[x]) * share, zero), last)


@compiled
def _places(column: Floats, row: Floats, width: np.int32, out: Words) -> None:
    """Where the words of some positions are in a flattened plane of any size."""
    for x in range(len(out)):
        out[x] = np.int32(row[x]) * width + np.int32(column[x])


@compiled
def _stored(value: Floats, out: Plane) -> None:
    half = np.float32(0.5)
    for x in range(len(out)):
        out[x] = np.uint8(np.int32(value[x] + half))


@compiled
def _blended(value: Floats, weight: Floats, out: Plane) -> None:
    half, unit = np.float32(0.5), np.float32(1 / 255)
    for x in range(len(out)):
        below = np.float32(out[x])
        mixed = below + (value[x] - below) * weight[x] * unit
        out[x] = np.uint8(np.int32(mixed + half))


@compiled
def _seen(weight: Floats) -> tuple[int, int]:
    """The first pixel of a row that is not transparent, and the last plus one."""
    first, last, little = 0, len(weight), np.float32(0.5)
    while first < last and weight[first] < little:
        first += 1
    while last > first and weight[last - 1] < little:
        last -= 1
    return first, last


@compiled
def _draw(
    sources: tuple[Words, ...],
    across: Floats,
    down: Floats,
    weights: Floats,
    cell: int,
    outs: tuple[Plane, ...],
) -> None:
    """Draw planes of one size.

    Args:
        sources: packed.
        across, down: positions in samples, of the cells of each row and between them.
        weights: 0 to 255, likewise; of no size if all are 255.
        cell: side of a cell in samples of the outputs, and width of the ring.
        outs: as many planes of the view.
    """
    rows, columns = outs[0].shape
    height, width = sources[0].shape
    work = np.empty((4, _PIECE), np.float32)
    places, words = np.empty(_PIECE, np.int32), np.empty(_PIECE, np.int32)
    right, bottom = np.float32(width - 1), np.float32(height - 1)
    for i in range(rows):
        place = (i + 0.5) / cell + 0.5
        r = int(place)
        t = np.float32(place - r)
        for left in range(0, columns, _PIECE):
            x0, x1 = left, min(left + _PIECE, columns)
            least, weight = np.float32(255), work[3][: x1 - x0]
            if weights.size:
                above, below = (
                    weights[r][cell + x0 : cell + x1],
                    weights[r + 1][cell + x0 : cell + x1],
                )
                between_rows(above, below, t, weight)
                first, last = _seen(weight)
                if first == last:
                    continue
                x0, x1, weight = x0 + first, x0 + last, weight[first:last]
                for x in range(len(weight)):
                    least = min(least, weight[x])
            start, end, count = cell + x0, cell + x1, x1 - x0
            x_at, y_at, value = work[0][:count], work[1][:count], work[2][:count]
            _between(across[r][start:end], across[r + 1][start:end], t, right, x_at)
            _between(down[r][start:end], down[r + 1][start:end], t, bottom, y_at)
            _places(x_at, y_at, np.int32(width), places[:count])
            for k in range(len(sources)):
                source = sources[k]
                fetch(source.reshape(source.size), places[:count], words[:count])
                between_squares(words[:count], x_at, y_at, value)
                out = outs[k][i][x0:x1]
                if least > np.float32(254.5):
                    _stored(value, out)
                else:
                    _blended(value, weight, out)
