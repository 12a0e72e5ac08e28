"""Finding the hair and the clothes of a person: from joints, the silhouette, and colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.face.face import Face
from kirin.vision.kernels import Plane
from kirin.vision.lab import to_lab
from kirin.vision.matting.guided_filter import Floats
from kirin.vision.planes import Rgb, resize
from kirin.vision.pose.estimator import PoseEstimate, silhouette
from kirin.vision.pose.landmarks import Joint
from kirin.vision.regions.region import SubstanceRegion, snap
from kirin.vision.regions.survey import Mask, components

_SIDE = 512  # pixels of the longer side at which colours are compared
_SEEN = 0.5  # visibility of a joint
_LEAST = 0.0015  # of the picture: less hair or cloth is not worth moving
_SMALLEST = 10.0  # pixels at _SIDE from ear to ear: smaller heads are left alone
_VARIANCE = 25.0  # of Lab, added to every colour model: noise and shading
_FAR = 30.0  # squared Mahalanobis distance from which a pixel is of none of the colours

_LEVELS = (
    (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    (Joint.LEFT_HIP, Joint.RIGHT_HIP),
    (Joint.LEFT_KNEE, Joint.RIGHT_KNEE),
    (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE),
)
_PROPORTION = (0.35, 1.6)  # least and greatest length of a thigh and a shin, of the torso's
_THIGH = 0.22  # of its length: half the width of a clothed thigh

# Of a head, in distances from ear to ear, which is 0.6 of its height.
_FACE = (0.50, 0.80)  # half axes of the ellipse of the face
_FOREHEAD = (1.02, 1.3)  # of the ellipse: where hair begins above it
_ROUND = 1.15  # half the width of the space that hair takes, and its height above the eyes
_LONG = 1.7  # how far below the eyes long hair is looked for
_SKULL = (0.5, 0.72)  # half axes of what does not move, from the middle of the face


@dataclass(frozen=True, slots=True)
class Held:
    """A region of a person, and what of it is held.

    Attributes:
        region: what can sway.
        still: what does not move, bool, of any size and the picture's aspect: skull, shoulders.
        loose: share of it, 0 to 1, that hangs free: of clothes, what is apart from the legs. A
            suit has none of that, a skirt or a coat is for the most part of it.
    """

    region: SubstanceRegion
    still: Mask
    loose: float = 1.0


@dataclass(frozen=True, slots=True)
class _Head:
    """Geometry of a head, pixels: the middle of the face, unit vectors, and the ears' distance."""

    x: float
    y: float
    right: tuple[float, float]
    down: tuple[float, float]
    breadth: float

    def place(self, shape: tuple[int, int]) -> tuple[Floats, Floats]:
        """Position of every pixel to the right of and below the middle, in breadths."""
        rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
        dx, dy = columns - np.float32(self.x), rows - np.float32(self.y)
        across = (dx * self.right[0] + dy * self.right[1]) / self.breadth
        down = (dx * self.down[0] + dy * self.down[1]) / self.breadth
        return cast(Floats, across.astype(np.float32)), cast(Floats, down.astype(np.float32))


def find_hair(rgb: Rgb, person: PoseEstimate, alpha: Plane | None = None) -> Held | None:
    """The hair of a person; ``None`` where none is seen, or it is not told from the rest.

    Args:
        rgb: the picture.
        person: in it.
        alpha: opacity of the cut-out subjects, of the picture's height and width.
    """
    small, scale = _small(rgb)
    head = _head(person, scale)
    if head is None:
        return None
    body = _body(small, person, scale, alpha)
    across, down = head.place(body.shape)
    face = _ellipse(across, down, _FACE)
    lab = _lab(small)
    crown = (down < -0.2) & (face > _FOREHEAD[0]) & (face < _FOREHEAD[1]) & body
    skin = (face < 0.75) & (abs(across) < 0.3) & (down > -0.15) & (down < 0.45)
    clothes = body & (down > _LONG)
    models = [_colour(lab, crown), _colour(lab, skin), _colour(lab, clothes)]
    if models[0] is None or models[1] is None:
        return None
    room = (abs(across) < _ROUND) & (down > -_ROUND - 0.3) & (down < _LONG) & (face > 0.85) & body
    room &= (down < 0.6) | (abs(across) > 0.35)  # below the chin there is a neck, or a collar
    far = [_distance(lab, each) for each in models if each is not None]
    nearest = np.minimum.reduce(far[1:])
    hair = room & (far[0] < nearest) & (far[0] < _FAR)
    told = float((far[0] < nearest)[crown].mean())
    parts = [part for part in components(_solid(hair), _LEAST) if (part & crown).any()]
    if not parts:
        return None
    mask = np.logical_or.reduce(parts)
    confidence = told * min(1.0, float(mask.sum()) / (0.25 * head.breadth**2))
    region = SubstanceRegion(snap(rgb, mask.astype(np.float32)), confidence)
    return Held(region, _ellipse(across, down + np.float32(0.1), _SKULL) < 1.0)


