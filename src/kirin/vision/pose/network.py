"""Small networks for people, run one picture at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

_WEIGHTS = Path(__file__).parents[1] / "weights"

Floats = NDArray[np.float32]


class Network:
    """One of the networks that ship with the engine.

    Args:
        name: file name of the weights.
        outputs: names of what it shall give.
    """

    def __init__(self, name: str, *outputs: str) -> None:
        options = ort.SessionOptions()
        # They are too small for a second thread to gain anything, and one always adds alike.
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False
        self._session = ort.InferenceSession(
            str(_WEIGHTS / name), options, providers=["CPUExecutionProvider"]
        )
        self._outputs = outputs

    def __call__(self, picture: Floats) -> list[Floats]:
        """Run it.

        Args:
            picture: shape ``(height, width, 3)`` as the network wants it.

        Returns:
            The outputs in the order asked for, without their batch axis.
        """
        feed = {"image": np.ascontiguousarray(picture[None])}
        return [output[0] for output in self._session.run(list(self._outputs), feed)]
