"""Casting rays at the solids of a room: boxes, upright cylinders and ellipsoids.

Coordinates are in metres: x to the right and z away from the viewpoint, y up from the floor.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled

Table = NDArray[np.float32]

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
    groups: Table
    shell: Table
    faces: Table
    windows: Table
    lamps: Table
    sky: Table
    sun: Table
    ambient: Table


@compiled
def _box(ox: float, oy: float, oz: float, dx: float, dy: float, dz: float) -> Any:
    """Where a ray enters the cube from -1 to 1: distance, or ``FAR``."""
    near, end = -FAR, FAR
    for o, d in ((ox, dx), (oy, dy), (oz, dz)):
        if abs(d) < 1e-12:
            if abs(o) > 1.0:
                return FAR
            continue
        a, b = (-1.0 - o) / d, (1.0 - o) / d
        near, end = max(near, min(a, b)), min(end, max(a, b))
    if near > end or near <= 1e-5:
        return FAR
    return near


@compiled
def _ball(ox: float, oy: float, oz: float, dx: float, dy: float, dz: float) -> Any:
    a = dx * dx + dy * dy + dz * dz
    b = ox * dx + oy * dy + oz * dz
    root = b * b - a * (ox * ox + oy * oy + oz * oz - 1.0)
    if root <= 0.0:
        return FAR
    t = (-b - np.sqrt(root)) / a
    return t if t > 1e-5 else FAR


@compiled
def _cylinder(ox: float, oy: float, oz: float, dx: float, dy: float, dz: float) -> Any:
    best = FAR
    a = dx * dx + dz * dz
    if a > 1e-12:
        b = ox * dx + oz * dz
        root = b * b - a * (ox * ox + oz * oz - 1.0)
        if root > 0.0:
            t = (-b - np.sqrt(root)) / a
            if t > 1e-5 and abs(oy + t * dy) <= 1.0:
                best = t
    if abs(dy) > 1e-12:
        for cap in (-1.0, 1.0):
            t = (cap - oy) / dy
            x, z = ox + t * dx, oz + t * dz
            if 1e-5 < t < best and x * x + z * z <= 1.0:
                best = t
    return best


@compiled
def local(solid: Table, x: float, y: float, z: float) -> Any:
    """A direction in the unit space of a solid."""
    cos, sin = solid[7], solid[8]
    a, c = cos * x + sin * z, cos * z - sin * x
    return (a - solid[9] * y) / solid[4], y / solid[5], (c - solid[10] * y) / solid[6]


@compiled
def outward(solid: Table, x: float, y: float, z: float) -> Any:
    """The unit normal in the room of one in the unit space of a solid."""
    x, y, z = x / solid[4], y / solid[5], z / solid[6]
    y = y - solid[9] * x - solid[10] * z
    cos, sin = solid[7], solid[8]
    a, c = cos * x - sin * z, cos * z + sin * x
    size = np.sqrt(a * a + y * y + c * c) + 1e-12
    return a / size, y / size, c / size


@compiled
def placed(solid: Table, x: float, y: float, z: float) -> Any:
    """The point in the room of one in the unit space of a solid."""
    x, y, z = x * solid[4], y * solid[5], z * solid[6]
    x, z = x + solid[9] * y, z + solid[10] * y
    cos, sin = solid[7], solid[8]
    return solid[1] + cos * x - sin * z, solid[2] + y, solid[3] + cos * z + sin * x


@compiled
def meet(solid: Table, o: Any, d: Any) -> Any:
    """Distance along a ray to a solid, or ``FAR``."""
    ox, oy, oz = local(solid, o[0] - solid[1], o[1] - solid[2], o[2] - solid[3])
    dx, dy, dz = local(solid, d[0], d[1], d[2])
    if solid[0] == BOX:
        return _box(ox, oy, oz, dx, dy, dz)
    if solid[0] == BALL:
        return _ball(ox, oy, oz, dx, dy, dz)
    return _cylinder(ox, oy, oz, dx, dy, dz)


@compiled
def _passes(group: Table, o: Any, d: Any, limit: float) -> bool:
    """Whether a ray meets the bounding box of a group before a distance."""
    near, end = 0.0, limit
    for k in range(3):
        if abs(d[k]) < 1e-12:
            if o[k] < group[k] or o[k] > group[3 + k]:
                return False
            continue
        a, b = (group[k] - o[k]) / d[k], (group[3 + k] - o[k]) / d[k]
        near, end = max(near, min(a, b)), min(end, max(a, b))
    return bool(near <= end)


@compiled
def _vector(v: Any) -> Any:
    # Mixed precisions would make a tuple that cannot be indexed by a variable.
    return np.float64(v[0]), np.float64(v[1]), np.float64(v[2])


@compiled
def nearest(solids: Table, groups: Table, o: Any, d: Any, limit: float) -> Any:
    """The nearest visible solid along a ray: its distance and number, -1 for none."""
    start, way = _vector(o), _vector(d)
    best, number = np.float64(limit), -1
    for g in range(groups.shape[0]):
        if not _passes(groups[g], start, way, best):
            continue
        for n in range(int(groups[g, 6]), int(groups[g, 7])):
            if solids[n, 11] < 0.5:
                continue
            t = meet(solids[n], start, way)
            if t < best:
                best, number = t, n
    return best, number


@compiled
def blocked(solids: Table, groups: Table, o: Any, d: Any, limit: float) -> Any:
    """Share of light that solids keep back along a ray."""
    start, way = _vector(o), _vector(d)
    for g in range(groups.shape[0]):
        if not _passes(groups[g], start, way, np.float64(limit)):
            continue
        for n in range(int(groups[g, 6]), int(groups[g, 7])):
            # What glows lets its own light through.
            if solids[n, MATERIAL + 9] <= 0.0 and meet(solids[n], start, way) < limit:
                return True
    return False
