"""Smoke and steam: a grey veil with soft edges that stands upright."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.vision.regions.survey import Find, Mask, Survey, blurred, components

# In units of CIELAB.
_SOFT = 2.2  # of L* per pixel: the edge of a thing is harder
_VEIL = 5.0  # of L*: a thinner veil is not told from its background
_LEAST, _MOST = 0.004, 0.35  # of the picture


def find_smoke(survey: Survey) -> Find | None:
    """A column or a cloud of smoke or steam below or before the sky."""
    around = blurred(survey.light, max(survey.shape) / 9)
    veil = np.abs(survey.light - around) > _VEIL
    calm = (survey.fine < 3.0) & (survey.edge < _SOFT)
    grey = (survey.chroma < 7.5) & (survey.light > 30)
    candidate = veil & calm & grey & survey.free
    if survey.above is not None:
        candidate &= ~survey.above
    opened = cv2.morphologyEx(candidate.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    mask: Mask = np.zeros(survey.shape, bool)
    score = 0.0
    for part in components(opened > 0, _LEAST):
        sure = _smoke_score(part, survey)
        if sure >= 0.5:
            mask |= part
            score = max(score, sure)
    if not _LEAST <= mask.mean() <= _MOST:
        return None
    return Find(mask.astype(np.float32), score)


def _smoke_score(part: Mask, survey: Survey) -> float:
    """How sure it is that a soft grey part is smoke or steam, 0 to 1."""
    height, width = survey.shape
    y, x = np.nonzero(part)
    upright = (np.ptp(y) + 1) / (np.ptp(x) + 1)
    wider = cv2.dilate(part.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    border = wider & ~part
    if not border.any() or y.max() >= height - 2:
        return 0.0
    # A veil ends softly nearly all round; a grey wall or a road has an outline.
    soft = float((survey.edge[border] < 2 * _SOFT).mean())
    # It is of many shades.
    shades = min(float(np.std(survey.light[part])) / 6, 1.0)
    # It is no thin line along a thing, and does not fill the frame from side to side.
    solid = float(part.sum()) / ((np.ptp(y) + 1) * (np.ptp(x) + 1))
    wide = float(x.min() > 1) + float(x.max() < width - 2)
    # What is cut off by the border all along is a backdrop.
    cut = max(int(part[:, 0].sum()), int(part[:, -1].sum())) / (np.ptp(y) + 1)
    if soft < 0.75 or solid < 0.25 or not wide or cut > 0.3:
        return 0.0
    # Much is soft and grey: only what is all of it counts.
    return float(np.clip(0.45 * soft + 0.3 * min(upright / 1.2, 1) + 0.25 * shades - 0.4, 0, 1))
