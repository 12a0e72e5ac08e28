"""Casting rays at the solids of a room: boxes, upright cylinders and ellipsoids.

Coordinates are in metres: x to the right and z away from the viewpoint, y up from the floor. One
small loop is compiled, and takes all rays at once; what is done with them is NumPy, because a
tracer that is compiled as a whole takes a minute before the first picture.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled

Table = NDArray[np.float32]
Numbers = NDArray[np.int32]
Flags = NDArray[np.bool_]

BOX, CYLINDER, BALL = 0, 1, 2

MATERIAL = 12
"""Column of a solid's row where its material begins."""
COLUMNS = 24
"""Columns of a solid: kind, centre (3), half sizes (3), cosine and sine of its turn, lean (x and z
per y), whether it is seen or only throws a shadow; then its material: pattern, pitch, first colour
(3), second colour (3), gloss, glow, seed, spare."""

FAR = 1e9


class Geometry(NamedTuple):
    """What rays meet.

    Attributes:
        solids: shape (n, COLUMNS).
        frames: what a ray needs of them, see :func:`frames_of`.
        groups: shape (m, 8): bounding box (low x, y, z, high x, y, z), first solid and end.
        shell: half width, height, depth of the back wall, height of the eye, focal length and
            horizon in pixels, share of the ambient light that comes from above, spare.
        faces: materials of floor, back wall, side walls and ceiling, shape (4, 12).
        windows: shape (k, 6): wall (0 back, 1 left, 2 right), low and high along it, low and high
            y, and whether it is open to be seen through.
        lamps: shape (l, 14): centre (3), two half edges (3 each), radiance (3), whether it shines
            to all sides, spare.
        sky: radiance of the sky by height, from -1 to 1, shape (64, 3).
        sun: direction to the sun (3), its irradiance (3), 0 where there is none.
        ambient: radiance (3).
    """

    solids: Table
    frames: Table
    groups: Table
    shell: Table
    faces: Table
    windows: Table
    lamps: Table
    sky: Table
    sun: Table
    ambient: Table


@compiled
def _meet(f: Table, x: float, y: float, z: float, u: float, v: float, w: float) -> Any:
    """Distance to a unit shape from a point (x, y, z) along (u, v, w), or ``FAR``."""
    best = FAR
    if f[0] == BOX:
        u, v, w = _steep(u), _steep(v), _steep(w)
        a, b, c, d, e, h = (
            (-1.0 - x) / u,
            (1.0 - x) / u,
            (-1.0 - y) / v,
            (1.0 - y) / v,
            (-1.0 - z) / w,
            (1.0 - z) / w,
        )
        near = max(min(a, b), min(c, d), min(e, h))
        end = min(max(a, b), max(c, d), max(e, h))
        return near if 1e-5 < near <= end else best
    ball = 1.0 if f[0] == BALL else 0.0
    a = u * u + w * w + ball * v * v + 1e-12
    b = x * u + z * w + ball * y * v
    root = b * b - a * (x * x + z * z + ball * y * y - 1.0)
    if root > 0.0:
        t = (-b - math.sqrt(root)) / a
        if t > 1e-5 and (ball > 0.5 or abs(y + t * v) <= 1.0):
            best = t
    if ball < 0.5:
        v = _steep(v)
        t = ((-1.0 if v > 0.0 else 1.0) - y) / v
        p, q = x + t * u, z + t * w
        if 1e-5 < t < best and p * p + q * q <= 1.0:
            best = t
    return best


@compiled
def _steep(slope: float) -> Any:
    """A slope that can be divided by."""
    return slope if abs(slope) > 1e-9 else 1e-9


@compiled
def _trace(
    frames: Table, groups: Table, starts: Table, ways: Table, shadow: int, t: Table, number: Numbers
) -> None:
    """Find the first solid along each ray; for shadows, any solid.

    ``t`` holds the limits and takes the distances; ``number`` takes the solids, -1 for none.
    """
    for r in range(starts.shape[0]):
        ox, oy, oz = float(starts[r, 0]), float(starts[r, 1]), float(starts[r, 2])
        dx, dy, dz = _steep(float(ways[r, 0])), _steep(float(ways[r, 1])), _steep(float(ways[r, 2]))
        ix, iy, iz = 1.0 / dx, 1.0 / dy, 1.0 / dz
        best, found = float(t[r]), -1
        for g in range(groups.shape[0]):
            a, b = (groups[g, 0] - ox) * ix, (groups[g, 3] - ox) * ix
            c, d = (groups[g, 1] - oy) * iy, (groups[g, 4] - oy) * iy
            e, h = (groups[g, 2] - oz) * iz, (groups[g, 5] - oz) * iz
            near = max(min(a, b), min(c, d), min(e, h), 0.0)
            if near > min(max(a, b), max(c, d), max(e, h), best):
                continue
            for n in range(int(groups[g, 6]), int(groups[g, 7])):
                f = frames[n]
                # What only throws a shadow is not seen; what glows lets its own light through.
                if f[11] == (2.0 if shadow else 0.0):
                    continue
                x, y, z = ox - f[1], oy - f[2], oz - f[3]
                distance = _meet(
                    f,
                    f[4] * x + f[5] * y + f[6] * z,
                    f[7] * y,
                    f[8] * x + f[9] * y + f[10] * z,
                    f[4] * dx + f[5] * dy + f[6] * dz,
                    f[7] * dy,
                    f[8] * dx + f[9] * dy + f[10] * dz,
                )
                if distance < best:
                    best, found = distance, n
            if shadow and found >= 0:
                break
        t[r], number[r] = best, found


