"""Light on the surfaces of a room: maps of irradiance, baked once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.places.interior.tracing import (
    BOX,
    CYLINDER,
    MATERIAL,
    Geometry,
    Numbers,
    Table,
    enclosure,
    nearest,
    outward,
    placed,
    shadowed,
)
from kirin.engines.animatic.scene.colour import Colour
from kirin.vision.compiled import compiled

Maps = NDArray[np.float32]
"""Irradiance: shape (faces, rows, columns, 3)."""

TEXELS = 5
"""Side of the map on each of a solid's six faces."""
_RAYS = 20
_REACH = 1.4
"""Metres beyond which a surface no longer hides ambient light."""
_BLOCK = 4096
"""Points at a time, to keep the rays in the cache."""
SHELL_FACES = np.array([0, 1, 2, 2, 3])
"""Material of floor, back wall, left, right and ceiling."""


def pane(windows: Table, which: Numbers, along: Table, y: Table, soft: Table | float) -> Table:
    """How far inside a window of a wall (1 back, 2 left, 3 right) points are: 0 to 1."""
    most = np.zeros(len(y), np.float32)
    for wall, low, high, bottom, top, _ in windows:
        across = np.minimum(along - low, high - along)
        down = np.minimum(y - bottom, top - y)
        inside = np.clip(np.minimum(across, down) / soft + 0.5, 0.0, 1.0)
        most = np.maximum(most, np.where(which == int(wall) + 1, inside, 0.0))
    return np.asarray(most, np.float32)


def sunlit(g: Geometry, o: Table, n: Table) -> Table:
    """Share of sunlight that reaches points through the windows, with its cosine."""
    lit = np.zeros(len(o), np.float32)
    way = g.sun[:3]
    cos = n @ way
    if g.sun[3:].sum() <= 0.0:
        return lit
    facing = np.flatnonzero(cos > 0.0)
    start = o[facing]
    d = np.broadcast_to(way, start.shape)
    t, which = enclosure(g.shell, start, d)
    end = start + t[:, None] * way
    along = np.where(which == 1, end[:, 0], end[:, 2])
    share = pane(g.windows, which, along, end[:, 1], 0.015 + 0.022 * t)
    open_ = np.flatnonzero(share > 0.0)
    dark = shadowed(g, start[open_], d[open_], t[open_])
    lit[facing[open_]] = np.where(dark, 0.0, share[open_] * cos[facing[open_]])
    return lit


def irradiance(g: Geometry, o: Table, n: Table) -> Colour:
    """Light of lamps and of the surroundings on points with normals; all of shape (n, 3)."""
    rng = np.random.default_rng(71)
    parts = [
        _direct(g, o[k : k + _BLOCK], n[k : k + _BLOCK], rng)
        + _ambient(g, o[k : k + _BLOCK], n[k : k + _BLOCK], rng)
        for k in range(0, len(o), _BLOCK)
    ]
    return np.concatenate(parts)


def _ambient(g: Geometry, o: Table, n: Table, rng: np.random.Generator) -> Colour:
    """What comes from all sides; near surfaces keep some of it back and pass on their colour."""
    upright = np.abs(n[:, 1:2]) >= 0.9
    up = np.where(upright, np.array([1, 0, 0], np.float32), np.array([0, 1, 0], np.float32))
    t = np.cross(up, n)
    t /= np.linalg.norm(t, axis=1, keepdims=True)
    b = np.cross(n, t)
    # Directions spread over the hemisphere by the golden angle, weighted by the cosine.
    k = np.arange(_RAYS, dtype=np.float32)
    radius = np.sqrt((k + 0.5) / _RAYS)
    turn = 2.39996 * k + 6.2832 * rng.random((len(o), 1), np.float32)
    x, y, z = radius * np.cos(turn), radius * np.sin(turn), np.sqrt(1.0 - radius * radius)
    d = x[..., None] * t[:, None] + y[..., None] * b[:, None] + z[:, None] * n[:, None]
    d = np.asarray(d.reshape(-1, 3), np.float32)
    start = np.repeat(o, _RAYS, 0)
    wall, which = enclosure(g.shell, start, d)
    near, number = nearest(g, start, d, np.minimum(wall, _REACH))
    weight = (0.18 + 0.82 * np.minimum(near, _REACH) / _REACH) / _RAYS
    # Light from above is stronger.
    weight = weight * (1.0 + g.shell[6] * d[:, 1])
    seen = np.concatenate([g.solids[:, MATERIAL + 2 : MATERIAL + 5], g.faces[SHELL_FACES, 2:5]])
    colour = seen[np.where(number >= 0, number, len(g.solids) + which)]
    light = (weight[:, None] * (0.45 + 0.75 * colour)).reshape(-1, _RAYS, 3).sum(1)
    return np.asarray(light * g.ambient, np.float32)


