"""Placing subjects: a random search for sizes and positions at which all are seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kirin.engines.animatic.camera.safe_area import SafeArea
from kirin.engines.animatic.composition.placement_cost import PlacementCost
from kirin.engines.animatic.composition.subject_shape import (
    StandingGround,
    SubjectPlacement,
    SubjectShape,
)

_TRIES = 6000
_ROUNDS = 4  # of refining the best, each time with less spread


def arrange(
    shapes: Sequence[SubjectShape],
    ground: StandingGround,
    safe: SafeArea,
    aspect: float,
    seed: int = 0,
    lean: float = 0.0,
) -> list[SubjectPlacement]:
    """Find the arrangement of least :class:`PlacementCost` by random search.

    Args:
        shapes: of the subjects, the most important first.
        ground: that they stand on.
        safe: the area visible in every pose.
        aspect: width of the view over its height.
        seed: of the search.
        lean: preferred horizontal position of a single subject, -1 (left) to 1.

    Returns:
        one placement per shape.
    """
    cost = PlacementCost(shapes, ground, safe, aspect, lean)
    rng = np.random.default_rng([seed, 11])
    tries = rng.random((_TRIES, len(shapes), 3))
    best = tries[int(np.argmin(cost.of(tries)))]
    spread = 0.12
    for _ in range(_ROUNDS):
        around = np.clip(best + rng.normal(0.0, spread, (_TRIES // 4, *best.shape)), 0.0, 1.0)
        around[0] = best
        best = around[int(np.argmin(cost.of(around)))]
        spread /= 2.5
    boxes, disparity = cost.boxes(best[None])
    places = []
    for index, shape in enumerate(shapes):
        left, top, right, bottom = (float(side) for side in boxes[0, index])
        box = shape.fixed or (left / aspect, top, right / aspect, bottom)
        places.append(SubjectPlacement(box, float(disparity[0, index])))
    return places
