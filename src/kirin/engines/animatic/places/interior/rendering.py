"""Rendering a layer of a room: one ray per sample, five where two surfaces meet."""

from __future__ import annotations

from dataclasses import dataclass, fields

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.places.interior.patterns import PATTERNS, albedo
from kirin.engines.animatic.places.interior.shading import (
    SHELL_FACES,
    Maps,
    pane,
    read_maps,
    sunlit,
)
from kirin.engines.animatic.places.interior.tracing import (
    BALL,
    BOX,
    CYLINDER,
    FAR,
    MATERIAL,
    Flags,
    Geometry,
    Numbers,
    Table,
    enclosure,
    in_unit_space,
    nearest,
    outward,
)
from kirin.engines.animatic.scene.colour import Colour

NOTHING, FLOOR, BACK, LEFT, RIGHT = -1, 0, 1, 2, 3
"""Which part of the shell a layer shows behind its solids; ``BACK`` includes the ceiling."""

_NORMALS = np.array([(0, 1, 0), (0, 0, -1), (1, 0, 0), (-1, 0, 0), (0, -1, 0)], np.float32)
"""Of floor, back wall, left, right and ceiling."""
_STANDING = [PATTERNS.index(name) for name in ("books", "goods", "chalk")]
"""Patterns that start at the lower edge of a solid, so that books stand on their shelf."""


_BLOCK = 32768
_MIRROR = 0.95
"""Gloss of a mirror."""


@dataclass(slots=True)
class Seen:
    """What rays meet; arrays over the rays.

    Attributes:
        rgb: radiance, shape (n, 3).
        solid: whether there is something, and no window.
        z: distance.
        number: solid, or -1.
        surface: which surface: six numbers per solid, one for each face; less than 0 for the shell
            and for nothing.
        normal, gloss: of it.
    """

    rgb: Colour
    solid: Flags
    z: Table
    surface: Numbers
    normal: Table
    gloss: Table


@dataclass(frozen=True, slots=True)
class Rays:
    """Rays of light; ``spread`` is their width per metre."""

    start: Table
    way: Table
    spread: float

    def at(self, t: Table) -> Table:
        """Where they are at distances."""
        return self.start + t[:, None] * self.way

    def some(self, chosen: NDArray[np.int64] | slice) -> Rays:
        """Some of them."""
        start = self.start if len(self.start) == 1 else self.start[chosen]
        return Rays(start, self.way[chosen], self.spread)


