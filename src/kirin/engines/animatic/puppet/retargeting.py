"""Retargeting: a character takes the driver's angles, with bones of its own length."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kirin.engines.animatic.puppet.division import from_front, nearness
from kirin.engines.animatic.puppet.puppet import Posture
from kirin.vision.pose.planting import Flags, pinned, planted, smooth, steadied
from kirin.vision.pose.skeleton import (
    ARMS,
    CHAINS,
    LEGS,
    LIMBS,
    Node,
    Part,
    Skeleton,
    Values,
)

_BONES = {part: ((0.58, 0.50, 0.20) if part in ARMS else (0.80, 0.78, 0.33)) for part in CHAINS}
"""Usual lengths of a limb's bones, in torso lengths: what is shorter is seen foreshortened."""

_FORESHORTENED = (0.25, 1.05)  # of a bone's full length: what it may seem to have
_STRETCH = (0.35, 1.7)  # of a bone's length in the picture: what its texture bears
_KNOWN = 0.3  # how well a driver's node must be seen, most of the time, to be followed
_ABREAST = (0.12, 0.15)  # half breadths, in torso lengths, where shoulders begin to tell a tilt
_NOD = 0.5  # radians by which a head leans at most, from how it is carried
_LOOK = 0.09  # torso lengths by which a face turns at most
_NEARER = (0.7, 1.45)  # how much smaller or larger one may become by going away or coming
_CALM = 0.08  # changes of size that are no more than this are breath and noise
_LEAN = 0.25  # radians by which one leans whom the picture cuts off
_WITHIN = 0.45  # torso lengths that a pelvis stays away from the picture's sides


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a character may go, in its pixels.

    Attributes:
        left, right: sides of the picture.
        rooted: the picture cuts the character off, so that it stays where it is.
    """

    left: float
    right: float
    rooted: bool


class Retargeting:
    """Turns a driver's movement into postures of a character.

    Args:
        driver: its skeleton in each frame.
        rest: the character's in its picture.
        limbs: the character's that move by themselves.
        bounds: where it may go.
        fps: frames a second.

    Attributes:
        postures: one a frame.
        notes: what was limited, JSON values.
    """

    def __init__(
        self,
        driver: Sequence[Skeleton],
        rest: Skeleton,
        limbs: Sequence[Part],
        bounds: Bounds,
        fps: float,
    ) -> None:
        self._rest = rest
        self._limbs = tuple(limbs)
        self._points = np.array([each.points for each in driver])
        self._known = np.median([each.seen for each in driver], axis=0) > _KNOWN
        self._size = self._sizes(fps)
        self.notes: dict[str, Any] = {}
        scale = self._scales(bounds)
        nodes = self._posed(bounds)
        root = self._way(bounds, self._points[:, Node.PELVIS])
        legs = [leg for leg in LEGS if leg in limbs]
        stand: Flags | None = None
        if legs and not bounds.rooted:
            chains = np.array([CHAINS[leg] for leg in legs])
            feet = self._points[:, chains[:, 2:]].mean(axis=2)
            stand = planted(feet, self._size, fps)
        if stand is not None:
            at = root[:, None] + scale[:, None, None] * nodes[:, chains[:, 2]]
            root = root + steadied(at, stand, fps)
        if not bounds.rooted:
            root = self._inside(root, bounds)
        if stand is not None:
            at = root[:, None] + scale[:, None, None] * nodes[:, chains[:, 2]]
            wanted = (pinned(at, stand, fps) - root[:, None]) / scale[:, None, None]
            for number, chain in enumerate(chains):
                nodes[:, chain] = _reached(nodes[:, chain], wanted[:, number])
            self.notes["planted"] = round(float(stand.any(axis=1).mean()), 3)
        gaze = self._gaze(driver, fps)
        orders = self._orders(driver, fps)
        self.postures = [
            Posture(root[k] + nodes[k], orders[k], gaze[k], float(scale[k]))
            for k in range(len(driver))
        ]

    def _sizes(self, fps: float) -> Values:
        """The driver's torso length in each frame, were it upright."""
        torso = self._length(Node.PELVIS, Node.NECK)
        sizes = [torso / np.percentile(torso, 75)]
        for leg in LEGS:
            hip, knee, ankle, _ = CHAINS[leg]
            if self._known[[hip, knee, ankle]].all():
                path = self._length(hip, knee) + self._length(knee, ankle)
                sizes.append(path / np.percentile(path, 75))
        size = np.max(sizes, axis=0) * np.percentile(torso, 75)
        return np.maximum(smooth(size, 0.4 * fps), 1.0)

    def _length(self, start: Node, end: Node) -> Values:
        return np.asarray(np.hypot(*(self._points[:, end] - self._points[:, start]).T))

    def _scales(self, bounds: Bounds) -> Values:
        change = self._size / self._size[0]
        if bounds.rooted or np.abs(change - 1).max() < _CALM:
            return np.ones_like(change)
        within = np.clip(change, *_NEARER)
        if (within != change).any():
            self.notes["size_limited"] = True
        return np.asarray(within)

    def _posed(self, bounds: Bounds) -> Values:
        """Nodes from the pelvis in each frame, at the size of the picture."""
        rest, points = self._rest, self._points
        spine = points[:, Node.NECK] - points[:, Node.PELVIS]
        own = rest.points[Node.NECK] - rest.points[Node.PELVIS]
        lean = np.unwrap(_angle(spine)) - _angle(own)
        lean -= 2 * np.pi * round(float(np.median(lean)) / (2 * np.pi))
        if bounds.rooted:
            lean = np.clip(lean - np.median(lean), -_LEAN, _LEAN)
        length = np.hypot(*spine.T) / self._size
        length = np.clip(length / np.percentile(length, 90), 0.6, 1.0)
        if bounds.rooted:
            length = np.clip(length, 0.94, 1.0)
        nodes = np.zeros_like(points)
        nodes[:, Node.NECK] = _turned(own, lean) * length[:, None]
        for left, right, middle in (
            (Node.LEFT_SHOULDER, Node.RIGHT_SHOULDER, Node.NECK),
            (Node.LEFT_HIP, Node.RIGHT_HIP, Node.PELVIS),
        ):
            half = self._girdle(left, right, lean)
            nodes[:, left], nodes[:, right] = nodes[:, middle] + half, nodes[:, middle] - half
        nodes[:, Node.HEAD] = nodes[:, Node.NECK] + self._head()
        for limb in LIMBS:
            self._limb(limb, nodes, lean)
        return nodes

    def _girdle(self, left: Node, right: Node, lean: Values) -> Values:
        """Half of what is between two shoulders or hips, from the middle to the left one."""
        own = (self._rest.points[left] - self._rest.points[right]) / 2
        half = (self._points[:, left] - self._points[:, right]) / 2
        breadth = np.hypot(*half.T) / self._size
        spine = self._points[:, Node.NECK] - self._points[:, Node.PELVIS]
        # How far it tilts from square to the spine; seen from the side that means nothing.
        tilt = _wrapped(_angle(half) - _angle(spine) - np.pi / 2)
        own_spine = self._rest.points[Node.NECK] - self._rest.points[Node.PELVIS]
        own_tilt = _wrapped(_angle(own) - _angle(own_spine) - np.pi / 2)
        reach = float(np.hypot(*own)) / self._rest.torso
        start, width = _ABREAST
        facing = np.clip((breadth - start) / width, 0, 1) * np.clip((reach - start) / width, 0, 1)
        turned = np.abs(tilt) > 1.2
        if (turned & (breadth > start + width)).any() and left is Node.LEFT_SHOULDER:
            self.notes["turning_limited"] = True
        swing = np.where(turned, 0.0, facing * _wrapped(tilt - own_tilt))
        ratio = np.clip(breadth / max(float(np.percentile(breadth, 90)), 1e-6), 0.7, 1.0)
        known = bool(self._known[[left, right]].all())
        if not known:
            swing, ratio = np.zeros_like(swing), np.ones_like(ratio)
        wide = 1 - facing * (1 - ratio)
        return np.asarray(_turned(own, lean + np.clip(swing, -0.5, 0.5)) * wide[:, None])

    def _head(self) -> Values:
        rest = self._rest.points
        own = rest[Node.HEAD] - rest[Node.NECK]
        if not self._known[Node.HEAD]:
            return np.tile(own, (len(self._points), 1))
        line = self._points[:, Node.HEAD] - self._points[:, Node.NECK]
        # How somebody carries the head differs; how it moves can be taken over.
        angle = np.unwrap(_angle(line))
        nod = np.clip(angle - np.median(angle), -_NOD, _NOD)
        length = np.hypot(*line.T) / self._size
        ratio = np.clip(length / np.median(length), 0.85, 1.1)
        return np.asarray(_turned(own, nod) * ratio[:, None])

    def _limb(self, limb: Part, nodes: Values, lean: Values) -> None:
        chain, rest = CHAINS[limb], self._rest.points
        for number, (start, end) in enumerate(itertools.pairwise(chain)):
            own = rest[end] - rest[start]
            if limb not in self._limbs or not self._known[end]:
                follow = lean if limb in ARMS else np.zeros_like(lean)
                nodes[:, end] = nodes[:, start] + _turned(own, follow)
                continue
            line = self._points[:, end] - self._points[:, start]
            seen = np.hypot(*line.T) / self._size
            full = max(self._full(number, part) for part in (ARMS if limb in ARMS else LEGS))
            ratio = np.clip(seen / max(full, 1e-6), *_FORESHORTENED)
            short = float(np.hypot(*own))
            whole = max(
                0.85 * _BONES[limb][number] * self._rest.torso,
                *(
                    float(np.hypot(*(rest[CHAINS[part][number + 1]] - rest[CHAINS[part][number]])))
                    for part in (ARMS if limb in ARMS else LEGS)
                ),
            )
            length = np.clip(whole * ratio, _STRETCH[0] * short, _STRETCH[1] * short)
            unit = line / np.maximum(np.hypot(*line.T), 1e-6)[:, None]
            nodes[:, end] = nodes[:, start] + unit * length[:, None]

    def _full(self, number: int, limb: Part) -> float:
        """How long a driver's bone is when it lies in the picture's plane, in torso lengths."""
        start, end = CHAINS[limb][number], CHAINS[limb][number + 1]
        if not self._known[end]:
            return 0.0
        return float(np.percentile(self._length(start, end) / self._size, 90))

    def _way(self, bounds: Bounds, pelvis: Values) -> Values:
        """Where the pelvis goes."""
        start = self._rest.points[Node.PELVIS]
        if bounds.rooted:
            return np.tile(start, (len(pelvis), 1))
        return np.asarray(start + (pelvis - pelvis[0]) * (self._rest.torso / self._size[0]))

    def _inside(self, root: Values, bounds: Bounds) -> Values:
        """Keep the way inside of the picture: shifted if it fits, else shortened."""
        margin = _WITHIN * self._rest.torso
        low, high = bounds.left + margin, bounds.right - margin
        x = root[:, 0]
        least, most = float(x.min()), float(x.max())
        if least >= bounds.left + min(margin, x[0]) and most <= high:
            return root
        share = min(1.0, max(high - low, 1.0) / max(most - least, 1e-6))
        x = x[0] + (x - x[0]) * share
        x = x + max(low - float(x.min()), 0.0) - max(float(x.max()) - high, 0.0)
        if share < 1:
            self.notes["way_shortened_to"] = round(float(share), 3)
        else:
            self.notes["started_aside"] = True
        return np.stack([x, root[:, 1]], axis=1)

    def _gaze(self, driver: Sequence[Skeleton], fps: float) -> Values:
        gaze = np.array([each.gaze for each in driver]) / self._size[:, None]
        turn = smooth(gaze - np.median(gaze, axis=0), 0.05 * fps)
        return np.asarray(np.clip(0.6 * turn, -_LOOK, _LOOK) * self._rest.torso)

    def _orders(self, driver: Sequence[Skeleton], fps: float) -> list[tuple[Part, ...]]:
        """Parts from back to front; who passes whom does so once, and not to and fro."""
        away = np.array([list(nearness(each, self._limbs).values()) for each in driver])
        away = smooth(away, 0.15 * fps)
        parts = (Part.BODY, *self._limbs)
        before = from_front(driver[0], self._limbs)[::-1]
        orders = []
        for row in away:
            depth = dict(zip(parts, row.tolist(), strict=True))
            rank = {part: number for number, part in enumerate(before)}
            before = sorted(parts, key=lambda part: -depth[part] + 0.08 * rank[part])
            orders.append(tuple(before))
        return orders


