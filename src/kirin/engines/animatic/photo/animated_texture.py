"""The textures of a picture's layers, which change from frame to frame."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from kirin.engines.animatic.cinemagraph.part import (
    OutlinePart,
    Rectangle,
    TexturePart,
    states_of,
)
from kirin.engines.animatic.photo.layer import PictureLayer
from kirin.engines.animatic.photo.stack import StackedLayer
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes, half_size

_Cut = tuple[slice, slice]


class AnimatedTexture:
    """Draws the parts of a cinemagraph into the texture of a layer. Not thread-safe."""

    def __init__(self, layer: PictureLayer, parts: Sequence[TexturePart]) -> None:
        self._layer = layer
        self._parts = parts
        self._drawing = _PartDrawing(layer.texture, parts, layer.opacity)

    def show(self, number: int, anew: bool = False) -> None:
        """Put the texture into the state that it has in a frame.

        Args:
            number: of the frame.
            anew: whether the texture has been changed since, and is to be drawn in any case.
        """
        if self._drawing.show(number, anew):
            for part in self._parts:
                self._layer.refresh(part.box)


class SharedTexture:
    """Draws parts into a flattened picture, and every layer of it shows its share of them.

    Args:
        flat: the flattened picture's planes; the texture of a single layer itself.
        layers: that show it.
        parts: in pixels of the picture.
    """

    def __init__(
        self, flat: Planes, layers: Sequence[StackedLayer], parts: Sequence[TexturePart]
    ) -> None:
        self._parts = parts
        self._drawing = _PartDrawing(flat, parts)
        self._readers = [
            _ChangeReader(flat, layer, overlap)
            for layer in layers
            for part in parts
            if (overlap := part.box.common(layer.box)) is not None
        ]

    def show(self, number: int, anew: bool = False) -> None:
        """Put the textures into the state that they have in a frame, as an animated one."""
        if self._drawing.show(number, anew):
            for reader in self._readers:
                reader.read()


class _PartDrawing:
    """Parts that are drawn over planes as they were at rest."""

    def __init__(
        self,
        planes: Planes,
        parts: Sequence[TexturePart],
        opacity: tuple[Plane, Plane] | None = None,
    ) -> None:
        self._planes = planes
        self._parts = parts
        self._opacity = opacity
        self._states = states_of(parts)
        self._shown: list[Hashable] | None = None
        self._rest: list[tuple[Plane, _Cut, Plane]] = [
            (plane, cut, plane[cut].copy())
            for part in parts
            for plane, cut in _cuts(self._changed(part), part.box)
        ]

    def show(self, number: int, anew: bool) -> bool:
        """Draw the parts of a frame, unless they are there already; whether they were drawn."""
        state = [each(number) for each in self._states]
        if state == self._shown and not anew:
            return False
        self._shown = state
        for plane, cut, rest in self._rest:
            np.copyto(plane[cut], rest)
        for part in self._parts:
            part.draw(self._planes, number)
            if self._opacity and isinstance(part, OutlinePart):
                part.draw_outline(*self._opacity, number)
        return True

    def _changed(self, part: TexturePart) -> list[tuple[Plane, int]]:
        """What a part may change, with the pixels per sample."""
        changed = _colours(self._planes)
        if self._opacity and isinstance(part, OutlinePart):
            changed += [(self._opacity[0], 1), (self._opacity[1], 2)]
        return changed


@dataclass(frozen=True, slots=True, eq=False)
class _ChangedPlane:
    """One plane's part of a box: what it is at rest, and where it takes part in changes."""

    own: Plane
    here: _Cut
    rest: Plane
    flat: Plane
    there: _Cut
    flat_rest: Plane
    shown: Plane


class _ChangeReader:
    """Carries what changes in a box of the flattened picture over to a layer that shows it.

    Changes are added, and not copied: so the edges of a layer keep its own colours, and where
    two layers mix, both change by the same.
    """

    def __init__(self, flat: Planes, stacked: StackedLayer, box: Rectangle) -> None:
        self._layer = stacked.drawn.layer
        left, top = stacked.box.left, stacked.box.top
        self._box = box.moved(-left, -top)
        texture = self._layer.texture
        self._carriers: list[_ChangedPlane] = []
        if texture.y is flat.y:
            return
        size = self._box.bottom - self._box.top, self._box.right - self._box.left
        luma = np.full(size, 255, np.uint8)
        if stacked.shown is not None:
            rows = slice(self._box.top, self._box.bottom)
            luma = np.ascontiguousarray(stacked.shown[rows, self._box.left : self._box.right])
        chroma = half_size(luma)
        for (own, here), (shared, there), shown in zip(
            _cuts(_colours(texture), self._box),
            _cuts(_colours(flat), box),
            (luma, chroma, chroma),
            strict=True,
        ):
            self._carriers.append(
                _ChangedPlane(
                    own, here, own[here].copy(), shared, there, shared[there].copy(), shown
                )
            )

    def read(self) -> None:
        for each in self._carriers:
            _carry(
                each.rest, each.flat[each.there], each.flat_rest, each.shown, each.own[each.here]
            )
        self._layer.refresh(self._box)


@compiled
def _carry(rest: Plane, flat: Plane, flat_rest: Plane, shown: Plane, out: Plane) -> None:
    """``out = rest + shown * (flat - flat_rest)``, rounded and saturated."""
    rows, columns = out.shape
    for i in range(rows):
        for x in range(columns):
            change = np.int32(flat[i, x]) - np.int32(flat_rest[i, x])
            part = (change * np.int32(shown[i, x]) * np.int32(257) + np.int32(32768)) >> np.int32(
                16
            )
            value = np.int32(rest[i, x]) + part
            out[i, x] = np.uint8(min(max(value, np.int32(0)), np.int32(255)))


def _colours(planes: Planes) -> list[tuple[Plane, int]]:
    return [(planes.y, 1), (planes.u, 2), (planes.v, 2)]


def _cuts(planes: Sequence[tuple[Plane, int]], box: Rectangle) -> list[tuple[Plane, _Cut]]:
    return [
        (plane, np.s_[box.top // step : box.bottom // step, box.left // step : box.right // step])
        for plane, step in planes
    ]