def find_clothes(rgb: Rgb, person: PoseEstimate, alpha: Plane | None = None) -> Held | None:
    """What a person wears below the shoulders; ``None`` where little of it is seen.

    The parameters are those of :func:`find_hair`.
    """
    small, scale = _small(rgb)
    points, seen = person.landmarks.points * scale, person.landmarks.visibility
    shoulders = [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]
    if min(seen[joint] for joint in shoulders) < _SEEN:
        return None
    body = _body(small, person, scale, alpha)
    (x0, y0), (x1, y1) = (points[joint] for joint in shoulders)
    span = max(float(np.hypot(x1 - x0, y1 - y0)), 8.0)
    rows, columns = np.mgrid[0 : body.shape[0], 0 : body.shape[1]].astype(np.float32)
    slope = float(np.clip((y1 - y0) / (x1 - x0), -1, 1)) if abs(x1 - x0) > 0.3 * span else 0.0
    below = (rows - np.float32(y0) - np.float32(slope) * (columns - np.float32(x0))) / span
    worn = body & (below > 0.0)
    lab = _lab(small)
    head = _head(person, scale)
    if head is not None:
        across, down = head.place(body.shape)
        skin = _colour(lab, (_ellipse(across, down, _FACE) < 0.75) & (down > -0.15))
        cloth = _colour(lab, worn & (below < 0.8))
        if skin is not None and cloth is not None:
            bare = (_distance(lab, skin) < _distance(lab, cloth)) & (_distance(lab, skin) < 9.0)
            worn &= ~_solid(bare)
    parts = components(_solid(worn), 0.01)[:2]
    if not parts:
        return None
    mask = np.logical_or.reduce(parts)
    region = SubstanceRegion(
        snap(rgb, mask.astype(np.float32)), min(1.0, float(mask.mean()) / 0.04)
    )
    return Held(region, body & (below < 0.12), looseness(mask, points, seen))


def somebody(people: Sequence[PoseEstimate], faces: Sequence[Face]) -> PoseEstimate | None:
    """The largest of some people who is one: with a face, or upright on two legs.

    The pose network sees people in dogs, birds and flowers, which have neither.
    """
    for person in people:
        nose = person.landmarks.points[Joint.NOSE]
        boxes = ((face.points.min(axis=0), face.points.max(axis=0)) for face in faces)
        if any((low <= nose).all() and (nose <= high).all() for low, high in boxes):
            return person
        if _upright(person):
            return person
    return None


def _upright(person: PoseEstimate) -> bool:
    """Whether all joints of a standing body are seen, in their order and proportions."""
    points, seen = person.landmarks.points, person.landmarks.visibility
    heights = []
    for pair in _LEVELS:
        if min(seen[joint] for joint in pair) < _SEEN:
            return False
        heights.append(float(points[list(pair), 1].mean()))
    torso, thigh, shin = np.diff(heights)
    if min(torso, thigh, shin) <= 0:
        return False
    low, high = _PROPORTION
    return bool(low < thigh / torso < high and low < shin / torso < high)


