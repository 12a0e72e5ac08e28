"""An edit: what a prompt asks to be done to a given video."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kirin.domain.cast import Cast
from kirin.domain.intent import Intent


class Entrance(StrEnum):
    """How something that is added comes into the video."""

    PRESENT = "present"  # it is there from the first frame on
    APPEAR = "appear"
    IN = "in"  # from outside of the frame to its place
    ACROSS = "across"  # in on one side and out on the other
    PATH = "path"  # as its action has it: it rises or falls


class Remoteness(StrEnum):
    """How far away something that is added shall be."""

    NEAR = "near"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Addition:
    """How a cast member joins the video.

    Attributes:
        entrance: how it comes in.
        side: -1 left, 0 in the middle, 1 right; ``None`` where the prompt does not say.
        remoteness: how far away, if the prompt says.
        behind: the prompt's words for what of the video is before it: "behind the house".
    """

    entrance: Entrance = Entrance.PRESENT
    side: int | None = None
    remoteness: Remoteness | None = None
    behind: str | None = None


@dataclass(frozen=True, slots=True)
class AddedCast:
    """Who and what is drawn over a video.

    Attributes:
        cast: of those that are added alone; no styles, no size of the shot.
        additions: one for each member.
    """

    cast: Cast = field(default_factory=Cast)
    additions: tuple[Addition, ...] = ()


@dataclass(frozen=True, slots=True)
class FootageEdit:
    """What a prompt asks of a video that is shown itself.

    Attributes:
        intent: what may be laid over the video: what is in the air, light, styles, who joins.
            What holds from the first frame on has a span that ends at 0.
        refused: what cannot be, in the prompt's words: "remove the car".
        withheld: tags such as ``image_1`` that only what is refused calls.
        added: who and what is drawn over it.
    """

    intent: Intent
    refused: tuple[str, ...] = ()
    withheld: frozenset[str] = frozenset()
    added: AddedCast = field(default_factory=AddedCast)
