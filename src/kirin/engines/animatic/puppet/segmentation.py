"""Segmenting a character into body parts."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.puppet.part_regions import unite_regions, without_splinters
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
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

NO_PART = 255
"""Label of pixels that belong to no part."""

HALF_WIDTHS = {
    BodyPart.LEFT_ARM: (0.105, 0.085, 0.085),
    BodyPart.RIGHT_ARM: (0.105, 0.085, 0.085),
    BodyPart.LEFT_LEG: (0.17, 0.12, 0.11),
    BodyPart.RIGHT_LEG: (0.17, 0.12, 0.11),
}
"""Half the width of each clothed bone of a limb, from the root outwards, in torso lengths."""

HEAD = 0.24
"""Half the width of a head with hair, in torso lengths."""

PROFILE = 0.6
"""``Skeleton.forward`` from which the body hides the far arm."""

_SIDE = 400  # longest side at which geodesic distances are computed
_TRUNK = 0.24  # half the width of the trunk, in torso lengths
_CORE = 0.45  # share of a bone's half width that is certainly part of the limb
_SLEEVE = 1.1  # half widths of an upper arm that its sleeve covers
_ROOT = 0.15  # of a limb's first bone: nearer to the root, pixels may be the body's
_SOFT = 0.02  # torso lengths: outlines between parts are smoothed by a Gaussian of this sigma
_HEM = (0.2, 0.85)  # range of a skirt's hem, as shares of the thighs
_HEMLINE = 25.0  # Lab difference that is a hem
_EDGE = 9.0  # extra cost factor of a step across a clear edge
_CLEAR = 22.0  # difference of neighbouring pixels in 8-bit Lab that is a clear edge


def segment_parts(rgb: Rgb, alpha: Plane, skeleton: Skeleton, limbs: Sequence[BodyPart]) -> Plane:
    """Label each pixel by its nearest bone, in geodesic distance within the character.

    Crossing an edge costs more, so that sleeves separate from the body at their edges, and
    distance from thick bones costs less. Seeds of parts in front take precedence.

    Args:
        rgb, alpha: the character, shapes ``(h, w, 3)`` and ``(h, w)``.
        skeleton: in pixels of it.
        limbs: those to separate; all others belong to the body.

    Returns:
        labels, shape ``(h, w)``: a :class:`BodyPart`, or :data:`NO_PART`.
    """
    height, width = alpha.shape
    scale = min(1.0, _SIDE / max(height, width))
    size = max(round(width * scale), 8), max(round(height * scale), 8)
    inside = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) > 100
    eight_bit = cv2.cvtColor(resize(rgb, *size), cv2.COLOR_RGB2LAB)
    lab = np.asarray(cv2.GaussianBlur(eight_bit, (0, 0), 0.7), np.float32)
    small = skeleton.moved(scale, 0.0, 0.0)
    labels = np.full(inside.shape, NO_PART, np.uint8)
    half_width = np.ones(len(BodyPart), np.float32)
    order = from_front(small, limbs)
    profile = order[-1] in ARMS  # an arm is behind the body
    skirt = None if profile else _skirt(small, inside, lab)
    sure: dict[BodyPart, NDArray[np.bool_]] = {}
    for part in order:
        found = _seeds(small, part, inside.shape, profile)
        if part is BodyPart.BODY and skirt is not None:
            found |= skirt
        seeds = found & inside & (labels == NO_PART)
        labels[seeds] = part
        sure[part] = seeds
        half_width[part] = (HALF_WIDTHS[part][0] if part in HALF_WIDTHS else _TRUNK) * small.torso
    _flood(labels, inside, np.ascontiguousarray(lab), half_width, _EDGE, _CLEAR)
    unite_regions(labels, inside, lab, sure, small.torso)
    labels = without_splinters(labels, sure, small.torso, NO_PART)
    grown = cast(Plane, cv2.resize(labels, (width, height), interpolation=cv2.INTER_NEAREST))
    return _rounded(grown, (BodyPart.BODY, *limbs), max(0.6 / scale, _SOFT * skeleton.torso))


def from_front(skeleton: Skeleton, limbs: Iterable[BodyPart]) -> list[BodyPart]:
    """The body and the limbs, from front to back."""
    away = part_depths(skeleton, limbs)
    return sorted(away, key=lambda part: (away[part], part))


def part_depths(skeleton: Skeleton, limbs: Iterable[BodyPart]) -> dict[BodyPart, float]:
    """Depth of each part behind the body, in torso lengths; negative in front of it."""
    away = {BodyPart.BODY: 0.0}
    for limb in limbs:
        chain = CHAINS[limb]
        depth = float(skeleton.depth[list(chain[1:3])].mean()) / skeleton.torso
        if limb in LEGS:  # legs are below the body rather than behind it, except for raised knees
            hip, knee = (skeleton.points[node, 1] for node in chain[:2])
            raised = knee < hip + 0.35 * skeleton.torso
            away[limb] = depth + 0.4 if raised else max(0.05 + 0.1 * (depth + 2.0), 0.05)
        elif abs(skeleton.forward) > PROFILE:
            roots = [skeleton.depth[CHAINS[arm][0]] for arm in (limb, TWIN[limb])]
            away[limb] = 2.0 if roots[0] > roots[1] else -1.0
        else:  # arms are usually in front of the body
            away[limb] = depth - 0.25
    return away


def capsule(shape: tuple[int, int], start: Values, end: Values, radius: float) -> NDArray[np.bool_]:
    """Mask of the pixels within ``radius`` of a line segment."""
    mask = np.zeros(shape, np.uint8)
    begin, finish = ([round(16 * float(value)) for value in point] for point in (start, end))
    cv2.line(mask, begin, finish, 1, max(round(2 * radius), 1), cv2.LINE_8, 4)
    return mask > 0


def _seeds(
    skeleton: Skeleton, part: BodyPart, shape: tuple[int, int], profile: bool
) -> NDArray[np.bool_]:
    points, span = skeleton.points, skeleton.torso
    if part is not BodyPart.BODY:
        chain = [points[node] for node in CHAINS[part]]
        chain[0] = chain[0] + _ROOT * (chain[1] - chain[0])
        bones = zip(chain, chain[1:], HALF_WIDTHS[part], strict=False)
        found = np.zeros(shape, dtype=np.bool_)
        for a, b, half_width in bones:
            found |= capsule(shape, a, b, _CORE * half_width * span)
        if part in ARMS and not profile:  # beside the trunk, a sleeve belongs to the arm
            a, b = chain[0] + 0.2 * (chain[1] - chain[0]), chain[1]
            sleeve = capsule(shape, a, b, _SLEEVE * HALF_WIDTHS[part][0] * span)
            found |= sleeve & ~_trunk(points, shape, 1.08)
        return found
    pelvis, neck, head = points[Node.PELVIS], points[Node.NECK], points[Node.HEAD]
    middle = 0.85 * pelvis + 0.15 * neck
    # In profile the distance between the hips is not the width of the trunk.
    spine = capsule(shape, middle, neck, (0.75 if profile else 0.4) * _TRUNK * span)
    return _trunk(points, shape, 0.8) | spine | capsule(shape, neck, head, 0.5 * HEAD * span)


def _skirt(
    skeleton: Skeleton, inside: NDArray[np.bool_], lab: NDArray[np.float32]
) -> NDArray[np.bool_] | None:
    """The skirt of a dress or a long jacket: between hips and hem, if there is one.

    Between the legs cloth goes on below the hips, and ends before the knees at a clear edge that
    is not the gap between two trouser legs.
    """
    points = skeleton.points
    hips = points[[Node.LEFT_HIP, Node.RIGHT_HIP]]
    knees = points[[Node.LEFT_KNEE, Node.RIGHT_KNEE]]
    start, end = hips.mean(axis=0), knees.mean(axis=0)
    rows, columns = inside.shape
    shares = np.linspace(0.0, 1.0, 60)
    x = np.clip((start[0] + shares * (end[0] - start[0])).astype(int), 0, columns - 1)
    y = np.clip((start[1] + shares * (end[1] - start[1])).astype(int), 0, rows - 1)
    cloth = np.median(lab[y[4:10], x[4:10]], axis=0)
    apart = np.sqrt(((lab[y, x] - cloth) ** 2).sum(axis=-1))
    ends = np.flatnonzero((~inside[y, x] | (apart > _HEMLINE)) & (shares > 0.1))
    if not len(ends):
        return None
    hem = float(shares[ends[0]])
    # At the sides of the crotch trousers go on: a skirt has an end there too.
    if not _HEM[0] < hem < _HEM[1] or not _ends_beside(points, inside, lab, hem, cloth):
        return None
    corners = np.stack([*hips, *(hips + 0.9 * hem * (knees - hips))[::-1]])
    mask = np.zeros(inside.shape, np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(corners).astype(np.int32)), 1)
    return mask > 0


def _ends_beside(
    points: Values,
    inside: NDArray[np.bool_],
    lab: NDArray[np.float32],
    hem: float,
    cloth: NDArray[np.float32],
) -> bool:
    """Whether both legs have another colour than the cloth below its hem."""
    rows, columns = inside.shape
    for hip, knee in ((Node.LEFT_HIP, Node.LEFT_KNEE), (Node.RIGHT_HIP, Node.RIGHT_KNEE)):
        x, y = points[hip] + min(hem + 0.25, 1.05) * (points[knee] - points[hip])
        i, j = min(max(int(y), 0), rows - 1), min(max(int(x), 0), columns - 1)
        if inside[i, j] and np.sqrt(((lab[i, j] - cloth) ** 2).sum()) < _HEMLINE:
            return False
    return True


def _trunk(points: Values, shape: tuple[int, int], size: float) -> NDArray[np.bool_]:
    """The hull of shoulders and hips, scaled about its centre."""
    corners = points[[Node.LEFT_SHOULDER, Node.RIGHT_SHOULDER, Node.RIGHT_HIP, Node.LEFT_HIP]]
    middle = corners.mean(axis=0)
    mask = np.zeros(shape, np.uint8)
    hull = cv2.convexHull(np.round(middle + size * (corners - middle)).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 1)
    return mask > 0


@compiled
def _flood(
    labels: Plane,
    inside: NDArray[np.bool_],
    lab: NDArray[np.float32],
    half_width: NDArray[np.float32],
    edge: float,
    clear: float,
) -> None:
    """Give each pixel inside the label of its nearest seed, in place (Dijkstra)."""
    rows, columns = labels.shape
    far = np.full((rows, columns), np.inf)
    heap = [(0.0, 0)]
    heap.pop()
    for i in range(rows):
        for j in range(columns):
            if labels[i, j] != 255:
                far[i, j] = 0.0
                heapq.heappush(heap, (0.0, i * columns + j))
    while heap:
        cost, at = heapq.heappop(heap)
        i, j = at // columns, at % columns
        if cost > far[i, j]:
            continue
        for di in range(-1, 2):
            for dj in range(-1, 2):
                y, x = i + di, j + dj
                if (di == 0 and dj == 0) or y < 0 or x < 0 or y >= rows or x >= columns:
                    continue
                if not inside[y, x]:
                    continue
                change = 0.0
                for k in range(3):
                    change += (lab[i, j, k] - lab[y, x, k]) ** 2
                step = np.sqrt(float(di * di + dj * dj)) / half_width[labels[i, j]]
                there = cost + step * (1.0 + edge * min(change / (clear * clear), 1.0))
                if there < far[y, x]:
                    far[y, x] = there
                    labels[y, x] = labels[i, j]
                    heapq.heappush(heap, (there, y * columns + x))


def _rounded(labels: Plane, parts: Sequence[BodyPart], blur: float) -> Plane:
    """Smooth the outlines of enlarged labels."""
    if blur < 1.0:
        return labels
    shares = np.stack(
        [cv2.GaussianBlur((labels == p).astype(np.float32), (0, 0), blur) for p in parts]
    )
    best = np.asarray(parts, np.uint8)[shares.argmax(axis=0)]
    return np.where(shares.max(axis=0) > 0.15, best, NO_PART).astype(np.uint8)
