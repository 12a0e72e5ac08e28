"""The ground of a video: its horizon, its scale, its water, and what stands on it already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from kirin.domain.motion import Substance
from kirin.engines.animatic.scene.ground import Ground, Surface
from kirin.vision.depth.scene import PictureScene
from kirin.vision.models import VisionModels
from kirin.vision.planes import Box, Rgb
from kirin.vision.pose.estimator import PoseEstimate
from kirin.vision.pose.landmarks import Joint
from kirin.vision.regions.find import find_region
from kirin.vision.sky.sky import Sky, find_sky, reduced

_EYE: Final = 1.6
"""Metres above the ground at which a camera is held: the level of the eyes of whoever holds it."""

_EYES: Final = (0.6, 4.0)
"""Metres between which a camera may be for what people in its view tell of it."""

_STATURE: Final = 1.7  # metres, of an adult
_FACE: Final = 0.93  # of the stature: height of the nose
_UNKNOWN: Final = 0.42
"""Row of the horizon where none is seen, as a share of the height: above the middle, as people
hold a camera."""

_ABOVE: Final = 0.07  # of the height: the horizon is so much above the end of the ground
_RANGE: Final = (0.08, 0.66)  # rows between which a horizon can have ground below it
_FRONT: Final = 0.95  # disparity of the nearest foot
_SEEN: Final = 0.02  # share of the picture from which its subject is kept clear of
_WET: Final = 0.5  # share of a row's middle that is water
_NEAR: Final = (0.82, 0.95)  # rows in which whoever is added stands
_VISIBLE: Final = 0.7  # of a joint


@dataclass(frozen=True, slots=True, eq=False)
class FootageGround:
    """What is known of the place of a video from one of its pictures.

    Attributes:
        ground: where a cast can stand.
        seen: whether the picture shows a ground.
        sky: of the picture, if it has one.
        subject: box of the picture's own subject, in shares; ``None`` without any.
    """

    ground: Ground
    seen: bool
    sky: Sky | None
    subject: Box | None

    @classmethod
    def find(cls, picture: Rgb, models: VisionModels, check: Callable[[], None]) -> FootageGround:
        """Look for the ground of a picture.

        Args:
            picture: cropped to the shape of the video.
            models: the neural networks.
            check: called between the steps; raises to stop.
        """
        subject = models.segmenter.find(picture)
        check()
        sky = find_sky(picture)
        small = reduced(picture)
        scene = PictureScene.read(picture, small, sky.mask if sky else None, subject.alpha)
        check()
        starts = scene.start if scene.grounded else 0.0
        horizon = _horizon(starts, sky)
        check()
        people = models.pose_estimator.find(picture, most=4)
        metre = (0.5 - horizon) / _eye(people, horizon, picture.shape[0])
        check()
        surface, shore, back = _water(picture, sky, horizon)
        back = max(back, (starts + 0.02 - 0.5 - horizon) / (0.5 - horizon), 0.12)
        ground = Ground(horizon, min(back, 0.9), _FRONT, surface, shore, metre=metre)
        box = subject.box if subject.share > _SEEN else None
        return cls(ground, scene.grounded, sky, box)


def _horizon(starts: float, sky: Sky | None) -> float:
    """Row of the horizon in view heights below the centre."""
    above = _UNKNOWN
    if starts > 0:
        # What stands at the end of the ground hides the horizon behind it, and a sky ends above.
        above = starts - _ABOVE
        if sky is not None:
            above = min(max(above, sky.horizon), starts)
    elif sky is not None:
        above = sky.horizon
    return min(max(above, _RANGE[0]), _RANGE[1]) - 0.5


def _eye(people: list[PoseEstimate], horizon: float, rows: int) -> float:
    """Metres of the camera above the ground, told by people who stand on it."""
    heights = []
    for each in people:
        points, sure = each.landmarks.points, each.landmarks.visibility
        joints = (Joint.NOSE, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
        if not each.real or min(float(sure[joint]) for joint in joints) < _VISIBLE:
            continue
        nose, *ankles = (float(points[joint][1]) / rows - 0.5 for joint in joints)
        foot = max(ankles) + 0.01
        tall = (foot - nose) / _FACE
        if tall > 0.03 and foot > horizon:
            heights.append(_STATURE * (foot - horizon) / tall)
    if not heights:
        return _EYE
    return min(max(float(np.median(heights)), _EYES[0]), _EYES[1])


def _water(picture: Rgb, sky: Sky | None, horizon: float) -> tuple[Surface, float | None, float]:
    """The surface in front, the disparity of its shore if there is water behind, and of its end."""
    region = find_region(picture, Substance.WATER, None, lambda: sky)
    if region is None:
        return Surface.LAND, None, 0.0
    height, width = region.alpha.shape
    middle = region.alpha[:, width // 5 : width - width // 5] > 127
    wet = middle.mean(axis=1) > _WET
    rows = np.flatnonzero(wet)
    if not len(rows):
        return Surface.LAND, None, 0.0
    first, last = ((row / height - 0.5 - horizon) / (0.5 - horizon) for row in rows[[0, -1]])
    if wet[round(_NEAR[0] * height) : round(_NEAR[1] * height)].mean() > _WET:
        return Surface.WATER, None, max(first, 0.0)
    return Surface.LAND, min(max(last, 0.05), 0.9), 0.0
