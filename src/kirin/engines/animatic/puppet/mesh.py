"""A mesh over the layers of a puppet, joined at the limbs' roots and bound to the skeleton."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.puppet.part_layers import JOINT, PartLayer
from kirin.engines.animatic.puppet.segmentation import HEAD, capsule
from kirin.vision.pose.skeleton import CHAINS, BodyPart, Node, Skeleton, Values

Indices = NDArray[np.int64]

_WELD = 0.75  # of a joint's radius: within it, limb and body share vertices
_REACH = 0.16  # torso lengths over which a bone's skinning weight falls off
_HOLD = 6.0  # weight of a bone's constraints, relative to an edge of the lattice
_EDGE_HOLD = 40.0  # weight of constraints at the picture's border, where it cuts the character off


@dataclass(frozen=True, slots=True)
class Bone:
    """A bone between two nodes.

    Attributes:
        start, end: the nodes that move it.
        rest: its nodes in the picture: the twin's, for a limb with a borrowed texture.
    """

    start: Node
    end: Node
    rest: tuple[Node, Node]


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """A mesh bound to bones.

    Attributes:
        rest: vertices at rest, shape (n, 2), in pixels of the character.
        cells: for each layer its squares, shape (m, 4): the vertices top left, top right,
            bottom left and bottom right.
        edges, stiffness: pairs of vertices, shape (e, 2), and their weights, shape (e,).
        bones: all bones.
        pull: skinning weights, shape (n, bones); rows add up to 1.
        held: position constraints: vertices of a cell, shape (h, 4).
        shares: bilinear weights of these vertices, shape (h, 4).
        handles: targets of the constraints, shape (h, 3): number of the bone, and coordinates
            along and across it in bone lengths. Bone -1 holds the rest position.
        strength: weights of the constraints, shape (h,).
        head: how far a vertex follows a turn of the head, 0 to 1, shape (n,).
    """

    rest: Values
    cells: tuple[Indices, ...]
    edges: Indices
    stiffness: Values
    bones: tuple[Bone, ...]
    pull: Values
    held: Indices
    shares: Values
    handles: Values
    strength: Values
    head: Values

    @classmethod
    def over(
        cls,
        layers: Sequence[PartLayer],
        skeleton: Skeleton,
        pitch: float,
        border: NDArray[np.bool_],
    ) -> Mesh:
        """Build a regular lattice over layers.

        A lattice bends more evenly than a triangulation of the outline; the outline itself is in
        the layers' alpha, as soft as in the picture.

        Args:
            layers: the body first.
            skeleton: in pixels of the layers.
            pitch: pixels between neighbouring vertices.
            border: the picture's border, shape ``(h, w)`` of the layers.
        """
        build = _MeshBuilder(skeleton, pitch)
        for layer in layers:
            build.add(layer, border)
        return build.mesh()


class _MeshBuilder:
    def __init__(self, skeleton: Skeleton, pitch: float) -> None:
        self._skeleton = skeleton
        self._pitch = pitch
        self._number: dict[tuple[BodyPart, int, int], int] = {}
        self._places: list[tuple[int, int]] = []
        self._bones: list[Bone] = []
        self._of_bones: list[list[int]] = []  # per vertex
        self._cells: list[Indices] = []
        self._held: list[list[int]] = []
        self._shares: list[list[float]] = []
        self._handles: list[tuple[float, float, float]] = []
        self._strength: list[float] = []

    def add(self, layer: PartLayer, border: NDArray[np.bool_]) -> None:
        pitch, points = self._pitch, self._skeleton.points
        height, width = layer.alpha.shape
        bones = _bones(layer)
        first = len(self._bones)
        self._bones += bones
        cover = layer.alpha > 0
        for bone in bones:
            start, end = (points[node] for node in bone.rest)
            cover |= capsule((height, width), start, end, 0.4 * pitch)
        rows, columns = int(height // pitch) + 1, int(width // pitch) + 1
        used = np.zeros((rows, columns), bool)
        y, x = np.nonzero(cv2.dilate(cover.astype(np.uint8), np.ones((5, 5), np.uint8)))
        used[(y / pitch).astype(int), (x / pitch).astype(int)] = True
        numbers = range(first, len(self._bones))
        cells = [
            [self._vertex(layer, i + di, j + dj, numbers) for di in (0, 1) for dj in (0, 1)]
            for i, j in zip(*(axis.tolist() for axis in np.nonzero(used)), strict=True)
        ]
        self._cells.append(np.array(cells, np.int64).reshape(-1, 4))
        for number, bone in zip(numbers, bones, strict=True):
            self._bind(layer, number, bone)
        if layer.part == layer.source:
            y, x = np.nonzero(border & (layer.alpha > 127))
            step = max(round(pitch / 2), 1)
            for at in range(0, len(y), step):
                self._hold(layer, np.array([x[at], y[at]]), (-1.0, 0.0, 0.0), _EDGE_HOLD)

    def _vertex(self, layer: PartLayer, i: int, j: int, bones: range) -> int:
        owner = layer.part
        if owner is not BodyPart.BODY and layer.source is owner:
            root = self._skeleton.points[CHAINS[owner][0]]
            away = np.hypot(*(np.array([j, i]) * self._pitch - root))
            # Limb and body share vertices near the root; elsewhere they are separate.
            if away < _WELD * JOINT[owner] * self._skeleton.torso and (
                (BodyPart.BODY, i, j) in self._number
            ):
                owner = BodyPart.BODY
        key = (owner, i, j)
        if key not in self._number:
            self._number[key] = len(self._places)
            self._places.append((j, i))
            self._of_bones.append([])
        number = self._number[key]
        known = self._of_bones[number]
        known += [bone for bone in bones if bone not in known]
        return number

    def _bind(self, layer: PartLayer, number: int, bone: Bone) -> None:
        start, end = (self._skeleton.points[node] for node in bone.rest)
        length = max(float(np.hypot(*(end - start))), 1e-3)
        count = max(round(length / (0.8 * self._pitch)), 2)
        along = [(k / count, 0.0) for k in range(count + 1)]
        if bone.end is Node.HEAD:  # a head keeps its shape
            wide = 0.7 * HEAD * self._skeleton.torso / length
            along += [(t, side) for t in (0.8, 1.0, 1.25) for side in (-wide, wide)]
            along.append((1.35, 0.0))
        across = np.array([start[1] - end[1], end[0] - start[0]])
        for t, side in along:
            place = start + t * (end - start) + side * across
            self._hold(layer, place, (float(number), t, side), _HOLD)

    def _hold(
        self, layer: PartLayer, place: Values, handle: tuple[float, float, float], strength: float
    ) -> None:
        x, y = place / self._pitch
        j, i = int(np.floor(x)), int(np.floor(y))
        corners = [self._known(layer, i + di, j + dj) for di in (0, 1) for dj in (0, 1)]
        if None in corners:
            return  # a bone's end outside of the character
        u, v = x - j, y - i
        self._held.append([corner for corner in corners if corner is not None])
        self._shares.append([(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v])
        self._handles.append(handle)
        self._strength.append(strength)

    def _known(self, layer: PartLayer, i: int, j: int) -> int | None:
        own = self._number.get((layer.part, i, j))
        return self._number.get((BodyPart.BODY, i, j)) if own is None else own

    def mesh(self) -> Mesh:
        rest = np.array(self._places, np.float64) * self._pitch
        cells = np.concatenate(self._cells)
        pairs = np.concatenate(
            [cells[:, pair] for pair in ([0, 1], [2, 3], [0, 2], [1, 3], [0, 3], [1, 2])]
        )
        weights = np.repeat([0.5, 0.5, 0.5, 0.5, 0.25, 0.25], len(cells))
        edges, inverse = np.unique(np.sort(pairs, axis=1), axis=0, return_inverse=True)
        stiffness = np.bincount(inverse.ravel(), weights).astype(np.float64)
        return Mesh(
            rest,
            tuple(self._cells),
            edges,
            stiffness,
            tuple(self._bones),
            self._pull(rest),
            np.array(self._held, np.int64),
            np.array(self._shares, np.float64),
            np.array(self._handles, np.float64),
            np.array(self._strength, np.float64),
            self._head(rest),
        )

    def _pull(self, rest: Values) -> Values:
        points = self._skeleton.points
        reach = _REACH * self._skeleton.torso
        away = np.full((len(rest), len(self._bones)), np.inf)
        for number, bone in enumerate(self._bones):
            mine = [n for n, bones in enumerate(self._of_bones) if number in bones]
            start, end = (points[node] for node in bone.rest)
            along = end - start
            t = np.clip((rest[mine] - start) @ along / max(along @ along, 1e-6), 0, 1)
            away[mine, number] = np.hypot(*(rest[mine] - start - t[:, None] * along).T)
        pull = np.exp(-(((away - away.min(axis=1, keepdims=True)) / reach) ** 2))
        return np.asarray(pull / pull.sum(axis=1, keepdims=True))

    def _head(self, rest: Values) -> Values:
        points, span = self._skeleton.points, self._skeleton.torso
        neck, head = points[Node.NECK], points[Node.HEAD]
        middle = head + 0.12 * (head - neck)
        away = np.hypot(*(rest - middle).T) / (1.25 * HEAD * span)
        body = np.zeros(len(rest))
        body[np.unique(self._cells[0])] = 1.0
        return np.asarray(body * np.clip(1 - away**2, 0, 1) ** 2)


def _bones(layer: PartLayer) -> list[Bone]:
    if layer.part is BodyPart.BODY:
        body = [
            (Node.PELVIS, Node.NECK),
            (Node.NECK, Node.HEAD),
            (Node.LEFT_SHOULDER, Node.RIGHT_SHOULDER),
            (Node.LEFT_HIP, Node.RIGHT_HIP),
        ]
        return [Bone(start, end, (start, end)) for start, end in body]
    own, looks = CHAINS[layer.part], CHAINS[layer.source]
    return [Bone(own[k], own[k + 1], (looks[k], looks[k + 1])) for k in range(3)]
