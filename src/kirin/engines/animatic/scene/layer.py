"""Painted layers of a scene, and the resampling that draws them."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import Floats, SceneCanvas
from kirin.engines.animatic.scene.colour import Colour, Paint, to_yuv
from kirin.engines.animatic.scene.lens import Depth, Lens, Patch
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled

Bytes = NDArray[np.uint8]


class SceneLayer:
    """A painted picture at some depth.

    Args:
        paint: of the patch's shape. Its colour must be set where alpha is 0 too, because edges
            are interpolated.
        patch: its sample grid.
        depth: its disparity.
        drift: its own movement to the right, in pixels per second.
        sway: amplitude in pixels with which wind moves its top; its bottom is fixed.
        exact: whether to keep more than 8 bits, for gradients that would show banding.
    """

    def __init__(
        self,
        paint: Paint,
        patch: Patch,
        depth: Depth,
        *,
        drift: float = 0.0,
        sway: float = 0.0,
        exact: bool = False,
    ) -> None:
        self.patch, self.depth, self.drift, self.sway = patch, depth, drift, sway
        y, u, v = to_yuv(paint.rgb)
        planes = [y, _half(u), _half(v)]
        self._colour: list[NDArray[Any]] = planes if exact else [_bytes(plane) for plane in planes]
        self._alpha: list[Bytes] | None = None
        self.opaque_from = patch.top
        if paint.alpha is not None:
            alpha = np.asarray(paint.alpha * np.float32(255), np.float32)
            self._alpha = [_bytes(alpha), _bytes(_half(alpha))]
            holes = np.flatnonzero((self._alpha[0] < 254).any(axis=1))
            last = int(holes[-1]) + 1 if len(holes) else 0
            self.opaque_from = patch.top + patch.step * last if last < patch.height else np.inf

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:
        """Rows of a canvas: its first, the one from which it is opaque, and its end."""
        height = canvas.y.shape[0]
        place = lens.rows(pose, self.depth, canvas.rows(0, height)).place
        bottom = self.patch.top + self.patch.step * (self.patch.height - 1)
        first, opaque, end = np.searchsorted(place, [self.patch.top, self.opaque_from, bottom])
        return int(first) // 2 * 2, int(min(opaque + 1, height)), int(end)

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Composite it onto rows of a canvas.

        Args:
            canvas: that is drawn on.
            lens, pose: the camera.
            seconds: since the start of the clip.
            rows: the first, which is even, and the end.
        """
        height, width = canvas.y.shape
        first, end = rows[0], min(rows[1] + rows[1] % 2, height)
        if end <= first:
            return
        patch, pixel = self.patch, canvas.pixel
        for index, plane in enumerate((canvas.y, canvas.u, canvas.v)):
            # Chroma is sited left and between rows, both on the canvas and in the layer.
            chroma = int(index > 0)
            y = canvas.rows(first, end)[:: 1 + chroma] + 0.5 * pixel * chroma
            seen = lens.rows(pose, self.depth, y)
            pitch = patch.step * (1 + chroma)
            left = seen.shift - self.drift * seconds - patch.left
            if self.sway:
                left = left - self._bend(seen.place, seconds)
            start = (left + (0.5 - width / 2) * pixel / seen.scale) / pitch
            step = (1 + chroma) * pixel / seen.scale / pitch
            colour = self._colour[index]
            line = (seen.place - patch.top) / pitch - 0.25 * chroma
            line = np.clip(line, 0.0, colour.shape[0] - 1.001)
            out = plane[first >> chroma : (end + chroma) >> chroma]
            if self._alpha is None:
                paste(out, colour, start, step, line)
            else:
                _lay(out, colour, self._alpha[chroma], start, step, line)

    def _bend(self, place: Floats, seconds: float) -> Floats:
        """Displacement of rows by wind: two sines of incommensurable frequencies."""
        rise = 1.0 - (place - self.patch.top) / (self.patch.step * self.patch.height)
        gust = np.sin(1.7 * seconds + self.patch.top) + 0.6 * np.sin(2.9 * seconds + 1.0)
        return np.asarray(self.sway * 0.6 * gust * np.clip(rise, 0.0, 1.0) ** 1.5)


def filled(rgb: Colour, alpha: Field) -> Colour:
    """Colour set where alpha is 0 too: that of the neighbourhood, for edges are interpolated."""
    seen = (alpha > 0.02).astype(np.float32)
    if not seen.any():
        return np.asarray(rgb, np.float32)
    out = np.where(seen[..., None] > 0, rgb, rgb[seen > 0].mean(axis=0))
    near = cv2.blur(rgb * seen[..., None], (7, 7)) / np.maximum(
        cv2.blur(seen, (7, 7))[..., None], 1e-3
    )
    close = (cv2.blur(seen, (7, 7)) > 0) & (seen == 0)
    out[close] = near[close]
    return np.asarray(out, np.float32)


