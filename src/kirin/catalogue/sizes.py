"""Sizes of videos, by aspect ratio or from an image."""

from __future__ import annotations

from math import sqrt

from kirin.domain.assets import Asset

Size = tuple[int, int]
"""Width and height in pixels, both even."""

HD = 1280 * 720
FULL_HD = 1920 * 1080

BY_RATIO: dict[int, dict[str, Size]] = {
    HD: {"16:9": (1280, 720), "9:16": (720, 1280), "1:1": (960, 960)},
    FULL_HD: {"16:9": (1920, 1080), "9:16": (1080, 1920), "1:1": (1440, 1440)},
}
"""Sizes by area and aspect ratio (rule T2V-5)."""


def keeping_aspect(picture: Asset, area: int) -> Size:
    """The size of about ``area`` pixels that has the image's aspect ratio (rule I2V-8).

    >>> from kirin.domain.assets import AssetKind
    >>> keeping_aspect(Asset("", AssetKind.IMAGE, "", 0, 1920, 1080), HD)
    (1280, 720)
    >>> keeping_aspect(Asset("", AssetKind.IMAGE, "", 0, 640, 427), HD)
    (1176, 784)
    """
    aspect = picture.width / picture.height
    return even(sqrt(area * aspect)), even(sqrt(area / aspect))


def even(length: float) -> int:
    """The nearest even number, since 4:2:0 chroma planes are half as wide and high."""
    return 2 * round(length / 2)
