"""People who blink: which eyes of a picture can, and the parts that close them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kirin.domain.motion import BodyRequest
from kirin.engines.animatic.cinemagraph.body.blinking import closed_lids
from kirin.engines.animatic.cinemagraph.body.eyelid import EyelidPart
from kirin.engines.animatic.cinemagraph.body.survey import SubjectSurvey, moved_eye
from kirin.engines.animatic.cinemagraph.part import Acted, Cinemagraph
from kirin.vision.face.face import EyeLandmarks, EyeSide, Face
from kirin.vision.planes import KB, KR, Rgb

_LEAST = 7.0  # pixels of the video: height of an eye whose lid can be seen to close
_OPEN = 0.17  # of its width: height of an eye that is open
_TURNED = 0.5  # of the other eye's width: the far eye of a face in profile, which is not seen
_DARKER = 0.15  # of the skin's luma: how much darker an iris is
_COVERED = 0.6  # of the cheek's luma: skin around the eye that is darker lies behind glasses

_CHEEKS = ((50, 205), (280, 425))  # points of the mesh, by EyeSide


@dataclass(frozen=True, slots=True)
class _Blinker:
    face: Face
    eyes: tuple[EyeLandmarks, ...]


def add_blink(request: BodyRequest, survey: SubjectSurvey, made: Cinemagraph) -> bool:
    """Add lids that close for everybody whose eyes are seen; whether there is anybody."""
    still = survey.still
    blinkers = [
        _Blinker(face, eyes)
        for face in survey.faces
        if (eyes := _open_eyes(face, survey.whole, _LEAST * still.scale))
    ]
    if not blinkers or not survey.fits(request.word):
        return False
    for turn, blinker in enumerate(blinkers):
        closed = closed_lids(
            still.count, float(still.fps), still.seed * 31 + 7 * turn, request.span
        )
        for eye in blinker.eyes:
            own = still.own_box
            if own is not None and still.own is not None and survey.held(eye.iris[0]):
                size = (still.own.shape[1], still.own.shape[0])
                made.subject.append(EyelidPart(moved_eye(eye, own.left, own.top), closed, size))
            else:
                made.behind.append(EyelidPart(eye, closed, (survey.width, survey.height)))
    made.acted.append(Acted(request.word, "body", "eyes", "blink", _box(blinkers, survey)))
    return True


def _open_eyes(face: Face, rgb: Rgb, least: float) -> tuple[EyeLandmarks, ...]:
    """The eyes of a face that can blink: open, large enough, and neither hidden nor covered.

    Args:
        face: in the picture.
        rgb: the picture.
        least: height of an eye in pixels.
    """
    eyes = [face.eye(side) for side in EyeSide]
    widest = max(eye.width for eye in eyes)
    seen = [
        (eye, _CHEEKS[side])
        for side, eye in zip(EyeSide, eyes, strict=True)
        if eye.width >= _TURNED * widest
    ]
    for eye, cheek in seen:
        wide = eye.height >= max(least, _OPEN * eye.width)
        if not wide or not _visible(eye, face.points[list(cheek)].mean(axis=0), rgb):
            return ()
    return tuple(eye for eye, _ in seen)


def _visible(eye: EyeLandmarks, cheek: np.ndarray, rgb: Rgb) -> bool:
    """Whether an eye lies bare: an iris that is darker than skin, and skin like the cheek's."""
    reach = eye.height / 2
    around = np.concatenate([eye.crease, eye.lower + (eye.lower - eye.upper).mean(axis=0)])
    skin = float(np.median([_luma(rgb, point, reach / 3) for point in around]))
    iris = _luma(rgb, eye.iris[0], 0.6 * eye.radius)
    return iris < (1 - _DARKER) * skin and skin > _COVERED * _luma(rgb, cheek, reach)


def _luma(rgb: Rgb, point: np.ndarray, radius: float) -> float:
    """Mean luma around a point of a picture."""
    height, width = rgb.shape[:2]
    x, y = (int(np.clip(v, 0, side - 1)) for v, side in zip(point, (width, height), strict=True))
    size = max(1, round(radius))
    part = rgb[max(y - size, 0) : y + size + 1, max(x - size, 0) : x + size + 1]
    red, green, blue = cv2.mean(np.ascontiguousarray(part))[:3]
    return float(KR * red + (1 - KR - KB) * green + KB * blue)


def _box(blinkers: list[_Blinker], survey: SubjectSurvey) -> tuple[float, float, float, float]:
    points = np.concatenate(
        [np.concatenate([eye.upper, eye.lower]) for each in blinkers for eye in each.eyes]
    )
    size = np.array([survey.width, survey.height])
    left, top = points.min(axis=0) / size
    right, bottom = points.max(axis=0) / size
    return float(left), float(top), float(right), float(bottom)
