"""What is said of pictures and videos that do not go together."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from kirin.engines.animatic.puppet.warnings import find_warnings, name_limbs
from kirin.vision.pose.motion import DrivingMotion
from kirin.vision.pose.skeleton import ARMS, LEGS, LIMBS, BodyPart, Node, Skeleton


@dataclass
class Someone:
    """Of a character, what warnings look at."""

    skeleton: Skeleton
    limbs: tuple = LIMBS
    rooted: bool = field(init=False)

    def __post_init__(self):
        self.rooted = not any(leg in self.limbs for leg in LEGS)


def posture(forward=0.0, x=0.0, torso=100.0, seen=None):
    points = np.zeros((19, 2))
    points[:, 0] = x
    points[Node.NECK, 1] = -torso
    points[[Node.LEFT_KNEE, Node.RIGHT_KNEE], 1] = torso
    return Skeleton(
        points, np.zeros(19), np.ones(19) if seen is None else seen, np.zeros(2), forward
    )


def driver(count=20, step=0.0, seen=1.0, outside=0.0, **each):
    moves = [posture(x=step * k, **each) for k in range(count)]
    return DrivingMotion(moves, 640, seen, outside)


def codes(character, motion):
    return [each["code"] for each in find_warnings(character, motion)]


def test_what_goes_together_has_no_warnings():
    assert codes(Someone(posture()), driver(step=20.0)) == []
    assert codes(Someone(posture(forward=0.9)), driver(forward=-0.9)) == []


@pytest.mark.parametrize(
    ("character", "motion", "code"),
    [
        (Someone(posture()), driver(forward=0.9), "frontal_picture_profile_driver"),
        (Someone(posture(forward=-0.9)), driver(), "profile_picture_frontal_driver"),
        (Someone(posture(), ARMS), driver(step=20.0), "portrait_walking_driver"),
        (Someone(posture()), driver(torso=30.0), "driver_small"),
        (Someone(posture()), driver(outside=0.1), "driver_leaves"),
        (Someone(posture()), driver(seen=0.6), "driver_unseen"),
        (Someone(posture(), LIMBS[1:]), driver(), "limbs_hidden"),
        (Someone(posture(), ()), driver(), "nothing_moves"),
    ],
)
def test_each_mismatch_is_told_with_what_would_work(character, motion, code):
    found = {each["code"]: each["message"] for each in find_warnings(character, motion)}
    assert code in found
    assert "{" not in found[code]
    assert "Send" in found[code] or "works" in found[code] or "Trim" in found[code]


def test_a_portrait_that_stays_in_place_is_not_told_to_walk():
    assert "portrait_walking_driver" not in codes(Someone(posture(), ARMS), driver())


def test_limbs_that_the_video_does_not_show_are_named():
    seen = np.ones(19)
    seen[[Node.LEFT_KNEE, Node.LEFT_ANKLE, Node.RIGHT_KNEE, Node.RIGHT_ANKLE]] = 0.1
    told = find_warnings(Someone(posture()), DrivingMotion([posture(seen=seen)] * 5, 640, 1.0))
    assert [each["code"] for each in told] == ["driver_limbs_hidden"]
    assert told[0]["limbs"] == ["left_leg", "right_leg"]
    assert "the legs" in told[0]["message"]


def test_limbs_are_named_in_words():
    assert name_limbs([BodyPart.LEFT_ARM, *LEGS]) == "left arm and legs"
    assert name_limbs([BodyPart.RIGHT_LEG]) == "right leg"
