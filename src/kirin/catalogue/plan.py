"""Plans: what a card creates from a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kirin.catalogue.structures import Values
from kirin.domain.assets import Asset
from kirin.domain.lips import FaceSearch, FaceSession
from kirin.domain.storyboard import Storyboard
from kirin.domain.subject import Subject, SubjectDraft

Plan = Storyboard | SubjectDraft | FaceSearch
"""A video to render, a subject to create, or a video in which to find faces."""


@dataclass(frozen=True)
class Materials:
    """What a request refers to.

    Attributes:
        media: images and videos by JSON path.
        subjects: the account's subjects by id.
        face_sessions: what was found in videos of the account, by session.
    """

    media: Mapping[str, Asset] = field(default_factory=dict)
    subjects: Mapping[int, Subject] = field(default_factory=dict)
    face_sessions: Mapping[str, FaceSession] = field(default_factory=dict)


MakePlan = Callable[[Values, Materials, int], Plan]
"""Creates the plan from validated values, what they refer to, and a seed."""
