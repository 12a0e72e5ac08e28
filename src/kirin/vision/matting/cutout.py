"""A cutout: a subject taken out of its picture, ready to stand somewhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kirin.vision.inpainting.fill import unmix
from kirin.vision.kernels import Plane
from kirin.vision.matting.segmenter import Matte, Segmenter
from kirin.vision.planes import Box, Rgb, resize

DOUBT = 0.12
"""Doubt of an outline (see ``Matte``) above which a subject is not taken out of its picture.

Stricter than for parallax, where what is wrong at the edge moves only a little away from where
it belongs: here it is seen against something else."""

_SHARES = (0.03, 0.72)  # of the picture: smaller ones are mistaken, larger ones all there is
_SMALL = (0.005, 0.15)  # share of the picture that is worth a second look
_AROUND = 0.22  # of its box, around a subject that is looked at again
_LEAST = 64  # pixels of a part that can be looked at
_CUT = 0.04  # share of a side that a subject must cover to be cut off there, and not to touch it
_ROUND = (0.30, 0.16)  # how far a cut side is continued: of the cut's length, of the width at most
_SHORT = 0.33  # of the height: a shorter cut at the foot is rounded inwards instead
_STRIP = 0.16  # of the width: how far a strip that does not belong to the subject may reach in
_SHADE = 0.30  # light lost where the continued side turns away
_PAD = 4  # pixels of nothing around the subject, for filters


@dataclass(frozen=True, slots=True)
class Sides:
    """Something about each side of a picture: whether a subject is cut off there."""

    left: bool = False
    top: bool = False
    right: bool = False
    bottom: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A subject by itself.

    Attributes:
        rgb: its own colours, shape ``(height, width, 3)``, going on outside of it.
        alpha: how much of each pixel is the subject, shape ``(height, width)``, 0 to 255.
        cut: where the picture cut it off. Left and right have been rounded off; at the bottom
            it has no foot, and must leave the view.
        box: where this is in the picture it comes from, in shares of its width and height.
            What was rounded off lies outside 0 to 1.
    """

    rgb: Rgb
    alpha: Plane
    cut: Sides
    box: Box

    @property
    def aspect(self) -> float:
        """Width over height."""
        return float(self.rgb.shape[1] / self.rgb.shape[0])

    def colour(self) -> NDArray[np.float64]:
        """Its mean colour, sRGB, 0 to 255."""
        weight = self.alpha[::4, ::4].astype(np.float64)[..., None] + 1e-3
        return np.asarray((self.rgb[::4, ::4] * weight).sum((0, 1)) / weight.sum())

    def resized(self, width: int, height: int) -> Cutout:
        """At another size, both sides even."""
        with Image.fromarray(self.alpha) as image:
            alpha = np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))
        return Cutout(resize(self.rgb, width, height), alpha, self.cut, self.box)


def look(rgb: Rgb, segmenter: Segmenter) -> tuple[Rgb, Matte]:
    """Find the subject of a picture, and look at a small one again from nearer.

    Returns:
        the picture, or the part of it around a small subject; and the subject in it.
    """
    matte = segmenter.find(rgb)
    if not _SMALL[0] < matte.share < _SMALL[1]:
        return rgb, matte
    height, width = rgb.shape[:2]
    left, top, right, bottom = matte.box
    room_x, room_y = _AROUND * (right - left), _AROUND * (bottom - top)
    rows = slice(max(int((top - room_y) * height), 0), round(min(bottom + room_y, 1.0) * height))
    columns = slice(max(int((left - room_x) * width), 0), round(min(right + room_x, 1.0) * width))
    part = np.ascontiguousarray(rgb[rows, columns])
    if min(part.shape[:2]) < _LEAST:
        return rgb, matte
    nearer = segmenter.find(part)
    return (part, nearer) if nearer.doubt < matte.doubt else (rgb, matte)


