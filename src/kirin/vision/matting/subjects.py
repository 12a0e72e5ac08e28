"""All subjects of a picture, each with a mask of its own: also small and slender ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from kirin.vision.kernels import Plane
from kirin.vision.lab import to_lab
from kirin.vision.matting.segmenter import Alpha, Segmenter, SubjectMask
from kirin.vision.planes import Rgb

_LEAST = 0.0025  # share of the picture that a subject covers at least
_LARGEST = 0.75  # above that nothing is left to see behind it
_MOST = 4  # subjects; the others are background
_BESIDE = 0.12  # of the largest subject's area: the least that another one has
_SURE = 0.85  # mean saliency of a subject
_SOFT = 0.0155  # of the longest side: mean width of the undecided rim above which it is a guess
_NEARER = 0.55  # share of the picture around the subjects below which a closer look pays
_AROUND = 0.25  # margin of the closer look, as a share of the subjects' box
_FAINT = 0.1  # saliency below which nothing is undecided
_TRUST = 0.6  # of the quality of what is salient, which the people in it must have
_BESIDE_EDGE = 0.006  # of the longest side: width of the strips compared on both sides of an edge
_CHANGE = 9.0  # of colour, in Lab, across the edge of a subject
_BOUNDED = 0.75  # least share of a subject's outline with such a change
_UNCERTAIN = 0.285  # undecided pixels per pixel of the subject, at most
_LEAST_SIDE = 64  # pixels: shortest side of a closer look


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A component of a saliency map: its region with a rim, and how good it is."""

    region: Plane
    area: float
    sure: float
    soft: float

    @property
    def good(self) -> bool:
        return (
            _LEAST <= self.area <= _LARGEST
            and self.sure >= _SURE
            # The network sees small subjects with few pixels.
            and self.soft <= _SOFT * (0.6 if self.area < 0.01 else 1.0)
        )


def find_subjects(work: Rgb, segmenter: Segmenter) -> tuple[SubjectMask, ...]:
    """Find the subjects of a picture that can be cut out, largest first.

    ``Segmenter.find`` takes all that is salient as one subject. Here each component is judged
    alone, by the width of its undecided rim and not by its share of the area, which refuses
    whatever is slender; and where the subjects cover a small part of the picture, the network
    looks again at that part.

    Args:
        work: the picture, as :func:`~kirin.vision.matting.segmenter.working_copy` returns it.
        segmenter: finds what is salient.
    """
    height, width = work.shape[:2]
    salient = segmenter.saliency(work)
    seen, candidates = _with_people(work, salient, segmenter)
    box = _box_around(candidates, width, height)
    if (
        box
        and _share(box, width, height) < _NEARER
        and min(box[2] - box[0], box[3] - box[1]) >= _LEAST_SIDE
    ):
        nearer = _looked_at_nearer(work, seen, box, segmenter)
        again = _candidates(nearer)
        if _quality(again) >= _quality(candidates):
            seen, candidates = nearer, again
    found = [each for each in candidates if each.good]
    if not found:
        return ()
    kept = np.max([each.region for each in found], axis=0)
    alpha = segmenter.refined(work, np.where(kept > 0, seen, np.float32(0)).astype(np.float32))
    masks = [_mask_of(alpha, each) for each in found]
    lab = to_lab(work)
    return tuple(
        each
        for each in masks
        if each.uncertainty <= _UNCERTAIN and _bounded(lab, each.alpha) >= _BOUNDED
    )


def _with_people(work: Rgb, salient: Alpha, segmenter: Segmenter) -> tuple[Alpha, list[_Candidate]]:
    """A saliency map with the people of a picture, if they are any better than without."""
    height, width = work.shape[:2]
    plain = _enlarged(salient, width, height)
    completed = segmenter.completed(work, salient)
    if completed is salient:
        return plain, _candidates(plain)
    peopled = _enlarged(completed, width, height)
    maps = [(each, _candidates(each)) for each in (peopled, plain)]
    # What only resembles a person is taken for one now and then.
    return maps[0] if _quality(maps[0][1]) >= _TRUST * _quality(maps[1][1]) else maps[1]


def _enlarged(saliency: Alpha, width: int, height: int) -> Alpha:
    grown = cv2.resize(saliency, (width, height), interpolation=cv2.INTER_CUBIC)
    return cast(Alpha, np.clip(grown, 0, 1))


