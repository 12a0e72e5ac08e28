"""Subjects that move as a whole: which can, how far, and what they leave behind."""

from __future__ import annotations

from typing import Final

import numpy as np

from kirin.concepts.concept import Concept, Gait, Kind
from kirin.domain.motion import WHOLE, BodyMotion, BodyRequest
from kirin.engines.animatic.cinemagraph.body.exhaust import ExhaustPart
from kirin.engines.animatic.cinemagraph.body.survey import SubjectSurvey, concept_of
from kirin.engines.animatic.cinemagraph.body.trajectories import TRAJECTORIES, Journey
from kirin.engines.animatic.cinemagraph.body.travel import (
    SubjectTravel,
    Track,
    Travel,
    UncoveringPart,
)
from kirin.engines.animatic.cinemagraph.part import Acted, Cinemagraph, Still
from kirin.vision.inpainting.background import inpaint_background
from kirin.vision.kernels import Plane
from kirin.vision.matting.shadow import cast_shadow
from kirin.vision.planes import Rgb

_ON_LEGS: Final = frozenset({Gait.WALK, Gait.HOP, Gait.CRAWL})
_STEPS: Final = frozenset({BodyMotion.LEAVE, BodyMotion.APPROACH})
"""What somebody on legs does by steps, which a still figure cannot make."""

_LIGHT: Final = frozenset(
    {"leaf", "leaves", "feather", "petal", "petals", "paper", "snowflake"}
    | {"叶", "叶子", "树叶", "落叶", "羽毛", "花瓣", "纸"}
)
"""Things that flutter when they fall."""

_JETS: Final = frozenset({"rocket"})
"""Concepts that lift off on a flame."""

_FOOT = 0.04  # of its height: the lower end of a subject
_SHOWN = 1.0  # pixels of the video by which a cut edge may enter the view
_DEPARTED = 0.12  # of the subject's size: from here its shadow goes with it
_OPENED = 0.16  # of the picture: more cannot be filled so that it is believed
_UNCOVERED = 6.0  # pixels of the video after which nothing of the picture shows at the edge


def add_travel(request: BodyRequest, survey: SubjectSurvey, made: Cinemagraph) -> bool:
    """Make the cut-out subject move; whether it can."""
    still = survey.still
    make = TRAJECTORIES.get(request.motion)
    if make is None or still.subject is None or still.own is None:
        return False
    concept = concept_of(request.word)
    if not survey.fits(request.word) or not _able(request.motion, concept, survey):
        return False
    box = _in_view(survey.box, still)
    light = request.word.lower() in _LIGHT
    travel = make(
        Journey.of(
            request, box, still.view, still.count, float(still.fps), light, still.seed * 13 + 5
        )
    )
    if _shows_cut(travel, box, survey) or _lays_open(travel, box, still):
        return False
    if isinstance(made.moved, SubjectTravel):
        travel = made.moved.travel.and_then(travel)
    made.moved = SubjectTravel(travel, still.view, still.near)
    if request.motion is BodyMotion.LIFT_OFF and concept and concept.id in _JETS:
        fps = float(still.fps)
        start = request.span.start * still.count / fps
        foot = _foot(still.subject, still)
        made.air.append(ExhaustPart(made.moved, box, foot, still.view, fps, start, still.seed))
    details = {} if request.span == WHOLE else {"from": request.span.start, "to": request.span.end}
    made.acted.append(
        Acted(request.word, "body", "subject", request.motion.value, survey.box, details)
    )
    return True


def _lays_open(travel: Travel, box: tuple[float, float, float, float], still: Still) -> bool:
    """Whether a subject that goes away would leave more behind than can be filled."""
    if still.subject is None or float((still.subject > 127).mean()) <= _OPENED:
        return False
    return bool(_away(travel, box).max() > _DEPARTED * max(box[2] - box[0], box[3] - box[1]))


