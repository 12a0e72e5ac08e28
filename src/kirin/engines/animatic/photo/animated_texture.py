"""The texture of a picture layer that changes from frame to frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kirin.engines.animatic.cinemagraph.part import OutlinePart, Rectangle, TexturePart
from kirin.engines.animatic.photo.layer import PictureLayer
from kirin.vision.kernels import Plane

_Cut = tuple[slice, slice]


class AnimatedTexture:
    """Draws the parts of a cinemagraph into the texture of a layer. Not thread-safe."""

    def __init__(self, layer: PictureLayer, parts: Sequence[TexturePart]) -> None:
        self._layer = layer
        self._parts = parts
        self._opacity = layer.opacity
        self._rest: list[tuple[Plane, _Cut, Plane]] = [
            (plane, cut, plane[cut].copy())
            for part in parts
            for plane, cut in _cuts(self._planes(part), part.box)
        ]

    def show(self, number: int) -> None:
        """Put the texture into the state that it has in a frame."""
        for plane, cut, rest in self._rest:
            np.copyto(plane[cut], rest)
        for part in self._parts:
            part.draw(self._layer.texture, number)
            if self._opacity and isinstance(part, OutlinePart):
                part.draw_outline(*self._opacity, number)
        for part in self._parts:
            self._layer.refresh(part.box)

    def _planes(self, part: TexturePart) -> list[tuple[Plane, int]]:
        """What a part may change, with the pixels per sample."""
        colours = self._layer.texture
        planes = [(colours.y, 1), (colours.u, 2), (colours.v, 2)]
        if self._opacity and isinstance(part, OutlinePart):
            planes += [(self._opacity[0], 1), (self._opacity[1], 2)]
        return planes


def _cuts(planes: Sequence[tuple[Plane, int]], box: Rectangle) -> list[tuple[Plane, _Cut]]:
    return [
        (plane, np.s_[box.top // step : box.bottom // step, box.left // step : box.right // step])
        for plane, step in planes
    ]