def _direct(g: Geometry, o: Table, n: Table, rng: np.random.Generator) -> Colour:
    """The light of lamps: rectangles that are sampled at four jittered points."""
    light = np.zeros_like(o)
    for lamp in g.lamps:
        centre, first, second = lamp[:3], lamp[3:6], lamp[6:9]
        normal = np.cross(first, second)
        area = np.float32(np.linalg.norm(normal) + 1e-9)
        total = np.zeros(len(o), np.float32)
        for k in range(4):
            at = (
                rng.random((2, len(o), 1), np.float32)
                + np.array([k // 2, k % 2], np.float32)[:, None, None]
            )
            d = centre + (at[0] - 1) * first + (at[1] - 1) * second - o
            far = np.linalg.norm(d, axis=1) + 1e-6
            d = d / far[:, None]
            cos = (d * n).sum(1)
            if lamp[12] < 0.5:
                cos = cos * np.maximum(-(d @ normal) / area, 0.0) * (cos > 0)
            lit = np.flatnonzero(cos > 0.0)
            dark = shadowed(g, o[lit], d[lit], far[lit] - 0.02)
            total[lit] += np.where(dark, 0.0, cos[lit] / (far[lit] ** 2 + 0.05))
        light += lamp[9:12] * (total * area)[:, None]
    return light


def bake_solids(g: Geometry) -> Maps:
    """The maps of all solids, six faces each; those turned from the viewpoint are dark."""
    count, size = len(g.solids), TEXELS
    maps = np.zeros((6 * count + 1, size, size, 3), np.float32)
    step = (2 * np.arange(size, dtype=np.float32) + 1) / size - 1
    b, a = np.meshgrid(step, step, indexing="ij")
    one = np.ones_like(a)
    cube = np.stack(
        [
            np.stack(face, -1)
            for sign in (-one, one)
            for face in ((sign, b, a), (a, sign, b), (a, b, sign))
        ]
    )[[0, 3, 1, 4, 2, 5]]
    points = np.broadcast_to(cube, (count, 6, size, size, 3)).reshape(-1, 3)
    axis = np.broadcast_to(np.repeat([0, 0, 1, 1, 2, 2], size * size), (count, 6 * size * size))
    solid = np.repeat(g.solids, 6 * size * size, 0)
    point, around = _wrapped(solid[:, 0], np.asarray(points, np.float32), axis.ravel())
    normal = outward(solid, around)
    place = placed(solid, point)
    away = place - np.array([0.0, g.shell[3], 0.0], np.float32)
    seen = (solid[:, 11] > 0.5) & (((normal * away).sum(1) < 0) | (solid[:, 0] != BOX))
    start = place[seen] + np.float32(2e-3) * normal[seen]
    start[:, 1] = np.maximum(start[:, 1], 1e-3)
    maps[:-1].reshape(-1, 3)[seen] = irradiance(g, start, normal[seen])
    return maps


def _wrapped(kind: Table, p: Table, axis: NDArray[np.int64]) -> tuple[Table, Table]:
    """Points of the cube's surface moved to that of unit shapes, and their normals there."""
    flat = np.where(np.arange(3) == axis[:, None], p, np.float32(0.0))
    ball = p / np.linalg.norm(p, axis=1, keepdims=True)
    round_ = np.hypot(p[:, 0], p[:, 2]) + np.float32(1e-9)
    cap = axis == 1
    scale = np.where(cap, np.maximum(np.abs(p[:, 0]), np.abs(p[:, 2])), 1.0) / round_
    tube = p * np.stack([scale, np.ones_like(scale), scale], 1)
    bare = np.where(cap[:, None], flat, tube * np.array([1, 0, 1], np.float32))
    box, barrel = (kind == BOX)[:, None], (kind == CYLINDER)[:, None]
    point = np.where(box, p, np.where(barrel, tube, ball))
    return np.asarray(point, np.float32), np.where(box, flat, np.where(barrel, bare, ball))


def bake_shell(g: Geometry, size: int) -> Maps:
    """The maps of floor, back wall, left, right and ceiling, ``size`` texels a side."""
    half, high, deep = g.shell[:3]
    step = (np.arange(size, dtype=np.float32) + np.float32(0.5)) / size
    b, a = (grid.ravel() for grid in np.meshgrid(step, step, indexing="ij"))
    low, across = np.full_like(a, 1e-3), (2 * a - 1) * half
    walls = [
        ((across, low, b * deep), (0, 1, 0)),
        ((across, b * high, deep - low), (0, 0, -1)),
        ((low - half, b * high, a * deep), (1, 0, 0)),
        ((half - low, b * high, a * deep), (-1, 0, 0)),
        ((across, high - low, b * deep), (0, -1, 0)),
    ]
    points = np.concatenate([np.stack(place, 1) for place, _ in walls])
    normals = np.repeat(np.array([normal for _, normal in walls], np.float32), size * size, 0)
    light = irradiance(g, np.asarray(points, np.float32), normals)
    return light.reshape(5, size, size, 3)


@compiled
def _read(maps: Maps, face: Numbers, a: Table, b: Table, out: Colour) -> None:
    size = maps.shape[1]
    for n in range(face.shape[0]):
        x = min(max(a[n] * size - 0.5, 0.0), size - 1.001)
        y = min(max(b[n] * size - 0.5, 0.0), size - 1.001)
        j, i, k = int(x), int(y), face[n]
        u, v = x - j, y - i
        for c in range(3):
            top = maps[k, i, j, c] * (1 - u) + maps[k, i, j + 1, c] * u
            low = maps[k, i + 1, j, c] * (1 - u) + maps[k, i + 1, j + 1, c] * u
            out[n, c] = top * (1 - v) + low * v


def read_maps(maps: Maps, face: Numbers, a: Table, b: Table) -> Colour:
    """Interpolate maps at ``a`` across and ``b`` down, 0 to 1; shape (n, 3)."""
    out = np.empty((len(face), 3), np.float32)
    across, down = np.ascontiguousarray(a, np.float32), np.ascontiguousarray(b, np.float32)
    _read(maps, np.ascontiguousarray(face, np.int32), across, down, out)
    return out
