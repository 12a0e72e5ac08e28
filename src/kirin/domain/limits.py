"""Limits on pictures, videos and sounds: cards state them, and inputs are checked against them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

GRACE_FRAMES: Final = 2
GRACE_SECONDS: Final = 1 / 12
"""By how much a video may miss a limit of its length: two frames of its own, as cameras and editors
round, and no more than two at 24 a second."""


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What a picture may be. The defaults are the contract's common rules.

    Attributes:
        max_bytes: length of the file.
        min_side, max_side: pixels of each side, as seen; no upper limit if ``None``.
        max_aspect: the longer side by the shorter one, allowed itself; no limit if ``None``.
        side_rules: ids of the rules that sides and aspect come from.
    """

    max_bytes: int = 10 * 1024 * 1024
    min_side: int = 300
    max_side: int | None = None
    max_aspect: Fraction | None = Fraction(5, 2)
    side_rules: tuple[str, ...] = ("C-3",)


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """What a video may be. The defaults are the contract's for a motion reference.

    Attributes:
        max_bytes: length of the file.
        min_side, max_side: pixels of each side, as displayed.
        min_seconds, max_seconds: length, both ends allowed, give or take :func:`grace`; no upper
            limit if ``None``.
        rules, seconds_rules: ids of the rules that file and sides come from, and the lengths.
    """

    max_bytes: int = 100 * 1024 * 1024
    min_side: int = 340
    max_side: int = 3850
    min_seconds: float = 3
    max_seconds: float | None = None
    rules: tuple[str, ...] = ("MC-2",)
    seconds_rules: tuple[str, ...] = ("MC-3",)


@dataclass(frozen=True, slots=True)
class SoundLimits:
    """What a sound file may be.

    Attributes:
        max_bytes: length of the file.
        min_seconds, max_seconds: length of the sound, both ends allowed.
    """

    max_bytes: int = 5 * 1024 * 1024
    min_seconds: float = 2
    max_seconds: float = 60


Limits = ImageLimits | VideoLimits | SoundLimits


def grace(fps: Fraction | None) -> float:
    """Seconds by which a video may be shorter or longer than allowed.

    Args:
        fps: frames a second, if known.
    """
    longest = GRACE_SECONDS + 1e-6  # timestamps are rounded
    return min(float(GRACE_FRAMES / fps) + 1e-6, longest) if fps else longest
