"""Blocking: who stands where at each frame. Pure geometry, known before anything is painted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.domain.cast import Action, Cast
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.actions import ACTIONS, HANDLES, TRAVELS
from kirin.engines.animatic.cast.costume import Costume
from kirin.engines.animatic.cast.dressing import dress
from kirin.engines.animatic.cast.follow import unfollowed
from kirin.engines.animatic.cast.holds import attach, facing
from kirin.engines.animatic.cast.hosting import Grip, Host, hosts, receiver_of
from kirin.engines.animatic.cast.idle import breathe, wander
from kirin.engines.animatic.cast.marks import Mark, Viewfinder, arrange
from kirin.engines.animatic.cast.medium import Medium
from kirin.engines.animatic.cast.motion import Motion
from kirin.engines.animatic.cast.rehearsal import Rehearsal
from kirin.engines.animatic.cast.steering import is_steered
from kirin.engines.animatic.cast.travel import carry
from kirin.engines.animatic.scene.ground import Ground

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in shares of the frame."""


@dataclass(frozen=True, slots=True, eq=False)
class Blocking:
    """The motions of everybody in a shot.

    Attributes:
        cast: of the shot.
        motions: of all instances of its members, then of props and effects.
        poses: of the camera.
        aspect: of the frame, width by height.
        ground: of the place.
        lead: disparity of the subject in the middle of the shot: what a shallow focus is on.
    """

    cast: Cast
    motions: tuple[Motion, ...]
    poses: tuple[Pose, ...]
    aspect: float
    ground: Ground
    lead: float

    def boxes(self, frame: int) -> list[Box]:
        """The box of each member in a frame, around all of its instances.

        A box reaches beyond 0 or 1 where a member does; an invisible one is empty.
        """
        pose = self.poses[frame]
        found = []
        for index in range(len(self.cast.members)):
            own = [
                _box(motion, frame, pose, self.aspect)
                for motion in self.motions
                if motion.member == index and motion.opacity[frame] > 0.02
            ]
            if not own:
                found.append((0.0, 0.0, 0.0, 0.0))
                continue
            low, high = np.min(own, axis=0), np.max(own, axis=0)
            found.append((float(low[0]), float(low[1]), float(high[2]), float(high[3])))
        return found

    def describe(self) -> list[dict[str, Any]]:
        """Everybody as JSON values, for a task's metadata; boxes are cut off at the frame."""
        first, last = self.boxes(0), self.boxes(len(self.poses) - 1)
        return [
            {
                "word": member.word,
                "concept": member.concept,
                "count": member.count,
                "motion": member.action.value if member.action else None,
                "first": _inside(first[index]),
                "last": _inside(last[index]),
                "guessed": member.guessed,
            }
            for index, member in enumerate(self.cast.members)
        ]


def _inside(box: Box) -> list[float] | None:
    """A box cut off at the frame, rounded; ``None`` if nothing of it is in the frame."""
    left, top, right, bottom = (min(max(side, 0.0), 1.0) for side in box)
    if right - left < 0.002 or bottom - top < 0.002:
        return None
    return [round(side, 3) for side in (left, top, right, bottom)]


def _box(motion: Motion, frame: int, pose: Pose, aspect: float) -> Box:
    view = pose.view(float(motion.disparity[frame]))
    tall = float(motion.height[frame] * motion.squash[frame])
    wide = float(motion.height[frame] * motion.costume.aspect / math.sqrt(motion.squash[frame]))
    turn = float(motion.rotation[frame])
    cos, sin = abs(math.cos(turn)), abs(math.sin(turn))
    half_x, half_y = (wide * cos + tall * sin) / 2, (wide * sin + tall * cos) / 2
    x = (float(motion.x[frame]) - view.x) * aspect
    y = float(motion.row[frame]) - tall / 2 - view.y
    lower = y + half_y - float(motion.sink[frame]) * tall
    corners = (
        np.array([[a, b] for a in (x - half_x, x + half_x) for b in (y - half_y, lower)])
        * view.scale
    )
    cos, sin = math.cos(view.roll), math.sin(view.roll)
    seen_x = (cos * corners[:, 0] + sin * corners[:, 1]) / aspect + 0.5
    seen_y = cos * corners[:, 1] - sin * corners[:, 0] + 0.5
    return float(seen_x.min()), float(seen_y.min()), float(seen_x.max()), float(seen_y.max())


