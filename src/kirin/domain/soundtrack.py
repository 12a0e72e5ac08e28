"""The sound of a video on its way to the encoder: samples that come when asked for, or a copy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 48_000
"""Samples a second of everything that is synthesised."""

Block = NDArray[np.float32]
"""A stretch of stereo sound: shape ``(2, samples)``, left first, full scale at -1 and 1."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Sound that is made while it is consumed; in the file it becomes AAC.

    Attributes:
        blocks: one after the other from the first picture on, of any lengths, at ``RATE``.
            What lasts longer than the picture is not asked for; what is shorter ends early.
    """

    blocks: Iterator[Block]


@dataclass(frozen=True, slots=True)
class Copied:
    """The sound of another video, from its first picture on.

    Attributes:
        path: the video. Its first sound track is taken, without re-encoding where MP4 can carry
            the codec; if it has none, there is none in the new file either.
    """

    path: Path


Soundtrack = Samples | Copied
