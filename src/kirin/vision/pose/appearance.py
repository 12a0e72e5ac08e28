"""How a person looks: colours that tell one from another."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kirin.vision.pose.estimator import Estimate
from kirin.vision.pose.landmarks import Values

_BINS = [6, 20, 20]  # of lightness, which shadows change, and of two colour axes
_LOW, _HIGH = 98, 158  # of these axes, 128 being grey: in dim light people differ by little
_SURE = 0.6  # of the body's mask
_LEAST = 60  # pixels of a part that shows its colours
_LEARNS = 0.05  # share of a new look in the model: it follows the light, not a stranger


@dataclass(frozen=True, slots=True, eq=False)
class Appearance:
    """The colours of a person above and below the hips, each a histogram of sum 1, or empty."""

    upper: Values
    lower: Values

    @classmethod
    def of(cls, person: Estimate) -> Appearance:
        """That of somebody whom the landmark network sees."""
        lab = cv2.cvtColor(person.picture, cv2.COLOR_RGB2LAB)
        body = (person.body > _SURE).astype(np.uint8)
        middle = lab.shape[0] // 2  # where the hips are in every region
        return cls(_histogram(lab[:middle], body[:middle]), _histogram(lab[middle:], body[middle:]))

    def likeness(self, other: Appearance) -> float:
        """From 0, nothing alike, to 1 (Bhattacharyya's coefficient, of what both show)."""
        parts = [(self.upper, other.upper), (self.lower, other.lower)]
        alike = [float(np.sqrt(a * b).sum()) for a, b in parts if len(a) and len(b)]
        return float(np.mean(alike)) if alike else 0.0

    def learning(self, other: Appearance) -> Appearance:
        """This, a little more like another look at the same person."""
        return Appearance(_mixed(self.upper, other.upper), _mixed(self.lower, other.lower))


def _histogram(lab: np.ndarray, mask: np.ndarray) -> Values:
    if int(mask.sum()) < _LEAST:
        return np.zeros(0)
    held = np.clip(lab, (0, _LOW, _LOW), (255, _HIGH - 1, _HIGH - 1)).astype(np.uint8)
    ranges = [0, 256, _LOW, _HIGH, _LOW, _HIGH]
    counts = cv2.calcHist([held], [0, 1, 2], mask, _BINS, ranges).astype(np.float64)
    for axis in range(3):  # spread, so that a small change of light does not change all
        counts = counts + 0.5 * (_moved(counts, axis, 1) + _moved(counts, axis, -1))
    shares: Values = counts.ravel() / max(counts.sum(), 1e-9)
    return shares


def _moved(counts: Values, axis: int, by: int) -> Values:
    moved = np.roll(counts, by, axis)
    edge: list[slice | int] = [slice(None)] * 3
    edge[axis] = 0 if by > 0 else -1
    moved[tuple(edge)] = 0
    return moved


def _mixed(old: Values, new: Values) -> Values:
    if not len(old) or not len(new):
        return old if len(old) else new
    mixed: Values = (1 - _LEARNS) * old + _LEARNS * new
    return mixed
