"""An arrival: a camera move over a picture that ends with exactly the whole of it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.framing import Extent, Framing, Relief
from kirin.engines.animatic.camera.homing import arriving
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.photo import Photo
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.planes import Planes, Rgb, resize

_NEAR = 0.002  # of the view: from how close the picture itself melts in
_WHOLE = 0.998  # share of the widest view from which a framing counts as all of the picture


class Arrival:
    """A picture with a camera that comes to rest before it.

    Frames are drawn one at a time: one thread may use it.

    Attributes:
        layered: whether a subject moves against its background.
    """

    def __init__(self, photo: Photo, poses: Sequence[Pose], end: Frame) -> None:
        self._photo = photo
        self._poses = poses
        self._end = end
        self.layered = photo.layered

    @classmethod
    def prepare(
        cls,
        rgb: Rgb,
        width: int,
        height: int,
        poses: Sequence[Pose],
        segmenter: Segmenter | None = None,
    ) -> Arrival:
        """Turn a path about so that it arrives, and prepare the picture for it.

        Args:
            rgb: the picture, of the aspect of the video.
            width, height: of the video, even.
            poses: what the camera would do if it could end anywhere, one for each frame.
            segmenter: finds the subject, for depth.
        """
        path = arriving(poses, width / height)
        photo = Photo.prepare(rgb, width, height, path, segmenter)
        if photo.framing.width < _WHOLE * _widest(rgb, width / height):
            # Coming away from a subject at the side, some layer would show its edge.
            path = arriving([_flat(pose) for pose in poses], width / height)
            photo = Photo.prepare(rgb, width, height, path)
        return cls(photo, path, whole(rgb, width, height))

    def frame(self, index: int) -> Frame:
        """Draw a frame, a new one each time; the last is the picture itself."""
        return melted(
            self._photo.frame(self._poses[index]), self._end, _distance(self._poses[index])
        )


def whole(rgb: Rgb, width: int, height: int) -> Frame:
    """A picture of the video's aspect as a frame."""
    planes = Planes.from_rgb(resize(rgb, width, height))
    flat = np.concatenate([plane.ravel() for plane in (planes.y, planes.u, planes.v)])
    return flat.reshape(height * 3 // 2, width)


def melted(frame: Frame, end: Frame, distance: float) -> Frame:
    """Melt a picture into a frame that shows it from nearby, in place.

    Reading between pixels softens a little, and layers do not add up to exactly what they were
    cut from: the difference must not come all at once.

    Args:
        frame: what a camera sees.
        end: the picture itself.
        distance: how far the camera is from the picture's rest view, in views.
    """
    share = max(1 - distance / _NEAR, 0.0)
    if share > 0:
        cv2.addWeighted(end, share, frame, 1 - share, 0, frame)
    return frame


def _distance(pose: Pose) -> float:
    near, far = pose.view(1.0), pose.view(0.0)
    return max(
        max(abs(view.x), abs(view.y), abs(view.scale - 1) / 2, abs(view.roll) / 2)
        for view in (near, far)
    )


def _widest(rgb: Rgb, aspect: float) -> float:
    rest = Extent.of([Pose()], Relief.flat_at(0.0), aspect)
    return Framing.fit((rgb.shape[1], rgb.shape[0]), rest, aspect).width


def _flat(pose: Pose) -> Pose:
    """The same move by turning and zooming alone, which sees all depths alike."""
    middle = pose.view(0.5)
    return Pose(x=middle.x, y=middle.y, zoom=middle.scale, roll=middle.roll)
