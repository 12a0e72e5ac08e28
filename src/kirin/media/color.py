"""Color: HDR and wide-gamut pixels become sRGB, as screens of standard range show them.

Transfer characteristics and primaries go by their code points in ITU-T H.273, which H.264, HEVC,
AV1, MP4 and the PNG chunk ``cICP`` share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Chromaticities = tuple[float, float, float, float, float, float, float, float]
"""x and y of white, red, green and blue (CIE 1931)."""

PQ: Final = 16
HLG: Final = 18
HDR: Final = frozenset({PQ, HLG})
"""Transfer characteristics of high dynamic range: SMPTE ST 2084 and ARIB STD-B67."""

REFERENCE_WHITE: Final = 203.0
"""cd/m2 of diffuse white in HDR (ITU-R BT.2408), which becomes the white of sRGB."""

PEAK: Final = 1000.0
"""cd/m2 of the brightest highlight that is preserved: the nominal peak of HLG (ITU-R BT.2100), and
the usual mastering peak of PQ."""

_BT2020: Final = 9
_UNSPECIFIED: Final = 2
_D65: Final = (0.3127, 0.3290)

_WIDE: Final[dict[int, Chromaticities]] = {
    _BT2020: (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),  # DCI-P3
    12: (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),  # Display P3
}
"""Primaries wider than those of sRGB. The others differ from it by less than players care."""

SRGB: Final[Chromaticities] = (*_D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)

_GAMMAS: Final = {4: 2.2, 5: 2.8, 8: 1.0}
"""Exponents of the transfer characteristics that are pure powers."""

_LINEAR: Final = 8

_BRADFORD: Final = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
"""Cone responses, to adapt one white to another (Lam 1985; ICC.1:2022, annex E)."""

_CODES: Final = 65_536
_STEPS: Final = 16_384  # of linear light when it is encoded: a fifth of an 8-bit step in shadows
_TONES: Final = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class ColorConversion:
    """From one encoding of RGB to sRGB.

    Attributes:
        light: linear light of each 16-bit code, white at 1; of HLG, the scene's.
        matrix: linear light to linear sRGB.
        tones: by how much linear light is scaled, for ``_TONES`` values of its largest component
            from 0 to ``peak``.
        peak: brightest light.
        system_gamma: exponent of HLG's opto-optical transfer, else 1.
    """

    light: NDArray[np.float32]
    matrix: NDArray[np.float32]
    tones: NDArray[np.float32]
    peak: float
    system_gamma: float

    def apply(self, rgb: NDArray[np.uint16]) -> NDArray[np.uint8]:
        """Convert contiguous 16-bit RGB of shape ``(height, width, 3)`` to 8-bit sRGB."""
        converted = np.empty(rgb.shape, np.uint8)
        _kernel()(
            rgb.reshape(-1, 3),
            converted.reshape(-1, 3),
            self.light,
            self.matrix,
            self.tones,
            np.float32(self.peak),
            np.float32(self.system_gamma),
            _srgb_codes(),
        )
        return converted


@cache
def conversion(primaries: int, transfer: int, *, video: bool = False) -> ColorConversion | None:
    """The conversion to sRGB of pixels with these tags; ``None`` if they need none.

    HDR without primaries is BT.2020. Of standard range, every camera's transfer (BT.709, BT.601,
    BT.2020) is taken as sRGB's, as the rest of this server and most players do: greys stay.

    Args:
        primaries, transfer: code points of ITU-T H.273.
        video: whether it is a video's; the powers 2.2 and 2.8, which old broadcast standards
            name, are shown as they are then.
    """
    if transfer in HDR:
        wide = _WIDE.get(primaries)
        if wide is None and primaries in {0, _UNSPECIFIED}:
            wide = _WIDE[_BT2020]
        return _hdr(wide or SRGB, transfer)
    gamma = None if video and transfer != _LINEAR else _GAMMAS.get(transfer)
    if primaries in _WIDE or gamma:
        return _standard_range(_WIDE.get(primaries, SRGB), gamma)
    return None


@cache
def gamma_conversion(gamma: float | None, chromaticities: Chromaticities) -> ColorConversion:
    """The conversion to sRGB of pixels of any primaries and gamma.

    Args:
        gamma: exponent from code to light; ``None`` is the curve of sRGB.
        chromaticities: of white, red, green and blue.

    Raises:
        ValueError: the primaries are collinear.
    """
    return _standard_range(chromaticities, gamma)


def to_srgb_light(codes: Values) -> Values:
    """Linear light of sRGB codes, both 0 to 1 (IEC 61966-2-1)."""
    linear: Values = np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)
    return linear


def _standard_range(chromaticities: Chromaticities, gamma: float | None) -> ColorConversion:
    codes = np.linspace(0, 1, _CODES)
    light = to_srgb_light(codes) if gamma is None else codes**gamma
    matrix = np.linalg.inv(_to_xyz(SRGB)) @ _adapted(chromaticities)
    return ColorConversion(
        light.astype(np.float32),
        matrix.astype(np.float32),
        np.ones(_TONES, np.float32),
        peak=1.0,
        system_gamma=1.0,
    )


def _hdr(chromaticities: Chromaticities, transfer: int) -> ColorConversion:
    codes = np.linspace(0, 1, _CODES)
    peak = PEAK / REFERENCE_WHITE
    light = _pq_light(codes) / REFERENCE_WHITE if transfer == PQ else _hlg_light(codes)
    matrix = np.linalg.inv(_to_xyz(SRGB)) @ _adapted(chromaticities)
    if transfer == HLG:
        matrix = matrix * peak  # scene light of 1 is shown at the display's peak
    bright = np.linspace(0, peak, _TONES)
    scales = np.ones(_TONES)
    scales[1:] = _tone_mapped(bright[1:]) / bright[1:]
    return ColorConversion(
        light.astype(np.float32),
        matrix.astype(np.float32),
        scales.astype(np.float32),
        peak=peak,
        system_gamma=1.2 if transfer == HLG else 1.0,  # of a display of 1000 cd/m2
    )


def _pq_light(codes: Values) -> Values:
    """cd/m2 of PQ codes from 0 to 1 (SMPTE ST 2084, ITU-R BT.2100 table 4)."""
    power = codes ** (1 / 78.84375)
    light: Values = 10_000 * (
        np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)
    ) ** (1 / 0.1593017578125)
    return light


def _pq_codes(light: Values) -> Values:
    power = (light / 10_000) ** 0.1593017578125
    codes: Values = ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
    return codes


def _hlg_light(codes: Values) -> Values:
    """Light of the scene, 0 to 1, of HLG codes (ARIB STD-B67, ITU-R BT.2100 table 5)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    light: Values = np.where(codes <= 0.5, codes**2 / 3, (np.exp((codes - c) / a) + b) / 12)
    return light


