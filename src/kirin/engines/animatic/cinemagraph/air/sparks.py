"""Sparks: short-lived, fast, drawn out by their speed, pulled down by their weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kirin.domain.motion import AirRequest
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere, yuv
from kirin.engines.animatic.cinemagraph.air.drawing import draw_lights
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.cinemagraph.air.source import Source
from kirin.engines.animatic.cinemagraph.air.swarm import density, scattered, wind
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.planes import Planes

_SHUTTER: Final = 1 / 40  # seconds
_DRAG: Final = 1.5  # per second
_WEIGHT: Final = 0.9  # view heights per second squared
_HOT: Final = (255, 232, 170)
_WARM: Final = (255, 150, 40)
_COLD: Final = (255, 70, 10)


@dataclass(frozen=True, slots=True)
class SparkLevel:
    """Sparks at one distance: lengths in pixels of a view of 720 rows, speeds in view heights."""

    disparity: float
    count: int
    radius: float
    soft: float
    speed: float
    light: float


LEVELS: Final = (
    SparkLevel(0.35, 90, 0.7, 3.0, 0.75, 1.1),
    SparkLevel(0.65, 70, 1.0, 5.0, 1.05, 1.6),
    SparkLevel(0.95, 24, 1.7, 9.0, 1.5, 1.6),
)


class Sparks:
    """Sparks that fly from one place.

    Args:
        level: at which distance.
        source: where they come from; without one, from below the frame.
        request: what the prompt asks for.
        atmosphere: of the picture.
        presence: when.
        key: of the random numbers.
    """

    def __init__(
        self,
        level: SparkLevel,
        source: Source | None,
        request: AirRequest,
        atmosphere: Atmosphere,
        presence: Presence,
        key: int,
    ) -> None:
        self.disparity = level.disparity
        self._level, self._air, self._presence = level, atmosphere, presence
        self._source = source
        rng = atmosphere.rng(key)
        count = max(int(level.count * density(request.strength)), 4)
        self._index = np.arange(count)
        self._life = rng.uniform(0.7, 1.5, count).astype(np.float32)
        self._shift = rng.random(count).astype(np.float32)
        self._power = rng.uniform(0.5, 1.0, count).astype(np.float32)
        self._flicker = rng.uniform(20, 40, count).astype(np.float32)
        self._blow = wind(request, 0.2, atmosphere) * 0.25
        self._colours = np.array([yuv(each) for each in (_HOT, _WARM, _COLD)], np.float32)

    def _flight(self, age: Field, angle: Field, speed: Field) -> tuple[Field, Field]:
        """Way right and down after an age, in view heights: drag, then weight and wind."""
        spent = (1 - np.exp(-_DRAG * age)) / _DRAG
        x = speed * np.sin(angle) * spent + np.float32(self._blow) * age * age
        return x, _WEIGHT * 0.5 * age * age - speed * np.cos(angle) * spent

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Draw the sparks over a view."""
        t = self._air.seconds(number)
        if self._presence.empty(t):
            return
        width, height = self._air.size
        turns = np.floor(t / self._life + self._shift)
        age = np.asarray((t / self._life + self._shift - turns) * self._life, np.float32)
        born = t - age
        whole = turns.astype(np.int64)
        angle = (scattered(self._index, whole) - 0.5) * np.float32(1.9)
        pace = 0.45 + 0.75 * scattered(self._index + 7001, whole)
        speed = np.float32(self._level.speed) * pace
        source = self._source
        reach = 0.12 if source is None else source.width / 2
        middle = np.float32(0.5 if source is None else source.x)
        spread = (scattered(self._index + 9001, whole) - 0.5) * np.float32(2 * reach)
        start = np.float32(1.04 if source is None else source.y)
        # They come in bursts: most are born while the fire crackles.
        burst = 0.5 + 0.5 * np.sin(3.1 * born) * np.sin(1.3 * born + 0.7)
        fade = np.clip(1.0 - age / self._life, 0, 1) ** 0.6
        light = self._level.light * self._power * fade * (0.35 + 0.65 * burst)
        light = light * (0.8 + 0.2 * np.sin(self._flicker * np.float32(t)))
        ramp = max(self._presence.ramp, 1e-3) if self._presence.grows else 1e-3
        begun = np.clip((born - self._presence.start) / ramp, 0, 1) > self._shift * 0.999
        begun &= (born >= self._presence.start) & (born <= self._presence.end)
        if not self._presence.grows:
            begun = born <= self._presence.end
            light = light * self._presence.overall(min(t, self._presence.end))
        sx, sy = self._flight(age, angle, speed)
        ex, ey = self._flight(np.minimum(age + _SHUTTER, self._life), angle, speed)
        x0, y0 = self._seen(middle + spread + sx * np.float32(height / width), start + sy, pose)
        x1, y1 = self._seen(middle + spread + ex * np.float32(height / width), start + ey, pose)
        unit = self._air.unit * pose.view(self.disparity).scale
        radius = np.full_like(age, max(self._level.radius * unit, 0.6))
        soft = np.full_like(age, self._level.soft * unit)
        keep = begun & (light > 0.01)
        points = np.stack([x0, y0, x1, y1, radius, soft, light], axis=1)[keep]
        share = np.clip(age / self._life * 2.0, 0, 1.999)
        lower = share.astype(np.int64)
        part = (share - lower)[:, None]
        colours = self._colours[lower] * (1 - part) + self._colours[lower + 1] * part
        draw_lights(planes, points.astype(np.float32), colours[keep].astype(np.float32))

    def _seen(self, x: Field, y: Field, pose: Pose) -> tuple[Field, Field]:
        """Pixels of the view, from shares of the rest view."""
        width, height = self._air.size
        disparity = self._source.disparity if self._source else self.disparity
        view = pose.view(disparity)
        across = (x - 0.5 - view.x) * view.scale * width
        down = (y - 0.5 - view.y) * view.scale * height
        cos, sin = np.cos(view.roll), np.sin(view.roll)
        return cos * across + sin * down + width / 2, cos * down - sin * across + height / 2


def sparks(
    source: Source | None, request: AirRequest, atmosphere: Atmosphere, presence: Presence
) -> list[Sparks]:
    """Sparks at all distances."""
    return [
        Sparks(level, source, request, atmosphere, presence, 700 + number)
        for number, level in enumerate(LEVELS)
    ]
