"""The part of a cinemagraph that changes the light of finished frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.framing import Floats
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.light.kernel import CELL, Field, Map, dither, relight
from kirin.engines.animatic.cinemagraph.light.light_maps import LightMaps
from kirin.engines.animatic.cinemagraph.light.placement import from_view, to_view
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Still
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes


class LightEffect(Protocol):
    """Something that happens to the light."""

    def change(self, state: LightMaps, number: int) -> LightMaps:
        """The light with it in a frame: ``state`` itself as long as nothing has happened."""
        ...


class LightSource(Protocol):
    """Something small that is drawn over the relit view: stars, lit windows."""

    def draw(self, planes: Planes, matrix: Floats, cover: Plane, number: int) -> None:
        """Draw into a view, in place.

        Args:
            planes: of the view.
            matrix: from pixels of the texture to those of the view.
            cover: what is in front of the picture, of the chroma's shape.
            number: of the frame.
        """
        ...


class RelightPart:
    """Applies effects of light in their order. Not thread-safe."""

    def __init__(
        self,
        still: Still,
        made: Cinemagraph,
        start: LightMaps,
        effects: Sequence[LightEffect],
        sources: Sequence[LightSource] = (),
    ) -> None:
        self._still = still
        self._made = made
        self._start = start
        self._effects = effects
        self._sources = sources
        width, height = still.view
        self._noise = dither(width)
        self._open = np.zeros((height // 2, width // 2), np.uint8)
        self._subject: Plane | None = None
        if still.subject is not None and still.own_box is not None:
            self._subject = np.asarray(still.subject)

    def apply(self, frame: Frame, pose: Pose, number: int) -> Frame:
        """The frame in its light, in place; the first is left as it is."""
        state = self._start
        for effect in self._effects:
            state = effect.change(state, number)
        if state is self._start and not self._sources:
            return frame
        matrix = to_view(self._still, pose)
        cover = self._cover(pose, number)
        planes = Planes.of_frame(frame)
        if state is not self._start:
            maps = self._seen(state, matrix)
            relight(planes.y, planes.u, planes.v, cover, maps, state.scalars, self._noise)
        for source in self._sources:
            source.draw(planes, matrix, cover, number)
        return frame

    def _seen(self, state: LightMaps, matrix: Floats) -> Field:
        """The maps where the view has them, shape ``(rows, Map, columns)``."""
        height, width = self._still.picture.shape[:2]
        rows, columns = state.maps.shape[1:]
        view_width, view_height = self._still.view
        size = ((view_width - 1) // CELL + 2, (view_height - 1) // CELL + 2)
        # From samples of the view's grid to its pixels, to the texture, to cells.
        to_pixels = np.array([[CELL, 0, 0.5], [0, CELL, 0.5], [0, 0, 1]])
        back = np.vstack([from_view(matrix), [0, 0, 1]])
        scale = np.array([[columns / width, 0, -0.5], [0, rows / height, -0.5], [0, 0, 1]])
        place = (scale @ back @ to_pixels)[:2]
        out = np.empty((size[1], len(Map), size[0]), np.float32)
        for each in Map:
            out[:, each] = cv2.warpAffine(
                state.maps[each],
                place,
                size,
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REPLICATE,
            )
        return out

    def _cover(self, pose: Pose, number: int) -> Plane:
        """The cut-out subject in the view, of the chroma's size."""
        if self._subject is None:
            return self._open
        moved = self._made.moved.pose(pose, number) if self._made.moved else pose
        if moved is None:
            return self._open
        matrix = to_view(self._still, moved, self._still.near)
        half = np.diag([0.5, 0.5]) @ matrix
        size = self._open.shape[1], self._open.shape[0]
        return np.asarray(cv2.warpAffine(self._subject, half, size, flags=cv2.INTER_LINEAR))
