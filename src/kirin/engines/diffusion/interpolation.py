"""Frame rate conversion: frames at the video's rate from frames at the model's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.flow.rife import STEP, Rife
from kirin.vision.planes import Rgb, resize

Interpolate = Callable[[Rgb, Rgb, float], Rgb]
"""Returns the frame between two frames at a time from 0 (the first) to 1 (the second)."""

_NO_MAP: Any = None  # coordinates are in one map; OpenCV's types want two
_FLOW_SIDE = 512  # longest side at which optical flow is estimated


def resample_frames(
    frames: Iterator[Rgb], positions: Sequence[Fraction], interpolate: Interpolate
) -> Iterator[Rgb]:
    """Resample frames at given positions.

    Args:
        frames: in order; those after the last position are not consumed.
        positions: in ascending order, 0 for the first frame; a fractional one is interpolated.
        interpolate: computes a frame between two frames.

    Yields:
        One frame per position.

    Raises:
        ValueError: a position is beyond the last frame.
    """
    at = -1
    here: Rgb | None = None
    following: Rgb | None = None
    for position in positions:
        whole = position.numerator // position.denominator
        try:
            while at < whole:
                here, following = following if following is not None else next(frames), None
                at += 1
            if position != whole and following is None:
                following = next(frames)
        except StopIteration:
            raise ValueError(f"there is no frame at position {float(position):g}") from None
        if here is not None and (position == whole or following is None):
            yield here
        elif here is not None and following is not None:
            yield interpolate(here, following, float(position - whole))


class FrameInterpolator:
    """Interpolates frames along optical flow, estimated by RIFE (Huang et al. 2022, version 4)."""

    def __init__(self) -> None:
        self._network = Rife()

    def __call__(self, first: Rgb, last: Rgb, time: float) -> Rgb:
        """The frame at a time from 0 (the first) to 1 (the last); both have the same size."""
        height, width = first.shape[:2]
        scale = min(_FLOW_SIDE / max(width, height), 1)
        across, down = (max(round(side * scale / STEP), 1) * STEP for side in (width, height))
        small = resize(first, across, down), resize(last, across, down)
        found = self._network.between(*small, time)
        stretch = np.array([width / across, height / down], np.float32)
        grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(np.float32)

        def warp(picture: Rgb, flow: NDArray[np.float32]) -> NDArray[np.float32]:
            coordinates = grid + cv2.resize(flow, (width, height)) * stretch
            edge = cv2.BORDER_REPLICATE
            warped = cv2.remap(picture, coordinates, _NO_MAP, cv2.INTER_LINEAR, borderMode=edge)
            return np.asarray(warped, np.float32)

        share = cv2.resize(found.share, (width, height))[..., None]
        mixed = warp(first, found.to_first) * share + warp(last, found.to_last) * (1 - share)
        return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
