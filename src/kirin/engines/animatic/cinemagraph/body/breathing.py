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
from kirin.vision.sampling import ROW, pack_fours, pack_upright_fours, runs_of, shift

Floats = NDArray[np.float32]
Runs = NDArray[np.int32]

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
        opacity: of the texture, of its height and width; ``None`` where it is opaque. What is
            not seen is not moved.
    """

    def __init__(self, field: Floats, depth: Sequence[float], opacity: Plane | None = None) -> None:
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
        part = np.s_[box.top : box.bottom, box.left : box.right]
        inside, moves = field[part], strength[part].astype(np.uint8)
        reach = int(np.ceil(float(np.abs(inside).max()))) + 2
        around = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
        seen, edge = moves, moves
        if opacity is not None:
            own = np.ascontiguousarray(opacity[part])
            most, least = cv2.dilate(own, around), cv2.erode(own, around)
            seen = moves * (most > 0)
            edge = moves * (most != least)
        self._fields = {1: _axes(inside, 1), 2: _axes(inside, 2)}
        self._fours = {
            step: np.empty(fields[0].shape, np.int32) for step, fields in self._fields.items()
        }
        self._seen = {1: runs_of(seen, ROW), 2: runs_of(_any(seen), ROW)}
        self._edge = {1: runs_of(edge, ROW), 2: runs_of(_any(edge), ROW)}

    def state(self, number: int) -> float:
        """How deep the breath is."""
        return float(self._depth[number])

    def draw(self, planes: Planes, number: int) -> None:
        """Draw the breath of a frame."""
        self._warp(planes.y, 1, number, self._seen)
        self._warp(planes.u, 2, number, self._seen)
        self._warp(planes.v, 2, number, self._seen)

    def draw_outline(self, alpha: Plane, half: Plane, number: int) -> None:
        """Move the subject's outline with its colours."""
        self._warp(alpha, 1, number, self._edge)
        self._warp(half, 2, number, self._edge)

    def _warp(self, plane: Plane, step: int, number: int, runs: dict[int, Runs]) -> None:
        depth = float(self._depth[number])
        if depth <= 0:
            return
        box = self.box
        out = plane[box.top // step : box.bottom // step, box.left // step : box.right // step]
        fours = self._fours[step]
        across, down = self._fields[step]
        pack_fours(out, fours)
        shift(fours, across, np.float32(-depth), runs[step], False, out)
        pack_upright_fours(out, fours)
        shift(fours, down, np.float32(-depth), runs[step], True, out)


def _axes(field: Floats, step: int) -> tuple[Floats, Floats]:
    """A field by axis, in samples of a plane with ``step`` pixels per sample."""
    size = (field.shape[1] // step, field.shape[0] // step)
    small = field if step == 1 else cv2.resize(field, size, interpolation=cv2.INTER_AREA)
    across, down = (np.ascontiguousarray(small[..., axis]) / np.float32(step) for axis in (0, 1))
    return across, down


def _any(mask: Plane) -> Plane:
    """Whether any of the four pixels of a sample of chroma is in a mask."""
    return cast(Plane, mask[0::2, 0::2] | mask[1::2, 0::2] | mask[0::2, 1::2] | mask[1::2, 1::2])
