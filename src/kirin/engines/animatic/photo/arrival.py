"""A camera move over a picture that ends with exactly the whole picture."""

from __future__ import annotations

from collections.abc import Sequence

import cv2

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.departure import Departure, begin_at_rest
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.planes import Rgb, picture_to_frame

_NEAR = 0.002  # of the view: distance from rest within which the picture itself is blended in


class Arrival:
    """A picture whose camera path ends in the rest view. Not thread-safe.

    Attributes:
        photo: that draws it.
    """

    def __init__(self, photo: Photo, end: Frame, count: int) -> None:
        self.photo = photo
        self._end = end
        self._last = count - 1

    @property
    def layered(self) -> bool:
        """Whether the picture has layers of its own for what is nearer."""
        return self.photo.layered

    @property
    def departure(self) -> Departure:
        """The path, which ends at rest."""
        return self.photo.departure

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

        A path is a departure from the picture, played backwards: so a push-in comes from as far
        outside as the border can be filled.

        Args:
            rgb: the picture, of the aspect of the video.
            width, height: of the video, even.
            poses: of the original path, one per frame.
            segmenter: finds the subject, for parallax.
        """
        away = begin_at_rest(poses[::-1])
        options = PhotoOptions(confined=True, backwards=True, shutter=True)
        photo = Photo.prepare(rgb, width, height, away, segmenter, options)
        return cls(photo, picture_to_frame(rgb, width, height), len(poses))

    def frame(self, index: int) -> Frame:
        """Draw a frame, a new one each time; the last is exactly the picture."""
        if index == self._last:
            return self._end.copy()
        return self.photo.frame_at(index)


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