def _tone_mapped(light: Values) -> Values:
    """Light of a screen whose peak is 1, for light up to ``PEAK`` with diffuse white at 1.

    The EETF of ITU-R BT.2390, 5.4.1, with both blacks at 0: the identity up to a knee, and a
    Hermite spline from there to the peak.
    """
    source = float(_pq_codes(np.array(PEAK)))
    largest = float(_pq_codes(np.array(REFERENCE_WHITE))) / source
    knee = 1.5 * largest - 0.5
    given = _pq_codes(light * REFERENCE_WHITE) / source
    t = np.clip((given - knee) / (1 - knee), 0, 1)
    spline = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (-2 * t**3 + 3 * t**2) * largest
    )
    mapped: Values = _pq_light(np.where(given < knee, given, spline) * source) / REFERENCE_WHITE
    return mapped


def _to_xyz(chromaticities: Chromaticities) -> Values:
    """Linear RGB to CIE XYZ, white at Y = 1 (SMPTE RP 177)."""
    white, *primaries = (
        np.array([x / y, 1.0, (1 - x - y) / y])
        for x, y in zip(chromaticities[::2], chromaticities[1::2], strict=True)
    )
    columns = np.stack(primaries, axis=1)
    try:
        matrix: Values = columns * np.linalg.solve(columns, white)
    except np.linalg.LinAlgError as error:
        raise ValueError("the primaries are collinear") from error
    return matrix


