"""A painted layer and the canvas that layers are laid on, in the pose of each frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.colour import Paint, to_yuv
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Patch:
    """Where a layer's samples lie, in pixels of the rest view around its centre.

    Attributes:
        left, top: of the first sample's place.
        step: pixels from one sample to the next.
        width, height: samples, both even.
    """

    left: float
    top: float
    step: float
    width: int
    height: int

    def x(self) -> Field:
        """Places of the columns, shape (1, width)."""
        return (self.left + self.step * np.arange(self.width, dtype=np.float32))[None]

    def y(self) -> Field:
        """Places of the rows, shape (height, 1)."""
        return (self.top + self.step * np.arange(self.height, dtype=np.float32))[:, None]


@dataclass(frozen=True, slots=True)
class Depth:
    """How near a layer is: evenly, or the nearer the lower, as ground is.

    Attributes:
        far: nearness at ``start`` and above; 0 is the horizon, 1 the nearest.
        near: nearness at ``end``, growing evenly on the way and on below.
        start, end: pixels of the rest view below its centre.
    """

    far: float
    near: float
    start: float = 0.0
    end: float = 1.0

    @property
    def even(self) -> bool:
        """Whether all of it is equally near."""
        return self.far == self.near

    def at(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """Nearness of rows."""
        share = np.clip((row - self.start) / (self.end - self.start), 0.0, 1.3)
        return self.far + (self.near - self.far) * share


DEEP = Depth(0.0, 0.0)
"""As far as the sky."""


@dataclass(frozen=True, slots=True)
class Rows:
    """How the rows of a canvas see a layer; arrays over the rows.

    Attributes:
        place: pixels of the rest view below its centre.
        shift: where the canvas' centre column lies, in pixels right of the rest view's centre.
        scale: magnification.
    """

    place: NDArray[np.float64]
    shift: NDArray[np.float64]
    scale: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lens:
    """The view: its size in pixels, and the poses that it will take."""

    width: int
    height: int
    poses: Sequence[Pose]

    @property
    def focal(self) -> float:
        """Focal length in pixels: a moderate wide angle in both orientations."""
        return 0.95 * float(np.sqrt(self.width * self.height))

    def canvas(self) -> tuple[int, int]:
        """Width and height, even, of what must be drawn so that the roll shows no edge."""
        roll = max(abs(pose.roll) for pose in self.poses)
        if roll == 0.0:
            return self.width, self.height
        cos, sin = np.cos(roll), np.sin(roll)
        across = self.width * cos + self.height * sin
        down = self.height * cos + self.width * sin
        return 2 * int(across / 2 + 3), 2 * int(down / 2 + 3)

    def rows(self, pose: Pose, depth: Depth, y: NDArray[np.float64]) -> Rows:
        """How rows of the canvas, in pixels below its centre, see a layer."""
        far, near = pose.view(0.0), pose.view(1.0)
        if depth.even:
            grid, nearness = y, np.full_like(y, depth.far)
        else:
            # Look the layer's rows up in the view, and turn the table round.
            grid = np.linspace(-1.6 * self.height, 1.6 * self.height, 3201)
            nearness = depth.at(grid)
        shift = (far.x + (near.x - far.x) * nearness) * self.width
        drop = (far.y + (near.y - far.y) * nearness) * self.height
        scale = far.scale + (near.scale - far.scale) * nearness
        if depth.even:
            return Rows(y / scale + drop, shift, scale)
        seen = np.maximum.accumulate((grid - drop) * scale)
        return Rows(np.interp(y, seen, grid), np.interp(y, seen, shift), np.interp(y, seen, scale))

    def patch(
        self, depth: Depth, top: float, bottom: float, drift: float = 0.0, coarse: float = 1.0
    ) -> Patch:
        """What must be painted so that a layer never ends within the view.

        Args:
            depth: of the layer.
            top, bottom: pixels below the centre between which it has anything; infinite for
                the whole height.
            drift: pixels that it moves by itself to the right over the clip.
            coarse: samples to save: 2 for layers that are soft.
        """
        across, down = self.canvas()
        left = right = upper = lower = 0.0
        largest = 1.0
        edges = np.array([-down / 2, 0.0, down / 2])
        for pose in self.poses:
            rows = self.rows(pose, depth, edges)
            left = min(left, float((rows.shift - across / 2 / rows.scale).min()))
            right = max(right, float((rows.shift + across / 2 / rows.scale).max()))
            upper, lower = min(upper, float(rows.place[0])), max(lower, float(rows.place[-1]))
            largest = max(largest, float(rows.scale.max()))
        step = coarse / min(largest, 1.5)
        margin = 4.0 * step
        left, right = left - max(drift, 0.0) - margin, right - min(drift, 0.0) + margin
        upper, lower = max(top, upper) - margin, min(bottom, lower) + margin
        lower = max(lower, upper + 8 * step)
        return Patch(
            left,
            upper,
            step,
            2 * int((right - left) / step / 2 + 2),
            2 * int((lower - upper) / step / 2 + 2),
        )


class Canvas:
    """A frame in the making: planes of Y, U and V in float32, in units of 8 bits.

    Args:
        width, height: of the luma plane in samples, both even.
        pixel: pixels of the view that a sample is wide and high.
    """

    def __init__(self, width: int, height: int, pixel: int = 1) -> None:
        self.pixel = pixel
        self.y = np.empty((height, width), np.float32)
        self.u = np.empty((height // 2, width // 2), np.float32)
        self.v = np.empty((height // 2, width // 2), np.float32)

    def rows(self, first: int, end: int) -> Floats:
        """Places of luma rows, in pixels of the view below its centre."""
        middle = self.y.shape[0] / 2 - 0.5
        return np.asarray((np.arange(first, end) - middle) * self.pixel, np.float64)


class Layer:
    """A painting at some depth.

    Args:
        paint: what it shows, of the patch's shape; its colour must also be set where alpha
            is 0, for edges are interpolated.
        patch: where it lies.
        depth: how near it is.
        drift: pixels a second that it moves to the right by itself.
        sway: pixels that wind moves its top to and fro; its bottom stands still.
        exact: keep more than 8 bits, for gradients that would show steps.
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

    def span(self, lens: Lens, pose: Pose, canvas: Canvas) -> tuple[int, int, int]:
        """Rows of a canvas: the first that it touches, from where it hides all, and its end."""
        height = canvas.y.shape[0]
        place = lens.rows(pose, self.depth, canvas.rows(0, height)).place
        bottom = self.patch.top + self.patch.step * (self.patch.height - 1)
        first, opaque, end = np.searchsorted(place, [self.patch.top, self.opaque_from, bottom])
        return int(first) // 2 * 2, int(min(opaque + 1, height)), int(end)

    def draw(
        self, canvas: Canvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Lay it on rows of a canvas, the first of them even.

        Args:
            seconds: since the clip's start, for what moves by itself.
        """
        height, width = canvas.y.shape
        first, end = rows[0], min(rows[1] + rows[1] % 2, height)
        if end <= first:
            return
        patch, pixel = self.patch, canvas.pixel
        for index, plane in enumerate((canvas.y, canvas.u, canvas.v)):
            # Chroma is sited left and between rows, on the canvas as in the layer.
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
        """How far wind has moved rows to the right: gusts that never quite repeat."""
        rise = 1.0 - (place - self.patch.top) / (self.patch.step * self.patch.height)
        gust = np.sin(1.7 * seconds + self.patch.top) + 0.6 * np.sin(2.9 * seconds + 1.0)
        return np.asarray(self.sway * 0.6 * gust * np.clip(rise, 0.0, 1.0) ** 1.5)


def _bytes(plane: Field) -> Bytes:
    rounded: Bytes = np.clip(plane + np.float32(0.5), 0, 255).astype(np.uint8)
    return rounded


def _half(plane: Field) -> Field:
    """As :func:`planes.half_size`, for floats: (1, 2, 1) / 4 across, the mean of two rows."""
    pairs = (plane[0::2] + plane[1::2]) * np.float32(0.5)
    middle, right = pairs[:, 0::2], pairs[:, 1::2]
    left = np.concatenate([right[:, :1], right[:, :-1]], axis=1)
    return np.ascontiguousarray((left + 2 * middle + right) * np.float32(0.25))


_CHUNK = 64
"""Samples that are looked at together: most are all clear or all opaque."""


@compiled
def _resample(
    target: Field, line: Field, x0: float, dx: float, first: int, end: int, last: int
) -> None:
    """Interpolate samples ``first`` to ``end`` of a row from a line that ends at ``last``."""
    if x0 + first * dx >= 0 and x0 + end * dx < last:
        # Fixed point, 32 fractional bits: exact along a row, and faster than conversions.
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
    """Fill ``out`` with a plane, resampled.

    Args:
        colour: shape (rows, columns).
        start, step: for each row of ``out``, in columns of ``colour``; outside, its border
            goes on.
        place: for each row of ``out``, the row of ``colour``; 0 to less than its last.
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
    """Lay a plane over ``out`` by its alpha, where 255 is opaque."""
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
