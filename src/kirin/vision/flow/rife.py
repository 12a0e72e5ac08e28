"""What moves where between two pictures, as a small network sees it (RIFE)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from kirin.vision.planes import Rgb

WEIGHTS = Path(__file__).parents[1] / "weights" / "rife_lite_fp16w.onnx"

STEP = 32
"""The network's input has sides of a multiple of this."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Between:
    """A moment between two pictures; arrays of their height and width.

    Attributes:
        to_first, to_last: where each pixel of the moment comes from in either picture, relative
            to itself, in pixels; shape ``(h, w, 2)``, x and y.
        share: how much of its colour comes from the first, 0 to 1: the nearer in
            time, or the one that shows it; shape ``(h, w)``.
    """

    to_first: Floats
    to_last: Floats
    share: Floats


class Rife:
    """Finds what lies between two pictures (Huang et al. 2022, version 4).

    Args:
        threads: for the network; at 512 x 288 a moment takes 0.15 s of two.
    """

    def __init__(self, threads: int = 2) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # it would keep what one pair needed for ever
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = ort.InferenceSession(
            str(WEIGHTS), options, providers=["CPUExecutionProvider"]
        )

    def between(self, first: Rgb, last: Rgb, time: float) -> Between:
        """What lies at a moment, 0 (the first) to 1 (the last).

        Both pictures have one size, whose sides are multiples of ``STEP``.
        """
        feed = {
            "i0": _tensor(first),
            "i1": _tensor(last),
            "t": np.full((1, 1, 1, 1), time, np.float32),
        }
        flow, mask = self._session.run(["flow", "mask"], feed)
        flow = cast(Floats, flow[0].transpose(1, 2, 0))
        return Between(
            np.ascontiguousarray(flow[..., :2]),
            np.ascontiguousarray(flow[..., 2:]),
            cast(Floats, mask[0, 0]),
        )


def _tensor(rgb: Rgb) -> Floats:
    scaled = rgb.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
    return np.ascontiguousarray(scaled)
