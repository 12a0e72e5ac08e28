"""Many particles at one distance: where each of them is, and how much of it is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kirin.domain.cast import Heading
from kirin.domain.motion import AirRequest
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere
from kirin.engines.animatic.cinemagraph.air.kinds import Course, Level
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.scene.noise import Field

_WIND = {Heading.LEFT: -1.0, Heading.RIGHT: 1.0, Heading.AWAY: 0.0, Heading.TOWARDS: 0.0}
_GUSTS = 0.9  # radians per second
_FRONT = 0.5  # view heights per second: the least speed of the front behind which specks appear


def wind(request: AirRequest, breeze: float, atmosphere: Atmosphere) -> float:
    """Speed of the air to the right: 1 for the wind that a prompt names."""
    named = _WIND.get(request.heading) if request.heading else None
    if named is not None:
        return named * (0.7 + 0.6 * request.strength)
    return breeze * float(atmosphere.rng(7).choice([-1.0, 1.0]))


def density(strength: float) -> float:
    """Particles, as a share of the usual number, which is that of a strength of 0.5."""
    return 0.25 + 1.5 * strength


def pace(strength: float) -> float:
    """Speed, as a share of the usual one."""
    return 0.75 + 0.5 * strength


@dataclass(frozen=True, slots=True)
class Volume:
    """A box of air that repeats without end, so that no camera sees its border.

    Attributes:
        width, height: in pixels of the layer at rest.
        view: width and height of the view in pixels.
    """

    width: float
    height: float
    view: tuple[int, int]

    @classmethod
    def around(cls, atmosphere: Atmosphere, disparity: float, margin: float) -> Volume:
        """The volume that every view of a shot lies in, with room for what is ``margin`` large."""
        poses = [Pose(), *atmosphere.still.poses]
        views = [pose.view(disparity) for pose in poses]
        scale = min(view.scale for view in views)
        roll = max(abs(view.roll) for view in views)
        width, height = atmosphere.size
        cos, sin = np.cos(roll), abs(np.sin(roll))
        across, down = cos * width + sin * height, cos * height + sin * width
        return cls(across / scale + 2 * margin, down / scale + 2 * margin, (width, height))

    def rows(self, y: Field, pose: Pose, disparity: float) -> tuple[Field, NDArray[np.int64]]:
        """Rows below the view's centre, wrapped, and how often each has been."""
        down = y - pose.view(disparity).y * self.view[1]
        turns = np.floor(down / self.height + 0.5)
        return np.asarray(down - turns * self.height, np.float32), turns.astype(np.int64)

    def columns(self, x: Field, pose: Pose, disparity: float) -> Field:
        """Columns right of the view's centre, wrapped."""
        across = x - pose.view(disparity).x * self.view[0]
        turns = np.floor(across / self.width + 0.5)
        return np.asarray(across - turns * self.width, np.float32)

    def seen(self, x: Field, y: Field, pose: Pose, disparity: float) -> tuple[Field, Field]:
        """Pixels of the view, of wrapped columns and rows."""
        view = pose.view(disparity)
        cos, sin = np.float32(np.cos(view.roll)), np.float32(np.sin(view.roll))
        scale = np.float32(view.scale)
        return (
            (cos * x + sin * y) * scale + np.float32(self.view[0] / 2),
            (cos * y - sin * x) * scale + np.float32(self.view[1] / 2),
        )