def add_uncovering(survey: SubjectSurvey, made: Cinemagraph) -> None:
    """Show the picture itself behind a subject at rest, and the background once it leaves."""
    still = survey.still
    if still.whole is None or still.subject is None:
        return
    if any(pose.truck_x or pose.truck_y or pose.dolly for pose in still.poses):
        return  # with parallax the subject is never where the picture has it
    behind, gone = still.picture, np.zeros(still.count)
    if isinstance(made.moved, SubjectTravel):
        travel = made.moved.travel
        box = _in_view(survey.box, still)
        away = _away(travel, box)
        if away.max() > _DEPARTED * max(box[2] - box[0], box[3] - box[1]):
            behind = _behind(survey)
        # It never covers the background quite as before.
        gone = np.maximum.accumulate(np.clip(away / _UNCOVERED, 0, 1))
    try:
        part = UncoveringPart(still.picture, still.whole, behind, [float(each) for each in gone])
    except ValueError:
        return
    made.behind.append(part)


def _able(motion: BodyMotion, concept: Concept | None, survey: SubjectSurvey) -> bool:
    """Whether a rigid figure can move like this."""
    person = concept.kind is Kind.PERSON if concept else survey.has_face
    if motion is BodyMotion.FALL and (person or (concept and concept.kind is Kind.ANIMAL)):
        return False
    on_legs = concept.gait in _ON_LEGS if concept else person
    return not (motion in _STEPS and on_legs)


def _in_view(
    box: tuple[float, float, float, float], still: Still
) -> tuple[float, float, float, float]:
    """A box of the texture, in pixels of the video from the centre of the rest view."""
    height, width = still.picture.shape[:2]
    left, right = ((each * width - still.centre[0]) / still.scale for each in box[::2])
    top, bottom = ((each * height - still.centre[1]) / still.scale for each in box[1::2])
    return left, top, right, bottom


def _foot(alpha: Plane, still: Still) -> tuple[float, float]:
    """Left and right of a subject's lower end, in pixels of the video from the centre.

    What sticks out higher up, a folded leg say, does not shift it.

    Args:
        alpha: of the subject in the texture.
        still: of the texture.
    """
    rows = np.flatnonzero((alpha > 127).any(axis=1))
    tall = max(round(_FOOT * len(rows)), 1)
    opaque = alpha[rows[-tall:]].mean(axis=0, dtype=np.float64) / 255
    columns = np.arange(len(opaque)) + 0.5
    middle, half = float(np.average(columns, weights=opaque)), float(opaque.sum()) / 2
    return (
        (middle - half - still.centre[0]) / still.scale,
        (middle + half - still.centre[0]) / still.scale,
    )


def _shows_cut(
    travel: Travel, box: tuple[float, float, float, float], survey: SubjectSurvey
) -> bool:
    """Whether an edge at which the picture cuts the subject off would enter the view."""
    left, top, right, bottom = box
    corners = travel.corners(box)
    sides = survey.sides
    inward = (
        (sides.left, corners[:, [0, 3], 0].max() - left),
        (sides.top, corners[:, [0, 1], 1].max() - top),
        (sides.right, right - corners[:, [1, 2], 0].min()),
        (sides.bottom, bottom - corners[:, [2, 3], 1].min()),
    )
    return any(cut and moved > _SHOWN for cut, moved in inward)


def _away(travel: Travel, box: tuple[float, float, float, float]) -> Track:
    """How far a corner of the subject is from where it was, at most, in pixels of the video."""
    corners = travel.corners(box)
    away: Track = np.linalg.norm(corners - Travel.still(1, travel.pivot).corners(box), axis=2).max(
        axis=1
    )
    return away


def _behind(survey: SubjectSurvey) -> Rgb:
    """The background without the subject and without its shadow."""
    still = survey.still
    if still.subject is None:
        return still.picture
    shadow = cast_shadow(survey.whole, still.subject)
    if shadow is None:
        return still.picture
    hidden = np.maximum(still.subject, shadow)
    return inpaint_background(survey.whole, hidden, still.models.fill)
