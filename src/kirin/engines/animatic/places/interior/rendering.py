"""Rendering a layer of a room: one ray per pixel, four where two surfaces meet."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.places.interior.patterns import albedo
from kirin.engines.animatic.places.interior.shading import (
    Maps,
    enclosure,
    pane,
    read_map,
    sunlit,
)
from kirin.engines.animatic.places.interior.tracing import (
    BALL,
    BOX,
    FAR,
    MATERIAL,
    Geometry,
    Table,
    local,
    meet,
    nearest,
    outward,
)
from kirin.vision.compiled import compiled

NOTHING, FLOOR, BACK, LEFT, RIGHT = -1, 0, 1, 2, 3
"""Which part of the shell a layer shows behind its solids; ``BACK`` includes the ceiling."""


@compiled
def sky_at(sky: Table, d: Any, out: Table) -> None:
    """Radiance of the sky in a direction."""
    rise = d[1] / math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
    k = int(min(max((rise * 0.5 + 0.5) * 63.0, 0.0), 63.0))
    out[:] = sky[k]


@compiled
def _backdrop(shell: Table, d: Any, mode: int) -> Any:
    """Distance to the part of the shell that a layer shows, and which it is."""
    if mode == FLOOR:
        return -shell[3] / min(d[1], -1e-4), 0
    if mode == BACK:
        t = shell[2]
        if d[1] > 1e-9 and (shell[1] - shell[3]) / d[1] < t:
            return (shell[1] - shell[3]) / d[1], 4
        return t, 1
    if mode == LEFT:
        return -shell[0] / min(d[0], -1e-4), 2
    if mode == RIGHT:
        return shell[0] / max(d[0], 1e-4), 3
    return FAR, -1


@compiled
def _shell(g: Geometry, maps: Maps, which: int, p: Any, d: Any, blur: float, out: Table) -> Any:
    """Shade a point of the shell into ``out``; returns its gloss, -1 for a window."""
    half, high, deep = g.shell[0], g.shell[1], g.shell[2]
    face = (0, 1, 2, 2, 3)[which]
    if which == 0 or which == 4:
        a, b, u, v = p[0], p[2], (p[0] / half + 1) / 2, p[2] / deep
        n = (0.0, 1.0 if which == 0 else -1.0, 0.0)
    elif which == 1:
        a, b, u, v = p[0], p[1], (p[0] / half + 1) / 2, p[1] / high
        n = (0.0, 0.0, -1.0)
    else:
        a, b, u, v = p[2], p[1], p[2] / deep, p[1] / high
        n = (1.0 if which == 2 else -1.0, 0.0, 0.0)
    if 0 < which < 4 and pane(g.windows, which, a, b, 0.004) > 0.5:
        sky_at(g.sky, d, out)
        return -1.0
    read_map(maps, which, u, v, out)
    m = g.faces[face]
    o = (p[0] + 3e-3 * n[0], p[1] + 3e-3 * n[1], p[2] + 3e-3 * n[2])
    sun = sunlit(g, o, n)
    red, green, blue = albedo(m, a, b, blur)
    out[0] = red * (out[0] + sun * g.sun[3]) + m[9] * m[2]
    out[1] = green * (out[1] + sun * g.sun[4]) + m[9] * m[3]
    out[2] = blue * (out[2] + sun * g.sun[5]) + m[9] * m[4]
    return m[8]


@compiled
def _hit(solid: Table, o: Any, d: Any, t: float) -> Any:
    """Face (0 to 5) and point in the solid's unit space at a distance along a ray."""
    ox, oy, oz = local(solid, o[0] - solid[1], o[1] - solid[2], o[2] - solid[3])
    dx, dy, dz = local(solid, d[0], d[1], d[2])
    x, y, z = ox + t * dx, oy + t * dy, oz + t * dz
    ax, ay, az = abs(x), abs(y), abs(z)
    if solid[0] == 1 and ay < 0.9999:
        ay = 0.0
    if ax >= ay and ax >= az:
        return (1 if x > 0 else 0), x, y, z
    if ay >= az:
        return (3 if y > 0 else 2), x, y, z
    return (5 if z > 0 else 4), x, y, z


