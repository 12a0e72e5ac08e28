"""Scaling pictures by Lanczos-3 without aliasing, in loops that run on vectors."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane, resample_rows

Pixels = NDArray[np.uint8]

SUPPORT = 3.0
"""Of the kernel, in samples of the coarser of both pictures."""


@compiled
def lanczos_weights(
    start: float, end: float, count: int, size: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Filter weights with which ``count`` samples cover a range of a line.

    The kernel is Lanczos' window of three lobes (Duchon 1979), as wide as a sample of the coarser
    grid; beyond the ends of the line it is cut off.

    Args:
        start, end: of the range, in source samples from the outer edge of the first.
        count: of output samples.
        size: of the source.

    Returns:
        first source sample and weights of each output sample, as ``kernels.resample_rows`` takes
        them.
    """
    scale = (end - start) / count
    width = max(scale, 1.0)
    reach = SUPPORT * width
    taps = min(int(np.ceil(reach)) * 2 + 1, size)
    first = np.empty(count, np.int64)
    weights = np.zeros((count, taps), np.float32)
    for i in range(count):
        centre = start + (i + 0.5) * scale
        low = max(int(centre - reach + 0.5), 0)
        high = min(int(centre + reach + 0.5), size, low + taps)
        first[i] = min(low, size - taps)
        total = 0.0
        for at in range(low, high):
            x = abs(at + 0.5 - centre) / width
            value = 1.0
            if x >= SUPPORT:
                value = 0.0
            elif x > 1e-8:
                turn = np.pi * x
                value = SUPPORT * np.sin(turn) * np.sin(turn / SUPPORT) / (turn * turn)
            weights[i, at - first[i]] = value
            total += value
        for k in range(taps):
            weights[i, k] /= total
    return first, weights


def lanczos(pixels: Pixels, width: int, height: int, box: tuple[float, ...]) -> Pixels:
    """Scale the part of a picture in ``box``.

    Args:
        pixels: shape ``(h, w)`` or ``(h, w, channels)``.
        width, height: of the result.
        box: left, top, right, bottom in pixels.
    """
    rows, columns = pixels.shape[:2]
    left, top, right, bottom = box
    across = (left, right, width) if (left, right, width) != (0, columns, columns) else None
    down = (top, bottom, height) if (top, bottom, height) != (0, rows, rows) else None
    # The pass that leaves less to do for the other one comes first.
    early = height * (right - left) < width * (bottom - top)
    if down and early:
        pixels = _scaled_rows(pixels, *down)
    elif down:
        margin = SUPPORT * max((bottom - top) / height, 1.0) + 2
        above, below = max(int(top - margin), 0), min(int(bottom + margin) + 1, rows)
        pixels, down = pixels[above:below], (top - above, bottom - above, height)
    if across:
        pixels = _turned(_scaled_rows(_turned(pixels), *across))
    if down and not early:
        pixels = _scaled_rows(pixels, *down)
    return pixels if across or down else pixels.copy()


def _scaled_rows(pixels: Pixels, start: float, end: float, count: int) -> Pixels:
    """The rows in a range, scaled to some count."""
    first, weights = lanczos_weights(start, end, count, len(pixels))
    out = np.empty((count, *pixels.shape[1:]), np.uint8)
    resample_rows(_flat(np.ascontiguousarray(pixels)), first, weights, 0, _flat(out))
    return out


def _turned(pixels: Pixels) -> Pixels:
    return cast(Pixels, cv2.transpose(pixels))


def _flat(pixels: Pixels) -> Plane:
    """A picture as one plane whose rows have the channels side by side."""
    return pixels.reshape(len(pixels), -1)
