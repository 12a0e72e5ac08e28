"""The teeth that a person shows somewhere in a video, kept to be shown again while it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.frame import Frame
from kirin.engines.animatic.lips.light import MouthPalette
from kirin.engines.animatic.lips.mouth import MouthColumns, Utterance
from kirin.engines.animatic.lips.warp import Maps
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes
from kirin.vision.pose.landmarks import Values

_STILL: Final = Utterance(0.0, 0.0, 0.0, 0.0)
_PARTED: Final = 0.03  # units: gap of the lips from which teeth can be seen
_LEAST: Final = 0.012  # square units of teeth below which they are drawn instead
_LIP: Final = 0.014  # units below the upper lip that may still be lip
_SOFT: Final = 0.016  # units over which the teeth fade at the lower lip
_SIDE: Final = 0.12  # of the half mouth: over which they fade in its corners
_DARK: Final = 0.65  # of the lip's luma over black: no tooth is darker
_BRIGHT: Final = 0.95  # of it: from here on all is tooth that is not red
_RED: Final = (0.85, 0.6)  # of the lip's V over grey: all lip, all tooth
_COVERED: Final = 0.03  # units: what closed lips cover of the upper teeth and parted ones do not

_BLACK, _GREY = 16.0, 128.0


@dataclass(frozen=True, slots=True, eq=False)
class Teeth:
    """Upper teeth as seen in one frame.

    Attributes:
        patch: shape ``(h, w, 4)``: Y, U and V of limited range, and 0 to 1 how much is tooth.
            Rows go down from the edge of the upper lip.
        unit: pixels of the patch to a unit of anatomy.
        white: luma of a white thing in the light of that frame.
        area: of the teeth, square units.
    """

    patch: Maps
    unit: float
    white: float
    area: float

    @classmethod
    def of(cls, frame: Frame, points: Values) -> Teeth | None:
        """Cut out the teeth of a face; ``None`` where too little is seen of them.

        Args:
            frame: the picture.
            points: the face's mesh, shape (468, 2), pixels.
        """
        mouth = MouthColumns.of(points, _STILL)
        gap = mouth.table[1] - mouth.table[0]
        if float(gap.max()) < _PARTED * mouth.unit:
            return None
        planes = Planes.of_frame(frame)
        palette = MouthPalette.of(planes, points)
        reach = int(np.ceil(mouth.half))
        x = mouth.centre + np.arange(-reach, reach + 1.0)
        at = x - mouth.left
        columns = np.arange(len(gap))
        upper, gap = (np.interp(at, columns, each) for each in (mouth.table[0], gap))
        below = np.arange(int(np.ceil(gap.max())) + 2) + 0.5
        y = upper + below[:, None]
        c, s = mouth.axis
        across = (mouth.origin[0] + x * c - y * s - 0.5).astype(np.float32)
        down = (mouth.origin[1] + x * s + y * c - 0.5).astype(np.float32)
        patch = np.empty((*across.shape, 4), np.float32)
        patch[..., 0] = _sampled(planes.y, across, down)
        for channel, plane in enumerate((planes.u, planes.v), 1):
            patch[..., channel] = _sampled(plane, across / 2, (down - 0.5) / 2)
        tooth = _bright(patch, palette) * np.clip(
            (gap - below[:, None]) / (_SOFT * mouth.unit), 0, 1
        )
        tooth *= np.clip((1 - np.abs(x - mouth.centre) / mouth.half) / _SIDE, 0, 1)
        deviation = max(0.006 * mouth.unit, 0.5)
        patch[..., 3] = cv2.GaussianBlur(tooth.astype(np.float32), (0, 0), deviation)
        area = float(patch[..., 3].sum()) / mouth.unit**2
        return cls(patch, mouth.unit, palette.white[0], area) if area >= _LEAST else None

    def shown(self, place: Maps, gap: float, white: float) -> Maps:
        """The teeth for pixels of a mouth, shape ``(height, width, 4)``.

        They stay with the head: where the video's own lips show them, they are where they were.

        Args:
            place: as in :class:`~kirin.engines.animatic.lips.warp.MouthField`.
            gap: of the lips in the video's frame, units.
            white: luma of a white thing in this frame.
        """
        hidden = _COVERED * float(np.clip(1 - gap / _PARTED, 0, 1))
        middle = self.patch.shape[1] // 2
        x = place[..., 4] * np.float32(self.unit) + np.float32(middle)
        y = np.maximum(place[..., 3] + np.float32(hidden), _LIP) * np.float32(self.unit) - 0.5
        found = cv2.remap(
            self.patch,
            np.ascontiguousarray(x, np.float32),
            np.ascontiguousarray(y, np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(_BLACK, _GREY, _GREY, 0.0),
        )
        light = min((white - _BLACK) / max(self.white - _BLACK, 1.0), 1.3)
        found[..., 0] = _BLACK + light * (found[..., 0] - _BLACK)
        return cast(Maps, found)


class TeethSeeker:
    """Keeps the teeth of the frame that shows most of them."""

    def __init__(self) -> None:
        self.best: Teeth | None = None

    def look(self, frame: Frame, points: Values) -> None:
        """Look at a frame with a face's mesh."""
        found = Teeth.of(frame, points)
        if found and (self.best is None or found.area > self.best.area):
            self.best = found


def _bright(patch: Maps, palette: MouthPalette) -> NDArray[np.float32]:
    """How much each pixel is a tooth: bright, and less red than a lip."""
    lip = palette.lip[0] - _BLACK
    bright = (patch[..., 0] - _BLACK - _DARK * lip) / max((_BRIGHT - _DARK) * lip, 1.0)
    red = max(palette.lip[2] - _GREY, 6.0)
    pale = (_RED[0] * red - (patch[..., 2] - _GREY)) / ((_RED[0] - _RED[1]) * red)
    return cast(NDArray[np.float32], np.clip(bright, 0, 1) * np.clip(pale, 0, 1))


def _sampled(plane: Plane, x: Maps, y: Maps) -> Plane:
    sampled = cv2.remap(
        np.ascontiguousarray(plane), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(sampled, np.uint8)
