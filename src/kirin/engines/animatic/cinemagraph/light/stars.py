"""Stars in a clear sky."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.domain.motion import Span
from kirin.engines.animatic.camera.framing import Floats
from kirin.engines.animatic.cinemagraph.light.turning import progress
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.matting.guided_filter import Floats as Cells
from kirin.vision.planes import Planes

_PER_PICTURE = 800  # stars, were the sky all of the picture
_EXPONENT = 0.5  # of counts by brightness: 10^(0.5 m) as seen away from a city's light
_BRIGHTEST = 170.0  # luma that the brightest star adds, in eight-bit steps
_FAINTEST = 20.0
_TWINKLE = 0.22  # of a star's light
_LATE = 0.55  # of the change after which the first stars appear


class SkyStars:
    """Points of light that belong to a sky, and appear as it gets dark."""

    def __init__(
        self, sky: Cells, size: tuple[int, int], span: Span, count: int, seed: int
    ) -> None:
        """Args:
        sky: share of sky in each cell of the texture.
        size: width and height of the texture in pixels.
        span: of the change that brings the night.
        count: of the shot's frames.
        seed: of every random choice.
        """
        self._span = span
        self._count = count
        rng = np.random.default_rng(seed)
        at = rng.random((_PER_PICTURE, 2)) * size
        deep = cv2.erode((sky > 0.95).astype(np.uint8), np.ones((5, 5), np.uint8))
        rows, columns = sky.shape
        cells = (at / size * (columns, rows)).astype(int)
        self._at = at[deep[cells[:, 1], cells[:, 0]] > 0]
        few = rng.random(len(self._at))
        magnitudes = np.log10(np.maximum(few, 1e-4)) / _EXPONENT
        self._light = np.clip(_BRIGHTEST * 10 ** (-0.4 * (magnitudes + 4)), _FAINTEST, _BRIGHTEST)
        self._phase = rng.random(len(self._at)) * 2 * np.pi
        self._pace = rng.uniform(0.12, 0.35, len(self._at))

    def draw(self, planes: Planes, matrix: Floats, cover: Plane, number: int) -> None:
        """Draw them into a view, in place."""
        share = (progress(self._span, number, self._count) - _LATE) / (1 - _LATE)
        if share <= 0 or not len(self._at):
            return
        at = self._at @ matrix[:, :2].T + matrix[:, 2]
        # The brighter ones come first.
        rank = np.clip(share * 1.8 - 0.8 * (1 - self._light / _BRIGHTEST), 0, 1)
        twinkle = 1 + _TWINKLE * np.sin(self._pace * number + self._phase)
        _splat(planes.y, cover, at, self._light * rank * twinkle)


@compiled
def _splat(y: Plane, cover: Plane, at: Floats, light: Floats) -> None:
    """Add points at positions between pixels: a Gaussian of 0.6 pixels."""
    height, width = y.shape
    for i in range(len(at)):
        if light[i] < 1:
            continue
        column, row = at[i, 0] - 0.5, at[i, 1] - 0.5
        if not (2 <= column < width - 3 and 2 <= row < height - 3):
            continue
        if cover[int(row) // 2, int(column) // 2] > 8:
            continue
        left, top = int(np.floor(column)) - 1, int(np.floor(row)) - 1
        for r in range(top, top + 4):
            for c in range(left, left + 4):
                far = (r - row) ** 2 + (c - column) ** 2
                value = y[r, c] + light[i] * np.exp(-far / 0.72)
                y[r, c] = np.uint8(min(value + 0.5, 235.0))
