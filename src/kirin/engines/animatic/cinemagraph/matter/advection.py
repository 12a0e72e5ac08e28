"""Matter that is carried along: a part of a picture moved by a flow field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.cinemagraph.matter.timing import Progress
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.vision.advection import CELL, advect, layer_maps
from kirin.vision.inpainting.pull_push import pull_push
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes, Rgb, half_size
from kirin.vision.sampling import Words, pack_squares, runs_of

Floats = NDArray[np.float32]

_STEPS: Final = 17  # of a path through the flow, per period
_BLEND = 0.06  # s in which edges, where colours mix, fade from rest to motion
_SPREAD_OVER = 0.7  # periods in which the phases of the parts of a flow drift apart

Varying = Callable[[float], Floats]
"""A map of cells that changes with the seconds of motion."""


@dataclass(frozen=True, slots=True)
class FlowField:
    """How matter flows in a box. All maps have one sample per cell of ``CELL`` pixels.

    Attributes:
        velocity: pixels per second to the right and down, shape (rows, columns, 2).
        period: seconds after which a layer starts anew.
        stagger: phase of each cell in cycles, about -0.25 to 0.25: so the cross-fade never
            happens everywhere at once.
        swing: displacement in pixels, of the same shape as ``velocity``, at a time in seconds:
            eddies that come and go.
        gain: brightness at a time in seconds, 1 at rest.
        contrast: how much of what the cross-fade takes is given back, 0 to 1: much where the
            texture is fine, none where single edges would be overdrawn.
        mixes: whether what is around the region is carried along with it, as the dark around
            flames; else colours from outside never get in.
    """

    velocity: Floats
    period: float
    stagger: Floats
    swing: Varying | None = None
    gain: Varying | None = None
    contrast: float = 0.0
    mixes: bool = False


class Advection:
    """A texture part: what is in a region moves along a flow field. Not thread-safe.

    Args:
        picture: the whole texture.
        alpha: of the region, of the picture's size.
        box: of the region.
        flow: in the box.
        progress: of the shot.
    """

    def __init__(
        self, picture: Rgb, alpha: Plane, box: Rectangle, flow: FlowField, progress: Progress
    ) -> None:
        self._box = box
        self._flow = flow
        self._progress = progress
        part = np.s_[box.top : box.bottom, box.left : box.right]
        own = np.ascontiguousarray(alpha[part])
        rgb = picture[part]
        source = Planes.from_rgb(rgb if flow.mixes else filled(rgb, own))
        travel = float(np.abs(flow.velocity).max()) * flow.period
        sigma = float(np.clip(travel / 4, 2, 24))
        self._planes = [
            _Carried.of(source.y, own, sigma, CELL, 16),
            *(
                _Carried.of(plane, half_size(own), sigma / 2, CELL // 2, 128)
                for plane in (source.u, source.v)
            ),
        ]
        self._paths = paths_of(flow.velocity, flow.period)
        shape = flow.velocity.shape[:2]
        self._maps = np.zeros((7, *shape), np.float32)
        self._still = np.zeros((*shape, 2), np.float32)

    @property
    def box(self) -> Rectangle:
        """All that it may change."""
        return self._box

    def draw(self, planes: Planes, number: int) -> None:
        """Blend the moved matter into a texture."""
        seconds = float(self._progress.seconds[number])
        vigour = float(self._progress.vigour[number])
        if seconds <= 0:
            return
        flow = self._flow
        spread = _smooth(seconds / (_SPREAD_OVER * flow.period))
        phase = np.float32(seconds / flow.period) + flow.stagger * np.float32(spread)
        swing = flow.swing(seconds) if flow.swing else self._still
        settled = np.float32(_smooth(seconds / 0.8))
        lost = np.float32(flow.contrast)
        layer_maps(self._paths, phase, swing, (settled, lost), self._maps)
        self._maps[6] = 1
        if flow.gain:
            self._maps[6] += (flow.gain(seconds) - 1) * np.float32(vigour)
        amount = np.float32(_smooth(seconds / _BLEND))
        luma, *chroma = self._planes
        luma.blend(luma.stretched(self._maps), amount, self._box, planes.y)
        maps = chroma[0].stretched(self._maps)
        for plane, own in zip((planes.u, planes.v), chroma, strict=True):
            own.blend(maps, amount, self._box, plane)


@dataclass(frozen=True, slots=True)
class _Carried:
    """One plane of what is carried along; see :func:`advect`."""

    squares: Words
    mean: Plane
    alpha: Plane
    runs: NDArray[np.int32]
    cell: int
    black: int

    @classmethod
    def of(cls, source: Plane, alpha: Plane, sigma: float, cell: int, black: int) -> _Carried:
        """Blur a plane, and put it into the form that is sampled."""
        squares = np.empty(source.shape, np.int32)
        pack_squares(source, squares)
        return cls(squares, _blurred(source, sigma), alpha, runs_of(alpha), cell, black)

    def stretched(self, maps: Floats) -> Floats:
        """Maps of cells with a sample for every column of this plane."""
        size = maps.shape[2] * self.cell, maps.shape[1]
        out = np.empty((len(maps), size[1], size[0]), np.float32)
        for one, wide in zip(maps, out, strict=True):
            cv2.resize(one, size, wide, interpolation=cv2.INTER_LINEAR)
        return out

    def blend(self, maps: Floats, amount: np.float32, box: Rectangle, plane: Plane) -> None:
        """Blend it into a plane of the whole texture; ``maps`` are stretched."""
        step = CELL // self.cell
        out = plane[box.top // step : box.bottom // step, box.left // step : box.right // step]
        advect(
            self.squares,
            self.mean,
            self.alpha,
            self.runs,
            maps,
            self.cell,
            np.float32(self.black),
            amount,
            out,
        )


def cells_of(box: Rectangle) -> tuple[int, int]:
    """Rows and columns of the maps of a box."""
    return -(-(box.bottom - box.top) // CELL), -(-(box.right - box.left) // CELL)


def paths_of(velocity: Floats, period: float) -> Floats:
    """Where matter was and will be, by small steps against the flow and along it.

    Returns:
        Displacements in pixels, shape (steps, rows, columns, 2): the first from half a period
        ahead, the middle 0, the last from half a period ago.
    """
    rows, columns = velocity.shape[:2]
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    out = np.zeros((_STEPS, rows, columns, 2), np.float32)
    middle = _STEPS // 2
    step = period / (_STEPS - 1) / CELL
    for sign in (1, -1):
        px, py = x.copy(), y.copy()
        for k in range(1, middle + 1):
            there = cv2.remap(velocity, px, py, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            px -= np.float32(sign * step) * there[..., 0]
            py -= np.float32(sign * step) * there[..., 1]
            out[middle + sign * k, ..., 0] = (px - x) * CELL
            out[middle + sign * k, ..., 1] = (py - y) * CELL
    return out


def filled(rgb: Rgb, alpha: Plane) -> Rgb:
    """A picture whose colours outside a mask, and at its rim, are continued from the inside."""
    inside = cv2.erode((alpha > 240).astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1)
    if not inside.any():
        inside = (alpha > 0).astype(np.uint8)
    return pull_push(np.ascontiguousarray(rgb), inside.astype(np.float32))


def _blurred(plane: Plane, sigma: float) -> Plane:
    return cast(Plane, cv2.GaussianBlur(plane, (0, 0), sigma))


def _smooth(share: float) -> float:
    w = min(max(share, 0.0), 1.0)
    return w * w * (3 - 2 * w)
