"""Camera paths that grow out of a picture: its first frame is the picture itself.

A path for drawn scenes may begin anywhere. Over a photograph it is shifted to begin in the rest
view, and confined to what can be shown: the picture, and a margin beyond its border that is
filled. What would show more comes closer as it goes, or goes less far.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kirin.domain.intent import Direction, Move
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.turn import describe_direction
from kirin.vision.easing import ease

Values = NDArray[np.float64]

MARGIN: Final = 0.12
"""Most of the rest view, a side, that may be filled: more is seen to be made up."""
AROUND: Final = 0.06
"""Most of it that a move may open on all sides at once, of a picture that is not looked at."""
_SHOWN: Final = 0.01
"""Most of it that is shown beyond the border at a subject that the border cuts off."""
_CLOSEST: Final = 1.6
"""Most that the camera comes closer to go further aside."""
_LEAN_SECONDS: Final = 1.6
"""In which a held angle grows out of the picture."""
_LEAN_SHARE: Final = 0.5
_ROUNDING: Final = 1e-6

_WIDENING: Final = frozenset({Move.PULL_OUT, Move.ZOOM_OUT, Move.DOLLY_ZOOM})
_STILL: Final = frozenset({Move.STATIC, Move.HANDHELD, Move.PUSH_IN, Move.ZOOM_IN})


@dataclass(frozen=True, slots=True)
class Room:
    """How far a picture goes on beyond the rest view, in its widths and heights; 0 or more."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0


SIDES: Final = ("left", "top", "right", "bottom")


@dataclass(frozen=True, slots=True)
class CutSide:
    """A border of the picture that cuts a subject off.

    Attributes:
        side: index into ``SIDES``.
        depth: disparity of the subject there.
    """

    side: int
    depth: float


@dataclass(frozen=True, slots=True)
class Departure:
    """A path that begins, or ends, in the rest view.

    Attributes:
        poses: one per frame.
        wide: share of a move that widens the view that is shown, up to 1.
        aside: share of a sideways move that is shown, up to 1.
        closer: magnification that lets the path go aside, 1 or more.
        held: sides of the picture that stay where they are as the view widens.
    """

    poses: tuple[Pose, ...]
    wide: float = 1.0
    aside: float = 1.0
    closer: float = 1.0
    held: tuple[str, ...] = ()

    def describe(self, direction: Direction) -> dict[str, Any]:
        """The direction as JSON values; in ``limited`` what of it is shown only in part."""
        described = describe_direction(direction)
        limited = described.get("limited", [])
        for move in dict.fromkeys(step.move for step in direction.steps):
            entry: dict[str, Any] = {"move": move.value}
            if move in _WIDENING:
                if self.wide < 0.99:
                    entry["share"] = round(self.wide, 2)
                if self.held:
                    entry["held"] = list(self.held)
            elif move not in _STILL:
                if self.aside < 0.99:
                    entry["share"] = round(self.aside, 2)
                if self.closer > 1.02:
                    entry["closer"] = round(self.closer, 2)
            if len(entry) > 1:
                limited.append(entry)
        if limited:
            described["limited"] = limited
        return described


def begin_at_rest(poses: Sequence[Pose], held: Pose | None = None, fps: float = 24) -> list[Pose]:
    """The same moves, from the rest view on.

    Args:
        poses: one per frame.
        held: offset of the angles that the path holds throughout; they grow out of the picture.
        fps: frames per second.
    """
    first = poses[0]
    path = [_relative(pose, first) for pose in poses]
    if held is None or held == Pose():
        return path
    last = max(len(path) - 1, 1)
    lean = max(min(_LEAN_SECONDS * fps, _LEAN_SHARE * last), 1.0)
    share = ease(np.arange(len(path)) / lean)
    return [
        replace(
            pose,
            x=pose.x + held.x * by,
            y=pose.y + held.y * by,
            roll=pose.roll + held.roll * by,
            truck_x=pose.truck_x + held.truck_x * by,
            truck_y=pose.truck_y + held.truck_y * by,
        )
        for pose, by in zip(path, share.tolist(), strict=True)
    ]


