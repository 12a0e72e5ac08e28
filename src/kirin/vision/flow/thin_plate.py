"""Thin-plate splines: a smooth deformation of the plane that carries points to others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

_TINY = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class ThinPlate:
    """A thin-plate spline of displacements (Bookstein 1989, "Principal warps").

    Attributes:
        points: that it was fitted to, shape ``(n, 2)``.
        weights: of the points' kernels and of 1, x and y; shape ``(n + 3, 2)``.
    """

    points: Values
    weights: Values

    @classmethod
    def fit(cls, points: Values, moved: Values, stiffness: float) -> ThinPlate:
        """Fit displacements.

        Args:
            points: shape ``(n, 2)``.
            moved: the displacement at each of them, shape ``(n, 2)``.
            stiffness: how much noise in them is smoothed away; 0 is none. In units of the
                points' own scale, about 1e-3.
        """
        count = len(points)
        flat = np.hstack([np.ones((count, 1)), points])
        system = np.zeros((count + 3, count + 3))
        system[:count, :count] = _kernel(points, points) + stiffness * np.eye(count)
        system[:count, count:], system[count:, :count] = flat, flat.T
        wanted = np.vstack([moved, np.zeros((3, 2))])
        return cls(points, cast(Values, np.linalg.solve(system, wanted)))

    def at(self, places: Values) -> Values:
        """The displacement at places, shape ``(m, 2)``."""
        bent = _kernel(places, self.points) @ self.weights[:-3]
        return cast(Values, bent + self.weights[-3] + places @ self.weights[-2:])


def _kernel(one: Values, other: Values) -> Values:
    """``r**2 log r`` of all pairs, up to a factor."""
    square = ((one[:, None] - other[None]) ** 2).sum(axis=2)
    return cast(Values, square * np.log(np.maximum(square, _TINY)))