def frames_of(solids: Table) -> Table:
    """What a ray needs of each solid, shape (n, 12).

    Its kind, its centre (3), the matrix to its unit space without the zeros (first row, y of the
    second, third row), and 0 if it only throws a shadow, 2 if it glows, else 1.
    """
    frames = np.zeros((len(solids), 12), np.float32)
    frames[:, :4] = solids[:, :4]
    half, cos, sin = solids[:, 4:7], solids[:, 7], solids[:, 8]
    frames[:, 4], frames[:, 6] = cos / half[:, 0], sin / half[:, 0]
    frames[:, 5], frames[:, 7] = -solids[:, 9] / half[:, 0], 1.0 / half[:, 1]
    frames[:, 8], frames[:, 10] = -sin / half[:, 2], cos / half[:, 2]
    frames[:, 9] = -solids[:, 10] / half[:, 2]
    glows = solids[:, MATERIAL + 9] > 0.0
    frames[:, 11] = np.where(solids[:, 11] < 0.5, 0.0, np.where(glows, 2.0, 1.0))
    return frames


def rows(v: Table, like: Table) -> Table:
    """A writable, contiguous array of the shape of another: one type for the compiled loop."""
    made = np.ascontiguousarray(v, np.float32)
    return made if made.flags.writeable and v.shape == like.shape else made + np.zeros_like(like)


def nearest(
    g: Geometry, o: Table, d: Table, limit: Table | float, groups: Table | None = None
) -> tuple[Table, Numbers]:
    """The nearest visible solid along rays: its distance, or the limit, and its number or -1.

    Args:
        g: what the rays meet.
        o, d: where they start and where they go, shape (n, 3).
        limit: distances beyond which nothing counts.
        groups: those that count; all of them if ``None``.
    """
    t = np.empty(len(d), np.float32)
    t[:] = limit
    number = np.empty(len(d), np.int32)
    chosen = g.groups if groups is None else groups
    _trace(g.frames, chosen, rows(o, d), rows(d, d), 0, t, number)
    return t, number


def shadowed(g: Geometry, o: Table, d: Table, limit: Table | float) -> Flags:
    """Whether solids keep back the light along rays of a length."""
    t = np.empty(len(d), np.float32)
    t[:] = limit
    number = np.empty(len(d), np.int32)
    _trace(g.frames, g.groups, rows(o, d), rows(d, d), 1, t, number)
    return np.asarray(number >= 0)


def in_unit_space(frames: Table, v: Table) -> Table:
    """Directions, or places from the centre, in the unit space of solids; shape (n, 3)."""
    x, y, z = v.T
    across = frames[:, 4] * x + frames[:, 5] * y + frames[:, 6] * z
    away = frames[:, 8] * x + frames[:, 9] * y + frames[:, 10] * z
    return np.stack([across, frames[:, 7] * y, away], 1)


def outward(solids: Table, v: Table) -> Table:
    """Unit normals in the room of those in the unit space of solids; shape (n, 3)."""
    x, y, z = (v / solids[:, 4:7]).T
    y = y - solids[:, 9] * x - solids[:, 10] * z
    cos, sin = solids[:, 7], solids[:, 8]
    n = np.stack([cos * x - sin * z, y, cos * z + sin * x], 1)
    return np.asarray(n / (np.linalg.norm(n, axis=1, keepdims=True) + 1e-12), np.float32)


def placed(solids: Table, v: Table) -> Table:
    """Points in the room of those in the unit space of solids; shape (n, 3)."""
    x, y, z = (v * solids[:, 4:7]).T
    x, z = x + solids[:, 9] * y, z + solids[:, 10] * y
    cos, sin = solids[:, 7], solids[:, 8]
    offset = np.stack([cos * x - sin * z, y, cos * z + sin * x], 1)
    return np.asarray(solids[:, 1:4] + offset, np.float32)


def enclosure(shell: Table, o: Table, d: Table) -> tuple[Table, Numbers]:
    """Distance to the floor (0), back wall (1), left (2), right (3) or ceiling (4), and which."""
    half, high, deep = shell[:3]
    d = np.where(np.abs(d) < 1e-7, np.float32(1e-7), d)
    x = (np.copysign(half, d[:, 0]) - o[..., 0]) / d[:, 0]
    y = (np.where(d[:, 1] > 0, high, np.float32(0.0)) - o[..., 1]) / d[:, 1]
    z = np.where(d[:, 2] > 0, (deep - o[..., 2]) / d[:, 2], np.float32(FAR))
    t = np.minimum(np.minimum(x, y), z)
    side = np.where(d[:, 0] > 0, 3, 2)
    which = np.where(t == y, np.where(d[:, 1] > 0, 4, 0), np.where(t == z, 1, side))
    return np.maximum(t, 0.0), which.astype(np.int32)
