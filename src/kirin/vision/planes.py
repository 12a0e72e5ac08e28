"""Pictures as encoders want them: planes of BT.709 Y, U and V, limited range, 4:2:0 sited left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kirin.domain.frame import Frame
from kirin.vision.kernels import Plane, halve

Rgb = NDArray[np.uint8]
"""A picture: shape ``(height, width, 3)``, uint8, sRGB."""

Box = tuple[float, float, float, float]
"""A part of a picture: left, top, right, bottom in pixels, (0, 0) the corner of the first."""

KR, KB = 0.2126, 0.0722
"""Shares of red and blue in luma: ITU-R BT.709-6, item 3.2."""

_KG = 1.0 - KR - KB
# Limited range: 219 steps of luma from 16, 224 of chroma around 128 (BT.709-6, item 4.6).
_LUMA, _CHROMA = 219 / 255, 224 / 255
_U, _V = _CHROMA / (2 * (1 - KB)), _CHROMA / (2 * (1 - KR))
_TO_YUV = np.array(
    [
        [_LUMA * KR, _LUMA * _KG, _LUMA * KB, 16],
        [-_U * KR, -_U * _KG, _U * (1 - KB), 128],
        [_V * (1 - KR), -_V * _KG, -_V * KB, 128],
    ]
)
_TO_RGB = np.linalg.inv(_TO_YUV[:, :3])
_FROM_YUV = np.hstack([_TO_RGB, -_TO_RGB @ _TO_YUV[:, 3:]])


@dataclass(frozen=True, slots=True)
class Planes:
    """A picture as three planes.

    Attributes:
        y: luma, shape ``(height, width)``, both even; uint8, black 16, white 235.
        u, v: chroma, shape ``(height // 2, width // 2)``; uint8 around 128. Sample ``(i, j)``
            sits at column ``2 j`` and midway between rows ``2 i`` and ``2 i + 1``.
    """

    y: Plane
    u: Plane
    v: Plane

    @classmethod
    def from_rgb(cls, rgb: Rgb) -> Planes:
        """Convert; an odd last row or column is dropped."""
        height, width = rgb.shape[0] // 2 * 2, rgb.shape[1] // 2 * 2
        y, u, v = cv2.split(cv2.transform(rgb[:height, :width], _TO_YUV))
        return cls(cast(Plane, y), half_size(cast(Plane, u)), half_size(cast(Plane, v)))

    @classmethod
    def of_frame(cls, frame: Frame) -> Planes:
        """The planes of an I420 frame: views, so writing them writes the frame."""
        height, width = frame.shape[0] * 2 // 3, frame.shape[1]
        luma, chroma = height * width, height * width // 4
        flat = frame.reshape(-1)
        shape = (height // 2, width // 2)
        return cls(
            frame[:height],
            flat[luma : luma + chroma].reshape(shape),
            flat[luma + chroma :].reshape(shape),
        )

    def to_rgb(self) -> Rgb:
        """Convert back, chroma interpolated from where it is sited."""
        height, width = self.y.shape
        # Output column x is chroma column x / 2; output row y is chroma row (y - 1/2) / 2.
        place = np.array([[0.5, 0.0, 0.0], [0.0, 0.5, -0.25]])
        full = [
            cv2.warpAffine(
                plane,
                place,
                (width, height),
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REPLICATE,
            )
            for plane in (self.u, self.v)
        ]
        return cast(Rgb, cv2.transform(cv2.merge([self.y, *full]), _FROM_YUV))


def new_frame(width: int, height: int) -> Frame:
    """An I420 frame of the given even size, its content not set."""
    return np.empty((height * 3 // 2, width), np.uint8)


def half_size(plane: Plane) -> Plane:
    """A plane of even sides at the size and the siting of chroma."""
    out = np.empty((plane.shape[0] // 2, plane.shape[1] // 2), np.uint8)
    halve(plane, out)
    return out


def resize(rgb: Rgb, width: int, height: int, box: Box | None = None) -> Rgb:
    """Scale a picture, or the part of it in ``box``, with a filter that neither blurs nor aliases.

    Lanczos-3, widened when it shrinks; far reductions start with whole-pixel averages.
    """
    with Image.fromarray(rgb) as image:
        return np.asarray(
            image.resize((width, height), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
        )
