"""The motion of one performer over a shot: arrays with one value for each frame."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from kirin.concepts.concept import Facing
from kirin.engines.animatic.cast.costume import Costume

Curve = NDArray[np.float64]
"""A value for each frame."""


@dataclass(slots=True, eq=False)
class Motion:
    """What one instance of a cast member, a prop or an effect does.

    Positions are in the rest view: ``x`` in its widths right of the centre, rows in its heights
    below the centre.

    Attributes:
        member: index in the cast; ``None`` for props and effects.
        instance: number within the member, from 0.
        costume: the art.
        x, row: of the foot: the middle of the lower edge of the art.
        ground: row of the surface that carries its shadow; NaN where there is none.
        disparity: as in ``Pose.view``.
        height: of the art, in view heights.
        heading: which way it looks, -1 left to 1 right; between them it turns about its vertical
            axis. What looks to the front is never turned.
        rotation: about the middle of the art in radians, clockwise.
        squash: factor of the height; the width changes inversely.
        opacity: 0 to 1.
        phase: of the gait, in cycles.
        stride: amplitude of the gait, 0 to 1.
        sink: share of the art's height that is below the surface of water.
        glow: light that it emits of itself, 0 to 1.
        melt: how far it has melted, 0 to 1.
    """

    member: int | None
    instance: int
    costume: Costume
    x: Curve
    row: Curve
    ground: Curve
    disparity: Curve
    height: Curve
    heading: Curve
    rotation: Curve
    squash: Curve
    opacity: Curve
    phase: Curve
    stride: Curve
    sink: Curve
    glow: Curve
    melt: Curve

    @classmethod
    def still(
        cls, costume: Costume, frames: int, member: int | None = None, instance: int = 0
    ) -> Motion:
        """Something at the centre that does not move yet."""
        looks = -1.0 if costume.facing is Facing.LEFT else 1.0
        rest = {"ground": np.nan, "disparity": 0.7, "height": 0.3, "heading": looks}
        ones = ("squash", "opacity")
        curves = {
            field.name: np.full(frames, rest.get(field.name, float(field.name in ones)))
            for field in fields(cls)[3:]
        }
        return cls(member, instance, costume, **curves)

    def width(self, aspect: float) -> Curve:
        """Width in view widths, for a view of an aspect."""
        return np.asarray(self.height * self.costume.aspect / aspect)

    def middle(self) -> Curve:
        """Row of the middle of the art."""
        return np.asarray(self.row - 0.5 * self.height * self.squash)

    def top(self) -> Curve:
        """Row of the upper edge of the art."""
        return np.asarray(self.row - self.height * self.squash)

    def visible(self) -> Curve:
        """The height that is above the water, in view heights."""
        return np.asarray(self.height * self.squash * (1.0 - self.sink))