def _reached(chain: Values, foot: Values) -> Values:
    """Bend legs so that their ankles are where they are wanted.

    Args:
        chain: hip, knee, ankle and toe, shape (frames, 4, 2).
        foot: shape (frames, 2).
    """
    hip, knee, ankle, toe = (chain[:, k] for k in range(4))
    upper, lower = np.hypot(*(knee - hip).T), np.hypot(*(ankle - knee).T)
    line = foot - hip
    away = np.hypot(*line.T)
    # A leg that has to reach farther than it can is stretched, a little.
    stretch = np.clip(away / np.maximum(upper + lower, 1e-6), 1.0, 1.06)
    upper, lower = upper * stretch, lower * stretch
    far = np.clip(away, np.abs(upper - lower) + 1e-3, upper + lower)
    cos = (upper**2 + far**2 - lower**2) / np.maximum(2 * upper * far, 1e-6)
    was = _cross(ankle - hip, knee - hip)
    bend = np.where(was >= 0, 1.0, -1.0) * np.arccos(np.clip(cos, -1, 1))
    unit = line / np.maximum(away, 1e-6)[:, None]
    new_knee = hip + _turned(unit, bend) * upper[:, None]
    new_ankle = hip + unit * far[:, None]
    return np.stack([hip, new_knee, new_ankle, toe + new_ankle - ankle], axis=1)


def _cross(a: Values, b: Values) -> Values:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def _angle(line: Values) -> Values:
    return np.asarray(np.arctan2(line[..., 1], line[..., 0]))


def _wrapped(angle: Values) -> Values:
    return np.asarray((angle + np.pi) % (2 * np.pi) - np.pi)


def _turned(line: Values, angle: Values) -> Values:
    cos, sin = np.cos(angle), np.sin(angle)
    x, y = line[..., 0], line[..., 1]
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)
