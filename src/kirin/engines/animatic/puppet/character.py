"""A character: the person of a picture, with a matte, a skeleton and what of it can move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kirin.engines.animatic.puppet.division import GIRTH, PROFILE, capsule
from kirin.errors import InputsRefused
from kirin.vision.kernels import Plane
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.planes import Box, Rgb, resize
from kirin.vision.pose.estimator import PoseEstimator, silhouette
from kirin.vision.pose.skeleton import (
    ARMS,
    CHAINS,
    LEGS,
    LIMBS,
    TWIN,
    Node,
    Part,
    Skeleton,
)

_AROUND = 0.85  # torso lengths around the joints that a person may fill, with hair and clothes
_INSIDE = 0.01  # of a side: how far inside of the picture a joint must be to be seen whole
_SEEN = 0.4  # how well elbow and wrist, or knee and ankle, must be seen for a limb to move
_HANGS = 1.8  # of a bone's half width: what of its limb may touch the picture's border
_CONTACT = 0.3  # torso lengths of border from which a limb is cut off by it
_ALIKE = 0.75  # overlap of the two mattes from which the finer one is right
_LOST = 0.45  # of a bone: with so much of it outside, the finer one lacks a limb
_CLEAR = 0.7  # how well a bone's ends must be seen to say so
_HOLLOW = 0.004  # square torso lengths: less is no gap between limbs
_FAR = 0.45  # torso lengths from the person beyond which what stands out is something else
_TOUCH = 3  # pixels from a side of the picture where what is cut off by it begins
_SMALLEST = 24.0  # pixels of a torso: below, limbs are too few pixels to be told apart


@dataclass(frozen=True, slots=True, eq=False)
class Character:
    """A person in a part of a picture.

    Attributes:
        rgb, alpha: that part, shapes ``(h, w, 3)`` and ``(h, w)``.
        skeleton: in its pixels.
        limbs: those that are seen as a whole, and can move.
        box: where the part is in the picture: left, top, right, bottom in its pixels.
        border: where the picture ends and the person does not, shape ``(h, w)``.
        cut: whether the picture cuts the person off at its left or right side.
    """

    rgb: Rgb
    alpha: Plane
    skeleton: Skeleton
    limbs: tuple[Part, ...]
    box: Box
    border: NDArray[np.bool_]
    cut: bool

    @classmethod
    def find(cls, rgb: Rgb, estimator: PoseEstimator, segmenter: Segmenter, what: str) -> Character:
        """The largest person of a picture.

        Args:
            rgb: the picture.
            estimator: finds joints.
            segmenter: finds outlines.
            what: what the picture is, for messages: "The picture".

        Raises:
            InputsRefused: there is nobody, or nobody large enough.
        """
        found = estimator.find(rgb, most=1)
        if not found:
            raise InputsRefused(
                f"{what} shows no person that could be made out: it needs one whose head and "
                "shoulders, better whose whole body, can be seen."
            )
        skeleton = Skeleton.of(found[0].landmarks)
        if skeleton.torso < _SMALLEST:
            raise InputsRefused(
                f"The person in {what[0].lower()}{what[1:]} is {skeleton.torso:.0f} pixels from "
                f"shoulders to hips, and at least {_SMALLEST:.0f} are needed: send a larger one."
            )
        height, width = rgb.shape[:2]
        room = _AROUND * skeleton.torso
        low, high = skeleton.points.min(axis=0) - room, skeleton.points.max(axis=0) + room
        left, top = (max(int(value), 0) for value in low)
        right, bottom = min(int(high[0]) + 1, width), min(int(high[1]) + 1, height)
        part = np.ascontiguousarray(rgb[top:bottom, left:right])
        local = skeleton.moved(1.0, -left, -top)
        limbs = tuple(limb for limb in LIMBS if _whole(skeleton, limb, width, height))
        rough = silhouette(found[0], width, height)[top:bottom, left:right]
        alpha = _matte(part, rough, local, limbs, segmenter)
        border = np.zeros(alpha.shape, dtype=np.bool_)
        for at_edge, side in (
            (left == 0, np.s_[:, :_TOUCH]),
            (top == 0, np.s_[:_TOUCH]),
            (right == width, np.s_[:, -_TOUCH:]),
            (bottom == height, np.s_[-_TOUCH:]),
        ):
            if at_edge:
                border[side] = True
        limbs = tuple(limb for limb in limbs if _free(local, limb, alpha, border))
        sides = np.concatenate([alpha[:, :_TOUCH], alpha[:, -_TOUCH:]], axis=1)
        edges = np.concatenate([border[:, :_TOUCH], border[:, -_TOUCH:]], axis=1)
        cut = bool(((sides > 127) & edges).sum() > 0.2 * skeleton.torso)
        box = (float(left), float(top), float(right), float(bottom))
        return cls(part, alpha, local, limbs, box, border, cut)

    @property
    def rooted(self) -> bool:
        """Whether the picture does not show its legs, so that it cannot leave its place."""
        return not any(leg in self.limbs for leg in LEGS)

    def covering(self, width: int, height: int) -> Plane:
        """Its matte in the whole picture, whose size is given."""
        whole = np.zeros((height, width), np.uint8)
        left, top, right, bottom = (int(side) for side in self.box)
        whole[top:bottom, left:right] = self.alpha
        return whole

    def resized(self, scale: float) -> Character:
        """With so many pixels to one."""
        rows, columns = self.alpha.shape
        width, height = max(round(columns * scale), 16), max(round(rows * scale), 16)
        with Image.fromarray(self.alpha) as image:
            alpha = np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))
        border = cv2.resize(
            self.border.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST
        )
        return replace(
            self,
            rgb=resize(self.rgb, width, height),
            alpha=alpha,
            skeleton=self.skeleton.moved(width / columns, 0.0, 0.0),
            border=border > 0,
        )

    def flipped(self) -> Character:
        """As a mirror shows it, in the same place."""
        return replace(
            self,
            rgb=np.ascontiguousarray(self.rgb[:, ::-1]),
            alpha=np.ascontiguousarray(self.alpha[:, ::-1]),
            skeleton=self.skeleton.mirrored(self.alpha.shape[1]),
            border=np.ascontiguousarray(self.border[:, ::-1]),
            limbs=tuple(limb for limb in LIMBS if TWIN[limb] in self.limbs),
        )


def _whole(skeleton: Skeleton, limb: Part, width: int, height: int) -> bool:
    """Whether a limb is in the picture to its wrist or ankle, and seen or known to be hidden."""
    size = np.array([width, height])
    points = skeleton.points[list(CHAINS[limb][:3])] / size
    inside = bool(((points > _INSIDE) & (points < 1 - _INSIDE)).all())
    seen = [skeleton.seen[list(CHAINS[arm][1:3])].min() > _SEEN for arm in (limb, TWIN[limb])]
    # In profile the body hides the far arm, which moves all the same.
    hidden = limb in ARMS and abs(skeleton.forward) > PROFILE and seen[1]
    return inside and bool(seen[0] or hidden)


def _free(skeleton: Skeleton, limb: Part, alpha: Plane, border: NDArray[np.bool_]) -> bool:
    """Whether a limb does not hang on the picture's border."""
    reach = np.zeros_like(border)
    chain = [skeleton.points[node] for node in CHAINS[limb]]
    for start, end, girth in zip(chain, chain[1:], GIRTH[limb], strict=False):
        reach |= capsule(border.shape, start, end, _HANGS * girth * skeleton.torso)
    touching = int((reach & border & (alpha > 127)).sum())
    return touching < _TOUCH * _CONTACT * skeleton.torso


