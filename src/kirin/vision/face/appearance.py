"""What a face looks like, apart from where it is: to know a person again in a video."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.face.face import LOWER_LIDS, NOSE_TIP
from kirin.vision.planes import Rgb
from kirin.vision.pose.landmarks import Values

_SIDE: Final = 48  # pixels of the patch
_EYES: Final = (0.28, 0.34)  # where in the patch the eyes are: from the left, and from above
_MOUTH: Final = 0.80  # and the mouth, from above
_CORNERS: Final = (61, 291)  # of the mouth, mesh points
_EDGES: Final = (234, 454)  # of the face, at the ears
_FINE, _BROAD = 1.2, 8.0  # pixels: details that tell people apart lie between
_COLOURED: Final = 12.0  # difference of chroma, of 255, that halves the likeness
_SHARP_SIDE: Final = 96


@dataclass(frozen=True, slots=True, eq=False)
class FaceAppearance:
    """A face, set upright and brought to one size.

    Attributes:
        patch: details of its luma, shape (48, 48), mean 0 and length 1.
        chroma: mean red and blue against green at a mean of 128, shape (2,).
        frontal: 1 seen from the front, 0 in profile.
        sharpness: mean square of the finest details, of 255.
    """

    patch: NDArray[np.float32]
    chroma: Values
    frontal: float
    sharpness: float

    @classmethod
    def of(cls, rgb: Rgb, points: Values) -> FaceAppearance:
        """Look at a face.

        Args:
            rgb: the picture.
            points: its mesh, shape (468, 2), pixels.
        """
        upright = _upright(rgb, points, _SIDE)
        grey = cv2.cvtColor(upright, cv2.COLOR_RGB2GRAY).astype(np.float32)
        detail = cv2.GaussianBlur(grey, (0, 0), _FINE) - cv2.GaussianBlur(grey, (0, 0), _BROAD)
        # Light differs from moment to moment: each place is measured against its surroundings.
        spread = np.sqrt(cv2.GaussianBlur(detail * detail, (0, 0), _BROAD)) + 2.0
        patch = detail / spread
        patch -= patch.mean()
        red, green, blue = upright[12:36, 12:36].reshape(-1, 3).mean(axis=0)
        fine = cv2.cvtColor(_upright(rgb, points, _SHARP_SIDE), cv2.COLOR_RGB2GRAY)
        sharpness = float(np.square(cv2.Laplacian(fine, cv2.CV_32F)).mean())
        length = float(np.linalg.norm(patch)) or 1.0
        # Relative to how bright it is, so that dimmed light makes nobody another.
        chroma = np.array([red - green, blue - green]) * (
            128 / max(float(red + green + blue) / 3, 8)
        )
        return cls((patch / length).astype(np.float32), chroma, _frontal(points), sharpness)

    def likeness(self, other: FaceAppearance) -> float:
        """How much two faces look like one person's: 1 is the same picture, 0 nothing alike."""
        alike = float((self.patch * other.patch).sum())
        away = float(np.hypot(*(self.chroma - other.chroma))) / _COLOURED
        return alike * float(np.exp2(-away * away))


def _upright(rgb: Rgb, points: Values, side: int) -> Rgb:
    """The face with its eyes and its mouth where every face has them, square."""
    eyes = [points[[lid[0], lid[-1]]].mean(axis=0) for lid in LOWER_LIDS]
    mouth = points[list(_CORNERS)].mean(axis=0)
    found = np.array([*eyes, mouth], np.float32)
    x, y = _EYES
    meant = np.array([[x, y], [1 - x, y], [0.5, _MOUTH]], np.float32) * side
    # Yaw narrows a face and pitch shortens it: an affine map undoes both.
    move = cv2.getAffineTransform(found, meant)
    left, top = np.maximum(points.min(axis=0) - 8, 0).astype(int)
    right, bottom = points.max(axis=0).astype(int) + 8
    part = rgb[top : max(bottom, top + 1), left : max(right, left + 1)]
    if not part.size:
        return np.zeros((side, side, 3), np.uint8)
    move[:, 2] += move[:, :2] @ (left, top)
    shrink = float(np.sqrt(abs(np.linalg.det(move[:, :2]))))
    if shrink < 0.5:  # bilinear sampling alone would alias
        part = cast(Rgb, cv2.GaussianBlur(part, (0, 0), 0.4 / shrink))
    flags = cv2.INTER_LINEAR
    turned = cv2.warpAffine(part, move, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return cast(Rgb, turned)


def _frontal(points: Values) -> float:
    right, left = points[list(_EDGES)]
    across = left - right
    nose = float((points[NOSE_TIP] - right) @ across / max(float(across @ across), 1e-9))
    return float(np.clip(1 - 2 * abs(nose - 0.5), 0, 1))
