"""What the open model on a pool of inference servers supports, as the engine file declares it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Final

from kirin.domain.storyboard import Storyboard
from kirin.engines.base import UnsupportedFeature

DEFAULT_GUIDANCE: Final = 0.5
"""A storyboard's guidance where the request sets none."""

AREA_TOLERANCE: Final = 1.02
"""Cards fit a picture's aspect ratio to a nominal area; rounding may exceed it by this factor."""

_NEVER: Final[tuple[tuple[str, str, Callable[[Storyboard], bool]], ...]] = (
    ("shots", "does not support multiple shots", lambda board: len(board.shots) > 1),
    (
        "shots.last",
        "does not support a last frame",
        lambda board: any(shot.last for shot in board.shots),
    ),
    (
        "shots.references",
        "does not support subject references",
        lambda board: any(shot.references for shot in board.shots),
    ),
    (
        "shots.strokes",
        "does not support the motion brush",
        lambda board: any(shot.strokes for shot in board.shots),
    ),
    (
        "shots.still",
        "does not support a static mask",
        lambda board: any(shot.still for shot in board.shots),
    ),
    (
        "shots.camera",
        "does not support camera control",
        lambda board: any(shot.camera for shot in board.shots),
    ),
    (
        "driving",
        "does not support a reference video",
        lambda board: board.driving is not None,
    ),
    ("lips", "does not move lips to a voice", lambda board: board.lips is not None),
    (
        "footage",
        "does not support a video to edit or to take the camera from",
        lambda board: board.footage is not None,
    ),
)
"""What ``/v1/videos`` has no field for: storyboard field, message, and whether it is used."""


class ServerCapability(StrEnum):
    """What the engine file can declare in ``takes``."""

    TEXT = "text"
    IMAGE = "image"
    NEGATIVE_PROMPT = "negative_prompt"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class ModelCapabilities:
    """What the model supports.

    Attributes:
        supports: ``text`` is text-to-video, ``image`` is image-to-video.
        fps: frame rate that the model was trained on.
        frame_step: frame counts are ``k * frame_step + 1``: an autoencoder compresses time by
            this factor after the first frame.
        side_step: width and height are multiples of this many pixels.
        max_pixels: upper bound of width times height.
        max_seconds: longest video.
        max_characters: longest prompt; text encoders truncate the rest silently.
        guidance: guidance scale for a storyboard's guidance of 0 and of 1; ``None`` for a
            distilled model, which runs without classifier-free guidance.
    """

    supports: frozenset[ServerCapability]
    fps: int
    frame_step: int
    side_step: int
    max_pixels: int
    max_seconds: float
    max_characters: int
    guidance: tuple[float, float] | None

    def unsupported(self, board: Storyboard) -> Iterator[UnsupportedFeature]:
        """What the model cannot honour; each message is a predicate of the pool's name."""
        yield from self._unsupported_inputs(board)
        yield from self._unsupported_options(board)
        yield from self._exceeded_limits(board)

    def _unsupported_inputs(self, board: Storyboard) -> Iterator[UnsupportedFeature]:
        first = board.shots[0].first
        if first and ServerCapability.IMAGE not in self.supports:
            yield UnsupportedFeature("shots.first", "does not support image-to-video")
        if not first and ServerCapability.TEXT not in self.supports:
            yield UnsupportedFeature("shots.prompt", "does not support text-to-video")
        for field, message, is_used in _NEVER:
            if is_used(board):
                yield UnsupportedFeature(field, message)

    def _unsupported_options(self, board: Storyboard) -> Iterator[UnsupportedFeature]:
        if board.sound and ServerCapability.SOUND not in self.supports:
            yield UnsupportedFeature("sound", "does not generate sound")
        if board.negative_prompt and ServerCapability.NEGATIVE_PROMPT not in self.supports:
            yield UnsupportedFeature("negative_prompt", "does not support negative prompts")
        if board.guidance != DEFAULT_GUIDANCE and self.guidance is None:
            yield UnsupportedFeature("guidance", "does not support a guidance scale")

    def _exceeded_limits(self, board: Storyboard) -> Iterator[UnsupportedFeature]:
        if max(len(board.shots[0].prompt), len(board.negative_prompt)) > self.max_characters:
            message = f"supports prompts of up to {self.max_characters} characters"
            yield UnsupportedFeature("shots.prompt", message)
        if board.width * board.height > self.max_pixels * AREA_TOLERANCE:
            size = f"{board.width}x{board.height}"
            message = f"supports up to {self.max_pixels:,} pixels per frame, not {size}"
            yield UnsupportedFeature("size", message)
        if board.seconds > self.max_seconds:
            message = f"supports up to {self.max_seconds:g} s, not {board.seconds:g} s"
            yield UnsupportedFeature("shots.seconds", message)

    def size(self, board: Storyboard) -> tuple[int, int]:
        """The smallest width and height that the model supports and that contain the video."""
        step = self.side_step
        return ceil(board.width / step) * step, ceil(board.height / step) * step

    def frame_count(self, board: Storyboard) -> int:
        """The smallest frame count that the model supports and that lasts as long as the video."""
        needed = ceil(Fraction(board.frame_count) / board.fps * self.fps)
        return ceil((needed - 1) / self.frame_step) * self.frame_step + 1

    def guidance_scale(self, board: Storyboard) -> float | None:
        """The guidance scale for the storyboard's guidance, by linear interpolation."""
        if self.guidance is None:
            return None
        low, high = self.guidance
        return round(low + (high - low) * board.guidance, 3)
