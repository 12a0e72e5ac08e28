"""Subjects that breathe: the field for the one in a picture, and the parts that move by it."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import cv2
import numpy as np

from kirin.concepts.concept import Concept, Kind
from kirin.domain.motion import BodyRequest
from kirin.engines.animatic.cinemagraph.body.breathing import BreathingPart, breaths
from kirin.engines.animatic.cinemagraph.body.chest import Floats, flank_field, torso_field
from kirin.engines.animatic.cinemagraph.body.survey import SubjectSurvey, concept_of
from kirin.engines.animatic.cinemagraph.part import Acted, Cinemagraph
from kirin.vision.kernels import Plane
from kirin.vision.pose.landmarks import Landmarks

_PERSON = (13.0, 17.0)  # breaths a minute at rest
_ANIMAL = (18.0, 26.0)  # of a cat or a dog
_CLOSE = 0.45  # share of the picture from which a subject that two borders cut is a close-up
_LEAST = 0.35  # pixels of the video: a smaller movement is not seen
_COARSE = 4  # pixels of the texture per sample of a field: it is smooth
_BREATHES = (Kind.PERSON, Kind.ANIMAL)


def add_breath(request: BodyRequest, survey: SubjectSurvey, made: Cinemagraph) -> bool:
    """Add the breath of the picture's subject; whether it can be shown."""
    concept = concept_of(request.word)
    if (concept and concept.kind not in _BREATHES) or not survey.fits(request.word):
        return False
    still = survey.still
    field, rate = _field(concept, survey)
    if field is None or float(np.abs(field).max()) < _LEAST * still.scale:
        return False
    depth = breaths(still.count, float(still.fps), rate, still.seed * 17 + 3, request.span)
    own = still.own_box
    if own is None:
        part = BreathingPart(field, depth)
        made.behind.append(part)
        box = part.box
    else:
        cut = np.s_[own.top : own.bottom, own.left : own.right]
        opacity = None if still.subject is None else still.subject[cut]
        part = BreathingPart(np.ascontiguousarray(field[cut]), depth, opacity)
        made.subject.append(part)
        box = own
    sides = np.array([survey.width, survey.height] * 2)
    left, top, right, bottom = np.array([box.left, box.top, box.right, box.bottom]) / sides
    shares = (float(left), float(top), float(right), float(bottom))
    made.acted.append(Acted(request.word, "body", "subject", "breathe", shares))
    return True


def _field(
    concept: Concept | None, survey: SubjectSurvey
) -> tuple[Floats | None, tuple[float, float]]:
    """How the subject moves when it breathes in, and how often it does."""
    size = (max(survey.width // _COARSE, 16), max(survey.height // _COARSE, 16))
    animal = concept is not None and concept.kind is Kind.ANIMAL
    if not animal and (survey.has_face or survey.people):
        cut = survey.sides.bottom or survey.still.subject is None
        if not survey.people:
            return None, _PERSON
        field = torso_field(_scaled(survey.people[0], survey, size), size, cut)
        return None if field is None else _grown(field, survey), _PERSON
    alpha = survey.still.subject
    if alpha is None:
        alpha = _guessed(survey)
    if alpha is None:
        return None, _ANIMAL
    share = float((alpha > 127).mean())
    edges = (alpha[:, 0], alpha[0], alpha[:, -1], alpha[-1])
    touched = sum(bool((edge > 127).mean() > 0.05) for edge in edges)
    coarse = cast(Plane, cv2.resize(alpha, size, interpolation=cv2.INTER_AREA))
    return _grown(flank_field(coarse, share > _CLOSE and touched >= 2), survey), _ANIMAL


def _scaled(person: Landmarks, survey: SubjectSurvey, size: tuple[int, int]) -> Landmarks:
    """A person in the pixels of a smaller texture."""
    return replace(person, points=person.points * (np.array(size) / (survey.width, survey.height)))


def _grown(field: Floats, survey: SubjectSurvey) -> Floats:
    """A field at the size of the texture, in its pixels."""
    rows, columns = field.shape[:2]
    scale = np.array([survey.width / columns, survey.height / rows], np.float32)
    scaled: Floats = field * scale
    size = (survey.width, survey.height)
    return cast(Floats, cv2.resize(scaled, size, interpolation=cv2.INTER_LINEAR))


def _guessed(survey: SubjectSurvey) -> Plane | None:
    """The mask of a subject whose edge is too uncertain to cut it out."""
    mask = survey.still.models.segmenter.find(survey.whole)
    if mask.share < 0.03:
        return None
    size = (survey.width, survey.height)
    return cast(Plane, cv2.resize(mask.alpha, size, interpolation=cv2.INTER_LINEAR))