def cut_out(rgb: Rgb, matte: Matte, largest: int) -> Cutout | None:
    """Take the subject out of its picture.

    Args:
        rgb: the picture.
        matte: its subject.
        largest: pixels that the subject's longer side shall have at most.

    Returns:
        the subject; none where it cannot be taken out without being torn.
    """
    if not _SHARES[0] <= matte.share <= _SHARES[1] or matte.doubt > _doubt_allowed(matte):
        return None
    height, width = rgb.shape[:2]
    left, top, right, bottom = matte.box
    # What is faint at the edge lies outside of the box.
    slack = 2 * _PAD / max(matte.alpha.shape)
    across, down = slack * max(height, width) / width, slack * max(height, width) / height
    cut = _cut_sides(matte)
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
    rows, columns = matte.alpha.shape
    there = (left * columns, top * rows, right * columns, bottom * rows)
    with Image.fromarray(matte.alpha) as image:
        alpha = np.array(image.resize(size, Image.Resampling.BICUBIC, box=there))
    own = unmix(resize(rgb, *size, box=part), alpha)
    own, alpha, (more_left, more_right) = _rounded(own, alpha, cut)
    pixel = (right - left) / size[0]
    box = (left - more_left * pixel, top, right + more_right * pixel, bottom)
    return Cutout(own, alpha, cut, box)


def _doubt_allowed(matte: Matte) -> float:
    """What is slender has more edge to its area."""
    left, top, right, bottom = matte.box
    height, width = matte.alpha.shape
    across, down = (right - left) * width, (bottom - top) * height
    slender = max(across, down) / max(min(across, down), 1.0)
    return float(DOUBT * min(max(slender / 1.6, 1.0), 1.6))


def _cut_sides(matte: Matte) -> Sides:
    alpha = matte.alpha
    edges: tuple[NDArray[Any], ...] = (alpha[:, 0], alpha[0], alpha[:, -1], alpha[-1])
    return Sides(*(bool((edge > 127).mean() > _CUT) for edge in edges))


def _rounded(rgb: Rgb, alpha: Plane, cut: Sides) -> tuple[Rgb, Plane, tuple[int, int]]:
    """Continue what a picture cuts off at the left or right, mirrored, and round it off.

    A straight edge is what makes a cutout look like one: a shoulder ends in a curve.
    """
    more = [0, 0]
    for index, wanted in enumerate((cut.left, cut.right)):
        if not wanted:
            continue
        # The left side is done as a right side, in a mirror.
        flip = slice(None, None, -1) if index == 0 else slice(None)
        wide, matte = _continued(rgb[:, flip], alpha[:, flip], cut.bottom)
        more[index] = wide.shape[1] - rgb.shape[1]
        rgb, alpha = np.ascontiguousarray(wide[:, flip]), np.ascontiguousarray(matte[:, flip])
    return rgb, alpha, (more[0], more[1])


def _continued(rgb: Rgb, alpha: Plane, grounded: bool) -> tuple[Rgb, Plane]:
    """Continue the right side.

    Args:
        grounded: what reaches the last row goes on below it, and only rounds off upwards.
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
        scrap = _scrap(alpha, first, last)
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
    """Let the right side curve away inwards, the lower the more: up to so many pixels."""
    width = alpha.shape[1]
    inwards = most * np.clip(share, 0.0, 1.0)[:, None] ** 1.6
    left_over = np.clip(width - inwards - np.arange(width)[None], 0.0, 1.0)
    left_over[:, -1] = 0.0  # outside, the last column goes on
    return rgb, np.round(alpha * left_over).astype(np.uint8)


def _scrap(alpha: Plane, first: int, last: int) -> int:
    """Columns at the right that hold no more than a strip of the rows that are cut off:
    something else that reaches into the picture. None if nothing else begins soon."""
    solid = alpha[:, ::-1][:, : round(_STRIP * alpha.shape[1])] > 127
    slack = (last - first + 1) // 8
    beside = solid[: max(first - slack, 0)].sum(axis=0) + solid[last + 1 + slack :].sum(axis=0)
    begins = np.flatnonzero(beside > slack)
    return int(begins[0]) if len(begins) else 0


def _closed(alpha: Plane) -> Plane:
    """A matte whose last columns run out softly: outside, the last goes on."""
    closed = alpha.copy()
    closed[:, -2] //= 2
    closed[:, -1] = 0
    return closed
