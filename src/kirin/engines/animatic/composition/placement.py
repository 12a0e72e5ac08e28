"""Placement: how large subjects are and where they stand, so that all of them are seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose
from kirin.vision.planes import Box

FRONT = 0.90
"""Nearness of subjects without a foot: they are before all the others."""

_Values = NDArray[np.float64]

# Area of a subject's box for 1 to 6 of them, in view heights squared, in a square view.
_AREAS = (0.30, 0.205, 0.155, 0.13, 0.11, 0.10)
_LEAD = 1.12  # the first is the hero
_BUST = 1.75  # a subject without a foot is seen from nearer
_GUESTS = 0.72  # subjects that come into a picture with one of its own
_TALLEST, _TALLEST_BUST = 0.74, 0.86  # view heights
_MARGIN = 0.025  # of the view's height, kept free around subjects in every pose
_SUNK = 0.12  # share of a subject without a foot that may lie below the view
_BLEED = 0.14  # share of a side that the picture cuts off, that may lie outside of the view
_FACE = 0.55  # a subject's upper part, where its face would be

_TRIES = 6000
_ROUNDS = 4  # of looking around the best, each time nearer


@dataclass(frozen=True, slots=True)
class Ground:
    """What subjects stand on.

    Attributes:
        nearest, farthest: rows, in rest-view heights below the centre, between which feet may
            be.
        nearness: of rows; what stands there moves with the ground.
        floating: there is none: subjects hover anywhere.
    """

    nearest: float
    farthest: float
    nearness: Callable[[_Values], _Values]
    floating: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What placement needs to know of a subject.

    Attributes:
        aspect: width over height of its box.
        bust: it has no foot: the picture cut it off at the bottom.
        left, right: whether the picture cut it off there.
        fixed: its box where it must stay.
        nearness: of one that must stay; that of the ground at its foot if none is given.
        host: it is the first frame's own, which the others are guests of.
    """

    aspect: float
    bust: bool = False
    left: bool = False
    right: bool = False
    fixed: Box | None = None
    nearness: float | None = None
    host: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subject is.

    Attributes:
        box: left and right in rest-view widths, top and bottom in heights, from its centre.
        nearness: as ``Pose`` has it.
    """

    box: Box
    nearness: float


class Safe:
    """What is in view in every pose of a path, by nearness.

    Args:
        poses: of the camera.
        aspect: width of the view over its height.
    """

    def __init__(self, poses: Sequence[Pose], aspect: float) -> None:
        self._grid = np.linspace(0.0, 1.0, 11)
        self._edges = np.array([_seen(poses, float(near), aspect) for near in self._grid])

    def at(self, nearness: _Values) -> tuple[_Values, _Values, _Values, _Values]:
        """Left, top, right and bottom: in widths of the rest view and, top and bottom, heights."""
        left, top, right, bottom, _ = (
            np.interp(nearness, self._grid, self._edges[:, side]) for side in range(5)
        )
        return left, top, right, bottom

    def lowest(self, nearness: float) -> float:
        """The lowest row that any pose shows."""
        return float(np.interp(nearness, self._grid, self._edges[:, 4]))


def _seen(poses: Sequence[Pose], nearness: float, aspect: float) -> list[float]:
    sides = [-math.inf, -math.inf, math.inf, math.inf, -math.inf]
    for pose in poses:
        view = pose.view(nearness)
        cos, sin = math.cos(view.roll), abs(math.sin(view.roll))
        # The largest upright box of the view's aspect that fits into the turned view.
        inner = 0.5 / (view.scale * max(cos + sin / aspect, cos + sin * aspect))
        outer = 0.5 / view.scale * (cos + sin * aspect)
        sides[0] = max(sides[0], view.x - inner)
        sides[1] = max(sides[1], view.y - inner)
        sides[2] = min(sides[2], view.x + inner)
        sides[3] = min(sides[3], view.y + inner)
        sides[4] = max(sides[4], view.y + outer)
    return sides


def arrange(
    shapes: Sequence[Shape],
    ground: Ground,
    safe: Safe,
    aspect: float,
    seed: int = 0,
    lean: float = 0.0,
) -> list[Place]:
    """Find places by looking at many: what counts is said in :class:`_Judge`.

    Args:
        shapes: of the subjects, the most important first.
        ground: what they stand on.
        safe: what every pose shows.
        aspect: width of the view over its height.
        seed: of the choice among what is equally good.
        lean: where the middle of a single subject should be, in shares of half the view's
            width.
    """
    judge = _Judge(shapes, ground, safe, aspect, lean)
    rng = np.random.default_rng([seed, 11])
    tries = rng.random((_TRIES, len(shapes), 3))
    best = tries[int(np.argmin(judge.cost(tries)))]
    spread = 0.12
    for _ in range(_ROUNDS):
        around = np.clip(best + rng.normal(0.0, spread, (_TRIES // 4, *best.shape)), 0.0, 1.0)
        around[0] = best
        best = around[int(np.argmin(judge.cost(around)))]
        spread /= 2.5
    boxes, nearness = judge.boxes(best[None])
    places = []
    for index, shape in enumerate(shapes):
        left, top, right, bottom = (float(side) for side in boxes[0, index])
        box = shape.fixed or (left / aspect, top, right / aspect, bottom)
        places.append(Place(box, float(nearness[0, index])))
    return places


class _Judge:
    """Says how good arrangements are.

    An arrangement is, for each subject, three numbers from 0 to 1: its place from left to
    right, its size, and its depth (for those without a foot, how much of them is sunk below
    the view). Within, all lengths are in view heights, also across.
    """

    def __init__(
        self,
        shapes: Sequence[Shape],
        ground: Ground,
        safe: Safe,
        aspect: float,
        lean: float,
    ) -> None:
        self._shapes = shapes
        self._ground = ground
        self._safe = safe
        self._aspect = aspect
        self._lean = lean
        count = sum(shape.fixed is None or shape.host for shape in shapes)
        area = _AREAS[min(count, len(_AREAS)) - 1] * aspect**0.55
        if any(shape.host for shape in shapes):
            area *= _GUESTS
        self._tall = np.empty(len(shapes))
        for index, shape in enumerate(shapes):
            wanted = area * (_LEAD if index == 0 else 1.0) * (_BUST if shape.bust else 1.0)
            limit = _TALLEST_BUST if shape.bust else _TALLEST
            self._tall[index] = min(math.sqrt(wanted / shape.aspect), limit)
        self._bust = np.array([shape.bust for shape in shapes])
        self._aspects = np.array([shape.aspect for shape in shapes])
        self._bleeds = np.array([(shape.left, shape.right) for shape in shapes]) * _BLEED

    def boxes(self, tries: _Values) -> tuple[_Values, _Values]:
        """Boxes, shape ``(tries, subjects, 4)``, and nearness, ``(tries, subjects)``."""
        ground, bust = self._ground, self._bust
        place, size, depth = tries[..., 0], tries[..., 1], tries[..., 2]
        foot = ground.farthest + (ground.nearest - ground.farthest) * depth
        nearness = np.where(bust, FRONT, ground.nearness(foot))
        # What is farther away is a little smaller, but far less than in nature.
        tall = self._tall * (0.62 + 0.46 * size) * np.where(bust, 1.0, 0.86 + 0.14 * depth)
        lowest = self._safe.lowest(FRONT) + 0.01
        foot = np.where(bust, lowest + _SUNK * tall * (1.0 - depth), foot)
        wide = tall * self._aspects
        middle = (place - 0.5) * self._aspect
        boxes = np.stack([middle - wide / 2, foot - tall, middle + wide / 2, foot], axis=-1)
        for index, shape in enumerate(self._shapes):
            if shape.fixed:
                left, top, right, bottom = shape.fixed
                boxes[:, index] = (left * self._aspect, top, right * self._aspect, bottom)
                row = np.array([min(bottom, 0.5)])
                given = shape.nearness
                nearness[:, index] = ground.nearness(row)[0] if given is None else given
        return boxes, nearness

    def cost(self, tries: _Values) -> _Values:
        """The lower, the better, for each arrangement."""
        boxes, nearness = self.boxes(tries)
        free = np.array([shape.fixed is None for shape in self._shapes])
        cost = self._outside(boxes, nearness) @ (60.0 * free)
        # The size that it should have.
        small = np.log((boxes[..., 3] - boxes[..., 1]) / self._tall)
        cost += (small**2) @ (10.0 * free)
        cost += self._covered(boxes, nearness)
        cost += self._balance(boxes)
        return np.asarray(cost)

    def _outside(self, boxes: _Values, nearness: _Values) -> _Values:
        """How far subjects leave what all poses show, in view heights."""
        left, top, right, bottom = self._safe.at(nearness)
        wide = boxes[..., 2] - boxes[..., 0]
        spare_left, spare_right = (self._bleeds[:, i] * wide for i in range(2))
        out = np.maximum(left * self._aspect + _MARGIN - boxes[..., 0] - spare_left, 0.0)
        out += np.maximum(boxes[..., 2] - spare_right - right * self._aspect + _MARGIN, 0.0)
        out += np.maximum(top + _MARGIN - boxes[..., 1], 0.0)
        below = np.maximum(boxes[..., 3] - bottom + _MARGIN, 0.0)
        return np.asarray(out + np.where(self._bust, 0.0, below))

    def _covered(self, boxes: _Values, nearness: _Values) -> _Values:
        """Faces must not be covered; bodies may be, a little; feet should not be level."""
        count = len(self._shapes)
        cost = np.zeros(len(boxes))
        for i in range(count):
            for j in range(count):
                if i == j:
                    continue
                # Which of two is in front, by nearness; of equals the later.
                front = nearness[:, j] > nearness[:, i]
                if j > i:
                    front |= nearness[:, j] == nearness[:, i]
                a, b = boxes[:, i], boxes[:, j]
                face = _part(a, 0.12, 0.0, _FACE)
                parts = _parts(b, self._shapes[j].bust)
                hidden = sum(_common(face, part) for part in parts) / _area(face)
                body = sum(_common(a, part) for part in parts) / np.minimum(_area(a), _area(b))
                # One right over the other's head looks as if it were worn.
                worn = _common(_part(a, 0.0, 0.6, 1.15), _part(b, 0.25, -0.12, 0.1)) / _area(b)
                gone = sum(_common(a, part) for part in parts) / _area(a)
                bad = (
                    6.0 * np.maximum(gone - 0.35, 0.0)
                    + 14.0 * hidden
                    + 3.0 * np.maximum(body - 0.15, 0.0)
                    + 25.0 * worn
                )
                cost += np.where(front, bad, 0.0)
                if j > i:
                    # Side by side on one line stands like goods on a shelf.
                    level = np.abs(a[:, 3] - b[:, 3])
                    both = not (self._shapes[i].bust or self._shapes[j].bust)
                    cost += both * 0.35 * np.maximum(1.0 - level / 0.07, 0.0)
        return cost

    def _balance(self, boxes: _Values) -> _Values:
        """The whole stands in the middle and keeps together; the first leads from the left."""
        weight = _area(boxes)
        middle = (boxes[..., 0] + boxes[..., 2]) / 2 / self._aspect
        centre = (weight * middle).sum(axis=1) / weight.sum(axis=1)
        wanted = 0.5 * self._lean if len(self._shapes) == 1 else 0.0
        cost = 9.0 * (centre - wanted) ** 2
        if len(self._shapes) > 1:
            cost += 0.8 * np.diff(np.sort(middle, axis=1), axis=1).max(axis=1)
            cost += 0.12 * (np.diff(middle, axis=1) < 0).mean(axis=1)
        return np.asarray(cost)


def _part(boxes: _Values, narrower: float, top: float, bottom: float) -> _Values:
    """A part of boxes: narrower by a share at both sides, from one share of the height to
    another."""
    wide, tall = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    return np.stack(
        [
            boxes[:, 0] + narrower * wide,
            boxes[:, 1] + top * tall,
            boxes[:, 2] - narrower * wide,
            boxes[:, 1] + bottom * tall,
        ],
        axis=-1,
    )


def _parts(boxes: _Values, bust: bool) -> tuple[_Values, ...]:
    """What subjects cover of their boxes: a bust is a head over shoulders."""
    if bust:
        return _part(boxes, 0.26, 0.0, 0.38), _part(boxes, 0.03, 0.38, 1.0)
    return (_part(boxes, 0.05, 0.02, 1.0),)


def _area(boxes: _Values) -> _Values:
    return np.asarray((boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1]))


def _common(a: _Values, b: _Values) -> _Values:
    across = np.minimum(a[:, 2], b[:, 2]) - np.maximum(a[:, 0], b[:, 0])
    down = np.minimum(a[:, 3], b[:, 3]) - np.maximum(a[:, 1], b[:, 1])
    return np.asarray(np.maximum(across, 0.0) * np.maximum(down, 0.0))
