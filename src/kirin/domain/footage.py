"""Footage: a video that a new one is made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kirin.domain.assets import Asset


class FootageUse(StrEnum):
    """What a given video is for."""

    FEATURE = "feature"
    """Its camera and its rhythm are taken over; its pictures are not shown."""

    BASE = "base"
    """It is shown itself, edited as the prompt says."""


@dataclass(frozen=True, slots=True)
class Footage:
    """A video that a new one is made from.

    Attributes:
        video: the video.
        use: what for.
        keep_sound: whether the new video has its sound.
    """

    video: Asset
    use: FootageUse
    keep_sound: bool = False
