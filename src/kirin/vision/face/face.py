"""A face: its mesh, its eyes and its mouth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

import numpy as np

from kirin.vision.pose.landmarks import Values

# Points of MediaPipe's face mesh (Kartynnik et al. 2019), by their index. Left and right are the
# person's own.


class EyeSide(IntEnum):
    """Which eye: the person's own."""

    RIGHT = 0
    LEFT = 1


LOWER_LIDS: Final = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133),
    (263, 249, 390, 373, 374, 380, 381, 382, 362),
)
"""Edge of the lower lid, from the outer to the inner corner, by :class:`EyeSide`."""

UPPER_LIDS: Final = (
    (33, 246, 161, 160, 159, 158, 157, 173, 133),
    (263, 466, 388, 387, 386, 385, 384, 398, 362),
)
"""Edge of the upper lid, from the outer to the inner corner."""

CREASES: Final = (
    (130, 247, 30, 29, 27, 28, 56, 190, 243),
    (359, 467, 260, 259, 257, 258, 286, 414, 463),
)
"""The fold above the upper lid, from the outer to the inner side."""

BROWS: Final = ((46, 53, 52, 65, 55), (276, 283, 282, 295, 285))
"""Lower edge of the eyebrow, from the outer to the inner end."""

OUTER_LIPS: Final = (
    (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291),
    (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291),
)
"""Outline of the lips, from the right to the left corner: above, and below."""

INNER_LIPS: Final = (
    (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308),
    (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308),
)
"""Where the lips meet, likewise: the lower edge of the upper lip, the upper of the lower."""

OVAL: Final = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
"""Outline of the face, clockwise in a picture, from the middle of the hairline."""

NOSE_TIP: Final = 1
FOREHEAD: Final = 10
CHIN: Final = 152


@dataclass(frozen=True, slots=True, eq=False)
class EyeLandmarks:
    """An eye.

    Attributes:
        upper, lower: edges of the lids, shape (9, 2), pixels, from the outer to the inner corner.
        crease: the fold above the upper lid, shape (9, 2).
        brow: lower edge of the eyebrow, shape (5, 2), from the outer to the inner end.
        iris: shape (5, 2): the centre, and four points of the rim.
    """

    upper: Values
    lower: Values
    crease: Values
    brow: Values
    iris: Values

    @property
    def width(self) -> float:
        """Distance of the corners, pixels."""
        return float(np.hypot(*(self.upper[-1] - self.upper[0])))

    @property
    def height(self) -> float:
        """Largest distance of the lids, pixels."""
        return float(np.hypot(*(self.upper - self.lower).T).max())

    @property
    def radius(self) -> float:
        """Of the iris, pixels."""
        return float(np.hypot(*(self.iris[1:] - self.iris[0]).T).mean())


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A face in a picture.

    Attributes:
        points: shape (468, 2), pixels, x to the right and y down; (0, 0) is the outer corner of
            the first pixel. The constants of this module name groups of them.
        depth: shape (468,), in the same pixels, negative is nearer than the head's centre.
        irises: shape (2, 5, 2), by :class:`EyeSide`: the centre, and four points of the rim.
        score: that it is a face, 0 to 1.
    """

    points: Values
    depth: Values
    irises: Values
    score: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom, pixels: from the hairline to the chin."""
        left, top = self.points.min(axis=0)
        right, bottom = self.points.max(axis=0)
        return float(left), float(top), float(right), float(bottom)

    @property
    def height(self) -> float:
        """From the hairline to the chin, pixels."""
        return float(np.hypot(*(self.points[CHIN] - self.points[FOREHEAD])))

    @property
    def roll(self) -> float:
        """How far it leans, radians: clockwise in the picture; 0 is upright."""
        across, down = self.points[LOWER_LIDS[1][0]] - self.points[LOWER_LIDS[0][0]]
        return float(np.arctan2(down, across))

    def scaled(self, share: float) -> Face:
        """The face in the picture resized by a factor."""
        points, depth, irises = self.points * share, self.depth * share, self.irises * share
        return replace(self, points=points, depth=depth, irises=irises)

    def eye(self, side: EyeSide) -> EyeLandmarks:
        """One of the eyes."""
        upper, lower, crease, brow = (
            self.points[list(group[side])] for group in (UPPER_LIDS, LOWER_LIDS, CREASES, BROWS)
        )
        return EyeLandmarks(upper, lower, crease, brow, self.irises[side])
