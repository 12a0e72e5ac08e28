"""Pixel art: a coarse grid, at most 32 colours for the whole clip, ordered dithering."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.look.frame_format import FrameFormat
from kirin.engines.animatic.look.frame_style import Field
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes

COLOURS = 32
_CELLS = 90
"""Cells along the short side."""

# Bayer's matrix of order 4: thresholds 0 to 15 (Bayer 1973).
_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32)


class PixelArt:
    """A grid of large pixels in the colours of one palette.

    Args:
        form: of the frames.
        samples: frames from which the palette is made; without any it is made from the first
            frame that is styled.
    """

    def __init__(self, form: FrameFormat, samples: Sequence[Frame] = ()) -> None:
        self._form = form
        # Even, so that a cell is whole in chroma too.
        self._cell = max(2, round(min(form.width, form.height) / _CELLS / 2) * 2)
        self._palette: Field | None = None
        if samples:
            cells = [self._cells(Planes.of_frame(frame)) for frame in samples]
            self._palette = _palette(np.concatenate([each.reshape(-1, 3) for each in cells]))

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        cells = self._cells(planes)
        if self._palette is None:
            self._palette = _palette(cells.reshape(-1, 3))
        chosen = np.empty(cells.shape, np.uint8)
        _choose(cells, self._palette, _BAYER, chosen)
        for part, (plane, side) in enumerate(
            ((planes.y, self._cell), (planes.u, self._cell // 2), (planes.v, self._cell // 2))
        ):
            large = np.repeat(np.repeat(chosen[..., part], side, 0), side, 1)
            plane[:] = large[: plane.shape[0], : plane.shape[1]]

    def _cells(self, planes: Planes) -> Field:
        """Mean colour of each cell, shape ``(rows, columns, 3)``, with a little more punch."""
        cell = self._cell
        rows, columns = -(-planes.y.shape[0] // cell), -(-planes.y.shape[1] // cell)
        parts = []
        for plane, side in ((planes.y, cell), (planes.u, cell // 2), (planes.v, cell // 2)):
            below, right = rows * side - plane.shape[0], columns * side - plane.shape[1]
            whole = cv2.copyMakeBorder(plane, 0, below, 0, right, cv2.BORDER_REPLICATE)
            means = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
            parts.append(means.astype(np.float32))
        # Means are dull: small things lose their contrast to their neighbours.
        sharp = parts[0] + 0.5 * (parts[0] - cv2.GaussianBlur(parts[0], (0, 0), 1.0))
        parts[0] = np.clip(sharp, 16, 235)
        parts[1:] = [np.clip(128 + (part - 128) * 1.25, 16, 240) for part in parts[1:]]
        return np.asarray(np.stack(parts, axis=-1), np.float32)


def _palette(cells: Field) -> Field:
    """Colours that stand for those of the cells, by k-means, black and white among them."""
    # Each colour once at this coarseness: a small bright thing counts as much as a wide sky.
    rough = np.unique(np.round(cells / 4), axis=0) * np.float32(4)
    points = np.ascontiguousarray(rough, np.float32)
    count = min(COLOURS - 2, len(points))
    order = np.argsort(points @ np.array([1.0, 0.35, 0.6], np.float32), kind="stable")
    centres = points[order[np.linspace(0, len(points) - 1, count).round().astype(int)]]
    for _ in range(12):
        distance = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
        nearest = distance.argmin(axis=1)
        for k in range(count):
            members = points[nearest == k]
            if len(members):
                centres[k] = members.mean(axis=0)
    ends = np.array([[20, 128, 128], [232, 128, 128]], np.float32)
    return np.asarray(np.round(np.concatenate([centres, ends])), np.float32)


@compiled
def _choose(cells: Field, palette: Field, bayer: Field, out: Plane) -> None:
    """The nearest colour of the palette, or by the threshold of the cell the second nearest."""
    rows, columns = cells.shape[:2]
    far = np.float32(1e9)
    for i in range(rows):
        for x in range(columns):
            first, second, best, next_best = 0, 0, far, far
            for k in range(palette.shape[0]):
                dy = cells[i, x, 0] - palette[k, 0]
                du = cells[i, x, 1] - palette[k, 1]
                dv = cells[i, x, 2] - palette[k, 2]
                d = dy * dy + np.float32(1.6) * (du * du + dv * dv)
                if d < best:
                    second, next_best = first, best
                    first, best = k, d
                elif d < next_best:
                    second, next_best = k, d
            # Position between the two, 0 at the first to 1/2 in the middle.
            along, square = np.float32(0), np.float32(1e-3)
            for c in range(3):
                step = palette[second, c] - palette[first, c]
                along += (cells[i, x, c] - palette[first, c]) * step
                square += step * step
            share = along / square
            # Colours far apart would make a coarse pattern of dots.
            close = square < np.float32(900)
            limit = (bayer[i & 3, x & 3] + np.float32(0.5)) / np.float32(16)
            k = second if close and share > np.float32(0.22) and share > limit else first
            for c in range(3):
                out[i, x, c] = np.uint8(palette[k, c])
