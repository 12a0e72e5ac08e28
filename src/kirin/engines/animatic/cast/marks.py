"""Marks: where the cast members stand at rest, composed as a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kirin.concepts.concept import Concept, Gait, Habitat, Kind
from kirin.domain.cast import Action, Cast, Relation, ShotSize
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.safe_area import SafeArea
from kirin.engines.animatic.cast.costume import Costume
from kirin.engines.animatic.cast.medium import Medium, medium_of, steers
from kirin.engines.animatic.cast.sizes import LEAST, MOST, SMALLEST, composed, foot_of, measured
from kirin.engines.animatic.scene.ground import Ground, Surface

_BACKDROP = 5.0  # metres from which a member is part of the background
_VARIED = frozenset({Kind.PERSON, Kind.ANIMAL, Kind.PLANT})
_GROUNDED = frozenset({"tornado", "rainbow"})  # of the sky, but they reach down


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of one performer at rest; units as in :class:`Motion`.

    Attributes:
        member, instance: whose it is.
        medium: what carries it.
        x, row: of its foot.
        disparity: of its foot.
        height: of its art in view heights.
        sink: share of its height under water.
    """

    member: int
    instance: int
    medium: Medium
    x: float
    row: float
    disparity: float
    height: float
    sink: float = 0.0


