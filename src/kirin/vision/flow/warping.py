"""Sampling planes at positions that are given on a coarse grid."""

from __future__ import annotations

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane

Floats = NDArray[np.float32]

_NO_MAP: Any = None  # both coordinates are in the first map; OpenCV's type stubs demand two


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

    def samples(self, places: Floats, source: Plane, *, chroma: bool) -> Floats:
        """Positions in a picture as sample positions of one of its planes, for each sample.

        Args:
            places: of the cells, in widths and heights of the picture; ``(rows, columns, 2)``.
            source: the plane.
            chroma: whether it is one of chroma, and the samples are.
        """
        height, width = source.shape
        # Luma samples are centred half a sample in. Chroma samples are sited left, a quarter in,
        # both in the picture and in the view.
        left = 0.25 + 0.25 * width / (self.width / 2) if chroma else 0.5
        placed = np.empty_like(places)
        for axis, (scale, start) in enumerate(((width, left), (height, 0.5))):
            np.multiply(places[..., axis], np.float32(scale), out=placed[..., axis])
            placed[..., axis] -= np.float32(start)
        return cast(Floats, self._spread(placed, "places", 1 + chroma))

    def weights(self, share: Plane, *, chroma: bool) -> Plane:
        """Weights of the cells, 0 to 255, for each sample."""
        spread = self._spread(share, "weights", 1 + chroma)
        out = self._buffer("cut weights", 1 + chroma, spread.shape, np.uint8)
        np.copyto(out, spread)
        return out

    def room(self, *, chroma: bool) -> Plane:
        """An uninitialised plane, always the same one."""
        step = 1 + chroma
        return self._buffer("room", step, (self.height // step, self.width // step), np.uint8)

    def _spread(self, values: NDArray[Any], name: str, step: int) -> NDArray[Any]:
        cell = self.cell // step
        shape = (self.rows * cell, self.columns * cell)
        out = self._buffer(name, step, (*shape, *values.shape[2:]), values.dtype.type)
        cv2.resize(values, shape[::-1], out, interpolation=cv2.INTER_LINEAR)
        return out[cell : cell + self.height // step, cell : cell + self.width // step]

    def _buffer(
        self, name: str, step: int, shape: tuple[int, ...], kind: type[np.generic]
    ) -> NDArray[Any]:
        if (name, step) not in self._memory:
            self._memory[name, step] = np.empty(shape, kind)
        return self._memory[name, step]


def sample(source: Plane, places: Floats, out: Plane) -> None:
    """Read a plane at positions, bilinearly; beyond its borders the border's samples repeat.

    Args:
        source: the plane.
        places: x and y in samples; 0 is the centre of the first one; shape ``(h, w, 2)``.
        out: filled; shape ``(h, w)``.
    """
    cv2.remap(source, places, _NO_MAP, cv2.INTER_LINEAR, out, cv2.BORDER_REPLICATE)