def confine(
    poses: Sequence[Pose],
    room: Room,
    aspect: float,
    depths: Sequence[float],
    part: float = 1.0,
    cut: Sequence[CutSide] = (),
    around: float = AROUND,
) -> Departure:
    """Keep a path that begins in the rest view within a margin of the picture.

    A border that cuts a subject off stays at the border of the view, as nothing is known of the
    rest of the subject: a view that widens does so to the other side.

    Args:
        poses: one per frame, the first at rest.
        room: beyond the rest view.
        aspect: width of the view over its height.
        depths: disparities of what is seen up to the border.
        part: which part the path is of the longest one of its kind, above 0 to 1. What is shown
            of the longest is shown of each, so that they keep their proportions.
        cut: borders that cut subjects off.
        around: most of the rest view that the path may open on all sides at once.
    """
    limits = _ShownExtent.of(room, aspect, depths, cut, around)
    track = _PathAxes.of(poses)
    longest = track.widened(1 / part).moved(1 / part)
    wide = 1.0
    if not limits.allow(longest):
        whole = longest
        wide = _bisect(lambda share: limits.allow(whole.widened(share)))
    aside = min(1.0, longest.widened(wide).reach(limits))
    track, held = track.widened(wide).moved(aside).held(limits)
    need = track.need(limits)
    closer = max(float(need.max()), 1.0)
    if closer > 1.0:
        # The need grows faster than the way: a share of it is always enough, and is smooth.
        share = np.clip((need - need[0]) / (closer - need[0]), 0, 1)
        track.zoom = track.zoom * (1 + (closer - 1) * np.maximum.accumulate(share))
    return Departure(track.poses(), wide, aside, closer, held)


@dataclass(frozen=True, slots=True, eq=False)
class _ShownExtent:
    """What of a picture may be shown, in widths and heights of the rest view from its centre.

    Attributes:
        aspect: width of the view over its height.
        depths: disparities of what is seen up to the border.
        sides: for each of some disparities the left, top, right and bottom of what may be seen.
        held: the sides alone that cut subjects off; the others are infinite.
        widest: half of the widest view of what is seen up to the border.
    """

    aspect: float
    depths: tuple[float, ...]
    sides: tuple[tuple[float, Values], ...]
    held: tuple[tuple[float, Values], ...]
    widest: float

    @classmethod
    def of(
        cls,
        room: Room,
        aspect: float,
        depths: Sequence[float],
        cut: Sequence[CutSide],
        around: float,
    ) -> _ShownExtent:
        border = np.array([room.left, room.top, room.right, room.bottom]) + 0.5
        held = []
        for each in cut:
            alone = np.full(4, np.inf)
            alone[each.side] = border[each.side] + _SHOWN
            held.append((each.depth, alone))
        sides = [(depth, border + max(MARGIN, around)) for depth in depths]
        widest = float(border.min()) + around
        return cls(aspect, tuple(depths), (*sides, *held), tuple(held), widest)

    def allow(self, track: _PathAxes) -> bool:
        """Whether a path's views are narrow enough, wherever else the camera goes."""
        if track.narrowest(self.depths) < 0.5 / self.widest:
            return False
        if not self.held:
            return True
        widening, _ = track.moved(0.0).unrolled().held(self)
        return float(widening.need(self).max()) <= 1.0 + _ROUNDING


def _bisect(holds: Callable[[float], bool]) -> float:
    """The greatest factor from 0 to 1 for which a condition holds."""
    low, high = 0.0, 1.0
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _relative(pose: Pose, first: Pose) -> Pose:
    zoom = pose.zoom / first.zoom
    dolly = (1 + pose.dolly) / (1 + first.dolly) - 1
    return Pose(
        x=pose.x - first.x,
        y=pose.y - first.y,
        zoom=zoom,
        roll=pose.roll - first.roll,
        truck_x=pose.truck_x - first.truck_x,
        truck_y=pose.truck_y - first.truck_y,
        dolly=dolly,
    )


