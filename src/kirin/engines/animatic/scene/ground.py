"""The ground of a place: where the cast can stand, known before anything is painted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Surface(StrEnum):
    """What the ground is made of."""

    LAND = "land"
    FLOOR = "floor"  # indoors; it reflects a little where it is polished
    WATER = "water"
    TABLE = "table"
    SEABED = "seabed"
    NONE = "none"  # sky, space: things float


@dataclass(frozen=True, slots=True)
class Ground:
    """Level ground under the camera.

    Disparity is as in :mod:`kirin.engines.animatic.camera.pose`: 1 at the lower edge of the rest
    view and 0 at the horizon, in proportion to the row between them.

    Attributes:
        horizon: row of the horizon in view heights below the centre, -0.5 to 0.5.
        back: smallest disparity at which a foot may stand: at a wall, a shore, or where things get
            too small.
        front: largest one.
        surface: what is there.
        shore: disparity of the line behind which there is water; ``None`` without water. On a
            ``WATER`` surface all of it is water.
        ceiling: row of the upper edge of the open air in view heights below the centre; -0.5
            where there is none.
        metre: view heights of a metre that stands at the lower edge of the rest view; ``None``
            where sizes are composed and not measured.
    """

    horizon: float
    back: float = 0.35
    front: float = 0.95
    surface: Surface = Surface.LAND
    shore: float | None = None
    ceiling: float = -0.5
    metre: float | None = None

    def row(self, disparity: float) -> float:
        """Row of a foot at a disparity, in view heights below the centre."""
        return self.horizon + (0.5 - self.horizon) * disparity

    def disparity(self, row: float) -> float:
        """Disparity of ground at a row in view heights below the centre, 0 to 1."""
        return min(max((row - self.horizon) / (0.5 - self.horizon), 0.0), 1.0)
