"""Flames: a core that is nearly white, a body that is yellow, a rim that is red, dark around."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.vision.regions.survey import Find, Mask, Survey, components

# In units of CIELAB. A flame is a black body of 1000 to 1900 K: as it gets brighter it goes from
# red over orange and yellow to white, and never to pink or green.
_LEAST = 0.0008  # of the picture: the flame of a candle
_MOST = 0.5


def find_fire(survey: Survey) -> Find | None:
    """Flames of any size, from a candle's to a blaze."""
    glowing = (survey.light > 48) & (survey.b > 28) & (survey.b > 0.55 * survey.a)
    glowing &= (survey.a > 2) | ((survey.light > 75) & (survey.a > -0.3 * survey.b))
    hot = (survey.light > 86) & (survey.b > 4) & (survey.a > -14)
    flame = (glowing | hot) & survey.free
    mask: Mask = np.zeros(survey.shape, bool)
    score = 0.0
    for part in components(flame, _LEAST):
        sure = _fire_score(part, survey)
        if sure > 0.6:
            mask |= part
            score = max(score, sure)
    if not _LEAST <= mask.mean() <= _MOST:
        return None
    return Find(mask.astype(np.float32), score)


def _fire_score(part: Mask, survey: Survey) -> float:
    """How sure it is that a glowing part is a flame, 0 to 1."""
    side = max(survey.shape) // 16 | 1
    around = cv2.dilate(part.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
    around &= ~part
    if not around.any():
        return 0.0
    core = part & (survey.light > 86) & (survey.chroma < 75)
    rim = part & (survey.light < 78) & (survey.a > 14)
    white = min(float(core.sum()) / part.sum() / 0.08, 1.0)
    red = min(float(rim.sum()) / part.sum() / 0.12, 1.0)
    dark = float(np.clip((50 - np.median(survey.light[around])) / 22, 0, 1))
    # The rim is outside, the core within.
    inner = cv2.erode(part.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    within = float(core[inner].sum()) / max(float(core.sum()), 1.0)
    # By degrees: lamps are near half, and quotes see other pixels than renders.
    nested = float(np.clip((within - 0.5) / 0.1, 0, 1))
    return float(white * red * dark * nested)
