"""Painting a room: its shell and furniture rendered to layers, back to front."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np

from kirin.concepts.art import draw
from kirin.engines.animatic.places.interior.furnishing import (
    ArtCard,
    Furnisher,
    FurnitureGroup,
    Measures,
    boxes,
)
from kirin.engines.animatic.places.interior.lighting import (
    lamp_rows,
    sky_rows,
    sun_row,
    window_rows,
)
from kirin.engines.animatic.places.interior.plan import RoomPlan, ground_back
from kirin.engines.animatic.places.interior.rendering import (
    BACK,
    FLOOR,
    LEFT,
    NOTHING,
    RIGHT,
    RoomTracer,
)
from kirin.engines.animatic.places.interior.shading import (
    bake_shell,
    bake_solids,
    irradiance,
)
from kirin.engines.animatic.places.interior.tracing import (
    COLUMNS,
    MATERIAL,
    Geometry,
    Table,
    frames_of,
)
from kirin.engines.animatic.places.interior.wall import SideWall
from kirin.engines.animatic.scene.colour import Colour, Paint, grey, pigment
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Depth, Patch
from kirin.engines.animatic.scene.setting import Setting

_SAME = 0.05
"""Furniture whose disparities differ by less shares a layer."""
_COARSE = 1.4
"""Pixels per sample of a layer: surfaces are smooth, and edges have four rays each."""


_MIDDLE = 0.28
"""Columns on either side of the centre that are kept free for the cast, in view widths."""
_HIGH = -0.36
"""Row in view heights above which nobody's face is."""


