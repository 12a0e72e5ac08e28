"""Upright things that stand on the ground: trunks, posts, poles.

A ground comes nearer from its horizon down, but what stands on it is as near as its foot all the
way up. Such a thing has two long upright edges, across which the colour changes there and back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane

Floats = NDArray[np.float32]

_WINDOW: Final = 0.13  # of the height: rows along which an edge must agree with itself
_AGREE: Final = 0.55  # of the change across it: what is left in the mean along it
_CHANGE: Final = 0.9  # steps of Lab per pixel: least mean change across an edge
_STEEPEST: Final = 6.0  # likewise: more of a change counts no more
_CLEAR: Final = 1.8  # likewise: least change across the side of a thing
_TALL: Final = 0.22  # of the height: least length of an upright edge

_FOOT: Final = 0.95  # of the height: what ends below has no foot in the picture
_STANDS: Final = 0.04  # of the height: how far below the start of the ground a foot is, at least
_WIDTHS: Final = (0.006, 0.09)  # of the width: of a thing, from edge to edge
_SLIM: Final = 2.5  # of its width: least height of a thing
_BESIDE: Final = 0.75  # of the rows of the shorter edge: where both are
_APART: Final = 9.0  # in Lab: a thing differs by it from what is beside it and above it
_ROWS: Final = 0.85  # of its rows in which it does
_TOP: Final = 0.03  # of the height: what reaches so far up goes on beyond the picture
_LOWEST: Final = 0.9  # of the feet: share that ends at the line or above it
_DEEPEST: Final = 0.8  # of the height: a ground keeps a ramp below
_TAKEN: Final = 0.1  # of a thing: more of it is part of a subject
_MOST: Final = 12  # things that are told apart


@dataclass(frozen=True, slots=True, eq=False)
class UprightThing:
    """A thing that stands on the ground.

    Attributes:
        top, foot: rows where it begins and ends, in shares of the height.
        left, right: its sides at rows from ``top`` to ``foot``, in shares of the width.
    """

    top: float
    foot: float
    left: Floats
    right: Floats

    def alpha(self, width: int, height: int) -> Plane:
        """Its opacity, 0 to 255, with soft sides."""
        rows = np.linspace(self.top, self.foot, len(self.left)) * height
        sides = [np.stack([side * width, rows], axis=1) for side in (self.left, self.right[::-1])]
        sides[1][:, 1] = rows[::-1]
        shape = np.zeros((height, width), np.uint8)
        points = np.round(np.concatenate(sides) * 16).astype(np.int32)
        cv2.fillPoly(shape, [points.reshape(-1, 1, 2)], 255, cv2.LINE_AA, 4)
        return shape


@dataclass(frozen=True, slots=True, eq=False)
class _Edge:
    """One upright edge: its column by row, and how the colour changes from left to right."""

    top: int
    columns: Floats
    change: Floats

    @property
    def foot(self) -> int:
        return self.top + len(self.columns)

    @property
    def middle(self) -> float:
        return float(np.median(self.columns))

    def at(self, top: int, foot: int) -> Floats:
        """Its columns at rows, its ends continued."""
        rows = np.arange(top, foot)
        known = np.arange(self.top, self.foot)
        return np.interp(rows, known, self.columns).astype(np.float32)


def upright_edges(lab: Floats) -> Plane:
    """Mask of long upright edges: the change across them is the same all along."""
    return _edges(lab)[0]


def find_upright(lab: Floats, start: float, taken: Plane) -> list[UprightThing]:
    """The upright things of a picture, from left to right; only those that are sure.

    Args:
        lab: the picture, some 300 pixels wide.
        start: row of the start of its ground, as a share of the height.
        taken: what is cut out already, 1 there, of the picture's size.
    """
    edges = sorted(_traced(*_edges(lab)), key=lambda edge: edge.middle)
    found: list[UprightThing] = []
    end = -1.0
    for left, right in pairwise(edges):
        if left.middle <= end or len(found) == _MOST:
            continue
        thing = _between(left, right, lab, taken)
        if thing is None or not start + _STANDS < thing.foot < _FOOT:
            continue
        end = right.middle
        found.append(thing)
    return found


def foot_line(
    lab: Floats, start: float, taken: Plane, apart: Sequence[UprightThing]
) -> float | None:
    """The row at which what stands on a ground ends, as a share of the height.

    It is told by all long upright edges that cross the start of the ground, of which it need not
    be known which two are the sides of one thing; ``None`` with fewer than two.

    Args:
        lab: the picture, some 300 pixels wide.
        start: row of the start of its ground, as a share of the height.
        taken: subjects, 1 there, of the picture's size.
        apart: upright things that are cut out.
    """
    height, width = lab.shape[:2]
    feet = [
        edge.foot / height
        for edge in _traced(*_edges(lab))
        if _shared(taken, edge.top, (edge.columns, edge.columns)) < _TAKEN
        and edge.top < (start - _STANDS) * height
        and start + _STANDS < edge.foot / height < _FOOT
        and not any(
            each.left.min() - 0.01 < edge.middle / width < each.right.max() + 0.01 for each in apart
        )
    ]
    return None if len(feet) < 2 else min(float(np.quantile(feet, _LOWEST)), _DEEPEST)


def _edges(lab: Floats) -> tuple[Plane, Floats]:
    """Mask of long upright edges, and the change of Lab from left to right at each pixel."""
    rows = lab.shape[0]
    change = np.clip(cv2.Sobel(lab, cv2.CV_32F, 1, 0, ksize=3) / 8, -_STEEPEST, _STEEPEST)
    window = (2, max(round(_WINDOW * rows) | 1, 5))
    mean = np.linalg.norm(cv2.blur(change, window), axis=2)
    rough = np.linalg.norm(cv2.blur(np.abs(change), window), axis=2)
    edge = ((mean > _AGREE * (rough + 0.5)) & (mean > _CHANGE)).astype(np.uint8)
    edge = cv2.dilate(edge, np.ones((1, 3), np.uint8)).astype(np.uint8)
    edge = cv2.morphologyEx(edge, cv2.MORPH_CLOSE, np.ones((5, 1), np.uint8)).astype(np.uint8)
    tall = np.ones((max(round(_TALL * rows), 5), 1), np.uint8)
    opened = cv2.morphologyEx(edge, cv2.MORPH_OPEN, tall)
    return np.asarray(opened, np.uint8), np.asarray(change, np.float32)


def _traced(mask: Plane, change: Floats) -> list[_Edge]:
    """The edges of a mask, one for each of its parts in which the change has one direction."""
    # Two sides of a thin thing touch in the mask, but change the colour in opposite ways.
    along = cv2.blur(change, (1, max(round(_WINDOW * len(mask)) | 1, 5)))
    main = along[..., int(np.argmax(np.abs(along).sum(axis=(0, 1))))]
    edges = []
    for sign in (-1, 1):
        part = ((mask > 0) & (sign * main > 0)).astype(np.uint8)
        count, labels, facts, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
        for number in range(1, count):
            x, y, w, h = facts[number, :4]
            box = np.s_[y : y + h, x : x + w]
            edge = _edge(labels[box] == number, change[box], int(y), int(x))
            if edge is not None and len(edge.columns) >= _TALL * len(mask):
                edges.append(edge)
    return edges


def _edge(part: NDArray[np.bool_], change: Floats, top: int, left: int) -> _Edge | None:
    """The edge in a part of a mask, without the ends that its window smears; ``None`` if faint."""
    weight = np.where(part, np.linalg.norm(change, axis=2), 0)
    total = weight.sum(axis=1)
    if not total.any():
        return None
    mean = (weight[..., None] * change).sum(axis=(0, 1)) / weight.sum()
    strength = float(np.linalg.norm(mean))
    if strength < _CLEAR:
        return None
    across = np.where(part, change @ (mean / strength), 0).max(axis=1)
    clear = np.flatnonzero(cv2.blur(across[:, None], (1, 5))[:, 0] > strength / 2)
    if not len(clear):
        return None
    first, end = int(clear[0]), int(clear[-1]) + 1
    at = (weight * np.arange(weight.shape[1])).sum(axis=1) / np.maximum(total, 1e-6) + left
    at = np.interp(np.arange(first, end), np.flatnonzero(total > 0), at[total > 0])
    smooth = cv2.GaussianBlur(at.astype(np.float32)[:, None], (1, 0), sigmaX=0.1, sigmaY=3)
    return _Edge(top + first, smooth[:, 0], np.asarray(mean, np.float32))


def _between(left: _Edge, right: _Edge, lab: Floats, taken: Plane) -> UprightThing | None:
    """What is between two edges, if it is one thing."""
    height, width = lab.shape[:2]
    there_and_back = float(left.change @ right.change)
    common = min(left.foot, right.foot) - max(left.top, right.top)
    shorter = min(len(left.columns), len(right.columns))
    if there_and_back >= 0 or common < _BESIDE * shorter:
        return None
    top, foot = min(left.top, right.top), max(left.foot, right.foot)
    sides = left.at(top, foot), right.at(top, foot)
    wide = sides[1] - sides[0]
    least, most = (share * width for share in _WIDTHS)
    if wide.min() < least or wide.max() > most or foot - top < _SLIM * float(wide.mean()):
        return None
    if not _stands_out(lab, top, sides) or _shared(taken, top, sides) > _TAKEN:
        return None
    return UprightThing(
        0.0 if top <= _TOP * height else top / height,
        foot / height,
        np.asarray((sides[0] + 0.5) / width, np.float32),
        np.asarray((sides[1] + 0.5) / width, np.float32),
    )


def _stands_out(lab: Floats, top: int, sides: tuple[Floats, Floats]) -> bool:
    """Whether a thing has another colour than what is beside it, and above it."""
    height, width = lab.shape[:2]
    wide = float(np.mean(sides[1] - sides[0]))
    rows = np.arange(top, top + len(sides[0]))
    middle = np.asarray((sides[0] + sides[1]) / 2, np.float32)

    def colour(columns: Floats, at: NDArray[np.int64]) -> Floats:
        x = np.clip(np.round(columns), 0, width - 1).astype(int)
        return np.asarray(lab[np.clip(at, 0, height - 1), x], np.float32)

    own = colour(middle, rows)
    away = max(0.75 * wide, 2.0)
    for beside in (sides[0] - away, sides[1] + away):
        apart = np.linalg.norm(colour(np.asarray(beside, np.float32), rows) - own, axis=1)
        if float((apart > _APART).mean()) < _ROWS:
            return False
    if top <= _TOP * height:
        return True
    above = np.arange(max(top - round(0.06 * height), 0), max(top - round(0.02 * height), 1))
    over = colour(np.full(len(above), middle[0], np.float32), above)
    return float(np.linalg.norm(np.median(over, axis=0) - np.median(own, axis=0))) > _APART


def _shared(taken: Plane, top: int, sides: Sequence[Floats]) -> float:
    """Share of a thing that is cut out already."""
    middle = np.clip(np.round((sides[0] + sides[1]) / 2), 0, taken.shape[1] - 1).astype(int)
    return float((taken[np.arange(top, top + len(middle)), middle] > 0).mean())
