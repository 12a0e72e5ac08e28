"""Faces: the driver's face in each frame, cut out as Wan-Animate was trained on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import sqrt
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from kirin.engines.diffusion.driving.body import Body, Spot
from kirin.engines.diffusion.driving.drawing import SEEN
from kirin.media.decode import frames
from kirin.vision.planes import Rgb
from kirin.vision.pose.landmarks import Joint, Landmarks

SIDE: Final = 512
"""Pixels of a side that the model looks at."""

_EYES = [Joint.LEFT_EYE, Joint.RIGHT_EYE]
_MOUTH = [Joint.MOUTH_LEFT, Joint.MOUTH_RIGHT]
_CHIN, _BROW = 0.65, 0.4  # from mouth and eyes, in distances between them: what landmarks lack
_ROOM = sqrt(1.3)  # the area around a face's points is 1.3 times theirs, three quarters above


def crop(rgb: Rgb, marks: Landmarks) -> Rgb | None:
    """The face of a person in a frame, stretched to a square; ``None`` where none is seen.

    The box is that of ``get_face_bboxes`` in the makers' ``preprocess/utils.py``. Its 68 points go
    from the chin to the brows: both are guessed from the eyes and the mouth.
    """
    if Body.of(marks).seen[Spot.NOSE] < SEEN:
        return None
    points = marks.points
    eyes, mouth = points[_EYES].mean(axis=0), points[_MOUTH].mean(axis=0)
    chin, brow = mouth + _CHIN * (mouth - eyes), eyes - _BROW * (mouth - eyes)
    outline = np.stack([*points[: Joint.MOUTH_RIGHT + 1], chin, brow])
    (left, top), (right, bottom) = outline.min(axis=0), outline.max(axis=0)
    across, down = (_ROOM - 1) * (right - left) / 2, (_ROOM - 1) * (bottom - top) / 4
    height, width = rgb.shape[:2]
    columns = slice(max(int(left - across), 0), min(int(right + across), width))
    rows = slice(max(int(top - 3 * down), 0), min(int(bottom + down), height))
    part = rgb[rows, columns]
    if not part.size:
        return None
    square: Rgb = cv2.resize(np.ascontiguousarray(part), (SIDE, SIDE)).astype(np.uint8)
    return square


def faces(
    video: Path, fps: Fraction, times: Sequence[Fraction], people: Sequence[Landmarks], width: int
) -> Iterator[Rgb]:
    """The driver's face at each time, in order, black where it is not seen.

    Args:
        video: the file.
        fps: its frames a second.
        times: seconds, that never fall.
        people: the driver at each time.
        width: of the pictures in which its landmarks are, pixels.
    """
    hidden = np.zeros((SIDE, SIDE, 3), np.uint8)
    pictures = frames(video)
    here, at = next(pictures), 0
    for time, marks in zip(times, people, strict=True):
        while at < round(time * fps):
            following = next(pictures, None)
            if following is None:
                break
            here, at = following, at + 1
        scale = here.shape[1] / width
        placed = Landmarks(marks.points * scale, marks.depth, marks.visibility, marks.presence)
        found = crop(here, placed)
        yield hidden if found is None else found
