"""What every kind of moving matter has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kirin.domain.motion import MatterRequest
from kirin.engines.animatic.cinemagraph.part import Rectangle, Still, TexturePart
from kirin.vision.regions.find import find_region
from kirin.vision.regions.region import SubstanceRegion, without


@dataclass(frozen=True, slots=True)
class MovingMatter:
    """Matter that was found in a picture, and the part that moves it.

    Attributes:
        part: redraws it.
        box: all that it may change, in pixels of ``Still.picture``, for reports.
        of_subject: whether the part draws into the subject's own colours (``Still.own``), and
            not into the background.
    """

    part: TexturePart
    box: Rectangle
    of_subject: bool = False


MoveMatter = Callable[[MatterRequest, Still], MovingMatter | None]
"""Finds the matter of a request, and makes it move; ``None`` where the picture has none."""


def region_of(request: MatterRequest, still: Still) -> SubstanceRegion | None:
    """Where the matter of a request is: a client's mask, or what is found in the picture.

    What is held is no part of it.
    """
    if still.mask is None:
        found = find_region(still.picture, request.substance, still.subject, lambda: still.sky)
    else:
        alpha = still.mask if still.subject is None else without(still.mask, still.subject)
        found = SubstanceRegion(alpha, 1.0)
    if found is None:
        return None
    alpha = still.free(found.alpha)
    return SubstanceRegion(alpha, found.confidence) if alpha.any() else None
