"""The subject's mask, by BiRefNet."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kirin.vision.networks.session import Floats, NetworkSession, normalised
from kirin.vision.planes import Rgb, resize

_SIDE = 1024  # the network's input, square


class MaskNetwork:
    """Finds the subject of a picture, with a fine outline.

    Args:
        path: the weights.
    """

    def __init__(self, path: Path) -> None:
        self._session = NetworkSession(path)

    def find(self, rgb: Rgb) -> Floats:
        """How likely each pixel is the subject, 0 to 1; shape (1024, 1024).

        Args:
            rgb: a picture, shape ``(height, width, 3)``, of any size and aspect.
        """
        logits = self._session(input_image=normalised(resize(rgb, _SIDE, _SIDE)))
        with np.errstate(over="ignore"):  # exp of a large number is infinity, and the share is 0
            return np.asarray(1 / (1 + np.exp(-logits[0, 0])), np.float32)