def scattered(index: NDArray[np.int64], turns: NDArray[np.int64]) -> Field:
    """A number from 0 to 1 for every particle and turn: where it comes in anew."""
    mixed = (index * 2654435761 + turns * 40503 * 65537) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 15)) * 2246822519) & 0xFFFFFFFF
    return np.asarray((mixed ^ (mixed >> 13)) / 4294967296.0, np.float32)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Particles as the camera sees them in one frame; arrays have one entry for each.

    Attributes:
        x0, y0: in pixels of the view, when the shutter opens.
        x1, y1: when it closes.
        along: the way from the side from which they come, in view heights.
        shown: how much of each is there, 0 to 1.
        scale: magnification.
        roll: of the camera, in radians.
        seconds: since the start of the shot.
    """

    x0: Field
    y0: Field
    x1: Field
    y1: Field
    along: Field
    shown: Field
    scale: np.float32
    roll: float
    seconds: float

    @property
    def length(self) -> Field:
        """Pixels that each moves while the shutter is open."""
        return np.asarray(np.hypot(self.x1 - self.x0, self.y1 - self.y0), np.float32)


class Swarm:
    """Particles that follow one course, in a volume that repeats.

    Args:
        course: how they move.
        level: at which distance, how many, how fast.
        request: what the prompt asks for.
        atmosphere: of the picture.
        presence: when.
        rng: of their places.
    """

    def __init__(
        self,
        course: Course,
        level: Level,
        request: AirRequest,
        atmosphere: Atmosphere,
        presence: Presence,
        rng: np.random.Generator,
    ) -> None:
        self._course, self._disparity = course, level.disparity
        self._air, self._presence = atmosphere, presence
        unit, (width, height) = atmosphere.unit, atmosphere.size
        aspect = width / height / (16 / 9)
        count = max(int(level.count * density(request.strength) * max(aspect, 0.6)), 2)
        self.count = count
        speed = level.speed * pace(request.strength) * height
        blow = wind(request, course.breeze, atmosphere) * course.slant
        self._blow = blow * (speed if course.fall else height * level.disparity)
        pace_of_each = rng.uniform(1 - course.spread, 1 + course.spread, count)
        self._speed = np.asarray(speed * pace_of_each, np.float32)
        if course.fall == 0:
            self._speed *= rng.choice([-1.0, 1.0], count).astype(np.float32)
        streak = (speed + abs(self._blow)) * course.shutter
        sway = course.sway * unit * level.disparity
        margin = unit * (level.radius[1] + level.soft) + streak + 2 * sway + 4
        self._volume = Volume.around(atmosphere, level.disparity, margin)
        self._index = np.arange(count)
        self._x = np.asarray(rng.random(count) * self._volume.width, np.float32)
        self._y = np.asarray(self._rows(rng.random(count)), np.float32)
        self._sway = np.asarray(sway * rng.uniform(0.4, 1.0, count), np.float32)
        self._rate = rng.uniform(*course.rate, (2, count)).astype(np.float32)
        self._phase = rng.uniform(0, 2 * np.pi, (3, count)).astype(np.float32)
        self.delay = rng.random(count).astype(np.float32)
        self._front = max(level.speed * pace(request.strength), _FRONT) if course.fall else 1e9

    def _rows(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._course.band is None:
            return share * self._volume.height
        first, last = self._course.band
        return (first + (last - first) * share - 0.5) * self._air.size[1]

    def _moved(self, t: float) -> tuple[Field, Field]:
        """Columns and rows after some time, not wrapped."""
        phase, rate = self._phase, self._rate
        gust = t + self._course.gust / _GUSTS * np.sin(_GUSTS * t + 5 * self._disparity)
        swing = np.sin(rate[0] * t + phase[0]) + 0.5 * np.sin(1.7 * rate[1] * t + phase[1])
        x = self._x + np.float32(self._blow * gust) + self._sway * swing
        # What swings like a pendulum is lowest, and fastest, in the middle.
        bob = np.sin(rate[1] * t + phase[2]) + 0.4 * np.sin(2 * rate[0] * t + 2 * phase[0])
        fall = self._speed * np.float32((self._course.fall or 1.0) * t)
        lift = np.float32(0.25 if self._course.fall else 0.7)
        return x, self._y + fall + lift * self._sway * bob

    def sighting(self, pose: Pose, number: int) -> Sighting | None:
        """Where they are in a frame; ``None`` before they have begun."""
        t = self._air.seconds(number)
        if self._presence.empty(t):
            return None
        x, y = self._moved(t)
        later_x, later_y = self._moved(t + self._course.shutter)
        volume, view = self._volume, pose.view(self._disparity)
        height = np.float32(self._air.size[1])
        if self._course.band is None:
            rows, turns = volume.rows(y, pose, self._disparity)
        else:
            rows, turns = y - np.float32(view.y) * height, np.zeros(len(y), np.int64)
        jump = scattered(self._index, turns) * np.float32(volume.width)
        columns = volume.columns(x + jump, pose, self._disparity)
        along = np.zeros_like(rows)
        if self._course.fall:
            along = np.float32(0.5) + np.float32(self._course.fall) * rows / height
        return Sighting(
            *volume.seen(columns, rows, pose, self._disparity),
            *volume.seen(columns + later_x - x, rows + later_y - y, pose, self._disparity),
            along,
            self._presence.each(t, self.delay, along, self._front),
            np.float32(view.scale),
            view.roll,
            t,
        )
