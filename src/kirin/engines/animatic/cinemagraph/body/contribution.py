"""What the subjects of a picture do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kirin.domain.cast import Missing
from kirin.domain.motion import BodyMotion, BodyRequest, PictureMotion
from kirin.engines.animatic.cinemagraph.body.blink import add_blink
from kirin.engines.animatic.cinemagraph.body.breath import add_breath
from kirin.engines.animatic.cinemagraph.body.departure import add_travel, add_uncovering
from kirin.engines.animatic.cinemagraph.body.survey import SubjectSurvey
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Still
from kirin.engines.animatic.cinemagraph.report import body_phrase

_Add = Callable[[BodyRequest, SubjectSurvey, Cinemagraph], bool]

_ADDED: Final[dict[BodyMotion, _Add]] = {
    BodyMotion.BREATHE: add_breath,
    BodyMotion.BLINK: add_blink,
}


def add_body(motion: PictureMotion, still: Still, made: Cinemagraph) -> None:
    """Add the parts of this kind, and say what is honoured and what is not."""
    if not motion.body:
        return
    survey = SubjectSurvey(still)
    # Lids move with the chest: they close before it carries them.
    for request in sorted(motion.body, key=lambda each: each.motion is not BodyMotion.BLINK):
        add = _ADDED.get(request.motion, add_travel)
        if not add(request, survey, made):
            made.missing.append(Missing(body_phrase(request), "motion"))
        still.check()
    add_uncovering(survey, made)
