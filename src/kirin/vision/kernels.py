"""Inner loops on uint8 planes: resampling along one axis, and blending.

Everything here is compiled by numba on first use, releases the GIL, and works on single planes
(2-D, uint8, rows contiguous). Two kinds of resampling are enough for every camera move, as in
two-pass warping (Catmull, Smith 1980, "3-D transformations of images in scanline order"):

* :func:`resample_rows` makes each output row from a few whole source rows. The position may be
  any function of the row. It runs at the speed of memory.
* :func:`shear_rows` does the same with an offset and a step that vary from column to column, at
  a third of the speed.

The other axis is resampled by transposing in between.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled

Plane = NDArray[np.uint8]
"""One component of a picture: shape ``(rows, columns)``, uint8."""


@compiled
def resample_weights(
    positions: NDArray[np.float64], ratio: float, rows: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Filter weights with which output row ``i`` samples the source at ``positions[i]``.

    The kernel is Keys' cubic convolution with a = -1/2, i.e. Catmull-Rom (Keys 1981). When
    minifying it is widened by the ratio, so that nothing aliases; it widens continuously, so
    that a slow zoom does not flicker.

    Args:
        positions: where to sample, in source rows; 0 is the centre of the first row. Beyond
            its borders the source is taken to repeat its border rows.
        ratio: source rows per output row; above 1 minifies.
        rows: height of the source.

    Returns:
        ``first``, shape (n,), and ``weights``, shape (n, taps), whose rows add up to 1; row
        ``i`` is the sum of ``weights[i, k] * source[first[i] + k]``.
    """
    width = max(ratio, 1.0)
    reach = int(np.ceil(2.0 * width))
    taps = min(2 * reach, rows)
    first = np.empty(len(positions), np.int64)
    weights = np.zeros((len(positions), taps), np.float32)
    for i in range(len(positions)):
        start = int(np.floor(positions[i])) - reach + 1
        first[i] = min(max(start, 0), rows - taps)
        total = 0.0
        for row in range(start, start + 2 * reach):
            d = abs(row - positions[i]) / width
            if d < 1.0:
                weight = (1.5 * d - 2.5) * d * d + 1.0
            elif d < 2.0:
                weight = ((-0.5 * d + 2.5) * d - 4.0) * d + 2.0
            else:
                continue
            total += weight
            # Samples beyond the border take the border row.
            weights[i, min(max(row, 0), rows - 1) - first[i]] += weight
        for k in range(taps):
            weights[i, k] /= total
    return first, weights


@compiled
def resample_rows(
    source: Plane,
    first: NDArray[np.int64],
    weights: NDArray[np.float32],
    left: int,
    out: Plane,
) -> None:
    """Fill ``out`` by the weights that :func:`resample_weights` returns.

    Args:
        source: the plane to sample.
        first, weights: from :func:`resample_weights`, for n rows.
        left: column of ``source`` that becomes column 0 of ``out``.
        out: shape (n, columns).
    """
    rows, columns = out.shape
    taps = weights.shape[1]
    zero, top, half = np.float32(0), np.float32(255), np.float32(0.5)
    total = np.empty(columns, np.float32)
    for i in range(rows):
        at = first[i]
        line = out[i]
        if taps == 4:
            a = source[at, left : left + columns]
            b = source[at + 1, left : left + columns]
            c = source[at + 2, left : left + columns]
            d = source[at + 3, left : left + columns]
            wa, wb, wc, wd = weights[i, 0], weights[i, 1], weights[i, 2], weights[i, 3]
            for x in range(columns):
                value = (
                    wa * np.float32(a[x])
                    + wb * np.float32(b[x])
                    + wc * np.float32(c[x])
                    + wd * np.float32(d[x])
                    + half
                )
                line[x] = np.uint8(np.int32(min(max(value, zero), top)))
            continue
        for x in range(columns):
            total[x] = half
        for k in range(0, taps - 1, 2):
            a = source[at + k, left : left + columns]
            b = source[at + k + 1, left : left + columns]
            wa, wb = weights[i, k], weights[i, k + 1]
            for x in range(columns):
                total[x] += wa * np.float32(a[x]) + wb * np.float32(b[x])
        if taps % 2:
            a, wa = source[at + taps - 1, left : left + columns], weights[i, taps - 1]
            for x in range(columns):
                total[x] += wa * np.float32(a[x])
        for x in range(columns):
            line[x] = np.uint8(np.int32(min(max(total[x], zero), top)))


