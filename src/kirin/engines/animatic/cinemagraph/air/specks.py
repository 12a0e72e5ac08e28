"""Specks in the air of a picture: points that fall, rise or float."""

from __future__ import annotations

import numpy as np

from kirin.domain.motion import AirRequest
from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere, yuv
from kirin.engines.animatic.cinemagraph.air.drawing import draw_lights, draw_points
from kirin.engines.animatic.cinemagraph.air.kinds import SPECKS, Level, SpeckKind
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.cinemagraph.air.swarm import Sighting, Swarm
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.planes import Planes

_DOT = 0.55  # least radius in pixels
_STREAK = (
    0.85  # of a streak, likewise: a thinner line has steps where it goes on to the next column
)

# Before a face, and for the largest before all of a subject: white and grey read as dirt there.
_FEW = 0.35  # share of the specks that pass
_FAINTER = 0.55  # of the opacity of these, that is taken away
_SHRINK = 0.4  # of their radius, likewise
_LARGE = 10.0  # pixels of a view of 720 rows: what is larger is out of focus
_SMUDGE = 0.6  # how much of that counts before the rest of a subject


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
        level: Level,
        request: AirRequest,
        atmosphere: Atmosphere,
        presence: Presence,
        key: int,
    ) -> None:
        self.disparity = level.disparity
        self._kind, self._level, self._air = kind, level, atmosphere
        self._before = level.disparity > PIVOT and not kind.glow
        rng, unit = atmosphere.rng(key), atmosphere.unit
        self._swarm = Swarm(kind.course, level, request, atmosphere, presence, rng)
        count = self._swarm.count
        # Few are large: sizes of flakes, drops and grains fall off fast.
        spread = rng.random(count) ** 1.7
        low, high = level.radius
        self._radius = np.asarray(unit * (low + (high - low) * spread), np.float32)
        self._least = np.float32(_STREAK if kind.streaks else _DOT)
        self._soft = np.float32(max(unit * level.soft, _STREAK if kind.streaks else 0.5))
        self._alpha = np.asarray(level.alpha * rng.uniform(0.6, 1.0, count), np.float32)
        self._pulse = rng.uniform(*kind.pulse, count).astype(np.float32)
        self._phase = rng.uniform(0, 2 * np.pi, count).astype(np.float32)
        colours = [yuv(each) for each in kind.glow] or [atmosphere.ambient]
        self._colour = np.array(colours, np.float32)[rng.integers(0, len(colours), count)]

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Draw the specks over a view."""
        seen = self._swarm.sighting(pose, number)
        if seen is None:
            return
        width, height = self._air.size
        radius, soft = self._radius * seen.scale, self._soft * seen.scale
        # What is smaller than a pixel covers less of it.
        wide = np.maximum(radius, self._least)
        length = seen.length
        alpha = self._opacity(seen, radius, wide, length)
        if self._before:
            spared = self._air.before_faces(seen.x0, seen.y0, pose)
            if self._level.radius[1] > _LARGE:
                subject = self._air.before_subject(seen.x0, seen.y0, pose)
                spared = np.maximum(spared, _SMUDGE * subject)
            wide = wide * (1 - _SHRINK * spared)
            alpha = alpha * (1 - spared * np.where(self._swarm.delay < _FEW, _FAINTER, 1.0))
        reach = radius + soft + length
        keep = (alpha > 0.004) & (seen.x0 > -reach) & (seen.x0 < width + reach)
        keep &= (seen.y0 > -reach) & (seen.y0 < height + reach)
        edge = np.broadcast_to(soft, wide.shape)
        ends = (seen.x0, seen.y0, seen.x1, seen.y1)
        points = np.stack([*ends, wide, edge, alpha], axis=1)[keep].astype(np.float32)
        colours = self._colour[keep]
        if self._kind.glow:
            draw_lights(planes, points, colours)
        else:
            grey = self._kind.streaks and self._level.radius[1] < 1.5
            draw_points(planes, points, self._lit(colours, points, pose), grey=grey)

    def _opacity(self, seen: Sighting, radius: Field, wide: Field, length: Field) -> Field:
        kind = self._kind
        ink = radius / wide
        alpha = self._alpha * seen.shown * (ink if kind.streaks else ink * ink)
        if not kind.streaks:
            # A moving disc covers a point only for a part of the exposure.
            alpha = alpha * 3 * wide / (3 * wide + length)
        if kind.twinkle:
            wave = np.sin(self._pulse * np.float32(seen.seconds) + self._phase)
            if kind.twinkle >= 1.0:
                wave = 2.0 * np.maximum(wave, 0.0) ** 2 - 1.0
            alpha = alpha * (1.0 + kind.twinkle * (wave - 1.0) / 2)
        if kind.cools:
            cooling = np.float32(0.7) + np.float32(0.9) * self._swarm.delay
            alpha = alpha * np.clip(1.05 - seen.along * cooling, 0.0, 1.0)
        return np.asarray(alpha, np.float32)

    def _lit(self, colours: Field, points: Field, pose: Pose) -> Field:
        """Colours in the light of the place: no white paint at night, grey before a white sky."""
        kind = self._kind
        ambient = np.float32(self._air.ambient[0])
        there = self._air.lit(points[:, 0], points[:, 1], pose)
        lift = np.float32(kind.lift * (1.0 - 0.45 * self._air.night))
        luma = kind.own * ambient + (1 - kind.own) * there + lift
        luma = np.minimum(luma, min(float(ambient) + 60.0, 235.0))
        backlit = there - np.float32(0.36 * kind.lift)
        grey = (luma - there < 0.5 * lift) & (there > 150)
        if self._before:
            # What is grey before a lit face or a shirt reads as dirt on it.
            grey &= self._air.before_subject(points[:, 0], points[:, 1], pose) < 0.4
        luma = np.where(grey, backlit, luma)
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