def block(
    cast: Cast,
    ground: Ground,
    size: tuple[int, int],
    fps: Fraction | float,
    poses: Sequence[Pose],
    seed: int = 0,
) -> Blocking:
    """Stage a cast.

    Args:
        cast: of the shot; at least one member.
        ground: of the place.
        size: width and height of the frame.
        fps: frames per second.
        poses: of the camera, one per frame: those of :func:`follow.followed` if it follows.
        seed: of what is left to chance.

    Raises:
        KeyError: a member's concept does not exist.
    """
    aspect = size[0] / size[1]
    concepts = [library().get(member.concept) for member in cast.members]
    costumes = [dress(cast, index) for index in range(len(cast.members))]
    rest = unfollowed(poses) if cast.followed is not None else tuple(poses)
    view = Viewfinder(ground, aspect, rest, cast.size, cast.followed is not None)
    rng = np.random.default_rng([seed & (2**63 - 1), 77])
    held = hosts(cast, concepts, costumes)
    marks = arrange(cast, concepts, costumes, view, frozenset(held), rng)
    motions = [
        [_at(mark, dress(cast, index, mark.instance), len(poses), ground) for mark in group]
        for index, group in enumerate(marks)
    ]
    mediums = [group[0].medium for group in marks]
    seconds = np.arange(len(poses)) / float(fps)
    rehearsal = Rehearsal(cast, concepts, view, seconds, rng, motions, mediums)
    rehearsal.carried = _carried(cast, held)
    _look_inwards(rehearsal)
    _perform(rehearsal, held)
    _keep_heads(rehearsal, held)
    if cast.followed is not None:
        _carry(rehearsal, poses)
    everyone = tuple(m for group in motions for m in group) + tuple(rehearsal.extras)
    lead = motions[cast.followed or 0][0]
    return Blocking(cast, everyone, tuple(poses), aspect, ground, float(np.median(lead.disparity)))


def _at(mark: Mark, costume: Costume, frames: int, ground: Ground) -> Motion:
    """A motion that stays at a mark."""
    motion = Motion.still(costume, frames, mark.member, mark.instance)
    motion.x[:], motion.row[:] = mark.x, mark.row
    motion.disparity[:], motion.height[:] = mark.disparity, mark.height
    motion.sink[:] = mark.sink
    if mark.medium in (Medium.GROUND, Medium.WATER):
        motion.ground[:] = mark.row - mark.sink * mark.height
    elif mark.medium in (Medium.AIR, Medium.DEEP) and ground.surface.value not in ("none",):
        below = ground.row(mark.disparity)
        if below > mark.row and mark.medium is Medium.AIR:
            motion.ground[:] = below
    return motion


def _look_inwards(r: Rehearsal) -> None:
    """Without a motion of its own a figure looks into the picture, or at its neighbour."""
    for index, group in enumerate(r.motions):
        member = r.cast.members[index]
        goal = member.target
        for motion in group:
            other = goal is not None and goal != index
            aim = float(r.motions[goal or 0][0].x[0]) if other else 0.0
            away = aim - float(motion.x[0])
            if abs(away) > 0.02:
                motion.heading[:] = math.copysign(1.0, away)


def _perform(r: Rehearsal, held: dict[int, Host]) -> None:
    """Let everybody act; hosts before those whose place they give."""
    placed: set[int] = set()
    for index in _order(len(r.cast.members), held, r.cast):
        member, host = r.cast.members[index], held.get(index)
        _place(r, index, host, placed, held)
        if host and host.hold is Grip.ABLAZE:
            ACTIONS[Action.BURN](r, host.index)
        for goal in (member.target, receiver_of(r.cast, index)):
            if goal in held and member.action in HANDLES and held[goal].index == index:
                # What is handled must be in place before it is moved.
                _place(r, goal, held[goal], placed, held)
        if member.action is None:
            _idle(r, index, held)
        elif host and host.hold is Grip.COCKPIT:
            continue
        elif not host or member.action not in TRAVELS or member.action is Action.JUMP:
            ACTIONS[member.action](r, index)
        elif host.hold is Grip.RIDE:
            ACTIONS[Action.RIDE](r, index)
        else:
            r.step(index, 1.0, 0.8)
            _pace(r, index, host)
    for group in r.motions:
        for motion in group:
            motion.height = np.maximum(motion.height, 1e-3)
            _pivot(r, motion)


def _idle(r: Rehearsal, index: int, held: dict[int, Host]) -> None:
    """Without an action of its own: carry a rider, fly with a pilot, or just be there."""
    if _carries(held, index, Grip.RIDE):
        carry(r, index)
    elif is_steered(r, index):
        if _carries(held, index, Grip.COCKPIT):
            wander(r, index)
    elif index not in held and not _is_chased(r.cast, index):
        wander(r, index)


def _carries(held: dict[int, Host], index: int, hold: Grip) -> bool:
    return any(host.index == index and host.hold is hold for host in held.values())


def _share(r: Rehearsal, index: int, host: Host, held: dict[int, Host]) -> None:
    """Side by side with others that the same host holds in the same way."""
    beside = sorted(each for each, other in held.items() if other == host)
    if host.hold is Grip.HAND and beside.index(index) % 2:
        # In the other hand.
        for motion in r.motions[index]:
            motion.x = 2 * r.motions[host.index][0].x - motion.x
    if host.hold not in (Grip.ON, Grip.IN, Grip.UNDER, Grip.FRONT, Grip.BEHIND, Grip.RIDE):
        return
    if len(beside) < 2:
        return
    aspect = r.view.aspect
    room = 0.8 * float(r.motions[host.index][0].width(aspect)[0]) / len(beside)
    for motion in r.motions[index]:
        pitch = max(min(1.05 * float(motion.width(aspect)[0]), room), 0.02)
        motion.x = motion.x + pitch * (beside.index(index) - (len(beside) - 1) / 2)


