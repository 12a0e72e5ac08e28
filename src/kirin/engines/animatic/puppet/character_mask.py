"""The alpha mask of a character: the subject's mask, corrected by the pose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kirin.engines.animatic.puppet.segmentation import HALF_WIDTHS, capsule
from kirin.vision.kernels import Plane
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.planes import Rgb, resize
from kirin.vision.pose.skeleton import CHAINS, LIMBS, BodyPart, Node, Skeleton

_ALIKE = 0.75  # intersection over union of the two masks from which the finer one is right
_LOST = 0.45  # of a bone: with so much of it outside, the finer mask lacks a limb
_CLEAR = 0.7  # visibility of a bone's ends that this test needs
_HOLLOW = 0.008  # square torso lengths: the smallest gap between limbs
_CLOUDY = 70  # opacity from which a pixel is the person's
_DEEP = 0.03  # torso lengths inside of the outline from which the person is opaque
_STRIP = 0.06  # half the width of strips that are no clothes, in torso lengths
_BESIDE = 0.08  # torso lengths from the body within which even thin things belong to it
_FAR = 0.45  # torso lengths from the person beyond which salient pixels are another object


def character_mask(
    rgb: Rgb, rough: Plane, skeleton: Skeleton, limbs: tuple[BodyPart, ...], segmenter: Segmenter
) -> Plane:
    """A person's mask: the segmenter's, corrected by the joints and the pose network's mask.

    The segmenter's mask is fine, but may lack a leg with the colours of the background, or
    include a bench next to the person. The pose network's is coarse, but of the person only.

    Args:
        rgb: a crop around the person, shape ``(h, w, 3)``.
        rough: the pose network's mask, shape ``(h, w)``, 0 to 255.
        skeleton: in pixels of the crop.
        limbs: those that are wholly visible.
        segmenter: finds salient subjects.

    Returns:
        shape ``(h, w)``, 0 to 255.
    """
    size = (rgb.shape[1], rgb.shape[0])
    found = segmenter.find(rgb).alpha
    with Image.fromarray(found) as image:
        fine = np.array(image.resize(size, Image.Resampling.BICUBIC))
    here, there = fine > 127, rough > 127
    overlap = (here & there).sum() / max((here | there).sum(), 1)
    bones = _bones(skeleton, limbs, here.shape, 0.3, _CLEAR)
    lost = [bone for bone in bones if (bone & ~here).sum() > _LOST * bone.sum()]
    near = _grown(np.logical_or.reduce([there, *bones]), _FAR * skeleton.torso)
    fine[~near] = 0
    wide = np.logical_or.reduce(_bones(skeleton, LIMBS, here.shape, 0.75))
    # Between the limbs the background may be visible: colours decide (GrabCut).
    between = here & ~wide & near
    doubtful = there & ~here if overlap <= _ALIKE else np.zeros_like(here)
    if lost:
        doubtful |= _grown(np.logical_or.reduce(lost) & ~here, 0.13 * skeleton.torso)
    sure = np.logical_or.reduce(bones)
    better = _grab_cut(rgb, here | (there & doubtful), sure, between | doubtful)
    soft = cv2.GaussianBlur(better.astype(np.float32), (0, 0), max(0.008 * skeleton.torso, 0.8))
    added = np.where(doubtful, np.maximum(fine, np.round(255 * soft)), fine)
    hollow = cv2.morphologyEx((between & ~better).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5)))
    count, groups, facts, _ = cv2.connectedComponentsWithStats(hollow)
    for group in range(1, count):
        if facts[group, cv2.CC_STAT_AREA] < _HOLLOW * skeleton.torso**2:
            hollow[groups == group] = 0
    seen_through = (cv2.dilate(hollow, np.ones((5, 5))) > 0) & ~better
    kept = 1 - cv2.GaussianBlur(seen_through.astype(np.float32), (0, 0), 1.0)
    mask = cast(Plane, np.round(added * kept).astype(np.uint8))
    # A hand of nearly the colour of the wall behind it is not transparent.
    holes, pieces, sizes, _ = cv2.connectedComponentsWithStats((mask <= _CLOUDY).astype(np.uint8))
    for hole in range(1, holes):
        if sizes[hole, cv2.CC_STAT_AREA] < _HOLLOW * skeleton.torso**2:
            mask[pieces == hole] = 255
    deep = cv2.distanceTransform((mask > _CLOUDY).astype(np.uint8), cv2.DIST_L2, 5)
    mask[deep > _DEEP * skeleton.torso] = 255
    body = np.logical_or.reduce(_bones(skeleton, LIMBS, here.shape, 1.0))
    return _without_strips(mask, body, there, skeleton.torso)


def _without_strips(
    mask: Plane, bones: NDArray[np.bool_], there: NDArray[np.bool_], torso: float
) -> Plane:
    """A mask without thin things outside of the body, such as a post behind a hand.

    What is wide may be a skirt or a sleeve; what is thin and leads away from the body is what
    stands behind the person more often than what the person holds. Loose pieces go as well.

    Args:
        mask: shape ``(h, w)``.
        bones: in their usual widths, likewise.
        there: where the person is, coarsely, likewise.
        torso: length of the torso in pixels.
    """
    solid = (mask > 127).astype(np.uint8)
    body = bones | _opened(there, _STRIP * torso)
    thin = (solid > 0) & ~_opened(solid > 0, _STRIP * torso) & ~body
    gone = np.zeros_like(bones)
    outside = ~_grown(body, _BESIDE * torso)
    count, pieces = cv2.connectedComponents(thin.astype(np.uint8))
    for piece in range(1, count):
        here = pieces == piece
        if (here & outside).any():
            gone |= here
    if not gone.any():
        return mask
    count, pieces, facts, _ = cv2.connectedComponentsWithStats(
        ((solid > 0) & ~gone).astype(np.uint8)
    )
    if count > 1:
        gone |= (solid > 0) & (pieces != 1 + int(facts[1:, cv2.CC_STAT_AREA].argmax()))
    left = (solid > 0) & ~gone
    lost = _grown(gone, 3.0) & ~left
    soft = cv2.GaussianBlur(lost.astype(np.float32), (0, 0), 0.8)
    return cast(Plane, np.round(np.where(lost, 0.0, mask * (1 - soft))).astype(np.uint8))


def _opened(mask: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    side = 2 * max(round(radius), 1) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc, borderValue=0)
    return np.asarray(opened > 0)


def _grab_cut(
    rgb: Rgb,
    likely: NDArray[np.bool_],
    sure: NDArray[np.bool_],
    open_: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Segment the person by colours (GrabCut: Rother, Kolmogorov, Blake 2004).

    Args:
        rgb: the picture.
        likely: the initial mask.
        sure: certain foreground.
        open_: where ``likely`` may be wrong.
    """
    scale = min(1.0, 384 / max(likely.shape))
    size = max(round(likely.shape[1] * scale), 8), max(round(likely.shape[0] * scale), 8)

    def small(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        reduced = cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA)
        return reduced > 127

    inside, doubt = small(likely), small(open_)
    labels = np.where(
        doubt,
        np.where(inside, cv2.GC_PR_FGD, cv2.GC_PR_BGD),
        np.where(inside, cv2.GC_FGD, cv2.GC_BGD),
    ).astype(np.uint8)
    labels[small(sure)] = cv2.GC_FGD
    if not doubt.any() or not (labels == cv2.GC_BGD).any():
        return likely
    cv2.setRNGSeed(
        0
    )  # GrabCut initialises its colour models at random; output must be reproducible
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(resize(rgb, *size), labels, (0, 0, 0, 0), *models, 2, cv2.GC_INIT_WITH_MASK)
    kept = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8) * 255
    grown = cv2.resize(kept, likely.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown > 127)


def _bones(
    skeleton: Skeleton,
    limbs: Sequence[BodyPart],
    shape: tuple[int, int],
    share: float,
    seen: float = 0.0,
) -> list[NDArray[np.bool_]]:
    """Masks of the bones, at a share of their usual width; invisible ones are left out."""
    points, span = skeleton.points, skeleton.torso
    pelvis, neck, head = points[Node.PELVIS], points[Node.NECK], points[Node.HEAD]
    lines = [(pelvis, neck, 0.3), (neck, head, 0.25), (head, head + 0.5 * (head - neck), 0.25)]
    for left, right in (
        (Node.LEFT_SHOULDER, Node.RIGHT_SHOULDER),
        (Node.LEFT_HIP, Node.RIGHT_HIP),
    ):
        lines.append((points[left], points[right], 0.17))
    for limb in limbs:
        chain = CHAINS[limb]
        lines += [
            (points[start], points[end], half_width)
            for start, end, half_width in zip(chain, chain[1:], HALF_WIDTHS[limb], strict=False)
            if skeleton.seen[[start, end]].min() >= seen
        ]
    return [capsule(shape, a, b, share * width * span) for a, b, width in lines]


def _grown(mask: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    away = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
    return away <= radius
