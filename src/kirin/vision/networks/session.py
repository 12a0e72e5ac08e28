"""Run an optional network on the CPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.vision.onnx_session import IMAGENET_DEVIATION, IMAGENET_MEAN, open_session

Floats = NDArray[np.float32]

_TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16}


class NetworkSession:
    """A network of any number of inputs, of which the first output counts.

    Args:
        path: the ONNX file.
        threads: for the operators of one run.
    """

    def __init__(self, path: Path, threads: int = 2) -> None:
        self._session = open_session(path.absolute(), threads)
        self._types = {each.name: _TYPES[each.type] for each in self._session.get_inputs()}

    def __call__(self, **inputs: NDArray[Any]) -> Floats:
        """Run the network; inputs by name, cast to the type that it takes."""
        feed = {name: value.astype(self._types[name]) for name, value in inputs.items()}
        first = self._session.get_outputs()[0].name
        return np.asarray(self._session.run([first], feed)[0], np.float32)


def normalised(rgb: NDArray[np.uint8]) -> Floats:
    """A picture as these networks take it: shape (1, 3, h, w), by ImageNet's mean and deviation."""
    scaled = (rgb.astype(np.float32) / 255 - IMAGENET_MEAN) / IMAGENET_DEVIATION
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])
