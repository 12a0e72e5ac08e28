"""Intermediate optical flow between two pictures by RIFE (Huang et al., ECCV 2022)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from kirin.vision.onnx_session import open_session
from kirin.vision.planes import Rgb

WEIGHTS: Final = "rife_lite_fp16w.onnx"

STEP = 32
"""The sides of the network's input must be multiples of this."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class RifeFlow:
    """Flow from a moment between two pictures to both of them.

    Attributes:
        to_first, to_last: for each pixel of the moment its displacement to either picture, x
            and y in pixels; shape ``(h, w, 2)``.
        share: weight of the first picture in the pixel's colour, 0 to 1; shape ``(h, w)``.
            It depends on the time and on which picture the pixel is visible in.
    """

    to_first: Floats
    to_last: Floats
    share: Floats


class Rife:
    """RIFE's flow network, version 4.

    Args:
        threads: for the network; at 512 x 288 a run takes 0.15 s on two.
    """

    def __init__(self, threads: int = 2) -> None:
        self._session = open_session(WEIGHTS, threads)

    def between(self, first: Rgb, last: Rgb, time: float) -> RifeFlow:
        """Estimate the flow at a time.

        Args:
            first, last: pictures of one size, whose sides are multiples of :data:`STEP`.
            time: 0 (the first picture) to 1 (the last).
        """
        feed = {
            "i0": _tensor(first),
            "i1": _tensor(last),
            "t": np.full((1, 1, 1, 1), time, np.float32),
        }
        flow, mask = self._session.run(["flow", "mask"], feed)
        flow = cast(Floats, flow[0].transpose(1, 2, 0))
        return RifeFlow(
            np.ascontiguousarray(flow[..., :2]),
            np.ascontiguousarray(flow[..., 2:]),
            cast(Floats, mask[0, 0]),
        )


def _tensor(rgb: Rgb) -> Floats:
    scaled = rgb.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
    return np.ascontiguousarray(scaled)
