"""Two faces brought to one place: the views of both pictures in which their faces coincide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from kirin.vision.face.face import (
    BROWS,
    INNER_LIPS,
    LOWER_LIDS,
    NOSE_TIP,
    OUTER_LIPS,
    OVAL,
    UPPER_LIDS,
    Face,
)
from kirin.vision.flow.thin_plate import ThinPlate

Values = NDArray[np.float64]

_MARKS: Final = sorted(
    {*OVAL[::2], NOSE_TIP}.union(
        *(line[::2] for line in (*LOWER_LIDS, *UPPER_LIDS, *BROWS, *OUTER_LIPS, *INNER_LIPS))
    )
)
"""The points of the mesh that are carried onto each other."""

_PUSH = 1.12  # least magnification of the larger face: the camera must be seen to move
_CLOSEST = 3.4  # greatest magnification: beyond it a picture is too soft
_STEP = 1.02  # between the magnifications that are tried
_STIFFNESS = 1e-3  # of the warp, for points that differ by the estimator's noise
_BENT, _KEPT = 1.15, 2.4  # distance from a face, in its radii: fully warped, and not at all


@dataclass(frozen=True, slots=True)
class PictureView:
    """A part of a picture, of the picture's own aspect.

    Attributes:
        x, y: its centre in heights of the picture.
        width: as a share of the picture's, 0 to 1.
    """

    x: float
    y: float
    width: float

    def towards(self, share: float, aspect: float) -> PictureView:
        """A view on the way from the whole picture (0) to this one (1): about a fixed point."""
        middle_x, middle_y = aspect / 2, 0.5
        width = self.width**share
        way = (1 - width) / (1 - self.width) if self.width < 1 else 0.0
        return PictureView(
            middle_x + (self.x - middle_x) * way, middle_y + (self.y - middle_y) * way, width
        )


@dataclass(frozen=True, slots=True, eq=False)
class FaceMatch:
    """Where and how two faces meet.

    Attributes:
        views: of both pictures, in which the faces coincide.
        centre: of the faces there, in heights of the view.
        radius: of the faces there, likewise.
        shapes: the marks of both there, relative to the centre, in radii; shape ``(n, 2)``.
    """

    views: tuple[PictureView, PictureView]
    centre: Values
    radius: float
    shapes: tuple[Values, Values]

    @classmethod
    def find(cls, faces: tuple[Face, Face], size: tuple[int, int]) -> FaceMatch | None:
        """The widest views in which two faces coincide; ``None`` if they would be too close.

        Args:
            faces: one of each picture.
            size: width and height of both pictures in pixels.
        """
        aspect = size[0] / size[1]
        marks = [face.points[_MARKS] / size[1] for face in faces]
        rings = [face.points[list(OVAL)] / size[1] for face in faces]
        centres = [ring.mean(axis=0) for ring in rings]
        radii = [
            float(np.sqrt(((ring - centre) ** 2).sum(axis=1).mean()))
            for ring, centre in zip(rings, centres, strict=True)
        ]
        sides = np.array([aspect, 1.0])
        radius = _PUSH * max(radii)
        while radius <= _CLOSEST * min(radii):
            widths = [own / radius for own in radii]
            # The views must lie in their pictures.
            least = np.max(
                [sides - (sides - c) / w for c, w in zip(centres, widths, strict=True)], axis=0
            )
            most = np.min([c / w for c, w in zip(centres, widths, strict=True)], axis=0)
            if (least <= most).all():
                place = np.clip(np.mean(centres, axis=0), least, most)
                first, last = (
                    PictureView(float(at[0]), float(at[1]), width)
                    for at, width in (
                        (centre - (place - sides / 2) * width, width)
                        for centre, width in zip(centres, widths, strict=True)
                    )
                )
                one, other = (
                    (mark - centre) / own
                    for mark, centre, own in zip(marks, centres, radii, strict=True)
                )
                return cls((first, last), place, radius, (one, other))
            radius *= _STEP
        return None

    def bend(self, which: int, share: float, places: Values) -> Values:
        """How far a picture's own pixels lie from places of the view, in heights of the view.

        Args:
            which: picture: 0 or 1.
            share: shape of the faces: 0 that of the first, 1 that of the last.
            places: in heights of the view, shape ``(n, 2)``.
        """
        shape = (1 - share) * self.shapes[0] + share * self.shapes[1]
        plate = ThinPlate.fit(shape, self.shapes[which] - shape, _STIFFNESS)
        relative = (places - self.centre) / self.radius
        kept = 1 - self.near(places)
        out = np.zeros_like(relative)
        inside = kept < 1
        out[inside] = plate.at(relative[inside]) * (1 - kept[inside, None])
        return out * self.radius

    def near(self, places: Values) -> Values:
        """How near places of the view are to the faces: 1 on them, 0 away from them."""
        away = np.hypot(*((places - self.centre) / self.radius).T)
        far = np.clip((away - _BENT) / (_KEPT - _BENT), 0, 1)
        return cast(Values, 1 - far * far * (3 - 2 * far))
