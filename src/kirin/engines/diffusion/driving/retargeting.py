"""Retargeting: a driver's motion on a character's proportions, at the character's position.

As in Wan-Animate's ``retarget_pose.py``, angles are the driver's, bone lengths the character's, and
the first pose stands where the character stands. There, bone lengths come from the driver's first
frame; here from the whole video, since bones are rarely seen at full length. Also, nobody leaves
the picture here: the path is shifted or shortened, and a cropped character stays put.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy.ndimage import uniform_filter1d

from kirin.engines.diffusion.driving.body import Body, Keypoint, Values
from kirin.engines.diffusion.driving.drawing import LIMBS, VISIBLE

_HANDS = tuple(
    (Keypoint[f"{side}_WRIST"], Keypoint[f"{side}_{name}"])
    for side in ("LEFT", "RIGHT")
    for name in ("THUMB", "INDEX", "PINKY")
)
BONES: Final = (*LIMBS, *_HANDS)
"""From the neck outwards: each starts where an earlier one ends."""

_RATIO_RANGE: Final = (0.75, 1.5)  # of a bone's ratio to the body's; beyond is foreshortening
_FULL_LENGTH = 90  # percentile of a bone's lengths that counts as its full length
_SIZE_SECONDS = 0.5  # changes of size are smoothed over this time
_SWAY_SECONDS = 1.0  # slower motion of the whole body is walking, which cropped characters do not
_MARGIN = 0.45  # torso lengths that hips keep from the picture's sides
_FEET = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]
_HIPS = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]


def retarget(
    driver: Sequence[Body], character: Body, size: tuple[int, int], fps: float
) -> tuple[list[Body], dict[str, Any]]:
    """Retarget a driver's motion to a character.

    Args:
        driver: one body per frame, in the video's pixels.
        character: in its image's pixels.
        size: width and height of the image, pixels.
        fps: frame rate of the motion.

    Returns:
        One body per frame, in the image's pixels; and what was limited, as JSON values.
    """
    points = np.array([each.points for each in driver])
    sizes = _sizes(driver, fps)
    ratios = _ratios(points, sizes, character)
    posed = np.zeros_like(points)
    for bone in BONES:
        start, end = bone
        posed[:, end] = posed[:, start] + (points[:, end] - points[:, start]) * ratios[bone]
    path = (points[:, Keypoint.NECK] - points[0, Keypoint.NECK]) * _whole(points, sizes, character)
    notes: dict[str, Any] = {}
    if _stands(character, size):
        place = _standing(posed[0], driver[0], character)
        hips = place[0] + posed[:, _HIPS, 0].mean(axis=1)
        inside, share = _inside(hips + path[:, 0], _MARGIN * character.torso, size[0])
        path[:, 0] = inside - hips
        if share < 1:
            notes["way_shortened_to"] = round(share, 3)
    else:
        place = character.points[Keypoint.NECK]
        path = _sway(path, min(round(_SWAY_SECONDS * fps), len(path) - 1))
        notes["stays"] = "the picture cuts the character off"
    posed += (place + path)[:, None]
    return [Body(at, each.seen) for at, each in zip(posed, driver, strict=True)], notes


def _sway(path: Values, frames: int) -> Values:
    """The part of a path that is faster than a moving average over a number of frames."""
    if frames < 1:
        return np.zeros_like(path)
    # Extrapolated at both ends, or a steady walk would seem to start with a jump.
    longer = np.pad(path, ((frames, frames), (0, 0)), "reflect", reflect_type="odd")
    slow = uniform_filter1d(longer, frames, axis=0)[frames:-frames]
    fast: Values = path - slow
    return fast


def _stands(character: Body, size: tuple[int, int]) -> bool:
    """Whether the image shows the character's feet."""
    feet = character.points[_FEET]
    return bool(min(character.seen[_FEET]) >= VISIBLE and (feet >= 0).all() and (feet < size).all())


def _inside(across: Values, margin: float, width: int) -> tuple[Values, float]:
    """A path within the image's sides, shifted or else shortened; and the share that is left."""
    low, high = margin, max(width - margin, margin)
    reach = float(np.ptp(across))
    share = min(1.0, (high - low) / reach) if reach else 1.0
    kept = across[0] + (across - across[0]) * share
    kept = kept + max(min(low, across[0]) - float(kept.min()), 0.0)
    kept = kept - max(float(kept.max()) - max(high, across[0]), 0.0)
    return kept, share


def _sizes(driver: Sequence[Body], fps: float) -> Values:
    """The driver's apparent size in each frame, relative to the first."""
    torso = np.array([each.torso for each in driver])
    shoulders = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]
    breadth = np.array([np.hypot(*np.diff(each.points[shoulders], axis=0)[0]) for each in driver])
    # Somebody who bends or turns appears smaller by one of the two, but rarely by both.
    usual = [values / max(float(np.percentile(values, 75)), 1.0) for values in (torso, breadth)]
    size = uniform_filter1d(
        np.max(usual, axis=0), max(round(_SIZE_SECONDS * fps), 1), mode="nearest"
    )
    size = np.maximum(size, 0.1)
    scaled: Values = size / size[0]
    return scaled


def _lengths(points: Values, bone: tuple[Keypoint, Keypoint]) -> Values:
    start, end = bone
    length: Values = np.hypot(*np.moveaxis(points[..., end, :] - points[..., start, :], -1, 0))
    return length


def _whole(points: Values, sizes: Values, character: Body) -> float:
    """The character's size relative to the driver's in the first frame."""
    torso = np.hypot(*(points[:, Keypoint.NECK] - points[:, _HIPS].mean(axis=1)).T)
    full = max(float(np.percentile(torso / sizes, _FULL_LENGTH)), 1.0)
    return character.torso / full


def _ratios(
    points: Values, sizes: Values, character: Body
) -> dict[tuple[Keypoint, Keypoint], float]:
    """By bone, the character's length relative to the driver's; equal for left and right."""
    whole = _whole(points, sizes, character)
    low, high = (whole * bound for bound in _RATIO_RANGE)
    found: dict[tuple[Keypoint, Keypoint], float] = {}
    for bone in LIMBS:
        full = max(float(np.percentile(_lengths(points, bone) / sizes, _FULL_LENGTH)), 1.0)
        known = min(character.seen[list(bone)]) >= VISIBLE
        own = float(_lengths(character.points, bone)) / full if known else 0.0
        found[bone] = own
    ratios = {}
    for bone in LIMBS:
        # The longer of the two is less foreshortened.
        longest = max(found[bone], found.get(_twin(bone), 0.0)) or whole
        ratios[bone] = float(np.clip(longest, low, high))
    return {**ratios, **dict.fromkeys(_HANDS, whole)}


def _twin(bone: tuple[Keypoint, Keypoint]) -> tuple[Keypoint, Keypoint]:
    def other(point: Keypoint) -> Keypoint:
        for one, two in (("LEFT", "RIGHT"), ("RIGHT", "LEFT")):
            if point.name.startswith(one):
                return Keypoint[point.name.replace(one, two)]
        return point

    return other(bone[0]), other(bone[1])


def _standing(first: Values, driver: Body, character: Body) -> Values:
    """Position of the neck in the first pose, if it stands where the character does."""
    for points in (_FEET, _HIPS):
        if min(driver.seen[points]) >= VISIBLE and min(character.seen[points]) >= VISIBLE:
            across = (character.points[_HIPS] - first[_HIPS])[:, 0].mean()
            down = character.points[points, 1].max() - first[points, 1].max()
            return np.array([across, down])
    neck: Values = character.points[Keypoint.NECK]
    return neck
