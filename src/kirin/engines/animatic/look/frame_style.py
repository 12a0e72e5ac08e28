"""What all styles have in common, and the few operations on planes that they share."""

from __future__ import annotations

from typing import Any, Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes

Field = NDArray[np.float32]
Values = NDArray[np.float64]

BLACK, WHITE = 16, 235
"""Limits of luma."""


class FrameStyle(Protocol):
    """A style of finished frames."""

    def apply(self, planes: Planes, index: int) -> None:
        """Restyle a frame in place.

        Args:
            planes: of the frame.
            index: number of the frame. The result depends on nothing else.
        """
        ...


def curve(points: list[tuple[float, float]]) -> Plane:
    """A tone curve for luma as a table of 256 values.

    Args:
        points: pairs of input and output, 0 (black) to 1 (white), joined by a monotone cubic
            (Fritsch, Carlson 1980).
    """
    x, y = np.array(points).T
    share = np.clip((np.arange(256) - BLACK) / (WHITE - BLACK), x[0], x[-1])
    out = BLACK + (WHITE - BLACK) * _monotone(x, y, share)
    return np.asarray(np.clip(np.round(out), BLACK, WHITE), np.uint8)


def _monotone(x: Values, y: Values, at: Values) -> Values:
    """A cubic through points that rises and falls only where they do; Fritsch, Butland (1984)."""
    step, slope = np.diff(x), np.diff(y) / np.diff(x)
    tangent = np.zeros_like(y)
    if len(x) == 2:
        tangent[:] = slope[0]
    else:
        left, right = 2 * step[1:] + step[:-1], step[1:] + 2 * step[:-1]
        turns = slope[:-1] * slope[1:] <= 0
        before, after = (np.where(turns, 1.0, each) for each in (slope[:-1], slope[1:]))
        mean = (left + right) / (left / before + right / after)
        tangent[1:-1] = np.where(turns, 0.0, mean)
        tangent[0] = _end_tangent(step[0], step[1], slope[0], slope[1])
        tangent[-1] = _end_tangent(step[-1], step[-2], slope[-1], slope[-2])
    part = np.clip(np.searchsorted(x, at, "right") - 1, 0, len(step) - 1)
    h, t = step[part], (at - x[part]) / step[part]
    cubic: Values = (
        (1 + 2 * t) * (1 - t) ** 2 * y[part]
        + t * (1 - t) ** 2 * h * tangent[part]
        + t**2 * (3 - 2 * t) * y[part + 1]
        + t**2 * (t - 1) * h * tangent[part + 1]
    )
    return cubic


def _end_tangent(near: float, far: float, slope: float, next_slope: float) -> float:
    """The tangent at an end, of the parabola through three points, kept from overshooting."""
    tangent = ((2 * near + far) * slope - near * next_slope) / (near + far)
    if np.sign(tangent) != np.sign(slope):
        return 0.0
    if np.sign(slope) != np.sign(next_slope) and abs(tangent) > 3 * abs(slope):
        return 3 * slope
    return tangent


def apply_table(plane: Plane, table: Plane) -> None:
    """Replace each sample by its value in a table, in place."""
    cv2.LUT(plane, table, dst=plane)


def saturate(planes: Planes, factor: float, shift: tuple[float, float] = (0.0, 0.0)) -> None:
    """Scale the chroma, then add ``shift`` to U and V, in place."""
    for plane, offset in ((planes.u, shift[0]), (planes.v, shift[1])):
        values = 128 + (np.arange(256) - 128) * factor + offset
        apply_table(plane, np.clip(np.round(values), 16, 240).astype(np.uint8))


def neutral(planes: Planes) -> None:
    """Remove all colour."""
    planes.u.fill(128)
    planes.v.fill(128)


def resized(plane: NDArray[Any], size: tuple[int, int], how: int = cv2.INTER_AREA) -> NDArray[Any]:
    """A plane at another size, given as width and height."""
    if plane.shape == size[::-1]:
        return plane.copy()
    return cast(NDArray[Any], cv2.resize(plane, size, interpolation=how))


