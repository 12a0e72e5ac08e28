"""Where moving matter is in a picture, on the grid that its motion is described on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.cinemagraph.matter.advection import cells_of
from kirin.engines.animatic.cinemagraph.matter.noise import smooth_noise
from kirin.engines.animatic.cinemagraph.part import Rectangle, Still
from kirin.vision.advection import CELL
from kirin.vision.kernels import Plane
from kirin.vision.regions.region import Region

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Setting:
    """A region of a still.

    Attributes:
        alpha: of the region, of the picture's size.
        box: of the region.
        inside: how much of each cell of the box belongs to it, float32, 0 to 1.
        distance: of each cell from the region's edge in pixels; the picture's border is no edge.
        x, y: of each cell's centre in pixels of the picture.
        width: of the view in pixels of the picture: the measure of all speeds.
    """

    alpha: Plane
    box: Rectangle
    inside: Floats
    distance: Floats
    x: Floats
    y: Floats
    width: float

    @classmethod
    def of(cls, region: Region, still: Still) -> Setting | None:
        """Describe a region; ``None`` if it is empty or too small to move."""
        edges = region.box
        if edges is None or edges[2] - edges[0] < 2 * CELL or edges[3] - edges[1] < 2 * CELL:
            return None
        box = Rectangle(*edges)
        rows, columns = cells_of(box)
        part = region.alpha[box.top : box.bottom, box.left : box.right]
        size = (columns * CELL, rows * CELL)
        full = cv2.copyMakeBorder(
            part, 0, size[1] - part.shape[0], 0, size[0] - part.shape[1], cv2.BORDER_REPLICATE
        )
        inside = cv2.resize(full, (columns, rows), interpolation=cv2.INTER_AREA) / np.float32(255)
        height, width = region.alpha.shape
        # A box ends where the region does, but at the picture's border.
        ends = (box.top > 0, box.bottom < height // 2 * 2, box.left > 0, box.right < width // 2 * 2)
        solid = (inside > 0.5).astype(np.uint8)
        bordered = cv2.copyMakeBorder(solid, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
        upper, lower, left, right = (0 if ended else 1 for ended in ends)
        bordered[0] *= upper
        bordered[-1] *= lower
        bordered[:, 0] *= left
        bordered[:, -1] *= right
        distance = cv2.distanceTransform(bordered, cv2.DIST_L2, 5)[1:-1, 1:-1] * CELL
        y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
        return cls(
            region.alpha,
            box,
            cast(Floats, inside.astype(np.float32)),
            cast(Floats, np.ascontiguousarray(distance, np.float32)),
            (x + np.float32(0.5)) * CELL + box.left,
            (y + np.float32(0.5)) * CELL + box.top,
            still.view[0] * still.scale,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the cells."""
        return cast(tuple[int, int], self.inside.shape)

    def ramp(self, reach: float) -> Floats:
        """0 at the region's edge to 1 at a distance in pixels."""
        w = np.clip(self.distance / np.float32(max(reach, CELL)), 0, 1)
        return cast(Floats, w * w * (3 - 2 * w))

    def stagger(self, size: float, seed: int) -> Floats:
        """Phases of the cells, -0.25 to 0.25, that change over a size in pixels."""
        noise = smooth_noise(self.shape, max(size / CELL, 2.0), seed)
        return cast(Floats, (np.clip(noise / 2, -1, 1) * np.float32(0.25)).astype(np.float32))
