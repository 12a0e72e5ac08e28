"""The pose guide: pose and face images of a driving video for each generated frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import uniform_filter1d

from kirin.domain.storyboard import Driving
from kirin.engines.diffusion.driving.body import Body, Values
from kirin.engines.diffusion.driving.drawing import draw_pose
from kirin.engines.diffusion.driving.faces import face_crops
from kirin.engines.diffusion.driving.retargeting import retarget
from kirin.errors import attributed_to
from kirin.vision.planes import Rgb
from kirin.vision.pose.estimator import PoseEstimator
from kirin.vision.pose.facing import FacingMatch
from kirin.vision.pose.motion import landmarks_at, track_video
from kirin.vision.pose.skeleton import Skeleton

_VISIBILITY_SECONDS = 0.15  # visibility is averaged over this time, so that no keypoint flickers


@dataclass(frozen=True, slots=True)
class GuideFrames:
    """What the frames of a generation follow.

    Attributes:
        poses: one pose image per frame, of the character's size.
        faces: one face crop per frame, 512 x 512.
    """

    poses: list[Rgb]
    faces: list[Rgb]


class PoseGuide:
    """A driving video, retargeted to one character.

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
        """Track the video's person and retarget it.

        Args:
            driving: the storyboard's.
            video: its file.
            picture: the character's image, of the model's size.
            pace: how many frames are generated, and the frame rate.
            estimator: finds joints.
            check: called for each analysed frame; raises to stop.

        Raises:
            InputsRefused: the video shows no person, or has cuts.
        """
        count, rate = pace
        fps = driving.video.fps or rate
        with attributed_to("driving"):
            track = track_video(video, fps, estimator, check)
        times = [float(Fraction(number) / rate) for number in range(count)]
        people = [landmarks_at(track, time) for time in times]
        driver = [Body.of(each) for each in people]
        visibility = uniform_filter1d(
            np.array([each.seen for each in driver]),
            max(round(_VISIBILITY_SECONDS * float(rate)), 1),
            axis=0,
            mode="nearest",
        )
        driver = [Body(each.points, seen) for each, seen in zip(driver, visibility, strict=True)]
        self._height, self._width = picture.shape[:2]
        found = estimator.find_person(picture)
        self.notes: dict[str, Any] = {
            "orientation": driving.orientation.value,
            "person_seen": round(float(np.mean(track.seen)), 3),
            "retargeted": found is not None,
        }
        mirrored = False
        if found is None:
            self._bodies = [_fit(each, track.size, picture) for each in driver]
        else:
            skeletons = [Skeleton.of(each) for each in people]
            match = FacingMatch.of(skeletons, Skeleton.of(found), driving.orientation)
            mirrored = match.mirrored
            if mirrored:
                driver = [each.mirrored(track.size[0]) for each in driver]
            size = self._width, self._height
            self._bodies, limits = retarget(driver, Body.of(found), size, float(rate))
            self.notes.update(limits)
        self.notes["mirrored"] = mirrored
        self._mirrored = mirrored
        self._faces = face_crops(video, times, partial(landmarks_at, track), track.size[0])
        self._drawn = 0
        self._last: tuple[Rgb, Rgb] | None = None

    def following(self, count: int) -> GuideFrames:
        """The guidance of the next generation, which repeats the last frame of the one before."""
        pairs = [self._last] if self._last else []
        pairs += list(self._pairs(count - len(pairs)))
        self._last = pairs[-1]
        return GuideFrames([pose for pose, _ in pairs], [face for _, face in pairs])

    def _pairs(self, count: int) -> Iterator[tuple[Rgb, Rgb]]:
        for _ in range(count):
            pose = draw_pose(self._bodies[self._drawn], self._width, self._height)
            face = next(self._faces)
            self._drawn += 1
            yield pose, np.ascontiguousarray(face[:, ::-1]) if self._mirrored else face


def _fit(body: Body, size: tuple[int, int], picture: Rgb) -> Body:
    """The driver's body, with the whole video centred in the picture."""
    height, width = picture.shape[:2]
    scale = min(width / size[0], height / size[1])
    shift: Values = (np.array([width, height]) - np.array(size) * scale) / 2
    return body.moved(scale, shift)
