"""Completing a saliency map with the people of a picture."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.planes import Rgb
from kirin.vision.pose.estimator import PoseEstimate, PoseEstimator, silhouette
from kirin.vision.pose.landmarks import Joint

_PEOPLE = 4  # at most
_COMPANION = 0.6  # of the largest person's size: smaller people are passers-by
_HELD = 0.6  # share of the people that must be salient, or else something other than them is
_CARRIED = 0.08  # of the people's area: least size of a salient object that they carry
_HEM = 0.02  # of the longest side: a margin around them that is clothes and hair
_SLIVER = 0.008  # of the longest side: half the width of the thinnest limb
_SEEN = 0.5  # visibility of a joint
_STOUT = 0.05  # of a person's region: width of a clothed arm or leg

_LIMBS = (
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST, Joint.LEFT_INDEX),
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, Joint.RIGHT_INDEX),
    (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT_INDEX),
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, Joint.RIGHT_FOOT_INDEX),
)

Alpha = NDArray[np.float32]


class PeopleMatting:
    """Makes people, with all their limbs, the subject of a picture; takes 0.1 s of one core."""

    def __init__(self, poses: PoseEstimator | None = None) -> None:
        self._estimator = poses or PoseEstimator()

    def complete(self, rgb: Rgb, salient: Alpha) -> Alpha:
        """A rough mask of a picture's subject, from a saliency map and the people in it.

        If the saliency map covers the people, it also covers what they wear and carry: then
        missing limbs are added to it, and components apart from the people are dropped. If it
        covers something else, or no more than the people and less certainly, the landmark
        network's masks of the people replace it.

        Args:
            rgb: the picture.
            salient: a saliency map of any size, 0 to 1.

        Returns:
            ``salient`` unchanged if there are no people, or else a mask of the picture's size.
        """
        people = self._estimator.find(rgb, most=_PEOPLE)
        if not people:
            return salient
        people = [one for one in people if one.region.side >= _COMPANION * people[0].region.side]
        height, width = rgb.shape[:2]
        bodies = np.max([silhouette(one, width, height) for one in people], axis=0)
        # Half as soft: the network's low resolution blurs it, and its edge is refined later.
        body: Alpha = np.clip((bodies.astype(np.float32) / np.float32(255) - 0.25) * 2, 0, 1)
        grown = cv2.resize(salient, (width, height), interpolation=cv2.INTER_CUBIC)
        theirs = _touching(np.clip(grown, 0, 1), body)
        solid = body > 0.5
        hem = max(1, round(_HEM * max(height, width)))
        carried = (theirs > 0.5) & (cv2.dilate(solid.astype(np.uint8), _disc(hem)) == 0)
        alone = float(carried.sum()) < _CARRIED * float(solid.sum())
        held = float((theirs > 0.5)[solid].mean()) if solid.any() else 1.0
        if held < _HELD or (alone and uncertainty(body) < uncertainty(theirs)):
            return body
        return _with_limbs(theirs, body, people)


def uncertainty(mask: Alpha) -> float:
    """How uncertain a mask is: undecided pixels per pixel of the subject."""
    torn = float(((mask > 0.1) & (mask < 0.9)).mean())
    return torn / max(float((mask > 0.5).mean()), 1e-6)


def _touching(mask: Alpha, body: Alpha) -> Alpha:
    """A mask without the components apart from the body."""
    _, labels = cv2.connectedComponents((mask > 0.2).astype(np.uint8))
    kept = np.unique(labels[(body > 0.5) & (mask > 0.5)])
    return np.where(np.isin(labels, kept), mask, np.float32(0))


def _with_limbs(mask: Alpha, body: Alpha, people: list[PoseEstimate]) -> Alpha:
    """A mask with the arms and legs added that only the body mask has.

    Slivers along the outline, and what is far from any limb's joints, are errors of the coarser
    body mask, and not added.
    """
    height, width = mask.shape
    zone = np.zeros((height, width), np.uint8)
    for person in people:
        _draw_limbs(zone, person)
    disc = _disc(max(1, round(_SLIVER * max(height, width))))
    lacking = ((body > 0.5) & (mask < 0.5) & (zone > 0)).astype(np.uint8)
    limbs = cv2.dilate(cv2.morphologyEx(lacking, cv2.MORPH_OPEN, disc), disc)
    return np.where(limbs > 0, np.maximum(mask, body), mask)


def _draw_limbs(zone: NDArray[np.uint8], person: PoseEstimate) -> None:
    points, seen = person.landmarks.points, person.landmarks.visibility
    width = max(1, round(_STOUT * person.region.side))
    for limb in _LIMBS:
        for start, end in pairwise(limb):
            if min(seen[start], seen[end]) >= _SEEN:
                a, b = (tuple(round(float(v)) for v in points[joint]) for joint in (start, end))
                cv2.line(zone, a, b, 255, width)


def _disc(radius: int) -> NDArray[np.uint8]:
    size = (2 * radius + 1, 2 * radius + 1)
    return cast(NDArray[np.uint8], cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size))
