"""Figures: placed subjects with a shadow and idle motion, rendered in any pose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.framing import Relief
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.engines.animatic.photo.layer import CHROMA, LUMA, Grid, PictureLayer
from kirin.engines.animatic.scene.shadow import STEP, Shadow
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Box, Planes, Rgb, half_size

DENSITY = 1.25
"""Pixels of a figure per pixel of the rest view: four taps reduce no more without aliasing."""

_DARK = (16.0, 128.0, 128.0)  # Y, U and V of black
_TINT = 4.0  # steps of U added to shadows and of V removed: the blue of the open sky
_MARGIN = 0.02  # of the view's height: margin of a figure's window for its idle motion

Target = Sequence[NDArray[Any]]
"""Planes of Y, U and V to draw on: uint8 of a frame, or float32 of a scene's canvas."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The surface that figures are drawn on.

    Attributes:
        width, height: of the view, in pixels.
        canvas: width and height of the planes, with the same centre: a scene with roll is drawn
            larger than the view. All sizes are even.
    """

    width: int
    height: int
    canvas: tuple[int, int]

    @property
    def share(self) -> tuple[float, float]:
        """The view's share of the canvas' width and height."""
        return self.width / self.canvas[0], self.height / self.canvas[1]


@dataclass(frozen=True, slots=True)
class IdleMotion:
    """Idle motion of a figure about its foot: breathing, sway and drift.

    Attributes:
        breath: growth of its height, as a share.
        sway: displacement of its top, in shares of its height.
        phase: in radians; it should differ between figures.
        drift: vertical displacement in view heights; 0 for what stands.
    """

    breath: float = 0.0
    sway: float = 0.0
    phase: float = 0.0
    drift: float = 0.0

    def at(self, seconds: float) -> tuple[float, float, float]:
        """Breath, sway and drift at a time."""
        turn, phase = 2 * math.pi * seconds, self.phase
        breath = 0.5 - 0.5 * math.cos(turn * 0.27 + phase)
        sway = 0.7 * math.sin(turn * 0.13 + 1.3 * phase) + 0.3 * math.sin(turn * 0.31 + phase)
        drift = math.sin(turn * 0.11 + 2.1 * phase)
        return self.breath * breath, self.sway * sway, self.drift * drift


class Figure:
    """A placed subject. It reuses its own buffers, so it is not thread-safe.

    Args:
        rgb, alpha: of the subject; both sides even, best at :data:`DENSITY`.
        box: in the rest view: left and right in its widths, top and bottom in its heights, from
            its centre. The bottom is the foot.
        disparity: as in ``Pose.view``.
        screen: that it is drawn on.
        shadow: that it casts, if any.
        idle: its idle motion.
    """

    def __init__(
        self,
        rgb: Rgb,
        alpha: Plane,
        box: Box,
        disparity: float,
        screen: Screen,
        shadow: Shadow | None = None,
        idle: IdleMotion | None = None,
    ) -> None:
        self.box = box
        self.disparity = disparity
        self._idle = idle or IdleMotion()
        self._screen = screen
        height, width = alpha.shape
        self._pixel = (box[2] - box[0]) / width, (box[3] - box[1]) / height
        planes = Planes.from_rgb(rgb)
        self._body = self._layer(
            [
                (planes.y, LUMA),
                (planes.u, CHROMA),
                (planes.v, CHROMA),
                (np.ascontiguousarray(alpha), LUMA),
                (half_size(alpha), CHROMA),
            ],
            (0.0, 0.0),
            1.0,
            # Without idle motion the layer is flat, which is drawn twice as fast.
            Relief(1.0, 0.0, box[3] * screen.share[1])
            if self._idle.breath or self._idle.sway
            else Relief.flat_at(0.0),
        )
        self._shadow: PictureLayer | None = None
        self._shadow_box = box
        if shadow:
            px, py = self._pixel
            left, top = box[0] + shadow.left * px, box[1] + shadow.top * py
            rows, columns = shadow.alpha.shape
            self._shadow_box = (left, top, left + columns * STEP * px, top + rows * STEP * py)
            self._shadow = self._layer(
                [(shadow.alpha, LUMA), (half_size(shadow.alpha), CHROMA)],
                (shadow.left, shadow.top),
                STEP,
                Relief.flat_at(0.0),
            )

    def _layer(
        self,
        planes: list[tuple[Plane, Grid]],
        corner: tuple[float, float],
        step: float,
        relief: Relief,
    ) -> PictureLayer:
        """A layer with samples of ``step`` pixels, at an offset from the figure's corner."""
        px, py = self._pixel
        size = 1.0 / px / step, 1.0 / py / step  # the rest view's, in pixels of the layer
        centre = (
            (-self.box[0] / px - corner[0]) / step,
            (-self.box[1] / py - corner[1]) / step,
        )
        across, down = self._screen.share
        return PictureLayer(
            planes, centre, (size[0] / across, size[1] / down), self._screen.canvas, relief
        )

    def draw(self, target: Target, pose: Pose, seconds: float, presence: float = 1.0) -> None:
        """Composite the shadow and then the subject onto planes of the screen's canvas.

        Args:
            target: planes of Y, U and V.
            pose: of the camera; without its roll if the canvas is rotated afterwards.
            seconds: since the shot's start.
            presence: opacity of the figure, 0 to 1.
        """
        breath, sway, drift = self._idle.at(seconds)
        seen = pose.view(self.disparity)
        across, down = self._screen.share
        flat = Pose(x=seen.x * across, y=(seen.y + drift) * down, zoom=seen.scale, roll=seen.roll)
        if self._shadow:
            window = self._window(flat, self._shadow_box)
            if window:
                parts = self._shadow.draw(flat, window)
                for plane, alpha, index in zip(
                    target, (parts[0], parts[1], parts[1]), range(3), strict=True
                ):
                    step = 1 if index == 0 else 2
                    tint = (0.0, _TINT, -_TINT)[index]
                    _darken(
                        plane,
                        alpha,
                        window.left // step,
                        window.top // step,
                        _DARK[index] + tint,
                        0.5 if plane.dtype == np.uint8 else 0.0,
                        presence,
                    )
        left, top, right, bottom = self.box
        window = self._window(flat, self.box)
        if not window:
            return
        # The layer's relief has disparity 1 at the top of the canvas and 0 at the foot.
        rise = (bottom - top) / (bottom + 0.5 / down)
        middle = ((left + right) / 2 - seen.x) * across
        grow = breath / rise
        lean = -sway * (bottom - top) * self._screen.height / self._screen.width * across / rise
        moved = Pose(
            x=flat.x,
            y=flat.y,
            zoom=flat.zoom,
            roll=flat.roll,
            truck_x=lean + middle * grow,
            dolly=grow,
        )
        y, u, v, alpha, coarse = self._body.draw(moved, window)
        for plane, drawn, opacity, step in zip(
            target, (y, u, v), (alpha, coarse, coarse), (1, 2, 2), strict=True
        ):
            half = 0.5 if plane.dtype == np.uint8 else 0.0
            _composite(
                plane, drawn, opacity, window.left // step, window.top // step, half, presence
            )

    def _window(self, flat: Pose, box: Box) -> Rectangle | None:
        """The part of the canvas in which a box of the rest view may be visible."""
        width, height = self._screen.canvas
        across_share, down_share = self._screen.share
        left, top, right, bottom = box
        across = (np.array([left, right, left, right]) * across_share - flat.x) * flat.zoom * width
        down = (np.array([top, top, bottom, bottom]) * down_share - flat.y) * flat.zoom * height
        cos, sin = math.cos(flat.roll), math.sin(flat.roll)
        x = cos * across + sin * down + width / 2
        y = cos * down - sin * across + height / 2
        spare = _MARGIN * height
        x0, x1 = max(int(x.min() - spare) // 2 * 2, 0), min(int(x.max() + spare) // 2 * 2, width)
        y0, y1 = max(int(y.min() - spare) // 2 * 2, 0), min(int(y.max() + spare) // 2 * 2, height)
        return Rectangle(x0, y0, x1, y1) if x1 - x0 >= 2 and y1 - y0 >= 2 else None


@compiled
def _composite(
    below: NDArray[Any],
    above: Plane,
    alpha: Plane,
    left: int,
    top: int,
    half: float,
    share: float,
) -> None:
    """As :func:`kernels.blend`, with alpha scaled by ``share``, also for float planes.

    ``half`` is 0.5 for uint8 planes, to round, and 0 for float planes.
    """
    rows, columns = above.shape
    unit, more = np.float32(share / 255), np.float32(half)
    for i in range(rows):
        b, a, w = below[top + i, left : left + columns], above[i], alpha[i]
        for x in range(columns):
            under = np.float32(b[x])
            b[x] = under + (np.float32(a[x]) - under) * (np.float32(w[x]) * unit) + more


@compiled
def _darken(
    below: NDArray[Any],
    alpha: Plane,
    left: int,
    top: int,
    towards: float,
    half: float,
    share: float,
) -> None:
    """Blend a plane towards a value by alpha times ``share``."""
    rows, columns = alpha.shape
    unit, more, value = np.float32(share / 255), np.float32(half), np.float32(towards)
    for i in range(rows):
        b, w = below[top + i, left : left + columns], alpha[i]
        for x in range(columns):
            under = np.float32(b[x])
            b[x] = under + (value - under) * (np.float32(w[x]) * unit) + more
