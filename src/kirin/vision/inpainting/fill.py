"""Colours that the picture does not show: the background behind a subject, the subject's own."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from patchmatch.patch_match import inpaint

from kirin.vision.kernels import Plane, blend, take_out
from kirin.vision.planes import Rgb, resize

Floats = NDArray[np.float32]


_SIDE = 320  # longest side of the picture in which the search for fitting patches runs
_MEAN_SIDE = 640  # longest side at which local means of colour are taken
_MOST = 0.95  # share of the picture hidden, above which there is nothing left to patch with
_PATCH = 3  # radius of the compared patches there
_RIM = 0.008  # of the longest side, around the subject: its blur and shadow go with it


def fill_behind(rgb: Rgb, alpha: Plane) -> Rgb:
    """Paint the subject out: what it hides is patched together from the rest (PatchMatch).

    Args:
        rgb: the picture.
        alpha: where the subject is, same height and width.
    """
    height, width = alpha.shape
    rim = max(2, round(_RIM * max(height, width)))
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * rim + 1, 2 * rim + 1))
    hole = cv2.dilate((alpha > 8).astype(np.uint8), ellipse)
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(round(width * scale), 8), max(round(height * scale), 8))
    small = resize(rgb, *size)
    small_hole = (cv2.resize(hole * 255, size, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
    if not 0 < small_hole.mean() < _MOST:
        return spread(rgb, (hole == 0).astype(np.float32))
    patched = resize(inpaint(small, small_hole, patch_size=_PATCH), width, height)
    soft = cv2.GaussianBlur(hole * 255, (0, 0), rim / 2)
    soft[alpha > 8] = 255
    filled = rgb.copy()
    blend(filled.reshape(height, -1), patched.reshape(height, -1), np.repeat(soft, 3, axis=1), 0, 0)
    return filled


def spread(rgb: Rgb, known: Floats) -> Rgb:
    """Let the known colours run into the rest (pull-push).

    Args:
        rgb: a picture.
        known: 1 where its colours count, 0 where they do not; between, in proportion.
    """
    colour: Floats = rgb.astype(np.float32) * known[..., None]
    weight = known
    levels = []
    while min(weight.shape) > 2:
        levels.append((colour, weight))
        size = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        colour = cast(Floats, cv2.resize(colour, size, interpolation=cv2.INTER_AREA))
        weight = cast(Floats, cv2.resize(weight, size, interpolation=cv2.INTER_AREA))
    result = colour / np.maximum(weight, 1e-6)[..., None]
    for colour, weight in reversed(levels):
        size = (weight.shape[1], weight.shape[0])
        below = cv2.resize(result, size, interpolation=cv2.INTER_LINEAR)
        result = colour + below * (1 - weight)[..., None]
    return cast(Rgb, np.clip(result + 0.5, 0, 255).astype(np.uint8))


def unmix(rgb: Rgb, alpha: Plane) -> Rgb:
    """The subject's own colours where ``alpha`` mixes them with the background's.

    Blur-fusion (Forte 2021): both sides' local means give what is to be taken out. Outside
    the subject its colours go on, so that resampling meets no edge.
    """
    height, width = alpha.shape
    scale = min(1.0, _MEAN_SIDE / max(height, width))
    size = (max(round(width * scale), 8), max(round(height * scale), 8))
    small = resize(rgb, *size)
    share = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) / np.float32(255)
    front = resize(spread(small, _sure(share)), width, height)
    behind = resize(spread(small, _sure(1 - share)), width, height)
    own = rgb.copy()
    flat = (height, 3 * width)
    take_out(own.reshape(flat), front.reshape(flat), behind.reshape(flat), alpha)
    return own


def _sure(share: Floats) -> Floats:
    """How far a colour can be trusted to be unmixed: not below a share of 0.8."""
    trust: Floats = np.clip((share - np.float32(0.8)) / np.float32(0.2), 0, 1)
    return trust
