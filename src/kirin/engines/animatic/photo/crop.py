"""The part of a picture that a camera path shows, resampled to the resolution that it needs."""

from __future__ import annotations

import numpy as np
from PIL import Image

from kirin.engines.animatic.camera.framing import Framing, PathExtent, Relief
from kirin.engines.animatic.photo.layer import CHROMA, LUMA, PictureLayer
from kirin.vision.kernels import Plane
from kirin.vision.planes import Box, Planes, Rgb, resize


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
        cls, rgb: Rgb, framing: Framing, extent: PathExtent, width: int, density: float
    ) -> CroppedPicture:
        """Crop to an extent.

        Args:
            rgb: the picture.
            framing: the rest view in it.
            extent: what to keep.
            width: of the video.
            density: pixels of the crop per pixel of the rest view.
        """
        margin = 3 * framing.width / (width * density)  # support of the resampling filters
        left = max(framing.x + extent.left * framing.width - margin, 0.0)
        top = max(framing.y + extent.top * framing.height - margin, 0.0)
        right = min(framing.x + extent.right * framing.width + margin, rgb.shape[1])
        bottom = min(framing.y + extent.bottom * framing.height + margin, rgb.shape[0])
        scale = width * density / framing.width
        columns = max(round((right - left) * scale / 2) * 2, 16)
        rows = max(round((bottom - top) * scale / 2) * 2, 16)
        across, down = columns / (right - left), rows / (bottom - top)
        return cls(
            resize(rgb, columns, rows, (left, top, right, bottom)),
            (
                left / rgb.shape[1],
                top / rgb.shape[0],
                right / rgb.shape[1],
                bottom / rgb.shape[0],
            ),
            ((framing.x - left) * across, (framing.y - top) * down),
            (framing.width * across, framing.height * down),
        )

    def crop(self, plane: Plane) -> Plane:
        """The same crop of a plane that covers the whole picture, at the same size."""
        height, width = plane.shape
        left, top, right, bottom = self._part
        box = (left * width, top * height, right * width, bottom * height)
        size = (self.picture.shape[1], self.picture.shape[0])
        with Image.fromarray(plane) as image:
            return np.asarray(image.resize(size, Image.Resampling.BICUBIC, box=box))

    def layer(self, planes: Planes, view: tuple[int, int], relief: Relief) -> PictureLayer:
        """A layer of this crop."""
        parts = [(planes.y, LUMA), (planes.u, CHROMA), (planes.v, CHROMA)]
        return PictureLayer(parts, self.centre, self.size, view, relief)