def looseness(worn: Mask, points: NDArray[np.float64], seen: NDArray[np.float64]) -> float:
    """Share of what is worn that hangs below the hips and apart from the legs."""
    hips = [Joint.LEFT_HIP, Joint.RIGHT_HIP]
    knees = [Joint.LEFT_KNEE, Joint.RIGHT_KNEE]
    if min(seen[joint] for joint in (*hips, *knees)) < _SEEN or not worn.any():
        return 0.0
    thigh = float(np.hypot(*(points[knees] - points[hips]).T).mean())
    legs = np.zeros(worn.shape, np.uint8)
    for hip, knee in zip(hips, knees, strict=True):
        ends = [tuple(round(float(v)) for v in points[joint]) for joint in (hip, knee)]
        cv2.line(legs, ends[0], ends[1], 1, max(round(2 * _THIGH * thigh), 1))
    hanging = worn & (legs == 0)
    hanging[: max(round(float(points[hips, 1].mean())), 0)] = False
    return float(hanging.sum()) / float(worn.sum())


def _small(rgb: Rgb) -> tuple[Rgb, float]:
    scale = min(1.0, _SIDE / max(rgb.shape[:2]))
    size = max(round(rgb.shape[1] * scale), 16), max(round(rgb.shape[0] * scale), 16)
    return resize(rgb, *size), scale


def _head(person: PoseEstimate, scale: float) -> _Head | None:
    points, seen = person.landmarks.points * scale, person.landmarks.visibility
    eyes = [Joint.LEFT_EYE, Joint.RIGHT_EYE]
    mouth = [Joint.MOUTH_LEFT, Joint.MOUTH_RIGHT]
    if min(seen[joint] for joint in (*eyes, *mouth, Joint.NOSE)) < _SEEN:
        return None
    eye, lips = points[eyes].mean(axis=0), points[mouth].mean(axis=0)
    long = float(np.hypot(*(lips - eye)))
    ears = float(np.hypot(*(points[Joint.LEFT_EAR] - points[Joint.RIGHT_EAR])))
    breadth = max(ears, 1.6 * long)  # in profile the ears are close together
    if breadth < _SMALLEST or long < 1.0:
        return None
    down = (lips - eye) / long
    middle = eye * 0.75 + lips * 0.25
    return _Head(
        float(middle[0]),
        float(middle[1]),
        (float(down[1]), float(-down[0])),
        (float(down[0]), float(down[1])),
        breadth,
    )


def _body(small: Rgb, person: PoseEstimate, scale: float, alpha: Plane | None) -> Mask:
    """Which pixels of the small picture are of the person."""
    height, width = small.shape[:2]
    if alpha is not None:
        return cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA) > 127
    full = (round(width / scale), round(height / scale))
    coarse = cv2.resize(silhouette(person, *full), (width, height), interpolation=cv2.INTER_AREA)
    return snap(small, coarse.astype(np.float32) / np.float32(255)) > 127


def _ellipse(across: Floats, down: Floats, axes: tuple[float, float]) -> Floats:
    """1 on an ellipse around the middle of a face, less within."""
    return cast(Floats, np.hypot(across / np.float32(axes[0]), down / np.float32(axes[1])))


def _lab(rgb: Rgb) -> Floats:
    return cast(Floats, cv2.GaussianBlur(to_lab(rgb), (0, 0), 1.0))


_Colour = tuple[NDArray[np.float64], NDArray[np.float64]]


def _colour(lab: Floats, sample: Mask) -> _Colour | None:
    """Mean and inverse covariance of the colours of a sample; ``None`` if it is too small."""
    values = lab[sample].astype(np.float64)
    if len(values) < 24:
        return None
    middle = np.median(values, axis=0)
    off = np.abs(values - middle).sum(axis=1)
    kept = values[off <= np.quantile(off, 0.8)]
    covariance = np.cov(kept.T) + _VARIANCE * np.eye(3)
    inverse = np.linalg.inv(covariance).astype(np.float64)
    return kept.mean(axis=0), inverse


def _distance(lab: Floats, colour: _Colour) -> Floats:
    """Squared Mahalanobis distance of every pixel; colours that vary much are further away."""
    off = lab - colour[0].astype(np.float32)
    inverse = colour[1].astype(np.float32)
    spread = -np.float32(np.log(np.linalg.det(colour[1])))
    squared = np.einsum("...i,ij,...j->...", off, inverse, off)
    base = np.float32(3 * np.log(_VARIANCE))
    return cast(Floats, (squared + spread - base).astype(np.float32))


def _solid(mask: Mask) -> Mask:
    """Without specks, and with small gaps closed."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc)
    closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, disc, iterations=2)
    return closed > 0
