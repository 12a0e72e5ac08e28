"""Elements: subjects of an account's own, to appear in its videos again and again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kirin.domain.assets import Asset


class ElementKind(StrEnum):
    """What a subject was made from."""

    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class ElementDraft:
    """A subject that is to be made.

    Attributes:
        name, description: in its owner's words.
        kind: what it is made from.
        views: pictures of it, the frontal one first; empty for a video subject.
        video: the video that shows it, for a video subject.
        tags: ids of the owner's tags.
    """

    name: str
    description: str
    kind: ElementKind
    views: tuple[Asset, ...] = ()
    video: Asset | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """A subject of an account.

    Attributes:
        id: 1 to 2**53 - 1, so that JavaScript clients can hold it as a number (rule EL-4).
        account: whose it is.
        draft: what it is.
        created_at: Unix milliseconds.
    """

    id: int
    account: str
    draft: ElementDraft
    created_at: int
