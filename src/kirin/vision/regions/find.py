"""Find the part of a picture that is of a substance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kirin.domain.motion import Substance
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb
from kirin.vision.regions.clouds import find_clouds
from kirin.vision.regions.fire import find_fire
from kirin.vision.regions.flag import find_flag
from kirin.vision.regions.region import SubstanceRegion, snap
from kirin.vision.regions.smoke import find_smoke
from kirin.vision.regions.survey import Find, Survey
from kirin.vision.regions.vegetation import find_flowers, find_grass, find_leaves
from kirin.vision.regions.water import find_water
from kirin.vision.sky.sky import Sky

ENOUGH: Final = 0.5
"""Confidence from which a find counts."""

_LEAST = 0.002  # of the picture: a smaller region is not worth moving

Finder = Callable[[Survey], Find | None]
"""Looks for one substance."""

_FINDERS: Final[Mapping[Substance, Finder]] = {
    Substance.WATER: find_water,
    Substance.CLOUDS: find_clouds,
    Substance.FIRE: find_fire,
    Substance.SMOKE: find_smoke,
    Substance.STEAM: find_smoke,
    Substance.GRASS: find_grass,
    Substance.LEAVES: find_leaves,
    Substance.FLOWERS: find_flowers,
    Substance.FLAG: find_flag,
}


def find_region(
    rgb: Rgb,
    substance: Substance,
    subject: Plane | None = None,
    look_up: Callable[[], Sky | None] | None = None,
) -> SubstanceRegion | None:
    """The part of a picture that is of a substance; ``None`` where there is none to be sure of.

    Args:
        rgb: the picture, shape ``(height, width, 3)``.
        substance: what to look for.
        subject: opacity of the cut-out subjects, uint8, of the same height and width: they are
            never part of it.
        look_up: gives the picture's sky, where it has been found before.
    """
    finder = _FINDERS.get(substance)
    found = finder(Survey.of(rgb, subject, look_up)) if finder else None
    if found is None or found.confidence < ENOUGH:
        return None
    region = SubstanceRegion(snap(rgb, found.mask, subject), found.confidence)
    return region if region.area >= _LEAST else None