def _bytes(plane: Field) -> Bytes:
    rounded: Bytes = np.clip(plane + np.float32(0.5), 0, 255).astype(np.uint8)
    return rounded


def _half(plane: Field) -> Field:
    """As :func:`kirin.vision.planes.half_size`, for floats."""
    pairs = (plane[0::2] + plane[1::2]) * np.float32(0.5)
    middle, right = pairs[:, 0::2], pairs[:, 1::2]
    left = np.concatenate([right[:, :1], right[:, :-1]], axis=1)
    return np.ascontiguousarray((left + 2 * middle + right) * np.float32(0.25))


_CHUNK = 64
"""Samples tested together: most chunks are all transparent or all opaque."""


@compiled
def _resample(
    target: Field, line: Field, x0: float, dx: float, first: int, end: int, last: int
) -> None:
    """Interpolate samples ``first`` to ``end`` of a row from a line that ends at ``last``."""
    if x0 + first * dx >= 0 and x0 + end * dx < last:
        # Fixed point with 32 fractional bits: exact along a row, and faster than conversions.
        at, advance = np.uint64((x0 + first * dx) * 4294967296.0), np.uint64(dx * 4294967296.0)
        whole, part = np.uint64(32), np.uint64(16)
        bits, unit = np.uint64(0xFFFF), np.float32(1 / 65536)
        for x in range(first, end):
            n = at >> whole
            f = np.float32(np.int32((at >> part) & bits)) * unit
            target[x] = line[n] + f * (line[n + np.uint64(1)] - line[n])
            at += advance
        return
    for x in range(first, end):
        place = min(max(x0 + x * dx, 0.0), last - 0.001)
        k = int(place)
        target[x] = line[k] + np.float32(place - k) * (line[k + 1] - line[k])


@compiled
def _merge(line: Field, plane: Any, row: int, share: float, first: int, end: int) -> None:
    """Interpolate a line between two rows of a plane."""
    above, below, f = plane[row], plane[row + 1], np.float32(share)
    for k in range(first, end):
        a, b = np.float32(above[k]), np.float32(below[k])
        line[k] = a + f * (b - a)


@compiled
def paste(out: Field, colour: Any, start: Floats, step: Floats, place: Floats) -> None:
    """Fill ``out`` with a bilinearly resampled plane.

    Args:
        out: the target.
        colour: shape (rows, columns).
        start, step: for each row of ``out``, in columns of ``colour``; its border is repeated.
        place: for each row of ``out``, the row of ``colour``, less than its last.
    """
    rows, columns = out.shape
    last = colour.shape[1] - 1
    line = np.empty(last + 1, np.float32)
    for i in range(rows):
        row = int(place[i])
        low = max(int(start[i]), 0)
        high = min(int(start[i] + step[i] * columns) + 2, last + 1)
        _merge(line, colour, row, place[i] - row, low, high)
        _resample(out[i], line, start[i], step[i], 0, columns, last)


@compiled
def _lay(out: Field, colour: Any, alpha: Bytes, start: Floats, step: Floats, place: Floats) -> None:
    """Composite a plane over ``out`` by its alpha, 255 being opaque."""
    rows, columns = out.shape
    last = colour.shape[1] - 1
    line, mask = np.empty(last + 1, np.float32), np.empty(last + 1, np.float32)
    value, share = np.empty(columns, np.float32), np.empty(columns, np.float32)
    unit = np.float32(1 / 255)
    for i in range(rows):
        row = int(place[i])
        f, x0, dx = place[i] - row, start[i], step[i]
        high, low, target = alpha[row], alpha[row + 1], out[i]
        for x in range(0, columns, _CHUNK):
            end = min(x + _CHUNK, columns)
            k0 = min(max(int(x0 + x * dx), 0), last)
            k1 = min(max(int(x0 + end * dx) + 2, k0 + 2), last + 1)
            most, least = np.uint8(0), np.uint8(255)
            for k in range(k0, k1):
                most = max(most, high[k], low[k])
                least = min(least, high[k], low[k])
            if most == 0:
                continue
            _merge(line, colour, row, f, k0, k1)
            if least == 255:
                _resample(target, line, x0, dx, x, end, last)
                continue
            _merge(mask, alpha, row, f, k0, k1)
            _resample(value, line, x0, dx, x, end, last)
            _resample(share, mask, x0, dx, x, end, last)
            for j in range(x, end):
                target[j] += (value[j] - target[j]) * share[j] * unit
