"""Pictures without a subject, as prints that float in front of a soft backdrop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.safe_area import SafeArea
from kirin.engines.animatic.composition.subject_shape import SubjectPlacement
from kirin.vision.kernels import Plane
from kirin.vision.planes import Box, Rgb, resize

_CROPPED = 1.4  # greatest factor between the aspects of a picture and its print
_PAPER = np.array([244, 241, 234], np.float32)  # warm white
_BORDER = 0.022  # width of the border, as a share of a print's mean side
_TILT = 1.6  # degrees of tilt, in alternating directions
_FILL = 0.96  # share of its cell that a print fills
_DISPARITY = (0.40, 0.52, 0.46, 0.58)  # of the prints in turn

# Columns per row, by number of prints, for wide and for upright areas.
_GRIDS: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {
    1: ((1,), (1,)),
    2: ((2,), (1, 1)),
    3: ((3,), (1, 2)),
    4: ((2, 2), (2, 2)),
}

_SOFT = 240  # longest side at which a backdrop is blurred
_DIM = 0.60  # brightness factor of a backdrop
_PALE = 0.15  # share of saturation removed from a backdrop


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """A picture on paper.

    Attributes:
        rgb, alpha: shapes ``(height, width, 3)`` and ``(height, width)``.
    """

    rgb: Rgb
    alpha: Plane


def area(safe: SafeArea, aspect: float, raised: bool, filmed: bool, own: Box | None) -> Box:
    """The box of the rest view in which prints hang.

    Args:
        safe: the area visible in every pose.
        aspect: of the view.
        raised: whether subjects stand in front of them.
        filmed: whether they hang in front of a picture that should remain visible.
        own: box of that picture's own subject.
    """
    left, top, right, bottom = (float(side[0]) for side in safe.at(np.array([max(_DISPARITY)])))
    margin = 0.03
    left, right = left + margin / max(aspect, 1.0), right - margin / max(aspect, 1.0)
    top, bottom = top + margin, bottom - margin
    if raised:
        bottom = top + 0.74 * (bottom - top)
    if filmed:
        # On the side of the picture's own subject with more room.
        to_right = own is None or right - own[2] >= own[0] - left
        free = 1.0 if own is None else max(right - own[2], own[0] - left)
        wide = min(max(free, 0.27), 0.42) * (right - left)
        left, right = (right - wide, right) if to_right else (left, left + wide)
        bottom = top + 0.8 * (bottom - top)
    return left, top, right, bottom


def layout(aspects: Sequence[float], area: Box, aspect: float) -> list[SubjectPlacement]:
    """Positions of 1 to 4 prints.

    Args:
        aspects: of the pictures, width over height.
        area: that they hang in.
        aspect: of the view.
    """
    left, top, right, bottom = area
    shape = (right - left) * aspect / (bottom - top)
    grid = _GRIDS[len(aspects)][1 if shape < (0.9 if len(aspects) == 2 else 1.65) else 0]
    down = (bottom - top) / len(grid)
    places = []
    index = 0
    for row, columns in enumerate(grid):
        across = (right - left) / columns
        for column in range(columns):
            cell = across * aspect / down
            # A print may be cropped a little to fill its cell.
            wanted = float(np.clip(cell, aspects[index] / _CROPPED, aspects[index] * _CROPPED))
            # Three in a row overlap, or they would be too small.
            fill = _FILL * (1.08 if columns > 2 else 1.0)
            tall = min(down * _FILL, across * aspect / wanted * fill)
            wide = tall * wanted / aspect
            x, y = left + (column + 0.5) * across, top + (row + 0.5) * down
            # Staggered, so that they do not look tiled.
            loose_x, loose_y = max(across - wide, 0.0) / 2, (down - tall) / 2
            odd = (row + column) % 2
            if columns > 1:
                x = min(max(x, left + wide / 2), right - wide / 2)
                y += min(loose_y, 0.05) * (1 if odd else -1)
            elif len(grid) > 1:
                x += min(loose_x, 0.06) * (1 if odd else -1)
            box: Box = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
            places.append(SubjectPlacement(box, _DISPARITY[index]))
            index += 1
    return places


def make_print(rgb: Rgb, width: int, height: int, number: int) -> Print:
    """Make a slightly tilted print with a paper border.

    Args:
        rgb: the picture; it is cropped about its centre.
        width, height: of the result in pixels, even.
        number: of the print, which selects the tilt.
    """
    angle = np.radians(_TILT * (-1.0, 0.7, -0.5, 1.0)[number % 4])
    cos, sin = float(np.cos(angle)), float(np.abs(np.sin(angle)))
    # The paper is reduced so that its rotated corners stay inside.
    scale = min(
        (width - 4) / (width * cos + height * sin), (height - 4) / (height * cos + width * sin)
    )
    paper_w, paper_h = round(width * scale), round(height * scale)
    border = max(2, round(_BORDER * (paper_w + paper_h) / 2))
    paper = np.empty((paper_h, paper_w, 3), np.float32)
    paper[:] = _PAPER
    inner = cover(rgb, paper_w - 2 * border, paper_h - 2 * border)
    paper[border:-border, border:-border] = inner
    # A thin shadow of the mount on the picture's upper and left edges.
    paper[border - 1, border:-border] *= 0.86
    paper[border:-border, border - 1] *= 0.90
    middle = (paper_w - 1) / 2, (paper_h - 1) / 2
    turn = cv2.getRotationMatrix2D(middle, float(np.degrees(angle)), 1.0)
    turn[:, 2] += np.array([(width - paper_w) / 2, (height - paper_h) / 2])
    size = (width, height)
    turned = cv2.warpAffine(
        paper, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    solid = np.full((paper_h, paper_w), 255, np.float32)
    alpha = cv2.warpAffine(solid, turn, size, flags=cv2.INTER_LINEAR)
    return Print(
        np.clip(turned + 0.5, 0, 255).astype(np.uint8),
        np.clip(alpha + 0.5, 0, 255).astype(np.uint8),
    )


def backdrop(pictures: Sequence[Rgb], width: int, height: int, seed: int) -> Rgb:
    """The background of prints: the pictures themselves, blended into each other and blurred.

    Args:
        pictures: from left to right, or from top to bottom in an upright view.
        width, height: of the result in pixels.
        seed: of the dithering grain.
    """
    scale = _SOFT / max(width, height)
    size = (max(round(width * scale), 16), max(round(height * scale), 16))
    upright = height > width
    length = size[1] if upright else size[0]
    place = (np.arange(length, dtype=np.float32) + 0.5) / length * len(pictures) - 0.5
    mixed = np.zeros((size[1], size[0], 3), np.float32)
    for index, rgb in enumerate(pictures):
        weight = np.clip(1.0 - np.abs(np.clip(place, 0, len(pictures) - 1) - index), 0.0, 1.0)
        axis = weight[:, None, None] if upright else weight[None, :, None]
        mixed += cover(rgb, *size).astype(np.float32) * axis
    soft = cv2.GaussianBlur(mixed, (0, 0), _SOFT / 14, borderType=cv2.BORDER_REFLECT)
    grey = soft @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    soft = (soft + (grey[..., None] - soft) * _PALE) * _DIM
    return grained(cast(NDArray[np.float32], soft), width, height, seed)


def cover(rgb: Rgb, width: int, height: int) -> Rgb:
    """A picture scaled and cropped about its centre to fill a size (as CSS's ``cover``)."""
    rows, columns = rgb.shape[:2]
    scale = min(columns / width, rows / height)
    # Rounding must not lead out of the picture.
    across, down = min(width * scale, columns), min(height * scale, rows)
    left, top = (columns - across) / 2, (rows - down) / 2
    return resize(rgb, width, height, (left, top, left + across, top + down))


def grained(soft: NDArray[np.float32], width: int, height: int, seed: int) -> Rgb:
    """A soft picture, 0 to 255, enlarged, with a vignette, and grain against banding."""
    large = np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None] ** 2
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2
    large *= (1.0 - 0.16 * (x + y))[..., None]
    grain = np.random.default_rng([seed, 12]).standard_normal((height, width), np.float32)
    large += grain[..., None] * np.float32(1.1)
    np.clip(large, 0.0, 255.0, out=large)
    return np.asarray(large, np.uint8)
