"""Warnings: what a pair of picture and driving video cannot give, and what would work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from kirin.engines.animatic.puppet.character import Character
from kirin.vision.pose.motion import DrivingMotion
from kirin.vision.pose.skeleton import ARMS, CHAINS, LEGS, LIMBS, BodyPart, Node, Skeleton

MESSAGES: Final[Mapping[str, str]] = {
    "frontal_picture_profile_driver": (
        "The picture shows a person from the front and the video one from the side: it will look "
        "like a paper puppet. A picture from the side, or a video from the front, works."
    ),
    "profile_picture_frontal_driver": (
        "The picture shows a person from the side and the video one from the front: it will look "
        "like a paper puppet. A picture from the front, or a video from the side, works."
    ),
    "portrait_walking_driver": (
        "The picture shows a person without legs that could be moved, and the person of the video "
        "walks: only what the picture shows sways, and nobody goes anywhere. Send a picture of "
        "the whole body, or a video of somebody who stays in place."
    ),
    "driver_small": (
        "The person in the video is small, {size:.0f} pixels from shoulders to hips, so that arms "
        "and legs are followed roughly. A video in which the person fills more of the picture "
        "works."
    ),
    "driver_leaves": (
        "The person of the video walks out of the picture or comes into it: where it is cut off "
        "the movement is made up. Trim the video to where the whole person can be seen."
    ),
    "driver_unseen": (
        "The person cannot be seen in {share:.0%} of the video, where the movement is made up. "
        "Trim the video to where the person can be seen."
    ),
    "limbs_hidden": (
        "The picture hides or cuts off the {limbs}, which cannot move independently. Send a "
        "picture that shows the whole person, arms away from the body and legs apart."
    ),
    "driver_limbs_hidden": (
        "The video does not show the {limbs} of its person, so that they keep still. Send a video "
        "of the whole person."
    ),
    "nothing_moves": (
        "No arm or leg of the picture's person can move independently: head and body sway. "
        "Send a picture that shows the whole person."
    ),
}
"""What each warning says; names in braces are filled in."""

_FRONTAL, _PROFILE = 0.4, 0.6  # ``Skeleton.forward`` below and above which a view is clear
_SMALL = 45.0  # pixels of a driver's torso
_WALKS = 0.8  # torso lengths that somebody who walks comes along
_STRIDES = 0.12  # radians: deviation of a thigh's direction of somebody who walks
_KNOWN = 0.3  # least median visibility of a node that is followed
_SEEN = 0.9  # share of a video in which a person should be seen


def warning(code: str, **values: Any) -> dict[str, Any]:
    """One warning, as JSON values."""
    return {"code": code, "message": MESSAGES[code].format(**values)}


def refused(message: str) -> dict[str, Any]:
    """What a quote says of pictures and videos with which the task would fail."""
    return {"code": "would_fail", "message": message}


def find_warnings(character: Character, motion: DrivingMotion) -> list[dict[str, Any]]:
    """What this character cannot do of this motion, or only roughly."""
    driver, found = motion.skeletons, list[dict[str, Any]]()
    own = abs(character.skeleton.forward)
    way = float(np.median([abs(each.forward) for each in driver]))
    if own < _FRONTAL and way > _PROFILE:
        found.append(warning("frontal_picture_profile_driver"))
    elif own > _PROFILE and way < _FRONTAL:
        found.append(warning("profile_picture_frontal_driver"))
    if character.rooted and _walks(driver):
        found.append(warning("portrait_walking_driver"))
    still = [limb for limb in LIMBS if limb not in character.limbs]
    if len(still) == len(LIMBS):
        found.append(warning("nothing_moves"))
    elif still:
        found.append(_named("limbs_hidden", still))
    unseen = [limb for limb in character.limbs if not _followed(driver, limb)]
    if unseen:
        found.append(_named("driver_limbs_hidden", unseen))
    size = float(np.median([each.torso for each in driver]))
    if size < _SMALL:
        found.append(warning("driver_small", size=size))
    if motion.outside > 0:
        found.append(warning("driver_leaves"))
    if motion.seen < _SEEN:
        found.append(warning("driver_unseen", share=1 - motion.seen))
    return found


def name_limbs(limbs: Iterable[BodyPart]) -> str:
    """Limbs in words: "left arm and right leg"."""
    wanted = list(limbs)
    names = []
    for pair, plural in ((ARMS, "arms"), (LEGS, "legs")):
        here = [limb for limb in pair if limb in wanted]
        if len(here) == len(pair):
            names.append(plural)
        else:
            names += [limb.name.lower().replace("_", " ") for limb in here]
    return " and ".join(names)


def _named(code: str, limbs: Sequence[BodyPart]) -> dict[str, Any]:
    told = warning(code, limbs=name_limbs(limbs))
    return {**told, "limbs": [limb.name.lower() for limb in limbs]}


def _followed(driver: Sequence[Skeleton], limb: BodyPart) -> bool:
    middle = list(CHAINS[limb][1:3])
    return bool((np.median([each.seen[middle] for each in driver], axis=0) > _KNOWN).all())


def _walks(driver: Sequence[Skeleton]) -> bool:
    torso = float(np.median([each.torso for each in driver]))
    pelvis = np.array([each.points[Node.PELVIS, 0] for each in driver])
    if float(np.ptp(pelvis)) > _WALKS * torso:
        return True
    thighs = [
        each.points[[Node.LEFT_KNEE, Node.RIGHT_KNEE]]
        - each.points[[Node.LEFT_HIP, Node.RIGHT_HIP]]
        for each in driver
    ]
    angles = np.unwrap(np.arctan2(*np.moveaxis(np.array(thighs), -1, 0)), axis=0)
    known = np.median([each.seen[[Node.LEFT_KNEE, Node.RIGHT_KNEE]] for each in driver], axis=0)
    return bool((known > _KNOWN).all() and angles.std(axis=0).min() > _STRIDES)