def reduced(planes: Planes, size: tuple[int, int]) -> tuple[Field, Field, Field]:
    """The three planes at the work size, as floats."""
    y, u, v = (
        resized(plane, size, cv2.INTER_AREA if plane.shape[0] >= size[1] else cv2.INTER_LINEAR)
        for plane in (planes.y, planes.u, planes.v)
    )
    return y.astype(np.float32), u.astype(np.float32), v.astype(np.float32)


def rounded(plane: Field) -> Plane:
    """Floats as limited-range samples."""
    return cast(Plane, cv2.convertScaleAbs(np.clip(plane, BLACK, 240)))


def enlarge(source: Field, out: Plane) -> None:
    """Write a plane of the work size to a plane of a frame."""
    size = out.shape[1], out.shape[0]
    how = cv2.INTER_LINEAR if out.shape[0] >= source.shape[0] else cv2.INTER_AREA
    out[:] = resized(rounded(source), size, how)


def box(plane: Field, radius: int) -> Field:
    """Mean over squares of side ``2 * radius + 1``."""
    return cast(Field, cv2.blur(plane, (2 * radius + 1,) * 2, borderType=cv2.BORDER_REPLICATE))


def soft(plane: Field, sigma: float) -> Field:
    """Gaussian blur."""
    return cast(Field, cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE))


def percentiles(y: Plane | Field, shares: list[float]) -> list[float]:
    """Percentiles of luma, interpolated in its histogram: they move smoothly and not by steps."""
    plane = y if y.dtype == np.uint8 else cv2.convertScaleAbs(y)
    counts = cv2.calcHist([plane], [0], None, [256], [0, 256]).ravel()
    below = np.concatenate([[0.0], np.cumsum(counts, dtype=np.float64)])
    # A level stands for all values that are rounded to it; empty ones must not stop the ascent.
    below += np.arange(257) * 1e-6
    wanted = np.array(shares) / 100 * below[-1]
    return [float(each) for each in np.interp(wanted, below, np.arange(257) - 0.5)]


def levels(y: Field, low: float = 4.0, high: float = 92.0, least: float = 50.0) -> Field:
    """Luma stretched so that two percentiles become 0 and 1; not clipped.

    Drawings need it: a night is drawn on white paper too.

    Args:
        y: luma at the work size.
        low, high: percentiles.
        least: smallest range of luma that is stretched, so that fog stays fog.
    """
    dark, bright = percentiles(y, [low, high])
    spread = max(float(bright - dark), least)
    return np.asarray((y - np.float32(dark)) / np.float32(spread), np.float32)


@compiled
def weigh(y: Plane, gain: Plane, floor: int) -> None:
    """Multiply luma above black by ``gain / 128``, in place.

    Args:
        y, gain: of one shape.
        floor: the value that is taken for black.
    """
    rows, columns = y.shape
    for i in range(rows):
        line, by = y[i], gain[i]
        for x in range(columns):
            value = int(line[x]) - floor
            value = floor + ((value * int(by[x]) + 64) >> 7)
            line[x] = np.uint8(min(max(value, 16), 235))


@compiled
def thicken(y: Plane, texture: NDArray[np.int8], strength: float) -> None:
    """Vary the density of pigment on white paper, in place: paper itself stays as it is.

    Args:
        y: luma.
        texture: of the same shape; 127 thickens by ``strength``, -127 thins by it.
        strength: 0 to 1.
    """
    rows, columns = y.shape
    scale = np.float32(strength / 127)
    top, low, half = np.float32(235), np.float32(16), np.float32(0.5)
    for i in range(rows):
        line, by = y[i], texture[i]
        for x in range(columns):
            density = (top - np.float32(line[x])) * (np.float32(1) + scale * np.float32(by[x]))
            line[x] = np.uint8(np.int32(min(max(top - density + half, low), top)))
