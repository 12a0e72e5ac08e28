"""The inner loop of a change of light: two zones, land and sky, and lamps that shine by themselves.

Luma ``v`` is 0 (black) to 1 (white). With maps that are smooth in the picture:

    land = v (c0 + c1 v + c2 v^2) gain + glow
    sky  = v sky_gain + sky_luma
    lamp = v lamp_gain

The share of sky in a pixel is a linear function of its colour whose coefficients are smooth
(the guided filter: He, Sun, Tang 2013), so that edges come from the frame itself at its full
resolution, wherever the camera has moved it.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane

CELL = 8
"""Pixels of the view from one sample of a map to the next."""


class Map(IntEnum):
    """The maps, by their place in a stack; chroma in eight-bit steps around zero."""

    GAIN = 0
    GLOW = 1
    CHROMA = 2  # factor of the land's own chroma
    TINT_U = 3  # per unit of luma
    TINT_V = 4
    ADD_U = 5
    ADD_V = 6
    SKY_LUMA = 7
    SKY_U = 8
    SKY_V = 9
    LAMP = 10  # share of a pixel that shines where it is bright
    SKY_BY_Y = 11  # of the share of sky: coefficients of Y, U and V in eight bits, and a constant
    SKY_BY_U = 12
    SKY_BY_V = 13
    SKY_AT = 14


class Scalar(IntEnum):
    """Figures of a light that are the same all over a picture."""

    C0 = 0
    C1 = 1
    C2 = 2
    SKY_GAIN = 3
    SKY_CHROMA = 4
    LAMP_GAIN = 5
    LAMP_CHROMA = 6
    LAMP_FROM = 7  # luma above which a pixel of a lamp shines, and at which all of it does
    LAMP_FULL = 8
    GRAIN = 9  # of eight-bit steps, spread before luma is raised: no comb in the histogram
    FADE = 10  # factor of everything, for a fade to black


@compiled
def _spread(source: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """Interpolate a row of each map, shape ``(maps, cells)``, to every pixel of the view."""
    maps, width = out.shape
    eighth = np.float32(1 / 8)
    for m in range(maps):
        row, line = source[m], out[m]
        for cell in range((width + 7) // 8):
            start, step = row[cell], (row[cell + 1] - row[cell]) * eighth
            first = cell * 8
            for k in range(min(8, width - first)):
                line[first + k] = start + step * np.float32(k)


@compiled
def relight(
    y: Plane,
    u: Plane,
    v: Plane,
    cover: Plane,
    maps: NDArray[np.float32],
    scalars: NDArray[np.float32],
    noise: NDArray[np.float32],
) -> None:
    """Change the light of a frame in place.

    Args:
        y, u, v: of the frame.
        cover: what is in front of the sky whatever its colour, uint8, of the chroma's shape.
        maps: shape ``(rows, Map, columns)``; sample ``(i, m, j)`` is at row ``8 i``, column ``8 j``.
        scalars: shape ``(Scalar,)``.
        noise: a tile of dither, above 0 and below 1; wide as the frame, of an even height.
    """
    height, width = y.shape
    count = maps.shape[1]
    above, below = np.empty((count, width), np.float32), np.empty((count, width), np.float32)
    at = np.empty((count, width), np.float32)
    by_colour = np.empty(width, np.float32)
    hidden = np.empty(width, np.float32)
    seen, open_, shine = (
        np.empty(width, np.float32),
        np.empty(width, np.float32),
        np.empty(width, np.float32),
    )
    zero, one, half = np.float32(0), np.float32(1), np.float32(0.5)
    white, black = np.float32(219), np.float32(16)
    unit, byte = np.float32(1 / 219), np.float32(1 / 255)
    c0, c1, c2 = scalars[0], scalars[1], scalars[2]
    sky_gain, sky_chroma = scalars[3], scalars[4]
    lamp_gain, lamp_chroma = scalars[5], scalars[6]
    lamp_from, lamp_by = scalars[7], one / (scalars[8] - scalars[7])
    grain, fade = scalars[9] * unit, scalars[10]
    _spread(maps[0], below)
    for row in range(height):
        part = row % 8
        if part == 0:
            above, below = below, above
            _spread(maps[row // 8 + 1], below)
        share = np.float32(part) * np.float32(1 / 8)
        for m in range(count):
            top, bottom, line = above[m], below[m], at[m]
            for x in range(width):
                line[x] = top[x] + (bottom[x] - top[x]) * share
        us, vs, covers = u[row // 2], v[row // 2], cover[row // 2]
        for x in range(width // 2):
            value = at[12, 2 * x] * np.float32(us[x]) + at[13, 2 * x] * np.float32(vs[x])
            by_colour[2 * x] = value
            by_colour[2 * x + 1] = value
            clear = one - np.float32(covers[x]) * byte
            hidden[2 * x] = clear
            hidden[2 * x + 1] = clear
        ys, dots, spread = y[row], noise[row % noise.shape[0]], noise[(row + 17) % noise.shape[0]]
        for x in range(width):
            level = np.float32(ys[x])
            luma = (level - black) * unit
            sky = (at[11, x] * level + by_colour[x] + at[14, x]) * hidden[x]
            sky = min(max(sky, zero), one)
            lamp = min(max((luma - lamp_from) * lamp_by, zero), one) * at[10, x]
            luma += (spread[x] - half) * grain
            land = luma * (c0 + luma * (c1 + luma * c2)) * at[0, x] + at[1, x]
            light = land + (luma * sky_gain + at[7, x] - land) * sky
            light += (luma * lamp_gain - light) * lamp
            light = min(max(light * fade, zero), one)
            ys[x] = np.uint8(np.int32(black + white * light + dots[x]))
            seen[x], open_[x], shine[x] = light, sky, lamp
        if row % 2:
            for x in range(width // 2):
                k = 2 * x
                sky, lamp, light = open_[k], shine[k], seen[k]
                for_u, for_v = (
                    np.float32(us[x]) - np.float32(128),
                    np.float32(vs[x]) - np.float32(128),
                )
                land_u = for_u * at[2, k] + at[3, k] * light + at[5, k]
                land_v = for_v * at[2, k] + at[4, k] * light + at[6, k]
                new_u = land_u + (for_u * sky_chroma + at[8, k] - land_u) * sky
                new_v = land_v + (for_v * sky_chroma + at[9, k] - land_v) * sky
                new_u += (for_u * lamp_chroma - new_u) * lamp
                new_v += (for_v * lamp_chroma - new_v) * lamp
                new_u, new_v = new_u * fade, new_v * fade
                us[x] = np.uint8(
                    np.int32(
                        min(max(np.float32(128) + new_u + dots[k + 1], black), np.float32(240))
                    )
                )
                vs[x] = np.uint8(
                    np.int32(min(max(np.float32(128) + new_v + spread[k], black), np.float32(240)))
                )


def dither(width: int, rows: int = 64) -> NDArray[np.float32]:
    """A tile of interleaved gradient noise (Jimenez 2014, "Next generation post processing in
    Call of Duty: Advanced Warfare"): as even as blue noise, and cheap to make."""
    y, x = np.mgrid[0:rows, 0:width]
    noise = np.mod(52.9829189 * np.mod(0.06711056 * x + 0.00583715 * y, 1.0), 1.0)
    # Away from 0 and 1, so that what stays the same is not off by one for want of precision.
    return np.asarray(0.02 + 0.96 * noise, np.float32)
