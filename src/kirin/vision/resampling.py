"""Scaling pictures without aliasing, in loops that run on vectors."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane, resample_rows

Pixels = NDArray[np.uint8]

CUBIC, LANCZOS = 2.0, 3.0
"""Kernels, named by their support in samples of the coarser picture: Keys' cubic with a = -1/2
(Keys 1981), and Lanczos' window of three lobes (Duchon 1979)."""


@compiled
def filter_weights(
    start: float, end: float, count: int, size: int, support: float
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Filter weights with which ``count`` samples cover a range of a line.

    The kernel is as wide as a sample of the coarser grid; beyond the ends of the line it is cut
    off.

    Args:
        start, end: of the range, in source samples from the outer edge of the first.
        count: of output samples.
        size: of the source.
        support: :data:`CUBIC` or :data:`LANCZOS`.

    Returns:
        first source sample and weights of each output sample, as ``kernels.resample_rows`` takes
        them.
    """
    scale = (end - start) / count
    width = max(scale, 1.0)
    reach = support * width
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
            value = 0.0
            if x < 1e-8:
                value = 1.0
            elif support == LANCZOS and x < support:
                turn = np.pi * x
                value = support * np.sin(turn) * np.sin(turn / support) / (turn * turn)
            elif x < 1.0:
                value = (1.5 * x - 2.5) * x * x + 1.0
            elif x < support:
                value = ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
            weights[i, at - first[i]] = value
            total += value
        for k in range(taps):
            weights[i, k] /= total
    return first, weights


def rescale(
    pixels: Pixels,
    width: int,
    height: int,
    box: tuple[float, float, float, float],
    support: float = LANCZOS,
) -> Pixels:
    """Scale the part of a picture in ``box`` without aliasing.

    Args:
        pixels: shape ``(h, w)`` or ``(h, w, channels)``.
        width, height: of the result.
        box: left, top, right, bottom in pixels.
        support: :data:`CUBIC` or :data:`LANCZOS`.
    """
    rows, columns = pixels.shape[:2]
    left, top, right, bottom = box
    across = (left, right, width) if (left, right, width) != (0, columns, columns) else None
    down = (top, bottom, height) if (top, bottom, height) != (0, rows, rows) else None
    # The pass that leaves less to do for the other one comes first.
    early = height * (right - left) < width * (bottom - top)
    if down and early:
        pixels = _scaled_rows(pixels, *down, support)
    elif down:
        margin = support * max((bottom - top) / height, 1.0) + 2
        above, below = max(int(top - margin), 0), min(int(bottom + margin) + 1, rows)
        pixels, down = pixels[above:below], (top - above, bottom - above, height)
    if across:
        pixels = _turned(_scaled_rows(_turned(pixels), *across, support))
    if down and not early:
        pixels = _scaled_rows(pixels, *down, support)
    return pixels if across or down else pixels.copy()


def _scaled_rows(pixels: Pixels, start: float, end: float, count: int, support: float) -> Pixels:
    """The rows in a range, scaled to some count."""
    first, weights = filter_weights(start, end, count, len(pixels), support)
    out = np.empty((count, *pixels.shape[1:]), np.uint8)
    # Loops are compiled for arrays that can be written to, and again for those that cannot.
    source = np.require(pixels, requirements=["C", "W"])
    resample_rows(_flat(source), first, weights, 0, _flat(out))
    return out


def _turned(pixels: Pixels) -> Pixels:
    return cast(Pixels, cv2.transpose(pixels))


def _flat(pixels: Pixels) -> Plane:
    """A picture as one plane whose rows have the channels side by side."""
    return pixels.reshape(len(pixels), -1)
