"""Full detail for holes that were filled at a reduced size."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.beside import beside, each
from kirin.vision.compiled import compiled, inlined
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb, resize_shown

_RADIUS = 2  # of the patches that are compared, in pixels of the reduced picture
_SWEEPS = 4  # over the hole; more change little
_FARTHEST = 96  # of the random search, in pixels of the reduced picture


def fine_detail(rgb: Rgb, size: tuple[int, int]) -> NDArray[np.int16]:
    """What a picture has beyond its copy reduced to a width and a height."""
    known = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    whole = resize_shown(known, rgb.shape[1], rgb.shape[0])
    return np.asarray(cv2.subtract(rgb, whole, dtype=cv2.CV_16S))


def enlarge_filled(
    rgb: Rgb, small: Rgb, hole: Plane, barred: Plane, fine: NDArray[np.int16] | None = None
) -> Rgb:
    """Enlarge a filled hole, with the detail of those places that its patches resemble.

    For every pixel of the hole the most similar place outside of it is searched at the reduced
    size (PatchMatch: Barnes et al. 2009). What the full picture has there beyond its reduced
    copy is added to the enlarged fill: so grass stays grass, and colours stay those of the fill.

    Args:
        rgb: the picture, shape ``(h, w, 3)``.
        small: the same, reduced and filled.
        hole: what was filled of ``small``, 1 in the hole.
        barred: what no detail may be taken from, 1 there; it need not contain the hole.
        fine: :func:`fine_detail` of the picture at the size of ``small``, where it is known.

    Returns:
        a picture of the size of ``rgb``; only its hole is meant to be used.
    """
    height, width = rgb.shape[:2]
    square = np.ones((2 * _RADIUS + 1, 2 * _RADIUS + 1), np.uint8)
    closed = cv2.dilate(np.maximum(hole, barred), square)
    closed[:_RADIUS] = closed[-_RADIUS:] = 1
    closed[:, :_RADIUS] = closed[:, -_RADIUS:] = 1
    places = np.argwhere(closed == 0).astype(np.int32)
    if width <= small.shape[1] or len(places) < 32:
        return resize_shown(small, width, height)
    with beside(lambda: resize_shown(small, width, height)) as enlarged:
        match = np.empty((*hole.shape, 2), np.int32)
        _match_patches(np.ascontiguousarray(small), hole, closed.astype(np.uint8), places, match)
        detail = fine_detail(rgb, (small.shape[1], small.shape[0])) if fine is None else fine
        filled = np.ascontiguousarray(enlarged())
    x, y, w, h = cv2.boundingRect(hole)
    scale = (height / small.shape[0], width / small.shape[1])
    top, bottom = max(int((y - 1) * scale[0]), 0), min(int((y + h + 1) * scale[0]) + 1, height)
    left, right = max(int((x - 1) * scale[1]), 0), min(int((x + w + 1) * scale[1]) + 1, width)
    middle = (top + bottom) // 2

    def add(rows: tuple[int, int]) -> None:
        _add_detail(filled, detail, match, hole, scale, (*rows, left, right))

    each(add, [(top, middle), (middle, bottom)])
    return filled


@compiled
def _match_patches(  # noqa: PLR0912  numba inlines no closures: the sweeps stay one loop
    small: Rgb,
    hole: Plane,
    closed: Plane,
    places: NDArray[np.int32],
    match: NDArray[np.int32],
) -> None:
    """Find the most similar open place for each pixel of a hole.

    Args:
        small: the filled picture.
        hole: 1 where a match is wanted.
        closed: 0 where a match may lie.
        places: rows and columns of all zeros of ``closed``.
        match: filled with row and column of the match of each pixel of the hole.
    """
    rows, columns = hole.shape
    cost = np.empty((rows, columns), np.int64)
    state = np.uint32(1)
    for y in range(rows):
        for x in range(columns):
            if hole[y, x]:
                state = np.uint32(state * np.uint32(1664525) + np.uint32(1013904223))
                place = places[np.int64(state >> np.uint32(8)) % len(places)]
                match[y, x, 0], match[y, x, 1] = place[0], place[1]
                cost[y, x] = _difference(small, y, x, place[0], place[1], 1 << 40)
    for sweep in range(_SWEEPS):
        step = 1 if sweep % 2 == 0 else -1
        for i in range(rows):
            y = i if step == 1 else rows - 1 - i
            for j in range(columns):
                x = j if step == 1 else columns - 1 - j
                if not hole[y, x]:
                    continue
                for turn in range(2):
                    py, px = (y - step, x) if turn else (y, x - step)
                    if 0 <= py < rows and 0 <= px < columns and hole[py, px]:
                        ty, tx = match[py, px, 0] + y - py, match[py, px, 1] + x - px
                        if 0 <= ty < rows and 0 <= tx < columns and not closed[ty, tx]:
                            value = _difference(small, y, x, ty, tx, cost[y, x])
                            if value < cost[y, x]:
                                cost[y, x], match[y, x, 0], match[y, x, 1] = value, ty, tx
                reach = _FARTHEST
                while reach >= 1:
                    state = np.uint32(state * np.uint32(1664525) + np.uint32(1013904223))
                    ty = match[y, x, 0] + np.int64(state >> np.uint32(8)) % (2 * reach + 1) - reach
                    state = np.uint32(state * np.uint32(1664525) + np.uint32(1013904223))
                    tx = match[y, x, 1] + np.int64(state >> np.uint32(8)) % (2 * reach + 1) - reach
                    if 0 <= ty < rows and 0 <= tx < columns and not closed[ty, tx]:
                        value = _difference(small, y, x, ty, tx, cost[y, x])
                        if value < cost[y, x]:
                            cost[y, x], match[y, x, 0], match[y, x, 1] = value, ty, tx
                    reach //= 2


@inlined
def _difference(small: Rgb, y: int, x: int, ty: int, tx: int, most: int) -> np.int64:
    """Sum of squared differences of two patches; the second must lie inside."""
    rows, columns = small.shape[:2]
    total = np.int64(0)
    for dy in range(-_RADIUS, _RADIUS + 1):
        v = min(max(y + dy, 0), rows - 1)
        for dx in range(-_RADIUS, _RADIUS + 1):
            u = min(max(x + dx, 0), columns - 1)
            for c in range(3):
                d = np.int64(small[v, u, c]) - np.int64(small[ty + dy, tx + dx, c])
                total += d * d
        if total >= most:
            break
    return total


@compiled
def _add_detail(
    filled: Rgb,
    fine: NDArray[np.int16],
    match: NDArray[np.int32],
    hole: Plane,
    scale: tuple[float, float],
    box: tuple[int, int, int, int],
) -> None:
    """Add the detail of matched places, bilinear between neighbours, in place.

    Args:
        filled: the enlarged picture.
        fine: what the full picture has beyond its reduced copy.
        match: place of each pixel of the reduced hole.
        hole: the reduced hole.
        scale: full pixels per reduced pixel, down and across.
        box: rows and columns of ``filled`` that may be in the hole: top, bottom, left, right.
    """
    height, width = filled.shape[:2]
    rows, columns = hole.shape
    half = np.float32(0.5)
    for y in range(box[0], box[1]):
        v = (y + 0.5) / scale[0] - 0.5
        v0 = int(np.floor(v))
        for x in range(box[2], box[3]):
            u = (x + 0.5) / scale[1] - 0.5
            u0 = int(np.floor(u))
            r, g, b, total = np.float32(0), np.float32(0), np.float32(0), np.float32(0)
            for k in range(4):
                sy, sx = v0 + k // 2, u0 + k % 2
                if sy < 0 or sx < 0 or sy >= rows or sx >= columns or not hole[sy, sx]:
                    continue
                weight = np.float32((1 - abs(v - sy)) * (1 - abs(u - sx)))
                ty = int(y + (match[sy, sx, 0] - sy) * scale[0] + half)
                tx = int(x + (match[sy, sx, 1] - sx) * scale[1] + half)
                if ty < 0 or tx < 0 or ty >= height or tx >= width:
                    continue
                total += weight
                r += weight * np.float32(fine[ty, tx, 0])
                g += weight * np.float32(fine[ty, tx, 1])
                b += weight * np.float32(fine[ty, tx, 2])
            if total > np.float32(0.01):
                filled[y, x, 0] = _clipped(np.float32(filled[y, x, 0]) + r / total + half)
                filled[y, x, 1] = _clipped(np.float32(filled[y, x, 1]) + g / total + half)
                filled[y, x, 2] = _clipped(np.float32(filled[y, x, 2]) + b / total + half)


@compiled
def _clipped(value: np.float32) -> np.uint8:
    return np.uint8(np.int32(min(max(value, np.float32(0)), np.float32(255))))
