"""Subjects that breathe: the field for the one in a picture, and the parts that move by it."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.concepts.concept import Concept, Kind
from kirin.domain.motion import BodyRequest
from kirin.engines.animatic.cinemagraph.body.breathing import BreathingPart, breaths
from kirin.engines.animatic.cinemagraph.body.chest import Floats, flank_field, torso_field
from kirin.engines.animatic.cinemagraph.body.survey import SubjectSurvey, concept_of
from kirin.engines.animatic.cinemagraph.part import Acted, Cinemagraph
from kirin.vision.kernels import Plane

_PERSON = (13.0, 17.0)  # breaths a minute at rest
_ANIMAL = (18.0, 26.0)  # of a cat or a dog
_CLOSE = 0.45  # share of the picture from which a subject that two borders cut is a close-up
_LEAST = 0.35  # pixels of the video: a smaller movement is not seen
_BREATHES = (Kind.PERSON, Kind.ANIMAL)


def add_breath(request: BodyRequest, survey: SubjectSurvey, made: Cinemagraph) -> bool:
    """Add the breath of the picture's subject; whether it can be shown."""
    concept = concept_of(request.word)
    if (concept and concept.kind not in _BREATHES) or not survey.fits(request.word):
        return False
    still = survey.still
    fields, rate = _fields(concept, survey)
    if not fields:
        return False
    field = np.sum(fields, axis=0)
    if float(np.abs(field).max()) < _LEAST * still.scale:
        return False
    depth = breaths(still.count, float(still.fps), rate, still.seed * 17 + 3, request.span)
    own = still.own_box
    if own is None:
        part = BreathingPart(field, depth)
        made.behind.append(part)
        box = part.box
    else:
        inside = np.ascontiguousarray(field[own.top : own.bottom, own.left : own.right])
        part = BreathingPart(inside, depth)
        made.subject.append(part)
        box = own
    sides = np.array([survey.width, survey.height] * 2)
    left, top, right, bottom = np.array([box.left, box.top, box.right, box.bottom]) / sides
    shares = (float(left), float(top), float(right), float(bottom))
    made.acted.append(Acted(request.word, "body", "subject", "breathe", shares))
    return True


def _fields(
    concept: Concept | None, survey: SubjectSurvey
) -> tuple[list[Floats], tuple[float, float]]:
    """Fields of everybody who breathes, and how often they do."""
    size = (survey.width, survey.height)
    animal = concept is not None and concept.kind is Kind.ANIMAL
    if not animal and (survey.has_face or survey.people):
        cut = survey.sides.bottom or survey.still.subject is None
        found = [torso_field(each, size, cut) for each in survey.people[:1]]
        return [each for each in found if each is not None], _PERSON
    alpha = survey.still.subject
    if alpha is None:
        alpha = _guessed(survey)
    if alpha is None:
        return [], _ANIMAL
    share = float((alpha > 127).mean())
    edges = (alpha[:, 0], alpha[0], alpha[:, -1], alpha[-1])
    touched = sum(bool((edge > 127).mean() > 0.05) for edge in edges)
    return [flank_field(alpha, share > _CLOSE and touched >= 2)], _ANIMAL


def _guessed(survey: SubjectSurvey) -> Plane | None:
    """The mask of a subject whose edge is too uncertain to cut it out."""
    mask = survey.still.models.segmenter.find(survey.whole)
    if mask.share < 0.03:
        return None
    size = (survey.width, survey.height)
    resized: Plane = cv2.resize(mask.alpha, size, interpolation=cv2.INTER_LINEAR)
    return resized
