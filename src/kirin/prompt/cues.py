"""What a prompt may ask of the camera, and how a prompt falls into clauses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Move(StrEnum):
    """Something that a camera can do; left, right, up and down are the camera's own."""

    PUSH_IN = "push_in"
    PULL_OUT = "pull_out"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    TILT_UP = "tilt_up"
    TILT_DOWN = "tilt_down"
    TRUCK_LEFT = "truck_left"
    TRUCK_RIGHT = "truck_right"
    CRANE_UP = "crane_up"
    CRANE_DOWN = "crane_down"
    ORBIT_LEFT = "orbit_left"
    ORBIT_RIGHT = "orbit_right"
    ROLL_CLOCKWISE = "roll_clockwise"
    ROLL_COUNTER = "roll_counter"
    HANDHELD = "handheld"
    STATIC = "static"


class Speed(StrEnum):
    """How fast a move is wanted."""

    VERY_SLOW = "very_slow"
    SLOW = "slow"
    NORMAL = "normal"
    FAST = "fast"


class Link(StrEnum):
    """How a clause hangs on the one before it."""

    SENTENCE = "sentence"
    THEN = "then"
    WHILE = "while"
    LIST = "list"
    AND = "and"
    OR = "or"


OPPOSITES: dict[Move, Move] = {
    Move.PUSH_IN: Move.PULL_OUT,
    Move.ZOOM_IN: Move.ZOOM_OUT,
    Move.PAN_LEFT: Move.PAN_RIGHT,
    Move.TILT_UP: Move.TILT_DOWN,
    Move.TRUCK_LEFT: Move.TRUCK_RIGHT,
    Move.CRANE_UP: Move.CRANE_DOWN,
    Move.ORBIT_LEFT: Move.ORBIT_RIGHT,
    Move.ROLL_CLOCKWISE: Move.ROLL_COUNTER,
}
OPPOSITES |= {other: move for move, other in OPPOSITES.items()}
"""The move that undoes a move."""

MOVING = frozenset(Move) - {Move.STATIC}
"""Everything that "camera movement" covers."""


def families(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Moves and their opposites, sorted: what a bare word such as "zoom" covers."""
    return tuple(sorted({other for move in moves for other in (move, OPPOSITES.get(move, move))}))


@dataclass(frozen=True, slots=True)
class Cue:
    """One wish about the camera found in a text.

    Attributes:
        moves: what is meant; more than one where a word covers several ("dolly zoom"), or
            where a negation does ("no zoom").
        text: the words that say so.
        position: index of those words in the normalised text; orders cues of both languages.
        link: how the clause hangs on what came before.
        speed: the speed that goes with it, if one is named.
        speed_text: the words for the speed; empty if none.
        negated: whether the moves are unwanted.
        framing: whether it names a framing ("close-up") and no move outright.
    """

    moves: tuple[Move, ...]
    text: str
    position: int
    link: Link
    speed: Speed | None = None
    speed_text: str = ""
    negated: bool = False
    framing: bool = False

    @property
    def covers_all(self) -> bool:
        """Whether it is about camera movement as such."""
        return frozenset(self.moves) == MOVING


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of normalised text between two connectives.

    Attributes:
        text: without the connectives; never empty.
        position: index of its first character in the whole.
        link: the strongest connective before it.
    """

    text: str
    position: int
    link: Link


LONGEST = 8192
"""Characters looked at; a prompt has 2,500, which normalisation may lengthen."""

LONGEST_CLAUSE = 160
"""Characters in a clause; without punctuation, cut here, which keeps the reading linear."""

_CONNECTIVES = re.compile(
    r"""
    (?P<sentence> [.!?。！？…]+ )
  | (?P<then> \b(?:then|followed\ by|after\ that|afterwards?|thereafter|subsequently|finally
        |before|next(?!\ to)|later)\b | 然后 | 接着 | 随后 | 之后 | 最后 | 而后 | 继而 | 后来
        | 再(?!次|度) | -> | → )
  | (?P<while> \b(?:while|whilst|as|meanwhile|simultaneously|at\ the\ same\ time
        |combined\ with|together\ with|along\ with|plus)\b | 同时 | 并且? | 一边 | 伴随着? | 随着
        | [+&] )
  | (?P<and> \b(?:and|with|but)\b | 而且 | 且 | 和 | 及 )
  | (?P<or> \b(?:or|nor)\b | 或者? )
  | (?P<list> [,:;()\[\]{}"“”|/、\n\r\t—–*#<>=~] )
    """,
    re.VERBOSE,
)

_STRENGTH = (Link.LIST, Link.AND, Link.OR, Link.WHILE, Link.THEN, Link.SENTENCE)


def normalise(text: str) -> str:
    """Full-width forms, capitals and typographic apostrophes made plain (Unicode NFKC)."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower()[:LONGEST]
    return plain.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def clauses(text: str) -> Iterator[Clause]:
    """Split a normalised text at punctuation and connectives, in either language."""
    link, start = Link.SENTENCE, 0
    for found in _CONNECTIVES.finditer(text):
        for piece in _pieces(text, start, found.start()):
            yield Clause(*piece, link)
            link = Link.LIST
        link = max(link, Link(str(found.lastgroup)), key=_STRENGTH.index)
        start = found.end()
    for piece in _pieces(text, start, len(text)):
        yield Clause(*piece, link)
        link = Link.LIST


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    for begin in range(start, end, LONGEST_CLAUSE):
        body = text[begin : min(end, begin + LONGEST_CLAUSE)]
        if stripped := body.strip():
            yield stripped, begin + len(body) - len(body.lstrip())