def _adapted(chromaticities: Chromaticities) -> Values:
    """Linear RGB to CIE XYZ, its white adapted to D65."""
    matrix = _to_xyz(chromaticities)
    target = _to_xyz(SRGB).sum(axis=1)
    scale = (_BRADFORD @ target) / (_BRADFORD @ matrix.sum(axis=1))
    adapted: Values = np.linalg.inv(_BRADFORD) @ np.diag(scale) @ _BRADFORD @ matrix
    return adapted


@cache
def _srgb_codes() -> NDArray[np.uint8]:
    """8-bit sRGB of linear light in ``_STEPS`` steps."""
    light = np.linspace(0, 1, _STEPS)
    codes = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(codes * 255).astype(np.uint8)


@cache
def _kernel() -> Callable[..., None]:
    """The loop over pixels, compiled; numba takes half a second to import, so not before."""
    from numba import njit  # noqa: PLC0415  as above

    options: dict[str, Any] = {"nogil": True, "fastmath": True, "error_model": "numpy"}
    try:
        compiled: Callable[..., None] = njit(cache=True, **options)(_convert)
    except RuntimeError:  # no writable cache folder
        compiled = njit(**options)(_convert)
    return compiled


def _convert(
    rgb: Any,
    converted: Any,
    light: Any,
    matrix: Any,
    tones: Any,
    peak: Any,
    system_gamma: Any,
    codes: Any,
) -> None:
    last = np.float32(len(codes) - 1)
    finest = np.float32((len(tones) - 1) / peak)
    for i in range(len(rgb)):
        r, g, b = light[rgb[i, 0]], light[rgb[i, 1]], light[rgb[i, 2]]
        if system_gamma != 1:  # BT.2100 table 5: by the scene's luminance
            y = np.float32(0.2627) * r + np.float32(0.6780) * g + np.float32(0.0593) * b
            factor = max(y, np.float32(1e-9)) ** (system_gamma - np.float32(1))
            r, g, b = r * factor, g * factor, b * factor
        red = matrix[0, 0] * r + matrix[0, 1] * g + matrix[0, 2] * b
        green = matrix[1, 0] * r + matrix[1, 1] * g + matrix[1, 2] * b
        blue = matrix[2, 0] * r + matrix[2, 1] * g + matrix[2, 2] * b
        # Colours beyond the gamut keep hue and luminance, and lose saturation.
        least = min(red, green, blue)
        if least < 0:
            y = np.float32(0.2126) * red + np.float32(0.7152) * green + np.float32(0.0722) * blue
            share = y / (y - least) if y > 0 else np.float32(0)
            y = max(y, np.float32(0))
            red, green, blue = (
                y + share * (red - y),
                y + share * (green - y),
                y + share * (blue - y),
            )
        most = max(red, green, blue)
        if peak > 1 and most > 0:
            scale = tones[min(int(most * finest + np.float32(0.5)), len(tones) - 1)]
            if most > peak:
                scale = scale * peak / most
            red, green, blue = red * scale, green * scale, blue * scale
        converted[i, 0] = codes[
            int(min(max(red, np.float32(0)), np.float32(1)) * last + np.float32(0.5))
        ]
        converted[i, 1] = codes[
            int(min(max(green, np.float32(0)), np.float32(1)) * last + np.float32(0.5))
        ]
        converted[i, 2] = codes[
            int(min(max(blue, np.float32(0)), np.float32(1)) * last + np.float32(0.5))
        ]
