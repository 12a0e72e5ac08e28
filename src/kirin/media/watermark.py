"""The visible watermark: drawn once, blended into each frame."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

TEXT: Final = "AI generated · Kirin"

_TEXT_OPACITY: Final = 0.65
_SHADOW_OPACITY: Final = 0.5
_SHADOW_BREADTH: Final = 2.0
_WHITE: Final = 235.0
_BLACK: Final = 16.0
_NO_COLOUR: Final = 128.0


class Watermark:
    """A mark for frames of one size: white letters with a soft shadow near the lower right.

    The shadow keeps it legible on white pictures, the letters on dark ones. Its height is
    about a thirtieth of the picture's shorter side, its width at most half of the picture's.

    Args:
        width, height: pixels of the frames, both even.
    """

    def __init__(self, width: int, height: int) -> None:
        letters = _letters(width, height)
        margin = min(width, height) // 40
        # Chroma is stored at half size: on even positions a mark's chroma is its own.
        left = (width - letters.width - margin) // 2 * 2
        top = (height - letters.height - margin) // 2 * 2
        blurred = letters.filter(ImageFilter.GaussianBlur(max(1.0, letters.height / 20)))
        text = np.asarray(letters, np.float32) / 255 * _TEXT_OPACITY
        shade = np.minimum(np.asarray(blurred, np.float32) / 255 * _SHADOW_BREADTH, 1)
        shadow = shade * _SHADOW_OPACITY
        keep = (1 - text) * (1 - shadow)
        add = text * _WHITE + (1 - text) * shadow * _BLACK
        chroma = keep.reshape(keep.shape[0] // 2, 2, keep.shape[1] // 2, 2).mean((1, 3))
        self._size = (width, height)
        self._luma = _Blend(left, top, keep, add)
        self._chroma = _Blend(left // 2, top // 2, chroma, (1 - chroma) * _NO_COLOUR)

    def stamp(self, frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A copy of an I420 frame with the mark in it."""
        width, height = self._size
        marked = frame.copy()
        flat = marked.reshape(-1)
        luma = width * height
        self._luma.onto(marked[:height])
        for start in (luma, luma * 5 // 4):
            plane = flat[start : start + luma // 4].reshape(height // 2, width // 2)
            self._chroma.onto(plane)
        return marked


class _Blend:
    """``plane = plane * keep + add`` over a rectangle, in fixed point."""

    def __init__(
        self, left: int, top: int, keep: NDArray[np.floating], add: NDArray[np.floating]
    ) -> None:
        rows, columns = keep.shape
        self._where = (slice(top, top + rows), slice(left, left + columns))
        self._keep = np.round(keep * 256).astype(np.uint16)
        # Half a step more, so that the shift rounds; 235 * 256 + 128 still fits in 16 bits.
        self._add = np.round(add * 256 + 128).astype(np.uint16)

    def onto(self, plane: NDArray[np.uint8]) -> None:
        """Blend into a plane, in place."""
        plane[self._where] = (plane[self._where] * self._keep + self._add) >> 8


def _letters(width: int, height: int) -> Image.Image:
    """The text as an 8-bit coverage mask, both sides even, with room for the shadow."""
    size = max(8.0, min(width, height) / 30)
    font = ImageFont.load_default(size)
    box = font.getbbox(TEXT)
    if box[2] > width / 2:
        font = ImageFont.load_default(max(4.0, size * width / 2 / box[2]))
        box = font.getbbox(TEXT)
    pad = max(2, round(size / 5))
    sides = [(round(b - a) + 2 * pad + 1) // 2 * 2 for a, b in ((box[0], box[2]), (box[1], box[3]))]
    mask = Image.new("L", (min(sides[0], width), min(sides[1], height)))
    ImageDraw.Draw(mask).text((pad - box[0], pad - box[1]), TEXT, fill=255, font=font)
    return mask
