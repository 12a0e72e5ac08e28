"""Which matter of a picture moves: finds its regions, and makes their parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kirin.domain.cast import Missing
from kirin.domain.motion import WHOLE, MatterRequest, PictureMotion, Substance
from kirin.engines.animatic.cinemagraph.matter.clouds import move_clouds
from kirin.engines.animatic.cinemagraph.matter.fire import move_fire
from kirin.engines.animatic.cinemagraph.matter.moving import MoveMatter, MovingMatter
from kirin.engines.animatic.cinemagraph.matter.swaying import SWAYING
from kirin.engines.animatic.cinemagraph.matter.vapour import move_vapour
from kirin.engines.animatic.cinemagraph.matter.water import move_water
from kirin.engines.animatic.cinemagraph.part import Acted, Cinemagraph, Rectangle, Still

_MATTER: Final[Mapping[Substance, MoveMatter]] = {
    Substance.WATER: move_water,
    Substance.CLOUDS: move_clouds,
    Substance.FIRE: move_fire,
    Substance.SMOKE: move_vapour,
    Substance.STEAM: move_vapour,
    **SWAYING,
}


def add_matter(motion: PictureMotion, still: Still, made: Cinemagraph) -> None:
    """Add the parts of this kind, and say what is honoured and what is not.

    A substance moves once, as the prompt says first; further words for it tell of the same part.
    """
    moving: dict[Substance, MovingMatter | None] = {}
    for request in motion.matter:
        substance = request.substance
        if substance not in moving:
            moving[substance] = _move(request, still)
            still.check()
            _add(moving[substance], made)
        found = moving[substance]
        if found is None:
            made.missing.append(Missing(request.word, "motion"))
        else:
            made.acted.append(_acted(request, found.box, still))


def _move(request: MatterRequest, still: Still) -> MovingMatter | None:
    move = _MATTER.get(request.substance)
    return move(request, still) if move else None


def _add(found: MovingMatter | None, made: Cinemagraph) -> None:
    if found is not None:
        (made.subject if found.of_subject else made.behind).append(found.part)


def _acted(request: MatterRequest, box: Rectangle, still: Still) -> Acted:
    height, width = still.picture.shape[:2]
    details: dict[str, Any] = {}
    if request.span != WHOLE:
        details = {"from": request.span.start, "to": request.span.end}
    return Acted(
        request.word,
        "matter",
        request.substance.value,
        request.motion.value,
        (box.left / width, box.top / height, box.right / width, box.bottom / height),
        details,
    )