@compiled
def _solid(g: Geometry, maps: Maps, n: int, o: Any, d: Any, t: float, pixel: float, out: Table) -> Any:
    """Shade a solid at a distance along a ray into ``out``; returns its gloss and normal."""
    solid = g.solids[n]
    face, x, y, z = _hit(solid, o, d, t)
    m = solid[MATERIAL:]
    if solid[0] == BOX:
        axis, sign = face // 2, 2.0 * (face % 2) - 1.0
        local_normal = (
            sign if axis == 0 else 0.0,
            sign if axis == 1 else 0.0,
            sign if axis == 2 else 0.0,
        )
        if axis == 0:
            a, b = z * solid[6], y * solid[5]
        elif axis == 1:
            a, b = x * solid[4], z * solid[6]
        else:
            a, b = x * solid[4], y * solid[5]
    else:
        cap = solid[0] != BALL and abs(y) > 0.9999
        if cap:
            local_normal = (0.0, 1.0 if y > 0 else -1.0, 0.0)
            a, b = x * solid[4], z * solid[6]
        else:
            local_normal = (x, y if solid[0] == BALL else 0.0, z)
            a, b = math.atan2(x, -z) * solid[4], y * solid[5]
    nx, ny, nz = outward(solid, local_normal[0], local_normal[1], local_normal[2])
    most = max(abs(x), abs(y), abs(z))
    if face < 2:
        u, v = z / most, y / most
    elif face < 4:
        u, v = x / most, z / most
    else:
        u, v = x / most, y / most
    read_map(maps, 6 * n + face, u * 0.5 + 0.5, v * 0.5 + 0.5, out)
    cos = max(abs(nx * d[0] + ny * d[1] + nz * d[2]) / math.sqrt(1 + d[0] ** 2 + d[1] ** 2), 0.15)
    p = (o[0] + t * d[0] + 3e-3 * nx, o[1] + t * d[1] + 3e-3 * ny, o[2] + t * d[2] + 3e-3 * nz)
    sun = sunlit(g, p, (nx, ny, nz))
    # Patterns start at the lower edge, so that books stand on their shelf.
    if m[0] == 11 or m[0] == 22 or m[0] == 17:
        b += solid[5]
    red, green, blue = albedo(m, a, b, pixel * t / cos)
    out[0] = red * (out[0] + sun * g.sun[3] + m[9])
    out[1] = green * (out[1] + sun * g.sun[4] + m[9])
    out[2] = blue * (out[2] + sun * g.sun[5] + m[9])
    return m[8], nx, ny, nz


@compiled
def _mirrored(
    g: Geometry, maps: Any, p: Any, d: Any, n: Any, gloss: float, colour: Table
) -> None:
    """Add what a glossy surface mirrors."""
    dot = d[0] * n[0] + d[1] * n[1] + d[2] * n[2]
    r = (d[0] - 2 * dot * n[0], d[1] - 2 * dot * n[1], d[2] - 2 * dot * n[2])
    size = math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
    # Schlick's approximation of Fresnel's equations.
    share = gloss * (0.10 + 0.90 * (1.0 - min(abs(dot) / size, 1.0)) ** 5)
    if gloss > 0.95:
        share = 0.85
    if share < 0.004:
        return
    o = (p[0] + 4e-3 * n[0], p[1] + 4e-3 * n[1], p[2] + 4e-3 * n[2])
    seen = np.zeros(3, np.float32)
    limit, which = enclosure(g.shell, o, r)
    t, number = nearest(g.solids, g.groups, o, r, limit)
    if number >= 0:
        _solid(g, maps[0], number, o, r, t, 0.01, seen)
    elif which >= 0:
        q = (o[0] + limit * r[0], o[1] + limit * r[1], o[2] + limit * r[2])
        _shell(g, maps[1], which, q, r, 0.05, seen)
    for c in range(3):
        colour[c] += share * (seen[c] - (colour[c] if gloss > 0.95 else 0.0))


