"""Elements: subjects of an account's own, to appear in its videos again and again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kirin.domain.assets import Asset


class SubjectKind(StrEnum):
    """What a subject was made from."""

    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Portrait:
    """How a subject looks, as it was found when it was made.

    Attributes:
        thumbnail: a small picture of it, JPEG.
        cutout: the subject alone, PNG with alpha; ``None`` where nothing stands out from its
            background.
        joints: of a person, the 33 points of BlazePose's topology as x, y (pixels of the first
            view, from the top left) and visibility (0 to 1); empty for anything else.
    """

    thumbnail: Asset
    cutout: Asset | None = None
    joints: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class SubjectDraft:
    """A subject that is to be made.

    Attributes:
        name, description: in its owner's words.
        kind: what it is made from.
        views: pictures of it, the frontal one first; of a video subject, taken from the video
            when it is made.
        video: the video that shows it, for a video subject.
        tags: ids of the owner's tags.
        portrait: how it looks; ``None`` until it is made.
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
    """A subject of an account.

    Attributes:
        id: 1 to 2**53 - 1, so that JavaScript clients can hold it as a number (rule EL-4).
        account: whose it is.
        draft: what it is.
        created_at: Unix milliseconds.
    """

    id: int
    account: str
    draft: SubjectDraft
    created_at: int
