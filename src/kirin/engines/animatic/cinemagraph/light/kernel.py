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

Field = NDArray[np.float32]
Row = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Order = NDArray[np.int64]

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


_LUMA = np.array([Map.GAIN, Map.GLOW, Map.SKY_LUMA, Map.LAMP, Map.SKY_BY_Y, Map.SKY_AT])
_CHROMA = np.array(
    [
        Map.CHROMA,
        Map.TINT_U,
        Map.TINT_V,
        Map.ADD_U,
        Map.ADD_V,
        Map.SKY_U,
        Map.SKY_V,
        Map.SKY_BY_U,
        Map.SKY_BY_V,
    ]
)
"""Maps that are needed for each pixel, and those for each sample of chroma, in this order."""


# The loops below are short, each over few arrays: LLVM checks at run time that arrays do not
# overlap before it runs a loop on vectors, and gives up on loops over many.


@compiled
def _spread(source: Field, wanted: Order, step: int, out: Field) -> None:
    """Interpolate a row of some maps, shape ``(Map, cells)``, to ``step`` samples per cell."""
    count, width = out.shape
    part = np.float32(1.0 / step)
    for m in range(count):
        row, line = source[wanted[m]], out[m]
        # One phase of the cells after the other: each is a loop over whole rows.
        for k in range(step):
            share = np.float32(k) * part
            for cell in range((width - k + step - 1) // step):
                line[cell * step + k] = row[cell] + (row[cell + 1] - row[cell]) * share


@compiled
def _between(above: Field, below: Field, share: np.float32, out: Field) -> None:
    """Rows between two rows of maps."""
    for m in range(out.shape[0]):
        top, bottom, line = above[m], below[m], out[m]
        for x in range(line.shape[0]):
            line[x] = top[x] + (bottom[x] - top[x]) * share


@compiled
def _share_of_sky(level: Row, by_luma: Row, rest: Row, sky: Row) -> None:
    zero, one = np.float32(0), np.float32(1)
    for x in range(len(sky)):
        sky[x] = min(max(by_luma[x] * level[x] + rest[x], zero), one)


@compiled
def _land(luma: Row, gain: Row, glow: Row, curve: Row, out: Row) -> None:
    c0, c1, c2 = curve[0], curve[1], curve[2]
    for x in range(len(out)):
        value = luma[x]
        out[x] = value * (c0 + value * (c1 + value * c2)) * gain[x] + glow[x]


@compiled
def _mixed(out: Row, luma: Row, factor: np.float32, added: Row, share: Row) -> None:
    """Blend ``luma * factor + added`` in, by a share."""
    for x in range(len(out)):
        out[x] += (luma[x] * factor + added[x] - out[x]) * share[x]


@compiled
def _shines(luma: Row, lamp: Row, scalars: Row, out: Row) -> None:
    zero, one = np.float32(0), np.float32(1)
    start, slope = scalars[7], one / (scalars[8] - scalars[7])
    for x in range(len(out)):
        out[x] = min(max((luma[x] - start) * slope, zero), one) * lamp[x]


@compiled
def _land_alone(
    line: Bytes, above: Field, below: Field, share: np.float32, figures: Row, dots: Row
) -> None:
    """All of a row at once where it has neither sky nor lamps."""
    c0, c1, c2, fade = figures[0], figures[1], figures[2], figures[10]
    gain_top, gain_bottom, glow_top, glow_bottom = above[0], below[0], above[1], below[1]
    zero, one = np.float32(0), np.float32(1)
    for x in range(len(line)):
        value = (np.float32(line[x]) - np.float32(16)) * np.float32(1 / 219)
        gain = gain_top[x] + (gain_bottom[x] - gain_top[x]) * share
        glow = glow_top[x] + (glow_bottom[x] - glow_top[x]) * share
        value = (value * (c0 + value * (c1 + value * c2)) * gain + glow) * fade
        value = min(max(value, zero), one)
        line[x] = np.uint8(np.int32(np.float32(16) + np.float32(219) * value + dots[x]))


@compiled
def _write(light: Row, fade: np.float32, dots: Row, out: Bytes) -> None:
    zero, one = np.float32(0), np.float32(1)
    for x in range(len(out)):
        value = min(max(light[x] * fade, zero), one)
        light[x] = value
        out[x] = np.uint8(np.int32(np.float32(16) + np.float32(219) * value + dots[x]))


@compiled
def _write_chroma(chroma: Row, fade: np.float32, dots: Row, out: Bytes) -> None:
    low, high = np.float32(16), np.float32(240)
    for x in range(len(out)):
        value = np.float32(128) + chroma[x] * fade + dots[x]
        out[x] = np.uint8(np.int32(min(max(value, low), high)))


@compiled
def _tinted(own: Row, chroma: Row, tint: Row, light: Row, added: Row, out: Row) -> None:
    for x in range(len(out)):
        out[x] = own[x] * chroma[x] + tint[x] * light[x] + added[x]


@compiled
def _colour_part(fine: Field, constant: Row, rest: Row) -> None:
    """What the colour of pixels adds to their share of sky, in pairs of pixels."""
    by_u, by_v, us, vs = fine[7], fine[8], fine[9], fine[10]
    for x in range(len(us)):
        value = by_u[x] * us[x] + by_v[x] * vs[x]
        rest[2 * x] = value
        rest[2 * x + 1] = value
    for x in range(len(rest)):
        rest[x] += constant[x]


@compiled
def _uncovered(cover: Bytes, sky: Row) -> None:
    """No sky where something is in front of it."""
    for x in range(len(cover)):
        clear = np.float32(1) - np.float32(cover[x]) * np.float32(1 / 255)
        sky[2 * x] *= clear
        sky[2 * x + 1] *= clear


@compiled
def _grained(luma: Row, spread: Row, grain: np.float32) -> None:
    scale = grain * np.float32(1 / 219)
    for x in range(len(luma)):
        luma[x] += (spread[x] - np.float32(0.5)) * scale


@compiled
def _centred(samples: Bytes, out: Row) -> None:
    for x in range(len(out)):
        out[x] = np.float32(samples[x]) - np.float32(128)


@compiled
def _halved(row: Row, out: Row) -> None:
    for x in range(len(out)):
        out[x] = row[2 * x]


@compiled
def _light_row(
    line: Bytes, work: Field, fine: Field, cover: Bytes, scalars: Row, noise: Field, zones: int
) -> None:
    """Change a row of luma that has sky or lamps.

    Args:
        line: to be changed.
        work: the row of each map of ``_LUMA``, and six buffers, the second and third of which
            are left with the shares of sky and of lamps.
        fine: the row of each map of ``_CHROMA``, and U and V.
        cover: what is in front of the sky.
        scalars: of the light.
        noise: two rows of dither.
        zones: 1 with a sky, plus 2 with lamps.
    """
    rest, sky, lamp, level, luma, light = work[6], work[7], work[8], work[9], work[10], work[11]
    _centred(line, level)
    for x in range(len(line)):
        luma[x] = (level[x] + np.float32(112)) * np.float32(1 / 219)
    if zones & 1:
        _colour_part(fine, work[5], rest)
        _share_of_sky(level, work[4], rest, sky)
        _uncovered(cover, sky)
    if scalars[9] > 0:
        _grained(luma, noise[1], scalars[9])
    _land(luma, work[0], work[1], scalars, light)
    if zones & 1:
        _mixed(light, luma, scalars[3], work[2], sky)
    if zones & 2:
        _shines(luma, work[3], scalars, lamp)
        level[:] = 0
        _mixed(light, luma, scalars[5], level, lamp)
    _write(light, scalars[10], noise[0], line)


@compiled
def _chroma_row(
    us: Bytes, vs: Bytes, fine: Field, small: Field, scalars: Row, noise: Field, zones: int
) -> None:
    """Change a row of chroma.

    Args:
        us, vs: to be changed.
        fine: the row of each map of ``_CHROMA``, and U and V as they were.
        small: the new luma, the shares of sky and of lamps, and two buffers.
        scalars, noise, zones: as for :func:`_light_row`.
    """
    new, nothing = small[3], small[4]
    for c in range(2):
        own = fine[9 + c]
        _tinted(own, fine[0], fine[1 + c], small[0], fine[3 + c], new)
        if zones & 1:
            _mixed(new, own, scalars[4], fine[5 + c], small[1])
        if zones & 2:
            _mixed(new, own, scalars[6], nothing, small[2])
        _write_chroma(new, scalars[10], noise[c], us if c == 0 else vs)


@compiled
def relight(
    y: Plane, u: Plane, v: Plane, cover: Plane, maps: Field, scalars: Row, noise: Field
) -> None:
    """Change the light of a frame in place.

    Args:
        y, u, v: of the frame.
        cover: what is in front of the sky whatever its colour, uint8, of the chroma's shape.
        maps: shape ``(rows, Map, columns)``; sample ``(i, m, j)`` is at row ``8 i`` and column
            ``8 j``.
        scalars: shape ``(Scalar,)``.
        noise: from :func:`dither`.
    """
    height, width = y.shape
    half = width // 2
    above, below = np.empty((6, width), np.float32), np.empty((6, width), np.float32)
    fine_above, fine_below = np.empty((9, half), np.float32), np.empty((9, half), np.float32)
    work, fine = np.empty((12, width), np.float32), np.empty((11, half), np.float32)
    small = np.zeros((5, half), np.float32)
    _spread(maps[0], _LUMA, 8, below)
    _spread(maps[0], _CHROMA, 4, fine_below)
    zones = 0
    for row in range(height):
        band = row // 8
        if row % 8 == 0:
            above, below = below, above
            fine_above, fine_below = fine_below, fine_above
            _spread(maps[band + 1], _LUMA, 8, below)
            _spread(maps[band + 1], _CHROMA, 4, fine_below)
            zones = 1 if np.any(maps[band : band + 2, 11:15] != 0) else 0
            if np.any(maps[band : band + 2, 10] != 0):
                zones += 2
        share = np.float32(row % 8) * np.float32(1 / 8)
        line, us, vs, dots = y[row], u[row // 2], v[row // 2], noise[row % len(noise)]
        if row % 2 == 0:
            _between(fine_above, fine_below, share + np.float32(1 / 16), fine[:9])
            _centred(us, fine[9])
            _centred(vs, fine[10])
        if zones or scalars[9] > 0:
            _between(above, below, share, work[:6])
            _light_row(line, work, fine, cover[row // 2], scalars, dots, zones)
        else:
            _land_alone(line, above, below, share, scalars, dots[0])
        if row % 2 == 1:
            for x in range(half):
                small[0, x] = (np.float32(line[2 * x]) - np.float32(16)) * np.float32(1 / 219)
            if zones & 1:
                _halved(work[7], small[1])
            if zones & 2:
                _halved(work[8], small[2])
            _chroma_row(us, vs, fine, small, scalars, dots, zones)


def dither(width: int, rows: int = 64) -> Field:
    """Two tiles of interleaved gradient noise, shape ``(rows, 2, width)``, in (0, 1).

    It is as even as blue noise, and cheap to make (Jimenez 2014, "Next generation post
    processing in Call of Duty: Advanced Warfare").
    """
    y, x = np.mgrid[0:rows, 0:width]
    noise = np.mod(52.9829189 * np.mod(0.06711056 * x + 0.00583715 * y, 1.0), 1.0)
    # Away from 0 and 1, so that what stays the same is not off by one for want of precision.
    tile = 0.02 + 0.96 * noise
    return np.asarray(np.stack([tile, np.roll(tile, 17, axis=0)], axis=1), np.float32)
