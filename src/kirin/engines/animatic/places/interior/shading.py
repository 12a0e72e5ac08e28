"""Light on the surfaces of a room: maps of irradiance, baked once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.places.interior.patterns import chance
from kirin.engines.animatic.places.interior.tracing import (
    BALL,
    BOX,
    FAR,
    MATERIAL,
    Geometry,
    Table,
    blocked,
    nearest,
    outward,
    placed,
)
from kirin.vision.compiled import compiled

Maps = NDArray[np.float32]
"""Irradiance: shape (faces, rows, columns, 3)."""

TEXELS = 5
"""Side of the map on each of a solid's six faces."""
FINE = 64
"""Side of the map on each of the shell's faces."""
_RAYS = 20
_REACH = 1.4
"""Metres beyond which a surface no longer hides ambient light."""


@compiled
def enclosure(shell: Table, o: Any, d: Any) -> Any:
    """Distance to the floor (0), back wall (1), left (2), right (3) or ceiling (4), and which."""
    best, which = FAR, -1
    if d[1] < -1e-9:
        best, which = -o[1] / d[1], 0
    elif d[1] > 1e-9:
        best, which = (shell[1] - o[1]) / d[1], 4
    if d[2] > 1e-9 and (shell[2] - o[2]) / d[2] < best:
        best, which = (shell[2] - o[2]) / d[2], 1
    if d[0] < -1e-9 and (-shell[0] - o[0]) / d[0] < best:
        best, which = (-shell[0] - o[0]) / d[0], 2
    if d[0] > 1e-9 and (shell[0] - o[0]) / d[0] < best:
        best, which = (shell[0] - o[0]) / d[0], 3
    return best, which


@compiled
def pane(windows: Table, which: int, along: float, y: float, soft: float) -> Any:
    """How far inside a window of a wall (1 back, 2 left, 3 right) a point is: 0 to 1."""
    most = 0.0
    for k in range(windows.shape[0]):
        if int(windows[k, 0]) != which - 1:
            continue
        across = min(along - windows[k, 1], windows[k, 2] - along)
        down = min(y - windows[k, 3], windows[k, 4] - y)
        most = max(most, min(max(min(across, down) / soft + 0.5, 0.0), 1.0))
    return most


@compiled
def sunlit(g: Geometry, o: Any, n: Any) -> Any:
    """Share of sunlight that reaches a point through the windows, with its cosine."""
    sun = g.sun
    cos = n[0] * sun[0] + n[1] * sun[1] + n[2] * sun[2]
    if sun[3] + sun[4] + sun[5] <= 0.0 or cos <= 0.0:
        return 0.0
    d = (sun[0], sun[1], sun[2])
    t, which = enclosure(g.shell, o, d)
    if which < 1 or which == 4:
        return 0.0
    x, y, z = o[0] + t * d[0], o[1] + t * d[1], o[2] + t * d[2]
    share = pane(g.windows, which, x if which == 1 else z, y, 0.015 + 0.022 * t)
    if share <= 0.0 or blocked(g.solids, g.groups, o, d, t):
        return 0.0
    return share * cos


@compiled
def irradiance(g: Geometry, o: Any, n: Any, seed: int, out: Table) -> None:
    """Light of lamps and of the surroundings on a point with a normal, written to ``out`` (3)."""
    out[:] = 0.0
    for k in range(g.lamps.shape[0]):
        _lamp(g, g.lamps[k], o, n, seed + 31 * k, out)
    # Directions spread over the hemisphere by the golden angle, weighted by the cosine.
    ux, uy, uz = (0.0, 1.0, 0.0) if abs(n[1]) < 0.9 else (1.0, 0.0, 0.0)
    tx, ty, tz = uy * n[2] - uz * n[1], uz * n[0] - ux * n[2], ux * n[1] - uy * n[0]
    size = math.sqrt(tx * tx + ty * ty + tz * tz)
    tx, ty, tz = tx / size, ty / size, tz / size
    bx, by, bz = n[1] * tz - n[2] * ty, n[2] * tx - n[0] * tz, n[0] * ty - n[1] * tx
    turn = 6.2832 * chance(seed, 5, 3)
    for k in range(_RAYS):
        radius = math.sqrt((k + 0.5) / _RAYS)
        a, b = radius * math.cos(turn + 2.39996 * k), radius * math.sin(turn + 2.39996 * k)
        c = math.sqrt(1.0 - radius * radius)
        d = (a * tx + b * bx + c * n[0], a * ty + b * by + c * n[1], a * tz + b * bz + c * n[2])
        t, which = enclosure(g.shell, o, d)
        near, number = nearest(g.solids, g.groups, o, d, min(t, _REACH))
        open_ = min(min(near, t) / _REACH, 1.0)
        weight = (0.18 + 0.82 * open_) / _RAYS
        # Light from above is stronger, and surfaces pass on their colour.
        weight *= 1.0 + g.shell[6] * d[1]
        face = (0, 1, 2, 2, 3)[max(which, 0)]
        m = g.solids[number, MATERIAL:] if number >= 0 else g.faces[face]
        for c_ in range(3):
            out[c_] += g.ambient[c_] * weight * (0.45 + 0.75 * m[2 + c_])


