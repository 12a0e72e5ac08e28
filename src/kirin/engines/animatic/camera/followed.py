"""What of a prompt's camera direction a method does not follow, for the notes."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, Final

from kirin.domain.intent import HELD_ANGLES, Direction, Move

NO_MOVES: Final = frozenset(Move) - {Move.STATIC}
"""What a fixed camera does not follow."""

HELD: Final = HELD_ANGLES
"""What a path does not follow that begins or ends with the whole picture, seen straight."""


def describe_not_followed(direction: Direction, unfollowed: Set[Move]) -> dict[str, Any]:
    """``not_followed`` with words of the camera; nothing where all that was asked for is followed.

    Args:
        direction: what was asked for.
        unfollowed: moves that the method does not make.
    """
    asked = [step.move for step in direction.steps]
    left = list(dict.fromkeys(move for move in asked if move in unfollowed))
    if direction.default or not left:
        return {}
    # Which words asked for which move is not recorded.
    if len(left) == len(set(asked)) and direction.understood:
        return {"not_followed": list(direction.understood)}
    return {"not_followed": [move.value.replace("_", " ") for move in left]}
