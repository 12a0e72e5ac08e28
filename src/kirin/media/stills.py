"""Frames of a clip as pictures."""

from __future__ import annotations

from io import BytesIO

from av import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from PIL import Image

from kirin.domain.frame import Frame


def jpeg_of(frame: Frame, max_side: int, quality: int = 80) -> bytes:
    """A frame as a JPEG.

    Args:
        frame: planar I420, BT.709, limited range, shape ``(height * 3 // 2, width)``.
        max_side: most pixels of the longer side; a smaller frame keeps its size.
        quality: 1 to 95, as Pillow has it.
    """
    height, width = frame.shape[0] * 2 // 3, frame.shape[1]
    scale = min(1.0, max_side / max(width, height))
    converted = VideoFrame.from_ndarray(frame, format="yuv420p").reformat(
        round(width * scale),
        round(height * scale),
        "rgb24",
        src_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=Interpolation.AREA,
    )
    written = BytesIO()
    Image.fromarray(converted.to_ndarray()).save(written, "JPEG", quality=quality)
    return written.getvalue()
