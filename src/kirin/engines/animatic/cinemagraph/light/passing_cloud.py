"""The shadow of a cloud that passes over the land."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from kirin.domain.motion import Span
from kirin.engines.animatic.cinemagraph.light.kernel import Map
from kirin.engines.animatic.cinemagraph.light.light_maps import LightMaps
from kirin.vision.matting.guided_filter import Floats

_DEPTH = 0.42  # of the gamma-encoded light that the thick of a cloud takes: one and a half stops
_COOL = 5.0  # U per unit of luma: what is left comes from the sky
_WIDE = 0.8  # of the way over the picture: width of the shadow
_NEAREST = 0.35  # of the height below the horizon at which perspective stops


class PassingCloud:
    """A soft shadow on the ground, in perspective, that comes and goes."""

    def __init__(
        self, sky: Floats, horizon: float, heading: float, span: Span, count: int, seed: int
    ) -> None:
        """Args:
        sky: share of sky in each cell.
        horizon: as a share of the height.
        heading: 1 to the right, -1 to the left.
        span: when it passes.
        count: of the shot's frames.
        seed: of its outline.
        """
        self._span = span
        self._count = count
        self._sky = sky
        rows, columns = sky.shape
        y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
        down = (y + 0.5) / rows
        # A plane seen at a flat angle: what is near is wide, what is far is narrow and flat.
        near = np.clip((down - horizon) / max(1 - horizon, 0.05), 0, 1) + _NEAREST
        across = ((x + 0.5) / columns - 0.5) / near
        away = 1 / near
        self._across = cast(Floats, (across * heading).astype(np.float32))
        self._away = cast(Floats, away.astype(np.float32))
        # The haze before what is far away scatters light into its shadow.
        self._depth = np.asarray(np.clip(0.25 + 2.2 * (near - _NEAREST), 0, 1), np.float32)
        self._reach = float(np.abs(across).max())
        rng = np.random.default_rng(seed)
        noise = rng.standard_normal((64, 128)).astype(np.float32)
        soft = cv2.GaussianBlur(noise, (0, 0), 5) + 0.3 * cv2.GaussianBlur(noise, (0, 0), 2)
        self._edge = soft / soft.std()

    def change(self, state: LightMaps, number: int) -> LightMaps:
        """The light with it in a frame."""
        at = number / max(self._count - 1, 1)
        time = (at - self._span.start) / max(self._span.end - self._span.start, 1e-6)
        if not 0 < time < 1:
            return state
        half = _WIDE * self._reach
        centre = (2 * time - 1) * (self._reach + 1.6 * half)
        place = (self._across - np.float32(centre)) / np.float32(half)
        rows = np.clip(self._away * 12 + 8, 0, 62)
        columns = np.clip(place * 16 + 64, 0, 126)
        edge = cv2.remap(self._edge, columns, rows, cv2.INTER_LINEAR)
        distance = np.abs(place) + np.float32(0.1) * edge
        inside = np.clip((np.float32(1.15) - distance) / np.float32(0.6), 0, 1)
        shade = inside * inside * (3 - 2 * inside) * self._depth
        if float(shade.max()) <= 0:
            return state
        covered = state.copy()
        maps = covered.maps
        maps[Map.GAIN] *= 1 - _DEPTH * shade
        maps[Map.CHROMA] *= 1 - _DEPTH * shade
        maps[Map.TINT_U] += _COOL * shade
        return covered
