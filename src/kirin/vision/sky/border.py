"""Sky detection: which pixels of a reduced photograph are sky."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.lab import Floats, colour_change, to_lab
from kirin.vision.planes import Rgb
from kirin.vision.sky.evidence import SkyEvidence
from kirin.vision.sky.horizon import find_horizon

Mask = NDArray[np.bool_]

_THRESHOLDS = np.geomspace(1.5, 40.0, 24)  # gradients that may end the sky, in units of Lab
_WEIGHT = 2.0  # of the sky's evenness against the ground's (Shen, Wang 2013: gamma)
_WIRE = 5  # pixels: side of the median that removes wires
_TRIES = 3  # of the likeliest borders
_ROUNDS = 2  # of GrabCut; more change little
_BRIGHTER = 1.4  # than the rest: least of what is taken for sky by its colours
_TOP, _BOTTOM = 0.10, 0.42  # share of rows that are sky, or not, where no gradient ends it
_OVERHEAD = (0.5, 0.97)  # of a picture that is blue, and that is blue or white
_CLOUD = (72.0, 16.0, 5.0)  # least lightness, most chroma and most gradient of a cloud, in Lab


def find_border(small: Rgb) -> Mask | None:
    """The sky of a picture, if there is one and it can be told from the rest.

    Args:
        small: the picture, reduced to some 256 pixels.
    """
    # Wires would cut the sky into pieces; the matte finds them again.
    small = cast(Rgb, cv2.medianBlur(small, _WIRE))
    lab = to_lab(small)
    change = colour_change(lab)
    sky = _overhead(lab)
    if sky is not None:
        return sky
    sky = _bordered(small, lab, change)
    below = None if sky is None else find_horizon(sky, lab)
    if sky is not None and below is not None:
        sky[below:] = False
    return sky


def _bordered(small: Rgb, lab: Floats, change: Floats) -> Mask | None:
    """A sky that ends somewhere."""
    found: Mask | None = None
    for turn, border in enumerate(_borders(lab, change)):
        above = np.arange(small.shape[0])[:, None] < border[None]
        if not SkyEvidence.of(small, above).possible:
            continue
        sky = _connected(_cut(small, above, border))
        evidence = SkyEvidence.of(small, sky) if sky.any() else None
        if evidence is None:
            continue
        if evidence.dramatic:
            return _with_clouds(lab, change, sky)
        if found is None and evidence.convincing and (turn == 0 or evidence.unmistakable):
            found = _with_clouds(lab, change, sky)
            if evidence.horizontal:
                return found
        if found is None and evidence.possible and evidence.blue:
            found = _beyond_wires(small, lab, change, sky)
    if found is not None:
        return found
    # Clouds before a sunset have gradients of their own: take what is unlike the lower half.
    sky = _connected(_cut_by_colour(small))
    if sky.any() and SkyEvidence.of(small, sky).dramatic:
        return sky
    return None


def _overhead(lab: Floats) -> Mask | None:
    """A sky that is all of a picture but for a bird or a kite: blue, with or without clouds."""
    light, a, b = (lab[..., i] for i in range(3))
    blue = (b < -12) & (np.abs(a) < -0.45 * b) & (light > 18)
    white = (light > 55) & (np.hypot(a, b) < 18) & (b < 6)
    sky = blue | white
    if blue.mean() < _OVERHEAD[0] or sky.mean() < _OVERHEAD[1]:
        return None
    if find_horizon(sky, lab) is not None:
        return None  # the sea, too, is blue
    return cv2.morphologyEx(sky.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0


def _borders(lab: Floats, change: Floats) -> list[NDArray[np.int64]]:
    """The rows at which each column's sky may end, likeliest first.

    In every column, the sky ends at the first gradient above a threshold; those thresholds are
    the best whose two parts are each of the most even colour (Shen, Wang 2013, "Sky region
    detection in a single image for autonomous ground robot navigation").
    """
    height = lab.shape[0]
    pixels = lab.astype(np.float64)[::2, ::2]  # enough for statistics
    found: list[tuple[float, float, NDArray[np.int64]]] = []
    for threshold in _THRESHOLDS:
        ended = change > threshold
        border = np.where(ended.any(axis=0), ended.argmax(axis=0), height)
        above = np.arange(height)[:, None] < border[None]
        share = float(above.mean())
        if 0.02 < share < 0.98:
            part = above[::2, ::2]
            spread = _WEIGHT * _spread(pixels[part]) + _spread(pixels[~part])
            found.append((spread, share, border))
    chosen: list[tuple[float, float, NDArray[np.int64]]] = []
    for each in sorted(found, key=lambda one: one[0]):
        if len(chosen) < _TRIES and all(abs(each[1] - one[1]) > 0.06 for one in chosen):
            chosen.append(each)
    return [border for _, _, border in chosen]


def _spread(pixels: NDArray[np.float64]) -> float:
    """Determinant and largest eigenvalue of the covariance of colours."""
    values = np.linalg.eigvalsh(np.cov(pixels.T)) + 1e-3
    return float(values.prod() + values[-1])


def _cut(small: Rgb, above: Mask, border: NDArray[np.int64]) -> Mask:
    """The sky by pixel, from a border by column."""
    height = small.shape[0]
    margin = max(2, height // 60)
    square = np.ones((2 * margin + 1,) * 2, np.uint8)
    core = cv2.erode(above.astype(np.uint8), square) > 0
    labels = np.where(above, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[core] = cv2.GC_FGD
    labels[min(int(border.max()) + margin, height - 2) :] = cv2.GC_BGD
    return _grab(small, labels) if core.any() else above


def _cut_by_colour(small: Rgb) -> Mask:
    """The sky by pixel, from the colours at the top and at the bottom."""
    height = small.shape[0]
    light = small.max(axis=2)
    split, _ = cv2.threshold(light, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    upper = (np.arange(height) < 0.5 * height)[:, None] & (light > split)
    if not upper.any() or light[upper].mean() < _BRIGHTER * light[~upper].mean():
        return np.zeros(light.shape, bool)
    labels = np.where(upper, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[: max(round(_TOP * height), 1)] = cv2.GC_PR_FGD
    labels[round((1 - _BOTTOM) * height) :] = cv2.GC_BGD
    return _grab(small, labels)


def _grab(small: Rgb, labels: NDArray[np.uint8]) -> Mask:
    """GrabCut (Rother, Kolmogorov, Blake 2004)."""
    cv2.setRNGSeed(0)  # it starts at random; results must be reproducible
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, labels, (0, 0, 0, 0), *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD))


def _connected(sky: Mask) -> Mask:
    """The sky that hangs together with the top, and the large gaps through which it is seen."""
    count, labels, facts, _ = cv2.connectedComponentsWithStats(sky.astype(np.uint8))
    kept = np.zeros(count, bool)
    kept[np.unique(labels[0])] = True
    kept[0] = False
    lowest = max((facts[i, 1] + facts[i, 3] for i in np.flatnonzero(kept)), default=0)
    for i in range(1, count):
        top, tall, area = facts[i, [1, 3, 4]]
        kept[i] |= bool(area >= 6 and top + tall <= lowest)
    return np.asarray(kept[labels], np.bool_)


def _with_clouds(lab: Floats, change: Floats, sky: Mask) -> Mask:
    """A sky with the clouds that lie between it and the land."""
    lightness, chroma = lab[..., 0], np.hypot(lab[..., 1], lab[..., 2])
    cloud = (lightness > _CLOUD[0]) & (chroma < _CLOUD[1]) & (change < _CLOUD[2])
    lowest = int(np.quantile(np.flatnonzero(sky) // sky.shape[1], 0.98))
    cloud[lowest + sky.shape[0] // 8 :] = False
    return _joined(sky, cloud)


def _joined(sky: Mask, more: Mask) -> Mask:
    """A sky with what touches it of another region, without its fringes."""
    _, labels = cv2.connectedComponents((sky | more).astype(np.uint8))
    touched = np.unique(labels[sky])
    grown = np.isin(labels, touched[touched > 0])
    solid = cv2.morphologyEx(grown.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return (solid > 0) | sky


def _beyond_wires(small: Rgb, lab: Floats, change: Floats, sky: Mask) -> Mask | None:
    """The whole of a sky of which wires or masts cut off a part.

    It must end in a level horizon, or else land of its colour would be taken along.
    """
    mean, spread = lab[sky].mean(axis=0), lab[sky].std(axis=0) + 2.0
    alike = (np.abs(lab - mean) < 3.0 * spread).all(axis=2) & (change < _CLOUD[2])
    alike |= (lab[..., 0] > _CLOUD[0]) & (change < _CLOUD[2])
    bridged = cv2.morphologyEx((sky | alike).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9)))
    whole = _joined(sky, bridged > 0) & (alike | sky)
    evidence = SkyEvidence.of(small, whole)
    return whole if evidence.convincing and evidence.horizontal else None
