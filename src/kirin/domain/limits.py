"""Limits that pictures and videos must keep; cards state them, the intake measures by them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


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
        min_seconds, max_seconds: length, both ends allowed; no upper limit if ``None``.
        seconds_rules: ids of the rules that the lengths come from.
    """

    max_bytes: int = 100 * 1024 * 1024
    min_side: int = 340
    max_side: int = 3850
    min_seconds: float = 3
    max_seconds: float | None = None
    seconds_rules: tuple[str, ...] = ("MC-3",)
