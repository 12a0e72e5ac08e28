"""Birds: a distant flock that crosses the sky."""

from __future__ import annotations

from typing import Final, cast

import cv2
import numpy as np

from kirin.domain.motion import AirRequest
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere
from kirin.engines.animatic.cinemagraph.air.drawing import veil
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.cinemagraph.air.swarm import density, wind
from kirin.engines.animatic.scene.birds import draw_strokes, wing_strokes
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes
from kirin.vision.sky.sky import Sky

_SKY: Final = 0.08  # share of the picture: the least sky that has room for birds
_SPEED: Final = 0.13  # view widths per second


class Flock:
    """A flock in a loose V, with stragglers; it flies in from one side, and out at the other.

    Args:
        request: what the prompt asks for.
        atmosphere: of the picture.
        presence: when.
        sky: in which they fly: what stands before it hides them.
    """

    disparity = 0.1

    def __init__(
        self, request: AirRequest, atmosphere: Atmosphere, presence: Presence, sky: Sky
    ) -> None:
        self._air, self._presence = atmosphere, presence
        rng, unit = atmosphere.rng(600), atmosphere.unit
        _width, height = atmosphere.size
        count = max(int(13 * density(request.strength)), 3)
        self._way = 1.0 if wind(request, 1.0, atmosphere) > 0 else -1.0
        rank = np.arange(count)
        side = np.where(rank % 2 == 0, 1.0, -1.0)
        behind = (rank + 1) // 2
        self._back = behind * 30.0 * unit + np.abs(rng.normal(0, 16 * unit, count))
        self._y = side * behind * 9.0 * unit + rng.normal(0, 10 * unit, count)
        # The middle of the sky, nearer to the horizon than to the border.
        rows = np.flatnonzero(sky.alpha.mean(axis=1) > 0.3)
        top = rows[0] / len(sky.alpha) if len(rows) else 0.0
        low = (rows[-1] + 1) / len(sky.alpha) if len(rows) else sky.horizon
        self._row = (top + 0.52 * (low - top)) * height
        room = 0.4 * (low - top) * height
        self._y *= min(1.0, room / max(float(np.abs(self._y).max()), 1.0))
        self._span = unit * rng.uniform(9.0, 15.0, count)
        self._phase = rng.uniform(0, 6.28, count)
        self._rate = rng.uniform(8.0, 11.0, count)
        self._mask = np.round(255 * sky.alpha).astype(np.uint8)
        self._length = float(self._back.max()) + 40 * unit

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Draw the flock over a view."""
        t = self._air.seconds(number)
        since = t - self._presence.start
        if since <= 0.0:
            return
        unit, (width, height) = self._air.unit, self._air.size
        travelled = _SPEED * width * since
        around = width * 1.5 + self._length
        turn = travelled // around
        if turn and self._presence.start + turn * around / (_SPEED * width) > self._presence.end:
            return
        x = travelled - turn * around - self._back - 12 * unit
        # Banking: the whole flock rises and sinks, the last ones later.
        later = since - self._back / (_SPEED * width)
        y = self._row + self._y + 20 * unit * np.sin(0.8 * later + 1.0)
        y += 0.25 * self._span * np.sin(self._rate * 0.31 * since + self._phase)
        across = x if self._way > 0 else width - x
        effort = np.clip(0.55 + np.sin(0.9 * since + self._phase * 2.0), 0.12, 1.0)
        beat = np.sin(self._rate * since + self._phase) * effort
        view = pose.view(self.disparity)
        seen = np.array(
            [
                self._air.placed(a / width, b / height, pose, self.disparity)
                for a, b in zip(across, y, strict=True)
            ]
        )
        span = self._span * view.scale * (1.0 + 0.12 * np.sin(0.8 * later + 2.2))
        strokes = wing_strokes(seen[:, 0], seen[:, 1], span, beat, self._way)
        reach = 2 * float(span.max())
        box = (
            int(np.clip(seen[:, 0].min() - reach, 0, width)) // 2 * 2,
            int(np.clip(seen[:, 1].min() - reach, 0, height)) // 2 * 2,
            int(np.clip(seen[:, 0].max() + reach + 2, 0, width)) // 2 * 2,
            int(np.clip(seen[:, 1].max() + reach + 2, 0, height)) // 2 * 2,
        )
        if box[2] - box[0] >= 2 and box[3] - box[1] >= 2:
            self._lay(planes, pose, strokes, box)

    def _lay(
        self, planes: Planes, pose: Pose, strokes: np.ndarray, box: tuple[int, int, int, int]
    ) -> None:
        left, top, right, bottom = box
        cover = np.zeros((bottom - top, right - left), np.float32)
        placed = strokes - np.array([left, top, left, top, 0, 0], np.float32)
        draw_strokes(cover, placed, 1.0, 0, bottom - top)
        sky = self._air.in_view(self._mask, pose, self.disparity)[top:bottom, left:right]
        soft = cv2.GaussianBlur(cover, (0, 0), 0.35 * self._air.unit + 0.2)
        alpha = np.round(soft * sky).astype(np.uint8)
        centre = np.array([[(left + right) / 2, (top + bottom) / 2]], np.float32)
        there = float(self._air.lit(centre[:, 0], centre[:, 1], pose)[0])
        # Birds are dark before a light sky, and caught by the light before a dark one.
        dark = there > 78
        tone = 16 + 0.22 * (there - 16) if dark else min(there + 85, 220)
        veil(planes.y, alpha, tone, 0.92 if dark else 0.75, top, left)
        half = cv2.resize(
            alpha, (alpha.shape[1] // 2, alpha.shape[0] // 2), interpolation=cv2.INTER_AREA
        )
        for plane in (planes.u, planes.v):
            veil(plane, cast(Plane, half), 128.0, 0.6, top // 2, left // 2)


def birds(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> list[Flock] | None:
    """A flock, or ``None`` where no sky has room for one."""
    sky = atmosphere.sky
    if sky is None or sky.area < _SKY:
        return None
    return [Flock(request, atmosphere, presence, sky)]
