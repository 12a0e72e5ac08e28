"""Specks in the air of a picture: points that fall, rise or float in a volume without a border."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kirin.domain.cast import Heading
from kirin.domain.motion import AirRequest
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere, yuv
from kirin.engines.animatic.cinemagraph.air.drawing import draw_lights, draw_points
from kirin.engines.animatic.cinemagraph.air.kinds import SPECKS, SpeckKind, SpeckLevel
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.planes import Planes

_WIND = {Heading.LEFT: -1.0, Heading.RIGHT: 1.0, Heading.AWAY: 0.0, Heading.TOWARDS: 0.0}
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


class Specks:
    """Specks at one distance.

    Args:
        kind, level: how they look and move.
        request: what the prompt asks for.
        atmosphere: of the picture.
        presence: when.
        key: of the random numbers.
    """

    def __init__(
        self,
        kind: SpeckKind,
        level: SpeckLevel,
        request: AirRequest,
        atmosphere: Atmosphere,
        presence: Presence,
        key: int,
    ) -> None:
        self.disparity = level.disparity
        self._kind, self._level = kind, level
        self._air, self._presence = atmosphere, presence
        rng = atmosphere.rng(key)
        unit = atmosphere.unit
        width, height = atmosphere.size
        aspect = width / height / (16 / 9)
        count = max(int(level.count * density(request.strength) * max(aspect, 0.6)), 2)
        speed = level.speed * pace(request.strength) * height
        blow = wind(request, kind.breeze, atmosphere) * kind.slant
        self._blow = blow * (speed if kind.fall else height * level.disparity)
        self._speed = np.asarray(speed * rng.uniform(0.8, 1.2, count), np.float32)
        if kind.fall == 0:
            self._speed *= np.sign(rng.uniform(-1, 1, count)).astype(np.float32)
        # Few are large: sizes of flakes, drops and grains fall off fast.
        spread = rng.random(count) ** 1.7
        low, high = level.radius
        self._radius = np.asarray(unit * (low + (high - low) * spread), np.float32)
        self._soft = np.float32(max(unit * level.soft, 0.5))
        self._alpha = np.asarray(level.alpha * rng.uniform(0.6, 1.0, count), np.float32)
        streak = (speed + abs(self._blow)) * kind.shutter
        sway = kind.sway * unit * level.disparity
        margin = unit * (high + level.soft) + streak + 2 * sway + 4
        self._volume = Volume.around(atmosphere, level.disparity, margin)
        self._index = np.arange(count)
        self._x = np.asarray(rng.random(count) * self._volume.width, np.float32)
        self._y = np.asarray(self._rows(rng.random(count)), np.float32)
        self._sway = np.asarray(sway * rng.uniform(0.4, 1.0, count), np.float32)
        self._rate = rng.uniform(*kind.rate, (2, count)).astype(np.float32)
        self._pulse = rng.uniform(*kind.pulse, count).astype(np.float32)
        self._phase = rng.uniform(0, 2 * np.pi, (4, count)).astype(np.float32)
        self._delay = rng.random(count).astype(np.float32)
        colours = [yuv(each) for each in kind.glow] or [atmosphere.ambient]
        self._colour = np.array(colours, np.float32)[rng.integers(0, len(colours), count)]
        self._front = max(float(level.speed) * pace(request.strength), _FRONT)

    def _rows(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._kind.band is None:
            return share * self._volume.height
        first, last = self._kind.band
        return (first + (last - first) * share - 0.5) * self._air.size[1]

    def _fallen(self, t: float) -> tuple[Field, Field]:
        """Columns and rows after some time, not wrapped."""
        kind, phase = self._kind, self._phase
        gust = t + 0.25 * np.sin(0.9 * t + 5 * self.disparity)
        swing = np.sin(self._rate[0] * t + phase[0]) + 0.5 * np.sin(
            1.7 * self._rate[1] * t + phase[1]
        )
        x = self._x + np.float32(self._blow * gust) + self._sway * swing
        bob = np.sin(self._rate[1] * t + phase[2]) + 0.4 * np.sin(2.1 * self._rate[0] * t)
        fall = self._speed * np.float32((kind.fall or 1.0) * t)
        lift = 0.25 if kind.fall else 0.7
        return x, self._y + fall + np.float32(lift) * self._sway * bob

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Draw the specks over a view."""
        t = self._air.seconds(number)
        if self._presence.empty(t):
            return
        x, y = self._fallen(t)
        later_x, later_y = self._fallen(t + self._kind.shutter)
        volume, disparity = self._volume, self.disparity
        if self._kind.band is None:
            rows, turns = volume.rows(y, pose, disparity)
        else:
            rows = y - np.float32(pose.view(disparity).y * self._air.size[1])
            turns = np.zeros(len(y), np.int64)
        jump = scattered(self._index, turns) * np.float32(volume.width)
        columns = volume.columns(x + jump, pose, disparity)
        height = np.float32(self._air.size[1])
        along = np.zeros_like(rows)
        if self._kind.fall:
            along = np.float32(0.5) + np.float32(self._kind.fall) * rows / height
        front = self._front if self._kind.fall else 1e9
        shown = self._presence.each(t, self._delay, along, front)
        x0, y0 = volume.seen(columns, rows, pose, disparity)
        x1, y1 = volume.seen(columns + later_x - x, rows + later_y - y, pose, disparity)
        scale = np.float32(pose.view(disparity).scale)
        self._paint(planes, pose, t, (x0, y0, x1, y1), along, shown, scale)

    def _paint(
        self,
        planes: Planes,
        pose: Pose,
        t: float,
        ends: tuple[Field, Field, Field, Field],
        along: Field,
        shown: Field,
        scale: np.float32,
    ) -> None:
        kind = self._kind
        x0, y0, x1, y1 = ends
        width, height = self._air.size
        radius, soft = self._radius * scale, self._soft * scale
        # What is smaller than a pixel covers less of it.
        wide = np.maximum(radius, np.float32(0.55))
        ink = (radius / wide) ** 2 if not kind.fall or kind.sway else radius / wide
        length = np.hypot(x1 - x0, y1 - y0)
        # A moving disc covers a point only for a part of the exposure; streaks are told theirs.
        exposure = 1.0 if not kind.sway else 3.0 * wide / (3.0 * wide + length)
        alpha = self._alpha * ink * shown * exposure
        if kind.twinkle:
            wave = np.sin(self._pulse * np.float32(t) + self._phase[3])
            if kind.twinkle >= 1.0:
                wave = 2.0 * np.maximum(wave, 0.0) ** 2 - 1.0
            alpha = alpha * (1.0 + kind.twinkle * (wave - 1.0) / 2)
        if kind.cools:
            alpha = alpha * np.clip(1.05 - along * self._cooling(), 0.0, 1.0)
        reach = radius + soft + length
        keep = (alpha > 0.002) & (x0 > -reach) & (x0 < width + reach)
        keep &= (y0 > -reach) & (y0 < height + reach)
        points = np.stack(
            [x0, y0, x1, y1, wide, np.broadcast_to(soft, wide.shape), alpha], axis=1
        )[keep].astype(np.float32)
        colours = self._colour[keep]
        if kind.glow:
            draw_lights(planes, points, colours)
            return
        draw_points(planes, points, self._lit(colours, points, pose))

    def _cooling(self) -> Field:
        return np.float32(0.7) + np.float32(0.9) * self._delay

    def _lit(self, colours: Field, points: Field, pose: Pose) -> Field:
        """Colours in the light of the place: no white paint at night, grey before a white sky."""
        kind = self._kind
        ambient = np.float32(self._air.ambient[0])
        there = self._air.lit(points[:, 0], points[:, 1], pose)
        lift = np.float32(kind.lift * (1.0 - 0.45 * self._air.night))
        luma = kind.own * ambient + (1 - kind.own) * there + lift
        luma = np.minimum(luma, ambient + np.float32(12.0 + 22.0 * self._air.night))
        backlit = there - np.float32(0.36 * kind.lift)
        luma = np.where(luma - there < 0.5 * lift, np.where(there > 150, backlit, luma), luma)
        colours = colours.copy()
        colours[:, 0] = np.clip(luma, 16, 235)
        return colours


def specks(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> list[Specks]:
    """Specks of the kind that a prompt asks for, at all distances."""
    kind = SPECKS[request.particle]
    key = 100 + 10 * list(SPECKS).index(request.particle)
    return [
        Specks(kind, level, request, atmosphere, presence, key + number)
        for number, level in enumerate(kind.levels)
    ]
