"""Finding grass, foliage and flowers: by colour, texture, direction of edges, and position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from kirin.vision.matting.guided_filter import Floats
from kirin.vision.regions.survey import Find, Mask, Survey, blurred, components

# Hues in degrees, 0 red, 60 yellow, 120 green.
_GREEN = (62.0, 165.0)
_STRAW = (35.0, 62.0)  # dry grass, olive and yellowish leaves
_AUTUMN = (-20.0, 35.0)
_BLEND = 4.0  # degrees within which a hue is half of a band

_PLAIN = (0.9, 2.2)  # L* of fine texture: none, and surely some
_DENSE = (0.25, 0.45)  # share of pixels with detail: an outline has little, a meadow is full
_BUILT = (0.36, 0.44)  # share of edges that are level or upright: nature has 0.25, houses 0.5
_STREAKED = 0.42  # mean coherence of foliage is below it, that of fur, wood and folds above
_LEVEL = 0.72  # share of energy in level streaks from which it is water or planks, no grass
_LEVEL_ALL = 0.78  # the same, of all that has the tones of dry grass
_VERDURE = 0.04  # of what is not a blossom: least green around flowers
_CLOSE_UP = (0.5, 62.0)  # area and chroma of a red or orange blossom that fills the picture
_DULL = 0.62  # of the mean chroma of near grass: what is below it is something else
_STALKS = 0.55  # coherence of stems against what is behind them
_THIN = 1.2  # L* by which a stem stands out from what is behind it
_CROWNS = (0.42, 0.54)  # coherence of a tree's crown, and of a lawn or of blades
_LEAST = 0.02  # of the picture: area of vegetation that is believed
_LAWN = (0.12, 0.16)  # of the picture: least of green and of dry grass
_CROWN, _BLOSSOM = 0.09, 0.045  # and of leaves and flowers
_GRAIN = (0.53, 7.0)  # fineness above which, and L* of detail below which, a texture is a grain
_FOLIAGE = 0.3  # coherence of dry grass is above it, that of dry leaves below
_PETAL = 62.0  # chroma that dry grass does not reach
_RIBS = (0.65, 3.5)  # coherence and L* of detail of the ribs of one leaf
_PETALS = 0.39  # fineness: petals are smoother than grass and twigs
_SCRAP = 0.0015  # of the picture: smaller components are dropped


@dataclass(frozen=True, slots=True)
class _Tones:
    """How much each pixel has the colours of plants, 0 to 1, float32."""

    green: Floats
    straw: Floats
    autumn: Floats
    saturation: Floats
    hue: Floats


def find_grass(survey: Survey) -> Find | None:
    """Grass: green or dry, textured, not in level streaks; what stands on the ground."""
    tones, textured, built = _tones(survey), _textured(survey), _rectilinear(survey)
    streaks = _ramp(survey.level * survey.coherence, _LEVEL - 0.1, _LEVEL)
    natural = 1.0 - _ramp(built, *_BUILT)
    dry = tones.straw * textured
    if _mean(built, dry) > _BUILT[0] + 0.04 or _mean(survey.level, dry) > _LEVEL_ALL:
        dry = np.zeros_like(dry)  # planks, brickwork, a glitter on water
    dry = dry * natural * (1.0 - streaks)
    evidence = cast(Floats, np.maximum(tones.green * (1.0 - streaks) * textured, dry))
    # Trunks in green light, and bushes beyond a meadow, are duller than the grass before them.
    near = evidence * (survey.row > 0.6)
    lively = survey.chroma > _DULL * _mean(survey.chroma, near)
    evidence = evidence * lively * _below_sky(survey)
    grass = _closed(evidence)
    # Heads of dry grass are redder than its blades, and stand among and above them: thin and
    # apart, where texture is not dense.
    toned = np.maximum(np.maximum(tones.straw, tones.autumn), tones.green) > 0.4
    apart = toned & (abs(_relief(survey)) > _THIN) & (_streaked(survey) > _STALKS)
    grass = _grown(grass, apart & (built < _BUILT[0]) & ~_bulky(apart))
    parts = [
        part
        for part in components(grass & survey.free, _SCRAP)
        if float(survey.row[part].max()) > 0.62
    ]
    if not parts or not _blades(np.logical_or.reduce(parts), survey, tones):
        return None
    return _found(parts, evidence)


def find_leaves(survey: Survey) -> Find | None:
    """Foliage of trees, bushes and weeds: green to red, its edges in all directions."""
    tones, textured, built = _tones(survey), _textured(survey), _rectilinear(survey)
    streaked = _streaked(survey)
    natural = 1.0 - _ramp(built, *_BUILT)
    coloured = np.zeros_like(textured)
    for tone in (tones.straw, tones.autumn):
        toned = tone * textured
        if _mean(streaked, toned) < _STREAKED and _mean(built, toned) < _BUILT[0]:
            coloured = np.maximum(coloured, toned * natural)
    green = tones.green * (1.0 - _ramp(survey.level * survey.coherence, 0.75, 0.9)) * textured
    leaves = cast(Floats, np.maximum(coloured, green))
    # Crowns are rough in all directions, a lawn below them is not; without any crowns, all that
    # is green is meant.
    crowns = leaves * (1.0 - _ramp(streaked, *_CROWNS))
    evidence = crowns if float(crowns.mean()) > 0.04 else leaves
    evidence = evidence * _below_sky(survey)
    blossoms = find_flowers(survey)
    if blossoms is not None and blossoms.confidence > 0.5:
        evidence = evidence * (1.0 - blossoms.mask)
    parts = components(_closed(evidence) & survey.free, _SCRAP)
    if not parts:
        return None
    region = np.logical_or.reduce(parts)
    if region.mean() < _CROWN or _grainy(region, survey):
        return None
    return _found(parts, evidence)


def _below_sky(survey: Survey) -> Floats:
    """0 in the sky, 1 elsewhere."""
    if survey.above is None:
        return np.ones(survey.shape, np.float32)
    return (~survey.above).astype(np.float32)


def _sky_coloured(survey: Survey) -> Floats:
    """1 in the sky, and where it may be seen through leaves, 0 elsewhere."""
    above = survey.above
    if above is None or not above.any():
        return np.zeros(survey.shape, np.float32)
    alike = above.copy()
    lab = np.stack([survey.light, survey.a, survey.b], axis=2)
    mean, spread = lab[above].mean(axis=0), lab[above].std(axis=0) + 4.0
    if mean[2] < 0:  # a warm one has colours of blossoms
        alike |= (np.abs(lab - mean) < 2.5 * spread).all(axis=2)
    near = cv2.dilate(alike.astype(np.uint8), np.ones((3, 3), np.uint8))
    return near.astype(np.float32)


def _blades(region: Mask, survey: Survey, tones: _Tones) -> bool:
    """Whether what has the colours of grass can be it, and not leaves, petals, or a scrap."""
    dry = float(np.maximum(tones.straw, tones.autumn)[region].mean())
    if region.mean() < _LAWN[int(dry > 0.6)] or _grainy(region, survey):
        return False
    streaked, detail = (float(each(survey)[region].mean()) for each in (_streaked, _detail))
    if dry > 0.6 and (streaked < _FOLIAGE or float(survey.chroma[region].mean()) > _PETAL):
        return False
    # A leaf that fills the picture has ribs, all in one direction, and shallow ones.
    return not (streaked > _RIBS[0] and detail < _RIBS[1])


def _grainy(region: Mask, survey: Survey) -> bool:
    """Whether a texture is the faint, fine grain of a wall or of paper."""
    fine, detail = _fineness(survey)[region].mean(), _detail(survey)[region].mean()
    return bool(fine > _GRAIN[0] and detail < _GRAIN[1])


def find_flowers(survey: Survey) -> Find | None:
    """Blossoms: vivid spots of a hue that leaves do not have, or pale ones among the green."""
    tones = _tones(survey)
    vivid = _ramp(survey.chroma, 32.0, 48.0) * (1.0 - tones.green)
    sharp = _ramp(blurred(survey.edge, 5.0), 0.5, 1.2)
    lighter = survey.light - blurred(survey.light, 24.0)
    pale = _ramp(lighter, 8.0, 16.0) * (1.0 - _ramp(survey.chroma, 24.0, 40.0))
    around = blurred(np.maximum(tones.green, 0.6 * tones.straw), 24.0)
    built = _ramp(blurred(_rectilinear(survey), 6.0), *_BUILT)
    evidence = np.maximum(vivid, pale * _ramp(around, 0.25, 0.45)) * sharp * (1.0 - built)
    evidence = evidence * (1.0 - _sky_coloured(survey))
    parts = [
        _without_holes(part) & survey.free
        for part in components(_closed(evidence) & survey.free, 0.004)[:8]
    ]
    if not parts:
        return None
    region = np.logical_or.reduce(parts)
    if region.mean() < _BLOSSOM or float(_fineness(survey)[region].mean()) > _PETALS:
        return None
    straw, chroma = (float(each[region].mean()) for each in (tones.straw, survey.chroma))
    if straw > 0.7 and chroma < _PETAL and float(np.median(survey.a[region])) < 0:
        return None  # leaves with the sun on them
    rest = ~region
    verdure = float(tones.green[rest].mean()) if rest.any() else 0.0
    whole = (survey.chroma > _CLOSE_UP[1]) & (survey.a > 20.0) & (survey.b > 10.0)
    if verdure < _VERDURE and float(whole.mean()) < _CLOSE_UP[0]:
        return None
    evidence = np.maximum(evidence, vivid * region)
    return _found(parts, evidence, least=0.006)


def _mean(values: Floats, weight: Floats) -> float:
    return float((values * weight).sum() / (weight.sum() + 1e-6))


def _found(parts: list[Mask], evidence: Floats, least: float = _LEAST) -> Find | None:
    if not parts:
        return None
    region = np.logical_or.reduce(parts)
    sure = float(evidence[region].mean())
    area = float(region.mean())
    confidence = min(1.0, 1.2 * sure) * min(1.0, 0.5 + 0.25 * area / least)
    if area < least:
        confidence *= area / least
    mask = np.where(cv2.dilate(region.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0, 1.0, 0.0)
    return Find(cast(Floats, (mask * _filled(evidence, region)).astype(np.float32)), confidence)


def _filled(evidence: Floats, region: Mask) -> Floats:
    return np.maximum(evidence, region.astype(np.float32))


def _closed(evidence: Floats) -> Mask:
    """Where there is evidence, without specks and without small gaps."""
    solid = (blurred(evidence.astype(np.float32), 1.5) > 0.38).astype(np.uint8)
    closed = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return closed > 0


def _without_holes(part: Mask) -> Mask:
    """A component with the vivid but smooth middle of its petals."""
    outlines, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(part.shape, np.uint8)
    cv2.drawContours(filled, outlines, -1, 1, cv2.FILLED)
    return filled > 0


def _bulky(mask: Mask) -> Mask:
    """The parts of a mask that are wider than a stem."""
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)) > 0


def _grown(strong: Mask, weak: Mask) -> Mask:
    """Strong evidence, and the components of weak evidence that hang on it."""
    both = cv2.morphologyEx(
        (strong | weak).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)
    )
    _, labels = cv2.connectedComponents(both)
    held = np.unique(labels[strong])
    return strong | (weak & np.isin(labels, held[held > 0]))


def _tones(survey: Survey) -> _Tones:
    hsv = cv2.cvtColor(survey.rgb.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2HSV)
    hue, saturation, value = (cast(Floats, np.ascontiguousarray(hsv[..., i])) for i in range(3))
    turned = np.where(hue > 300, hue - 360, hue)
    green = _band(hue, *_GREEN) * _ramp(-survey.a, 3.0, 8.0) * _ramp(saturation, 0.14, 0.26)
    straw = _band(hue, *_STRAW) * _ramp(saturation, 0.2, 0.35) * _ramp(value, 0.06, 0.12)
    autumn = _band(turned, *_AUTUMN) * _ramp(saturation, 0.35, 0.5) * _ramp(value, 0.1, 0.2)
    return _Tones(green, straw, autumn, saturation, hue)


def _textured(survey: Survey) -> Floats:
    """Whether there is detail, and densely, 0 to 1."""
    high = _relief(survey)
    dense = blurred((abs(high) > _PLAIN[0] * 0.7).astype(np.float32), 5.0)
    return _ramp(_detail(survey), *_PLAIN) * _ramp(dense, *_DENSE)


def _streaked(survey: Survey) -> Floats:
    """Coherence of the gradients within 5% of the side, 0 to 1."""
    gx, gy = cv2.Sobel(survey.light, cv2.CV_32F, 1, 0), cv2.Sobel(survey.light, cv2.CV_32F, 0, 1)
    xx, yy, xy = (blurred(cast(Floats, each), 8.0) for each in (gx * gx, gy * gy, gx * gy))
    return cast(Floats, np.sqrt((xx - yy) ** 2 + 4 * xy**2) / (xx + yy + np.float32(1e-3)))


def _relief(survey: Survey) -> Floats:
    """L* less that of the surroundings."""
    return cast(Floats, survey.light - blurred(survey.light, 3.0))


def _detail(survey: Survey) -> Floats:
    """Deviation of L* from its surroundings, within 1.5% of the side."""
    high = _relief(survey)
    return cast(Floats, np.sqrt(blurred(high * high, 4.0)))


def _fineness(survey: Survey) -> Floats:
    """Share of the detail that is of single pixels, 0 to about 0.6: grain has all of it."""
    single = np.abs(survey.light - blurred(survey.light, 1.0))
    return cast(Floats, blurred(single, 4.0) / (_detail(survey) + np.float32(0.3)))


def _rectilinear(survey: Survey) -> Floats:
    """Share of the gradient's energy that is within 10 degrees of level or upright, 0 to 1."""
    gx = cv2.Sobel(survey.light, cv2.CV_32F, 1, 0)
    gy = cv2.Sobel(survey.light, cv2.CV_32F, 0, 1)
    energy = gx * gx + gy * gy
    small, great = np.minimum(abs(gx), abs(gy)), np.maximum(abs(gx), abs(gy))
    straight = np.where(small < great * np.float32(np.tan(np.radians(10))), energy, 0)
    return blurred(straight.astype(np.float32), 8.0) / (blurred(energy, 8.0) + np.float32(1e-3))


def _band(hue: Floats, low: float, high: float) -> Floats:
    rising = _ramp(hue, low - _BLEND, low + _BLEND)
    return rising * (1.0 - _ramp(hue, high - _BLEND, high + _BLEND))


def _ramp(values: Floats, low: float, high: float) -> Floats:
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    return cast(Floats, (t * t * (3 - 2 * t)).astype(np.float32))
