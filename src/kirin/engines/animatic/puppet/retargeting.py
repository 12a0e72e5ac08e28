"""Motion retargeting: the driver's joint angles on the character's bone lengths."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kirin.engines.animatic.puppet.inverse_kinematics import rotated, solve_leg_ik
from kirin.engines.animatic.puppet.puppet import Posture
from kirin.engines.animatic.puppet.segmentation import from_front, part_depths
from kirin.vision.pose.foot_contact import (
    Flags,
    foot_contacts,
    gaussian_smooth,
    locked_positions,
    root_correction,
)
from kirin.vision.pose.skeleton import (
    ARMS,
    CHAINS,
    LEGS,
    LIMBS,
    BodyPart,
    Node,
    Skeleton,
    Values,
)

_BONES = {part: ((0.58, 0.50, 0.20) if part in ARMS else (0.80, 0.78, 0.33)) for part in CHAINS}
"""Usual lengths of a limb's bones, in torso lengths: shorter ones are foreshortened."""

_FORESHORTENED = (0.25, 1.05)  # limits of a bone's apparent length, relative to the full one
_STRETCH = (0.35, 1.7)  # limits relative to the length in the picture, for the texture's sake
_KNOWN = 0.3  # least median visibility of a driver's node that is followed
_ABREAST = (0.12, 0.15)  # ramp (start, width) of half breadths over which a tilt is trusted
_NOD = 0.5  # radians: greatest lean of the head from its usual angle
_LOOK = 0.09  # torso lengths: greatest displacement of the face
_NEARER = (0.7, 1.45)  # limits of the scale of a character that moves in depth
_CALM = 0.08  # changes of size below this are breathing and noise
_LEAN = 0.25  # radians: greatest lean of a character that the picture cuts off
_WITHIN = 0.45  # torso lengths: least distance of the pelvis from the picture's sides


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of a character's movement, in its pixels.

    Attributes:
        left, right: sides of the picture.
        rooted: the character is cut off by the picture, so it must stay in place.
    """

    left: float
    right: float
    rooted: bool


class Retargeting:
    """Postures of a character that imitate a driver.

    Args:
        driver: the driver's skeleton in each frame.
        rest: the character's skeleton in its picture.
        limbs: those of the character that move independently.
        bounds: limits of its movement.
        fps: frames per second.

    Attributes:
        postures: one per frame.
        notes: which limits applied, as JSON values.
    """

    def __init__(
        self,
        driver: Sequence[Skeleton],
        rest: Skeleton,
        limbs: Sequence[BodyPart],
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
        root = self._pelvis_path(bounds, self._points[:, Node.PELVIS])
        legs = [leg for leg in LEGS if leg in limbs]
        stand: Flags | None = None
        if legs and not bounds.rooted:
            chains = np.array([CHAINS[leg] for leg in legs])
            feet = self._points[:, chains[:, 2:]].mean(axis=2)
            stand = foot_contacts(feet, self._size, fps)
        if stand is not None:
            at = root[:, None] + scale[:, None, None] * nodes[:, chains[:, 2]]
            root = root + root_correction(at, stand, fps)
        if not bounds.rooted:
            root = self._inside(root, bounds)
        if stand is not None:
            at = root[:, None] + scale[:, None, None] * nodes[:, chains[:, 2]]
            wanted = (locked_positions(at, stand, fps) - root[:, None]) / scale[:, None, None]
            for number, chain in enumerate(chains):
                nodes[:, chain] = solve_leg_ik(nodes[:, chain], wanted[:, number])
            self.notes["planted"] = round(float(stand.any(axis=1).mean()), 3)
        gaze = self._gaze(driver, fps)
        orders = self._orders(driver, fps)
        self.postures = [
            Posture(root[k] + nodes[k], orders[k], gaze[k], float(scale[k]))
            for k in range(len(driver))
        ]

    def _sizes(self, fps: float) -> Values:
        """The driver's torso length in each frame, without foreshortening."""
        torso = self._length(Node.PELVIS, Node.NECK)
        sizes = [torso / np.percentile(torso, 75)]
        for leg in LEGS:
            hip, knee, ankle, _ = CHAINS[leg]
            if self._known[[hip, knee, ankle]].all():
                path = self._length(hip, knee) + self._length(knee, ankle)
                sizes.append(path / np.percentile(path, 75))
        size = np.max(sizes, axis=0) * np.percentile(torso, 75)
        return np.maximum(gaussian_smooth(size, 0.4 * fps), 1.0)

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
        """Nodes relative to the pelvis in each frame, at the picture's scale."""
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
        nodes[:, Node.NECK] = rotated(own, lean) * length[:, None]
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
        """The vector from the middle of the shoulders or hips to the left one, in each frame."""
        own = (self._rest.points[left] - self._rest.points[right]) / 2
        half = (self._points[:, left] - self._points[:, right]) / 2
        breadth = np.hypot(*half.T) / self._size
        spine = self._points[:, Node.NECK] - self._points[:, Node.PELVIS]
        # The tilt relative to the spine's normal; in profile it is meaningless.
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
        return np.asarray(rotated(own, lean + np.clip(swing, -0.5, 0.5)) * wide[:, None])

    def _head(self) -> Values:
        rest = self._rest.points
        own = rest[Node.HEAD] - rest[Node.NECK]
        if not self._known[Node.HEAD]:
            return np.tile(own, (len(self._points), 1))
        line = self._points[:, Node.HEAD] - self._points[:, Node.NECK]
        # People carry their heads differently: only the deviation is transferred.
        angle = np.unwrap(_angle(line))
        nod = np.clip(angle - np.median(angle), -_NOD, _NOD)
        length = np.hypot(*line.T) / self._size
        ratio = np.clip(length / np.median(length), 0.85, 1.1)
        return np.asarray(rotated(own, nod) * ratio[:, None])

    def _limb(self, limb: BodyPart, nodes: Values, lean: Values) -> None:
        chain, rest = CHAINS[limb], self._rest.points
        for number, (start, end) in enumerate(itertools.pairwise(chain)):
            own = rest[end] - rest[start]
            if limb not in self._limbs or not self._known[end]:
                follow = lean if limb in ARMS else np.zeros_like(lean)
                nodes[:, end] = nodes[:, start] + rotated(own, follow)
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

    def _full(self, number: int, limb: BodyPart) -> float:
        """Length of a driver's bone parallel to the picture plane, in torso lengths."""
        start, end = CHAINS[limb][number], CHAINS[limb][number + 1]
        if not self._known[end]:
            return 0.0
        return float(np.percentile(self._length(start, end) / self._size, 90))

    def _pelvis_path(self, bounds: Bounds, pelvis: Values) -> Values:
        """The pelvis' path."""
        start = self._rest.points[Node.PELVIS]
        if bounds.rooted:
            return np.tile(start, (len(pelvis), 1))
        return np.asarray(start + (pelvis - pelvis[0]) * (self._rest.torso / self._size[0]))

    def _inside(self, root: Values, bounds: Bounds) -> Values:
        """Keep the path inside of the picture: shift it if it fits, else shorten it."""
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
        turn = gaussian_smooth(gaze - np.median(gaze, axis=0), 0.05 * fps)
        return np.asarray(np.clip(0.6 * turn, -_LOOK, _LOOK) * self._rest.torso)

    def _orders(self, driver: Sequence[Skeleton], fps: float) -> list[tuple[BodyPart, ...]]:
        """Parts from back to front in each frame, with hysteresis so that they do not flicker."""
        away = np.array([list(part_depths(each, self._limbs).values()) for each in driver])
        away = gaussian_smooth(away, 0.15 * fps)
        parts = (BodyPart.BODY, *self._limbs)
        before = from_front(driver[0], self._limbs)[::-1]
        orders = []
        for row in away:
            depth = dict(zip(parts, row.tolist(), strict=True))
            rank = {part: number for number, part in enumerate(before)}
            before = sorted(parts, key=lambda part: -depth[part] + 0.08 * rank[part])
            orders.append(tuple(before))
        return orders


def _angle(line: Values) -> Values:
    return np.asarray(np.arctan2(line[..., 1], line[..., 0]))


def _wrapped(angle: Values) -> Values:
    return np.asarray((angle + np.pi) % (2 * np.pi) - np.pi)
