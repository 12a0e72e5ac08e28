"""The lights of a day, as figures: what a colourist would dial in for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kirin.domain.motion import Illumination

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class PictureLighting:
    """One light.

    Luma is 0 to 1, gamma-encoded as in the video: a factor on it is a change of exposure.

    Attributes:
        level: mean luma of the land.
        least, most: limits of the factor that brings the land there.
        contrast: share of a squared curve, which deepens shadows; negative lifts them.
        chroma: factor of the land's saturation, beside that of its luma.
        tint: added to U and V per unit of luma: the colour of the light.
        shade: added to U and V everywhere: the colour of what light is left in the shadows.
        even: exponent by which differences of brightness within the picture shrink: without a
            sun, nothing is sunlit.
        falloff: share of the light that is missing in the corners.
        zenith, horizon: sRGB of a clear sky; ``None`` leaves the sky its colours.
        afterglow: sRGB of the sky where the sun is, and how much of it.
        keep: how much of its clouds a sky keeps, in proportion to its light.
        key: share by which the side of the sun is lighter.
        stars: 0 to 1.
    """

    level: float
    least: float
    most: float
    contrast: float = 0.0
    chroma: float = 1.0
    tint: tuple[float, float] = (0.0, 0.0)
    shade: tuple[float, float] = (0.0, 0.0)
    even: float = 0.0
    falloff: float = 0.0
    zenith: Colour | None = None
    horizon: Colour | None = None
    afterglow: tuple[Colour, float] | None = None
    keep: float = 1.0
    key: float = 0.0
    stars: float = 0.0


DUSK: Final = PictureLighting(
    level=0.21,
    least=0.34,
    most=0.75,
    contrast=0.3,
    chroma=0.8,
    tint=(26.0, -5.0),
    shade=(1.5, 0.0),
    even=0.3,
    falloff=0.08,
    zenith=(34, 48, 98),
    horizon=(150, 112, 122),
    afterglow=((232, 150, 100), 0.7),
    keep=0.8,
)

LATER_AT_NIGHT: Final = PictureLighting(
    level=0.1, least=0.78, most=0.9, contrast=0.05, chroma=0.85, tint=(14.0, -4.0), falloff=0.08
)
"""What night falling does to a picture of a night: little, or its shadows would be crushed."""

NIGHT: Final = PictureLighting(
    level=0.105,
    least=0.22,
    most=0.85,
    contrast=0.5,
    chroma=0.34,
    tint=(58.0, -27.0),
    shade=(4.5, -2.0),
    even=0.35,
    falloff=0.18,
    zenith=(9, 14, 32),
    horizon=(30, 42, 70),
    keep=0.7,
    key=0.1,
    stars=1.0,
)
"""Moonlight as films show it: two stops below the day, with the blue of the sky in it (its tint has
the hue of the horizon's colour), and hardly any other hue, for eyes that are used to the dark."""

LIGHTINGS: Final[Mapping[Illumination, PictureLighting]] = {
    Illumination.DAWN: PictureLighting(
        level=0.33,
        least=0.5,
        most=1.0,
        contrast=0.1,
        chroma=0.85,
        tint=(-6.0, 12.0),
        shade=(3.0, 0.0),
        even=0.2,
        zenith=(112, 132, 180),
        horizon=(236, 190, 172),
        afterglow=((255, 214, 160), 0.8),
        keep=0.8,
        key=0.12,
    ),
    Illumination.DAY: PictureLighting(
        level=0.42,
        least=1.0,
        most=3.0,
        chroma=1.15,
        zenith=(84, 138, 205),
        horizon=(196, 216, 236),
        keep=0.8,
    ),
    Illumination.SUNSET: PictureLighting(
        level=0.3,
        least=0.5,
        most=0.95,
        contrast=0.25,
        chroma=0.95,
        tint=(-34.0, 22.0),
        shade=(3.0, 0.0),
        even=0.1,
        falloff=0.05,
        zenith=(84, 96, 140),
        horizon=(238, 158, 96),
        afterglow=((255, 214, 140), 0.9),
        keep=1.0,
        key=0.2,
    ),
    Illumination.DUSK: DUSK,
    Illumination.NIGHT: NIGHT,
    Illumination.BRIGHTEN: PictureLighting(level=0.55, least=1.0, most=1.6),
    Illumination.DARKEN: PictureLighting(level=0.16, least=0.4, most=0.75, contrast=0.2),
    Illumination.WARM: PictureLighting(level=1.0, least=1.0, most=1.0, tint=(-34.0, 20.0)),
    Illumination.COOL: PictureLighting(level=1.0, least=1.0, most=1.0, tint=(34.0, -14.0)),
}
"""What the light becomes."""
