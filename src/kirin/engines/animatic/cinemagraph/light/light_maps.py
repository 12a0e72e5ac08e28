"""A state of the light: smooth maps of a picture and a few figures, which can be blended."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.cinemagraph.light.kernel import Map, Scalar

_ONES = (Map.GAIN, Map.CHROMA)


@dataclass(frozen=True, slots=True, eq=False)
class LightMaps:
    """A state of the light.

    Attributes:
        maps: float32, shape ``(Map, rows, columns)``; over the whole texture.
        scalars: float32, shape ``(Scalar,)``.
    """

    maps: NDArray[np.float32]
    scalars: NDArray[np.float32]

    @classmethod
    def unchanged(cls, shape: tuple[int, int]) -> LightMaps:
        """The light of the picture itself."""
        maps = np.zeros((len(Map), *shape), np.float32)
        for each in _ONES:
            maps[each] = 1
        scalars = np.zeros(len(Scalar), np.float32)
        for figure in (
            Scalar.C0,
            Scalar.SKY_GAIN,
            Scalar.SKY_CHROMA,
            Scalar.LAMP_GAIN,
            Scalar.LAMP_CHROMA,
            Scalar.FADE,
        ):
            scalars[figure] = 1
        scalars[Scalar.LAMP_FROM], scalars[Scalar.LAMP_FULL] = 0.5, 0.8
        return cls(maps, scalars)

    def copy(self) -> LightMaps:
        """One that can be changed."""
        return LightMaps(self.maps.copy(), self.scalars.copy())

    def towards(self, other: LightMaps, share: float) -> LightMaps:
        """A state between this one (0) and another (1)."""
        maps = cv2.addWeighted(self.maps, 1 - share, other.maps, share, 0)
        scalars = self.scalars + (other.scalars - self.scalars) * np.float32(share)
        return LightMaps(np.asarray(maps, np.float32), scalars)
