"""The light of a picture made into another: maps from figures, for one scenery."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from kirin.engines.animatic.cinemagraph.light.kernel import Map, Scalar
from kirin.engines.animatic.cinemagraph.light.light_maps import LightMaps
from kirin.engines.animatic.cinemagraph.light.lighting import Colour, PictureLighting
from kirin.engines.animatic.cinemagraph.light.scenery import Scenery
from kirin.vision.matting.guided_filter import Floats
from kirin.vision.planes import KB, KR
from kirin.vision.regions.lights import LightKind

_SPREAD = 0.12  # of the longer side: reach of the light of a lamp
_HALO = 0.5  # of the light of the day that a lamp replaces close by
_WARM = (-26.0, 16.0)  # U and V per unit of luma of a lamp's light: tungsten, about 2900 K
_SKY_DARKER = 0.92  # of its own luma: the lightest that a sky becomes as the day ends
_DAYLIGHT = 0.45  # of the land's light that is left in a window once it is dark outside


def relit(scenery: Scenery, lighting: PictureLighting) -> LightMaps:
    """The maps that bring a picture into a light."""
    state = scenery.unchanged()
    maps, scalars = state.maps, state.scalars
    curve = _curve(scenery, lighting)
    scalars[Scalar.C0 : Scalar.C2 + 1] = curve[:3]
    factor = curve[3]
    gain = np.full(scenery.shape, factor, np.float32)
    gain *= _evened(scenery, lighting) * _shaped(scenery, lighting)
    tint = np.array(lighting.tint, np.float32)
    for each in scenery.lights:
        if each.kind is LightKind.DAYLIGHT and lighting.level < 0.3:
            gain *= 1 - (1 - np.float32(_DAYLIGHT)) * each.cover(scenery.shape)
    # Chroma follows luma, so that saturation stays; raised shadows are mostly noise in it.
    land = scenery.land
    raised = curve[0] + land * (curve[1] + land * curve[2])
    through = factor if lighting.most <= 1 else raised**0.6
    maps[Map.CHROMA] = gain / max(factor, 1e-3) * through * lighting.chroma
    maps[Map.GAIN] = gain
    maps[Map.TINT_U], maps[Map.TINT_V] = tint
    maps[Map.ADD_U], maps[Map.ADD_V] = lighting.shade
    scalars[Scalar.GRAIN] = np.clip(curve[0] * factor - 1, 0, 1)
    _light_sky(state, scenery, lighting)
    if factor < 0.8:
        _keep_lamps(state, scenery)
    return state


def _curve(scenery: Scenery, lighting: PictureLighting) -> tuple[float, float, float, float]:
    """Coefficients of the tone curve, and the factor after it."""
    land = scenery.luma[scenery.sky < 0.5] if (scenery.sky < 0.5).any() else scenery.luma
    if lighting.most > 1:
        # Between v and 1 - (1 - v)^3, which keeps white where it is.
        lift = np.linspace(0, 1, 41)
        means = np.array([float(_lifted(land, each).mean()) for each in lift])
        aimed = np.clip(lighting.level, land.mean(), lighting.most * land.mean())
        share = float(lift[np.abs(means - aimed).argmin()])
        return 1 + 2 * share, -3 * share, share, 1.0
    deep = np.clip(lighting.contrast, 0, 1)
    mean = float((land * (1 - deep + deep * land)).mean())
    factor = float(np.clip(lighting.level / max(mean, 1e-3), lighting.least, lighting.most))
    return 1 - deep, deep, 0.0, factor


def _lifted(land: Floats, share: float) -> Floats:
    return cast(Floats, land * (1 + 2 * share + land * (-3 * share + land * share)))


def _evened(scenery: Scenery, lighting: PictureLighting) -> Floats:
    """Less light where the picture is bright over wide parts: no sun shines on it any more."""
    if not lighting.even:
        return np.ones(scenery.shape, np.float32)
    wide = cv2.bilateralFilter(scenery.luma, 0, 0.15, 6)
    ratio = np.clip(max(scenery.land, 0.05) / np.maximum(wide, 0.02), 0.4, 1.8)
    return np.asarray(ratio**lighting.even, np.float32)


def _shaped(scenery: Scenery, lighting: PictureLighting) -> Floats:
    """Falloff towards the corners, and a side from which the light comes."""
    x, y = _grid(scenery.shape)
    corner = ((x - 0.5) ** 2 + (y - 0.5) ** 2) * 2
    side = (0.5 - np.abs(x - scenery.sun)) * 2
    shape = (1 - lighting.falloff * corner) * (1 + lighting.key * side)
    return np.asarray(shape, np.float32)


def _light_sky(state: LightMaps, scenery: Scenery, lighting: PictureLighting) -> None:
    maps, scalars = state.maps, state.scalars
    if scenery.open_sky is None:
        return
    own = [_within(each, scenery.sky) for each in (scenery.luma, scenery.u, scenery.v)]
    factor = float(maps[Map.GAIN].mean())
    if lighting.zenith is None or lighting.horizon is None:
        raised = float(scalars[Scalar.C0]) > 1
        scalars[Scalar.SKY_GAIN] = 1.0 if raised else factor
        scalars[Scalar.SKY_CHROMA] = scalars[Scalar.SKY_GAIN]
        maps[Map.SKY_U] = lighting.tint[0] * own[0]
        maps[Map.SKY_V] = lighting.tint[1] * own[0]
        return
    limit = own[0] * np.float32(_SKY_DARKER if lighting.most <= 1 else 8.0)
    new = _clear_sky(scenery, lighting, lighting.zenith, lighting.horizon, limit)
    if lighting.most > 1:
        # Raised further, every rim of what stands against a dark sky would show.
        new[0] = np.maximum(np.minimum(new[0], 2.2 * own[0] + np.float32(0.1)), own[0])
    bright = float((own[0] * scenery.sky).sum() / scenery.sky.sum())
    level = float((new[0] * scenery.sky).sum() / scenery.sky.sum())
    keep = float(np.clip(lighting.keep * level / max(bright, 0.02), 0, 1.5))
    scalars[Scalar.SKY_GAIN] = scalars[Scalar.SKY_CHROMA] = keep
    for place, value, old in zip((Map.SKY_LUMA, Map.SKY_U, Map.SKY_V), new, own, strict=True):
        maps[place] = value - keep * old


def _clear_sky(
    scenery: Scenery, lighting: PictureLighting, zenith: Colour, horizon: Colour, limit: Floats
) -> list[Floats]:
    """Y, U and V of a sky without clouds: a gradient, and the glow of the sun below it.

    Nowhere is it lighter than a limit: where it would be, the colours of the low sun give way to
    those of the zenith, for an orange that is dark is a brown, which no sky is.
    """
    x, y = _grid(scenery.shape)
    lowest = scenery.open_sky.horizon if scenery.open_sky else 1.0
    height = np.clip(y / max(lowest, 0.1), 0, 1)
    sky: list[Floats] = [np.full(scenery.shape, each, np.float32) for each in _yuv(zenith)]
    shares = [(horizon, height**1.6)]
    if lighting.afterglow:
        colour, strength = lighting.afterglow
        away = ((x - scenery.sun) / 0.3) ** 2 + ((height - 1) / 0.35) ** 2
        shares.append((colour, np.exp(-away) * strength))
    for colour, share in shares:
        new = _yuv(colour)
        mixed = share * np.clip(limit / max(new[0], 0.02), 0, 1) ** 2
        sky = [np.asarray(a + (b - a) * mixed, np.float32) for a, b in zip(sky, new, strict=True)]
    darker = np.clip(limit / np.maximum(sky[0], 0.01), 0, 1)
    return [np.asarray(each * darker, np.float32) for each in sky]


def _keep_lamps(state: LightMaps, scenery: Scenery) -> None:
    """Lamps that shine stay as bright as they are, and light what is around them."""
    maps, scalars = state.maps, state.scalars
    core, halo = lamp_light(scenery)
    if not core.any():
        return
    maps[Map.LAMP] = core
    scalars[Scalar.LAMP_GAIN] = 1.05
    least = float(np.clip(scenery.land + 0.2, 0.45, 0.8))
    scalars[Scalar.LAMP_FROM], scalars[Scalar.LAMP_FULL] = least, least + 0.15
    missing = np.clip(0.9 - maps[Map.GAIN], 0, 1) * halo * np.float32(_HALO)
    maps[Map.GAIN] += missing
    maps[Map.CHROMA] += missing
    maps[Map.GLOW] += 0.03 * halo
    for place, warm in ((Map.TINT_U, _WARM[0]), (Map.TINT_V, _WARM[1])):
        maps[place] += (warm - maps[place]) * halo
    maps[Map.ADD_U] *= 1 - halo


def lamp_light(scenery: Scenery) -> tuple[Floats, Floats]:
    """The lamps of a picture that shine, widened, and the light around them; both 0 to 1."""
    core, halo = np.zeros(scenery.shape, np.float32), np.zeros(scenery.shape, np.float32)
    for each in scenery.lights:
        if each.kind is LightKind.LAMP and each.shines:
            own = each.cover(scenery.shape, grown=1.5)
            core = np.maximum(core, own)
            # Light adds up, but nothing gets lighter than close to a lamp.
            halo = 1 - (1 - halo) * (1 - _halo(own))
    return core, halo


def _halo(core: Floats) -> Floats:
    """The light around a lamp: a sum of blurs, as wide as the lamp is large, 0 to 1."""
    radius = float(np.sqrt(core.sum() / np.pi))
    least = _SPREAD * max(core.shape)
    halo = np.zeros(core.shape, np.float32)
    for reach, share in ((1.0, 0.6), (3.0, 0.4)):
        blurred = cv2.GaussianBlur(core, (0, 0), reach * max(0.6 * radius, 0.2 * least))
        halo += blurred * np.float32(share / max(float(blurred.max()), 1e-3))
    return np.asarray(np.clip(halo, 0, 1), np.float32)


def _within(values: Floats, sky: Floats) -> Floats:
    """Values of the sky, smooth, and continued beyond it."""
    sigma = 0.08 * max(values.shape)
    weight = np.where(sky > 0.9, 1, 0).astype(np.float32) + np.float32(1e-6) * sky
    total = cv2.GaussianBlur(weight, (0, 0), sigma) + np.float32(1e-6)
    mean = float((values * weight).sum() / max(float(weight.sum()), 1e-6))
    return np.asarray(
        (cv2.GaussianBlur(values * weight, (0, 0), sigma) + np.float32(1e-6 * mean)) / total,
        np.float32,
    )


def _grid(shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Column and row of each cell, 0 to 1."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32) + np.float32(0.5)
    return x / np.float32(shape[1]), y / np.float32(shape[0])


def _yuv(colour: Colour) -> tuple[float, float, float]:
    """sRGB as luma 0 to 1, and U and V in eight-bit steps around zero."""
    red, green, blue = (each / 255 for each in colour)
    luma = KR * red + (1 - KR - KB) * green + KB * blue
    return luma, 224 * (blue - luma) / (2 * (1 - KB)), 224 * (red - luma) / (2 * (1 - KR))
