"""Subjects: what an account defines once, to appear in many of its videos.

The wire calls them elements.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kirin.domain.assets import Asset


class SubjectKind(StrEnum):
    """What a subject is made from."""

    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Portrait:
    """The looks of a subject, as analysed when it was made.

    Attributes:
        thumbnail: a small picture of it, JPEG.
        cutout: the subject without background, PNG with alpha; ``None`` if it could not be
            separated.
        joints: of a person, the 33 points of BlazePose's topology as x, y (pixels of the first
            view, from the top left) and visibility (0 to 1); empty for anything else.
    """

    thumbnail: Asset
    cutout: Asset | None = None
    joints: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class SubjectDraft:
    """A subject that is not stored yet.

    Attributes:
        name, description: as given by its owner.
        kind: what it is made from.
        views: pictures of it, the frontal one first; for a video subject, frames of the video,
            taken when the subject is made.
        video: the video, for a video subject.
        tags: ids of the owner's tags.
        portrait: its looks; ``None`` until it is made.
    """

    name: str
    description: str
    kind: SubjectKind
    views: tuple[Asset, ...] = ()
    video: Asset | None = None
    tags: tuple[str, ...] = ()
    portrait: Portrait | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A stored subject of an account.

    Attributes:
        id: 1 to 2**53 - 1, so that JavaScript clients can hold it as a number (rule EL-4).
        account: its owner.
        draft: its content.
        created_at: Unix milliseconds.
    """

    id: int
    account: str
    draft: SubjectDraft
    created_at: int
