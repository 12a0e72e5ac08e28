"""The cast of a shot: who and what the prompt puts on screen, what they do, and how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What a cast member does; one value for all the words that ask for the same motion."""

    WALK = "walk"
    RUN = "run"
    JUMP = "jump"
    DANCE = "dance"
    FLY = "fly"
    SWIM = "swim"
    DRIVE = "drive"
    SAIL = "sail"
    FALL = "fall"
    RISE = "rise"
    SPIN = "spin"
    ROLL = "roll"
    CHASE = "chase"
    APPROACH = "approach"
    LEAVE = "leave"
    ENTER = "enter"
    LOOK = "look"
    WAVE = "wave"
    EAT = "eat"
    DRINK = "drink"
    POUR = "pour"
    COOK = "cook"
    PAINT = "paint"
    READ = "read"
    WRITE = "write"
    PLAY = "play"
    SING = "sing"
    TALK = "talk"
    SLEEP = "sleep"
    SIT = "sit"
    FIGHT = "fight"
    THROW = "throw"
    CATCH = "catch"
    BURN = "burn"
    EXPLODE = "explode"
    SMOKE = "smoke"
    MELT = "melt"
    GROW = "grow"
    SHRINK = "shrink"
    BLOOM = "bloom"
    GLOW = "glow"
    OPEN = "open"
    CLOSE = "close"
    SHAKE = "shake"
    FLOAT = "float"
    CLIMB = "climb"
    RIDE = "ride"


class Relation(StrEnum):
    """Where a cast member is, relative to another; who holds or wears it is its anchor."""

    ON = "on"
    IN = "in"
    UNDER = "under"
    OVER = "over"
    BEHIND = "behind"
    IN_FRONT_OF = "in_front_of"
    BESIDE = "beside"
    INTO = "into"
    HOLDING = "holding"
    WEARING = "wearing"


class Heading(StrEnum):
    """Which way a cast member moves, as seen by the camera."""

    LEFT = "left"
    RIGHT = "right"
    AWAY = "away"
    TOWARDS = "towards"
    UP = "up"
    DOWN = "down"


class Style(StrEnum):
    """A look of the whole frame, or a pace of the whole shot."""

    BLACK_AND_WHITE = "black_and_white"
    NOIR = "noir"
    SEPIA = "sepia"
    FILM_GRAIN = "film_grain"
    VHS = "vhs"
    WATERCOLOUR = "watercolour"
    INK_WASH = "ink_wash"
    OIL = "oil"
    SKETCH = "sketch"
    CEL = "cel"
    PIXEL_ART = "pixel_art"
    PASTEL = "pastel"
    NEON = "neon"
    LOW_POLY = "low_poly"
    VINTAGE = "vintage"
    HIGH_CONTRAST = "high_contrast"
    SHALLOW_FOCUS = "shallow_focus"
    SLOW_MOTION = "slow_motion"
    TIME_LAPSE = "time_lapse"


class ShotSize(StrEnum):
    """How much of the subject the frame holds."""

    MACRO = "macro"
    CLOSE_UP = "close_up"
    MEDIUM = "medium"
    FULL = "full"
    WIDE = "wide"
    AERIAL = "aerial"
    OVER_THE_SHOULDER = "over_the_shoulder"


@dataclass(frozen=True, slots=True)
class CastMember:
    """One who or what a prompt puts on screen.

    Attributes:
        word: as the prompt has it, with nothing around it: "dalmatian".
        concept: id of what is drawn, as in :mod:`kirin.concepts`: "dog".
        count: how many of them, from 1.
        colour: an adjective of colour, in English; ``None`` to leave the colours as drawn.
        size: factor of the natural size: 1 as usual, 0.5 "small", 2 "giant".
        action: what it does; ``None`` if the prompt does not say.
        target: index of the cast member that the action is done to or aims at.
        heading: which way it moves, if the prompt says.
        relation, anchor: where it is relative to another cast member, and the index of that one;
            both or neither.
        old: whether an adjective calls it old, broken or ruined; young things are smaller.
        guessed: whether the concept was proposed by the meaning of the word and not by a table.
    """

    word: str
    concept: str
    count: int = 1
    colour: str | None = None
    size: float = 1.0
    action: Action | None = None
    target: int | None = None
    heading: Heading | None = None
    relation: Relation | None = None
    anchor: int | None = None
    old: bool = False
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A word of the prompt that is not on the screen.

    Attributes:
        word: as the prompt has it.
        kind: "noun", "verb", "style", "place" or "lettering"; of given pictures also "motion"
            or "camera".
    """

    word: str
    kind: str


@dataclass(frozen=True, slots=True)
class Cast:
    """What a prompt puts on screen beside the place.

    Attributes:
        members: in the order of the prompt; the first is the subject of the shot.
        styles: of the whole frame, in the order of the prompt.
        size: how much of the subject the frame holds, if the prompt says.
        followed: index of the member that the camera follows.
        missing: concrete nouns, verbs and styles that are not shown.
        title: words to letter on a plain stage, where nothing of the prompt was understood.
    """

    members: tuple[CastMember, ...] = ()
    styles: tuple[Style, ...] = ()
    size: ShotSize | None = None
    followed: int | None = None
    missing: tuple[Missing, ...] = ()
    title: str | None = None
