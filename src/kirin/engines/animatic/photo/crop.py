"""The part of a picture that a camera path shows, resampled to the resolution that it needs."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.framing import Framing, PathExtent, Relief
from kirin.engines.animatic.photo.border import (
    ENDING,
    BorderFill,
    continue_border,
    fill_border,
    mirrored,
    soften_border,
)
from kirin.engines.animatic.photo.layer import CHROMA, LUMA, PictureLayer
from kirin.vision.kernels import Plane
from kirin.vision.planes import Box, Planes, Rgb, resize_shown
from kirin.vision.resampling import CUBIC, rescale

_SUPPORT = 3  # pixels of the resampling filters
_HAIR = 1e-6  # of a pixel: less is a rounding error


class CroppedPicture:
    """A crop of a picture.

    Attributes:
        picture: uint8, shape ``(height, width, 3)``, both sides even.
        centre: of the rest view, in pixels of the crop.
        size: of the rest view, in pixels of the crop.
    """

    def __init__(
        self,
        picture: Rgb,
        part: Box,
        centre: tuple[float, float],
        size: tuple[float, float],
    ) -> None:
        self.picture = picture
        self.centre = centre
        self.size = size
        self._part = part

    @classmethod
    def cut(
        cls,
        rgb: Rgb,
        framing: Framing,
        extent: PathExtent,
        width: int,
        density: float,
        *,
        beyond: bool = False,
        exact: bool = False,
    ) -> CroppedPicture:
        """Crop to an extent.

        Args:
            rgb: the picture.
            framing: the rest view in it.
            extent: what to keep.
            width: of the video.
            density: pixels of the crop per pixel of the rest view.
            beyond: whether to fill what the extent has beyond the picture, by reflection.
            exact: whether to keep the extent and no more, so that its pixels are the crop's.
        """
        margin = 0.0 if exact else _SUPPORT * framing.width / (width * density)
        left = framing.x + extent.left * framing.width - margin
        top = framing.y + extent.top * framing.height - margin
        right = framing.x + extent.right * framing.width + margin
        bottom = framing.y + extent.bottom * framing.height + margin
        sides = (float(rgb.shape[1]), float(rgb.shape[0]))
        if not beyond:
            left, top = max(left, 0.0), max(top, 0.0)
            right, bottom = min(right, sides[0]), min(bottom, sides[1])
        scale = width * density / framing.width
        columns = max(round((right - left) * scale / 2) * 2, 16)
        rows = max(round((bottom - top) * scale / 2) * 2, 16)
        across, down = columns / (right - left), rows / (bottom - top)
        source, box = _padded(rgb, (left, top, right, bottom))
        return cls(
            resize_shown(source, columns, rows, box),
            (left / sides[0], top / sides[1], right / sides[0], bottom / sides[1]),
            ((framing.x - left) * across, (framing.y - top) * down),
            (framing.width * across, framing.height * down),
        )

    def crop(self, plane: Plane) -> Plane:
        """The same crop of a plane that covers the whole picture, at the same size."""
        height, width = plane.shape
        left, top, right, bottom = self._part
        box = (left * width, top * height, right * width, bottom * height)
        source, box = _padded(plane, box)
        rows, columns = self.picture.shape[:2]
        return rescale(source, columns, rows, box, CUBIC)

    def patched(self, barred: Plane | None = None) -> BorderFill | None:
        """What is made for the space beyond the border of the whole, if there is any.

        Args:
            barred: mask of what must not be seen twice, of this crop.
        """
        return fill_border(self.picture, self._sides, barred) if self._open else None

    def finished(self, picture: Rgb, fill: BorderFill | None) -> Rgb:
        """A picture of this crop, filled and softened beyond the border of the whole.

        Args:
            picture: of the crop's size, with a reflection beyond the border.
            fill: from :meth:`patched`.
        """
        if fill is None:
            return picture
        done = picture.copy()
        continue_border(done, self._sides, fill)
        soften_border(done, self._sides)
        return done

    @property
    def _open(self) -> bool:
        """Whether the crop shows something beyond the border."""
        height, width = self.picture.shape[:2]
        left, top, right, bottom = self._sides
        return not (min(left, top) <= 0.5 and right >= width - 0.5 and bottom >= height - 0.5)

    def attached(self, alpha: Plane) -> Plane:
        """A subject's alpha in this crop, without its reflection.

        What touches the border ends a hair beyond it, for resampling and for a camera that shows
        a little of that; what only comes near would be seen twice.
        """
        height, width = alpha.shape
        left, top, right, bottom = self._inner
        kept = alpha.copy()
        if top > 0:
            kept[:top] = np.minimum(kept[:top], self._ending(kept[top], top)[::-1])
        if bottom < height:
            end = self._ending(kept[bottom - 1], height - bottom)
            kept[bottom:] = np.minimum(kept[bottom:], end)
        if left > 0:
            kept[:, :left] = np.minimum(
                kept[:, :left], self._ending(kept[:, left], left).T[:, ::-1]
            )
        if right < width:
            end = self._ending(kept[:, right - 1], width - right).T
            kept[:, right:] = np.minimum(kept[:, right:], end)
        return kept

    def _ending(self, line: Plane, count: int) -> Plane:
        """Lines of an alpha beyond its last one, which fade."""
        length = max(ENDING * min(self.size), 1.0)
        share = np.clip(1 - (np.arange(count) - _SUPPORT) / length, 0, 1)
        return np.round(share[:, None] * line[None]).astype(np.uint8)

    @property
    def _inner(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the picture itself, in whole pixels of the crop."""
        height, width = self.picture.shape[:2]
        left, top, right, bottom = self._sides
        return (
            max(math.ceil(left), 0),
            max(math.ceil(top), 0),
            min(math.floor(right), width),
            min(math.floor(bottom), height),
        )

    @property
    def _sides(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the picture itself, in pixels of the crop."""
        height, width = self.picture.shape[:2]
        left, top, right, bottom = self._part
        across, down = width / (right - left), height / (bottom - top)
        return (-left * across, -top * down, (1 - left) * across, (1 - top) * down)

    def layer(self, planes: Planes, view: tuple[int, int], relief: Relief) -> PictureLayer:
        """A layer of this crop."""
        parts = [(planes.y, LUMA), (planes.u, CHROMA), (planes.v, CHROMA)]
        return PictureLayer(parts, self.centre, self.size, view, relief)


def _padded(pixels: NDArray[np.uint8], box: Box) -> tuple[NDArray[np.uint8], Box]:
    """Pixels with their reflection as far as a box needs it, and the box in them."""
    height, width = pixels.shape[:2]
    left, top = max(math.ceil(-box[0] - _HAIR), 0), max(math.ceil(-box[1] - _HAIR), 0)
    right = max(math.ceil(box[2] - width - _HAIR), 0)
    bottom = max(math.ceil(box[3] - height - _HAIR), 0)
    if max(left, top, right, bottom):
        pixels = mirrored(pixels, left, top, right, bottom)
    return pixels, (
        max(box[0] + left, 0.0),
        max(box[1] + top, 0.0),
        min(box[2] + left, float(pixels.shape[1])),
        min(box[3] + top, float(pixels.shape[0])),
    )
