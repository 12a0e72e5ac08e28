"""The guided image filter for colour guides."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def guided_filter(guide: Floats, mask: Floats, radius: int, epsilon: float) -> Floats:
    """Filter a mask so that its edges follow those of a picture (He, Sun, Tang 2013).

    The linear model is fitted at half size, as in the fast guided filter (He, Sun 2015). OpenCV's
    ``ximgproc.guidedFilter`` is not used, because in 5.0 it blurs across edges of float images.

    Args:
        guide: the picture, shape ``(height, width, 3)``, 0 to 1.
        mask: shape ``(height, width)``, 0 to 1.
        radius: of the window, in pixels.
        epsilon: the regularisation; variance below it counts as flat.
    """
    size = (max(mask.shape[1] // 2, 1), max(mask.shape[0] // 2, 1))
    side = (radius // 2 * 2 + 1, radius // 2 * 2 + 1)

    def halved(values: Floats) -> Floats:
        return cast(Floats, cv2.resize(values, size, interpolation=cv2.INTER_AREA))

    def mean(values: Floats) -> Floats:
        return cast(Floats, cv2.boxFilter(values, -1, side, borderType=cv2.BORDER_REFLECT))

    def grown(values: Floats) -> Floats:
        there = (mask.shape[1], mask.shape[0])
        return cast(Floats, cv2.resize(mean(values), there, interpolation=cv2.INTER_LINEAR))

    r, g, b = (halved(np.ascontiguousarray(guide[..., i])) for i in range(3))
    m = halved(mask)
    mr, mg, mb, mm = mean(r), mean(g), mean(b), mean(m)
    # Covariance of the colours in each window (symmetric, 3 x 3), and with the mask.
    rr, rg, rb = mean(r * r) - mr * mr + epsilon, mean(r * g) - mr * mg, mean(r * b) - mr * mb
    gg, gb = mean(g * g) - mg * mg + epsilon, mean(g * b) - mg * mb
    bb = mean(b * b) - mb * mb + epsilon
    x, y, z = mean(r * m) - mr * mm, mean(g * m) - mg * mm, mean(b * m) - mb * mm
    # Its inverse, by cofactors.
    c_rr, c_rg, c_rb = gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
    determinant = rr * c_rr + rg * c_rg + rb * c_rb
    to_r = (c_rr * x + c_rg * y + c_rb * z) / determinant
    to_g = (c_rg * x + c_gg * y + c_gb * z) / determinant
    to_b = (c_rb * x + c_gb * y + c_bb * z) / determinant
    fitted = grown(mm - to_r * mr - to_g * mg - to_b * mb)
    for i, share in enumerate((to_r, to_g, to_b)):
        fitted += grown(share) * guide[..., i]
    return fitted
