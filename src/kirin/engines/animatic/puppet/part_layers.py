"""Cutting a character into one layer per part, each complete where others occlude it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from patchmatch.patch_match import inpaint

from kirin.engines.animatic.puppet.segmentation import (
    HALF_WIDTHS,
    capsule,
    from_front,
    part_depths,
    segment_parts,
)
from kirin.vision.inpainting.pull_push import pull_push
from kirin.vision.kernels import Plane
from kirin.vision.matting.foreground import estimate_foreground
from kirin.vision.planes import Rgb, resize
from kirin.vision.pose.skeleton import (
    ARMS,
    CHAINS,
    LEGS,
    TWIN,
    BodyPart,
    Node,
    Skeleton,
    Values,
)

Mask = NDArray[np.bool_]

JOINT = {part: (1.35 if part in LEGS else 1.25) * HALF_WIDTHS[part][0] for part in HALF_WIDTHS}
"""Radius around a limb's root, in torso lengths, that belongs to both the limb and the body."""

_RIM = 0.012  # of a torso: overlap of layers, so that no gap shows
_HULL = 0.03  # of a torso: margin of the body around the hull of shoulders and hips
_LEAST = 0.4  # of its twin's area: a limb with less visible area borrows its twin's texture
_SURE = 0.7  # least visibility of a near arm whose texture the far one borrows
_MIXED = 0.035  # torso lengths from an outline within which colours are mixed
_HEM = 0.06  # the same for a leg under the body, whose hem may cast a shadow
_GAP = 1e-4  # of the character's pixels: smaller gaps are not inpainted with patches
_SIDE = 200  # longest side at which patches are searched
_LEAST_PATCHES = 60  # least number of source patches
_QUIET, _EVEN = 5, 8  # side of a window, and spread of its levels, in which colour is flat
_FLAT = 0.5  # share of a part's pixels from which it is drawn in flat colours
_ROWS = 3  # how much farther apart pixels of different rows count
_ABREAST = 0.3  # torso lengths between shoulders of somebody who is seen from the front
_SHADE = 0.88  # brightness of a borrowed limb, which is the far one


@dataclass(frozen=True, slots=True, eq=False)
class PartLayer:
    """One part of a character, in the pixels of the whole.

    Attributes:
        part: which part it is.
        source: the part that its texture comes from: itself, or the twin of a hidden limb.
        rgb, alpha: its colours, extended beyond its outline, and its mask.
    """

    part: BodyPart
    source: BodyPart
    rgb: Rgb
    alpha: Plane


def cut_layers(
    rgb: Rgb, alpha: Plane, skeleton: Skeleton, limbs: Sequence[BodyPart]
) -> list[PartLayer]:
    """Cut a character into layers, and inpaint what others occlude of each.

    Args:
        rgb, alpha: a picture and the character's mask, shapes ``(h, w, 3)`` and ``(h, w)``.
        skeleton: in pixels of it.
        limbs: those that will move independently.

    Returns:
        the body first, then the limbs in the given order.
    """
    own = estimate_foreground(rgb, alpha)
    labels = segment_parts(rgb, alpha, skeleton, limbs)
    span = skeleton.torso
    order = from_front(skeleton, limbs)
    solid = alpha > 127
    borrowed = _hidden(labels, skeleton, limbs)
    for part in set(borrowed) & set(ARMS):  # near a hidden upper arm there is hair, or the back
        root, *tips = [skeleton.points[node] for node in CHAINS[part]]
        away = [_distance(labels.shape, line) for line in ([root, tips[0]], tips)]
        labels[(labels == part) & (away[0] < away[1])] = BodyPart.BODY
    joints = {part: _joint(labels, skeleton, part, 1.0) for part in limbs}
    # The body shows the limb only close to the root, where both move together.
    shared = [_joint(labels, skeleton, part, 0.65) for part in limbs]
    made: dict[BodyPart, PartLayer] = {}
    for part in (BodyPart.BODY, *limbs):
        if part in borrowed:
            continue
        seen = labels == part
        shown = shared if part is BodyPart.BODY else [joints[part]]
        known = np.logical_or.reduce([seen, *shown])
        before = order[: order.index(part)]
        if part is BodyPart.BODY:
            arms = np.isin(labels, [arm for arm in before if arm in ARMS])
            hidden = _within_sides(_body(seen, skeleton), seen, arms, skeleton)
            hidden &= np.isin(labels, before)
        else:
            hidden = _limb(part, skeleton, labels.shape) & np.isin(labels, [*before, BodyPart.BODY])
        region = _widened(known | hidden, _RIM * span) & _solid_around(solid)
        # Next to an occluding part, colours are mixed with those of that part.
        # Where the body moves away from a leg, what was under it must not look like the body.
        sure = seen if part in LEGS and BodyPart.BODY in before else known
        near = _MIXED if sure is known else _HEM
        mixed = _widened(np.isin(labels, before) & ~sure, near * span)
        kept = sure & ~mixed
        trusted = kept & _narrowed(known & solid, 0.006 * span)
        if not trusted.any():
            trusted = known
        colours = _painted(own, trusted, kept & (alpha > 0), region, 2 * _RIM * span)
        soft = cv2.GaussianBlur(region.astype(np.float32), (0, 0), max(0.004 * span, 0.6))
        cover = np.where(known, 1.0, soft)
        made[part] = PartLayer(part, part, colours, np.round(alpha * cover).astype(np.uint8))
    for part in borrowed:
        like = made[TWIN[part]]
        dark = np.round(like.rgb * np.float32(_SHADE)).astype(np.uint8)
        made[part] = PartLayer(part, TWIN[part], dark, like.alpha)
    return [made[part] for part in (BodyPart.BODY, *limbs)]