@dataclass(slots=True)
class _PathAxes:
    """A path as one array for each field of its poses."""

    x: Values
    y: Values
    zoom: Values
    roll: Values
    truck_x: Values
    truck_y: Values
    dolly: Values

    @classmethod
    def of(cls, poses: Sequence[Pose]) -> _PathAxes:
        rows = np.array(
            [(p.x, p.y, p.zoom, p.roll, p.truck_x, p.truck_y, p.dolly) for p in poses], np.float64
        )
        return cls(*(rows[:, i].copy() for i in range(7)))

    def poses(self) -> tuple[Pose, ...]:
        rows = zip(
            self.x,
            self.y,
            self.zoom,
            self.roll,
            self.truck_x,
            self.truck_y,
            self.dolly,
            strict=True,
        )
        return tuple(Pose(*map(float, row)) for row in rows)

    def scale(self, depth: float) -> Values:
        return self.zoom * (1 + self.dolly * depth)

    def narrowest(self, depths: Sequence[float]) -> float:
        """The least magnification of all frames and depths."""
        return min(float(self.scale(depth).min()) for depth in depths)

    def widened(self, factor: float) -> _PathAxes:
        """With a share of its zoom and its dolly."""
        return replace(
            self,
            zoom=np.exp(np.log(self.zoom) * factor),
            dolly=np.expm1(np.log1p(self.dolly) * factor),
        )

    def moved(self, factor: float) -> _PathAxes:
        """With a share of its sideways travel."""
        return replace(
            self,
            x=self.x * factor,
            y=self.y * factor,
            truck_x=self.truck_x * factor,
            truck_y=self.truck_y * factor,
        )

    def unrolled(self) -> _PathAxes:
        """Without its roll."""
        return replace(self, roll=np.zeros_like(self.roll))

    def held(self, limits: _ShownExtent) -> tuple[_PathAxes, tuple[str, ...]]:
        """Moved away from borders that cut subjects off as the view widens, and which they are.

        Between two such borders, one opposite the other, there is no way to go.
        """
        axes, names = [self.x, self.y], []
        for side, name in enumerate(SIDES):
            most = np.zeros(len(self.x))
            for depth, alone in limits.held:
                if not np.isfinite(alone[side]):
                    continue
                half = 0.5 / self.scale(depth)
                beyond = float(half.max()) - float(alone[side])
                if beyond > _ROUNDING:
                    # Straight from the first view to the widest: always enough, and smooth.
                    most = np.maximum(most, beyond * (half - half[0]) / (half.max() - half[0]))
            opposite = any(np.isfinite(alone[(side + 2) % 4]) for _, alone in limits.held)
            if most.max() > 0 and not opposite:
                axes[side % 2] = axes[side % 2] + (most if side < 2 else -most)
                names.append(name)
        return replace(self, x=axes[0], y=axes[1]), tuple(names)

    def _sides(self, aspect: float, depth: float) -> tuple[tuple[Values, Values], ...]:
        """For left, top, right and bottom: how far off the centre is, and half the view."""
        cos, sin = np.abs(np.cos(self.roll)), np.abs(np.sin(self.roll))
        scale = self.scale(depth)
        across, down = (cos + sin / aspect) / 2 / scale, (cos + sin * aspect) / 2 / scale
        x, y = self.x + self.truck_x * depth, self.y + self.truck_y * depth
        return (-x, across), (-y, down), (x, across), (y, down)

    def reach(self, limits: _ShownExtent) -> float:
        """Share of the travel with which the closest magnification is enough."""
        least = math.inf
        for depth, sides in limits.sides:
            seen = self._sides(limits.aspect, depth)
            for side, (off, half) in zip(sides, seen, strict=True):
                beyond = off > 1e-9
                if beyond.any():
                    free = np.maximum(side - half / _CLOSEST, 0.0)
                    least = min(least, float((free[beyond] / off[beyond]).min()))
        return least

    def need(self, limits: _ShownExtent) -> Values:
        """The magnification that each frame needs to stay within the limits."""
        most = np.zeros(len(self.x))
        for depth, sides in limits.sides:
            seen = self._sides(limits.aspect, depth)
            for side, (off, half) in zip(sides, seen, strict=True):
                most = np.maximum(most, half / np.maximum(side - off, 1e-3))
        return most