@compiled
def _ray(g: Geometry, x: float, y: float) -> Any:
    return (x / g.shell[4], -(y - g.shell[5]) / g.shell[4], 1.0)


@compiled
def _sample(
    g: Geometry, maps: Any, groups: Table, x: float, y: float, mode: int, out: Table
) -> Any:
    """Shade one ray into ``out``; returns whether it meets something opaque."""
    o, d = (0.0, g.shell[3], 0.0), _ray(g, x, y)
    limit, which = _backdrop(g.shell, d, mode)
    t, number = nearest(g.solids, groups, o, d, limit)
    pixel = 1.0 / g.shell[4]
    if number >= 0:
        gloss, nx, ny, nz = _solid(g, maps[0], number, o, d, t, pixel, out)
        n = (nx, ny, nz)
    elif which >= 0:
        t = limit
        p = (o[0] + t * d[0], o[1] + t * d[1], o[2] + t * d[2])
        grazing = min(max(t * pixel * t / g.shell[3], t * pixel), 1.0) if which == 0 else t * pixel
        gloss = _shell(g, maps[1], which, p, d, grazing, out)
        if gloss < 0.0:
            return False
        n = (0.0, 1.0, 0.0) if which == 0 else (0.0, 0.0, -1.0)
        if which > 1:
            gloss = 0.0
    else:
        return False
    if gloss > 0.0:
        p = (o[0] + t * d[0], o[1] + t * d[1], o[2] + t * d[2])
        _mirrored(g, maps, p, d, n, gloss, out)
    return True


@compiled
def find(
    g: Geometry, groups: Table, xs: Table, ys: Table, mode: int, ids: NDArray[np.int32], z: Table
) -> None:
    """Which surface each pixel shows, and its distance."""
    o = (0.0, g.shell[3], 0.0)
    for i in range(ys.shape[0]):
        for j in range(xs.shape[0]):
            d = _ray(g, xs[j], ys[i])
            limit, which = _backdrop(g.shell, d, mode)
            t, number = nearest(g.solids, groups, o, d, limit)
            z[i, j] = t
            ids[i, j] = -2 - which
            if number >= 0:
                face, _, _, _ = _hit(g.solids[number], o, d, t)
                ids[i, j] = 6 * number + face
                if g.solids[number, 0] == BALL:
                    ids[i, j] = 6 * number


@compiled
def render(
    g: Geometry,
    maps: Any,
    groups: Table,
    grid: Any,
    mode: int,
    ids: NDArray[np.int32],
    out: NDArray[np.float32],
) -> None:
    """Shade all pixels: ``out`` has shape (height, width, 4), alpha last, colour not multiplied."""
    xs, ys = grid
    step = xs[1] - xs[0]
    colour = np.zeros(3, np.float32)
    rows, columns = ids.shape
    for i in range(rows):
        for j in range(columns):
            here = ids[i, j]
            same = ids[max(i - 1, 0), j] == here and ids[min(i + 1, rows - 1), j] == here
            same = same and ids[i, max(j - 1, 0)] == here and ids[i, min(j + 1, columns - 1)] == here
            if same and here == -1:
                continue
            if same:
                solid = _sample(g, maps, groups, xs[j], ys[i], mode, colour)
                out[i, j, :3] = colour
                out[i, j, 3] = 1.0 if solid else 0.0
                continue
            total = np.zeros(4, np.float32)
            for k in range(4):
                # Four rooks: no two samples share a row or a column.
                x = xs[j] + step * ((k + 0.5) / 4.0 - 0.5)
                y = ys[i] + step * ((((k * 2 + 1) % 5) + 0.5) / 4.0 - 0.5) * 0.8
                if _sample(g, maps, groups, x, y, mode, colour):
                    total[:3] += colour
                    total[3] += 1.0
            if total[3] > 0.0:
                out[i, j, :3] = total[:3] / total[3]
            out[i, j, 3] = total[3] / 4.0


__all__ = ["BACK", "FLOOR", "LEFT", "NOTHING", "RIGHT", "find", "meet", "render"]