@compiled
def _lamp(g: Geometry, lamp: Table, o: Any, n: Any, seed: int, out: Table) -> None:
    """Add the light of a lamp: a rectangle that is sampled at four jittered points."""
    nx = lamp[4] * lamp[8] - lamp[5] * lamp[7]
    ny = lamp[5] * lamp[6] - lamp[3] * lamp[8]
    nz = lamp[3] * lamp[7] - lamp[4] * lamp[6]
    area = math.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9
    total = 0.0
    for i in range(2):
        for j in range(2):
            a = i + chance(seed, i, j) - 1.0
            b = j + chance(seed, j, i + 7) - 1.0
            dx = lamp[0] + a * lamp[3] + b * lamp[6] - o[0]
            dy = lamp[1] + a * lamp[4] + b * lamp[7] - o[1]
            dz = lamp[2] + a * lamp[5] + b * lamp[8] - o[2]
            far = math.sqrt(dx * dx + dy * dy + dz * dz) + 1e-6
            d = (dx / far, dy / far, dz / far)
            cos = d[0] * n[0] + d[1] * n[1] + d[2] * n[2]
            if cos <= 0.0:
                continue
            if lamp[12] < 0.5:
                cos *= max(-(d[0] * nx + d[1] * ny + d[2] * nz) / area, 0.0)
            if cos > 0.0 and not blocked(g.solids, g.groups, o, d, far - 0.02):
                total += cos / (far * far + 0.05)
    for c in range(3):
        out[c] += lamp[9 + c] * total * area


@compiled
def bake_solids(g: Geometry, out: Maps) -> None:
    """Fill the maps of all solids, six faces each; those turned from the viewpoint are dark."""
    size = TEXELS
    for n in range(g.solids.shape[0]):
        solid = g.solids[n]
        if solid[11] < 0.5:
            continue
        for face in range(6):
            axis, sign = face // 2, 2.0 * (face % 2) - 1.0
            for i in range(size):
                for j in range(size):
                    a, b = (2 * j + 1.0) / size - 1.0, (2 * i + 1.0) / size - 1.0
                    p = (sign, b, a) if axis == 0 else ((a, sign, b) if axis == 1 else (a, b, sign))
                    q = _wrapped(int(solid[0]), p, axis)
                    m = q if solid[0] != BOX else _axis(axis, sign)
                    if solid[0] == 1:
                        m = (q[0], 0.0, q[2]) if axis != 1 else (0.0, sign, 0.0)
                    normal = outward(solid, m[0], m[1], m[2])
                    x, y, z = placed(solid, q[0], q[1], q[2])
                    view = normal[0] * x + normal[1] * (y - g.shell[3]) + normal[2] * z
                    if view > 0.0 and solid[0] == BOX:
                        continue
                    o = (
                        x + 2e-3 * normal[0],
                        max(y + 2e-3 * normal[1], 1e-3),
                        z + 2e-3 * normal[2],
                    )
                    irradiance(
                        g, o, normal, n * 97 + face * 13 + i * 7 + j, out[6 * n + face, i, j]
                    )


@compiled
def _axis(axis: int, sign: float) -> Any:
    return (sign if axis == 0 else 0.0, sign if axis == 1 else 0.0, sign if axis == 2 else 0.0)


@compiled
def _wrapped(kind: int, p: Any, axis: int) -> Any:
    """A point of the cube's surface moved to that of the solid's unit shape."""
    if kind == BOX:
        return p
    if kind == BALL:
        size = math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2])
        return (p[0] / size, p[1] / size, p[2] / size)
    size = math.sqrt(p[0] * p[0] + p[2] * p[2]) + 1e-9
    if axis == 1:
        scale = max(abs(p[0]), abs(p[2])) / size
        return (p[0] * scale, p[1], p[2] * scale)
    return (p[0] / size, p[1], p[2] / size)


@compiled
def bake_shell(g: Geometry, out: Maps) -> None:
    """Fill the maps of floor, back wall, left, right and ceiling."""
    half, high, deep = g.shell[0], g.shell[1], g.shell[2]
    for which in range(5):
        for i in range(FINE):
            for j in range(FINE):
                a, b = (j + 0.5) / FINE, (i + 0.5) / FINE
                if which in {0, 4}:
                    o = ((2 * a - 1) * half, 1e-3 if which == 0 else high - 1e-3, b * deep)
                    n = (0.0, 1.0 if which == 0 else -1.0, 0.0)
                elif which == 1:
                    o, n = ((2 * a - 1) * half, b * high, deep - 1e-3), (0.0, 0.0, -1.0)
                else:
                    side = -1.0 if which == 2 else 1.0
                    o, n = (side * (half - 1e-3), b * high, a * deep), (-side, 0.0, 0.0)
                irradiance(g, o, n, which * 9973 + i * 131 + j, out[which, i, j])


@compiled
def read_map(table: Maps, face: int, a: float, b: float, out: Table) -> None:
    """Interpolate a map at ``a`` across and ``b`` down, 0 to 1."""
    size = table.shape[1]
    x = min(max(a * size - 0.5, 0.0), size - 1.001)
    y = min(max(b * size - 0.5, 0.0), size - 1.001)
    j, i = int(x), int(y)
    u, v = x - j, y - i
    for c in range(3):
        top = table[face, i, j, c] * (1 - u) + table[face, i, j + 1, c] * u
        low = table[face, i + 1, j, c] * (1 - u) + table[face, i + 1, j + 1, c] * u
        out[c] = top * (1 - v) + low * v
