"""Which matter of a picture moves: finds its regions, and makes their parts."""

from __future__ import annotations

from kirin.domain.cast import Missing
from kirin.domain.motion import PictureMotion
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Still


def add_matter(motion: PictureMotion, still: Still, made: Cinemagraph) -> None:
    """Add the parts of this kind, and say what is honoured and what is not."""
    del still
    made.missing += [Missing(each.word, "motion") for each in motion.matter]