def _solid_around(solid: Mask) -> Mask:
    """The character's mask, including its soft edge."""
    grown = cv2.dilate(solid.astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.asarray(grown > 0)


def _joint(labels: Plane, skeleton: Skeleton, part: BodyPart, share: float) -> Mask:
    """The shared area of a limb and the body: within a share of the joint's radius."""
    root = skeleton.points[CHAINS[part][0]]
    disc = capsule(labels.shape, root, root, share * JOINT[part] * skeleton.torso)
    return np.asarray(disc & ((labels == part) | (labels == BodyPart.BODY)))


def _body(seen: Mask, skeleton: Skeleton) -> Mask:
    """Where the body must be, even if limbs occlude it."""
    span = skeleton.torso
    corners = [Node.LEFT_SHOULDER, Node.RIGHT_SHOULDER, Node.RIGHT_HIP, Node.LEFT_HIP]
    mask = np.zeros(seen.shape, np.uint8)
    hull = cv2.convexHull(np.round(skeleton.points[corners]).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 1)
    mask = cast(Plane, cv2.dilate(mask, _disc(_HULL * span)))
    # Behind an arm that crosses it, the outline continues straight.
    pelvis, neck = skeleton.points[Node.PELVIS], skeleton.points[Node.NECK]
    trunk = capsule(seen.shape, pelvis, neck + 0.25 * (pelvis - neck), 0.42 * span) & seen
    ends = np.argwhere(trunk)[:, ::-1].astype(np.int32)
    if len(ends) > 2:
        cv2.fillConvexPoly(mask, cv2.convexHull(np.ascontiguousarray(ends)), 1)
    return mask > 0


def _within_sides(body: Mask, seen: Mask, arms: Mask, skeleton: Skeleton) -> Mask:
    """Where the body must be, no wider than between rows in which its side is seen.

    Under a sleeve that hangs beside the waist, the side goes on from the armpit to where it
    comes out from under the sleeve.

    Args:
        body: a wide estimate.
        seen: its visible pixels.
        arms: pixels of arms.
        skeleton: of the person.
    """
    height, width = seen.shape
    span, limited = skeleton.torso, body.copy()
    shoulders = skeleton.points[[Node.LEFT_SHOULDER, Node.RIGHT_SHOULDER]]
    hips = skeleton.points[[Node.LEFT_HIP, Node.RIGHT_HIP]]
    if np.ptp(shoulders[:, 0]) < _ABREAST * span or abs(np.ptp(shoulders[:, 1])) > 0.3 * span:
        return body  # from the side the waist is no line between two others
    top, bottom = int(shoulders[:, 1].mean()), int(hips[:, 1].mean() + 0.5 * span)
    x = np.arange(width)[None]
    beside = max(round(0.03 * span), 2)
    for side in (-1, 1):
        rows = np.arange(max(top, 0), min(bottom, height))
        rows = rows[seen[rows].any(axis=1)]
        if side < 0:
            ends = seen[rows].argmax(axis=1)
            out = np.clip(ends - beside, 0, width - 1)
        else:
            ends = width - 1 - seen[rows, ::-1].argmax(axis=1)
            out = np.clip(ends + beside, 0, width - 1)
        free = ~arms[rows, out]
        if not free.any():
            continue
        shoulder = (shoulders[:, 0].min() if side < 0 else shoulders[:, 0].max()) + side * beside
        known_rows = np.append(top, rows[free & (rows > top)])
        known_ends = np.append(shoulder, ends[free & (rows > top)])
        between = np.arange(max(top, 0), int(known_rows[-1]) + 1)
        limit = np.interp(between, known_rows, known_ends)[:, None] + side * 2
        limited[between] &= (x >= limit) if side < 0 else (x <= limit)
    return limited


def _hidden(labels: Plane, skeleton: Skeleton, limbs: Sequence[BodyPart]) -> list[BodyPart]:
    """Limbs of which too little is visible to use their own texture."""
    away = part_depths(skeleton, limbs)
    hidden = []
    for part in limbs:
        twin = TWIN[part]
        if twin not in limbs or twin in hidden or away[twin] > away[part]:
            continue
        # In profile the far arm is behind the trunk, and hair or clothes on the back.
        behind = (
            part in ARMS
            and away[part] > 1.0
            and skeleton.seen[list(CHAINS[twin][1:3])].min() > _SURE
        )
        if behind or (labels == part).sum() < _LEAST * (labels == twin).sum():
            hidden.append(part)
    return hidden


def _limb(part: BodyPart, skeleton: Skeleton, shape: tuple[int, int], first: int = 0) -> Mask:
    """Where a limb must be from one of its bones outwards, even if it is occluded."""
    chain = [skeleton.points[node] for node in CHAINS[part]][first:]
    found = np.zeros(shape, dtype=np.bool_)
    for a, b, half_width in zip(chain, chain[1:], HALF_WIDTHS[part][first:], strict=False):
        found |= capsule(shape, a, b, 0.8 * half_width * skeleton.torso)
    return found


def _painted(rgb: Rgb, trusted: Mask, kept: Mask, hidden: Mask, rim: float) -> Rgb:
    """The layer's own colours where visible, inpainted where occluded (Barnes et al. 2009).

    What is drawn in flat colours goes on in them: patches would mix them.

    Args:
        rgb: the character's colours.
        trusted: where they are the layer's own, so that patches may come from there.
        kept: where they are used as they are.
        hidden: the layer's area, including what others occlude.
        rim: pixels around what is kept that are not far inside of what is occluded.
    """
    gap = hidden & ~kept
    calm = _calm(rgb, trusted)
    filled = pull_push(rgb, trusted.astype(np.float32))
    if calm.sum() > _FLAT * trusted.sum():
        # The rim takes the colours of what it is the rim of.
        inner = gap & ~_widened(kept, rim)
        filled = np.where(inner[..., None], _continued(rgb, calm), filled)
    elif cv2.countNonZero(gap.astype(np.uint8)) > _GAP * gap.size:
        x, y, w, h = cv2.boundingRect(gap.astype(np.uint8))
        around = max(w, h) // 2 + 4
        part = np.s_[max(y - around, 0) : y + h + around, max(x - around, 0) : x + w + around]
        filled[part] = _patched(filled[part], gap[part], trusted[part])
    return np.where(kept[..., None], rgb, filled).astype(np.uint8)


def _calm(rgb: Rgb, trusted: Mask) -> Mask:
    """Trusted pixels whose surroundings have their own colour."""
    window = np.ones((_QUIET, _QUIET), np.uint8)
    spread = cv2.dilate(rgb, window).astype(np.int16) - cv2.erode(rgb, window)
    even = (spread.max(axis=2) <= _EVEN) & trusted
    return np.asarray(even)


def _continued(rgb: Rgb, calm: Mask) -> Rgb:
    """Each pixel in the colour of the nearest calm one, preferably of its row, as belts go on."""
    height, width = calm.shape
    tall = cv2.resize(
        (~calm).astype(np.uint8), (width, _ROWS * height), interpolation=cv2.INTER_NEAREST
    )
    _, index = cv2.distanceTransformWithLabels(tall, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    number = index[_ROWS // 2 :: _ROWS]
    table = np.zeros((int(index.max()) + 1, 3), np.uint8)
    table[index[tall == 0]] = np.repeat(rgb, _ROWS, axis=0)[tall == 0]
    return np.asarray(table[number], np.uint8)


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
    """Distance of each pixel from a polyline."""
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
