"""What a card makes of a request, and from what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kirin.catalogue.structures import Values
from kirin.domain.assets import Asset
from kirin.domain.storyboard import Storyboard
from kirin.domain.subject import Subject, SubjectDraft

Plan = Storyboard | SubjectDraft
"""A video to make, or a subject."""


@dataclass(frozen=True)
class Materials:
    """What a request refers to.

    Attributes:
        media: facts of pictures and videos by their JSON path.
        elements: the account's subjects by their id.
    """

    media: Mapping[str, Asset] = field(default_factory=dict)
    elements: Mapping[int, Subject] = field(default_factory=dict)


MakePlan = Callable[[Values, Materials, int], Plan]
"""Makes the plan from checked values, what they refer to, and a seed."""
