"""The light on a face: what lips and white things look like in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kirin.vision.face.face import INNER_LIPS, OUTER_LIPS
from kirin.vision.planes import Planes
from kirin.vision.pose.landmarks import Values

_WHITE: Final = 0.97
"""Quantile of a face's luma that is what white would be in its light, highlights apart."""

_TINT: Final = 0.75  # share of the skin's tint that is the light's
_WHITER: Final = 1.9
"""Most that white is brighter than skin in one light: a rim of light is brighter yet."""

_BLACK: Final = 16.0  # of limited range (BT.709-6, item 4.6)
_GREY: Final = 128.0


@dataclass(frozen=True, slots=True)
class MouthPalette:
    """The light on a face: Y, U and V of limited range.

    Attributes:
        lip: of the lower lip.
        white: of a white thing in the same light.
    """

    lip: tuple[float, float, float]
    white: tuple[float, float, float]

    @classmethod
    def of(cls, planes: Planes, points: Values) -> MouthPalette:
        """Read the colours of a face.

        Args:
            planes: the frame.
            points: the face's mesh, shape (468, 2), pixels.
        """
        height, width = planes.y.shape
        left, top = np.maximum(points.min(axis=0), 0).astype(int)
        right, bottom = np.minimum(points.max(axis=0), (width, height)).astype(int)
        step = max(1, (bottom - top) // 64)
        face = planes.y[top:bottom:step, left:right:step]
        white = float(np.quantile(face, _WHITE)) if face.size else 200.0
        lips = (points[list(OUTER_LIPS[1][2:9])] + points[list(INNER_LIPS[1][2:9])]) / 2
        lip = _mean(planes, lips)
        skin = _mean(planes, points[[50, 205, 280, 425]])
        white = min(white, _BLACK + _WHITER * (skin[0] - _BLACK))
        tint = tuple(_GREY + _TINT * (value - _GREY) for value in skin[1:])
        return cls(lip, (white, tint[0], tint[1]))


def _mean(planes: Planes, points: Values) -> tuple[float, float, float]:
    """Mean colour at some points of a frame."""
    height, width = planes.y.shape
    x = np.clip(points[:, 0].astype(int), 0, width - 1)
    y = np.clip(points[:, 1].astype(int), 0, height - 1)
    luma, u, v = planes.y[y, x], planes.u[y // 2, x // 2], planes.v[y // 2, x // 2]
    return float(luma.mean()), float(u.mean()), float(v.mean())