class RoomPainter:
    """Paints one room.

    Args:
        setting: of the scene.
        plan: of the room.
    """

    def __init__(self, setting: Setting, plan: RoomPlan) -> None:
        self.setting, self.plan = setting, plan
        lens = setting.lens
        self.size = size = Measures.of(plan, lens.width, lens.height)
        rng = setting.rng(200)
        maker = Furnisher(plan, size, rng, setting.light.dark, setting.brought)
        faces = np.stack(
            [maker.material(maker.pick(n)) for n in (plan.floor, plan.wall, plan.sides, plan.roof)]
        )
        windows = window_rows(plan, size, maker.flip)
        self.groups = [*maker.groups(), *self._frames(windows, maker)]
        solids, table = boxes(self.groups)
        self._table = table
        self.shell = np.array(
            [size.half, size.ceiling, size.deep, size.eye, size.focal, size.horizon, 0.35, 0.0],
            np.float32,
        )
        self.geometry = Geometry(
            solids,
            frames_of(solids),
            table,
            self.shell,
            faces,
            windows,
            lamp_rows(plan, size, setting.scene, windows, maker.flip),
            sky_rows(setting.light),
            sun_row(setting.scene, windows, rng),
            pigment(plan.ambient) * np.float32(0.32 if not setting.light.dark else 0.20),
        )
        self.tracer = RoomTracer(self.geometry, *self._bake())

    def _frames(self, windows: Table, maker: Furnisher) -> list[FurnitureGroup]:
        """Frames, bars and sills of the windows."""
        size, made = self.size, []
        paint = maker.material("frame")
        for wall, low, high, bottom, top, bars in windows:
            mount = ("back", "left", "right")[int(wall)]
            group = FurnitureGroup(mount, size.deep if wall == 0 else (low + high) / 2)
            middle, up, thick = (low + high) / 2, (bottom + top) / 2, 0.05
            pieces = [(middle, bottom - 0.02, high - low + 0.24, thick, 0.22)]
            pieces += [(middle, top, high - low + 0.1, thick, 0.10)]
            pieces += [(x, up, thick, top - bottom, 0.10) for x in (low, high)]
            count = int(bars)
            for k in range(1, count):
                x = low + (high - low) * k / count
                pieces.append((x, up, 0.03, top - bottom, 0.07))
            if count:
                pieces.append((middle, bottom + 0.62 * (top - bottom), high - low, 0.03, 0.07))
            for along, y, wide, tall, deep in pieces:
                row = np.zeros(COLUMNS, np.float32)
                row[7], row[11] = 1.0, 1.0
                if wall == 0:
                    row[1:7] = along, y, size.deep, wide / 2, tall / 2, deep / 2
                else:
                    x = (size.half) * (-1.0 if wall == 1 else 1.0)
                    row[1:7] = x, y, along, deep / 2, tall / 2, wide / 2
                row[MATERIAL:] = paint
                group.rows.append(row)
            made.append(group)
        return made

    def _bake(self) -> tuple[Colour, Colour]:
        """The maps of irradiance, exposed so that the room is as bright as its plan says."""
        solids, shell = bake_solids(self.geometry), bake_shell(self.geometry, self._texels())
        for face in range(5):
            shell[face] = cv2.GaussianBlur(shell[face], (5, 5), 1.0)
        mean = float(shell[:4].mean())
        wanted = self.plan.bright[1 if self.setting.light.dark else 0]
        self.gain = np.float32(wanted / max(mean, 1e-4))
        return solids * self.gain, shell * self.gain

    def render(self, patch: Patch, mode: int, chosen: list[int]) -> tuple[Colour, Any, Any]:
        """A layer that shows some groups and a part of the shell.

        Returns its colour, its alpha, and where it shows the bare shell or nothing, 0 or 1.
        """
        grid = patch.x()[0], patch.y()[:, 0]
        painted, z = self.tracer.render(grid, mode, self._table[chosen].reshape(-1, 8))
        rgb, alpha = np.ascontiguousarray(painted[..., :3]), np.ascontiguousarray(painted[..., 3])
        for index in chosen:
            for card in self.groups[index].cards:
                self._lay(card, patch, rgb, alpha, z)
        return rgb, alpha, painted[..., 4]

    def _lay(self, card: ArtCard, patch: Patch, rgb: Colour, alpha: Any, z: Any) -> None:
        """Composite a card, lit by the room, onto a layer."""
        size, step = self.size, patch.step
        distance = min(card.z, size.deep - 0.02)
        scale = size.focal / distance / step
        tall = max(round(card.height * scale), 4)
        art = draw(card.concept, tall).astype(np.float32) / 255
        x = round((card.x * size.focal / distance - patch.left) / step - art.shape[1] / 2)
        foot = (size.horizon + (size.eye - card.y) * size.focal / distance - patch.top) / step
        y = round(foot) - tall
        point = np.array([[card.x, card.y + 0.5 * card.height, distance - 0.06]], np.float32)
        light = irradiance(self.geometry, point, np.array([[0.0, 0.45, -0.893]], np.float32))[0]
        light = light * self.gain * np.float32(0.8)
        r0, c0 = max(y, 0), max(x, 0)
        r1, c1 = min(y + tall, patch.height), min(x + art.shape[1], patch.width)
        if r1 <= r0 or c1 <= c0:
            return
        art = art[r0 - y : r1 - y, c0 - x : c1 - x]
        shade = np.linspace(1.12, 0.72, tall, dtype=np.float32)[r0 - y : r1 - y, None, None]
        # Art is more saturated than painted furniture.
        colour = grey(np.asarray(art[..., :3] ** 2.2, np.float32), 0.25) * light * shade
        area = (slice(r0, r1), slice(c0, c1))
        share = art[..., 3] * (z[area] > distance - 0.25)
        total = share + alpha[area] * (1 - share)
        weight = np.where(total > 0, share / np.maximum(total, 1e-4), 0.0)[..., None]
        rgb[area] += (colour - rgb[area]) * weight
        alpha[area] = total

    def mounted(self, *mounts: str) -> list[int]:
        """Numbers of the groups that are fixed to some part of the room."""
        return [n for n, group in enumerate(self.groups) if group.mount in mounts]

    def back(self) -> SceneLayer:
        """Back wall and ceiling; windows are holes."""
        size, lens = self.size, self.setting.lens
        edge = size.horizon - (size.ceiling - size.eye) * size.unit * self.plan.back
        depth = Depth(
            self.plan.back, 1.0, edge, size.horizon - (size.ceiling - size.eye) * size.unit
        )
        low = size.horizon + size.eye * size.unit * self.plan.back + 0.03 * lens.height
        patch = lens.patch(depth, -np.inf, low, coarse=_COARSE)
        rgb, alpha, _ = self.render(patch, BACK, self.mounted("back"))
        holes = alpha.min() < 1.0
        if holes:
            rgb = _bloom(rgb, 1.0 - alpha, self.setting.light.dark)
        return SceneLayer(Paint(rgb, alpha if holes else None), patch, depth)

    def floor(self) -> SceneLayer:
        """The floor: its disparity is that of the ground."""
        size, lens = self.size, self.setting.lens
        top, end = size.horizon + size.eye * size.unit * self.plan.back, lens.height / 2
        depth = Depth(self.plan.back, 1.0, top, end)
        patch = lens.patch(depth, top + 4.0, np.inf, coarse=_COARSE)
        rgb, _, _ = self.render(patch, FLOOR, self.mounted("floor"))
        return SceneLayer(Paint(rgb), patch, depth)

    def side(self, mode: int) -> SideWall | None:
        """A side wall, unless no pose shows it."""
        size, lens = self.size, self.setting.lens
        sign = -1.0 if mode == LEFT else 1.0
        edge = sign * size.half * size.unit
        inner = edge * self.plan.back
        outer = sign * max(self._reach(), abs(inner) + 8)
        if self._reach() < 0.96 * abs(inner):
            return None
        margin = 0.10 * lens.width * sign
        down = self._drop()
        left, right = sorted((inner - margin, outer))
        columns, rows = (2 * int(length / _COARSE / 2 + 2) for length in (right - left, 2 * down))
        patch = Patch(left, -down, _COARSE, columns, rows)
        rgb, alpha, bare = self.render(
            patch, mode, self.mounted("left" if mode == LEFT else "right")
        )
        x, y = patch.x(), patch.y()
        disparity = np.maximum(x / edge, 1e-3)
        top = size.horizon - (size.ceiling - size.eye) * size.unit * disparity
        foot = size.horizon + size.eye * size.unit * disparity
        wall = np.minimum(np.minimum(y - top, foot - y), sign * (x - inner)) / _COARSE
        inside = np.clip(wall + 0.5, 0.0, 1.0)
        alpha = np.where(bare > 0, inside, 1.0).astype(np.float32)
        return SideWall(Paint(rgb, alpha), patch, edge, self.plan.back)

    def _texels(self) -> int:
        """Side of the maps on floor and walls: finer than what a small picture shows is waste."""
        lens = self.setting.lens
        return int(np.clip(math.sqrt(lens.width * lens.height) / 15.0, 20, 64))

    def _reach(self) -> float:
        """Column of the rest view that the camera sees at most, for something near."""
        lens = self.setting.lens
        across = lens.canvas()[0] / 2
        most = max(abs(pose.x) + 0.9 * abs(pose.truck_x) for pose in lens.poses)
        return across + most * lens.width + 8

    def _drop(self) -> float:
        lens = self.setting.lens
        most = max(abs(pose.y) + abs(pose.truck_y) for pose in lens.poses)
        return lens.canvas()[1] / 2 + most * lens.height + 8

    def furniture(self) -> list[SceneLayer]:
        """Layers of what stands free, back to front."""
        loose = sorted(self.mounted("on", "roof"), key=lambda n: -self.groups[n].z)
        rows: list[list[int]] = []
        for n in loose:
            d = self.size.near / self.groups[n].z
            if rows and d - self.size.near / self.groups[rows[-1][0]].z < _SAME:
                rows[-1].append(n)
            else:
                rows.append([n])
        layers = [self._layer(row, 0.0) for row in rows]
        front = sorted(self.mounted("front"), key=lambda n: -self.groups[n].z)
        layers += [self._layer([n], 0.007 * self.setting.lens.height) for n in front]
        return [layer for layer in layers if layer is not None]

    def _layer(self, chosen: list[int], blur: float) -> SceneLayer | None:
        size, lens = self.size, self.setting.lens
        mean = float(np.mean([self.groups[n].z for n in chosen]))
        xs, ys = self._outline(chosen)
        if not len(xs):
            return None
        disparity = size.near / mean
        if not blur and self._hides(xs, float(ys.max())):
            disparity = min(disparity, ground_back(self.plan) - 0.01)
        depth = Depth(disparity, disparity)
        margin = 4.0 + 3 * blur
        patch = lens.patch(
            depth, float(ys.min()) - margin, float(ys.max()) + margin, coarse=_COARSE
        )
        left, right = max(patch.left, xs.min() - margin), xs.max() + margin
        width = min(patch.width, 2 * int((right - left) / patch.step / 2 + 2))
        if width <= 4 or left > patch.left + patch.step * patch.width:
            return None
        patch = Patch(float(left), patch.top, patch.step, width, patch.height)
        rgb, alpha, _ = self.render(patch, NOTHING, chosen)
        if blur:
            soft = cv2.GaussianBlur(np.dstack([rgb * alpha[..., None], alpha]), (0, 0), blur)
            alpha = np.ascontiguousarray(soft[..., 3], np.float32)
            rgb = np.ascontiguousarray(soft[..., :3] / np.maximum(alpha, 1e-3)[..., None])
            rgb = np.asarray(rgb, np.float32)
        else:
            rgb = _spread(rgb, alpha)
        alpha[:, 0] = alpha[:, -1] = 0.0
        alpha[0] = 0.0
        return SceneLayer(Paint(np.ascontiguousarray(rgb), alpha), patch, depth)

    def _hides(self, xs: Any, low: float) -> bool:
        """Whether furniture could hide faces: it moves along behind the cast then.

        Args:
            xs: columns of its corners.
            low: row of its lower end.
        """
        lens = self.setting.lens
        middle = min(_MIDDLE * lens.width, 0.5 * lens.height)
        return bool(xs.min() < middle and xs.max() > -middle and low > _HIGH * lens.height)

    def _outline(self, chosen: list[int]) -> tuple[Any, Any]:
        """Columns and rows of the corners of the bounding boxes of groups and their cards."""
        size, points = self.size, []
        for n in chosen:
            low, high = self._table[n, :3], self._table[n, 3:6]
            if high[0] > low[0]:
                for x in (low[0], high[0]):
                    for y in (low[1], high[1]):
                        points += [(x, y, max(z, 0.15)) for z in (low[2], high[2])]
            for card in self.groups[n].cards:
                wide = 0.8 * card.height
                points += [(card.x - wide, card.y, card.z)]
                points += [(card.x + wide, card.y + card.height, card.z)]
        corners = np.array(points, np.float64).reshape(-1, 3)
        scale = size.focal / corners[:, 2]
        return corners[:, 0] * scale, size.horizon + (size.eye - corners[:, 1]) * scale


def _spread(rgb: Colour, alpha: Any) -> Colour:
    """Give colour to the transparent samples next to opaque ones."""
    soft = cv2.blur(
        np.dstack([rgb * (alpha > 0)[..., None], (alpha > 0).astype(np.float32)]), (5, 5)
    )
    near = soft[..., :3] / np.maximum(soft[..., 3:], 1e-3)
    return np.asarray(np.where(alpha[..., None] > 0, rgb, near), np.float32)


def _bloom(rgb: Colour, bright: Any, dark: bool) -> Colour:
    """Let windows glow over their frames and the wall around them."""
    small = cv2.resize(
        (rgb * bright[..., None]), None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA
    )
    wide = cv2.GaussianBlur(small, (0, 0), max(small.shape[0] / 28.0, 1.0))
    glow = cv2.resize(wide, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(rgb + glow * np.float32(0.10 if dark else 0.30), np.float32)


def both_sides(painter: RoomPainter) -> list[SideWall]:
    """The side walls that some pose shows."""
    walls = [painter.side(LEFT), painter.side(RIGHT)]
    return [wall for wall in walls if wall is not None]
