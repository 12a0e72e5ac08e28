"""Depth of field: layers are soft by how far they are from the focus, which may be pulled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.motion import FocusPull
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.engines.animatic.photo.layer import PictureLayer
from kirin.engines.animatic.photo.stack import LayerStack
from kirin.vision.compiled import compiled
from kirin.vision.easing import ease
from kirin.vision.kernels import Plane

Floats = NDArray[np.float64]
Values = NDArray[np.float32]
Levels = NDArray[np.uint8]

_APERTURE: Final = 0.014
"""Radius of the circle of confusion of what is farthest from the focus, in short sides."""
_LEVELS: Final = (0.0, 0.25, 0.5, 1.0)
"""Blurs that are made beforehand, as shares of the widest; between two of them they are mixed."""
_OPENING: Final = 0.8
"""Seconds in which the aperture opens: the first frame is the picture, all of it as it is."""
_PULL: Final = (0.3, 0.75)
"""When the focus goes, as shares of the shot."""
_SHARP: Final = 0.06
"""Depth of field: share of the range of disparities that is sharp around the focus."""
_GLARE: Final = 7.0
"""How much more a full white weighs in a mean than a black, as in ``look.focus``."""


@dataclass(frozen=True, slots=True)
class FocusTrack:
    """Where the lens is focused, and how far it is open.

    Attributes:
        pull: where the focus goes.
        count: frames of the shot.
        fps: frames per second.
        subject, background: their disparities.
    """

    pull: FocusPull
    count: int
    fps: float
    subject: float
    background: float

    def opening(self, number: int) -> float:
        """How far the aperture is open in a frame, 0 to 1."""
        seconds = min(_OPENING, 0.3 * self.count / self.fps)
        return float(ease(np.array([number / self.fps / max(seconds, 1e-6)]))[0])

    def focus(self, number: int) -> float:
        """Disparity that is sharp in a frame."""
        share = number / max(self.count - 1, 1)
        gone = float(ease(np.array([(share - _PULL[0]) / (_PULL[1] - _PULL[0])]))[0])
        if self.pull is FocusPull.TO_BACKGROUND:
            return self.subject + (self.background - self.subject) * gone
        if self.pull is FocusPull.TO_SUBJECT:
            return self.background + (self.subject - self.background) * gone
        return self.subject

    def softness(self, disparity: Floats, number: int) -> Floats:
        """How soft what is at disparities is in a frame, 0 to 1."""
        apart = np.abs(disparity - self.focus(number)) / max(
            abs(self.subject - self.background), 1e-3
        )
        soft = np.clip((apart - _SHARP) / (1 - _SHARP), 0, 1)
        return np.asarray(soft * self.opening(number), np.float64)


class DepthOfField:
    """Softens the layers of a stack, frame by frame.

    Args:
        stack: whose textures are at rest.
        track: of the focus.
        radius: of the widest blur, in pixels of the textures.
        changing: boxes of each layer's texture in which it moves.
    """

    def __init__(
        self,
        stack: LayerStack,
        track: FocusTrack,
        radius: float,
        changing: Sequence[Sequence[Rectangle]],
    ) -> None:
        self._track = track
        self._layers = [
            _SoftLayer(layer.drawn.layer, radius, boxes)
            for layer, boxes in zip(stack.layers, changing, strict=True)
        ]

    @staticmethod
    def radius(view: tuple[int, int], density: float) -> float:
        """Of the widest blur, in pixels of a texture of some density."""
        return _APERTURE * min(view) * density

    def show(self, number: int) -> None:
        """Soften the textures, which are sharp where they move, for a frame."""
        for layer in self._layers:
            layer.show(self._track, number)

    def opening(self, number: int) -> float:
        """How far the aperture is open in a frame, 0 to 1."""
        return self._track.opening(number)


class _SoftLayer:
    """A layer in several blurs."""

    def __init__(self, layer: PictureLayer, radius: float, boxes: Sequence[Rectangle]) -> None:
        self._layer = layer
        self._radius = radius
        self._boxes = boxes
        self._levels: list[Levels] = [
            np.stack([_soft(plane, radius * level / grid.step, not i) for level in _LEVELS])
            for i, (plane, grid) in enumerate(layer.planes)
        ]
        self._rows = [
            layer.relief.at(layer.row_of(np.arange(float(plane.shape[0])), grid))
            for plane, grid in layer.planes
        ]
        self._shown: Floats | None = np.zeros(1)

    def show(self, track: FocusTrack, number: int) -> None:
        """Mix the two blurs that are nearest to what each row needs."""
        softness = [track.softness(rows, number) for rows in self._rows]
        if self._shown is not None and not self._boxes:
            same = self._shown if len(self._shown) > 1 else np.zeros_like(softness[0])
            if np.array_equal(same, softness[0]):
                return
        for box in self._boxes:
            self._update(box)
        for (plane, _), levels, soft in zip(
            self._layer.planes, self._levels, softness, strict=True
        ):
            at = np.interp(soft, _LEVELS, np.arange(len(_LEVELS)))
            lower = np.minimum(at.astype(np.int64), len(_LEVELS) - 2)
            _mix(levels, lower, np.round((at - lower) * 256).astype(np.int64), plane)
        self._layer.renew()
        self._shown = softness[0]

    def _update(self, box: Rectangle) -> None:
        """Blur a box anew, whose sharp texture the layer has now."""
        reach = int(np.ceil(self._radius)) + 2
        parts = zip(self._layer.planes[:3], self._levels[:3], strict=True)
        for index, ((plane, grid), levels) in enumerate(parts):
            step = grid.step
            here = np.s_[box.top // step : box.bottom // step, box.left // step : box.right // step]
            levels[0][here] = plane[here]
            height, width = plane.shape
            pad = reach // step + 1
            top, bottom = max(box.top // step - pad, 0), min(box.bottom // step + pad, height)
            left, right = max(box.left // step - pad, 0), min(box.right // step + pad, width)
            y0, y1 = max(top - pad, 0), min(bottom + pad, height)
            x0, x1 = max(left - pad, 0), min(right + pad, width)
            source = np.ascontiguousarray(levels[0][y0:y1, x0:x1])
            for number, level in enumerate(_LEVELS[1:], 1):
                soft = _soft(source, self._radius * level / step, not index)
                levels[number][top:bottom, left:right] = soft[
                    top - y0 : bottom - y0, left - x0 : right - x0
                ]


def _soft(plane: Plane, radius: float, bright: bool) -> Plane:
    """A plane through a disc; ``bright`` counts for more, as in linear light."""
    if radius < 0.3:
        return plane.copy()
    # The mean over a large disc is smooth: it is computed at a reduced size.
    factor = max(1, int(radius / 4))
    height, width = plane.shape
    size = max(width // factor, 2), max(height // factor, 2)
    small = plane if factor == 1 else cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    disc = _disc(radius / factor)
    values: Values = small.astype(np.float32)
    if bright:
        share = np.clip((values - 16) / 219, 0, 1)
        weight = np.asarray(0.15 + _GLARE * share**4, np.float32)
        values = _filtered(weight * values, disc) / _filtered(weight, disc)
    else:
        values = _filtered(values, disc)
    if factor > 1:
        values = cast(Values, cv2.resize(values, (width, height), interpolation=cv2.INTER_LINEAR))
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


def _filtered(values: Values, kernel: Values) -> Values:
    return cast(Values, cv2.filter2D(values, -1, kernel, borderType=cv2.BORDER_REPLICATE))


def _disc(radius: float) -> Values:
    """The aperture, with a smooth rim."""
    side = int(np.ceil(radius + 0.5))
    at = np.arange(-side, side + 1, dtype=np.float32)
    distance = np.sqrt(at[None] ** 2 + at[:, None] ** 2)
    disc = np.clip(radius + 0.5 - distance, 0, 1)
    return np.asarray(disc / disc.sum(), np.float32)


@compiled
def _mix(levels: Levels, lower: NDArray[np.int64], share: NDArray[np.int64], out: Plane) -> None:
    """Each row of ``out`` is ``share`` / 256 of the way from one level to the next."""
    rows, columns = out.shape
    for i in range(rows):
        a, b, line = levels[lower[i], i], levels[lower[i] + 1, i], out[i]
        w = np.uint32(share[i])
        for x in range(columns):
            mixed = np.uint32(a[x]) * (np.uint32(256) - w) + np.uint32(b[x]) * w
            line[x] = np.uint8((mixed + np.uint32(128)) >> np.uint32(8))
