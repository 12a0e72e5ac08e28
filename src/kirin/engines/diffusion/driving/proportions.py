"""Proportions: a driver's movement on bones of the character's length, in the character's place.

As the makers' ``retarget_pose.py`` does it: angles are the driver's, lengths the character's, and
the first pose stands where the character stands. They compare with the driver's first frame; here
its whole video says how long its bones are, which are seldom seen at full length. And here nobody
walks out of the picture: the way is shifted or shortened, and who is cut off by it stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy.ndimage import uniform_filter1d

from kirin.engines.diffusion.driving.body import Body, Spot, Values
from kirin.engines.diffusion.driving.drawing import LIMBS, SEEN

_HANDS = tuple(
    (Spot[f"{side}_WRIST"], Spot[f"{side}_{name}"])
    for side in ("LEFT", "RIGHT")
    for name in ("THUMB", "INDEX", "PINKY")
)
BONES: Final = (*LIMBS, *_HANDS)
"""From the neck outwards: each begins where an earlier one ends."""

_APART: Final = (0.75, 1.5)  # how far a bone's ratio is from the body's: more is foreshortening
_FULL = 90  # percentile of a bone's lengths that counts as its full one
_CALM = 0.5  # seconds over which a change of size is smoothed
_SWAY = 1.0  # seconds: slower movement of the whole is a way, and not for those who are cut off
_MARGIN = 0.45  # torso lengths that hips stay away from the picture's sides
_FEET = [Spot.LEFT_ANKLE, Spot.RIGHT_ANKLE]
_HIPS = [Spot.LEFT_HIP, Spot.RIGHT_HIP]


def proportioned(
    driver: Sequence[Body], character: Body, size: tuple[int, int], fps: float
) -> tuple[list[Body], dict[str, Any]]:
    """The driver's movement as the character would make it.

    Args:
        driver: in each frame, in its video's pixels.
        character: in its picture.
        size: width and height of the picture, pixels.
        fps: frames a second.

    Returns:
        the character in each frame, in the picture's pixels; and what was limited, JSON values.
    """
    points = np.array([each.points for each in driver])
    sizes = _sizes(driver, fps)
    ratios = _ratios(points, sizes, character)
    told = np.zeros_like(points)
    for bone in BONES:
        start, end = bone
        told[:, end] = told[:, start] + (points[:, end] - points[:, start]) * ratios[bone]
    way = (points[:, Spot.NECK] - points[0, Spot.NECK]) * _whole(points, sizes, character)
    notes: dict[str, Any] = {}
    if _stands(character, size):
        place = _standing(told[0], driver[0], character)
        hips = place[0] + told[:, _HIPS, 0].mean(axis=1)
        inside, share = _inside(hips + way[:, 0], _MARGIN * character.torso, size[0])
        way[:, 0] = inside - hips
        if share < 1:
            notes["way_shortened_to"] = round(share, 3)
    else:
        place = character.points[Spot.NECK]
        way = _swaying(way, min(round(_SWAY * fps), len(way) - 1))
        notes["stays"] = "the picture cuts the character off"
    told += (place + way)[:, None]
    return [Body(at, each.seen) for at, each in zip(told, driver, strict=True)], notes


def _swaying(way: Values, frames: int) -> Values:
    """What of a way is faster than so many frames."""
    if frames < 1:
        return np.zeros_like(way)
    # Going on at both ends as it came, or a steady walk would seem to start with a jump.
    longer = np.pad(way, ((frames, frames), (0, 0)), "reflect", reflect_type="odd")
    slow = uniform_filter1d(longer, frames, axis=0)[frames:-frames]
    fast: Values = way - slow
    return fast


def _stands(character: Body, size: tuple[int, int]) -> bool:
    """Whether the picture shows the character's feet."""
    feet = character.points[_FEET]
    return bool(min(character.seen[_FEET]) >= SEEN and (feet >= 0).all() and (feet < size).all())


def _inside(across: Values, margin: float, width: int) -> tuple[Values, float]:
    """A way between the picture's sides: shifted if it fits, else shortened to a share."""
    low, high = margin, max(width - margin, margin)
    reach = float(np.ptp(across))
    share = min(1.0, (high - low) / reach) if reach else 1.0
    kept = across[0] + (across - across[0]) * share
    kept = kept + max(min(low, across[0]) - float(kept.min()), 0.0)
    kept = kept - max(float(kept.max()) - max(high, across[0]), 0.0)
    return kept, share


def _sizes(driver: Sequence[Body], fps: float) -> Values:
    """How near the driver is in each frame, 1 in the first."""
    torso = np.array([each.torso for each in driver])
    shoulders = [Spot.LEFT_SHOULDER, Spot.RIGHT_SHOULDER]
    breadth = np.array([np.hypot(*np.diff(each.points[shoulders], axis=0)[0]) for each in driver])
    # Whoever bends or turns seems smaller by one of the two, and seldom by both.
    usual = [values / max(float(np.percentile(values, 75)), 1.0) for values in (torso, breadth)]
    size = uniform_filter1d(np.max(usual, axis=0), max(round(_CALM * fps), 1), mode="nearest")
    size = np.maximum(size, 0.1)
    scaled: Values = size / size[0]
    return scaled


def _lengths(points: Values, bone: tuple[Spot, Spot]) -> Values:
    start, end = bone
    length: Values = np.hypot(*np.moveaxis(points[..., end, :] - points[..., start, :], -1, 0))
    return length


def _whole(points: Values, sizes: Values, character: Body) -> float:
    """The character's size to that of the driver's first frame."""
    torso = np.hypot(*(points[:, Spot.NECK] - points[:, _HIPS].mean(axis=1)).T)
    full = max(float(np.percentile(torso / sizes, _FULL)), 1.0)
    return character.torso / full


def _ratios(points: Values, sizes: Values, character: Body) -> dict[tuple[Spot, Spot], float]:
    """By bone, the character's length to the driver's; the same for left and right."""
    whole = _whole(points, sizes, character)
    low, high = (whole * bound for bound in _APART)
    found: dict[tuple[Spot, Spot], float] = {}
    for bone in LIMBS:
        full = max(float(np.percentile(_lengths(points, bone) / sizes, _FULL)), 1.0)
        known = min(character.seen[list(bone)]) >= SEEN
        own = float(_lengths(character.points, bone)) / full if known else 0.0
        found[bone] = own
    ratios = {}
    for bone in LIMBS:
        # The longer of the two is less foreshortened.
        longest = max(found[bone], found.get(_twin(bone), 0.0)) or whole
        ratios[bone] = float(np.clip(longest, low, high))
    return {**ratios, **dict.fromkeys(_HANDS, whole)}


def _twin(bone: tuple[Spot, Spot]) -> tuple[Spot, Spot]:
    def other(spot: Spot) -> Spot:
        for one, two in (("LEFT", "RIGHT"), ("RIGHT", "LEFT")):
            if spot.name.startswith(one):
                return Spot[spot.name.replace(one, two)]
        return spot

    return other(bone[0]), other(bone[1])


def _standing(first: Values, driver: Body, character: Body) -> Values:
    """Where the neck of the first pose is, if it stands where the character does."""
    for spots in (_FEET, _HIPS):
        if min(driver.seen[spots]) >= SEEN and min(character.seen[spots]) >= SEEN:
            across = (character.points[_HIPS] - first[_HIPS])[:, 0].mean()
            down = character.points[spots, 1].max() - first[spots, 1].max()
            return np.array([across, down])
    neck: Values = character.points[Spot.NECK]
    return neck
