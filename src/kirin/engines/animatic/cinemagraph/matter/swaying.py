"""What sways, and how: a table of substances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kirin.domain.motion import Substance
from kirin.engines.animatic.cinemagraph.matter.moving import MoveMatter
from kirin.engines.animatic.cinemagraph.matter.sway_flag import move_flag
from kirin.engines.animatic.cinemagraph.matter.sway_people import move_worn
from kirin.engines.animatic.cinemagraph.matter.sway_plants import move_plant

SWAYING: Final[Mapping[Substance, MoveMatter]] = {
    Substance.GRASS: move_plant,
    Substance.LEAVES: move_plant,
    Substance.FLOWERS: move_plant,
    Substance.HAIR: move_worn,
    Substance.CLOTH: move_worn,
    Substance.FLAG: move_flag,
}
