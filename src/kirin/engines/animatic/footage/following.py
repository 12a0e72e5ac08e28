"""The camera of a new shot taken over from a given video: its path, its pace and its cuts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.callbacks import Progress
from kirin.domain.footage import Footage
from kirin.domain.frame import Frame
from kirin.domain.intent import Direction, Intent
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.footage.frames import readable
from kirin.engines.animatic.footage.report import sound_told, told_of_camera
from kirin.engines.animatic.footage.survey import FootageSurvey
from kirin.engines.animatic.puppet.advice import unfollowed_camera
from kirin.engines.animatic.shot import ShotRenderer
from kirin.media.decode import facts

_Curves = NDArray[np.float64]
"""Right, down, logarithm of the zoom and roll of each frame, shape ``(n, 4)``."""

_SMOOTH: Final = 0.12
"""Seconds of the Gaussian over the path: what is faster is the error of single steps."""

_ROOM: Final = (0.8, 0.5, math.log(2.2), math.radians(24))
"""Way along each axis that scenes and pictures have room for; a longer one is scaled down."""

_PUNCH_IN: Final = math.log(1.25)
"""By how much nearer each second shot is: cutters change the size of a view by a fifth or more
where its place stays, or the cut would look like a fault."""


@dataclass(frozen=True, slots=True)
class ShotWindow:
    """The frames of one shot among those of the whole new video.

    Attributes:
        first: number of the shot's first frame.
        count: its frames.
        whole: frames of the video.
        fps: frames per second.
    """

    first: int
    count: int
    whole: int
    fps: Fraction


@dataclass(frozen=True, slots=True)
class FollowedCamera:
    """The camera of a stretch of a video, for the frames of a shot.

    Attributes:
        poses: one per frame; ``None`` where the video does not tell how its camera moves.
        notes: what was found, as JSON values.
    """

    poses: tuple[Pose, ...] | None
    notes: dict[str, Any]

    @classmethod
    def read(
        cls,
        footage: Footage,
        video: Path,
        window: ShotWindow,
        check: Callable[[], None],
        progress: Progress,
    ) -> FollowedCamera:
        """Look at a stretch of a video.

        The new video goes through the whole of the given one, from its first picture to its last:
        the camera makes the same way, faster or slower if one is longer than the other.

        Args:
            footage: what is known of it.
            video: the file.
            window: of the shot.
            check: called for each frame; raises to stop.
            progress: told the share of the work that is done, 0 to 1.

        Raises:
            InputsRefused: the file cannot be read.
        """
        with readable():
            known = facts(video)
        step = known.last / max(window.whole - 1, 1)
        times = [(window.first + number) * step for number in range(window.count)]
        survey = FootageSurvey.of(video, times, (known.width, known.height), check, progress)
        fps = float(window.fps)
        told = {
            "use": footage.use.value,
            **told_of_camera(survey, fps),
            "tempo": round(step * fps, 3),
            **sound_told(footage),
        }
        if told["camera"] is None:
            missing = [{"word": "camera", "kind": "motion"}]
            return cls(None, {**told, "missing": missing})
        poses, share = path_of(survey, fps)
        return cls(poses, {**told, "followed": round(share, 3), "missing": []})

    def directs(self, intent: Intent) -> Intent:
        """The intent of the shot without the camera of its prompt."""
        return replace(intent, camera=Direction(())) if self.poses else intent

    def reported(self, renderer: ShotRenderer, intent: Intent) -> ShotRenderer:
        """A renderer whose notes tell of the video.

        Args:
            renderer: of the shot.
            intent: of its prompt, with the camera that it asks for.
        """
        notes = dict(self.notes)
        if self.poses:
            asked = unfollowed_camera(intent.camera)
            notes["missing"] = [{"word": each.word, "kind": each.kind} for each in asked]
        return _Reported(renderer, notes)


class _Reported:
    """A renderer of a shot whose camera a video has."""

    def __init__(self, renderer: ShotRenderer, told: dict[str, Any]) -> None:
        self._renderer, self._told = renderer, told

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made."""
        notes = {**self._renderer.notes, "footage": self._told}
        if self._told["camera"] is not None:
            moves = [
                {"move": move, "from": 0.0, "to": 1.0} for move in self._told["camera"]["moves"]
            ]
            told = {"moves": moves, "understood": [], "avoided": [], "default": False}
            notes["direction"] = {**notes.get("direction", {}), **told}
        return notes

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._renderer.frame(index)


def path_of(survey: FootageSurvey, fps: float) -> tuple[tuple[Pose, ...], float]:
    """A path for a camera of ours, and the share of the video's way that it makes.

    Each shot of the video is centred on the rest view, as our own paths are: it never looks
    farther to one side than to the other, and is never wider than at rest.

    Args:
        survey: of the video.
        fps: frames per second that it was looked through with.
    """
    poses = survey.poses()
    curves = np.array([(p.x, p.y, math.log(p.zoom), p.roll) for p in poses])
    starts = [0, *survey.motion.cuts]
    parts = [
        smoothed(curves[start:end], _SMOOTH * fps)
        for start, end in zip(starts, [*starts[1:], len(curves)], strict=True)
    ]
    ways = np.max([np.ptp(part, axis=0) for part in parts], axis=0)
    share = min(1.0, *(room / max(way, 1e-9) for room, way in zip(_ROOM, ways, strict=True)))
    centred = []
    for number, part in enumerate(parts):
        made = part * share
        made[:, :2] -= (made[:, :2].max(axis=0) + made[:, :2].min(axis=0)) / 2
        made[:, 2] -= made[:, 2].min()
        made[:, 2] += _PUNCH_IN * (number % 2)
        centred.append(made)
    return _poses(np.concatenate(centred)), share


def smoothed(curves: _Curves, sigma: float) -> _Curves:
    """Blur along the frames, with the ends extended by point reflection so that they stay."""
    reach = min(math.ceil(3 * sigma), len(curves) - 1)
    if reach < 1:
        return curves.copy()
    before, after = curves[reach:0:-1], curves[-2 : -reach - 2 : -1]
    longer = np.concatenate([2 * curves[0] - before, curves, 2 * curves[-1] - after])
    kernel = cv2.getGaussianKernel(2 * reach + 1, sigma)
    blurred = cv2.filter2D(longer, -1, kernel, borderType=cv2.BORDER_REPLICATE)
    return cast(_Curves, blurred[reach : reach + len(curves)])


def _poses(curves: Sequence[Sequence[float]] | _Curves) -> tuple[Pose, ...]:
    return tuple(
        Pose(x=float(x), y=float(y), zoom=math.exp(zoom), roll=float(roll))
        for x, y, zoom, roll in curves
    )
