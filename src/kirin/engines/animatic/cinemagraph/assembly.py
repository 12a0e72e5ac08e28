"""Assemble a cinemagraph: every kind of motion adds its parts for one picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from kirin.domain.motion import PictureMotion
from kirin.engines.animatic.cinemagraph.air.contribution import add_air
from kirin.engines.animatic.cinemagraph.body.contribution import add_body
from kirin.engines.animatic.cinemagraph.light.contribution import add_light
from kirin.engines.animatic.cinemagraph.matter.contribution import add_matter
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Contribute, Still
from kirin.engines.animatic.cinemagraph.report import entry, report

_CONTRIBUTIONS: Final[tuple[Contribute, ...]] = (add_matter, add_body, add_air, add_light)


def assemble(motion: PictureMotion, still: Still) -> Cinemagraph:
    """Everything that moves in a picture, and what of the prompt cannot be made to move in it."""
    made = Cinemagraph(missing=list(motion.missing))
    for contribute in _CONTRIBUTIONS:
        contribute(motion, still, made)
        still.check()
    # What a camera move shows beyond the border is part of its texture, but of no frame's start.
    made.acted = [
        replace(act, box=still.in_frame(act.box)) if act.box else act for act in made.acted
    ]
    return made


def describe_motion(made: Cinemagraph) -> dict[str, Any]:
    """A cinemagraph as JSON values, for ``metadata.motion``."""
    understood = (
        entry(act.word, act.kind, act.what, act.motion, act.box, act.details) for act in made.acted
    )
    return report(understood, made.missing)
