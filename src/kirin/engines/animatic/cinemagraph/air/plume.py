"""Smoke and steam that rise from where they come from, curl, and dissolve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np

from kirin.domain.motion import AirRequest, Particle
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere
from kirin.engines.animatic.cinemagraph.air.drawing import veil
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.cinemagraph.air.source import Source
from kirin.engines.animatic.cinemagraph.air.swarm import wind
from kirin.engines.animatic.scene.noise import Field, Noise, smoothstep
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes


@dataclass(frozen=True, slots=True)
class PlumeKind:
    """How a plume looks.

    Attributes:
        tall: its height, in view heights.
        spread: growth of its width on the way, in widths of the mouth.
        rise: heights of the plume per second.
        curl: how far it is bent, in view heights.
        sheets: 0 for billows, 1 for thin sheets.
        fine: billows across the mouth.
        thick: opacity where it is thickest.
        light: share of the picture's light that it sends back.
    """

    tall: float
    spread: float
    rise: float
    curl: float
    sheets: float
    fine: float
    thick: float
    light: float


PLUMES: Final[dict[Particle, PlumeKind]] = {
    Particle.STEAM: PlumeKind(0.50, 0.9, 0.40, 0.10, 0.55, 0.9, 1.15, 1.0),
    Particle.SMOKE: PlumeKind(0.60, 3.4, 0.34, 0.16, 0.15, 0.8, 0.85, 0.66),
}
_STEP: Final = 3.0  # pixels of a view of 720 rows per sample


class Plume:
    """One plume.

    Args:
        kind: how it looks.
        source: where it rises from.
        request: what the prompt asks for.
        atmosphere: of the picture.
        presence: when.
    """

    def __init__(
        self,
        kind: PlumeKind,
        source: Source,
        request: AirRequest,
        atmosphere: Atmosphere,
        presence: Presence,
    ) -> None:
        # A hair nearer than what it comes from, so that it is drawn over it.
        self.disparity = min(source.disparity + 0.001, 1.0)
        self._kind, self._source = kind, source
        self._air, self._presence = atmosphere, presence
        self._power = kind.thick * (0.5 + request.strength)
        width, height = atmosphere.size
        mouth = source.width * width
        self._tall = kind.tall * height * (0.8 + 0.4 * request.strength)
        if source.broad:
            self._tall *= 0.75
        else:
            # A thimble does not steam like a cauldron.
            self._tall = min(self._tall, max(mouth * 4.5, 0.16 * height))
        self._tall += source.open * height
        self._blow = wind(request, 0.12, atmosphere) * 0.55 * self._tall
        half = mouth / 2 * (1 + kind.spread) + kind.curl * height + abs(self._blow)
        self._step = _STEP * atmosphere.unit * (2.5 if source.broad else 1.0)
        columns, rows = int(2 * half / self._step) + 2, int(self._tall / self._step) + 2
        self._x = (np.arange(columns, dtype=np.float32) + 0.5) * np.float32(self._step) - half
        self._left = -half
        self._h: Field = np.asarray(1.0 - (np.arange(rows) + 0.5) / rows, np.float32)
        self._begun = self._beginning(mouth / 2, source.open * height)
        self._noise = Noise(atmosphere.rng(400))
        y, u, v = atmosphere.ambient
        # Thin wet air scatters the light of the lamp itself: it is the lightest thing there.
        y = max(y + 24.0, float(np.percentile(atmosphere.luma, 98)) + 6.0)
        self._tone = (min(16 + kind.light * (y - 16), 234.0), 0.5 * u + 64, 0.5 * v + 64)

    def _beginning(self, half: float, tall: float) -> Field:
        """How much of the plume has set out below each sample of its grid, 0 to 1.

        Vapour comes from all of a surface that is seen as an ellipse: one looks through more and
        more of it from the near edge to the far one.

        Args:
            half: of the mouth's width, in pixels.
            tall: of the mouth, in pixels; 0 for one that is seen from the side.
        """
        h = self._h[:, None]
        if not tall:
            return smoothstep(0.0, 0.10, h)
        share = tall / self._tall
        arc = np.sqrt(np.clip(1 - (self._x[None] / half) ** 2, 0, 1))
        near = 0.5 * share * (1 - arc)
        return smoothstep(0.0, 1.0, np.asarray((h - near) / (share * (0.1 + arc)), np.float32))

    def _alpha(self, t: float) -> Field:
        """Opacity of the plume on its grid."""
        kind, noise = self._kind, self._noise
        height = self._air.size[1]
        mouth = self._source.width * self._air.size[0]
        h = self._h[:, None]
        rise = np.float32(t * kind.rise)
        # The air that leaves bends what follows: the bends travel up with the plume.
        bend = noise.fbm(h * 1.3 - rise * 1.1, np.full_like(h, 0.17 * t), 2)
        middle = kind.curl * height * bend * h**0.9 * 1.5 + self._blow * h**1.4
        if self._source.broad:
            # Low and wide: billows of one size, which do not spread from a point.
            wide, size = np.full_like(h, mouth / 2), 0.16 * height
        else:
            wide, size = mouth * (0.42 + 0.5 * kind.spread * h), max(mouth, 0.1 * height)
        off = self._x[None] - middle
        s = off / wide
        a = off / (size if self._source.broad else mouth) * kind.fine * 1.6
        pitch = self._tall / size * kind.fine * (0.8 if self._source.broad else 1.1)
        b = h * pitch
        lifted = b - rise * pitch
        first = noise.fbm(a + 0.11 * t, lifted, 3)
        second = noise.fbm(a + 5.2, lifted * 0.9 - 0.13 * t + 1.7, 3)
        # Noise whose places are moved by noise has the folds of a turbulent flow.
        folds = noise.fbm(a * 1.3 + 1.1 * first, lifted * 1.2 + 1.1 * second, 4)
        sheets = np.exp(-((folds / 0.17) ** 2)) * (0.45 + 0.9 * np.clip(0.5 + second, 0, 1))
        billows = smoothstep(-0.45, 0.5, np.asarray(folds + 0.35 * first, np.float32))
        if self._source.broad:
            # A bank without an edge below: it lies on ground that comes towards the camera.
            foot = smoothstep(0.0, 0.5, np.asarray(h + 0.3 * first - 0.1, np.float32))
            bank = 0.45 * billows * foot * (1 - smoothstep(0.4, 1.0, h))
            return np.asarray(np.clip(self._power * bank, 0, 0.8), np.float32)
        body = kind.sheets * sheets + (1 - kind.sheets) * billows
        across = np.exp(-(s**2) * 1.7)
        fade = self._begun * (1 - smoothstep(0.35, 1.0, h))
        # Outlines fray as it dissolves.
        frayed = np.clip(across * (1.15 + 0.9 * h * first) - 0.08, 0, 1)
        return np.asarray(np.clip(self._power * body * frayed * fade, 0, 0.92), np.float32)

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Draw the plume over a view."""
        t = self._air.seconds(number)
        if self._presence.empty(t):
            return
        climb = self._h * np.float32(self._tall / self._air.size[1])
        still = np.zeros_like(climb)
        speed = self._kind.rise * self._tall / self._air.size[1]
        shown = self._presence.each(t, still, climb, max(speed, 0.05))
        if float(shown.max()) <= 0.002:
            return
        alpha = np.round(255 * self._alpha(t) * shown[:, None]).astype(np.uint8)
        x, y = self._air.placed(self._source.x, self._source.y, pose, self.disparity)
        seen = pose.view(self.disparity)
        cos, sin = np.cos(seen.roll) * seen.scale, np.sin(seen.roll) * seen.scale
        # From samples of the grid to pixels of the view.
        place = np.array([[cos, sin], [-sin, cos]])
        corner = np.array([self._left, -self._tall]) + self._step / 2
        shift = place @ corner + (x, y) - 0.5
        matrix = np.hstack([place * self._step, shift[:, None]])
        self._lay(planes, alpha, matrix)

    def _lay(self, planes: Planes, alpha: np.ndarray, matrix: np.ndarray) -> None:
        width, height = self._air.size
        rows, columns = alpha.shape
        corners = matrix @ np.array(
            [[0, columns, 0, columns], [0, 0, rows, rows], [1, 1, 1, 1]], np.float64
        )
        left = int(np.clip(corners[0].min(), 0, width)) // 2 * 2
        top = int(np.clip(corners[1].min(), 0, height)) // 2 * 2
        right = int(np.clip(corners[0].max() + 2, 0, width)) // 2 * 2
        bottom = int(np.clip(corners[1].max() + 2, 0, height)) // 2 * 2
        if right - left < 2 or bottom - top < 2:
            return
        place = matrix.copy()
        place[:, 2] -= (left, top)
        full = cv2.warpAffine(alpha, place, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
        half = cv2.resize(
            full, ((right - left) // 2, (bottom - top) // 2), interpolation=cv2.INTER_AREA
        )
        y, u, v = self._tone
        veil(planes.y, cast(Plane, full), y, 1.0, top, left)
        veil(planes.u, cast(Plane, half), u, 1.0, top // 2, left // 2)
        veil(planes.v, cast(Plane, half), v, 1.0, top // 2, left // 2)


def plumes(
    source: Source, request: AirRequest, atmosphere: Atmosphere, presence: Presence
) -> list[Plume]:
    """Smoke or steam from a source."""
    return [Plume(PLUMES[request.particle], source, request, atmosphere, presence)]
