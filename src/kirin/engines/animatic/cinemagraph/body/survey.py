"""What is known of a picture's subject: who it is, where its faces are, where it is cut off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kirin.concepts.concept import Concept, Kind
from kirin.concepts.library import library
from kirin.engines.animatic.cinemagraph.part import Still
from kirin.vision.face.face import EyeLandmarks, Face
from kirin.vision.planes import Rgb
from kirin.vision.pose.landmarks import Joint, Landmarks, Values

_HELD = 0.5  # opacity of the subject where something belongs to it
_SURE = 0.98  # score of a face: people's are near 1, what only looks like one is below
_OPAQUE = 64  # of 255: from here a border row shows the subject
_TOUCH = 0.004  # of a side: shorter contacts with it are noise


@dataclass(frozen=True, slots=True)
class Sides:
    """Which borders of the picture cut the subject off."""

    left: bool
    top: bool
    right: bool
    bottom: bool


class SubjectSurvey:
    """Looks at a picture for what its subject does; each look happens once, when it is needed."""

    def __init__(self, still: Still) -> None:
        self.still = still
        self.whole: Rgb = still.picture if still.whole is None else still.whole
        self.height, self.width = self.whole.shape[:2]

    @cached_property
    def faces(self) -> list[Face]:
        """In pixels of the texture, the largest first."""
        return self.still.faces

    @cached_property
    def people(self) -> list[Landmarks]:
        """In pixels of the texture, the largest first."""
        return [each.landmarks for each in self.still.people]

    @cached_property
    def has_face(self) -> bool:
        """Whether a person's face is on the subject, or in a picture without one."""
        return any(
            self.still.subject is None or self.held(face.points.mean(axis=0))
            for face in self.faces
            if self._is_sure(face)
        )

    def _is_sure(self, face: Face) -> bool:
        """Whether a face is no rocket's tip: by its score, or by a person whose head is there."""
        if face.score >= _SURE:
            return True
        left, top, right, bottom = face.box
        noses = (person.points[Joint.NOSE] for person in self.people)
        return any(left <= x <= right and top <= y <= bottom for x, y in noses)

    def held(self, point: Values) -> bool:
        """Whether a point, in pixels of the texture, lies on the cut-out subject."""
        subject = self.still.subject
        if subject is None:
            return False
        x, y = int(point[0]), int(point[1])
        inside = 0 <= x < self.width and 0 <= y < self.height
        return inside and float(subject[y, x]) > 255 * _HELD

    @cached_property
    def sides(self) -> Sides:
        """Where the cut-out subject is cut off."""
        alpha = self.still.subject
        if alpha is None:
            return Sides(False, False, False, False)
        rows = (alpha[:, :2].max(1), alpha[:2].max(0), alpha[:, -2:].max(1), alpha[-2:].max(0))
        left, top, right, bottom = (bool((row > _OPAQUE).mean() > _TOUCH) for row in rows)
        return Sides(left, top, right, bottom)

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """The subject's left, top, right and bottom as shares of the texture."""
        alpha = self.still.subject
        solid = alpha > 127 if alpha is not None else np.zeros((1, 1), bool)
        columns, rows = np.flatnonzero(solid.any(axis=0)), np.flatnonzero(solid.any(axis=1))
        if not len(columns):
            return 0.0, 0.0, 1.0, 1.0
        return (
            float(columns[0]) / self.width,
            float(rows[0]) / self.height,
            float(columns[-1] + 1) / self.width,
            float(rows[-1] + 1) / self.height,
        )

    def fits(self, word: str) -> bool:
        """Whether a word may name the subject: a person where there is one, and nothing else.

        The pose network takes birds and fish for people, so a face decides that it is no thing.
        Words that are not in the dictionary fit anything.
        """
        concept = concept_of(word)
        if concept is None or concept.kind is Kind.FOOD:
            return True
        if concept.kind is Kind.PERSON:
            return self.has_face or bool(self.people)
        return not self.has_face


def concept_of(word: str) -> Concept | None:
    """What a word of the prompt names, if it is known."""
    for lemma in (word, word.removesuffix("s")):
        found = library().find(lemma.lower())
        if found is not None:
            return found.concept
    return None


def moved_eye(eye: EyeLandmarks, left: float, top: float) -> EyeLandmarks:
    """An eye in the pixels of a part of the picture that begins at a point."""
    corner = np.array([left, top])
    return replace(
        eye,
        upper=eye.upper - corner,
        lower=eye.lower - corner,
        crease=eye.crease - corner,
        brow=eye.brow - corner,
        iris=eye.iris - corner,
    )
