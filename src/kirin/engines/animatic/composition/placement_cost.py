"""The cost of an arrangement of subjects: the lower, the better."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kirin.engines.animatic.camera.safe_area import SafeArea
from kirin.engines.animatic.composition.subject_shape import StandingGround, SubjectShape, Values

FRONT = 0.90
"""Disparity of subjects without feet: they are in front of all others."""

# Area of a subject's box by number of subjects, 1 to 6, in squared view heights of a square view.
_AREAS = (0.30, 0.205, 0.155, 0.13, 0.11, 0.10)
_LEAD = 1.12  # factor of the first subject, which is the main one
_BUST = 1.75  # factor of subjects without feet, which are closer
_GUESTS = 0.72  # factor in a picture that has a subject of its own
_TALLEST, _TALLEST_BUST = 0.74, 0.86  # greatest heights, in view heights
_MARGIN = 0.025  # of the view's height, kept free around subjects in every pose
_SUNK = 0.12  # share of a subject without feet that may lie below the view
_BLEED = 0.14  # share of a subject's width that may lie outside, on a side that was cut off
_FACE = 0.55  # upper share of a subject, which holds its face


class PlacementCost:
    """Evaluates many arrangements at once.

    An arrangement has three numbers from 0 to 1 per subject: its position from left to right,
    its size, and its depth (for subjects without feet: how much of them is above the view's
    lower edge). Internally all lengths are in view heights, also horizontal ones.
    """

    def __init__(
        self,
        shapes: Sequence[SubjectShape],
        ground: StandingGround,
        safe: SafeArea,
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

    def boxes(self, tries: Values) -> tuple[Values, Values]:
        """Boxes, shape ``(tries, subjects, 4)``, and disparities, shape ``(tries, subjects)``."""
        ground, bust = self._ground, self._bust
        place, size, depth = tries[..., 0], tries[..., 1], tries[..., 2]
        foot = ground.farthest + (ground.nearest - ground.farthest) * depth
        disparity = np.where(bust, FRONT, ground.disparity(foot))
        # Perspective is much weaker than in reality, so that nobody becomes too small.
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
                given = shape.disparity
                disparity[:, index] = ground.disparity(row)[0] if given is None else given
        return boxes, disparity

    def of(self, tries: Values) -> Values:
        """The cost of each arrangement, shape ``(tries,)``."""
        boxes, disparity = self.boxes(tries)
        free = np.array([shape.fixed is None for shape in self._shapes])
        cost = self._outside(boxes, disparity) @ (60.0 * free)
        # Deviation from the preferred size.
        small = np.log((boxes[..., 3] - boxes[..., 1]) / self._tall)
        cost += (small**2) @ (10.0 * free)
        cost += self._covered(boxes, disparity)
        cost += self._balance(boxes)
        return np.asarray(cost)

    def _outside(self, boxes: Values, disparity: Values) -> Values:
        """How far each subject leaves the safe area, in view heights."""
        left, top, right, bottom = self._safe.at(disparity)
        wide = boxes[..., 2] - boxes[..., 0]
        spare_left, spare_right = (self._bleeds[:, i] * wide for i in range(2))
        out = np.maximum(left * self._aspect + _MARGIN - boxes[..., 0] - spare_left, 0.0)
        out += np.maximum(boxes[..., 2] - spare_right - right * self._aspect + _MARGIN, 0.0)
        out += np.maximum(top + _MARGIN - boxes[..., 1], 0.0)
        below = np.maximum(boxes[..., 3] - bottom + _MARGIN, 0.0)
        return np.asarray(out + np.where(self._bust, 0.0, below))

    def _covered(self, boxes: Values, disparity: Values) -> Values:
        """Occlusion: of faces hardly, of bodies a little. Feet should not be on one line."""
        count = len(self._shapes)
        cost = np.zeros(len(boxes))
        for i in range(count):
            for j in range(count):
                if i == j:
                    continue
                # Which of two is in front: by disparity, then by order.
                front = disparity[:, j] > disparity[:, i]
                if j > i:
                    front |= disparity[:, j] == disparity[:, i]
                a, b = boxes[:, i], boxes[:, j]
                face = _part(a, 0.12, 0.0, _FACE)
                parts = _parts(b, self._shapes[j].bust)
                hidden = sum(_common(face, part) for part in parts) / _area(face)
                body = sum(_common(a, part) for part in parts) / np.minimum(_area(a), _area(b))
                # Right on top of another head, a subject looks like a hat.
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
                    # Feet on one line look like goods on a shelf.
                    level = np.abs(a[:, 3] - b[:, 3])
                    both = not (self._shapes[i].bust or self._shapes[j].bust)
                    cost += both * 0.35 * np.maximum(1.0 - level / 0.07, 0.0)
        return cost

    def _balance(self, boxes: Values) -> Values:
        """The group should be centred and compact, with the main subject on the left."""
        weight = _area(boxes)
        middle = (boxes[..., 0] + boxes[..., 2]) / 2 / self._aspect
        centre = (weight * middle).sum(axis=1) / weight.sum(axis=1)
        wanted = 0.5 * self._lean if len(self._shapes) == 1 else 0.0
        cost = 9.0 * (centre - wanted) ** 2
        if len(self._shapes) > 1:
            cost += 0.8 * np.diff(np.sort(middle, axis=1), axis=1).max(axis=1)
            cost += 0.12 * (np.diff(middle, axis=1) < 0).mean(axis=1)
        return np.asarray(cost)


def _part(boxes: Values, narrower: float, top: float, bottom: float) -> Values:
    """Parts of boxes: narrowed at both sides, between two shares of the height."""
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


def _parts(boxes: Values, bust: bool) -> tuple[Values, ...]:
    """The solid parts of boxes: a bust is a head above shoulders."""
    if bust:
        return _part(boxes, 0.26, 0.0, 0.38), _part(boxes, 0.03, 0.38, 1.0)
    return (_part(boxes, 0.05, 0.02, 1.0),)


def _area(boxes: Values) -> Values:
    return np.asarray((boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1]))


def _common(a: Values, b: Values) -> Values:
    across = np.minimum(a[:, 2], b[:, 2]) - np.maximum(a[:, 0], b[:, 0])
    down = np.minimum(a[:, 3], b[:, 3]) - np.maximum(a[:, 1], b[:, 1])
    return np.asarray(np.maximum(across, 0.0) * np.maximum(down, 0.0))
