"""Matching: whose left is whose, before one person moves as another does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kirin.domain.storyboard import Orientation
from kirin.vision.pose.planting import smooth
from kirin.vision.pose.skeleton import Node, Skeleton

_SIDED = 0.35  # how much to a side one must face to count as facing it
_ABREAST = 0.3  # torso lengths from shoulder to shoulder: less says nothing of front and back


@dataclass(frozen=True, slots=True)
class Match:
    """How a driver and a character face each other.

    Attributes:
        mirrored: the driver's movement is seen in a mirror.
        flipped: the character's picture is.
    """

    mirrored: bool
    flipped: bool

    @classmethod
    def of(cls, driver: Sequence[Skeleton], character: Skeleton, orientation: Orientation) -> Match:
        """Compare the facing that a driver has most of the time with the character's."""
        way = float(np.median([each.forward for each in driver]))
        against = way * character.forward < 0 and min(abs(way), abs(character.forward)) > _SIDED
        return cls(
            against and orientation is Orientation.IMAGE,
            against and orientation is Orientation.VIDEO,
        )


def facing_alike(
    driver: Sequence[Skeleton], character: Skeleton, fps: float
) -> tuple[list[Skeleton], float]:
    """Let a driver show the character's side of the body all the time.

    Who is seen from behind while the character is seen from before would cross its arms. So
    left and right change names for as long as the driver's back is turned; while it turns, one
    passes into the other.

    Returns:
        the driver, and the share of its frames in which it is turned the other way.
    """
    own = _breadth(character)
    if abs(own) < _ABREAST:
        return list(driver), 0.0
    breadths = np.array([_breadth(each) * np.sign(own) for each in driver])
    turned = np.zeros(len(driver))
    clear = np.flatnonzero(np.abs(breadths) > _ABREAST)
    if not len(clear):
        return list(driver), 0.0
    nearest = clear[np.abs(np.arange(len(driver))[:, None] - clear).argmin(axis=1)]
    turned[breadths[nearest] < 0] = 1.0
    share = smooth(turned, 0.1 * fps)
    return [_mixed(each, float(s)) for each, s in zip(driver, share, strict=True)], float(
        turned.mean()
    )


def _mixed(driver: Skeleton, share: float) -> Skeleton:
    if share <= 0.0:
        return driver
    other = driver.swapped()
    mixed = {
        name: (1 - share) * getattr(driver, name) + share * getattr(other, name)
        for name in ("points", "depth", "seen")
    }
    return replace(driver, gaze=(1 - share) * driver.gaze, **mixed)


def _breadth(skeleton: Skeleton) -> float:
    """From the right shoulder to the left, in torso lengths; less than 0 seen from behind."""
    across = skeleton.points[Node.LEFT_SHOULDER, 0] - skeleton.points[Node.RIGHT_SHOULDER, 0]
    return float(across / skeleton.torso)
