"""Plants that sway: grass, the leaves of trees, flowers."""

from __future__ import annotations

from typing import Final

from kirin.domain.motion import MatterRequest, Substance
from kirin.engines.animatic.cinemagraph.matter.moving import MovingMatter
from kirin.engines.animatic.cinemagraph.matter.sway import SwayScale
from kirin.engines.animatic.cinemagraph.matter.sway_placing import Manner, place
from kirin.engines.animatic.cinemagraph.matter.sway_reach import Habit, Root
from kirin.engines.animatic.cinemagraph.matter.sway_wind import Breeze
from kirin.engines.animatic.cinemagraph.part import Still
from kirin.vision.regions.find import find_region

_MANNERS: Final = {
    Substance.GRASS: Manner(
        Habit(Root.BELOW, 0.024, length=0.25, scaled=True, shaded=True),
        SwayScale(0.2, 0.035),
        Breeze(0.55, flutter=0.22, lift=0.1, light=0.05),
    ),
    Substance.LEAVES: Manner(
        Habit(Root.TRUNK, 0.014, length=0.3, gaps=3, scaled=True),
        SwayScale(0.28, 0.03),
        Breeze(0.5, flutter=0.4, lift=0.35, light=0.02),
    ),
    Substance.FLOWERS: Manner(
        Habit(Root.STEM, 0.022, length=0.35, whole=0.4, gaps=6),
        SwayScale(0.6, 0.08),
        Breeze(0.45, flutter=0.12, lift=0.3),
    ),
}


def move_plant(request: MatterRequest, still: Still) -> MovingMatter | None:
    """Grass, leaves or flowers of a picture, also where they are its subject."""
    picture = still.seen
    alpha = still.mask
    if alpha is None:
        region = find_region(picture, request.substance, look_up=lambda: still.sky)
        if region is None:
            return None
        alpha = region.alpha
    still.check()
    return place(request, still, picture, alpha, _MANNERS[request.substance])
