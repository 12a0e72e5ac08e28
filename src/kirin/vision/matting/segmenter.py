"""Salient subject segmentation: the subject of a picture and its alpha mask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from kirin.vision.easing import smoothstep
from kirin.vision.kernels import Plane
from kirin.vision.matting.guided_filter import guided_filter
from kirin.vision.matting.people import PeopleMatting, uncertainty
from kirin.vision.networks.mask_network import MaskNetwork
from kirin.vision.onnx_session import IMAGENET_DEVIATION, IMAGENET_MEAN, open_session
from kirin.vision.planes import Rgb, resize
from kirin.vision.pose.estimator import PoseEstimator

WEIGHTS: Final = "u2netp.onnx"

_SIDE = 320  # the network's input, square

_WORK_SIDE = 1024  # longest side at which the edge is refined
_SHARE = (0.03, 0.72)  # of the picture: less is a mistake, more leaves no background
_MAX_UNCERTAINTY = 0.15  # above it the edge is a guess
_SCRAP = 0.05  # of the largest component's area: smaller ones are not part of the subject
_REACH = 0.016  # of the longest side: how far the true edge may lie from the guess

Alpha = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SubjectMask:
    """The alpha mask of a picture's subject.

    Attributes:
        alpha: opacity, shape ``(height, width)``, 0 to 255; of the picture's aspect, its longest
            side 1024 at most.
        share: share of the picture that the subject covers, 0 to 1.
        uncertainty: number of undecided pixels per subject pixel.
    """

    alpha: Plane
    share: float
    uncertainty: float

    @property
    def separable(self) -> bool:
        """Whether it can be moved against its background without visible errors at the edge."""
        return _SHARE[0] <= self.share <= _SHARE[1] and self.uncertainty <= _MAX_UNCERTAINTY

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the subject, as shares of the picture's sides."""
        solid = self.alpha > 127
        height, width = solid.shape
        columns, rows = np.flatnonzero(solid.any(axis=0)), np.flatnonzero(solid.any(axis=1))
        if not len(columns):
            return 0.0, 0.0, 1.0, 1.0
        return (
            float(columns[0] / width),
            float(rows[0] / height),
            float((columns[-1] + 1) / width),
            float((rows[-1] + 1) / height),
        )


class Segmenter:
    """Finds the subject of a picture by U2-Net (small), and people by BlazePose's body mask.

    U2-Net (Qin et al. 2020) finds what is salient; BlazePose (Bazarevsky et al. 2020) adds arms
    and legs, in another 0.1 s. MediaPipe's selfie segmentation was never better than the two.

    Args:
        threads: for U2-Net, which takes 0.8 s on two.
        fine: finds what is salient instead of U2-Net, where its weights are installed.
        poses: finds the people; without one, it loads its own.
    """

    def __init__(
        self,
        threads: int = 2,
        fine: MaskNetwork | None = None,
        poses: PoseEstimator | None = None,
    ) -> None:
        self._fine = fine
        # The default level tries layouts that take 75 MB more to save half a second.
        level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        self._session = open_session(WEIGHTS, threads, level)
        self._input = self._session.get_inputs()[0].name
        self._output = self._session.get_outputs()[0].name
        self._bodies = PeopleMatting(poses)

    def find(self, rgb: Rgb) -> SubjectMask:
        """The most salient subject of a picture, however uncertain; people before things.

        Args:
            rgb: the picture, shape ``(height, width, 3)``, of any size.
        """
        work = working_copy(rgb)
        guess = self.rough(work)
        return SubjectMask(_refined(work, guess), float((guess > 0.5).mean()), uncertainty(guess))

    def rough(self, rgb: Rgb) -> Alpha:
        """A rough mask of what is salient, people before things; of any size, 0 to 1."""
        return self.completed(rgb, self.saliency(rgb))

    def completed(self, rgb: Rgb, salient: Alpha) -> Alpha:
        """A saliency map completed with the people of the picture; itself if there are none."""
        return self._bodies.complete(rgb, salient)

    def refined(self, work: Rgb, guess: Alpha) -> Plane:
        """A rough mask with its edge moved to the picture's, 0 to 255.

        Args:
            work: the picture, as :func:`working_copy` returns it.
            guess: a mask of any size, 0 to 1.
        """
        return _refined(work, guess)

    def saliency(self, rgb: Rgb) -> Alpha:
        """What is salient, 0 to 1: shape (320, 320) by U2-Net, (1024, 1024) by a finer network."""
        if self._fine:
            return self._fine.find(rgb)
        image = resize(rgb, _SIDE, _SIDE).astype(np.float32)
        image = (image / max(float(image.max()), 1.0) - IMAGENET_MEAN) / IMAGENET_DEVIATION
        feed = {self._input: np.ascontiguousarray(image.transpose(2, 0, 1)[None])}
        (saliency,) = self._session.run([self._output], feed)
        return cast(Alpha, saliency[0, 0])


def working_copy(rgb: Rgb) -> Rgb:
    """The picture at the size at which edges of masks are refined."""
    height, width = rgb.shape[:2]
    scale = min(2.0, _WORK_SIDE / max(height, width))  # enlarging gives a smoother edge
    return resize(rgb, max(round(width * scale), 1), max(round(height * scale), 1))


def _refined(rgb: Rgb, guess: Alpha) -> Plane:
    """Move the edge of a rough mask to the picture's edge, by two passes of a guided filter.

    Well inside and well outside of the subject the guess is kept, so that texture there leaves
    no trace.
    """
    height, width = rgb.shape[:2]
    radius = max(2, round(_REACH * max(height, width)))
    rough = cast(Alpha, cv2.resize(guess, (width, height), interpolation=cv2.INTER_CUBIC))
    hard = _without_scraps(_smooth_step(rough, 0.35, 0.65))
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    solid = (hard > 0.5).astype(np.uint8)
    core = _softened(cast(Plane, cv2.erode(solid, ellipse)), radius)
    reach = _softened(cast(Plane, cv2.dilate(solid, ellipse)), radius)
    guide = rgb.astype(np.float32) / np.float32(255)
    alpha = hard
    for _ in range(2):
        fitted = guided_filter(guide, alpha, radius, 1e-4)
        # The filter leaves a haze on both sides of the edge.
        alpha = np.clip((fitted - np.float32(0.2)) / np.float32(0.6), 0, 1)
        alpha = np.minimum(np.maximum(alpha, core), reach)
    return np.round(_without_scraps(alpha) * 255).astype(np.uint8)


def _without_scraps(mask: Alpha) -> Alpha:
    """Drop small components, and those that are nowhere certain."""
    count, labels, facts, _ = cv2.connectedComponentsWithStats((mask > 0.5).astype(np.uint8))
    if count <= 2:
        return mask
    areas = facts[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = np.isin(labels, np.flatnonzero(areas >= _SCRAP * areas.max())).astype(np.uint8)
    return np.where(cv2.dilate(kept, np.ones((3, 3), np.uint8), iterations=2) > 0, mask, 0)


def _smooth_step(values: Alpha, low: float, high: float) -> Alpha:
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    return smoothstep(t)


def _softened(solid: Plane, radius: int) -> Alpha:
    return cast(Alpha, cv2.GaussianBlur(solid.astype(np.float32), (0, 0), radius / 4))
