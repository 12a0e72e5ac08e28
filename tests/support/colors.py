"""Colours for tests: sRGB as HDR and wide-gamut encodings hold it, by the standards' formulas.

Written apart from what is tested, from ITU-R BT.2100 and BT.2020.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

WHITE = 203.0
"""cd/m2 of diffuse white."""

_TO_BT2020 = np.array(
    [
        [0.627403914, 0.329283039, 0.043313047],
        [0.069097289, 0.919540395, 0.011362316],
        [0.016391439, 0.088013308, 0.895595253],
    ]
)
"""Linear BT.709 to BT.2020 (ITU-R BT.2087)."""


def linear(srgb: Values) -> Values:
    """Light of 8-bit sRGB, white at 1."""
    codes = np.asarray(srgb) / 255
    return np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)


def pq(srgb: Values) -> Values:
    """PQ codes, 0 to 1, in BT.2020, of 8-bit sRGB whose white is at 203 cd/m2."""
    return pq_code(linear(srgb) @ _TO_BT2020.T * WHITE)


def pq_code(nits: Values) -> Values:
    """PQ codes of light in cd/m2."""
    power = (np.asarray(nits) / 10_000) ** (2610 / 16384)
    return ((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32)


def hlg(srgb: Values) -> Values:
    """HLG codes, 0 to 1, in BT.2020, of 8-bit sRGB whose white is at 203 of 1000 cd/m2."""
    display = linear(srgb) @ _TO_BT2020.T * WHITE / 1000
    luminance = np.maximum(display @ [0.2627, 0.6780, 0.0593], 1e-9)[..., None]
    scene = display * luminance ** (1 / 1.2 - 1)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    high = a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
    return np.asarray(np.where(scene <= 1 / 12, np.sqrt(3 * scene), high))


def bt2020(srgb: Values) -> Values:
    """Codes, 0 to 1, of standard range in BT.2020, with the curve of sRGB."""
    light = linear(srgb) @ _TO_BT2020.T
    curve = 1.055 * light ** (1 / 2.4) - 0.055
    return np.asarray(np.where(light <= 0.0031308, light * 12.92, curve))


def ten_bits(codes: Values) -> tuple[int, int, int]:
    """Limited-range Y, Cb and Cr of 10 bits, BT.2020 non-constant luminance, of R'G'B' codes."""
    red, green, blue = codes
    luma = 0.2627 * red + 0.6780 * green + 0.0593 * blue
    cb, cr = (blue - luma) / 1.8814, (red - luma) / 1.4746
    return round(64 + 876 * luma), round(512 + 896 * cb), round(512 + 896 * cr)
