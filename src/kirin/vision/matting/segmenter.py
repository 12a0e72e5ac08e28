"""The subject of a picture: whether there is one that can be cut out, and a soft matte of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from kirin.vision.kernels import Plane
from kirin.vision.matting.bodies import Bodies, doubt
from kirin.vision.planes import Rgb, resize

WEIGHTS = Path(__file__).parents[1] / "weights" / "u2netp.onnx"

_SIDE = 320  # the network's input, square
# What U2-Net was trained with: ImageNet's mean and deviation, after scaling to a top of 1.
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)

_WORK_SIDE = 1024  # longest side at which the edge is refined
_SHARE = (0.03, 0.72)  # of the picture; smaller ones are mistaken, larger ones are all there is
_DOUBT = 0.15  # share of half-hearted pixels in the subject above which its edge is a guess
_SCRAP = 0.05  # of the largest piece's area: smaller pieces are not part of the subject
_REACH = 0.016  # of the longest side: how far from the guess the true edge may lie

Alpha = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Matte:
    """A subject in a picture.

    Attributes:
        alpha: how much of each pixel is the subject, shape ``(height, width)``, 0 to 255; of
            the picture's aspect, its longest side 1024 at most.
        share: how much of the picture it covers, 0 to 1.
        doubt: how unsure its outline is: half-hearted pixels per subject pixel.
    """

    alpha: Plane
    share: float
    doubt: float

    @property
    def separable(self) -> bool:
        """Whether it can be moved against its background without looking cut out badly."""
        return _SHARE[0] <= self.share <= _SHARE[1] and self.doubt <= _DOUBT

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the subject, as fractions of the picture."""
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
    """Finds the subject of pictures with U2-Net (small), and people with BlazePose's body mask.

    The first sees what stands out, the second where arms and legs are. It takes 0.1 s more;
    MediaPipe's selfie segmentation was nowhere better than both.

    Args:
        threads: for U2-Net; it takes 0.8 s of two.
    """

    def __init__(self, threads: int = 2) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # One level above, layouts are tried that take 75 MB more, to save half a second.
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.enable_cpu_mem_arena = False  # it would keep what one picture needed for ever
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = ort.InferenceSession(
            str(WEIGHTS), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name
        self._output = self._session.get_outputs()[0].name
        self._bodies = Bodies()

    def find(self, rgb: Rgb) -> Matte:
        """The most salient thing of a picture, however doubtful; people before things."""
        height, width = rgb.shape[:2]
        scale = min(2.0, _WORK_SIDE / max(height, width))  # enlarged, an edge has fewer stairs
        work = resize(rgb, max(round(width * scale), 1), max(round(height * scale), 1))
        guess = self._bodies.complete(work, self._saliency(work))
        return Matte(_refined(work, guess), float((guess > 0.5).mean()), doubt(guess))

    def _saliency(self, rgb: Rgb) -> Alpha:
        """The network's answer, shape (320, 320), from 0 to 1."""
        image = resize(rgb, _SIDE, _SIDE).astype(np.float32)
        image = (image / max(float(image.max()), 1.0) - _MEAN) / _DEVIATION
        feed = {self._input: np.ascontiguousarray(image.transpose(2, 0, 1)[None])}
        (saliency,) = self._session.run([self._output], feed)
        return cast(Alpha, saliency[0, 0])


def _refined(rgb: Rgb, guess: Alpha) -> Plane:
    """Draw the edge of a rough matte to where the picture has one.

    A guided filter (He, Sun, Tang 2013) fits the matte to the colours around its edge, twice;
    well inside and well outside the guess stands, so that texture there leaves no trace.
    """
    height, width = rgb.shape[:2]
    radius = max(2, round(_REACH * max(height, width)))
    rough = cast(Alpha, cv2.resize(guess, (width, height), interpolation=cv2.INTER_CUBIC))
    hard = _whole(_smooth_step(rough, 0.35, 0.65))
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    core = _softened(cast(Alpha, cv2.erode(hard, ellipse)), radius)
    reach = _softened(cast(Alpha, cv2.dilate(hard, ellipse)), radius)
    guide = rgb.astype(np.float32) / np.float32(255)
    alpha = hard
    for _ in range(2):
        fitted = _guided(guide, alpha, radius, 1e-4)
        # The filter leaves a veil on both sides.
        alpha = np.clip((fitted - np.float32(0.2)) / np.float32(0.6), 0, 1)
        alpha = np.minimum(np.maximum(alpha, core), reach)
    return np.round(_whole(alpha) * 255).astype(np.uint8)


def _whole(matte: Alpha) -> Alpha:
    """Drop scraps, and what is nowhere sure: they belong to the background, whole."""
    count, labels, facts, _ = cv2.connectedComponentsWithStats((matte > 0.5).astype(np.uint8))
    if count <= 2:
        return matte
    areas = facts[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = np.isin(labels, np.flatnonzero(areas >= _SCRAP * areas.max())).astype(np.uint8)
    return np.where(cv2.dilate(kept, np.ones((3, 3), np.uint8), iterations=2) > 0, matte, 0)


def _guided(guide: Alpha, matte: Alpha, radius: int, epsilon: float) -> Alpha:
    """The guided filter for colour guides in 0 to 1, shape ``(height, width, 3)``.

    Fitted at half size, as in the fast guided filter (He, Sun 2015). Our own: that of OpenCV
    5.0 (``ximgproc.guidedFilter``) blurs across edges in float.
    """
    size = (max(matte.shape[1] // 2, 1), max(matte.shape[0] // 2, 1))
    side = (radius // 2 * 2 + 1, radius // 2 * 2 + 1)

    def halved(values: Alpha) -> Alpha:
        return cast(Alpha, cv2.resize(values, size, interpolation=cv2.INTER_AREA))

    def mean(values: Alpha) -> Alpha:
        return cast(Alpha, cv2.boxFilter(values, -1, side, borderType=cv2.BORDER_REFLECT))

    def grown(values: Alpha) -> Alpha:
        there = (matte.shape[1], matte.shape[0])
        return cast(Alpha, cv2.resize(mean(values), there, interpolation=cv2.INTER_LINEAR))

    r, g, b = (halved(np.ascontiguousarray(guide[..., i])) for i in range(3))
    m = halved(matte)
    mr, mg, mb, mm = mean(r), mean(g), mean(b), mean(m)
    # Covariance of the colours in each window (symmetric, 3 x 3), and with the matte.
    rr, rg, rb = mean(r * r) - mr * mr + epsilon, mean(r * g) - mr * mg, mean(r * b) - mr * mb
    gg, gb = mean(g * g) - mg * mg + epsilon, mean(g * b) - mg * mb
    bb = mean(b * b) - mb * mb + epsilon
    x, y, z = mean(r * m) - mr * mm, mean(g * m) - mg * mm, mean(b * m) - mb * mm
    # Its inverse, by cofactors.
    c_rr, c_rg, c_rb = gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
    determinant = rr * c_rr + rg * c_rg + rb * c_rb
    to_r = (c_rr * x + c_rg * y + c_rb * z) / determinant
    to_g = (c_rg * x + c_gg * y + c_gb * z) / determinant
    to_b = (c_rb * x + c_gb * y + c_bb * z) / determinant
    fitted = grown(mm - to_r * mr - to_g * mg - to_b * mb)
    for i, share in enumerate((to_r, to_g, to_b)):
        fitted += grown(share) * guide[..., i]
    return fitted


def _smooth_step(values: Alpha, low: float, high: float) -> Alpha:
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    smooth: Alpha = t * t * (3 - 2 * t)
    return smooth


def _softened(values: Alpha, radius: int) -> Alpha:
    solid = (values > 0.5).astype(np.float32)
    return cast(Alpha, cv2.GaussianBlur(solid, (0, 0), radius / 4))
