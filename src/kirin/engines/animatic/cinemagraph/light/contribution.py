"""How the light of a picture changes."""

from __future__ import annotations

from kirin.domain.motion import PictureMotion
from kirin.engines.animatic.cinemagraph.light.plan import LightPlan
from kirin.engines.animatic.cinemagraph.light.relight import RelightPart
from kirin.engines.animatic.cinemagraph.light.scenery import Scenery
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Still


def add_light(motion: PictureMotion, still: Still, made: Cinemagraph) -> None:
    """Add the parts of this kind, and say what is honoured and what is not."""
    if not motion.light:
        return
    scenery = Scenery.of(still)
    still.check()
    plan = LightPlan(still, scenery, motion)
    for request in motion.light:
        plan.add(request)
    made.acted += plan.acted
    made.missing += plan.missing
    if plan.effects or plan.sources:
        start = scenery.unchanged()
        made.grades.append(RelightPart(still, made, start, plan.effects, plan.sources))
