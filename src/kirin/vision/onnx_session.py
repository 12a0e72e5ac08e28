"""ONNX Runtime sessions for the networks that ship with this package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "weights"
"""Where the weight files are; their sources and licences are in its ``NOTICE.md``."""

Floats = NDArray[np.float32]


IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
IMAGENET_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
"""Of red, green and blue from 0 to 1: how networks that began with ImageNet's are normalised."""


def open_session(name: str | Path, threads: int, optimization: Any = None) -> ort.InferenceSession:
    """Load a network for the CPU.

    Args:
        name: file name in :data:`WEIGHTS`, or an absolute path.
        threads: for the operators of one run.
        optimization: an ``ort.GraphOptimizationLevel``, where the default is not wanted.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    if optimization is not None:
        options.graph_optimization_level = optimization
    # The arena would never return the memory of its largest run.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(WEIGHTS / name), options, providers=["CPUExecutionProvider"])


class OnnxSession:
    """A network of pictures.

    It runs on one thread: these networks are too small to gain from a second, and a fixed order
    of additions gives the same bits every time.

    Args:
        name: file name in :data:`WEIGHTS`.
        outputs: names of the outputs that :meth:`__call__` returns.
    """

    def __init__(self, name: str, *outputs: str) -> None:
        self._session = open_session(name, threads=1)
        self._outputs = outputs

    def __call__(self, picture: Floats) -> list[Floats]:
        """Run a network whose only input is one picture.

        Args:
            picture: shape ``(height, width, 3)``, scaled as the network expects.

        Returns:
            the outputs in the order asked for, without their batch axis.
        """
        return self.run(image=picture)

    def run(self, **inputs: Floats) -> list[Floats]:
        """Run a network; its inputs by their names, and its outputs, without their batch axis."""
        feed = {name: np.ascontiguousarray(value[None]) for name, value in inputs.items()}
        return [output[0] for output in self._session.run(list(self._outputs), feed)]
