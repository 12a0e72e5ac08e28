"""What can be said of motion control before anybody has looked at the picture and the video."""

from __future__ import annotations

from typing import Final

from kirin.domain.cast import Missing
from kirin.domain.intent import Direction, Move

WORKS_BEST: Final = (
    "One person, seen whole and from the same side in the picture and in the video.",
    "In the picture the arms are away from the body and the legs apart.",
    "A head-and-shoulders portrait sways, but cannot walk.",
    "The video is one shot in which the person never leaves the picture.",
)
"""What gives good results; whether given media are so is found when the video is rendered."""


def unfollowed_camera(direction: Direction) -> list[Missing]:
    """The words of a prompt for camera moves, none of which a fixed camera makes."""
    if direction.default or all(step.move is Move.STATIC for step in direction.steps):
        return []
    return [Missing(word, "camera") for word in direction.understood]