def _place(
    r: Rehearsal, index: int, host: Host | None, placed: set[int], held: dict[int, Host]
) -> None:
    """Put a member where its host is, once, and let it breathe."""
    if index in placed:
        return
    placed.add(index)
    if host:
        theirs = r.concepts[host.index]
        for motion in r.motions[index]:
            attach(motion, r.motions[host.index][0], host.hold, theirs, r.view)
            _share(r, index, host, held)
            if host.hold is not Grip.RIDE:
                motion.heading[:] = facing(r.motions[host.index][0])
    breathe(r, index)


def _keep_heads(r: Rehearsal, held: dict[int, Host]) -> None:
    """Lower what is in the air until whoever is on it has headroom too."""
    for index, host in held.items():
        root = _root(held, host.index)
        if r.mediums[root] not in (Medium.AIR, Medium.SKY):
            continue
        _, top, _, _ = r.view.safe(float(r.motions[index][0].disparity[0]))
        highest = min(float(motion.top()[0]) for motion in r.motions[index])
        lack = min(max(top + 0.02 - highest, 0.0), 0.3)
        group = {root} | {each for each in held if _root(held, each) == root}
        for motion in (each for i in group for each in r.motions[i]):
            motion.row = motion.row + lack
            motion.ground = motion.ground + lack


def _root(held: dict[int, Host], index: int) -> int:
    """Who gives the place of a member in the end."""
    while index in held:
        index = held[index].index
    return index


def _pivot(r: Rehearsal, motion: Motion) -> None:
    """Let what stands lean about its foot, and not about its middle."""
    if motion.costume.kind not in (Kind.PERSON, Kind.ANIMAL, Kind.PLANT):
        return
    lean = np.clip((0.7 - np.abs(motion.rotation)) / 0.2, 0.0, 1.0)
    lean = np.where(np.isnan(motion.ground), 0.0, lean) * 0.5 * motion.height * motion.squash
    motion.x = motion.x + lean * np.sin(motion.rotation) / r.view.aspect
    motion.row = motion.row + lean * (1.0 - np.cos(motion.rotation))


def _pace(r: Rehearsal, index: int, host: Host) -> None:
    """Travel on, under or beside a host: to and fro within its width."""
    sign = r.heading(index)
    reach = 0.30 * r.motions[host.index][0].width(r.view.aspect)
    for motion in r.motions[index]:
        motion.heading[:] = sign
        motion.x = motion.x + sign * reach * (2 * r.eased() - 1)
        motion.row = motion.row - 0.02 * motion.height * np.abs(np.sin(2 * np.pi * motion.phase))


def _is_chased(cast: Cast, index: int) -> bool:
    return any(m.target == index and m.action is Action.CHASE for m in cast.members)


def _order(count: int, held: dict[int, Host], cast: Cast) -> list[int]:
    """Members so that hosts come before those that they hold, and prey moves with its chaser."""
    order: list[int] = []
    todo = sorted(range(count), key=lambda i: (cast.members[i].action is Action.CHASE, i))
    while todo:
        for index in todo:
            host = held.get(index)
            if host is None or host.index in order:
                order.append(index)
                todo.remove(index)
                break
        else:
            return order + todo
    return order


def _carried(cast: Cast, held: dict[int, Host]) -> set[int]:
    """Members that the camera takes along: the followed one and all that move with it."""
    if cast.followed is None:
        return set()
    found = {cast.followed}
    for index, member in enumerate(cast.members):
        moves = member.action in TRAVELS
        if moves or member.target in found or cast.members[cast.followed].target == index:
            found.add(index)
    for _ in range(len(cast.members)):
        found |= {index for index, host in held.items() if host.index in found}
        found |= {held[index].index for index in found if index in held}
    return found


def _carry(r: Rehearsal, poses: Sequence[Pose]) -> None:
    """Turn places in the frame into places in the rest view, for whoever moves with the camera."""
    seen = [(pose, rest) for pose, rest in zip(poses, r.view.poses, strict=True)]
    across = np.array([pose.x - rest.x for pose, rest in seen])
    truck = np.array([pose.truck_x - rest.truck_x for pose, rest in seen])
    middle = len(poses) // 3
    carried = [m for index in r.carried for m in r.motions[index]]
    for motion in [m for group in r.motions for m in group] + r.extras:
        along = motion in carried or motion.member is None
        if along:
            motion.x = motion.x + across + truck * motion.disparity
        else:
            # What stays in the place is composed for a moment of the first half.
            motion.x = motion.x + across[middle] + truck[middle] * motion.disparity
