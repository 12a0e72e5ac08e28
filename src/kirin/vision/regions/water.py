"""The water of a picture: lakes and the sea below a sky, and white water between rocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from kirin.vision.matting.guided_filter import Floats
from kirin.vision.regions.survey import Find, Mask, Survey, blurred, components

# In units of CIELAB, found by looking at photographs.
_GRAIN = 4.5  # of L*: rougher is shingle, grass, a deck
_GAUDY = 45.0  # chroma that no water has beyond where it is sure
_LEAST = 0.015  # of the picture


def find_water(survey: Survey) -> Find | None:
    """Whichever is surer: an open water, or a cascade."""
    found = [each for each in (find_open_water(survey), find_cascade(survey)) if each]
    return max(found, key=lambda each: each.confidence, default=None)


def find_open_water(survey: Survey) -> Find | None:
    """A lake, a river or the sea: below the sky, calm or streaked across, with the sky's colours.

    Calm things that are no water (roads, sand, tables) differ in colour from a sky, or are not
    wide, or have their streaks in another direction.
    """
    above = survey.above
    if above is None or above.mean() > 0.9:
        return None
    lowest = float(np.percentile(np.nonzero(above)[0], 97))
    rows = np.arange(survey.shape[0], dtype=np.float32)[:, None]
    low = above & (survey.row * (survey.shape[0] - 1) > lowest - 0.1 * survey.shape[0])
    sheen = Sheen(lowest, float(np.median(survey.light[low])))
    mirrored = _mirror_likeness(above, survey)
    streaked = (survey.level > 0.62) | (survey.fine < 1.5)
    calm = (survey.fine < _GRAIN) & (survey.edge < 6)
    candidate = (rows > lowest - 2) & calm & streaked & (mirrored > 0.35)
    candidate &= ~above & survey.free & ~_plants(survey)
    candidate_u8 = cv2.morphologyEx(candidate.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 5))
    candidate_u8 = cv2.morphologyEx(candidate_u8, cv2.MORPH_CLOSE, kernel)
    best: Mask = np.zeros(survey.shape, bool)
    score = 0.0
    for part in components(candidate_u8 > 0, 0.004):
        sure = (
            _open_score(part, survey, mirrored, lowest) if _like_water(part, survey, sheen) else 0
        )
        if sure > 0.45:
            best |= part
            score = max(score, sure)
    if best.mean() < _LEAST:
        return None
    best = _grown(best, (rows > lowest - 2) & ~above & survey.free, mirrored, survey)
    return Find(best.astype(np.float32), score)


def _grown(water: Mask, below: Mask, mirrored: Floats, survey: Survey) -> Mask:
    """A water with what goes on from it in other colours that the sky has, or its own."""
    lab = np.stack([survey.light, survey.a, survey.b], axis=2)
    mean, spread = lab[water].mean(axis=0), lab[water].std(axis=0) + 3.0
    own = (np.abs(lab - mean) < 2.5 * spread).all(axis=2)
    calm = (blurred(survey.fine, 1.5) < 1.2 * _GRAIN) & (survey.edge < 6)
    level = survey.level > 0.5
    more = (
        below
        & calm
        & level
        & (own | (mirrored > 0.12))
        & (survey.chroma < _GAUDY)
        & ~_plants(survey)
    )
    opened = cv2.morphologyEx(more.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    bridge = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 3))
    joined = cv2.morphologyEx((water | (opened > 0)).astype(np.uint8), cv2.MORPH_CLOSE, bridge)
    _, labels = cv2.connectedComponents(joined)
    touched = np.unique(labels[water])
    return np.isin(labels, touched[touched > 0]) & below & (joined > 0)


def find_cascade(survey: Survey) -> Find | None:
    """Water that falls over rocks: it mirrors the sky, and so is bluer than these all along."""
    blue = (survey.b < -4) & (survey.light > 22) & (survey.chroma < 28) & survey.free
    blue &= blurred(survey.b, 30.0) > -8  # where all is blue, it is the light
    blue &= survey.row > 0.08
    if survey.above is not None:
        near = cv2.dilate(survey.above.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
        blue &= ~near
    dense = blurred(blue.astype(np.float32), 3.5)
    best, score = None, 0.0
    for part in components(dense > 0.4, 0.006):
        sure = _cascade_score(part, survey)
        if sure > score:
            best, score = part, sure
    if best is None:
        return None
    # Its further steps, up and down the stream.
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (31, 31))
    steps = components((dense > 0.3) & ~best, 0.001)
    for _ in range(2):
        for part in steps:
            near = cv2.dilate(best.astype(np.uint8), reach) > 0
            if (near & part).sum() > 0.3 * part.sum():
                best = best | part
    # Other blue things are as blue: only what is sure is worth more than half.
    return Find(best.astype(np.float32), score - 0.15)


def _cascade_score(part: Mask, survey: Survey) -> float:
    """How sure it is that a bluish part is a cascade, 0 to 1."""
    y, x = np.nonzero(part)
    tall = (np.ptp(y) + 1) / survey.shape[0]
    slim = (np.ptp(y) + 1) / (np.ptp(x) + 1)
    around = cv2.dilate(part.astype(np.uint8), np.ones((21, 21), np.uint8)) > 0
    around &= ~part & survey.free
    bluer = float(np.median(survey.b[around]) - np.median(survey.b[part])) / 10
    natural = float((survey.chroma < 30)[around].mean())
    # White where it falls, over steps that lie across; bark and spokes stand upright.
    white = float((survey.light > 65)[part].mean()) / 0.12
    rough = float(survey.fine[part].mean()) / 8
    steps = float(np.clip((survey.level[part].mean() - 0.42) / 0.12, 0, 1))
    evidence = min(bluer, 1) * natural * min(white, 1) * min(rough, 1) * steps
    return float(np.clip(0.25 * min(tall / 0.3, 1) + 0.15 * min(slim, 1) + 0.6 * evidence, 0, 1))


def _plants(survey: Survey) -> Mask:
    found: Mask = (survey.a < -6) & (survey.b > 12)
    return found


def _mirror_likeness(sky: Mask, survey: Survey) -> Floats:
    """How much each pixel's colour is one that the sky has, 0 to 1; a little darker counts."""
    colours = np.stack([survey.light[sky], survey.a[sky], survey.b[sky]], axis=1)
    picks = colours[:: max(len(colours) // 1500, 1)].astype(np.float32)
    cv2.setRNGSeed(1)
    terms = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 0.5)
    _, _, centres = cv2.kmeans(
        picks, min(6, len(picks)), np.zeros((0, 1), np.int32), terms, 2, cv2.KMEANS_PP_CENTERS
    )
    nearest = np.full(survey.shape, 1e6, np.float32)
    for light, a, b in centres:
        darker = np.clip(light - survey.light, -40, 60)
        # Water takes up to half of the light, and some of the colour.
        off = np.where(darker > 0, np.maximum(darker - 25, 0), -darker)
        distance = (off / 22) ** 2 + ((survey.a - a) / 14) ** 2 + ((survey.b - b) / 18) ** 2
        nearest = np.minimum(nearest, distance.astype(np.float32))
    return cast(Floats, np.exp(-nearest))


@dataclass(frozen=True, slots=True)
class Sheen:
    """What an open water mirrors.

    Attributes:
        row: where the sky ends.
        light: L* of the sky just above.
    """

    row: float
    light: float


def _like_water(part: Mask, survey: Survey, sheen: Sheen) -> bool:
    """Whether a calm part below the sky can be water, and not a hill, a road, or clouds far off."""
    top = float(np.nonzero(part)[0].min())
    share = float(np.median(survey.light[part])) / max(sheen.light, 1.0)
    rough, level = float(survey.fine[part].mean()), float(survey.level[part].mean())
    if top > sheen.row + 0.15 * survey.shape[0]:
        return False
    if share > 1.03 and top < sheen.row + 0.02 * survey.shape[0]:
        return False  # brighter than the sky that it touches: of the sky itself
    if share < 0.38 or (share < 0.5 and rough > 2):
        return False
    if level < 0.68 and (rough > 1.6 or share < 0.7):
        return False
    return level > 0.58


def _open_score(part: Mask, survey: Survey, mirrored: Floats, lowest: float) -> float:
    """How sure it is that a part is open water, 0 to 1."""
    height, width = survey.shape
    y, x = np.nonzero(part)
    wide = (x.max() - x.min() + 1) / width
    close = 1 - min((y.min() - lowest) / (0.25 * height), 1.0)
    alike = float(mirrored[part].mean())
    level = float(survey.level[part].mean())
    rough = float(survey.fine[part].mean()) / _GRAIN
    size = min(part.mean() / 0.06, 1.0)
    return float(
        np.clip(
            0.3 * alike
            + 0.3 * wide
            + 0.2 * close
            + 0.25 * (level - 0.5) / 0.4
            - 0.15 * rough
            + 0.1 * size,
            0,
            1,
        )
    )
