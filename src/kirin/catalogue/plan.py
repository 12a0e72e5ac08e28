"""Plans: what a card creates from a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kirin.catalogue.structures import Values
from kirin.domain.assets import Asset
from kirin.domain.storyboard import Storyboard
from kirin.domain.subject import Subject, SubjectDraft

Plan = Storyboard | SubjectDraft
"""A video to render, or a subject to create."""


@dataclass(frozen=True)
class Materials:
    """What a request refers to.

    Attributes:
        media: images and videos by JSON path.
        subjects: the account's subjects by id.
    """

    media: Mapping[str, Asset] = field(default_factory=dict)
    subjects: Mapping[int, Subject] = field(default_factory=dict)


MakePlan = Callable[[Values, Materials, int], Plan]
"""Creates the plan from validated values, what they refer to, and a seed."""
