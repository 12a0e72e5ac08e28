"""Low poly: a mesh of flat triangles whose corners cling to the edges of the picture."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.look.frame_format import FrameFormat
from kirin.engines.animatic.look.frame_style import Field, reduced, soft
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes

_CELL = 23.0
"""Distance of the corners at rest, in pixels of a 720p frame."""


class LowPoly:
    """Triangles of one colour each.

    The mesh is triangulated once. Each corner lies at the centre of gravity of the edges around
    its place, a continuous function of the picture: so nothing jumps when the camera moves.
    """

    def __init__(self, form: FrameFormat) -> None:
        self._form = form
        self._cell = _CELL * form.unit
        rng = form.rng(130)
        columns = max(3, round(form.width / self._cell))
        rows = max(3, round(form.height / self._cell))
        x, y = np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0))
        # Odd rows are shifted by half a cell: triangles near equilateral.
        x[1::2, 1:-1] += 0.5
        points = np.stack([x, y], axis=-1)
        inner = points[1:-1, 1:-1]
        inner += rng.uniform(-0.26, 0.26, inner.shape)
        size = np.array([form.width / columns, form.height / rows])
        self._rest = (points.reshape(-1, 2) * size).astype(np.float32)
        held = np.ones((rows + 1, columns + 1), bool)
        held[1:-1, 1:-1] = False
        self._held = held.reshape(-1)
        self._triangles = _delaunay(self._rest)
        self._facet = rng.normal(0, 0.034, len(self._triangles)).astype(np.float32)

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        y, u, v = reduced(planes, self._form.work)
        ratio = np.float32(y.shape[1] / self._form.width)
        corners = np.empty_like(self._rest)
        _cling(_edges(y), self._rest * ratio, self._held, self._cell * float(ratio) * 0.62, corners)
        picture = np.ascontiguousarray(np.stack([y, u, v]))
        colours = np.empty((len(self._triangles), 3), np.float32)
        _means(picture, corners, self._triangles, colours)
        colours[:, 0] = 16 + (colours[:, 0] - 16) * (1.04 + self._facet) + 40 * self._facet
        colours[:, 1:] = 128 + (colours[:, 1:] - 128) * 1.2
        paints = np.clip(np.round(colours), 16, 235).astype(np.uint8)
        corners /= ratio
        for part, (plane, scale) in enumerate(((planes.y, 1.0), (planes.u, 0.5), (planes.v, 0.5))):
            _fill(
                corners * np.float32(scale),
                self._triangles,
                np.ascontiguousarray(paints[:, part]),
                plane,
            )
        # The fill has no soft edges: this takes the steps out of the slanting ones.
        cv2.GaussianBlur(planes.y, (3, 3), 0.6, dst=planes.y)


def _delaunay(points: Field) -> NDArray[np.int32]:
    """The Delaunay triangulation of points, all different: indices, shape ``(triangles, 3)``."""
    low, high = points.min(0).astype(int), points.max(0).astype(int)
    mesh: Any = cv2.Subdiv2D((int(low[0]) - 2, int(low[1]) - 2, *(int(v) + 6 for v in high - low)))
    mesh.insert(points)
    index = {(x, y): number for number, (x, y) in enumerate(points.tolist())}
    corners = mesh.getTriangleList().reshape(-1, 3, 2).tolist()
    found = [[index.get((x, y), -1) for x, y in triangle] for triangle in corners]
    # What has a corner outside belongs to the three points that the mesh was begun with.
    return np.array([each for each in found if -1 not in each], np.int32)


def _edges(y: Field) -> Field:
    """Strength of edges, compressed so that weak ones count too."""
    calm = soft(y, 1.2)
    gx, gy = cv2.Sobel(calm, cv2.CV_32F, 1, 0), cv2.Sobel(calm, cv2.CV_32F, 0, 1)
    square = gx * gx + gy * gy
    return np.asarray(square / (square + 900.0) * np.sqrt(np.sqrt(square + 1.0)), np.float32)


@compiled
def _cling(edges: Field, rest: Field, held: NDArray[np.bool_], reach: float, out: Field) -> None:
    rows, columns = edges.shape
    around = int(reach) + 1
    for n in range(rest.shape[0]):
        x, y = rest[n, 0], rest[n, 1]
        out[n, 0], out[n, 1] = x, y
        if held[n]:
            continue
        total, sx, sy = np.float32(0.5), np.float32(0), np.float32(0)
        for i in range(max(int(y) - around, 0), min(int(y) + around + 1, rows)):
            dy = np.float32(i) + np.float32(0.5) - y
            for k in range(max(int(x) - around, 0), min(int(x) + around + 1, columns)):
                dx = np.float32(k) + np.float32(0.5) - x
                near = np.float32(1) - (dx * dx + dy * dy) / np.float32(reach * reach)
                if near > 0:
                    w = edges[i, k] * near
                    total += w
                    sx += w * dx
                    sy += w * dy
        out[n, 0] += sx / total * np.float32(1.25)
        out[n, 1] += sy / total * np.float32(1.25)


@compiled
def _sorted(corners: Field, triangle: NDArray[np.int32]) -> tuple[float, ...]:
    """Corners of a triangle from the highest to the lowest: x, y of each."""
    ax, ay = corners[triangle[0], 0], corners[triangle[0], 1]
    bx, by = corners[triangle[1], 0], corners[triangle[1], 1]
    cx, cy = corners[triangle[2], 0], corners[triangle[2], 1]
    if by < ay:
        ax, ay, bx, by = bx, by, ax, ay
    if cy < ay:
        ax, ay, cx, cy = cx, cy, ax, ay
    if cy < by:
        bx, by, cx, cy = cx, cy, bx, by
    return ax, ay, bx, by, cx, cy


@compiled
def _columns(six: tuple[float, ...], row: int, columns: int) -> tuple[int, int]:
    """First column and end of a triangle in a row, by the centres of the pixels."""
    ax, ay, bx, by, cx, cy = six
    y = row + 0.5
    long = ax + (y - ay) / max(cy - ay, 1e-6) * (cx - ax)
    if y < by:
        short = ax + (y - ay) / max(by - ay, 1e-6) * (bx - ax)
    else:
        short = bx + (y - by) / max(cy - by, 1e-6) * (cx - bx)
    low, high = min(long, short), max(long, short)
    return max(int(np.ceil(low - 0.5)), 0), min(int(np.ceil(high - 0.5)), columns)


@compiled
def _means(picture: Field, corners: Field, triangles: NDArray[np.int32], out: Field) -> None:
    _, rows, columns = picture.shape
    for n in range(triangles.shape[0]):
        six = _sorted(corners, triangles[n])
        top, end = max(int(np.ceil(six[1] - 0.5)), 0), min(int(np.ceil(six[5] - 0.5)), rows)
        count = 0
        sy, su, sv = np.float32(0), np.float32(0), np.float32(0)
        for i in range(top, end):
            first, last = _columns(six, i, columns)
            for x in range(first, last):
                sy += picture[0, i, x]
                su += picture[1, i, x]
                sv += picture[2, i, x]
            count += max(last - first, 0)
        if count == 0:
            i = min(max(int((six[1] + six[3] + six[5]) / 3), 0), rows - 1)
            x = min(max(int((six[0] + six[2] + six[4]) / 3), 0), columns - 1)
            count, sy, su, sv = 1, picture[0, i, x], picture[1, i, x], picture[2, i, x]
        out[n, 0], out[n, 1], out[n, 2] = sy / count, su / count, sv / count


@compiled
def _fill(corners: Field, triangles: NDArray[np.int32], paints: Plane, out: Plane) -> None:
    rows, columns = out.shape
    for n in range(triangles.shape[0]):
        six = _sorted(corners, triangles[n])
        top, end = max(int(np.ceil(six[1] - 0.5)), 0), min(int(np.ceil(six[5] - 0.5)), rows)
        paint = paints[n]
        for i in range(top, end):
            first, last = _columns(six, i, columns)
            line = out[i]
            for x in range(first, last):
                line[x] = paint
