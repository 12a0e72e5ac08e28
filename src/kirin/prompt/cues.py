"""Cues: what single phrases of a prompt say about the camera."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kirin.domain.intent import HELD_ANGLES, Move, Speed
from kirin.prompt.clauses import Link

OPPOSITES: Final[dict[Move, Move]] = {
    Move.PUSH_IN: Move.PULL_OUT,
    Move.ZOOM_IN: Move.ZOOM_OUT,
    Move.PAN_LEFT: Move.PAN_RIGHT,
    Move.TILT_UP: Move.TILT_DOWN,
    Move.TRUCK_LEFT: Move.TRUCK_RIGHT,
    Move.CRANE_UP: Move.CRANE_DOWN,
    Move.ORBIT_LEFT: Move.ORBIT_RIGHT,
    Move.ROLL_CLOCKWISE: Move.ROLL_COUNTER,
}
OPPOSITES.update({other: move for move, other in OPPOSITES.items()})
"""For each move that has one, the move that undoes it."""

MOVING: Final = frozenset(Move) - {Move.STATIC} - HELD_ANGLES
"""Everything that "camera movement" covers."""

TURNING: Final = frozenset(
    move for move in Move if move.value.startswith(("orbit", "roll", "pan", "tilt"))
)
"""Moves that are told in degrees."""


def with_opposites(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Moves and their opposites, sorted: what a bare word such as "zoom" covers."""
    return tuple(sorted({other for move in moves for other in (move, OPPOSITES.get(move, move))}))


QUARTER: Final = 90
"""Degrees from which on a rotation is no roll of the camera."""


def turned(moves: Iterable[Move], degrees: int | None, *, aimed: bool) -> tuple[Move, ...]:
    """Moves, where a rotation by a quarter and more is a way around the subject, from above.

    Args:
        moves: of a word such as "rotate".
        degrees: that go with it, if any.
        aimed: whether the text tells which way around.
    """
    if degrees is None or degrees < QUARTER:
        return tuple(moves)
    around = {
        Move.ROLL_CLOCKWISE: Move.ORBIT_LEFT if aimed else Move.ORBIT_RIGHT,
        Move.ROLL_COUNTER: Move.ORBIT_RIGHT,
    }
    return tuple(around.get(move, move) for move in moves)


@dataclass(frozen=True, slots=True)
class Cue:
    """One phrase about the camera.

    Attributes:
        moves: what is meant; none for a speed or an angle that goes with the cue before ("pan
            left, slowly"); more than one where a phrase covers several ("dolly zoom"), or
            where a negation does ("no zoom").
        text: the phrase.
        position: index of the phrase in the normalised text; orders cues of all languages.
        link: how its clause is joined to the one before.
        speed: the speed that goes with it, if one is named.
        speed_text: the words for the speed; empty if none.
        negated: whether the moves are unwanted.
        framing: whether it names a framing ("close-up") rather than a move.
        degrees: how far its turning moves go, if it says.
        tentative: whether it counts only beside a certain cue: "rise (and pull back)".
        refines: whether it only tells which way the move before it goes.
    """

    moves: tuple[Move, ...]
    text: str
    position: int
    link: Link
    speed: Speed | None = None
    speed_text: str = ""
    negated: bool = False
    framing: bool = False
    degrees: int | None = None
    refines: bool = False
    tentative: bool = False

    @property
    def covers_all(self) -> bool:
        """Whether it is about camera movement in general."""
        return frozenset(self.moves) == MOVING
