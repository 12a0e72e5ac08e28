"""Matching which way a driver and a character face, before one imitates the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kirin.domain.storyboard import Orientation
from kirin.vision.pose.foot_contact import gaussian_smooth
from kirin.vision.pose.skeleton import Node, Skeleton

_SIDED = 0.35  # ``Skeleton.forward`` from which a person counts as facing a side
_ABREAST = 0.3  # torso lengths between shoulders: with less, front and back look alike


@dataclass(frozen=True, slots=True)
class FacingMatch:
    """What must be mirrored so that driver and character face the same way.

    Attributes:
        mirrored: the driver's movement.
        flipped: the character's picture.
    """

    mirrored: bool
    flipped: bool

    @classmethod
    def of(
        cls, driver: Sequence[Skeleton], character: Skeleton, orientation: Orientation
    ) -> FacingMatch:
        """Compare the driver's median direction with the character's.

        Args:
            driver: its skeleton in each frame.
            character: the skeleton in the character's picture.
            orientation: whose direction is kept.
        """
        way = float(np.median([each.forward for each in driver]))
        against = way * character.forward < 0 and min(abs(way), abs(character.forward)) > _SIDED
        return cls(
            against and orientation is Orientation.IMAGE,
            against and orientation is Orientation.VIDEO,
        )


def face_same_way(
    driver: Sequence[Skeleton], character: Skeleton, fps: float
) -> tuple[list[Skeleton], float]:
    """Swap the driver's left and right while it shows the other side than the character.

    If a driver turns its back on the camera while the character is seen from the front, the
    character's arms would cross. During the turn the two are blended.

    Args:
        driver: its skeleton in each frame.
        character: the skeleton in the character's picture.
        fps: frames per second.

    Returns:
        the driver, and the share of frames in which it faces the other way.
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
    share = gaussian_smooth(turned, 0.1 * fps)
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
    """From the right to the left shoulder, in torso lengths; negative when seen from behind."""
    across = skeleton.points[Node.LEFT_SHOULDER, 0] - skeleton.points[Node.RIGHT_SHOULDER, 0]
    return float(across / skeleton.torso)
