"""Converting: decoded frames become pictures as players show them, in sRGB, or planes."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import (
    ColorPrimaries,
    ColorRange,
    Colorspace,
    Interpolation,
    VideoReformatter,
)
from numpy.typing import NDArray

from kirin.media import color
from kirin.media.display import orientation_of, square_pixels
from kirin.media.orientation import UPRIGHT, upright
from kirin.media.refusal import MediaRefused

RGB = NDArray[np.uint8]
"""One picture, shape ``(height, width, 3)``."""

I420 = NDArray[np.uint8]
"""One planar picture, shape ``(height * 3 // 2, width)``, BT.709 limited range."""

MOST_PIXELS: Final = 2**26
"""Pixels of a picture as displayed; a wild pixel aspect ratio could ask for any number."""

_UNTAGGED: Final = 2
_EXACT: Final = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
_DRAFT: Final = Interpolation.AREA


class FrameConverter:
    """Converts the frames of one video to RGB by their own tags, upright. Not thread-safe.

    The scaler is set up once for all of them: that takes a millisecond.

    Args:
        ratio: width of a pixel to its height.
        max_side: shrink frames whose longer side has more pixels than this.
        draft: average areas, in a third of the time that exact filters take; the width is even.
            For what analyses pictures, never for what shows them.
    """

    def __init__(
        self, ratio: Fraction, max_side: int | None = None, *, draft: bool = False
    ) -> None:
        self._ratio = ratio
        self._max_side = max_side
        self._draft = draft
        self._reformatter = VideoReformatter()

    def __call__(self, frame: VideoFrame) -> RGB:
        """Convert a frame.

        Raises:
            MediaRefused: it is shown larger than :data:`MOST_PIXELS` (``too_large``).
        """
        width, height = square_pixels(frame.width, frame.height, self._ratio)
        if width * height > MOST_PIXELS:
            raise MediaRefused(
                "too_large", f"The video is shown at {width} x {height} pixels, which is too large."
            )
        most = self._max_side
        if most and max(width, height) > most:
            scale = most / max(width, height)
            width, height = max(round(width * scale), 1), max(round(height * scale), 1)
        if self._draft and width > 1:
            width -= width % 2  # for odd ones FFmpeg interpolates chroma first: half as fast again
        matrix = matrix_of(frame)
        full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
        conversion = color.conversion(frame.color_primaries, frame.color_trc, video=True)
        converted = self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format="rgb24" if conversion is None else "rgb48le",
            src_colorspace=matrix,
            dst_colorspace=matrix,
            src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            interpolation=_DRAFT if self._draft else _EXACT,
        ).to_ndarray()
        if conversion is None:
            pixels = np.asarray(converted, np.uint8)
        else:
            pixels = conversion.apply(np.asarray(converted, np.uint16))
        return np.ascontiguousarray(upright(pixels, orientation_of(frame)))

    def planes_fit(self, frame: VideoFrame) -> bool:
        """Whether a frame's planes are what encoders take: upright, square, BT.709, limited."""
        return (
            frame.format.name == "yuv420p"
            and matrix_of(frame) == Colorspace.ITU709
            and frame.color_range != ColorRange.JPEG
            and self._ratio == 1
            and orientation_of(frame) == UPRIGHT
            and color.conversion(frame.color_primaries, frame.color_trc, video=True) is None
        )


def to_planes(picture: RGB, width: int, height: int) -> I420:
    """A picture, scaled, as BT.709 planes of limited range; both sides must be even."""
    converted = VideoFrame.from_ndarray(picture, format="rgb24").reformat(
        width=width,
        height=height,
        format="yuv420p",
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
    )
    return np.ascontiguousarray(converted.to_ndarray(), dtype=np.uint8)


def matrix_of(frame: VideoFrame) -> int:
    """The matrix of a frame; of one that names none, as players take it."""
    matrix = frame.colorspace
    return _usual_matrix(frame) if matrix in {0, _UNTAGGED} else matrix


def _usual_matrix(frame: VideoFrame) -> Colorspace:
    """The matrix of a frame that names none, as players take it.

    BT.2020 where primaries or transfer are; else BT.709 from 720 lines on and BT.601 below. PyAV's
    default would take all of it as BT.601.
    """
    if frame.color_primaries == ColorPrimaries.BT2020 or frame.color_trc in color.HDR:
        return Colorspace.BT2020
    large = min(frame.width, frame.height) >= 720
    return Colorspace.ITU709 if large else Colorspace.ITU601
