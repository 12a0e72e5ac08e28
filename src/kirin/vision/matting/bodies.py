"""People as the subject of a picture: where a matte of what stands out lacks their limbs."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.planes import Rgb
from kirin.vision.pose.estimator import Estimate, PoseEstimator, silhouette
from kirin.vision.pose.landmarks import Joint

_PEOPLE = 4  # looked for
_COMPANION = 0.6  # of the largest person's size: smaller ones pass by in the background
_HELD = 0.6  # of the people that what stands out must hold, or it is something else
_CARRIED = 0.08  # of the people's area: what else must stand out to be theirs
_HEM = 0.02  # of the longest side, around them: there it is cloth and hair, not a thing
_SLIVER = 0.008  # of the longest side: half the width of the thinnest limb
_SEEN = 0.5  # visibility of a joint
_STOUT = 0.05  # of a person's side: the width of an arm or leg, clothed

_LIMBS = (
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST, Joint.LEFT_INDEX),
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, Joint.RIGHT_INDEX),
    (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT_INDEX),
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, Joint.RIGHT_FOOT_INDEX),
)

Alpha = NDArray[np.float32]


class Bodies:
    """Puts people first in what stands out of a picture, whole; takes 0.1 s of one core."""

    def __init__(self) -> None:
        self._estimator = PoseEstimator()

    def complete(self, rgb: Rgb, salient: Alpha) -> Alpha:
        """A rough matte of a picture's subject, from what stands out and who is in it.

        Where what stands out holds the people, it knows what they wear and carry, and gets the
        limbs that it lacks; things apart from them are dropped. Where it holds nothing more
        than the people and is less sure of them, or something else, they are the subject as
        the landmark network sees them.

        Args:
            rgb: the picture.
            salient: what stands out, of any size, 0 to 1.

        Returns:
            ``salient`` as it is if there is nobody, or else a matte of the picture's size.
        """
        people = self._estimator.find(rgb, most=_PEOPLE)
        if not people:
            return salient
        people = [one for one in people if one.region.side >= _COMPANION * people[0].region.side]
        height, width = rgb.shape[:2]
        bodies = np.max([silhouette(one, width, height) for one in people], axis=0)
        # Half as soft: it is blurred by being seen small, and its edge is drawn anew later.
        body: Alpha = np.clip((bodies.astype(np.float32) / np.float32(255) - 0.25) * 2, 0, 1)
        grown = cv2.resize(salient, (width, height), interpolation=cv2.INTER_CUBIC)
        theirs = _touching(np.clip(grown, 0, 1), body)
        solid = body > 0.5
        hem = max(1, round(_HEM * max(height, width)))
        carried = (theirs > 0.5) & (cv2.dilate(solid.astype(np.uint8), _disc(hem)) == 0)
        alone = float(carried.sum()) < _CARRIED * float(solid.sum())
        held = float((theirs > 0.5)[solid].mean()) if solid.any() else 1.0
        if held < _HELD or (alone and doubt(body) < doubt(theirs)):
            return body
        return _with_limbs(theirs, body, people)


def doubt(matte: Alpha) -> float:
    """How unsure an outline is: half-hearted pixels per pixel of the subject."""
    torn = float(((matte > 0.1) & (matte < 0.9)).mean())
    return torn / max(float((matte > 0.5).mean()), 1e-6)


def _touching(matte: Alpha, body: Alpha) -> Alpha:
    """A matte without what is apart from the body."""
    _, labels = cv2.connectedComponents((matte > 0.2).astype(np.uint8))
    kept = np.unique(labels[(body > 0.5) & (matte > 0.5)])
    return np.where(np.isin(labels, kept), matte, np.float32(0))


def _with_limbs(matte: Alpha, body: Alpha, people: list[Estimate]) -> Alpha:
    """A matte with the arms and legs that a body has and it has not.

    Slivers along the outline are the rougher mask's, not limbs; so is what lies away from the
    joints.
    """
    height, width = matte.shape
    zone = np.zeros((height, width), np.uint8)
    for person in people:
        _draw_limbs(zone, person)
    disc = _disc(max(1, round(_SLIVER * max(height, width))))
    lacking = ((body > 0.5) & (matte < 0.5) & (zone > 0)).astype(np.uint8)
    limbs = cv2.dilate(cv2.morphologyEx(lacking, cv2.MORPH_OPEN, disc), disc)
    return np.where(limbs > 0, np.maximum(matte, body), matte)


def _draw_limbs(zone: NDArray[np.uint8], person: Estimate) -> None:
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
