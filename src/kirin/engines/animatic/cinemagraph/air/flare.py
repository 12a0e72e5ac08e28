"""Lens flare: what a bright source makes of the glasses of a lens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kirin.domain.motion import AirRequest
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere, yuv
from kirin.engines.animatic.cinemagraph.air.drawing import shine, veil
from kirin.engines.animatic.cinemagraph.air.kinds import Colour
from kirin.engines.animatic.cinemagraph.air.lamp import Lamp
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.scene.noise import Field, smoothstep
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes, half_size


@dataclass(frozen=True, slots=True)
class Ghost:
    """A picture of the aperture, between two glasses.

    Attributes:
        place: on the line from the source through the middle of the view: 0 at the source, 1 in
            the middle, 2 as far beyond.
        radius: in view heights.
        light: of the disc, white being 1.
        rim: how much brighter its rim is.
        colour: of the coating.
    """

    place: float
    radius: float
    light: float
    rim: float
    colour: Colour


GHOSTS: Final = (
    Ghost(0.45, 0.035, 0.016, 0.6, (255, 190, 120)),
    Ghost(0.72, 0.018, 0.030, 0.2, (150, 255, 190)),
    Ghost(1.28, 0.055, 0.010, 0.9, (140, 190, 255)),
    Ghost(1.55, 0.028, 0.022, 0.3, (255, 150, 200)),
    Ghost(1.86, 0.095, 0.008, 1.2, (150, 255, 220)),
    Ghost(2.15, 0.045, 0.012, 0.5, (255, 210, 140)),
)
_BLADES: Final = 7  # of the aperture: an odd number gives twice as many spikes


@dataclass(frozen=True, slots=True)
class _Stamp:
    """Light to be added about a point: its root, and the chroma that it tends to."""

    root: Plane
    half: Plane
    tone: tuple[float, float]


class Flare:
    """Glow and spikes about a source, and ghosts on the line through the middle.

    Args:
        lamp: the source.
        request: what the prompt asks for.
        atmosphere: of the picture.
        presence: when.
    """

    disparity = 1.0

    def __init__(
        self, lamp: Lamp, request: AirRequest, atmosphere: Atmosphere, presence: Presence
    ) -> None:
        self._lamp, self._air, self._presence = lamp, atmosphere, presence
        self._power = 0.55 + 0.9 * request.strength
        height = atmosphere.size[1]
        self._glow = _stamp(_star(height, atmosphere.rng(900)), lamp.tone)
        self._ghosts = [
            (ghost, _stamp(_disc(ghost, height), yuv(ghost.colour))) for ghost in GHOSTS
        ]

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Draw the flare over a view."""
        t = self._air.seconds(number)
        shown = self._presence.overall(t)
        width, height = self._air.size
        x, y = self._air.placed(self._lamp.x, self._lamp.y, pose, 0.25)
        # A source out of the frame leaves the lens alone, gradually.
        out = max(-x / width, x / width - 1, -y / height, y / height - 1, 0.0)
        power = self._power * shown * max(1.0 - 6.0 * out, 0.0)
        if power <= 0.003:
            return
        # The air before the source is never quite still.
        pulse = 1.0 + 0.10 * np.sin(2.3 * t) + 0.06 * np.sin(5.1 * t + 1.0)
        _add(planes, self._glow, x, y, power * pulse)
        for number_, (ghost, stamp) in enumerate(self._ghosts):
            # A hand that holds a camera lets them swim a little.
            swim = 0.012 * np.sin(0.9 * t + number_)
            at_x = x + (width / 2 - x) * (ghost.place + swim)
            at_y = y + (height / 2 - y) * (ghost.place + swim)
            _add(planes, stamp, at_x, at_y, power * (1.0 + 0.5 * (pulse - 1.0)))


def _star(height: int, rng: np.random.Generator) -> Field:
    """Glow and spikes, linear light, 1 in the middle."""
    half = int(0.42 * height) // 2 * 2
    at = (np.arange(2 * half, dtype=np.float32) + 0.5 - half) / half
    x, y = np.meshgrid(at, at)
    away, angle = np.hypot(x, y), np.arctan2(y, x)
    edge = 1 - smoothstep(0.55, 1.0, away)
    glow = 0.5 * np.exp(-((away / 0.09) ** 2)) + 0.16 * np.exp(-away / 0.16)
    spikes = np.zeros_like(away)
    turn = float(rng.uniform(0, np.pi))
    for k in range(2 * _BLADES):
        off = np.angle(np.exp(1j * (angle - turn - k * np.pi / _BLADES)))
        long = float(rng.uniform(0.16, 0.34))
        wide = 0.012 + 0.004 * float(rng.random())
        spikes += np.exp(-((off * away / wide) ** 2)) * np.exp(-away / long) * (np.cos(off) > 0)
    return np.asarray((glow + 0.20 * spikes) * edge, np.float32)


def _disc(ghost: Ghost, height: int) -> Field:
    half = max(int(ghost.radius * height * 1.15), 3) // 2 * 2 + 2
    at = (np.arange(2 * half, dtype=np.float32) + 0.5 - half) / (ghost.radius * height)
    x, y = np.meshgrid(at, at)
    angle = np.arctan2(y, x)
    # A polygon with rounded corners.
    sector = np.mod(angle, 2 * np.pi / _BLADES) - np.pi / _BLADES
    away = np.hypot(x, y) * (0.5 + 0.5 * np.cos(sector) / np.cos(np.pi / _BLADES))
    inside = 1 - smoothstep(0.90, 1.04, np.asarray(away, np.float32))
    rim = 1.0 + ghost.rim * np.exp(-(((away - 0.88) / 0.07) ** 2))
    return np.asarray(ghost.light * inside * rim, np.float32)


def _stamp(light: Field, tone: tuple[float, float, float]) -> _Stamp:
    root = np.round(255 * np.sqrt(np.clip(light, 0, 1))).astype(np.uint8)
    return _Stamp(root, half_size(root), (tone[1], tone[2]))


def _add(planes: Planes, stamp: _Stamp, x: float, y: float, power: float) -> None:
    """Add a stamp about a point, cut at the border of the view."""
    height, width = planes.y.shape
    rows, columns = stamp.root.shape
    left, top = round(x - columns / 2) // 2 * 2, round(y - rows / 2) // 2 * 2
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + columns, width), min(top + rows, height)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    part = stamp.root[y0 - top : y1 - top, x0 - left : x1 - left]
    shine(planes.y, part, power, y0, x0)
    half = stamp.half[(y0 - top) // 2 : (y1 - top) // 2, (x0 - left) // 2 : (x1 - left) // 2]
    for plane, tone in zip((planes.u, planes.v), stamp.tone, strict=True):
        veil(plane, half, tone, min(0.6 * power, 1.0), y0 // 2, x0 // 2)


def flares(
    lamp: Lamp, request: AirRequest, atmosphere: Atmosphere, presence: Presence
) -> list[Flare]:
    """The flare of a lamp."""
    return [Flare(lamp, request, atmosphere, presence)]
