"""Layers: the parts of a character, each whole, as if nothing had lain before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from patchmatch.patch_match import inpaint

from kirin.engines.animatic.puppet.division import GIRTH, capsule, divide, from_front, nearness
from kirin.vision.inpainting.fill import spread, unmix
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb, resize
from kirin.vision.pose.skeleton import (
    ARMS,
    CHAINS,
    LEGS,
    TWIN,
    Node,
    Part,
    Skeleton,
    Values,
)

Mask = NDArray[np.bool_]

JOINT = {part: (1.35 if part in LEGS else 1.25) * GIRTH[part][0] for part in GIRTH}
"""Radius around a limb's root, in torso lengths, that the limb and the body both show."""

_RIM = 0.012  # of a torso: how far layers go on below their neighbours, so that no gap shows
_HULL = 0.03  # of a torso: how far around the line of shoulders and hips a body surely is
_LEAST = 0.4  # of its twin's area: a limb of which less is seen borrows the twin's looks
_SURE = 0.7  # how well a near arm must be seen to lend its looks to the far one
_MIXED = 0.035  # torso lengths from an outline to where no colour comes through from beyond it
_MEND = 1e-4  # of the character's pixels: a smaller gap need not be mended with patches
_SIDE = 200  # longest side at which patches are searched
_LEAST_PATCHES = 60  # places that they can come from
_SHADE = 0.88  # how bright a borrowed limb is: it is the far one


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One part by itself, in the pixels of the whole character.

    Attributes:
        part: which.
        source: the part whose looks it has: itself, or the twin of a limb that is hidden.
        rgb, alpha: its colours, going on outside of it, and where it is.
    """

    part: Part
    source: Part
    rgb: Rgb
    alpha: Plane


def cut(rgb: Rgb, alpha: Plane, skeleton: Skeleton, limbs: Sequence[Part]) -> list[Layer]:
    """Cut a character into layers, and paint on what others hide of each.

    Args:
        rgb, alpha: a picture and where in it the character is, shapes ``(h, w, 3)`` and
            ``(h, w)``.
        skeleton: in pixels of it.
        limbs: those that will move by themselves.

    Returns:
        the body first, then the limbs in the given order.
    """
    own = unmix(rgb, alpha)
    labels = divide(rgb, alpha, skeleton, limbs)
    span = skeleton.torso
    order = from_front(skeleton, limbs)
    solid = alpha > 127
    borrowed = _hidden(labels, skeleton, limbs)
    for part in set(borrowed) & set(ARMS):  # near a hidden upper arm there is hair, or a back
        root, *tips = [skeleton.points[node] for node in CHAINS[part]]
        away = [_distance(labels.shape, line) for line in ([root, tips[0]], tips)]
        labels[(labels == part) & (away[0] < away[1])] = Part.BODY
    joints = {part: _joint(labels, skeleton, part, 1.0) for part in limbs}
    # What of the limb the body shows must go with the limb, so it has to be where they are one.
    shared = [_joint(labels, skeleton, part, 0.65) for part in limbs]
    made: dict[Part, Layer] = {}
    for part in (Part.BODY, *limbs):
        if part in borrowed:
            continue
        seen = labels == part
        shown = shared if part is Part.BODY else [joints[part]]
        known = np.logical_or.reduce([seen, *shown])
        before = order[: order.index(part)]
        if part is Part.BODY:
            hidden = _body(seen, skeleton) & np.isin(labels, before)
        else:
            hidden = _limb(part, skeleton, labels.shape) & np.isin(labels, [*before, Part.BODY])
        region = _widened(known | hidden, _RIM * span) & _solid_around(solid)
        # Next to what lies before it, its colours are mixed with others.
        mixed = _widened(np.isin(labels, before) & ~known, _MIXED * span)
        kept = known & ~mixed
        trusted = kept & _narrowed(known & solid, 0.006 * span)
        if not trusted.any():
            trusted = known
        colours = _painted(own, trusted, kept & (alpha > 0), region)
        soft = cv2.GaussianBlur(region.astype(np.float32), (0, 0), max(0.004 * span, 0.6))
        cover = np.where(known, 1.0, soft)
        made[part] = Layer(part, part, colours, np.round(alpha * cover).astype(np.uint8))
    for part in borrowed:
        like = made[TWIN[part]]
        dark = np.round(like.rgb * np.float32(_SHADE)).astype(np.uint8)
        made[part] = Layer(part, TWIN[part], dark, like.alpha)
    return [made[part] for part in (Part.BODY, *limbs)]


def _solid_around(solid: Mask) -> Mask:
    """The character with its soft edge."""
    grown = cv2.dilate(solid.astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.asarray(grown > 0)


def _joint(labels: Plane, skeleton: Skeleton, part: Part, share: float) -> Mask:
    """Where a limb and the body are one: within a share of the joint's radius."""
    root = skeleton.points[CHAINS[part][0]]
    disc = capsule(labels.shape, root, root, share * JOINT[part] * skeleton.torso)
    return np.asarray(disc & ((labels == part) | (labels == Part.BODY)))


