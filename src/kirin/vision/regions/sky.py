"""The sky of a picture, and whether it has clouds."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from kirin.vision.matting.guided_filter import Floats
from kirin.vision.regions.survey import Find, Mask, Survey, blurred, components

# All lightness and colour in units of CIELAB, found by looking at photographs.
_GRAIN = 4.0  # of L*: what is rougher is leaves, rock or a building, and no cloud
_STEP = 5.0  # of L* from pixel to pixel: an edge of a thing, and not of a cloud
_TOP = 0.12  # of the width: the least of the upper border that a sky takes
_LEAST = 0.05  # of the picture: a smaller sky is not sure to be one
_TEXTURE = 1.6  # a sky with less variation is clear
_HORIZON = 3.0  # of colour within four rows: haze over a lake


def find_sky(survey: Survey) -> Find | None:
    """The sky: smooth, of a colour that skies have, and open to the upper border."""
    coloured = sky_colours(survey)
    calm = (survey.fine < _GRAIN) & (survey.edge < _STEP)
    # White clouds against blue have edges as hard as things have; no rock is so bright all over.
    white = (blurred(survey.light, 5.0) > 72) & (survey.light > 60) & (survey.chroma < 40)
    white &= (survey.fine < 3 * _GRAIN) & (survey.b < 8)
    open_ = (coloured & calm & survey.free).astype(np.uint8)
    bright = (coloured & white & survey.free).astype(np.uint8)
    sky = np.zeros(survey.shape, bool)
    parts = components(
        cv2.morphologyEx(open_, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0, 0.0015
    )
    for part in parts:
        if _top_share(part) >= _TOP or (part[0].any() and part.mean() > 0.02):
            sky |= part
    if sky.mean() < _LEAST or _top_share(sky) < _TOP:
        return None
    below = horizon(sky, survey)
    if below is not None:
        sky[below:] = False
        for part in parts:
            part[below:] = False
    if sky.mean() < _LEAST:
        return None
    if below is not None:
        bright[below:] = 0
    parts += components(bright > 0, 0.0015)
    sky = _grown(_with_clouds(sky, [part for part in parts if part.any()]), survey)
    return Find(sky.astype(np.float32), _confidence(sky, survey))


def find_clouds(survey: Survey) -> Find | None:
    """The sky, where it has clouds; a clear sky would show no motion."""
    sky = find_sky(survey)
    if sky is None or cloudiness(sky.mask > 0.5, survey) < _TEXTURE:
        return None
    return sky


def sky_colours(survey: Survey) -> Mask:
    """Pixels of a colour that a sky can have: blue, grey, or the warm light of a low sun."""
    light, a, b = survey.light, survey.a, survey.b
    blue = (b < -2) & (a < 40) & (light > 12)
    grey = (survey.chroma < 11) & (light > 28)
    # Haze is yellowish, and a low sun dyes clouds: bright, or between yellow and red.
    warm = (light > 50) & (a > -14) & (b < 75)
    leafy = (a < -14) & (b > 10)
    found: Mask = (blue | grey | warm) & ~leafy
    return found


def cloudiness(sky: Mask, survey: Survey) -> float:
    """Variation within a sky of the size of clouds, in units of CIELAB.

    Of lightness and b*, between about 1% and 6% of the side: broader is the sky's own glow, finer
    is the noise of a camera. The median of the best quarter, since a sky may be partly clear.
    """
    inside = cv2.erode(sky.astype(np.uint8), np.ones((7, 7), np.uint8), borderValue=1) > 0
    if inside.mean() < _LEAST / 2:
        return 0.0
    weight = inside.astype(np.float32)
    energy: Floats = np.zeros(survey.shape, np.float32)
    for values in (survey.light, survey.b):
        fine, broad = (
            _blurred_within(values, weight, *sigmas) for sigmas in ((2.0, 2.0), (40.0, 4.0))
        )
        energy += (fine - broad) ** 2
    near = _blurred_within(energy, weight, 6.0, 6.0)
    return float(np.sqrt(np.percentile(near[inside], 80)))


def _blurred_within(values: Floats, weight: Floats, across: float, down: float) -> Floats:
    """A blur that takes no account of what is outside."""

    def blur(plane: Floats) -> Floats:
        size = (0, 0)
        return cast(Floats, cv2.GaussianBlur(plane, size, across, sigmaY=down))

    return cast(Floats, blur(values * weight) / np.maximum(blur(weight), 0.02))


def horizon(sky: Mask, survey: Survey) -> int | None:
    """The row at which a sky meets water or haze below it that has colours like its own."""
    height = survey.shape[0]
    step = np.zeros(height, np.float32)
    for values in (survey.light, survey.a, survey.b):
        smooth = cv2.blur(values, (9, 3))
        change = np.zeros(survey.shape, np.float32)
        change[2:-2] = smooth[4:] - smooth[:-4]
        both = sky & np.roll(sky, 5, axis=0) & np.roll(sky, -5, axis=0)
        for row in range(6, height - 6):
            at = both[row]
            if at.sum() > 0.35 * max(sky[row].sum(), 0.3 * survey.shape[1]):
                # An edge that most columns share is a horizon; a cloud's is of a few.
                step[row] += abs(float(np.median(change[row, at])))
    narrow = step - np.median(np.stack([np.roll(step, k) for k in range(-9, 10, 3)]), axis=0)
    row = int(np.argmax(narrow[height // 5 :])) + height // 5
    return row if narrow[row] > _HORIZON else None


def _top_share(part: Mask) -> float:
    return float(part[:2].any(axis=0).mean())


def _with_clouds(sky: Mask, parts: list[Mask]) -> Mask:
    """Add calm parts that hang in the sky: clouds, cut off from it by their hard edges."""
    side = max(sky.shape)
    gap = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side // 9 | 1, side // 9 | 1))
    lowest = int(np.percentile(np.nonzero(sky)[0], 99))
    for _ in range(2):
        near = cv2.dilate(sky.astype(np.uint8), gap) > 0
        for part in parts:
            inner = cv2.erode(part.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1) > 0
            border = part & ~inner
            surrounded = (border & near).sum() > 0.4 * border.sum() or (
                (part & near).sum() > 0.5 * part.sum() or _top_share(part) > 0.04
            )
            if surrounded and np.percentile(np.nonzero(part)[0], 30) <= lowest:
                sky = sky | part
    return sky


def _grown(sky: Mask, survey: Survey) -> Mask:
    """Add clouds with hard edges, by the colours of what is surely sky and surely is not (GrabCut:
    Rother, Kolmogorov, Blake 2004).
    """
    lowest = int(np.percentile(np.nonzero(sky)[0], 98))
    side = max(survey.shape)
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side // 20 | 1, side // 20 | 1))
    near = cv2.morphologyEx(sky.astype(np.uint8), cv2.MORPH_CLOSE, ellipse) > 0
    rough = blurred((survey.fine > 2.5 * _GRAIN).astype(np.float32), 2.0) > 0.6
    labels = np.full(survey.shape, cv2.GC_PR_BGD, np.uint8)
    labels[near] = cv2.GC_PR_FGD
    labels[cv2.erode(sky.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=1) > 0] = (
        cv2.GC_FGD
    )
    labels[rough | ~survey.free] = cv2.GC_BGD
    labels[min(lowest + 6, survey.shape[0] - 1) :] = cv2.GC_BGD
    if not (labels == cv2.GC_FGD).any():
        return sky
    if (labels == cv2.GC_BGD).mean() < 0.02:  # nothing but sky
        return near & survey.free & ((survey.light > 40) | sky)
    cv2.setRNGSeed(1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(survey.rgb, labels, (0, 0, 1, 1), *models, 2, cv2.GC_INIT_WITH_MASK)
    found = (labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)
    smooth = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    grown = np.zeros(survey.shape, bool)
    for part in components(smooth > 0, 0.002):
        if _top_share(part) > 0.02 or (part & sky).mean() > 0.01:
            grown |= part
    return grown


def _confidence(sky: Mask, survey: Survey) -> float:
    cool = float(((survey.b < -2) | (survey.chroma < 11))[sky].mean())
    bright = float(np.median(survey.light[sky]))
    below = ~sky & (survey.row > survey.row[sky].mean())
    brighter = bright - float(np.median(survey.light[below])) if below.any() else 20.0
    smooth = 1 - float(survey.fine[sky].mean()) / _GRAIN
    if cool < 0.3 and bright < 75:  # wood, skin, fur
        return 0.0
    score = 0.1 + 0.5 * min(cool / 0.4, 1) + 0.2 * np.clip(brighter / 20, -1, 1)
    score += 0.2 * _top_share(sky) + 0.15 * smooth + 0.1 * (bright > 60)
    return float(np.clip(score, 0, 1))
