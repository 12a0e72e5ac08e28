"""The scene of a picture: where its sky, its ground and what stands far away are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.depth.floor import find_floor
from kirin.vision.depth.ground_line import GroundLine
from kirin.vision.inpainting.pull_push import pull_push
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb, resize
from kirin.vision.sky.evidence import SkyEvidence

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

_BLURRED = (12.0, 0.6)  # detail of a blurred ground, in 8-bit steps; of that of the subject
_BAND = 0.03  # share of the picture: less between the sky and the ground is no layer
_HIDING = 0.3  # of the saliency: what may stand before the ground


@dataclass(frozen=True, slots=True, eq=False)
class PictureScene:
    """Where things are in a picture that was reduced to some 256 pixels.

    Attributes:
        small: the picture.
        sky: what is sky, also behind subjects; ``None`` if there is none.
        line: row at which the ground ends in each column, in pixels; ``None`` if no ground is
            seen, or if all that is not sky is ground.
        grounded: whether there is a ground.
    """

    small: Rgb
    sky: Mask | None
    line: NDArray[np.int64] | None
    grounded: bool

    @property
    def start(self) -> float:
        """The row at which the ground starts, as a share of the height; 0 if it has no end."""
        height = self.small.shape[0]
        if self.line is not None:
            return float(np.median(self.line) / height)
        if self.sky is not None:
            ends = height - np.argmax(self.sky[::-1], axis=0)
            return float(np.median(np.where(self.sky.any(axis=0), ends, 0)) / height)
        return 0.0

    @classmethod
    def read(cls, rgb: Rgb, small: Rgb, sky: Mask | None, subjects: Plane) -> PictureScene:
        """Analyse a picture.

        Args:
            rgb: the picture.
            small: the same, from :func:`kirin.vision.sky.sky.reduced`.
            sky: what is sky in ``small``, if anything.
            subjects: their masks in one, 0 to 255, of any size.
        """
        size = (small.shape[1], small.shape[0])
        hidden = cv2.resize(subjects, size, interpolation=cv2.INTER_AREA) > 127
        reach = cv2.dilate(hidden.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
        if sky is not None:
            return cls._with_sky(small, sky, hidden, reach)
        if _blurred(rgb, subjects):
            return cls(small, None, None, False)
        floor = find_floor(small, reach)
        if floor is not None:
            return cls(small, None, np.full(size[0], round(floor * size[1]), np.int64), True)
        return cls(small, None, None, _seen_from_above(hidden))

    @classmethod
    def _with_sky(cls, small: Rgb, sky: Mask, hidden: Mask, reach: Mask) -> PictureScene:
        level = SkyEvidence.of(small, sky).level
        sky = _continued(sky, hidden)
        if sky.all():
            return cls(small, sky, None, False)
        line = GroundLine.find(small, sky, reach)
        if line and line.clear:
            between = (~sky & (np.arange(len(sky))[:, None] < line.rows[None])).mean()
            return cls(small, sky, line.rows if between > _BAND else None, True)
        return cls(small, sky, None, level < 0.045)


def _continued(sky: Mask, hidden: Mask) -> Mask:
    """A sky that goes on behind the subjects before it."""
    rim = cv2.dilate(hidden.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if not rim.any() or rim.all():
        return sky
    field = np.repeat((sky * np.uint8(255))[..., None], 3, axis=2)
    filled = pull_push(field, (~rim).astype(np.float32))[..., 0] > 127
    rows = np.flatnonzero((sky & ~rim).any(axis=1))
    if len(rows):
        filled[int(rows[-1]) + 1 :] = False
    return cast(Mask, np.where(rim, filled, sky))


def _blurred(rgb: Rgb, subjects: Plane) -> bool:
    """Whether everything but the subject is out of focus: then no ground can be seen."""
    height, width = rgb.shape[:2]
    scale = min(1.0, 1024 / max(height, width))
    work = resize(rgb, round(width * scale), round(height * scale))
    detail = np.abs(cv2.Laplacian(cv2.cvtColor(work, cv2.COLOR_RGB2GRAY).astype(np.float32), -1))
    own = cv2.resize(subjects, (work.shape[1], work.shape[0]))
    behind, before = own < 20, own > 230
    if behind.mean() < 0.02:
        return False
    limit, share = _BLURRED
    around = float(np.quantile(detail[behind], 0.9))
    if before.mean() < 0.002:
        return around < limit / 2
    return around < limit and around < share * float(np.quantile(detail[before], 0.9))


def _seen_from_above(hidden: Mask) -> bool:
    """Whether a picture without a horizon shows a ground: not where a subject fills it."""
    return not bool(hidden[-1].mean() > 0.5)