def _body(seen: Mask, skeleton: Skeleton) -> Mask:
    """Where the body must be, though limbs hide it."""
    span = skeleton.torso
    corners = [Node.LEFT_SHOULDER, Node.RIGHT_SHOULDER, Node.RIGHT_HIP, Node.LEFT_HIP]
    mask = np.zeros(seen.shape, np.uint8)
    hull = cv2.convexHull(np.round(skeleton.points[corners]).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 1)
    mask = cast(Plane, cv2.dilate(mask, _disc(_HULL * span)))
    # The outline goes straight on behind an arm that crosses it.
    pelvis, neck = skeleton.points[Node.PELVIS], skeleton.points[Node.NECK]
    trunk = capsule(seen.shape, pelvis, neck + 0.25 * (pelvis - neck), 0.42 * span) & seen
    ends = np.argwhere(trunk)[:, ::-1].astype(np.int32)
    if len(ends) > 2:
        cv2.fillConvexPoly(mask, cv2.convexHull(np.ascontiguousarray(ends)), 1)
    return mask > 0


def _hidden(labels: Plane, skeleton: Skeleton, limbs: Sequence[Part]) -> list[Part]:
    """Limbs of which too little is seen to move them."""
    away = nearness(skeleton, limbs)
    hidden = []
    for part in limbs:
        twin = TWIN[part]
        if twin not in limbs or twin in hidden or away[twin] > away[part]:
            continue
        # Seen from the side, a far arm is behind the trunk and what hangs down the back.
        behind = (
            part in ARMS
            and away[part] > 1.0
            and skeleton.seen[list(CHAINS[twin][1:3])].min() > _SURE
        )
        if behind or (labels == part).sum() < _LEAST * (labels == twin).sum():
            hidden.append(part)
    return hidden


def _limb(part: Part, skeleton: Skeleton, shape: tuple[int, int], first: int = 0) -> Mask:
    """Where a limb must be from one of its bones outwards, whatever hides it."""
    chain = [skeleton.points[node] for node in CHAINS[part]][first:]
    found = np.zeros(shape, dtype=np.bool_)
    for a, b, girth in zip(chain, chain[1:], GIRTH[part][first:], strict=False):
        found |= capsule(shape, a, b, 0.8 * girth * skeleton.torso)
    return found


def _painted(rgb: Rgb, trusted: Mask, kept: Mask, hidden: Mask) -> Rgb:
    """Own colours where they are; patches of them where the layer is hidden (PatchMatch).

    Args:
        rgb: the character's colours.
        trusted: where they are the layer's own, and patches may come from.
        kept: where they stay.
        hidden: where the layer is, though others lie before it.
    """
    filled = spread(rgb, trusted.astype(np.float32))
    gap = hidden & ~kept
    if cv2.countNonZero(gap.astype(np.uint8)) > _MEND * gap.size:
        x, y, w, h = cv2.boundingRect(gap.astype(np.uint8))
        around = max(w, h) // 2 + 4
        part = np.s_[max(y - around, 0) : y + h + around, max(x - around, 0) : x + w + around]
        filled[part] = _patched(filled[part], gap[part], trusted[part])
    return np.where(kept[..., None], rgb, filled).astype(np.uint8)


def _patched(rgb: Rgb, gap: Mask, trusted: Mask) -> Rgb:
    height, width = gap.shape
    scale = min(1.0, _SIDE / max(height, width))
    size = max(round(width * scale), 8), max(round(height * scale), 8)
    small = resize(np.ascontiguousarray(rgb), *size)
    hole, known = (
        cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA)
        for mask in (gap, trusted)
    )
    hole, known = (hole > 0).astype(np.uint8), (known > 250).astype(np.uint8)
    if cv2.countNonZero(cv2.erode(known, np.ones((7, 7), np.uint8))) < _LEAST_PATCHES:
        return rgb
    patched = resize(inpaint(small, hole, global_mask=1 - known, patch_size=3), width, height)
    soft = cv2.GaussianBlur(gap.astype(np.float32), (0, 0), max(0.5 / scale, 0.8))
    soft = np.where(gap, np.float32(1), soft)[..., None]
    return cast(Rgb, np.round(rgb * (1 - soft) + patched * soft).astype(np.uint8))


def _distance(shape: tuple[int, int], line: Sequence[Values]) -> NDArray[np.float32]:
    """How far each pixel is from a line of points."""
    drawn = np.ones(shape, np.uint8)
    ends = np.round(np.array(line)).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(drawn, [ends], isClosed=False, color=0)
    return cast(NDArray[np.float32], cv2.distanceTransform(drawn, cv2.DIST_L2, 5))


def _widened(mask: Mask, radius: float) -> Mask:
    return cv2.dilate(mask.astype(np.uint8), _disc(radius)) > 0


def _narrowed(mask: Mask, radius: float) -> Mask:
    return cv2.erode(mask.astype(np.uint8), _disc(radius)) > 0


def _disc(radius: float) -> Plane:
    side = 2 * max(round(radius), 1) + 1
    return cast(Plane, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
