"""Cutouts: a subject taken out of its picture, to be composed into another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kirin.vision.kernels import Plane
from kirin.vision.matting.foreground import estimate_foreground
from kirin.vision.matting.segmenter import Segmenter, SubjectMask
from kirin.vision.planes import Box, Rgb, resize

MAX_UNCERTAINTY = 0.12
"""Uncertainty of a mask (see ``SubjectMask``) above which its subject is not cut out.

Stricter than for parallax, where an error at the edge stays near the background that it came
from: here it is seen against another one."""

_SHARES = (0.03, 0.72)  # of the picture: less is a mistake, more leaves no background
_SMALL = (0.005, 0.15)  # share of the picture for which a closer look pays
_AROUND = 0.22  # margin of the closer look, as a share of the subject's box
_LEAST = 64  # pixels: the shortest side of a crop for a closer look
_CUT = 0.04  # share of a side that a subject must cover to count as cut off there
_ROUND = (0.30, 0.16)  # extension of a cut side: of the cut's length, of the width at most
_SHORT = 0.33  # of the height: a shorter cut at the bottom is tapered instead
_STRIP = 0.16  # of the width: how far a stray object may reach in from the side
_SHADE = 0.30  # darkening at the end of an extended side
_PAD = 4  # transparent pixels around the subject, for filters


@dataclass(frozen=True, slots=True)
class CutSides:
    """The sides of a picture at which a subject is cut off."""

    left: bool = False
    top: bool = False
    right: bool = False
    bottom: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A subject without its background.

    Attributes:
        rgb: its own colours, shape ``(height, width, 3)``, continued outside of it.
        alpha: opacity, shape ``(height, width)``, 0 to 255.
        cut: where the picture cut it off. Left and right have been rounded; a subject cut off at
            the bottom has no feet, and must extend below the view.
        box: where it is in its picture, in shares of the width and height. Rounded extensions
            lie outside 0 to 1.
    """

    rgb: Rgb
    alpha: Plane
    cut: CutSides
    box: Box

    @property
    def aspect(self) -> float:
        """Width over height."""
        return float(self.rgb.shape[1] / self.rgb.shape[0])

    def colour(self) -> NDArray[np.float64]:
        """The mean colour, sRGB, 0 to 255, shape (3,)."""
        weight = self.alpha[::4, ::4].astype(np.float64)[..., None] + 1e-3
        return np.asarray((self.rgb[::4, ::4] * weight).sum((0, 1)) / weight.sum())

    def resized(self, width: int, height: int) -> Cutout:
        """The cutout at another size; both sides must be even."""
        with Image.fromarray(self.alpha) as image:
            alpha = np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))
        return Cutout(resize(self.rgb, width, height), alpha, self.cut, self.box)


def find_subject(rgb: Rgb, segmenter: Segmenter) -> tuple[Rgb, SubjectMask]:
    """Find the subject of a picture; a small one is searched again in a crop around it.

    Returns:
        the picture, or the crop if its mask is more certain; and the subject's mask in it.
    """
    mask = segmenter.find(rgb)
    if not _SMALL[0] < mask.share < _SMALL[1]:
        return rgb, mask
    height, width = rgb.shape[:2]
    left, top, right, bottom = mask.box
    room_x, room_y = _AROUND * (right - left), _AROUND * (bottom - top)
    rows = slice(max(int((top - room_y) * height), 0), round(min(bottom + room_y, 1.0) * height))
    columns = slice(max(int((left - room_x) * width), 0), round(min(right + room_x, 1.0) * width))
    part = np.ascontiguousarray(rgb[rows, columns])
    if min(part.shape[:2]) < _LEAST:
        return rgb, mask
    nearer = segmenter.find(part)
    return (part, nearer) if nearer.uncertainty < mask.uncertainty else (rgb, mask)


def cut_out(rgb: Rgb, mask: SubjectMask, largest: int) -> Cutout | None:
    """Cut the subject out of its picture.

    Args:
        rgb: the picture.
        mask: of its subject.
        largest: limit of the cutout's longer side, in pixels.

    Returns:
        the cutout; ``None`` if the mask is too uncertain, too small or nearly the whole picture.
    """
    if not _SHARES[0] <= mask.share <= _SHARES[1] or mask.uncertainty > _allowed_uncertainty(mask):
        return None
    height, width = rgb.shape[:2]
    left, top, right, bottom = mask.box
    # The faint pixels of the edge lie outside of the box.
    slack = 2 * _PAD / max(mask.alpha.shape)
    across, down = slack * max(height, width) / width, slack * max(height, width) / height
    cut = _cut_sides(mask)
    left = 0.0 if cut.left else max(left - across, 0.0)
    right = 1.0 if cut.right else min(right + across, 1.0)
    top = 0.0 if cut.top else max(top - down, 0.0)
    bottom = 1.0 if cut.bottom else min(bottom + down, 1.0)
    part = (left * width, top * height, right * width, bottom * height)
    scale = min(1.0, largest / max(part[2] - part[0], part[3] - part[1]))
    size = (
        max(round((part[2] - part[0]) * scale), 16),
        max(round((part[3] - part[1]) * scale), 16),
    )
    rows, columns = mask.alpha.shape
    there = (left * columns, top * rows, right * columns, bottom * rows)
    with Image.fromarray(mask.alpha) as image:
        alpha = np.array(image.resize(size, Image.Resampling.BICUBIC, box=there))
    own = estimate_foreground(resize(rgb, *size, box=part), alpha)
    own, alpha, (more_left, more_right) = _rounded(own, alpha, cut)
    pixel = (right - left) / size[0]
    box = (left - more_left * pixel, top, right + more_right * pixel, bottom)
    return Cutout(own, alpha, cut, box)


