"""Inpainting the background behind a subject, from the whole of the picture."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from patchmatch.patch_match import inpaint

from kirin.vision.inpainting.detail import enlarge_filled
from kirin.vision.inpainting.pull_push import pull_push
from kirin.vision.kernels import Plane, blend
from kirin.vision.networks.fill_network import FillNetwork
from kirin.vision.planes import Rgb, resize

_SIDE = 320  # longest side at which patches are searched
_MOST = 0.95  # hidden share of the picture above which there is nothing left to take patches from
_PATCH = 3  # radius of a patch in pixels, at that size
_RIM = 0.008  # of the longest side: the margin around the subject for its blur and shadow


def inpaint_background(rgb: Rgb, alpha: Plane, network: FillNetwork | None = None) -> Rgb:
    """Replace the subject by patches of the rest (PatchMatch: Barnes et al. 2009).

    Args:
        rgb: the picture, shape ``(h, w, 3)``.
        alpha: the subject's mask, shape ``(h, w)``, 0 to 255.
        network: fills instead of patches, where its weights are installed.
    """
    height, width = alpha.shape
    rim = max(2, round(_RIM * max(height, width)))
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * rim + 1, 2 * rim + 1))
    hole = cast(Plane, cv2.dilate((alpha > 8).astype(np.uint8), ellipse))
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(round(width * scale), 8), max(round(height * scale), 8))
    small = resize(rgb, *size)
    gap = (cv2.resize(hole * 255, size, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
    if not 0 < gap.mean() < _MOST:
        return pull_push(rgb, (hole == 0).astype(np.float32))
    if network:
        enlarged = network.fill(rgb, hole)
    else:
        patched = inpaint(small, gap, patch_size=_PATCH)
        enlarged = enlarge_filled(rgb, patched, gap, np.zeros_like(gap))
    soft = cv2.GaussianBlur(hole * 255, (0, 0), rim / 2)
    soft[alpha > 8] = 255
    filled = rgb.copy()
    over = enlarged.reshape(height, -1)
    blend(filled.reshape(height, -1), over, np.repeat(soft, 3, axis=1), 0, 0)
    return filled
