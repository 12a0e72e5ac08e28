"""Display: the size at which players show a stored frame, and which way up."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from av.sidedata.sidedata import SideDataContainer
from av.sidedata.sidedata import Type as SideDataType
from av.video.frame import VideoFrame

from kirin.media.orientation import UPRIGHT, from_display_matrix, swaps_sides


def orientation_of(frame: VideoFrame) -> int:
    """How a frame is stored, 1 to 8 as in EXIF."""
    # PyAV's stub of this attribute knows motion vectors alone.
    side_data = cast(SideDataContainer, frame.side_data)
    try:
        matrix = side_data[SideDataType.DISPLAYMATRIX]
    except KeyError:
        return UPRIGHT
    return from_display_matrix(bytes(matrix))


def displayed_size(frame: VideoFrame, ratio: Fraction) -> tuple[int, int]:
    """Width and height of a frame as players show it: upright, of square pixels.

    Args:
        frame: as stored.
        ratio: width of a pixel to its height.
    """
    width, height = square_pixels(frame.width, frame.height, ratio)
    return (height, width) if swaps_sides(orientation_of(frame)) else (width, height)


def square_pixels(width: int, height: int, ratio: Fraction) -> tuple[int, int]:
    """Sides of a frame whose pixels are made square by stretching, never by shrinking."""
    if ratio > 1:
        return round(width * ratio), height
    return width, round(height / ratio)
