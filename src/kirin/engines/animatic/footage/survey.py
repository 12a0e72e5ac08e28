"""A look through a video before it is used: how its camera moves, and pictures of its moments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from kirin.domain.callbacks import Progress
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.footage.frames import readable
from kirin.engines.animatic.pictures import center_crop
from kirin.media.decode import frames_at
from kirin.vision.global_motion import SIDE, GlobalMotion, parameters
from kirin.vision.planes import Rgb

APART: Final = 24
"""Frames between two pictures that are kept: about a second."""

_WANDERS: Final = 0.6  # of the view that must stay in sight, for what stands in it to be seen


@dataclass(frozen=True, slots=True, eq=False)
class FootageSurvey:
    """What was seen of a video.

    Attributes:
        motion: of its camera.
        stills: pictures by the numbers of their frames: the first, one every :data:`APART`
            frames, and the first of each shot as far as it was kept.
        aspect: width of the pictures over their height.
    """

    motion: GlobalMotion
    stills: dict[int, Rgb]
    aspect: float

    @classmethod
    def of(
        cls,
        video: Path,
        times: Sequence[float],
        size: tuple[int, int],
        check: Callable[[], None],
        progress: Progress,
    ) -> FootageSurvey:
        """Look through a video.

        Args:
            video: the file.
            times: of the frames, in seconds from its first picture, ascending.
            size: whose aspect the pictures are cropped to.
            check: called for each frame; raises to stop.
            progress: told the share of the work that is done, 0 to 1.

        Raises:
            InputsRefused: the file cannot be read.
        """
        stills: dict[int, Rgb] = {}

        def seen() -> Iterator[Rgb]:
            for number, (_, picture) in enumerate(frames_at(video, times, SIDE)):
                cropped = np.ascontiguousarray(center_crop(picture, *size))
                if number % APART == 0:
                    stills[number] = cropped
                progress(number / len(times))
                yield cropped

        with readable():
            motion = GlobalMotion.read(seen(), check)
        return cls(motion, stills, size[0] / size[1])

    def shot_of(self, number: int) -> tuple[int, int]:
        """The first frame of the shot that a frame belongs to, and the one after its last."""
        starts = [0, *(cut for cut in self.motion.cuts if cut <= number)]
        ends = [cut for cut in self.motion.cuts if cut > number]
        return starts[-1], ends[0] if ends else len(self.motion.steps)

    def pose_since(self, start: int, number: int) -> Pose:
        """The camera of a frame, relative to another frame of its shot."""
        chain = self.motion.chained()
        moved = chain[number] @ np.linalg.inv(chain[start])
        return poses_of(parameters(moved[None]), self.aspect)[0]

    def poses(self) -> tuple[Pose, ...]:
        """The camera of each frame, relative to the first frame of its shot."""
        return poses_of(parameters(self.motion.chained()), self.aspect)

    @property
    def holds(self) -> bool:
        """Whether what stands in the first frame stays in sight to the end."""
        if self.motion.cuts or self.motion.trust < 0.5:
            return False
        poses = self.poses()
        away = max(max(abs(pose.x), abs(pose.y)) for pose in poses)
        return away <= 1 - _WANDERS and all(0.6 <= pose.zoom <= 1.7 for pose in poses)


def poses_of(moved: np.ndarray, aspect: float) -> tuple[Pose, ...]:
    """Cameras that see the scene move as told.

    Args:
        moved: shift right and down in widths, logarithm of the scale, turn in radians, shape
            ``(n, 4)``, as :func:`~kirin.vision.global_motion.parameters` gives them.
        aspect: width of the view over its height.
    """
    poses = []
    for x, y, zoom, turn in moved.tolist():
        scale, cos, sin = float(np.exp(zoom)), float(np.cos(turn)), float(np.sin(turn))
        # The scene moves against the camera: its centre is what the scene's shift undoes.
        across, down = -(cos * x + sin * y) / scale, -(cos * y - sin * x) / scale
        poses.append(Pose(x=across, y=down * aspect, zoom=scale, roll=-turn))
    return tuple(poses)
