"""Edge-preserving smoothing as brushes do it: Kuwahara's filter with soft weights."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.look.frame_style import Field, box
from kirin.vision.compiled import compiled


def brushed(y: Field, u: Field, v: Field, radius: int) -> tuple[Field, Field, Field]:
    """Replace each pixel by the mean of the calmest of the four squares that touch it.

    The squares are weighed by their variance instead of one being picked (Papari, Petkov,
    Campisi 2007, "Artistic edge and corner enhancing smoothing"): no pixel flips between two of
    them from one frame to the next.

    Args:
        y, u, v: planes of one shape.
        radius: half of a square's side.
    """
    means = [box(plane, radius) for plane in (y, u, v)]
    variance = np.maximum(box(y * y, radius) - means[0] ** 2, 0)
    out = np.empty((3, *y.shape), np.float32)
    _calmest(means[0], means[1], means[2], variance, radius, out)
    return out[0], out[1], out[2]


@compiled
def _calmest(y: Field, u: Field, v: Field, variance: Field, radius: int, out: Field) -> None:
    rows, columns = y.shape
    one, least = np.float32(1), np.float32(1.5)
    for i in range(rows):
        up, down = max(i - radius, 0), min(i + radius, rows - 1)
        for x in range(columns):
            left, right = max(x - radius, 0), min(x + radius, columns - 1)
            a = one / (variance[up, left] + least)
            b = one / (variance[up, right] + least)
            c = one / (variance[down, left] + least)
            d = one / (variance[down, right] + least)
            a, b, c, d = a * a, b * b, c * c, d * d
            a, b, c, d = a * a, b * b, c * c, d * d
            total = one / (a + b + c + d)
            a, b, c, d = a * total, b * total, c * total, d * total
            out[0, i, x] = (
                a * y[up, left] + b * y[up, right] + c * y[down, left] + d * y[down, right]
            )
            out[1, i, x] = (
                a * u[up, left] + b * u[up, right] + c * u[down, left] + d * u[down, right]
            )
            out[2, i, x] = (
                a * v[up, left] + b * v[up, right] + c * v[down, left] + d * v[down, right]
            )
