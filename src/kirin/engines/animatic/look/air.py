"""What is in the air, laid over a frame whose style would have smoothed it away."""

from __future__ import annotations

from typing import Final, Protocol, runtime_checkable

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.look.frame_style import BLACK, WHITE
from kirin.vision.planes import Planes

_DIM: Final = 60.0  # luma above black: in a picture that is darker on average, air stands out more
_MOST: Final = 2.5  # how much more
_COLOUR: Final = 240  # most of chroma


class Drawn(Protocol):
    """What frames are drawn by: a renderer, or a scene."""

    def frame(self, number: int, /) -> Frame:
        """Draw a frame."""
        ...


@runtime_checkable
class Airy(Protocol):
    """What draws something in the air into its frames, and can leave it out."""

    def clear(self, number: int, /) -> Frame | None:
        """A frame without what is in the air, in the same light; ``None`` if nothing is."""
        ...


def lay_air(styled: Frame, frame: Frame, clear: Frame, *, coloured: bool) -> None:
    """Change a styled frame as what is in the air changes the frame without the style, in place.

    By night the air is dark as well, and strokes would hide it.

    Args:
        styled: the clear frame with the style.
        frame: with what is in the air.
        clear: without it.
        coloured: whether the style keeps the colours of the picture.
    """
    over, aired, bare = (Planes.of_frame(each) for each in (styled, frame, clear))
    light = max(float(bare.y.mean()) - BLACK, 1.0)
    gain = min(max(_DIM / light, 1.0), _MOST)
    shown = [(over.y, aired.y, bare.y, WHITE)]
    if coloured:
        shown += [(over.u, aired.u, bare.u, _COLOUR), (over.v, aired.v, bare.v, _COLOUR)]
    for plane, with_air, without, most in shown:
        change = cv2.subtract(with_air, without, dtype=cv2.CV_16S)
        mixed = cv2.addWeighted(change, gain, plane.astype(np.int16), 1.0, 0.0)
        np.copyto(plane, np.clip(mixed, BLACK, most).astype(np.uint8))