@compiled
def shear_rows(
    source: Plane,
    start: NDArray[np.float32],
    step: NDArray[np.float32],
    left: int,
    out: Plane,
) -> None:
    """Resample along the row axis, each column with an offset and a step of its own.

    Sample ``(i, x)`` of the output is column ``left + x`` of the source at row
    ``start[x] + i * step[x]``, by Keys' cubic over four rows; border rows repeat.

    Neighbouring columns read nearly the same rows. So a block of columns is computed once for
    every source row that any of them needs, and each column selects its own result: this
    vectorises, and takes a third of the time of reading sample by sample.

    Args:
        source: shape ``(m, columns)``.
        start, step: shape (n,), in source rows; 0 is the centre of the first row. Neighbours
            should differ little. Up to a step of about 1.3 there is no visible aliasing.
        left: column of ``source`` that becomes column 0 of ``out``.
        out: shape ``(rows, n)``.
    """
    rows, columns = out.shape
    last = source.shape[0] - 1
    half, two, three = np.float32(0.5), np.float32(2), np.float32(3)
    four, five = np.float32(4), np.float32(5)
    zero, one, top = np.float32(0), np.float32(1), np.float32(255)
    slope = zero  # most source rows by which neighbours differ
    for x in range(1, columns):
        here = start[x] - start[x - 1]
        there = here + np.float32(rows - 1) * (step[x] - step[x - 1])
        slope = max(slope, abs(here), abs(there))
    block = 64 if slope < 0.03 else 32 if slope < 0.2 else 16  # fastest, measured
    place = np.empty(columns, np.float32)
    mixed = np.empty(block, np.float32)
    for i in range(rows):
        line = out[i]
        for x in range(columns):
            place[x] = start[x] + np.float32(i) * step[x]
        for x0 in range(0, columns, block):
            x1 = min(x0 + block, columns)
            count = x1 - x0
            p = place[x0:x1]
            least, most = p[0], p[0]
            for x in range(count):
                least, most = min(least, p[x]), max(most, p[x])
            first, final = int(np.floor(least)), int(np.floor(most))
            for base in range(first, final + 1):
                a = source[min(max(base - 1, 0), last), left + x0 : left + x1]
                b = source[min(max(base, 0), last), left + x0 : left + x1]
                c = source[min(max(base + 1, 0), last), left + x0 : left + x1]
                d = source[min(max(base + 2, 0), last), left + x0 : left + x1]
                origin = np.float32(base)
                for x in range(count):
                    t = p[x] - origin
                    fa, fb, fc = np.float32(a[x]), np.float32(b[x]), np.float32(c[x])
                    fd = np.float32(d[x])
                    cube = three * (fb - fc) + fd - fa
                    square = two * fa - five * fb + four * fc - fd
                    value = fb + half * t * (fc - fa + t * (square + t * cube))
                    mixed[x] = value if (t >= zero) & (t < one) else mixed[x]
            part = line[x0:x1]
            for x in range(count):
                part[x] = np.uint8(np.int32(min(max(mixed[x] + half, zero), top)))


@compiled
def blend(below: Plane, above: Plane, alpha: Plane, left: int, top: int) -> None:
    """Alpha-composite ``above`` over ``below``, in place.

    Args:
        below: the plane that is changed.
        above: what is laid over it.
        alpha: shape of ``above``; 255 is opaque.
        left, top: column and row of ``below`` at which the corner of ``above`` lies.
    """
    rows, columns = above.shape
    for i in range(rows):
        b, a, w = below[top + i, left : left + columns], above[i], alpha[i]
        for x in range(columns):
            mix = np.uint32(w[x]) * np.uint32(a[x]) + np.uint32(255 - w[x]) * np.uint32(b[x])
            # 257 / 65536 is 1 / 255 to within 2e-5: exact after rounding.
            b[x] = np.uint8((mix * np.uint32(257) + np.uint32(32896)) >> np.uint32(16))


@compiled
def downsample_chroma(plane: Plane, out: Plane) -> None:
    """Halve a plane to 4:2:0 chroma sited left, the default of H.264 (H.264 annex E.2.1).

    Horizontally the filter is (1, 2, 1) / 4 around the even columns, vertically the mean of two
    rows.

    Args:
        plane: shape ``(2 * rows, 2 * columns)``.
        out: shape ``(rows, columns)``.
    """
    rows, columns = out.shape
    line = np.empty(2 * columns, np.float32)
    eighth, half, two = np.float32(0.125), np.float32(0.5), np.float32(2)
    for i in range(rows):
        above, below = plane[2 * i], plane[2 * i + 1]
        for x in range(2 * columns):
            line[x] = np.float32(above[x]) + np.float32(below[x])
        for x in range(columns):
            left = line[max(2 * x - 1, 0)]
            value = (left + two * line[2 * x] + line[2 * x + 1]) * eighth + half
            out[i, x] = np.uint8(np.int32(value))


@compiled
def remove_background(mixed: Plane, front: Plane, behind: Plane, alpha: Plane) -> None:
    """Replace mixed colours by those of the foreground, in place.

    ``F = front + alpha * (mixed - alpha * front - (1 - alpha) * behind)``: the blur-fusion
    estimate (Forte 2021, "Approximate fast foreground colour estimation"), where ``front`` and
    ``behind`` are local means of the foreground's and the background's colours.

    Args:
        mixed, front, behind: pictures as planes of shape ``(height, 3 * width)``.
        alpha: shape ``(height, width)``.
    """
    rows, columns = alpha.shape
    low, top, half = np.float32(0), np.float32(255), np.float32(0.5)
    for i in range(rows):
        for x in range(columns):
            if alpha[i, x] == 255:
                continue
            share = np.float32(alpha[i, x]) / top
            for c in range(3 * x, 3 * x + 3):
                f, b = np.float32(front[i, c]), np.float32(behind[i, c])
                rest = np.float32(mixed[i, c]) - share * f - (np.float32(1) - share) * b
                value = f + share * rest + half
                mixed[i, c] = np.uint8(np.int32(min(max(value, low), top)))
