"""The geometry that placement works with: subjects, the ground and placements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kirin.vision.planes import Box

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StandingGround:
    """The ground that subjects stand on.

    Attributes:
        nearest, farthest: rows between which feet may be, in rest-view heights below the centre.
        disparity: of the ground by row.
        floating: whether there is no ground, so that subjects may float anywhere.
    """

    nearest: float
    farthest: float
    disparity: Callable[[Values], Values]
    floating: bool = False


@dataclass(frozen=True, slots=True)
class SubjectShape:
    """A subject, as far as placement is concerned.

    Attributes:
        aspect: width over height of its box.
        bust: whether it was cut off at the bottom, and so has no feet.
        left, right: whether it was cut off there.
        fixed: its box, if it cannot be moved.
        disparity: of a fixed subject; by default that of the ground at its feet.
        host: whether it is the subject of the first frame, which the others join.
    """

    aspect: float
    bust: bool = False
    left: bool = False
    right: bool = False
    fixed: Box | None = None
    disparity: float | None = None
    host: bool = False


@dataclass(frozen=True, slots=True)
class SubjectPlacement:
    """The position of a subject.

    Attributes:
        box: left and right in rest-view widths, top and bottom in heights, from its centre.
        disparity: as in ``Pose.view``.
    """

    box: Box
    disparity: float
