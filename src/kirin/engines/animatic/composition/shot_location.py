"""Another shot, over which figures appear for a while."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.composition.figure import Figure, Screen
from kirin.engines.animatic.composition.photo_location import FEET, RELIEF
from kirin.engines.animatic.composition.subject_shape import StandingGround
from kirin.engines.animatic.scene.lighting import Lighting
from kirin.engines.animatic.shot import ShotRenderer
from kirin.vision.easing import ease, frame_times
from kirin.vision.planes import Planes, Rgb

_FADE_IN, _FADE_OUT = (0.12, 0.28), (0.72, 0.88)  # shares of the time


class ShotLocation:
    """Another shot, over which figures fade in and out.

    So the video begins and ends with exactly the pictures that it must begin and end with.

    Args:
        base: the renderer of that shot.
        rgb: the picture that it shows most of the time, for the lighting.
        width, height: of the video, even.
        fps: frames per second.
        count: frames of the shot.
        arrive, leave: whether the figures fade in, and fade out.
        poses: of that shot's camera, which the figures go along with; at rest without any.
    """

    def __init__(
        self,
        base: ShotRenderer,
        rgb: Rgb,
        width: int,
        height: int,
        fps: Fraction,
        count: int,
        *,
        arrive: bool,
        leave: bool,
        poses: Sequence[Pose] = (),
    ) -> None:
        self._base, self._fps, self._poses = base, fps, poses
        self._figures: Sequence[Figure] = ()
        share = frame_times(count)
        self._presence = np.ones(count)
        if arrive:
            self._presence *= ease(
                np.clip((share - _FADE_IN[0]) / (_FADE_IN[1] - _FADE_IN[0]), 0, 1)
            )
        if leave:
            self._presence *= ease(
                np.clip((_FADE_OUT[1] - share) / (_FADE_OUT[1] - _FADE_OUT[0]), 0, 1)
            )
        self.screen = Screen(width, height, (width, height))
        self.lighting = Lighting.of_picture(rgb)
        self.ground = StandingGround(FEET[1], FEET[0], RELIEF.at)

    def add_figures(self, figures: Sequence[Figure]) -> None:
        """Insert the figures."""
        self._figures = list(figures)

    def describe(self) -> dict[str, Any]:
        """What the location is."""
        return dict(self._base.notes)

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        frame, presence = self._base.frame(index), float(self._presence[index])
        if presence > 0.0:
            frame = frame.copy()  # the renderer may reuse its frame
            target = Planes.of_frame(frame)
            for figure in self._figures:
                seconds = index / float(self._fps)
                pose = self._poses[index] if self._poses else Pose()
                figure.draw((target.y, target.u, target.v), pose, seconds, presence)
        return frame