class RoomTracer:
    """Follows rays of the view into a room, and once on from what is glossy.

    Args:
        geometry: what they meet.
        solids, shell: maps of irradiance.
    """

    def __init__(self, geometry: Geometry, solids: Maps, shell: Maps) -> None:
        self._g, self._solids, self._shell = geometry, solids, shell

    def render(self, grid: tuple[Table, Table], mode: int, groups: Table) -> tuple[Table, Table]:
        """All samples of a grid, as (height, width, 5): colour not multiplied, alpha, whether it
        is the bare shell or nothing; and their distances.

        Args:
            grid: columns and rows in pixels.
            mode: part of the shell behind the solids.
            groups: of solids that are shown.
        """
        xs, ys = (np.asarray(axis, np.float32) for axis in grid)
        x, y = (axis.ravel() for axis in np.meshgrid(xs, ys))
        shape = len(ys), len(xs)
        rays = self._rays(x, y)
        seen = self._see(rays, mode, groups)
        out = np.empty((len(x), 5), np.float32)
        out[:, :3], out[:, 3], out[:, 4] = seen.rgb, seen.solid, seen.surface < 0
        edges = np.flatnonzero(_edges(seen.surface.reshape(shape)).ravel())
        step = xs[1] - xs[0]
        total = np.zeros((len(edges), 4), np.float32)
        for k in range(4):
            # Four rooks: no two samples share a row or a column.
            right, down = (k + 0.5) / 4.0 - 0.5, ((k * 2) % 4 + k // 2 + 0.5) / 4.0 - 0.5
            between = self._rays(x[edges] + step * right, y[edges] + step * down)
            part = self._see(between, mode, groups)
            total[:, :3] += part.rgb * part.solid[:, None]
            total[:, 3] += part.solid
        out[edges, :3] = total[:, :3] / np.maximum(total[:, 3:], 1.0)
        out[edges, 3] = total[:, 3] / 4.0
        self._reflect(rays, seen, out, shape)
        return out.reshape(*shape, 5), seen.z.reshape(shape)

    def _reflect(self, rays: Rays, seen: Seen, out: Table, shape: tuple[int, int]) -> None:
        """Add what is mirrored: sharply by mirrors, by the rest at half the size."""
        perfect = seen.gloss > _MIRROR
        clear = np.flatnonzero(perfect)
        if len(clear):
            out[clear, :3] += 0.85 * (self._mirrored(rays, seen, clear)[0] - out[clear, :3])
        glossy = (seen.gloss > 0.0) & ~perfect
        if not glossy.any():
            return
        grid = np.arange(len(seen.z)).reshape(shape)[::2, ::2]
        few = grid.ravel()[glossy[grid.ravel()]]
        light = np.zeros((len(seen.z), 4), np.float32)
        colour, share = self._mirrored(rays, seen, few)
        light[few, :3], light[few, 3] = colour * share[:, None], 1.0
        half = light.reshape(*shape, 4)[::2, ::2]
        # The samples of half the size lie at the even ones.
        rows, columns = np.float32(0.5) * np.arange(shape[0]), np.float32(0.5) * np.arange(shape[1])
        across, down = np.meshgrid(columns.astype(np.float32), rows.astype(np.float32))
        wide = cv2.remap(half, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        wide = wide[..., :3] / np.maximum(wide[..., 3:], 0.25)
        out[glossy, :3] += wide.reshape(-1, 3)[glossy]

    def _rays(self, x: Table, y: Table) -> Rays:
        eye, focal, horizon = self._g.shell[3:6]
        way = np.stack([x / focal, (horizon - y) / focal, np.ones_like(x)], 1)
        return Rays(
            np.array([[0.0, eye, 0.0]], np.float32), np.asarray(way, np.float32), 1.0 / float(focal)
        )

    def _see(self, rays: Rays, mode: int, groups: Table) -> Seen:
        """What rays of the view meet, some of them at a time to stay in the cache."""
        starts = range(0, max(len(rays.way), 1), _BLOCK)
        parts = [self._look(rays.some(slice(k, k + _BLOCK)), mode, groups) for k in starts]
        return Seen(
            *(
                np.concatenate([getattr(part, field.name) for part in parts])
                for field in fields(Seen)
            )
        )

    def _look(self, rays: Rays, mode: int, groups: Table) -> Seen:
        limit, which = self._backdrop(rays.way, mode)
        z, number = nearest(self._g, rays.start, rays.way, limit, groups)
        return self._shade(rays, z, number, which)

    def _backdrop(self, d: Table, mode: int) -> tuple[Table, Numbers]:
        """Distance to the part of the shell that a layer shows, and which it is."""
        half, high, deep, eye = self._g.shell[:4]
        which = np.full(len(d), mode, np.int32)
        if mode == FLOOR:
            return -eye / np.minimum(d[:, 1], -1e-4), which
        if mode == BACK:
            roof = (high - eye) / np.maximum(d[:, 1], 1e-9)
            which[roof < deep] = 4
            return np.minimum(roof, deep), which
        if mode == LEFT:
            return -half / np.minimum(d[:, 0], -1e-4), which
        if mode == RIGHT:
            return half / np.maximum(d[:, 0], 1e-4), which
        return np.full(len(d), FAR, np.float32), which

    def _shade(self, rays: Rays, z: Table, number: Numbers, which: Numbers) -> Seen:
        """Colour what rays meet: a solid, or a part of the shell."""
        solid = (number >= 0) | (which >= 0)
        surface = np.where(number < 0, -2 - which, 0).astype(np.int32)
        rgb, normal = np.zeros((len(z), 3), np.float32), np.zeros((len(z), 3), np.float32)
        seen = Seen(rgb, solid, z, surface, normal, np.zeros(len(z), np.float32))
        hit, bare = np.flatnonzero(number >= 0), np.flatnonzero((number < 0) & (which >= 0))
        if len(hit):
            normal[hit], surface[hit], rgb[hit] = self._solid(rays.some(hit), z[hit], number[hit])
            seen.gloss[hit] = self._g.solids[number[hit], MATERIAL + 8]
        if len(bare):
            wall = which[bare]
            normal[bare], solid[bare], rgb[bare] = self._wall(rays.some(bare), z[bare], wall)
            seen.gloss[bare] = self._g.faces[0, 8] * (wall == 0)
        return seen

    def _solid(self, rays: Rays, z: Table, number: Numbers) -> tuple[Table, Numbers, Colour]:
        """Normals, surfaces and colours of hits on solids."""
        g, solid = self._g, self._g.solids[number]
        kind, place = solid[:, 0], rays.at(z)
        p = in_unit_space(g.frames[number], place - solid[:, 1:4])
        size = np.abs(p)
        size[:, 1] *= (kind != CYLINDER) | (size[:, 1] >= 0.9999)
        axis = size.argmax(1)
        rank = np.arange(len(p))
        high = p[rank, axis] > 0
        face = (2 * axis + high).astype(np.int32)
        flat = np.zeros_like(p)
        flat[rank, axis] = np.where(high, 1.0, -1.0)
        curved = (kind == BALL) | ((kind == CYLINDER) & (axis != 1))
        round_ = p * np.stack([np.ones_like(kind), kind == BALL, np.ones_like(kind)], 1)
        normal = outward(solid, np.where(curved[:, None], round_, flat))
        half = solid[:, 4:7]
        metres = p * half
        a = np.where((axis == 0) & (kind == BOX), metres[:, 2], metres[:, 0])
        a = np.where(curved, np.arctan2(p[:, 0], -p[:, 2]) * half[:, 0], a)
        b = np.where((axis == 1) & (kind != BALL), metres[:, 2], metres[:, 1])
        b = b + half[:, 1] * np.isin(solid[:, MATERIAL], _STANDING)
        u, v = np.where(axis == 0, p[:, 2], p[:, 0]), np.where(axis == 1, p[:, 2], p[:, 1])
        most = np.abs(p).max(1) * 2
        light = read_maps(self._solids, 6 * number + face, u / most + 0.5, v / most + 0.5)
        cos = np.abs((normal * rays.way).sum(1)) / np.linalg.norm(rays.way, axis=1)
        sun = sunlit(g, place + np.float32(3e-3) * normal, normal)
        light += sun[:, None] * g.sun[3:] + solid[:, MATERIAL + 9, None]
        blur = rays.spread * z / np.maximum(cos, 0.15)
        colour = albedo(g.solids[:, MATERIAL:], number, a, b, blur) * light
        surface = 6 * number + np.where(kind == BALL, 0, face).astype(np.int32)
        return normal, surface, colour

    def _wall(self, rays: Rays, z: Table, which: Numbers) -> tuple[Table, Flags, Colour]:
        """Normals of hits on the shell, whether there is no window, and colours."""
        g, p, normal = self._g, rays.at(z), _NORMALS[which]
        half, high, deep, eye = g.shell[:4]
        side, level = (which == 2) | (which == 3), (which == 0) | (which == 4)
        a = np.where(side, p[:, 2], p[:, 0])
        b = np.where(level, p[:, 2], p[:, 1])
        u = np.where(side, p[:, 2] / deep, (p[:, 0] / half + 1) / 2)
        v = b / np.where(level, deep, high)
        solid = pane(g.windows, which, a, b, 0.004) <= 0.5
        light = read_maps(self._shell, which, u, v)
        light += sunlit(g, p + np.float32(3e-3) * normal, normal)[:, None] * g.sun[3:]
        face = SHELL_FACES[which]
        near = z * rays.spread
        blur = np.where(which == 0, np.minimum(np.maximum(near * z / eye, near), 1.0), near)
        m = g.faces[face]
        rgb = albedo(g.faces, face, a, b, blur) * light + m[:, 9:10] * m[:, 2:5]
        d = rays.way[~solid]
        rise = d[:, 1] / np.linalg.norm(d, axis=1)
        rgb[~solid] = g.sky[np.clip((rise * 0.5 + 0.5) * 63, 0, 63).astype(np.int64)]
        return normal, solid, np.asarray(rgb, np.float32)

    def _mirrored(self, rays: Rays, seen: Seen, index: NDArray[np.int64]) -> tuple[Colour, Table]:
        """The light that some surfaces mirror, and which share of it they do."""
        n, d = seen.normal[index], rays.way[index]
        dot = (d * n).sum(1)
        # Schlick's approximation of Fresnel's equations.
        slant = 1.0 - np.minimum(np.abs(dot) / np.linalg.norm(d, axis=1), 1.0)
        share = seen.gloss[index] * (0.10 + 0.90 * slant**5)
        start = rays.some(index).at(seen.z[index]) + np.float32(4e-3) * n
        way = np.asarray(d - 2 * dot[:, None] * n, np.float32)
        limit, which = enclosure(self._g.shell, start, way)
        t, number = nearest(self._g, start, way, limit)
        return self._shade(Rays(start, way, 0.01), t, number, which).rgb, share


def _edges(surface: NDArray[np.int32]) -> Flags:
    """Where samples differ from one of their four neighbours."""
    edge = np.zeros(surface.shape, np.bool_)
    across, down = surface[:, 1:] != surface[:, :-1], surface[1:] != surface[:-1]
    edge[:, 1:] |= across
    edge[:, :-1] |= across
    edge[1:] |= down
    edge[:-1] |= down
    return edge
