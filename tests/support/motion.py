"""How a picture has moved between two moments: seen in the pixels, not read in metadata."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees, hypot
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.media.decode import timed_frames

RGB = NDArray[np.uint8]


@dataclass(frozen=True)
class Motion:
    """What carries the first picture into the second, as well as one such move can.

    Attributes:
        scale: above 1 where things came nearer.
        right, down: pixels by which the middle of the first picture has moved.
        turn: degrees, clockwise.
    """

    scale: float
    right: float
    down: float
    turn: float


def motion(first: RGB, second: RGB) -> Motion:
    """Find a picture's features again in another one, and fit what moved most of them."""
    orb = cv2.ORB.create(2000)
    grey = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (first, second)]
    (spots, marks), (spots_then, marks_then) = (orb.detectAndCompute(g, None) for g in grey)
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(marks, marks_then)
    before = np.array([spots[pair.queryIdx].pt for pair in pairs], np.float32)
    after = np.array([spots_then[pair.trainIdx].pt for pair in pairs], np.float32)
    cv2.setRNGSeed(7)
    fitted, _ = cv2.estimateAffinePartial2D(before, after, ransacReprojThreshold=4)
    height, width = first.shape[:2]
    middle = np.array([width / 2, height / 2, 1])
    right, down = fitted @ middle - middle[:2]
    (a, _, _), (b, _, _) = fitted
    return Motion(hypot(a, b), float(right), float(down), degrees(atan2(b, a)))


def some_frames(video: Path, *numbers: int) -> list[RGB]:
    """Pictures of a video by their numbers, in order."""
    return [picture for _, picture in timed_frames(video, set(numbers))]


def difference(first: RGB, second: RGB) -> float:
    """Mean difference of two pictures' values, 0 to 255."""
    return float(np.abs(first.astype(np.int16) - second).mean())
