"""Timing: frames at the video's rate from frames at the model's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.flow.rife import STEP, Rife
from kirin.vision.planes import Rgb, resize

Between = Callable[[Rgb, Rgb, float], Rgb]
"""Gives what lies between two frames at a share of the time, 0 (the first) to 1."""

_NO_MAP: Any = None  # places are in one map; OpenCV's types want two
_SIDE = 512  # longest side on which motion is looked for


def retimed(
    frames: Iterator[Rgb], positions: Sequence[Fraction], between: Between
) -> Iterator[Rgb]:
    """Frames at given places among others.

    Args:
        frames: in order; what lies behind the last place is not asked for.
        positions: places that never fall, 0 for the first frame; between two frames where they
            are not whole.
        between: makes what is not there.

    Yields:
        One frame for each place.

    Raises:
        ValueError: there are fewer frames than the places need.
    """
    at = -1
    here: Rgb | None = None
    following: Rgb | None = None
    for place in positions:
        whole = place.numerator // place.denominator
        try:
            while at < whole:
                here, following = following if following is not None else next(frames), None
                at += 1
            if place != whole and following is None:
                following = next(frames)
        except StopIteration:
            raise ValueError(f"there is no frame at {float(place):g}") from None
        if here is not None and (place == whole or following is None):
            yield here
        elif here is not None and following is not None:
            yield between(here, following, float(place - whole))


class Motion:
    """Draws moments between frames by the motion of what is in them (RIFE, version 4)."""

    def __init__(self) -> None:
        self._network = Rife()

    def __call__(self, first: Rgb, last: Rgb, time: float) -> Rgb:
        """What lies at a moment, 0 (the first) to 1 (the last); both are of one size."""
        height, width = first.shape[:2]
        scale = min(_SIDE / max(width, height), 1)
        across, down = (max(round(side * scale / STEP), 1) * STEP for side in (width, height))
        small = resize(first, across, down), resize(last, across, down)
        found = self._network.between(*small, time)
        stretch = np.array([width / across, height / down], np.float32)
        grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(np.float32)

        def moved(picture: Rgb, flow: NDArray[np.float32]) -> NDArray[np.float32]:
            place = grid + cv2.resize(flow, (width, height)) * stretch
            edge = cv2.BORDER_REPLICATE
            near = cv2.remap(picture, place, _NO_MAP, cv2.INTER_LINEAR, borderMode=edge)
            return np.asarray(near, np.float32)

        share = cv2.resize(found.share, (width, height))[..., None]
        mixed = moved(first, found.to_first) * share + moved(last, found.to_last) * (1 - share)
        return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
