"""Faces of people in a video, each with a picture that shows whose it is.

The vision modules are imported when a video is looked at: the API process needs none of them.
"""

from __future__ import annotations

from pathlib import Path

from kirin.domain.callbacks import Cancelled, Progress
from kirin.domain.lips import FaceTrack
from kirin.errors import InputsRefused, Stopped
from kirin.vision.models import VisionModels

QUALITY = 90
"""Of the JPEG of a face."""


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
        from PIL import Image

        from kirin.vision.face.tracks import find_faces

        def check() -> None:
            if cancelled():
                raise Stopped

        found = []
        for face in find_faces(video, self._models.face_estimator, check, progress):
            path = folder / f"face-{face.track.id}.jpg"
            Image.fromarray(face.picture).save(path, quality=QUALITY)
            found.append((face.track, path))
        if not found:
            raise InputsRefused(
                "no face of a person can be seen in the video: send one that shows somebody from "
                "the front, in good light, for a second or longer"
            )
        return found
