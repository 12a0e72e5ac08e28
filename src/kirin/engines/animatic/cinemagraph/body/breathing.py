"""Breathing: how deep a breath is in each frame, and the part that a chest or a flank moves by."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.motion import WHOLE, Span
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes

Floats = NDArray[np.float32]

_IN, _OUT = 0.38, 0.47  # shares of a breath: in, out; then a pause (Benchetrit 2000)
_UNEVEN = 0.12  # how much breaths differ in depth and length
_STILL = 0.02  # pixels: displacements below are none


def breaths(
    count: int, fps: float, per_minute: tuple[float, float], seed: int, span: Span = WHOLE
) -> Sequence[float]:
    """How deep the breath is in each frame, 0 (out) to 1 (in); 0 in the first.

    Args:
        count, fps: of the shot.
        per_minute: least and greatest number of breaths.
        seed: of rate and unevenness.
        span: of the shot.
    """
    chance = random.Random(seed)  # noqa: S311  # not a secret
    length = 60 / chance.uniform(*per_minute)
    depth = np.zeros(count)
    times = np.arange(count) / fps
    start, end = count / fps * span.start, count / fps * span.end
    while start < end:
        lasts = length * (1 + chance.uniform(-_UNEVEN, _UNEVEN))
        deep = 1 - chance.uniform(0, _UNEVEN)
        share = (times - start) / lasts
        rise = np.clip(share / _IN, 0, 1)
        fall = np.clip((share - _IN) / _OUT, 0, 1)
        # Out is faster at its start: the chest falls by its own weight.
        one = np.sin(rise * np.pi / 2) ** 2 * np.cos(np.sqrt(fall) ** 1.5 * np.pi / 2) ** 2
        inside = (share > 0) & (share < _IN + _OUT)
        depth = np.where(inside, deep * one, depth)
        start += lasts
    return [float(each) for each in depth]


class BreathingPart:
    """Moves a texture by a fixed field, farther in some frames than in others.

    Args:
        field: displacement at full depth in pixels of the texture, x and y, shape
            ``(height, width, 2)``: of the whole texture.
        depth: share of it in each frame.
    """

    def __init__(self, field: Floats, depth: Sequence[float]) -> None:
        self._depth = depth
        strength = np.abs(field).max(axis=2) > _STILL
        rows, columns = np.flatnonzero(strength.any(1)), np.flatnonzero(strength.any(0))
        height, width = field.shape[:2]
        if not len(rows):
            raise ValueError("the field moves nothing")
        self.box = Rectangle(
            int(columns[0]) // 2 * 2,
            int(rows[0]) // 2 * 2,
            min((int(columns[-1]) + 2) // 2 * 2, width // 2 * 2),
            min((int(rows[-1]) + 2) // 2 * 2, height // 2 * 2),
        )
        box = self.box
        inside = field[box.top : box.bottom, box.left : box.right]
        parts = [np.ascontiguousarray(inside[..., axis]) for axis in (0, 1)]
        self._drawn = -1
        self._places: dict[int, tuple[Floats, Floats]] = {}
        self._fields = {1: parts, 2: [_halved(part) for part in parts]}

    def draw(self, planes: Planes, number: int) -> None:
        """Draw the breath of a frame."""
        self._warp(planes.y, 1, number, cv2.INTER_CUBIC)
        self._warp(planes.u, 2, number, cv2.INTER_LINEAR)
        self._warp(planes.v, 2, number, cv2.INTER_LINEAR)

    def draw_outline(self, alpha: Plane, half: Plane, number: int) -> None:
        """Move the subject's outline with its colours."""
        self._warp(alpha, 1, number, cv2.INTER_LINEAR)
        self._warp(half, 2, number, cv2.INTER_LINEAR)

    def _warp(self, plane: Plane, step: int, number: int, filter_: int) -> None:
        depth = float(self._depth[number])
        if depth <= 0:
            return
        if self._drawn != number:
            self._drawn, self._places = number, {}
        if step not in self._places:
            self._places[step] = self._sources(step, depth)
        box = self.box
        moved = cv2.remap(plane, *self._places[step], filter_, borderMode=cv2.BORDER_REPLICATE)
        plane[box.top // step : box.bottom // step, box.left // step : box.right // step] = moved

    def _sources(self, step: int, depth: float) -> tuple[Floats, Floats]:
        """Which column and row of a plane is seen at each sample of the box."""
        box, (across, down) = self.box, self._fields[step]
        rows, columns = across.shape
        share = np.float32(depth / step)
        left, top = np.float32(box.left // step), np.float32(box.top // step)
        x = np.arange(columns, dtype=np.float32) + left - share * across
        y = np.arange(rows, dtype=np.float32)[:, None] + top - share * down
        return x, y


def _halved(field: Floats) -> Floats:
    size = (field.shape[1] // 2, field.shape[0] // 2)
    return cast(Floats, cv2.resize(field, size, interpolation=cv2.INTER_AREA))
