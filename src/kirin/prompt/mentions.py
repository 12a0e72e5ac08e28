"""What a text mentions: its nouns, what they do and where they are, in any language."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from kirin.domain.cast import Action, Heading, Relation
from kirin.domain.intent import Place

_STILL: Final = (Action.LOOK, Action.SIT)
"""They give way to whatever else is done."""

_MOVING: Final = (
    Action.WALK, Action.RUN, Action.FLY, Action.SWIM, Action.DRIVE, Action.SAIL, Action.RIDE,
)  # fmt: skip
_DIRECTED: Final = (Action.CHASE, Action.APPROACH, Action.LEAVE, Action.ENTER)
"""They are done in any way of moving."""


_CAUSED: Final = frozenset(
    {Action.FALL, Action.RISE, Action.SPIN, Action.ROLL, Action.BURN, Action.EXPLODE, Action.MELT,
     Action.GROW, Action.SHRINK, Action.BLOOM, Action.GLOW, Action.OPEN, Action.CLOSE,
     Action.FLOAT}
)  # fmt: skip
"""What is seen of these is seen of what they are done to: who lights a candle does not glow."""


class Role(StrEnum):
    """What a noun is for the picture."""

    THING = "thing"  # to be drawn, if there is art for it
    CLOTHES = "clothes"
    PLACE = "place"
    SCENERY = "scenery"  # shown by the light, the weather or the place
    PART = "part"  # of someone who is on screen
    FLUFF = "fluff"  # about the film, or abstract
    CAMERA = "camera"


@dataclass(slots=True, eq=False)
class Mention:
    """One noun of a text, with what the text says about it.

    Attributes:
        word: as the text has it, without articles and adjectives.
        base: dictionary form of the word.
        position: index of the word in the text.
        role: what it is for the picture.
        concept: id of what can be drawn for it.
        place: where it is, for the name of a place.
        weight: how surely the shot plays at that place.
        count, colour, size, old, action, heading, relation, guessed: as in ``CastMember``.
        target, anchor: the mentions that those of a ``CastMember`` stand for.
        plural: whether there are several without a number.
        counted: whether the text says how many.
        denied: whether the text says that it is not there.
        followed: whether the camera follows it.
        verb: the word for what it does.
        modifier: whether it only says of which sort another noun is: the park of a park bench.
    """

    word: str
    base: str
    position: int
    role: Role
    concept: str | None = None
    place: Place | None = None
    weight: float = 0.0
    count: int = 1
    colour: str | None = None
    size: float = 1.0
    old: bool = False
    action: Action | None = None
    heading: Heading | None = None
    target: Mention | None = None
    relation: Relation | None = None
    anchor: Mention | None = None
    guessed: bool = False
    plural: bool = False
    counted: bool = False
    denied: bool = False
    followed: bool = False
    modifier: bool = False
    verb: str = ""

    def act(self, action: Action) -> bool:
        """Take up an action; whether it is seen beside or instead of what it did before."""
        old = self.action
        directed = old in _MOVING and action in _DIRECTED
        if old is None or old in _STILL or directed:
            self.action = action
            return True
        return old is action or (old in _DIRECTED and action in _MOVING)

    def aim(self, other: Mention) -> bool:
        """Do its action to another, or let that one do what it is made to; whether it does."""
        if self.action is None or self.target is not None or other is self:
            return False
        if self.action not in _CAUSED:
            self.target = other
            return True
        action, verb, self.action, self.verb = self.action, self.verb, None, ""
        other.verb = other.verb or verb
        return other.act(action)

    def keep_still(self) -> str:
        """Take back an action that is done to its own eyes or arms; the word for it, if any."""
        if self.action not in _CAUSED:
            return ""
        verb, self.action, self.verb = self.verb, None, ""
        return verb

    def put(self, relation: Relation, anchor: Mention) -> None:
        """Place it relative to another, unless it has its place or that one depends on it."""
        if self.relation is not None:
            return
        link: Mention | None = anchor
        while link is not None:
            if link is self:
                return
            link = link.anchor
        self.relation, self.anchor = relation, anchor


@dataclass(slots=True, eq=False)
class Deed:
    """One verb of a text, whether it is drawn or not.

    Attributes:
        word: as the text has it, with its particles: "takes off".
        base: its dictionary form: "take off".
        position: index of the word in the text.
        doers: who or what does it; none where the text does not say.
        ongoing: whether it is a form in -ing: "sitting".
        past: whether it is a past form, which as a rule only describes: "covered".
        stative: whether a drawing shows nothing of it.
        chinese: whether it is a Chinese word.
    """

    word: str
    base: str
    position: int
    doers: tuple[Mention, ...] = ()
    ongoing: bool = False
    past: bool = False
    stative: bool = False
    chinese: bool = False


@dataclass(slots=True)
class Mentions:
    """All that a text mentions.

    Attributes:
        nouns: in the order of the text.
        verbs: concrete verbs that no one on screen does: position and word.
        deeds: every verb that is not the camera's, in the order in which it was read.
        follows: whether the camera follows the subject.
    """

    nouns: list[Mention] = field(default_factory=list)
    verbs: list[tuple[int, str]] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    follows: bool = False
