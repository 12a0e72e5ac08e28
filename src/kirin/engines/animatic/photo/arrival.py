"""A camera move over a picture that ends with exactly the whole picture."""

from __future__ import annotations

from collections.abc import Sequence

import cv2

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.framing import Framing, PathExtent, Relief
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.rest import end_at_rest
from kirin.engines.animatic.photo.photo import Photo
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.planes import Rgb, picture_to_frame

_NEAR = 0.002  # of the view: distance from rest within which the picture itself is blended in
_WHOLE = 0.998  # share of the widest view from which a framing counts as the whole picture


class Arrival:
    """A picture whose camera path ends in the rest view. Not thread-safe.

    Attributes:
        layered: whether the subject is a layer of its own.
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
        """Make a path end in the rest view, and prepare the picture for it.

        Args:
            rgb: the picture, of the aspect of the video.
            width, height: of the video, even.
            poses: of the original path, one per frame.
            segmenter: finds the subject, for parallax.
        """
        path = end_at_rest(poses, width / height)
        photo = Photo.prepare(rgb, width, height, path, segmenter)
        if photo.framing.width < _WHOLE * _widest(rgb, width / height):
            # With a subject at the side, some layer would show its border: use no parallax.
            path = end_at_rest([_flat(pose) for pose in poses], width / height)
            photo = Photo.prepare(rgb, width, height, path)
        return cls(photo, path, picture_to_frame(rgb, width, height))

    def frame(self, index: int) -> Frame:
        """Draw a frame, a new one each time; the last is exactly the picture."""
        pose = self._poses[index]
        return blend_at_rest(self._photo.frame(pose), self._end, _distance(pose))


def blend_at_rest(frame: Frame, end: Frame, distance: float) -> Frame:
    """Blend the picture itself into a frame that is rendered close to rest, in place.

    Interpolation softens a little, and recombined layers differ from the picture they were cut
    from: this difference must not appear in a single step.

    Args:
        frame: as rendered.
        end: the picture itself.
        distance: of the camera from the rest view, in views.
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
    rest = PathExtent.of([Pose()], Relief.flat_at(0.0), aspect)
    return Framing.fit((rgb.shape[1], rgb.shape[0]), rest, aspect).width


def _flat(pose: Pose) -> Pose:
    """The same move by pan and zoom alone, which have no parallax."""
    middle = pose.view(0.5)
    return Pose(x=middle.x, y=middle.y, zoom=middle.scale, roll=middle.roll)