def _candidates(seen: Alpha) -> list[_Candidate]:
    """The components of a saliency map, largest first."""
    solid = (seen > 0.5).astype(np.uint8)
    count, labels, facts, _ = cv2.connectedComponentsWithStats(solid)
    order = sorted(range(1, count), key=lambda i: -facts[i, cv2.CC_STAT_AREA])[:_MOST]
    if not order:
        return []
    largest = facts[order[0], cv2.CC_STAT_AREA]
    rim = max(3, round(0.02 * max(seen.shape)))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * rim + 1, 2 * rim + 1))
    made = []
    for i in order:
        area = facts[i, cv2.CC_STAT_AREA]
        if area < _BESIDE * largest or area < _LEAST * solid.size / 4:
            continue
        own = (labels == i).astype(np.uint8)
        region = cast(Plane, cv2.dilate(own, disc))
        undecided = int(((seen > _FAINT) & (seen < 0.9) & (region > 0)).sum())
        made.append(
            _Candidate(
                region,
                area / solid.size,
                float(seen[own > 0].mean()),
                undecided / max(_outline(own), 1) / max(seen.shape),
            )
        )
    return made


def _outline(solid: Plane) -> int:
    """Length of a region's outline inside of the picture, in pixels."""
    line = solid - cv2.erode(solid, np.ones((3, 3), np.uint8))
    return int(line[1:-1, 1:-1].sum())


Part = tuple[int, int, int, int]


def _box_around(candidates: list[_Candidate], width: int, height: int) -> Part | None:
    """Left, top, right and bottom of a closer look at all candidates."""
    if not candidates:
        return None
    region = np.max([each.region for each in candidates], axis=0)
    x, y, w, h = cv2.boundingRect(region)
    margin = round(_AROUND * max(w, h))
    return (
        max(x - margin, 0),
        max(y - margin, 0),
        min(x + w + margin, width),
        min(y + h + margin, height),
    )


def _share(box: Part, width: int, height: int) -> float:
    return (box[2] - box[0]) * (box[3] - box[1]) / (width * height)


def _looked_at_nearer(work: Rgb, seen: Alpha, box: Part, segmenter: Segmenter) -> Alpha:
    """A saliency map of a part of the picture, in its place."""
    left, top, right, bottom = box
    part = np.ascontiguousarray(work[top:bottom, left:right])
    nearer = np.zeros_like(seen)
    nearer[top:bottom, left:right] = _enlarged(segmenter.saliency(part), right - left, bottom - top)
    return nearer


def _quality(candidates: list[_Candidate]) -> float:
    """The area of the good candidates over the mean width of their rims."""
    return sum(each.area / (each.soft + 0.002) for each in candidates if each.good)


def _mask_of(alpha: Plane, candidate: _Candidate) -> SubjectMask:
    own = np.where(candidate.region > 0, alpha, 0).astype(np.uint8)
    undecided = float(((own > 25) & (own < 230)).mean())
    share = float((own > 127).mean())
    return SubjectMask(own, share, undecided / max(share, 1e-6))


def _bounded(lab: Alpha, alpha: Plane) -> float:
    """The share of a mask's outline, inside of the picture, at which the colour changes."""
    x, y, w, h = cv2.boundingRect((alpha > 127).astype(np.uint8))
    reach = max(3, round(_BESIDE_EDGE * max(alpha.shape)))
    part = np.s_[
        max(y - 4 * reach, 0) : y + h + 4 * reach, max(x - 4 * reach, 0) : x + w + 4 * reach
    ]
    own, colour = (alpha[part] > 127).astype(np.float32), lab[part]
    side = (2 * reach + 1, 2 * reach + 1)
    weight = cv2.boxFilter(own, -1, side)
    inside = cv2.boxFilter(colour * own[..., None], -1, side)
    outside = cv2.boxFilter(colour, -1, side) - inside
    apart = inside / np.maximum(weight, 0.02)[..., None]
    apart -= outside / np.maximum(1 - weight, 0.02)[..., None]
    line = own - cv2.erode(own, np.ones((3, 3), np.uint8))
    line[[0, -1]] = 0
    line[:, [0, -1]] = 0
    on = line > 0
    if not on.any():
        return 0.0
    return float((np.linalg.norm(apart[on], axis=1) > _CHANGE).mean())
