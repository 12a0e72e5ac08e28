"""Finding flags: cloth in flat, vivid colours beside white or each other."""

from __future__ import annotations

from typing import Final, cast

import cv2
import numpy as np

from kirin.vision.matting.guided_filter import Floats
from kirin.vision.regions.survey import Find, Mask, Survey, blurred

_VIVID = 30.0  # chroma of a flag's colours
_WHITE = (62.0, 22.0)  # least L* and greatest chroma of its white
_HUES: Final = ((-40.0, 40.0), (60.0, 110.0), (110.0, 185.0), (225.0, 330.0))
"""Hue angles in a*, b* of red, yellow, green and blue, degrees."""

_AREA = (0.008, 0.3)  # of the picture
_SHARE = 0.12  # of a flag's area: least of each of two colours
_FILLED = 0.55  # of the rotated rectangle around it, that a flag fills
_COVERED = 0.8  # of a flag: its colours and white
_FLAT = 0.5  # of a flag: pixels without texture finer than a stripe
_SEAM = 1.5  # L* per pixel: least contrast where two colours meet
_FOLLOWS = 0.12  # of the longer side: width of a stripe of white between two of colour
_NEAR = 4  # pixels at the survey's size: widest stripe of white between two colours, halved


def find_flag(survey: Survey) -> Find | None:
    """The part of a picture that looks most like a flag; ``None`` where nothing does."""
    classes = _colours(survey)
    best: tuple[float, Mask] | None = None
    vivid = np.logical_or.reduce(classes[1:]) & survey.free
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _NEAR + 1, 2 * _NEAR + 1))
    joined = cv2.morphologyEx(vivid.astype(np.uint8), cv2.MORPH_CLOSE, disc)
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, labels, facts, _ = cv2.connectedComponentsWithStats(joined)
    for label in range(1, count):
        area = int(facts[label, cv2.CC_STAT_AREA]) / joined.size
        if not _AREA[0] <= area <= _AREA[1]:
            continue
        part = labels == label
        score = _likeness(part, classes, survey)
        if score > 0 and (best is None or score > best[0]):
            best = (score, part)
    if best is None:
        return None
    whole = _whole(best[1], vivid, survey)
    return Find(cast(Floats, whole.astype(np.float32)), min(1.0, best[0]))


def _whole(part: Mask, vivid: Mask, survey: Survey) -> Mask:
    """A flag with its further stripes, which hang below or beside it, and the white between."""
    reach = max(round(_FOLLOWS * max(survey.shape)), 1)
    for _ in range(3):
        columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
        room = np.zeros_like(part)
        room[rows[0] : rows[-1] + reach, columns[0] : columns[-1] + 1] = True
        stripes = cv2.morphologyEx(
            (vivid & room).astype(np.uint8), cv2.MORPH_OPEN, np.ones((4, 4), np.uint8)
        )
        side = 2 * (reach // 2) + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
        both = (part | (stripes > 0)).astype(np.uint8)
        joined = cv2.morphologyEx(both, cv2.MORPH_CLOSE, disc)
        _, labels = cv2.connectedComponents(joined)
        part = np.isin(labels, np.unique(labels[part])) & (joined > 0) & survey.free
    return part


def _colours(survey: Survey) -> list[Mask]:
    """White, and then red, yellow, green and blue."""
    angle = np.degrees(np.arctan2(survey.b, survey.a))
    light, grey = _WHITE
    classes: list[Mask] = [(survey.light > light) & (survey.chroma < grey)]
    for low, high in _HUES:
        turned = np.where(angle < low, angle + 360, angle)
        inside = (turned >= low) & (turned < high)
        least = _VIVID if high != _HUES[-1][1] else 0.6 * _VIVID  # blue is often dark
        classes.append(inside & (survey.chroma > least))
    return classes


def _likeness(part: Mask, classes: list[Mask], survey: Survey) -> float:
    area = float(part.sum())
    shares = np.array([float((part & each).sum()) / area for each in classes])
    covered, present = float(shares.sum()), np.sort(shares)[::-1]
    if present[1] < _SHARE or covered < _COVERED:
        return 0.0
    contours, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    (_, (width, height), _) = cv2.minAreaRect(contours[0])
    filled = area / max(width * height, 1.0)
    flat = float((survey.fine[part] < 6.0).mean())
    if filled < _FILLED or flat < _FLAT or _seam(part, classes, survey) < _SEAM:
        return 0.0
    return covered * min(1.0, filled + 0.3)


def _seam(part: Mask, classes: list[Mask], survey: Survey) -> float:
    """Contrast where two colours of a flag meet, L* per pixel: dyed cloth has no gradients."""
    square = np.ones((5, 5), np.uint8)
    near = np.zeros(part.shape, np.uint8)
    for each in classes:
        near += cv2.dilate((each & part).astype(np.uint8), square) > 0
    meeting = part & (near >= 2)
    return float(np.median(blurred(survey.edge, 1.0)[meeting])) if meeting.any() else 0.0
