"""Strokes: tapered lines with soft ends, of which plants and masts are made."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.scene.colour import Colour, Paint
from kirin.engines.animatic.scene.lens import Patch
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled

Part = NDArray[Any] | float
Strokes = NDArray[np.float32]
"""Shape (n, 9), painted in order: start x, y and end x, y in pixels of the rest view from its
centre; widths at both ends in pixels; linear colour."""


def strokes(x0: Part, y0: Part, x1: Part, y1: Part, w0: Part, w1: Part, colour: Colour) -> Strokes:
    """Assemble strokes from columns, each a number or an array of one length."""
    shape = np.broadcast_shapes(*(np.shape(part) for part in (x0, y0, x1, y1, w0, w1)))
    columns = [np.broadcast_to(part, shape) for part in (x0, y0, x1, y1, w0, w1)]
    tint = np.broadcast_to(colour, (*shape, 3))
    return np.concatenate([np.stack(columns, -1), tint], -1).astype(np.float32)


def paint_strokes(patch: Patch, lines: Strokes, backing: Colour) -> Paint:
    """Paint strokes on a transparent patch; ``backing`` is the colour where alpha is 0."""
    rgb = np.empty((patch.height, patch.width, 3), np.float32)
    rgb[:] = backing
    alpha = np.zeros((patch.height, patch.width), np.float32)
    placed = lines.copy()
    placed[:, [0, 2]] = (placed[:, [0, 2]] - patch.left) / patch.step
    placed[:, [1, 3]] = (placed[:, [1, 3]] - patch.top) / patch.step
    placed[:, 4:6] /= patch.step
    _stroke(placed, rgb, alpha)
    return Paint(rgb, alpha)


@compiled
def _stroke(lines: Strokes, rgb: NDArray[np.float32], alpha: Field) -> None:
    rows, columns = alpha.shape
    for n in range(lines.shape[0]):
        x0, y0, x1, y1 = lines[n, 0], lines[n, 1], lines[n, 2], lines[n, 3]
        w0, w1 = lines[n, 4] / 2, lines[n, 5] / 2
        reach = max(w0, w1) + np.float32(1)
        left = max(int(min(x0, x1) - reach), 0)
        right = min(int(max(x0, x1) + reach) + 2, columns)
        top = max(int(min(y0, y1) - reach), 0)
        bottom = min(int(max(y0, y1) + reach) + 2, rows)
        dx, dy = x1 - x0, y1 - y0
        length = max(dx * dx + dy * dy, np.float32(1e-6))
        for i in range(top, bottom):
            py = np.float32(i) - y0
            for j in range(left, right):
                px = np.float32(j) - x0
                t = min(max((px * dx + py * dy) / length, np.float32(0)), np.float32(1))
                ex, ey = px - t * dx, py - t * dy
                radius = w0 + t * (w1 - w0)
                # A line thinner than a pixel is drawn one pixel wide, and fainter.
                ink = min(radius * 2, np.float32(1))
                cover = max(radius, np.float32(0.5)) + np.float32(0.5) - np.sqrt(ex * ex + ey * ey)
                cover = min(max(cover, np.float32(0)), np.float32(1)) * ink
                if cover <= 0:
                    continue
                below = alpha[i, j]
                after = cover + below * (1 - cover)
                share = cover / after
                for c in range(3):
                    rgb[i, j, c] += (lines[n, 6 + c] - rgb[i, j, c]) * share
                alpha[i, j] = after