def _allowed_uncertainty(mask: SubjectMask) -> float:
    """The limit for a mask: slender subjects have more edge per area."""
    left, top, right, bottom = mask.box
    height, width = mask.alpha.shape
    across, down = (right - left) * width, (bottom - top) * height
    slender = max(across, down) / max(min(across, down), 1.0)
    return float(MAX_UNCERTAINTY * min(max(slender / 1.6, 1.0), 1.6))


def _cut_sides(mask: SubjectMask) -> CutSides:
    alpha = mask.alpha
    edges: tuple[NDArray[Any], ...] = (alpha[:, 0], alpha[0], alpha[:, -1], alpha[-1])
    return CutSides(*(bool((edge > 127).mean() > _CUT) for edge in edges))


def _rounded(rgb: Rgb, alpha: Plane, cut: CutSides) -> tuple[Rgb, Plane, tuple[int, int]]:
    """Extend sides that were cut off, by mirroring, and round them.

    A straight edge gives a cutout away: a shoulder ends in a curve.

    Returns:
        colours, alpha, and the columns added at the left and at the right.
    """
    more = [0, 0]
    for index, wanted in enumerate((cut.left, cut.right)):
        if not wanted:
            continue
        # The left side is treated as the right one of the mirror image.
        flip = slice(None, None, -1) if index == 0 else slice(None)
        wide, mask = _extended(rgb[:, flip], alpha[:, flip], cut.bottom)
        more[index] = wide.shape[1] - rgb.shape[1]
        rgb, alpha = np.ascontiguousarray(wide[:, flip]), np.ascontiguousarray(mask[:, flip])
    return rgb, alpha, (more[0], more[1])


def _extended(rgb: Rgb, alpha: Plane, grounded: bool) -> tuple[Rgb, Plane]:
    """Extend the right side.

    Args:
        rgb, alpha: the cutout.
        grounded: whether it is cut off at the bottom too: then only its upper end is rounded.
    """
    height, width = alpha.shape
    solid = np.flatnonzero(alpha[:, -1] > 127)
    if not len(solid):
        return rgb, alpha
    first, last = int(solid[0]), int(solid[-1])
    length = last - first + 1
    reach = min(round(_ROUND[0] * length), round(_ROUND[1] * width), width - 1)
    if reach < 2:
        return rgb, alpha
    share = (np.arange(height) + 0.5 - first) / length
    grounded = grounded and last >= height - 2
    if not grounded and length < _SHORT * height:
        scrap = _stray_columns(alpha, first, last)
        if scrap:
            return rgb[:, :-scrap], _closed(alpha[:, :-scrap])
    if grounded and length < _SHORT * height:
        return _tapered(rgb, alpha, share, 0.5 * length)
    if grounded:
        # A quarter of an ellipse, then straight down.
        rise = np.clip(share / 0.7, 0.0, 1.0)
        profile = np.sqrt(np.maximum(1.0 - (1.0 - rise) ** 2, 0.0))
    else:
        profile = np.sqrt(np.maximum(1.0 - (2.0 * share - 1.0) ** 2, 0.0))
    profile = np.where((share < 0.0) | ((share > 1.0) & (not grounded)), 0.0, profile)
    edge = (profile * reach)[:, None]
    across = (np.arange(reach) + 0.5)[None]
    soft = 1.5
    inside = np.clip((edge - across) / soft, 0.0, 1.0)
    mirrored = rgb[:, ::-1][:, :reach].astype(np.float32)
    turned = np.clip(across / np.maximum(edge, 1.0), 0.0, 1.0) ** 2
    mirrored *= (1.0 - _SHADE * turned).astype(np.float32)[..., None]
    more = np.minimum(alpha[:, ::-1][:, :reach], np.round(inside * 255))
    pad = np.zeros((height, _PAD))
    return (
        np.concatenate(
            [rgb, mirrored.astype(np.uint8), np.repeat(mirrored[:, -1:], _PAD, 1).astype(np.uint8)],
            axis=1,
        ),
        np.concatenate([alpha, more, pad], axis=1).astype(np.uint8),
    )


def _tapered(rgb: Rgb, alpha: Plane, share: NDArray[np.float64], most: float) -> tuple[Rgb, Plane]:
    """Taper the right side towards the bottom, by ``most`` pixels at the end."""
    width = alpha.shape[1]
    inwards = most * np.clip(share, 0.0, 1.0)[:, None] ** 1.6
    left_over = np.clip(width - inwards - np.arange(width)[None], 0.0, 1.0)
    left_over[:, -1] = 0.0  # resampling repeats the last column
    return rgb, np.round(alpha * left_over).astype(np.uint8)


def _stray_columns(alpha: Plane, first: int, last: int) -> int:
    """Columns at the right that hold only a strip of the rows that are cut off.

    Such a strip is another object that reaches into the picture. 0 if the subject itself does
    not begin within :data:`_STRIP`.
    """
    solid = alpha[:, ::-1][:, : round(_STRIP * alpha.shape[1])] > 127
    slack = (last - first + 1) // 8
    beside = solid[: max(first - slack, 0)].sum(axis=0) + solid[last + 1 + slack :].sum(axis=0)
    begins = np.flatnonzero(beside > slack)
    return int(begins[0]) if len(begins) else 0


def _closed(alpha: Plane) -> Plane:
    """A mask that fades out in its last columns, since resampling repeats the last one."""
    closed = alpha.copy()
    closed[:, -2] //= 2
    closed[:, -1] = 0
    return closed
