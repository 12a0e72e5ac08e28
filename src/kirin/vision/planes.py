"""Pictures as encoders take them: BT.709 Y, U and V planes, limited range, 4:2:0 sited left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kirin.domain.frame import Frame
from kirin.vision.kernels import Plane, downsample_chroma
from kirin.vision.resampling import rescale

Rgb = NDArray[np.uint8]
"""A picture: shape ``(height, width, 3)``, uint8, sRGB."""

Box = tuple[float, float, float, float]
"""Part of a picture: left, top, right, bottom in pixels; (0, 0) is the outer corner."""

KR, KB = 0.2126, 0.0722
"""Weights of red and blue in luma: ITU-R BT.709-6, item 3.2."""

_KG = 1.0 - KR - KB
# Limited range: 219 steps of luma above 16, 224 of chroma around 128 (BT.709-6, item 4.6).
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

_GAP = 3.0  # samples per sample of the result that averages over whole pixels leave


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
        """Convert from RGB; an odd last row or column is dropped."""
        height, width = rgb.shape[0] // 2 * 2, rgb.shape[1] // 2 * 2
        y, u, v = cv2.split(cv2.transform(rgb[:height, :width], _TO_YUV))
        return cls(cast(Plane, y), half_size(cast(Plane, u)), half_size(cast(Plane, v)))

    @classmethod
    def of_frame(cls, frame: Frame) -> Planes:
        """The planes of an I420 frame, as views: writing to them changes the frame."""
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
        """Convert to RGB, with chroma interpolated from its sample positions."""
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
    """An uninitialised I420 frame; both sides must be even."""
    return np.empty((height * 3 // 2, width), np.uint8)


def picture_to_frame(rgb: Rgb, width: int, height: int) -> Frame:
    """A picture, resized, as an I420 frame.

    Args:
        rgb: the picture, of the aspect of the frame.
        width, height: of the frame, both even.
    """
    planes = Planes.from_rgb(resize_shown(rgb, width, height))
    flat = np.concatenate([plane.ravel() for plane in (planes.y, planes.u, planes.v)])
    return flat.reshape(height * 3 // 2, width)


def half_size(plane: Plane) -> Plane:
    """A plane of even sides, subsampled like chroma."""
    out = np.empty((plane.shape[0] // 2, plane.shape[1] // 2), np.uint8)
    downsample_chroma(plane, out)
    return out


def resize(rgb: Rgb, width: int, height: int, box: Box | None = None) -> Rgb:
    """Scale a picture, or the part of it in ``box``, by Lanczos-3 without aliasing.

    Strong reductions start with averages over whole pixels. It is for what networks and searches
    for patches look at, whose answers may turn on a rounding; what is shown takes
    :func:`resize_shown`.
    """
    with Image.fromarray(rgb) as image:
        return np.asarray(
            image.resize((width, height), Image.Resampling.LANCZOS, box=box, reducing_gap=_GAP)
        )


def shrunk(rgb: Rgb, side: int | None) -> tuple[Rgb, float]:
    """A picture with a longest side of some pixels at most, and its share of the picture's size."""
    longest = max(rgb.shape[:2])
    if side is None or longest <= side:
        return rgb, 1.0
    share = side / longest
    return resize(rgb, round(rgb.shape[1] * share), round(rgb.shape[0] * share)), share


def resize_shown(rgb: Rgb, width: int, height: int, box: Box | None = None) -> Rgb:
    """The same to a rounding, four times as fast."""
    part = box or (0.0, 0.0, float(rgb.shape[1]), float(rgb.shape[0]))
    reduction = max((part[2] - part[0]) / width, (part[3] - part[1]) / height)
    if reduction < 2 * _GAP:
        return rescale(rgb, width, height, part)
    return resize(rgb, width, height, box)
