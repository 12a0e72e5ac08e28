"""Post-processing: roll, vignette, film grain, and rounding to an I420 frame."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.layer import Bytes
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled
from kirin.vision.planes import Planes, new_frame

_GRAIN = 512
_STRENGTH = 0.9
"""Standard deviation of the grain in steps of luma: it dithers dark gradients, and costs the
encoder little."""
_VIGNETTE = 0.20
"""Darkening in the corners."""


class Finish:
    """Turns canvases into frames.

    Args:
        width, height: of the frames.
        rng: of the grain.
    """

    def __init__(self, width: int, height: int, rng: np.random.Generator) -> None:
        self._size = width, height
        # Film grain is a little coarser than a pixel.
        grain = cv2.GaussianBlur(rng.normal(size=(_GRAIN, _GRAIN)).astype(np.float32), (3, 3), 0.5)
        self._grain = (grain * np.float32(_STRENGTH / grain.std())).astype(np.float32)
        self._x = ((np.arange(width) + 0.5) / width * 2 - 1).astype(np.float32) ** 2
        self._y = ((np.arange(height) + 0.5) / height * 2 - 1).astype(np.float32) ** 2

    def frame(self, canvas: SceneCanvas, roll: float, number: int) -> Frame:
        """Make a frame of a canvas.

        Args:
            canvas: drawn without roll.
            roll: of the camera, radians.
            number: of the frame; it shifts the grain.
        """
        width, height = self._size
        frame = new_frame(width, height)
        out = Planes.of_frame(frame)
        # Two odd strides shift the grain without a visible pattern.
        down, across = (number * 197) % _GRAIN, (number * 331) % _GRAIN
        luma = _rotated(canvas.y, width, height, roll, 1)
        _develop(luma, self._grain, down, across, self._x, self._y, _VIGNETTE / 2, out.y)
        for source, target in ((canvas.u, out.u), (canvas.v, out.v)):
            _round(_rotated(source, width // 2, height // 2, roll, 2), target)
        return frame


def _rotated(plane: Field, width: int, height: int, roll: float, step: int) -> Field:
    """The centre of a plane, rotated against the camera's roll.

    The centre of a chroma plane is half a luma sample left of the picture's, with or without roll.
    """
    rows, columns = plane.shape
    if roll == 0.0 and rows == height:
        return plane
    cos, sin = float(np.cos(roll)), float(np.sin(roll))
    shift = 0.25 if step == 2 else 0.0
    cx, cy = width / 2 - 0.5 + shift, height / 2 - 0.5
    sx, sy = columns / 2 - 0.5 + shift, rows / 2 - 0.5
    # A pixel of the view samples the canvas at its position rotated by the roll.
    place = np.array([[cos, -sin, sx - cos * cx + sin * cy], [sin, cos, sy - sin * cx - cos * cy]])
    return np.asarray(
        cv2.warpAffine(
            plane,
            place,
            (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )


@compiled
def _develop(
    luma: Field,
    grain: Field,
    down: int,
    across: int,
    x: Field,
    y: Field,
    vignette: float,
    out: Bytes,
) -> None:
    rows, columns = out.shape
    low, high = np.float32(16), np.float32(235)
    for i in range(rows):
        speckle = grain[(i + down) & 511]
        line, target = luma[i], out[i]
        edge = np.float32(1) - np.float32(vignette) * y[i]
        fall = np.float32(vignette)
        for j in range(columns):
            value = (line[j] - low) * (edge - fall * x[j]) + low
            value += speckle[(j + across) & 511] + np.float32(0.5)
            out_value = min(max(value, low), high)
            target[j] = np.uint8(np.int32(out_value))


@compiled
def _round(plane: Field, out: Bytes) -> None:
    rows, columns = out.shape
    for i in range(rows):
        line, target = plane[i], out[i]
        for j in range(columns):
            value = min(max(line[j] + np.float32(0.5), np.float32(16)), np.float32(240))
            target[j] = np.uint8(np.int32(value))
