"""Abilities: what the open model that a pool of servers runs can do, and what it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Final

from kirin.domain.storyboard import Storyboard
from kirin.engines.base import Reason

NEUTRAL: Final = 0.5
"""Guidance where nobody has asked for another."""

ROUNDING: Final = 1.02
"""Storyboards keep a picture's aspect at about a nominal area: so much above it is no more."""

_NEVER: Final[tuple[tuple[str, str, Callable[[Storyboard], bool]], ...]] = (
    ("shots", "makes one shot, not several", lambda board: len(board.shots) > 1),
    ("shots.last", "knows no last frame", lambda board: any(s.last for s in board.shots)),
    ("shots.references", "knows no subjects", lambda board: any(s.references for s in board.shots)),
    ("shots.strokes", "has no motion brush", lambda board: any(s.strokes for s in board.shots)),
    ("shots.still", "keeps no masked part still", lambda board: any(s.still for s in board.shots)),
    ("driving", "follows no reference video", lambda board: board.driving is not None),
)
"""What no server can be asked for: field, message, and whether a storyboard asks for it."""


class Gift(StrEnum):
    """What some open models take and others do not."""

    TEXT = "text"
    IMAGE = "image"
    NEGATIVE_PROMPT = "negative_prompt"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Ability:
    """What a model can do.

    Attributes:
        takes: what it honours; ``text`` without a first picture, ``image`` with one.
        fps: frames a second that it was trained for.
        frame_step: it makes a multiple of this many frames and one.
        side_step: its sides are multiples of this many pixels.
        most_pixels: width times height that it makes at most.
        most_seconds: length that it makes at most.
        most_characters: length of a prompt at most: text encoders cut off the rest unheard.
        guidance: scale at the storyboard's 0 and 1; ``None`` for a distilled model, which has
            none.
    """

    takes: frozenset[Gift]
    fps: int
    frame_step: int
    side_step: int
    most_pixels: int
    most_seconds: float
    most_characters: int
    guidance: tuple[float, float] | None

    def reasons(self, board: Storyboard) -> Iterator[Reason]:
        """What it cannot honour; each message follows the pool's name."""
        shot = board.shots[0]
        gift = Gift.IMAGE if shot.first else Gift.TEXT
        if gift not in self.takes:
            field = "shots.first" if shot.first else "shots.prompt"
            first = "from a picture" if shot.first else "from words alone"
            yield Reason(field, f"makes no videos {first}")
        for field, message, asked in _NEVER:
            if asked(board):
                yield Reason(field, message)
        if board.sound and Gift.SOUND not in self.takes:
            yield Reason("sound", "makes no sound")
        if board.negative_prompt and Gift.NEGATIVE_PROMPT not in self.takes:
            yield Reason("negative_prompt", "takes no negative prompt")
        if board.guidance != NEUTRAL and self.guidance is None:
            yield Reason("guidance", "cannot be guided more or less")
        if max(len(shot.prompt), len(board.negative_prompt)) > self.most_characters:
            message = f"reads at most {self.most_characters} characters of a prompt"
            yield Reason("shots.prompt", message)
        if board.width * board.height > self.most_pixels * ROUNDING:
            message = f"makes at most {self.most_pixels:,} pixels, not {board.width}x{board.height}"
            yield Reason("size", message)
        if board.seconds > self.most_seconds:
            message = f"makes at most {self.most_seconds:g} s, not {board.seconds:g}"
            yield Reason("shots.seconds", message)

    def size(self, board: Storyboard) -> tuple[int, int]:
        """The smallest size that it makes and that holds the storyboard's."""
        step = self.side_step
        return ceil(board.width / step) * step, ceil(board.height / step) * step

    def frame_count(self, board: Storyboard) -> int:
        """The fewest frames that it makes and that last as long as the storyboard."""
        least = ceil(Fraction(board.frame_count) / board.fps * self.fps)
        return ceil((least - 1) / self.frame_step) * self.frame_step + 1

    def scale(self, board: Storyboard) -> float | None:
        """Its guidance scale for the storyboard's guidance."""
        if self.guidance is None:
            return None
        low, high = self.guidance
        return round(low + (high - low) * board.guidance, 3)
