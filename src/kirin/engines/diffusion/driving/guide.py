"""A guide: what a driving video asks of each frame, in pictures that Wan-Animate follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import uniform_filter1d

from kirin.domain.storyboard import Driving
from kirin.engines.diffusion.driving.body import Body, Values
from kirin.engines.diffusion.driving.drawing import pose_picture
from kirin.engines.diffusion.driving.faces import faces
from kirin.engines.diffusion.driving.proportions import proportioned
from kirin.errors import blame
from kirin.vision.planes import Rgb
from kirin.vision.pose.estimator import PoseEstimator
from kirin.vision.pose.matching import Match
from kirin.vision.pose.motion import moment, tracked
from kirin.vision.pose.skeleton import Skeleton

_STEADY = 0.15  # seconds over which it is decided whether a point is seen, so that none flickers


@dataclass(frozen=True, slots=True)
class Steps:
    """What the frames of a generation follow, one by one.

    Attributes:
        poses: pictures of the pose, of the character's size.
        faces: pictures of the driver's face, 512 x 512.
    """

    poses: list[Rgb]
    faces: list[Rgb]


class Guide:
    """A driving video, read for one character.

    Attributes:
        notes: what was found, for the metadata.
    """

    def __init__(
        self,
        driving: Driving,
        video: Path,
        picture: Rgb,
        pace: tuple[int, Fraction],
        estimator: PoseEstimator,
        check: Callable[[], None],
    ) -> None:
        """Follow the video's person.

        Args:
            driving: what is asked for.
            video: its file.
            picture: the character's, of the model's size.
            pace: how many frames are wanted, and how many a second.
            estimator: finds joints.
            check: called for each frame; raises to stop.

        Raises:
            InputsRefused: there is nobody to follow, or the video is cut.
        """
        count, rate = pace
        fps = driving.video.fps or rate
        with blame("driving"):
            track = tracked(video, fps, estimator, check)
        times = [Fraction(number) / rate for number in range(count)]
        people = [moment(track, float(time * fps)) for time in times]
        driver = [Body.of(each) for each in people]
        steady = uniform_filter1d(
            np.array([each.seen for each in driver]),
            max(round(_STEADY * float(rate)), 1),
            axis=0,
            mode="nearest",
        )
        driver = [Body(each.points, seen) for each, seen in zip(driver, steady, strict=True)]
        self._height, self._width = picture.shape[:2]
        found = estimator.find_person(picture)
        self.notes: dict[str, Any] = {
            "orientation": driving.orientation.value,
            "person_seen": round(float(np.mean(track.seen)), 3),
            "retargeted": found is not None,
        }
        mirrored = False
        if found is None:
            self._bodies = [_fitted(each, track.size, picture) for each in driver]
        else:
            skeletons = [Skeleton.of(each) for each in people]
            match = Match.of(skeletons, Skeleton.of(found), driving.orientation)
            mirrored = match.mirrored
            if mirrored:
                driver = [each.mirrored(track.size[0]) for each in driver]
            size = self._width, self._height
            self._bodies, limits = proportioned(driver, Body.of(found), size, float(rate))
            self.notes.update(limits)
        self.notes["mirrored"] = mirrored
        self._mirrored = mirrored
        self._faces = faces(video, fps, times, people, track.size[0])
        self._drawn = 0
        self._last: tuple[Rgb, Rgb] | None = None

    def following(self, count: int) -> Steps:
        """What the next frames follow; runs overlap by one frame, so the first was the last."""
        pairs = [self._last] if self._last else []
        pairs += list(self._pairs(count - len(pairs)))
        self._last = pairs[-1]
        return Steps([pose for pose, _ in pairs], [face for _, face in pairs])

    def _pairs(self, count: int) -> Iterator[tuple[Rgb, Rgb]]:
        for _ in range(count):
            pose = pose_picture(self._bodies[self._drawn], self._width, self._height)
            face = next(self._faces)
            self._drawn += 1
            yield pose, np.ascontiguousarray(face[:, ::-1]) if self._mirrored else face


def _fitted(body: Body, size: tuple[int, int], picture: Rgb) -> Body:
    """As it is, with the whole video in the middle of the picture."""
    height, width = picture.shape[:2]
    scale = min(width / size[0], height / size[1])
    shift: Values = (np.array([width, height]) - np.array(size) * scale) / 2
    return body.moved(scale, shift)
