"""Faces of people in a video, each with a picture that shows whose it is.

The vision modules are imported when a video is looked at: the API process needs none of them.
"""

from __future__ import annotations

from pathlib import Path

from kirin.domain.callbacks import Cancelled, Progress
from kirin.domain.lips import FaceTrack
from kirin.vision.models import VisionModels


class FaceFinder:
    """Looks for faces in videos. Its networks are loaded for the first one."""

    def __init__(self) -> None:
        self._models = VisionModels()

    def find(
        self, video: Path, folder: Path, progress: Progress, cancelled: Cancelled
    ) -> list[tuple[FaceTrack, Path]]:
        """Find the faces whose lips could be moved.

        Args:
            video: the file.
            folder: that the pictures are written to.
            progress: takes the share that is done, 0 to 1.
            cancelled: asked often.

        Returns:
            Each face with a JPEG of it, in the order in which they are seen first.

        Raises:
            InputsRefused: there is no such face.
            Stopped: the task was cancelled.
        """
