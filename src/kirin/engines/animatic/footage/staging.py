"""Staging of an added cast: a drawn scene's blocking, in the place that a video shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from kirin.concepts.concept import Gait
from kirin.domain.cast import Action
from kirin.domain.edit import AddedCast, Addition, Entrance, Remoteness
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.safe_area import SafeArea
from kirin.engines.animatic.cast.actions import TRAVELS
from kirin.engines.animatic.cast.blocking import Blocking, block
from kirin.engines.animatic.cast.motion import Curve, Motion
from kirin.engines.animatic.footage.ground import FootageGround
from kirin.vision.easing import ease
from kirin.vision.global_motion import Matrix, parameters

_SIDES: Final = 0.27  # widths from the middle: what stands at a side
_FAR_ROWS: Final = 0.05  # of the height: below the end of the ground, for what is far away
_NEAR_ROW: Final = 0.47  # view heights below the centre: foot of what is near
_NEARER, _FARTHER = 1.5, 0.55  # size in the air
_MARGIN: Final = 0.02  # widths beyond the frame from where somebody comes
_ARRIVED: Final = (0.06, 0.6)  # shares of the shot between which somebody comes in
_FADE: Final = (0.12, 0.24)  # shares of the shot in which somebody appears
_WAY: Final = {Action.WALK: 9.0, Action.RUN: 4.0, Action.DRIVE: 4.0, Action.RIDE: 5.0}
"""Seconds that the way through the frame takes at most."""
_LONG_WAY: Final = 7.0
_NEAR: Final = np.array([0.75])  # disparity at which a cast is composed
_ALOFT: Final = 0.45  # of the open sky, from its top: middle of what flies in it
_ROOM: Final = 0.04  # widths kept between whoever is added and the video's own subject


@dataclass(frozen=True, slots=True, eq=False)
class FootageStage:
    """What an added cast is staged in.

    Attributes:
        place: the ground of the video, seen from its first frame.
        size: width and height of the frame.
        fps: frames per second.
        poses: of the video's camera, one per frame that has the cast.
        moved: how each frame shows the first, shape ``(n, 3, 3)``.
        seed: of what is left to chance.
    """

    place: FootageGround
    size: tuple[int, int]
    fps: float
    poses: Sequence[Pose]
    moved: Matrix
    seed: int

    @property
    def aspect(self) -> float:
        """Width of the frame over its height."""
        return self.size[0] / self.size[1]

    @property
    def share(self) -> Curve:
        """Time, 0 to 1."""
        return np.linspace(0.0, 1.0, len(self.poses))

    def blocked(self, added: AddedCast) -> Blocking:
        """Who is where in each frame, as seen through a camera at rest."""
        cast, ground = added.cast, self.place.ground
        made = block(cast, ground, self.size, self.fps, self.poses, self.seed)
        for rig in _rigs(added):
            addition = added.additions[rig[0]]
            motions = [each for each in made.motions if each.member in rig]
            if _only(rig, added):
                motions = list(made.motions)
            lead = next(each for each in motions if each.member == rig[0])
            self._move_back(motions, lead, addition)
            self._lift(motions, lead, addition, cast.members[rig[0]].action)
            self._aside(motions, lead, addition, alone=len(cast.members) == len(rig))
            self._bring_in(motions, lead, addition, cast.members[rig[0]].action)
        seen = tuple(_seen(each, self.moved, self.aspect) for each in made.motions)
        return replace(made, motions=seen, poses=(Pose(),) * len(self.poses))

    def _move_back(self, motions: Sequence[Motion], lead: Motion, addition: Addition) -> None:
        """Farther away or nearer, as the prompt says."""
        if addition.remoteness is None:
            return
        ground, near = self.place.ground, addition.remoteness is Remoteness.NEAR
        foot = float(lead.ground[0])
        if np.isnan(foot) or lead.row[0] < foot - 0.5 * lead.height[0]:
            factor, pivot = (_NEARER if near else _FARTHER), float(lead.middle()[0])
            drop = 0.0
        else:
            back = ground.row(ground.back) + _FAR_ROWS
            row = _NEAR_ROW if near else min(back, foot)
            factor = ground.disparity(row) / max(ground.disparity(foot), 1e-3)
            pivot, drop = foot, row - foot
        middle = float(lead.x.mean())
        for motion in motions:
            motion.height = motion.height * factor
            motion.x = middle + (motion.x - middle) * factor
            motion.row = pivot + (motion.row - pivot) * factor + drop
            motion.ground = pivot + (motion.ground - pivot) * factor + drop
            motion.disparity = np.clip(motion.disparity * factor, 0.02, 1.0)

    def _lift(
        self, motions: Sequence[Motion], lead: Motion, addition: Addition, action: Action | None
    ) -> None:
        """What flies goes up into the open sky, where there is one."""
        sky, airy = self.place.sky, np.isnan(lead.ground[0]) or lead.ground[0] > lead.row[0] + 0.02
        if sky is None or not airy or addition.entrance is Entrance.PATH or action is Action.FALL:
            return
        middle = _ALOFT * sky.horizon - 0.5
        tall = float(lead.height[0])
        rise = max(middle, -0.5 + 0.55 * tall) - float(np.median(lead.middle()))
        for motion in motions:
            motion.row = motion.row + rise

    def _aside(
        self, motions: Sequence[Motion], lead: Motion, addition: Addition, *, alone: bool
    ) -> None:
        """To the side that the prompt names, or clear of what the video shows."""
        if addition.entrance is Entrance.ACROSS:
            return
        middle = float(lead.x.mean())
        low, high = self._reach(motions)
        left, right = (float(side[0]) for side in SafeArea(self.poses, self.aspect).at(_NEAR)[::2])
        goal = None
        if addition.side is not None:
            goal = _SIDES * addition.side
            if right - left > high - low:
                # As far to the side as every frame shows.
                goal = min(max(goal, left + middle - low), right + middle - high)
        elif alone and self.place.subject is not None:
            goal = self._clear_of_subject(left, right, middle, (low, high))
        if goal is not None:
            for motion in motions:
                motion.x = motion.x + goal - middle

    def _reach(self, motions: Sequence[Motion]) -> tuple[float, float]:
        """From where to where they are, in widths right of the centre."""
        halves = [0.5 * float(each.width(self.aspect)[0]) for each in motions]
        low = min(float(m.x.min()) - h for m, h in zip(motions, halves, strict=True))
        return low, max(float(m.x.max()) + h for m, h in zip(motions, halves, strict=True))

    def _clear_of_subject(
        self, left: float, right: float, middle: float, reach: tuple[float, float]
    ) -> float | None:
        """The middle of the wider room beside the video's subject; ``None`` to stay.

        Args:
            left, right: sides of what every frame shows.
            middle, reach: of whoever is added.
        """
        box = self.place.subject or (0.0, 0.0, 0.0, 0.0)
        begins, ends = box[0] - 0.5, box[2] - 0.5
        low, high = reach
        if high < begins or low > ends:
            return None
        start, end = max(((left, begins), (ends, right)), key=lambda room: room[1] - room[0])
        if end - start < high - low + _ROOM:
            return None
        return middle + (start + end - low - high) / 2

    def _bring_in(
        self, motions: Sequence[Motion], lead: Motion, addition: Addition, action: Action | None
    ) -> None:
        """Let whoever is staged come into the frame."""
        entrance = addition.entrance
        if entrance is Entrance.APPEAR:
            fade = ease(np.clip((self.share - _FADE[0]) / (_FADE[1] - _FADE[0]), 0, 1))
            for motion in motions:
                motion.opacity = motion.opacity * fade
        elif entrance is Entrance.ACROSS:
            self._cross(motions, lead, action)
        elif entrance is Entrance.IN and action in TRAVELS and action is not Action.ENTER:
            self._come_in(motions, lead)

    def _edges(self, motions: Sequence[Motion], lead: Motion) -> tuple[Curve, Curve]:
        """Where the lead is when the last of all has left the frame: left and right, per frame."""
        halves = [0.5 * float(each.width(self.aspect).max()) for each in motions]
        behind = max(float((lead.x - m.x).max()) + h for m, h in zip(motions, halves, strict=True))
        ahead = max(float((m.x - lead.x).max()) + h for m, h in zip(motions, halves, strict=True))
        views = [pose.view(0.0) for pose in self.poses]
        left = np.array([view.x - 0.5 / view.scale for view in views]) - ahead - _MARGIN
        right = np.array([view.x + 0.5 / view.scale for view in views]) + behind + _MARGIN
        return left, right

    def _cross(self, motions: Sequence[Motion], lead: Motion, action: Action | None) -> None:
        """In on one side of the frame and out on the other."""
        sign = 1.0 if lead.heading[0] >= 0 else -1.0
        left, right = self._edges(motions, lead)
        seconds = self.share * len(self.poses) / self.fps
        way = min(_WAY.get(action, _LONG_WAY) if action else _LONG_WAY, float(seconds[-1]))
        part = np.clip(seconds / max(way, 1e-3), 0.0, 1.0)
        # The frame itself may move meanwhile: its own edges are where the way begins and ends.
        begin, end = (left, right) if sign > 0 else (right, left)
        moved = begin[0] + (end - begin[0]) * part - lead.x
        for motion in motions:
            motion.x = motion.x + moved

    def _come_in(self, motions: Sequence[Motion], lead: Motion) -> None:
        """From outside of the frame to its place, and stay there."""
        sign = 1.0 if lead.heading[0] >= 0 else -1.0
        left, right = self._edges(motions, lead)
        start = left[0] if sign > 0 else right[0]
        goal = float(lead.x.mean())
        part = np.clip((self.share - _ARRIVED[0]) / (_ARRIVED[1] - _ARRIVED[0]), 0.0, 1.0)
        moved = start + (goal - start) * part - lead.x
        still = int(np.searchsorted(part, 1.0))
        for motion in motions:
            motion.x = motion.x + moved
            if still < len(part):
                _stop(motion, still)


def _stop(motion: Motion, still: int) -> None:
    """Let the legs of a motion come to rest from a frame on."""
    for name in ("phase", "row", "ground", "rotation"):
        curve = getattr(motion, name)
        curve[still:] = curve[still]
    motion.row[still:] = np.where(
        np.isnan(motion.ground[still:]) | (motion.sink[still:] > 0),
        motion.row[still:],
        motion.ground[still:],
    )
    rest = np.clip(1.0 - np.arange(len(motion.stride) - still) / 8.0, 0.0, 1.0)
    motion.stride[still:] = motion.stride[still:] * rest


def _rigs(added: AddedCast) -> list[list[int]]:
    """Members that move as one: a rider with the horse; each by the index of its leader first."""
    members, leader = added.cast.members, list(range(len(added.cast.members)))
    for index, member in enumerate(members):
        for other in (member.anchor, member.target if member.action is Action.RIDE else None):
            if other is not None and other != index:
                low, high = sorted((leader[index], leader[other]))
                leader = [low if each == high else each for each in leader]
    return [[i for i, each in enumerate(leader) if each == first] for first in sorted(set(leader))]


def _only(rig: Sequence[int], added: AddedCast) -> bool:
    return len(rig) == len(added.cast.members)


def _seen(motion: Motion, moved: Matrix, aspect: float) -> Motion:
    """A motion in the place that the first frame shows, as each frame shows it."""
    steps = parameters(moved)
    scale, turn = np.exp(steps[:, 2]), steps[:, 3]
    half = 0.5 * motion.height * motion.squash
    across, down = _through(moved, motion.x, (motion.row - half) / aspect)
    _, ground = _through(moved, motion.x, motion.ground / aspect)
    return replace(
        motion,
        x=across,
        row=down * aspect + half * scale,
        ground=ground * aspect,
        height=motion.height * scale,
        rotation=motion.rotation + turn,
    )


def _through(moved: Matrix, x: Curve, y: Curve) -> tuple[Curve, Curve]:
    """Points of the first frame, in widths from its centre, in each frame."""
    return (
        np.asarray(moved[:, 0, 0] * x + moved[:, 0, 1] * y + moved[:, 0, 2]),
        np.asarray(moved[:, 1, 0] * x + moved[:, 1, 1] * y + moved[:, 1, 2]),
    )


def sails(gait: Gait) -> bool:
    """Whether something needs water to be on."""
    return gait in (Gait.SAIL, Gait.SWIM)