@dataclass(frozen=True, slots=True)
class Viewfinder:
    """The frame that the marks are composed for.

    Attributes:
        ground: of the place.
        aspect: width by height.
        poses: of the camera, without what follows a member.
        size: of the shot.
        followed: whether the camera follows someone.
    """

    ground: Ground
    aspect: float
    poses: tuple[Pose, ...]
    size: ShotSize | None
    followed: bool

    def safe(self, disparity: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what every pose shows, at a disparity."""
        sides = SafeArea(self.poses, self.aspect).at(np.array([disparity]))
        left, top, right, bottom = (float(side[0]) for side in sides)
        if right - left < 0.4:
            middle = (left + right) / 2
            left, right = middle - 0.2, middle + 0.2
        if bottom - top < 0.4:
            middle = (top + bottom) / 2
            top, bottom = middle - 0.2, middle + 0.2
        return left, top, right, bottom


def arrange(
    cast: Cast,
    concepts: Sequence[Concept],
    costumes: Sequence[Costume],
    view: Viewfinder,
    loose: frozenset[int],
    rng: np.random.Generator,
) -> list[list[Mark]]:
    """Marks of all instances of all members.

    Args:
        cast, concepts, costumes: of the shot.
        view: that is composed.
        loose: members whose place another one gives; they are moved later.
        rng: of what is left to chance.
    """
    kinds = [
        medium_of(m, c, k, view.ground)
        for m, c, k in zip(cast.members, concepts, costumes, strict=True)
    ]
    tall = (
        composed(cast, concepts, costumes, view.size, view.aspect)
        if view.ground.metre is None
        else measured(cast, costumes, kinds, view.ground, view.aspect)
    )
    rows = _Ensemble(cast, concepts, costumes, view, loose, tall, kinds)
    for index in range(len(cast.members)):
        if rows.ridden(index):
            tall[index] = min(tall[index], 0.5)
        if rows.crowned(index):
            tall[index] = min(0.75 * tall[index], 0.56)
    marks: list[list[Mark]] = [[] for _ in cast.members]
    standing = [i for i in range(len(cast.members)) if rows.stands(i)]
    for index, slot in rows.pack(standing, rng).items():
        marks[index] = rows.group(index, slot, rng)
    for index in range(len(cast.members)):
        if not marks[index]:
            marks[index] = rows.loose(index, rng)
    return marks


@dataclass(slots=True)
class _Ensemble:
    cast: Cast
    concepts: Sequence[Concept]
    costumes: Sequence[Costume]
    view: Viewfinder
    held: frozenset[int]
    tall: list[float]
    kinds: list[Medium]
    sides: dict[int, float] = field(default_factory=dict)

    def stands(self, index: int) -> bool:
        """Whether a member takes a place beside the others."""
        if index in self.held or self.kinds[index] in (Medium.SKY, Medium.WALL):
            return False
        return not self.behind(index)

    def behind(self, index: int) -> bool:
        """Whether a member belongs to the background."""
        concept = self.concepts[index]
        large = self.costumes[index].metres >= _BACKDROP and concept.gait is Gait.STILL
        return index > 0 and large and self.costumes[0].metres < _BACKDROP

    def crowned(self, index: int) -> bool:
        """Whether something is to be seen above it."""
        above = (Relation.ON, Relation.OVER)
        if self.cast.members[index].action in (Action.SMOKE, Action.BURN):
            return True
        for member, concept in zip(self.cast.members, self.concepts, strict=True):
            if member.target == index and steers(member, concept):
                return True
        return any(m.anchor == index and m.relation in above for m in self.cast.members)

    def ridden(self, index: int) -> bool:
        """Whether somebody is on its back."""
        members = self.cast.members
        return any(m.target == index and m.action is Action.RIDE for m in members)

    def trodden(self, index: int) -> bool:
        """Whether somebody is on it."""
        members = self.cast.members
        return any(m.anchor == index and m.relation is Relation.ON for m in members)

    def count(self, index: int) -> int:
        """Instances drawn of a member."""
        return max(min(self.cast.members[index].count, MOST), 1)

    def columns(self, index: int) -> int:
        """Instances beside each other."""
        count = self.count(index)
        if count <= 5:
            return count
        slim = self.costumes[index].aspect < 0.6
        return math.ceil(count / (2 if count <= (14 if slim else 10) else 3))

    @property
    def least(self) -> float:
        """The smallest height, in view heights."""
        return LEAST if self.view.ground.metre is None else SMALLEST

    def metres(self, index: int) -> float:
        """Larger side of a member in metres, as the prompt has it."""
        return self.costumes[index].metres * self.cast.members[index].size

    @property
    def pitch(self) -> float:
        """From one of a group to the next, in widths of one; a herd in a wide shot has room."""
        wide = self.view.size in (ShotSize.WIDE, ShotSize.AERIAL)
        return 1.36 if wide else 1.16

    def span(self, index: int) -> float:
        """Width of a member with all its instances, in view widths."""
        wide = self.tall[index] * self.costumes[index].aspect / self.view.aspect
        staggered = 0.6 if self.count(index) > self.columns(index) else 0.0
        return wide * (1.0 + self.pitch * (self.columns(index) - 1) + staggered)

    def pack(self, which: list[int], rng: np.random.Generator) -> dict[int, float]:
        """The middle of each standing member, in view widths; sizes shrink until they fit."""
        if not which:
            return {}
        left, _, right, _ = self.view.safe(0.75)
        room = 0.94 * (right - left)
        gap = 0.035
        total = sum(self.span(i) for i in which) + gap * (len(which) - 1)
        if total > room:
            share = max((room - gap * (len(which) - 1)) / (total - gap * (len(which) - 1)), 0.45)
            for i in which:
                self.tall[i] = max(self.tall[i] * share, self.least)
            total = sum(self.span(i) for i in which) + gap * (len(which) - 1)
        step = min(1.0, room / total)
        order = list(which)
        if len(order) >= 3:
            # The subject in the middle, between the others.
            order.insert(len(order) // 2, order.pop(0))
        spare = max(room - total, 0.0)
        gap += min(spare / max(len(order), 1) * 0.55, 0.12) if len(order) > 1 else 0.0
        total = sum(self.span(i) for i in order) + gap * (len(order) - 1)
        near = self.view.size in (ShotSize.CLOSE_UP, ShotSize.MACRO)
        lean = 0.0
        if len(order) == 1 and not near and not self.view.followed:
            side = 1.0 if rng.random() < 0.5 else -1.0
            lean = side * min(0.11, spare / 2)
        place = (left + right) / 2 - total * step / 2 + lean
        slots = {}
        for index in order:
            slots[index] = place + self.span(index) * step / 2
            place += (self.span(index) + gap) * step
        return slots

    def group(self, index: int, x: float, rng: np.random.Generator) -> list[Mark]:
        """The instances of one member, in rows from front to back."""
        count, columns = self.count(index), self.columns(index)
        base = self.mark(index, x)
        wide = self.tall[index] * self.costumes[index].aspect / self.view.aspect * self.pitch
        marks = []
        size = 0.06 if self.concepts[index].kind in _VARIED else 0.0
        for number in range(count):
            row, column = divmod(number, columns)
            inside = min(columns, count - row * columns)
            offset = (column - (inside - 1) / 2) + (0.5 * (row % 2) if inside == columns else 0.0)
            jitter = rng.uniform(-1.0, 1.0, 3) if count > 1 else np.zeros(3)
            # Nobody stands in an even rank: every other one is a step behind.
            back = row + 0.06 * float(jitter[1]) + 0.42 * (column % 2) * (columns > 1)
            along = (offset + 0.09 * float(jitter[0])) * wide
            marks.append(self.deeper(base, number, back, along, 1.0 + size * float(jitter[2])))
        return marks

    def deeper(self, base: Mark, number: int, row: float, offset: float, size: float) -> Mark:
        """An instance of a group, some rows behind its first, of a size relative to it."""
        if base.medium in (Medium.GROUND, Medium.WATER):
            far = base.disparity * 0.80 ** max(row, -0.3)
            ground = self.view.ground
            least, most = 0.9 * ground.back, ground.front
            if base.medium is Medium.WATER and ground.shore is not None:
                least, most = 0.12, 0.95 * ground.shore
            far = min(max(far, min(least, base.disparity)), max(most, base.disparity))
            share = max((far / base.disparity) ** 0.8, 0.6)
            drop = self.view.ground.row(far) - self.view.ground.row(base.disparity)
            return replace(
                base,
                instance=number,
                x=base.x + offset * (0.5 + 0.5 * share),
                disparity=far,
                row=base.row + drop,
                height=max(base.height * share * size, self.least),
            )
        rise = base.height * (0.62 * row + 0.25 * math.sin(2.4 * number + 0.7))
        return replace(
            base,
            instance=number,
            x=base.x + offset,
            row=base.row - rise * (1 if base.medium is not Medium.EDGE else 0),
            disparity=base.disparity * 0.93 ** max(row, 0),
            height=max(base.height * size * 0.92 ** max(row, 0), self.least),
        )

    def loose(self, index: int, rng: np.random.Generator) -> list[Mark]:
        """A member of the background, in the sky, or one whose place another gives."""
        side = 1.0 if rng.random() < 0.5 else -1.0
        # Things of the background are spread over both sides.
        others = [i for i in range(index) if not self.stands(i) and i not in self.held]
        x = (
            0.0
            if index in self.held or self.trodden(index)
            else side * (0.27, -0.27, 0.02)[len(others) % 3]
        )
        if others and index not in self.held and not self.trodden(index):
            x = -math.copysign(abs(x), self.sides.get(others[-1], x)) if len(others) % 3 else x
        left, _, right, _ = self.view.safe(self.view.ground.back)
        half = self.span(index) / 2
        x = min(max(x, left + half), right - half) if 2 * half < right - left else 0.0
        self.sides[index] = x
        return self.group(index, x, rng)

    def mark(self, index: int, x: float) -> Mark:  # noqa: PLR0911  # one return for each medium
        """The mark of a member's first instance."""
        view, tall, medium = self.view, self.tall[index], self.kinds[index]
        ground, near = view.ground, view.size in (ShotSize.CLOSE_UP, ShotSize.MACRO)
        if medium is Medium.EDGE:
            low = SafeArea(view.poses, view.aspect).lowest(0.92) + 0.01
            return Mark(index, 0, medium, x, low, 0.92, tall)
        if medium is Medium.SKY:
            if self.trodden(index):
                # Low and large, for whoever stands on it.
                open_sky = ground.surface is Surface.NONE
                tall = 0.72 if open_sky else 0.44
                _, top, _, _ = view.safe(0.03)
                top += 0.5 * tall + 0.05
                depth = 0.6 if open_sky else 0.03
                return Mark(index, 0, medium, x, top + tall, depth, tall)
            if self.concepts[index].id in _GROUNDED:
                _, top, _, _ = view.safe(0.2)
                row = max(ground.horizon + 0.03, top + 0.55)
                tall = min(1.4 * tall, row - top - 0.03)
                return Mark(index, 0, medium, x, row, max(ground.disparity(row), 0.06), tall)
            _, top, _, _ = view.safe(0.03)
            return Mark(index, 0, medium, x, max(top, ground.ceiling) + 0.04 + tall, 0.03, tall)
        if medium is Medium.WALL:
            return Mark(index, 0, medium, x, ground.horizon - 0.14 + tall / 2, ground.back, tall)
        if medium in (Medium.AIR, Medium.DEEP):
            return Mark(index, 0, medium, x, self.floating(index), 0.62, tall)
        if medium is Medium.WATER:
            return self.afloat(index, x)
        if ground.metre is not None:
            far = foot_of(tall * max(self.costumes[index].aspect, 1.0) / self.metres(index), ground)
            return Mark(index, 0, medium, x, ground.row(far), far, tall)
        large = self.costumes[index].metres >= _BACKDROP and self.concepts[index].gait is Gait.STILL
        if large:
            far = max(ground.back, 0.30)
            if not self.behind(index):
                far = min(max(ground.back, 0.55), ground.front)
            _, top, _, _ = view.safe(far)
            room = ground.row(far) - top - (0.22 if self.crowned(index) else 0.05)
            return Mark(index, 0, medium, x, ground.row(far), far, min(tall, room))
        far, row = self.foot(tall, near)
        return Mark(index, 0, medium, x, row, far, tall)

    def foot(self, tall: float, near: bool) -> tuple[float, float]:
        """Disparity and row of a foot on the ground, so that the figure sits well in the frame."""
        ground = self.view.ground
        _, top, _, bottom = self.view.safe(0.75)
        if near and tall > 0.62:
            # The upper part fills the frame, and the foot is below it.
            return max(ground.front, 0.92), top + 0.07 + tall
        # In a room it is in front of the furniture.
        least = 0.43 if ground.surface is Surface.FLOOR else 0.37
        row = min(max(least, top + tall + 0.04), bottom - 0.03)
        if self.view.size is ShotSize.AERIAL:
            row = min(row, 0.24)
        far = min(max(ground.disparity(row), ground.back), ground.front)
        return far, ground.row(far)

    def floating(self, index: int) -> float:
        """Row of the foot of what floats: birds above, fish and astronauts in the middle."""
        _, top, _, bottom = self.view.safe(0.6)
        tall, medium = self.tall[index], self.kinds[index]
        top = max(top, self.view.ground.ceiling)
        middle = -0.10 if medium is Medium.AIR else 0.0
        if self.view.ground.surface is Surface.NONE:
            middle = 0.0
        row = bottom if self.crowned(index) else middle + tall / 2
        return min(max(row, top + 0.03 + tall), bottom - 0.03)

    def afloat(self, index: int, x: float) -> Mark:
        """The mark of what swims or floats on water."""
        ground, tall = self.view.ground, self.tall[index]
        if ground.surface is Surface.WATER and ground.shore is None:
            far = min(max(ground.disparity(0.33), ground.back), ground.front)
        else:
            far = 0.84 * (ground.shore or ground.back)
        concept = self.concepts[index]
        sink = 0.19
        if concept.gait is not Gait.SAIL and concept.kind is not Kind.VEHICLE:
            sink = 0.34 if concept.habitat in (Habitat.WATER, Habitat.AIR) else 0.5
            sink = 0.0 if self.cast.members[index].concept.endswith("-swimming") else sink
        return Mark(index, 0, Medium.WATER, x, ground.row(far) + sink * tall, far, tall, sink)
