"""A person's appearance: colour histograms that tell people apart."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kirin.vision.pose.estimator import PoseEstimate
from kirin.vision.pose.landmarks import Values

_BINS = [6, 20, 20]  # of L, coarse because of shadows, and of a and b (CIELAB)
_LOW, _HIGH = 98, 158  # range of a and b, 128 being grey: dim light has little colour
_SURE = 0.6  # of the body mask
_LEAST = 60  # pixels that a histogram needs
_HELD = np.stack([np.arange(256), *2 * [np.clip(np.arange(256), _LOW, _HIGH - 1)]], axis=-1).astype(
    np.uint8
)[None]  # table that limits a and b to their range, for cv2.LUT
_LEARNS = 0.05  # weight of an update: it follows the light, but not another person


@dataclass(frozen=True, slots=True, eq=False)
class Appearance:
    """Colour histograms above and below the hips, each of sum 1, or empty if not visible."""

    upper: Values
    lower: Values

    @classmethod
    def of(cls, person: PoseEstimate) -> Appearance:
        """The appearance of a detected person."""
        lab = cv2.cvtColor(person.picture, cv2.COLOR_RGB2LAB)
        body = (person.body > _SURE).astype(np.uint8)
        middle = lab.shape[0] // 2  # the hips are in the middle of every region
        return cls(_histogram(lab[:middle], body[:middle]), _histogram(lab[middle:], body[middle:]))

    def similarity(self, other: Appearance) -> float:
        """Mean Bhattacharyya coefficient of the histograms that both have, 0 to 1."""
        parts = [(self.upper, other.upper), (self.lower, other.lower)]
        similarities = [float(np.sqrt(a * b).sum()) for a, b in parts if len(a) and len(b)]
        return float(np.mean(similarities)) if similarities else 0.0

    def updated(self, other: Appearance) -> Appearance:
        """A running average with a newer appearance of the same person."""
        return Appearance(_mixed(self.upper, other.upper), _mixed(self.lower, other.lower))


def _histogram(lab: np.ndarray, mask: np.ndarray) -> Values:
    if int(mask.sum()) < _LEAST:
        return np.zeros(0)
    held = cv2.LUT(lab, _HELD)
    ranges = [0, 256, _LOW, _HIGH, _LOW, _HIGH]
    counts = cv2.calcHist([held], [0, 1, 2], mask, _BINS, ranges).astype(np.float64)
    for axis in range(3):  # smoothed, so that a small change of light changes little
        along = np.moveaxis(counts, axis, 0)
        soft = along.copy()
        soft[1:] += 0.5 * along[:-1]
        soft[:-1] += 0.5 * along[1:]
        counts = np.moveaxis(soft, 0, axis)
    shares: Values = counts.ravel() / max(counts.sum(), 1e-9)
    return shares


def _mixed(old: Values, new: Values) -> Values:
    if not len(old) or not len(new):
        return old if len(old) else new
    mixed: Values = (1 - _LEARNS) * old + _LEARNS * new
    return mixed
