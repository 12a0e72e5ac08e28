"""Panels: pictures without a subject of their own, as prints that float over a soft backdrop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.composition.placement import Place, Safe
from kirin.vision.kernels import Plane
from kirin.vision.planes import Box, Rgb, resize

_CROPPED = 1.4  # how much longer or shorter than its picture a print may be
_PAPER = np.array([244, 241, 234], np.float32)  # warm white
_BORDER = 0.022  # of a print's mean side
_TILT = 1.6  # degrees by which prints hang askew, in turn
_FILL = 0.96  # of its cell that a print takes
_NEARNESS = (0.40, 0.52, 0.46, 0.58)  # of the prints in turn: each floats at a depth of its own

# Columns in each row, by how many prints there are and whether the view is upright.
_GRIDS: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {
    1: ((1,), (1,)),
    2: ((2,), (1, 1)),
    3: ((3,), (1, 2)),
    4: ((2, 2), (2, 2)),
}

_SOFT = 240  # longest side of the pictures that a backdrop is blurred from
_DIM = 0.60  # of their brightness that is left
_PALE = 0.15  # of their saturation that is lost


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """A picture on paper.

    Attributes:
        rgb, alpha: of it, ``(height, width, 3)`` and ``(height, width)``.
    """

    rgb: Rgb
    alpha: Plane


def area(safe: Safe, aspect: float, raised: bool, filmed: bool, own: Box | None) -> Box:
    """Where prints hang, as a box of the rest view.

    Args:
        safe: what every pose shows.
        aspect: of the view.
        raised: whether subjects stand before them.
        filmed: whether they hang before a picture that should be seen too.
        own: where that picture's own subject is.
    """
    left, top, right, bottom = (float(side[0]) for side in safe.at(np.array([max(_NEARNESS)])))
    margin = 0.03
    left, right = left + margin / max(aspect, 1.0), right - margin / max(aspect, 1.0)
    top, bottom = top + margin, bottom - margin
    if raised:
        bottom = top + 0.74 * (bottom - top)
    if filmed:
        # On the side where there is more room beside the picture's own subject.
        to_right = own is None or right - own[2] >= own[0] - left
        free = 1.0 if own is None else max(right - own[2], own[0] - left)
        wide = min(max(free, 0.27), 0.42) * (right - left)
        left, right = (right - wide, right) if to_right else (left, left + wide)
        bottom = top + 0.8 * (bottom - top)
    return left, top, right, bottom


def layout(aspects: Sequence[float], area: Box, aspect: float) -> list[Place]:
    """Places for 1 to 4 prints.

    Args:
        aspects: of the pictures, width over height.
        area: where they hang.
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
            # A picture gives a little of its shape for a cell that it fills.
            wanted = float(np.clip(cell, aspects[index] / _CROPPED, aspects[index] * _CROPPED))
            # Three abreast overlap, or they would be small.
            fill = _FILL * (1.08 if columns > 2 else 1.0)
            tall = min(down * _FILL, across * aspect / wanted * fill)
            wide = tall * wanted / aspect
            x, y = left + (column + 0.5) * across, top + (row + 0.5) * down
            # A little off the line, so that it looks hung and not tiled.
            loose_x, loose_y = max(across - wide, 0.0) / 2, (down - tall) / 2
            odd = (row + column) % 2
            if columns > 1:
                x = min(max(x, left + wide / 2), right - wide / 2)
                y += min(loose_y, 0.05) * (1 if odd else -1)
            elif len(grid) > 1:
                x += min(loose_x, 0.06) * (1 if odd else -1)
            box: Box = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
            places.append(Place(box, _NEARNESS[index]))
            index += 1
    return places


def make_print(rgb: Rgb, width: int, height: int, number: int) -> Print:
    """Put a picture on paper and hang it a little askew.

    Args:
        rgb: the picture; its middle is taken.
        width, height: pixels wanted, even, border and slant included.
        number: of the print.
    """
    angle = np.radians(_TILT * (-1.0, 0.7, -0.5, 1.0)[number % 4])
    cos, sin = float(np.cos(angle)), float(np.abs(np.sin(angle)))
    # The paper, such that its slanted corners stay inside.
    scale = min(
        (width - 4) / (width * cos + height * sin), (height - 4) / (height * cos + width * sin)
    )
    paper_w, paper_h = round(width * scale), round(height * scale)
    border = max(2, round(_BORDER * (paper_w + paper_h) / 2))
    paper = np.empty((paper_h, paper_w, 3), np.float32)
    paper[:] = _PAPER
    inner = cover(rgb, paper_w - 2 * border, paper_h - 2 * border)
    paper[border:-border, border:-border] = inner
    # A hair of shade where the picture lies in its mount.
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
    """What prints float over: the pictures themselves, run into each other and blurred.

    Args:
        pictures: from left to right, or from top to bottom in an upright view.
        width, height: pixels wanted.
        seed: of the grain that hides the steps of the gradients.
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
    """The middle of a picture, scaled to fill a size."""
    rows, columns = rgb.shape[:2]
    scale = min(columns / width, rows / height)
    left, top = (columns - width * scale) / 2, (rows - height * scale) / 2
    return resize(rgb, width, height, (left, top, left + width * scale, top + height * scale))


def grained(soft: NDArray[np.float32], width: int, height: int, seed: int) -> Rgb:
    """A soft picture, 0 to 255, enlarged, with a vignette, and grain over its gradients."""
    large = np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None] ** 2
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2
    large *= (1.0 - 0.16 * (x + y))[..., None]
    grain = np.random.default_rng([seed, 12]).standard_normal((height, width), np.float32)
    large += grain[..., None] * np.float32(1.1)
    np.clip(large, 0.0, 255.0, out=large)
    return np.asarray(large, np.uint8)
