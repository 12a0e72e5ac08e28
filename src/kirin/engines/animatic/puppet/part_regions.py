"""Tidying the labels of body parts: whole regions of one colour, no splinters.

In flat drawings nothing but the outline tells a sleeve from the trunk, and inside of a sleeve
there is no edge at which the distances to two bones would have to meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane
from kirin.vision.pose.skeleton import LEGS, BodyPart

Mask = NDArray[np.bool_]

_EDGE = 7.0  # Lab difference of neighbouring pixels that separates regions
_LEAST = 0.004  # square torso lengths: smaller regions are left alone
_STRONG = 0.3  # share of a part's certain pixels from which a region belongs to it
_WEAK = 0.14  # share up to which a part only reaches into a region
_SPLINTER = 0.035  # half the width of splinters, in torso lengths


def unite_regions(
    labels: Plane,
    inside: Mask,
    lab: NDArray[np.float32],
    seeds: Mapping[BodyPart, Mask],
    torso: float,
) -> None:
    """Give each region of one colour to the part that holds it, in place.

    A part holds a region that has a good share of the part's certain pixels; where several do,
    as with arms and trunk in one colour, the region stays divided among them. Other parts only
    reach into it.

    Args:
        labels: shape ``(h, w)``.
        inside: the character, likewise.
        lab: its colours, shape ``(h, w, 3)``.
        seeds: the certain pixels of each part.
        torso: length of it in pixels.
    """
    flat = (inside & (_steps(lab) < _EDGE)).astype(np.uint8)
    count, regions, facts, _ = cv2.connectedComponentsWithStats(flat, connectivity=4)
    totals = {part: max(int(seed.sum()), 1) for part, seed in seeds.items()}
    for region in range(1, count):
        if facts[region, cv2.CC_STAT_AREA] < _LEAST * torso**2:
            continue
        here = regions == region
        shares = {part: int((seeds[part] & here).sum()) / totals[part] for part in seeds}
        strong = [part for part, share in shares.items() if share >= _STRONG]
        if not strong:
            continue
        best = max(strong, key=lambda part: shares[part])
        owner = BodyPart.BODY if BodyPart.BODY in strong else best
        for part, share in shares.items():
            # Arms of the trunk's colour are told from it by distance alone; legs need not be.
            if part not in strong and share <= (_STRONG if part in LEGS else _WEAK):
                labels[here & (labels == part)] = owner


def without_splinters(
    labels: Plane, seeds: Mapping[BodyPart, Mask], torso: float, none: int
) -> Plane:
    """Labels in which what is too thin to be part of a part has the label of its neighbours.

    Args:
        labels, seeds, torso: as for :func:`unite_regions`.
        none: the label of pixels that belong to no part.
    """
    side = 2 * max(round(_SPLINTER * torso), 1) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    thin = np.zeros(labels.shape, np.bool_)
    for part, seed in seeds.items():
        own = (labels == part).astype(np.uint8)
        opened = cv2.morphologyEx(own, cv2.MORPH_OPEN, disc, borderValue=0) > 0
        main = _largest(opened | (seed & (own > 0)))
        thin |= (own > 0) & ~main
    known = (labels != none) & ~thin
    if not thin.any() or not known.any():
        return labels
    return _nearest(labels, known, thin)


def _largest(mask: Mask) -> Mask:
    """The largest connected piece."""
    count, pieces, facts, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count < 2:
        return mask
    return np.asarray(pieces == 1 + int(facts[1:, cv2.CC_STAT_AREA].argmax()))


def _nearest(labels: Plane, known: Mask, wanted: Mask) -> Plane:
    """Labels in which wanted pixels have the label of the nearest known one."""
    _, index = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    table = np.zeros(int(index.max()) + 1, np.uint8)
    table[index[known]] = labels[known]
    return cast(Plane, np.where(wanted, table[index], labels).astype(np.uint8))


def _steps(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """Greatest difference of each pixel's colour from the pixels right of and below it."""
    steps = np.zeros(lab.shape[:2], np.float32)
    across = np.sqrt(((lab[:, 1:] - lab[:, :-1]) ** 2).sum(axis=-1))
    down = np.sqrt(((lab[1:] - lab[:-1]) ** 2).sum(axis=-1))
    steps[:, :-1] = across
    steps[:-1] = np.maximum(steps[:-1], down)
    return steps