def _matte(
    rgb: Rgb, rough: Plane, skeleton: Skeleton, limbs: tuple[Part, ...], segmenter: Segmenter
) -> Plane:
    """The person's outline: the fine one of what stands out, held against the joints.

    What stands out may lack a leg that has the colours of its background, or have a bench
    beside it. The pose network's own mask is coarse, and knows a person.
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
    # What lies between the limbs may be seen through: colours decide (GrabCut).
    between = here & ~wide & near
    doubtful = there & ~here if overlap <= _ALIKE else np.zeros_like(here)
    if lost:
        doubtful |= _grown(np.logical_or.reduce(lost) & ~here, 0.13 * skeleton.torso)
    sure = np.logical_or.reduce(bones)
    better = _cut(rgb, here | (there & doubtful), sure, between | doubtful)
    soft = cv2.GaussianBlur(better.astype(np.float32), (0, 0), max(0.008 * skeleton.torso, 0.8))
    added = np.where(doubtful, np.maximum(fine, np.round(255 * soft)), fine)
    hollow = cv2.morphologyEx((between & ~better).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5)))
    count, groups, facts, _ = cv2.connectedComponentsWithStats(hollow)
    for group in range(1, count):
        if facts[group, cv2.CC_STAT_AREA] < _HOLLOW * skeleton.torso**2:
            hollow[groups == group] = 0
    seen_through = (cv2.dilate(hollow, np.ones((5, 5))) > 0) & ~better
    kept = 1 - cv2.GaussianBlur(seen_through.astype(np.float32), (0, 0), 1.0)
    return cast(Plane, np.round(added * kept).astype(np.uint8))


def _cut(
    rgb: Rgb,
    likely: NDArray[np.bool_],
    sure: NDArray[np.bool_],
    open_: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Find the person by colours (GrabCut: Rother, Kolmogorov, Blake 2004).

    Args:
        rgb: the picture.
        likely: where the person is, as far as is known.
        sure: where there is no doubt.
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
    cv2.setRNGSeed(0)  # its colour clusters begin at random: the same video each time
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(resize(rgb, *size), labels, (0, 0, 0, 0), *models, 2, cv2.GC_INIT_WITH_MASK)
    kept = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8) * 255
    grown = cv2.resize(kept, likely.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown > 127)


def _bones(
    skeleton: Skeleton,
    limbs: Sequence[Part],
    shape: tuple[int, int],
    share: float,
    seen: float = 0.0,
) -> list[NDArray[np.bool_]]:
    """What is surely the person, bone by bone: a share of the usual widths of those seen."""
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
            (points[start], points[end], girth)
            for start, end, girth in zip(chain, chain[1:], GIRTH[limb], strict=False)
            if skeleton.seen[[start, end]].min() >= seen
        ]
    return [capsule(shape, a, b, share * width * span) for a, b, width in lines]


def _grown(mask: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    away = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
    return away <= radius
