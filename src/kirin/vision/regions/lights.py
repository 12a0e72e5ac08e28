"""Lamps and windows of a photograph: what shines, and what could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.matting.guided_filter import Floats
from kirin.vision.planes import Rgb, resize

SIDE = 640
"""Pixels of the longer side at which lights are looked for."""

_BRIGHT = 0.62  # luma of a lamp that shines in the dark
_CLIPPED = 0.93  # and of one that shines by day: it is overexposed
_CORE = 0.985
_WHITE_HOT = 0.997
_LOW = 0.6  # of the sky's height: above it, what shines is a star or the moon
_WHITE = 150.0  # least of R, G and B in its core
_STANDS_OUT = 0.22  # luma by which a lamp is above what is around it
_SCATTER = 0.05  # luma by which the glow close to a lamp is above what is farther
_LARGEST_LAMP = 0.12  # of the picture
_WHOLE_LAMP = 0.01  # of the picture: a lamp that the border may cut
_CROWNS, _GAPS = 0.35, 5  # of the height: more spots above it are sky between crowns of trees
_SPECK = 12  # pixels of a spot too small to have a shape
_DIM_SKY = 0.27  # luma of a sky under which lamps are seen to shine
_MOST = 40  # lights of a kind; the largest are kept

_PANE = (0.0003, 0.03)  # of the picture: area of an unlit window
_PANE_DARKER = 0.07  # luma by which it is below the wall
_WALL = 35  # quarter pixels: side of the window in which most is wall
_UPRIGHT = 12.0  # degrees by which its sides may lean
_RECTANGULAR = 0.78  # of its bounding rectangle that it fills
_ROW = 3  # windows alike, so that dark rectangles count as windows at all
_ALIKE = 1.8  # ratio of sides within which two are alike


class LightKind(StrEnum):
    """What gives light."""

    LAMP = "lamp"
    WINDOW = "window"
    DAYLIGHT = "daylight"  # a bright window, seen from inside


@dataclass(frozen=True, slots=True)
class PictureLight:
    """Something in a picture that gives light or could.

    Attributes:
        kind: what it is.
        outline: convex polygon, as shares of the picture's width and height.
        colour: mean RGB, 0 to 255.
        shines: whether it is lit in the picture.
    """

    kind: LightKind
    outline: tuple[tuple[float, float], ...]
    colour: tuple[float, float, float]
    shines: bool

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom as shares of the picture."""
        x, y = np.array(self.outline).T
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of its box, as shares of the picture."""
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2

    def cover(self, shape: tuple[int, int], grown: float = 0.0) -> Floats:
        """Its share of each cell of a grid over the picture.

        Args:
            shape: rows and columns.
            grown: cells by which it is widened.
        """
        fine = 8
        corners = np.array(self.outline) * (shape[1], shape[0])
        middle = corners.mean(axis=0)
        away = corners - middle
        far = np.maximum(np.hypot(*away.T)[:, None], 1e-6)
        corners = middle + away * (1 + grown / far)
        plane = np.zeros(shape, np.uint8)
        points = np.round(corners * 2**fine - 2 ** (fine - 1)).astype(np.int32)
        cv2.fillConvexPoly(plane, points, 255, cv2.LINE_AA, fine)
        return cast(Floats, plane.astype(np.float32) / np.float32(255))


def find_lights(picture: Rgb, sky: Floats | None = None) -> list[PictureLight]:
    """The lamps and windows of a photograph.

    Args:
        picture: shape ``(height, width, 3)``.
        sky: share of sky, of any size: no light is looked for in it.
    """
    scale = SIDE / max(picture.shape[:2])
    size = (
        max(round(picture.shape[1] * scale), 16),
        max(round(picture.shape[0] * scale), 16),
    )
    small = resize(picture, *size)
    luma = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32) / np.float32(255)
    closed = np.ones(luma.shape, bool)
    if sky is not None:
        closed = cv2.resize(sky, size, interpolation=cv2.INTER_LINEAR) < 0.25
    has_sky = bool((~closed).mean() > 0.03)
    found: list[PictureLight] = []
    if not has_sky:
        found = _lamps(small, luma, closed)
        found += [each for each in _daylight(small, luma) if not _overlaps(each, found)]
    elif float(np.median(luma[~closed])) < _DIM_SKY:
        # By daylight no lamp is seen to shine; at night one may stand against the sky, low down.
        low = closed.copy()
        low[round(_LOW * float(np.nonzero(~closed)[0].max())) :] = True
        found = _lamps(small, luma, low)
    closed &= cv2.erode(closed.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return found + _panes(small, luma, closed)


def _lamps(small: Rgb, luma: Floats, closed: NDArray[np.bool_]) -> list[PictureLight]:
    """Bright spots with a glow around them."""
    around = cv2.GaussianBlur(luma, (0, 0), 0.05 * SIDE)
    dark = bool(closed.any()) and float(np.median(luma[closed])) < 0.3
    smallest = 4 if dark else 0.0008 * luma.size
    found: list[PictureLight] = []
    # Large lamps merge with their own glow: only their cores are apart.
    for least in (_WHITE_HOT, _CORE, _CLIPPED, *([_BRIGHT] if dark else [])):
        beside = around if least < _CORE else np.float32(np.median(luma))
        spots = closed & (luma > least) & (luma - beside > _STANDS_OUT)
        fewest = _WHOLE_LAMP * luma.size if least == _WHITE_HOT else smallest
        for part, stats in _parts(spots, fewest, _LARGEST_LAMP * luma.size):
            _, top, _, _, area = stats
            if top == 0 and area < _WHOLE_LAMP * luma.size:
                continue  # a gap between leaves, more likely
            if _round(part, area) and _overexposed(small, part) and _glows(luma, part, area):
                light = _light(LightKind.LAMP, small, part, shines=True)
                if not _overlaps(light, found):
                    found.append(light)
    high = [light for light in found if light.centre[1] < _CROWNS]
    if len(high) > max(_GAPS, len(found) // 2):
        found = [light for light in found if light not in high]
    return found[:_MOST]


def _overlaps(light: PictureLight, others: Sequence[PictureLight]) -> bool:
    left, top, right, bottom = light.box
    return any(
        left < box[2] and right > box[0] and top < box[3] and bottom > box[1]
        for box in (each.box for each in others)
    )


def _round(part: NDArray[np.uint8], area: int) -> bool:
    """Whether a spot is compact, or too small to tell."""
    if area < _SPECK:
        return True
    points = _points(part)
    hull = cv2.contourArea(cv2.convexHull(points))
    _, radius = cv2.minEnclosingCircle(points)
    return area > 0.8 * hull and area > 0.4 * np.pi * radius * radius


def _overexposed(small: Rgb, part: NDArray[np.uint8]) -> bool:
    """Whether the core of a spot is white or nearly so, and no petal or leaf in the sun."""
    core = np.sort(small[part > 0].min(axis=1))[-max(int(part.sum()) // 4, 1) :]
    return float(np.median(core)) > _WHITE


def _glows(luma: Floats, part: NDArray[np.uint8], area: int) -> bool:
    """Whether what is close to a spot is brighter than what is farther: scattered light."""
    reach = int(np.clip(np.sqrt(area) / 2, 3, 24))
    left, top, width, height = cv2.boundingRect(part)
    pad = 4 * reach + 2
    box = np.s_[max(top - pad, 0) : top + height + pad, max(left - pad, 0) : left + width + pad]
    far = cv2.distanceTransform(1 - part[box], cv2.DIST_L2, 3)
    rings = [
        (far > 1.5 + a * reach) & (far <= 1.5 + b * reach) for a, b in ((0, 1), (1, 2), (2, 4))
    ]
    if not all(ring.any() for ring in rings):
        return False
    close, middle, away = (float(np.percentile(luma[box][ring], 30)) for ring in rings)
    # On all sides: the darker third of each ring falls off, too.
    return close > middle + _SCATTER / 2 and middle > away and close > away + _SCATTER


def _daylight(small: Rgb, luma: Floats) -> list[PictureLight]:
    """Bright quadrangles of a picture without a sky: windows seen from inside."""
    bright = luma > max(0.82, float(np.percentile(luma, 80)))
    found = []
    for part, stats in _parts(bright, 0.006 * luma.size, 0.3 * luma.size):
        (_, sides, angle), area = cv2.minAreaRect(_points(part)), int(stats[4])
        lean = min(angle % 90, 90 - angle % 90)
        if area > 0.85 * sides[0] * sides[1] and lean < _UPRIGHT:
            found.append(_light(LightKind.DAYLIGHT, small, part, shines=True))
    return found[:_MOST]


def _panes(small: Rgb, luma: Floats, closed: NDArray[np.bool_]) -> list[PictureLight]:
    """Dark upright rectangles, several alike: the windows of a front."""
    size = luma.shape[1] // 4, luma.shape[0] // 4
    coarse = cv2.resize((luma * 255).astype(np.uint8), size, interpolation=cv2.INTER_AREA)
    middle = cv2.medianBlur(coarse, _WALL)
    wall = cv2.resize(middle, luma.shape[::-1], interpolation=cv2.INTER_LINEAR) / np.float32(255)
    dark = closed & (luma < wall - _PANE_DARKER)
    low, high = (share * luma.size for share in _PANE)
    rectangles = []
    for part, stats in _parts(dark, low, high):
        _, (width, height), angle = cv2.minAreaRect(_points(part))
        if angle > 45:
            width, height = height, width
        lean = min(angle % 90, 90 - angle % 90)
        fits = stats[4] > _RECTANGULAR * (width + 1) * (height + 1) and lean < _UPRIGHT
        if fits and 0.3 < width / max(height, 1) < 2.2:
            rectangles.append((part, width, height))
    alike = [
        part
        for part, width, height in rectangles
        if sum(max(width / w, w / width, height / h, h / height) < _ALIKE for _, w, h in rectangles)
        >= _ROW
    ]
    return [_light(LightKind.WINDOW, small, part, shines=False) for part in alike[:_MOST]]


def _parts(mask: NDArray[np.bool_], least: float, most: float) -> list[tuple[Any, Any]]:
    """Connected parts within limits of area, largest first, with their statistics."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    order = sorted(range(1, count), key=lambda each: -int(stats[each, cv2.CC_STAT_AREA]))
    return [
        ((labels == each).astype(np.uint8), stats[each])
        for each in order
        if least <= stats[each, cv2.CC_STAT_AREA] <= most
    ][: 4 * _MOST]


def _points(part: NDArray[np.uint8]) -> NDArray[np.int32]:
    outlines: Sequence[Any] = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    return np.concatenate(list(outlines)).astype(np.int32)


def _light(kind: LightKind, small: Rgb, part: NDArray[np.uint8], *, shines: bool) -> PictureLight:
    height, width = part.shape
    hull = cv2.convexHull(_points(part))[:, 0].astype(np.float64)
    # The corners are centres of pixels: the outline goes around them.
    hull += np.sign(hull - hull.mean(axis=0)) * 0.5 + 0.5
    inside = part > 0
    colour = tuple(float(small[..., i][inside].mean()) for i in range(3))
    return PictureLight(
        kind,
        tuple((float(x) / width, float(y) / height) for x, y in hull),
        cast(tuple[float, float, float], colour),
        shines,
    )
