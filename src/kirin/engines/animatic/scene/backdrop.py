"""The backdrop: soft layers at infinity, drawn at reduced size and enlarged once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.layer import SceneLayer, paste
from kirin.engines.animatic.scene.lens import Lens

_COARSE = 2


class Backdrop:
    """Sky and clouds at half the size: they have no fine detail, and it costs a quarter.

    Args:
        layers: back to front; the first covers the whole canvas.
        lens: of the scene.
    """

    def __init__(self, layers: Sequence[SceneLayer], lens: Lens) -> None:
        self._layers = layers
        width, height = (side // _COARSE // 2 * 2 + 2 for side in lens.canvas())
        self._small = SceneCanvas(width, height, _COARSE)

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:
        """All rows down to the end of the lowest layer."""
        end = max(layer.span(lens, pose, canvas)[2] for layer in self._layers)
        return 0, canvas.y.shape[0], end

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Draw the layers on rows of a canvas."""
        first, end = rows[0], min(rows[1] + rows[1] % 2, canvas.y.shape[0])
        small = self._small
        # Both canvases have the same centre.
        top = (small.y.shape[0] * _COARSE - canvas.y.shape[0]) / 2
        left = (small.y.shape[1] * _COARSE - canvas.y.shape[1]) / 2
        need = int((end + top) / _COARSE) + 2
        need = min(need + need % 2, small.y.shape[0])
        for layer in self._layers:
            begin, _, stop = layer.span(lens, pose, small)
            layer.draw(small, lens, pose, seconds, (begin, min(stop, need)))
        pairs = ((canvas.y, small.y), (canvas.u, small.u), (canvas.v, small.v))
        for index, (out, source) in enumerate(pairs):
            chroma = int(index > 0)
            pitch = 1 + chroma
            rows_ = np.arange(first >> chroma, (end + chroma) >> chroma)
            # Centres in pixels of the view: luma i + 1/2; chroma sited left, between rows.
            down = (rows_ * pitch + 0.5 * pitch + top) / (_COARSE * pitch) - 0.5
            across = (0.5 + left) / (_COARSE * pitch) - (0.5 if not chroma else 0.25)
            place = np.clip(down, 0.0, source.shape[0] - 1.001)
            start = np.full(len(rows_), across)
            paste(out[rows_[0] : rows_[-1] + 1], source, start, np.full(len(rows_), 0.5), place)
