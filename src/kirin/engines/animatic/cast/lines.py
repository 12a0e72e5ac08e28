"""Lines: strings and rods that are stretched between two places."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.cast.costume import Build, Costume
from kirin.engines.animatic.cast.motion import Curve, Motion
from kirin.engines.animatic.cast.rehearsal import Rehearsal

Knot = tuple[Curve, Curve]
"""Across and down, as ``x`` and ``row`` of a motion."""


def stretch(
    r: Rehearsal, host: Motion, material: str, start: Knot, end: Knot, thick: float
) -> Motion:
    """A straight line between two places.

    Args:
        r: the rehearsal that gets it.
        host: that it belongs to, and whose disparity it has.
        material: a soft ball's name in :mod:`kirin.engines.animatic.cast.effects`.
        start, end: of the line.
        thick: in view heights.
    """
    across, down = (end[0] - start[0]) * r.view.aspect, end[1] - start[1]
    long = np.maximum(np.hypot(across, down), 1e-3)
    line = r.add(Costume(material, build=Build.PUFF, aspect=thick / float(np.median(long))), host)
    line.height = long
    line.x = (start[0] + end[0]) / 2
    line.row = (start[1] + end[1]) / 2 + long / 2
    line.rotation = np.arctan2(across, -down)
    return line
