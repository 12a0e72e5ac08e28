"""Lightning: a bolt in the sky, and a flash of light over the whole frame."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kirin.domain.motion import AirRequest
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere
from kirin.engines.animatic.cinemagraph.air.drawing import shine
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.cinemagraph.part import AirPart
from kirin.engines.animatic.scene.lightning import bolt_lines, draw_bolt, flash_power
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.planes import Planes
from kirin.vision.sky.sky import Sky

_FLASH: Final = 0.75  # seconds until nothing is left of a flash
_BOLT: Final = 0.36  # seconds for which its bolt is seen
_SKY: Final = 0.1  # share of the picture: the least sky for a bolt
_COOL: Final = 5.0  # steps of chroma by which a flash is bluer than the light of the day


class Strikes:
    """When lightning strikes, and where; shared by the bolt and its flash.

    Args:
        request: what the prompt asks for.
        atmosphere: of the picture.
        presence: when.
        sky: of the picture.
    """

    def __init__(
        self, request: AirRequest, atmosphere: Atmosphere, presence: Presence, sky: Sky
    ) -> None:
        rng = atmosphere.rng(500)
        width, height = atmosphere.size
        end = min(presence.end, atmosphere.seconds(atmosphere.still.count))
        often = 1.6 - request.strength
        weight = sky.alpha[: int(0.9 * len(sky.alpha)) + 1].sum(axis=0)
        weight = weight / weight.sum()
        self.times: list[float] = []
        self.places: list[float] = []
        self.bolts: list[Field] = []
        at = presence.start + float(rng.uniform(0.3, 0.7))
        while at < end:
            column = int(rng.choice(len(weight), p=weight))
            seen = np.flatnonzero(sky.alpha[:, column] > 0.5)
            foot = (float(seen[-1]) + 1) / len(sky.alpha) if len(seen) else sky.horizon
            x = (column + 0.5) / len(weight) * width
            self.times.append(at)
            self.places.append(x / width)
            start = (x, -0.03 * height)
            self.bolts.append(bolt_lines(rng, start, max(foot, 0.15) * height, atmosphere.unit))
            at += float(rng.uniform(0.9, 2.2)) * often

    def powers(self, seconds: float) -> list[float]:
        """Light of each strike, 0 where it is over or has not begun."""
        since = [seconds - at for at in self.times]
        return [
            flash_power(late) * min((_FLASH - late) / 0.2, 1.0) if 0.0 <= late < _FLASH else 0.0
            for late in since
        ]


class Bolt:
    """The bolts, and the clouds that they light; hidden by all that is not sky."""

    disparity = 0.01

    def __init__(self, strikes: Strikes, atmosphere: Atmosphere, sky: Sky) -> None:
        self._strikes, self._air = strikes, atmosphere
        self._mask = np.round(255 * sky.alpha).astype(np.uint8)
        rows, columns = self._mask.shape
        self._y, self._x = np.mgrid[0:rows, 0:columns].astype(np.float32)
        self._y, self._x = self._y / rows, self._x / columns

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Draw the bolts of a frame over a view."""
        t = self._air.seconds(number)
        powers = self._strikes.powers(t)
        if not any(powers):
            return
        width, height = self._air.size
        mask = self._air.in_view(self._mask, pose, self.disparity)
        for k, power in enumerate(powers):
            if not power:
                continue
            away = ((self._x - self._strikes.places[k]) / 0.28) ** 2 + (self._y / 0.9) ** 2
            lit = np.sqrt(0.16 * np.exp(-away)) * self._mask
            root = self._air.in_view(np.round(lit).astype(np.uint8), pose, self.disparity)
            shine(planes.y, root, min(power, 1.0), 0, 0)
            if t - self._strikes.times[k] < _BOLT:
                lines = self._strikes.bolts[k].copy()
                for x, y in ((0, 1), (2, 3)):
                    view = pose.view(self.disparity)
                    across = (lines[:, x] / width - 0.5 - view.x) * view.scale * width
                    down = (lines[:, y] / height - 0.5 - view.y) * view.scale * height
                    cos, sin = np.cos(view.roll), np.sin(view.roll)
                    lines[:, x] = cos * across + sin * down + width / 2
                    lines[:, y] = cos * down - sin * across + height / 2
                self._strike(planes, mask, lines, min(power, 1.0))

    def _strike(self, planes: Planes, mask: np.ndarray, lines: Field, power: float) -> None:
        height, width = planes.y.shape
        reach = 8 * float(lines[:, 4].max())
        left = max(int(lines[:, [0, 2]].min() - reach), 0) // 2 * 2
        right = min(int(lines[:, [0, 2]].max() + reach) + 2, width) // 2 * 2
        bottom = min(int(lines[:, [1, 3]].max() + reach) + 2, height) // 2 * 2
        if right <= left or bottom <= 0:
            return
        part = planes.y[:bottom, left:right]
        plane = part.astype(np.float32)
        placed = lines - np.array([left, 0, left, 0, 0], np.float32)
        draw_bolt(plane, placed, power, 0, bottom)
        share = mask[:bottom, left:right].astype(np.float32) / 255
        gain = (plane - part) * share
        part[:] = np.clip(part + gain, 16, 235).astype(np.uint8)
        # A bolt is white, and its halo a pale violet.
        glow = cv2.resize(
            np.clip(gain / 120, 0, 1),
            (part.shape[1] // 2, bottom // 2),
            interpolation=cv2.INTER_AREA,
        )
        for chroma, tone in ((planes.u, 138.0), (planes.v, 129.0)):
            there = chroma[: bottom // 2, left // 2 : right // 2]
            there[:] = np.round(there + (tone - there) * glow).astype(np.uint8)


class Flash:
    """The light of the strikes on everything; near, so that the subject is lit as well."""

    disparity = 1.0

    def __init__(self, strikes: Strikes, atmosphere: Atmosphere) -> None:
        self._strikes, self._air = strikes, atmosphere
        # In the dark a flash is the only light; by day it hardly counts.
        self._gain = 0.22 + 0.5 * atmosphere.night + 0.25 * (atmosphere.ambient[0] < 150)

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Brighten a view."""
        del pose
        power = min(sum(self._strikes.powers(self._air.seconds(number))), 1.3) * self._gain
        if power <= 0.003:
            return
        level = np.clip((np.arange(256) - 16) / 219, 0, 1)
        lit = np.sqrt(np.minimum(level**2 * (1 + 2.4 * power) + 0.015 * power, 1.0))
        table = np.maximum(np.round(16 + 219 * lit), np.arange(256)).astype(np.uint8)
        planes.y[:] = cv2.LUT(planes.y, table)
        steps = np.arange(256) + _COOL * power
        planes.u[:] = cv2.LUT(planes.u, np.clip(np.round(steps), 0, 255).astype(np.uint8))


def lightning(
    request: AirRequest, atmosphere: Atmosphere, presence: Presence
) -> tuple[list[AirPart], list[float]] | None:
    """Lightning in the sky, and when it strikes; ``None`` where there is no sky."""
    sky = atmosphere.sky
    if sky is None or sky.area < _SKY:
        return None
    strikes = Strikes(request, atmosphere, presence, sky)
    return [Bolt(strikes, atmosphere, sky), Flash(strikes, atmosphere)], strikes.times
