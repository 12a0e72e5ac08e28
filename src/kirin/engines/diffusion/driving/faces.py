"""Face crops of a driving video, as Wan-Animate was trained on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from kirin.engines.diffusion.driving.body import Body, Keypoint
from kirin.engines.diffusion.driving.drawing import VISIBLE
from kirin.media.decode import frames_at
from kirin.vision.planes import Rgb
from kirin.vision.pose.landmarks import Joint, Landmarks

SIDE: Final = 512
"""Width and height of the model's face images, pixels."""

_EYES = [Joint.LEFT_EYE, Joint.RIGHT_EYE]
_MOUTH = [Joint.MOUTH_LEFT, Joint.MOUTH_RIGHT]
_CHIN, _BROW = 0.65, 0.4  # distances from mouth and eyes, in units of the distance between those
_EXPANSION = sqrt(1.3)  # the box has 1.3 times the area of the points', three quarters of it above


def crop_face(rgb: Rgb, marks: Landmarks) -> Rgb | None:
    """Crop a person's face out of a frame, stretched to a square; ``None`` if it is invisible.

    The box is that of ``get_face_bboxes`` in the authors' ``preprocess/utils.py``. Its 68 points
    range from the chin to the brows; BlazePose lacks both, so they are estimated from eyes and
    mouth.
    """
    if Body.of(marks).seen[Keypoint.NOSE] < VISIBLE:
        return None
    points = marks.points
    eyes, mouth = points[_EYES].mean(axis=0), points[_MOUTH].mean(axis=0)
    chin, brow = mouth + _CHIN * (mouth - eyes), eyes - _BROW * (mouth - eyes)
    outline = np.stack([*points[: Joint.MOUTH_RIGHT + 1], chin, brow])
    (left, top), (right, bottom) = outline.min(axis=0), outline.max(axis=0)
    across, down = (_EXPANSION - 1) * (right - left) / 2, (_EXPANSION - 1) * (bottom - top) / 4
    height, width = rgb.shape[:2]
    columns = slice(max(int(left - across), 0), min(int(right + across), width))
    rows = slice(max(int(top - 3 * down), 0), min(int(bottom + down), height))
    part = rgb[rows, columns]
    if not part.size:
        return None
    square: Rgb = cv2.resize(np.ascontiguousarray(part), (SIDE, SIDE)).astype(np.uint8)
    return square


def face_crops(
    video: Path, times: Sequence[float], person: Callable[[float], Landmarks], width: int
) -> Iterator[Rgb]:
    """The driver's face at each time, in order; black where it is invisible.

    Args:
        video: the driving video.
        times: seconds from its first frame, ascending.
        person: returns the driver's landmarks at a time.
        width: of the frames that the landmarks refer to, pixels.
    """
    black = np.zeros((SIDE, SIDE, 3), np.uint8)
    for seconds, picture in frames_at(video, times):
        marks = person(seconds)  # the time of the picture, not the time asked for
        scale = picture.shape[1] / width
        placed = Landmarks(marks.points * scale, marks.depth, marks.visibility, marks.presence)
        found = crop_face(picture, placed)
        yield black if found is None else found
