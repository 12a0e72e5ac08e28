"""GrabCut (Rother, Kolmogorov and Blake, SIGGRAPH 2004), for pictures that are mostly decided.

The same energy as OpenCV's, whose colour models it begins with. Only pixels that are not sure are
nodes of the graph, and each round's cut begins with the flow of the one before.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.matting.grid_cut import GridGraph, cut
from kirin.vision.planes import Rgb

Values = NDArray[np.float64]

_COLOURS: Final = 5  # components of a mixture, as in the paper
_SMOOTH: Final = 50.0  # weight of an edge between like pixels, the paper's gamma
_UNITS: Final = 1000  # of capacity per unit of energy
_MOST: Final = 1e5  # greatest difference of two energies
_SINGULAR: Final = 0.01  # added to the variances of a component of one colour
_SETTLED: Final = 0.002  # share of the unsure pixels; if fewer change sides, it is done
_SAMPLE: Final = 2  # every so many rows and columns give the first models
_FEW: Final = 1000  # pixels of either side in such a sample; with fewer all pixels count


def grab_cut(rgb: Rgb, labels: Plane, rounds: int) -> Plane:
    """Tell foreground from background: 1 in the foreground.

    Args:
        rgb: the picture, shape ``(h, w, 3)``.
        labels: OpenCV's ``GC_BGD``, ``GC_FGD``, ``GC_PR_BGD`` and ``GC_PR_FGD``.
        rounds: how often colours are learnt and the picture is cut, at most: it ends when next to
            nothing changes.
    """
    # It initialises its colour models at random; output must be reproducible.
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    sample = _sample(labels)
    some = np.ascontiguousarray(rgb[sample]), np.ascontiguousarray(labels[sample])
    cv2.grabCut(*some, (0, 0, 0, 0), *models, 0, cv2.GC_INIT_WITH_MASK)
    mixtures = np.stack([_mixture_of(model.reshape(-1)) for model in models])
    open_ = ((labels == cv2.GC_PR_FGD) | (labels == cv2.GC_PR_BGD)).astype(np.uint8)
    inside: Plane = ((labels == cv2.GC_PR_FGD) | (labels == cv2.GC_FGD)).astype(np.uint8)
    height, width = labels.shape
    graph = GridGraph.of(height, width)
    ends = np.zeros((height, width), np.int32)  # what the neighbours that are sure add
    _join(rgb, open_, inside, _contrast(rgb), graph.capacity, ends)
    view = graph.excess.reshape(height + 2, width + 2)[1:-1, 1:-1]
    before = np.zeros_like(ends)
    for _ in range(rounds):
        sums = np.zeros((2, _COLOURS, 10))
        _measure(rgb, inside, mixtures, sums)
        mixtures = np.stack([_learnt(each) for each in sums])
        now = ends.copy()
        _weigh(rgb, open_, mixtures, now)
        view += now - before
        before = now
        found = cut(graph).reshape(height + 2, width + 2)[1:-1, 1:-1]
        now_inside = np.where(open_ > 0, found, inside).astype(np.uint8)
        changed = cv2.countNonZero(now_inside ^ inside)
        inside = now_inside
        if changed <= _SETTLED * cv2.countNonZero(open_):
            break
    return inside


def _sample(labels: Plane) -> tuple[slice, slice]:
    """Rows and columns whose pixels tell the colours of both sides as well as all do."""
    sparse = np.s_[::_SAMPLE, ::_SAMPLE]
    inside = labels[sparse] % 2  # GC_FGD and GC_PR_FGD are odd
    least = min(cv2.countNonZero(inside), cv2.countNonZero(1 - inside))
    return sparse if least >= _FEW else np.s_[:, :]


def _mixture_of(model: Values) -> Values:
    """OpenCV's model: 5 weights, 5 means and 5 covariances."""
    weights, means = model[:_COLOURS], model[_COLOURS : 4 * _COLOURS].reshape(_COLOURS, 3)
    return _mixture(weights, means, model[4 * _COLOURS :].reshape(_COLOURS, 3, 3))


def _mixture(weights: Values, means: Values, covariances: Values) -> Values:
    """Components of a Gaussian mixture, as the loops below read them, shape ``(5, 11)``.

    Of each the weight, the logarithm of its normalisation, the mean, and the inverse covariance
    (xx, xy, xz, yy, yz, zz).
    """
    mixture = np.zeros((_COLOURS, 11))
    for one, weight, mean, covariance in zip(mixture, weights, means, covariances, strict=True):
        if weight <= 0:
            continue
        spread = covariance
        if np.linalg.det(spread) <= np.finfo(np.float64).eps:
            spread = spread + _SINGULAR * np.eye(3)
        one[0], one[1] = weight, -0.5 * np.log(np.linalg.det(spread))
        one[2:5], one[5:] = mean, np.linalg.inv(spread)[np.triu_indices(3)]
    return mixture


def _learnt(sums: Values) -> Values:
    """The mixture of the pixels that were assigned to each component."""
    counts = sums[:, 0]
    some = np.maximum(counts, 1)[:, None]
    means, squares = sums[:, 1:4] / some, np.zeros((_COLOURS, 3, 3))
    rows, columns = np.triu_indices(3)
    squares[:, rows, columns] = squares[:, columns, rows] = sums[:, 4:] / some
    covariances = squares - means[:, :, None] * means[:, None]
    return _mixture(counts / max(counts.sum(), 1), means, covariances)


def _contrast(rgb: Rgb) -> float:
    """The paper's beta: by the mean squared difference of neighbours."""
    pixels = rgb.astype(np.int32)
    pairs = (
        (pixels[:, 1:], pixels[:, :-1]),
        (pixels[1:], pixels[:-1]),
        (pixels[1:, 1:], pixels[:-1, :-1]),
        (pixels[1:, :-1], pixels[:-1, 1:]),
    )
    total = sum(float(((a - b) ** 2).sum()) for a, b in pairs)
    height, width = rgb.shape[:2]
    count = 4 * width * height - 3 * width - 3 * height + 2
    return 0.0 if total <= 0 else count / (2 * total)


@compiled
def _join(
    rgb: Rgb,
    open_: Plane,
    inside: Plane,
    contrast: float,
    capacity: NDArray[np.int32],
    ends: NDArray[np.int32],
) -> None:
    """Edges between open pixels and their neighbours; those to sure ones end at a terminal."""
    height, width = open_.shape
    for y in range(height):
        for x in range(width):
            if not open_[y, x]:
                continue
            node, direction = (y + 1) * (width + 2) + x + 1, -1
            for dy in range(-1, 2):
                for dx in range(-1, 2):
                    if dy == 0 and dx == 0:
                        continue
                    direction += 1
                    v, u = y + dy, x + dx
                    if v < 0 or u < 0 or v >= height or u >= width:
                        continue
                    apart = 0.0
                    for c in range(3):
                        apart += (np.float64(rgb[y, x, c]) - np.float64(rgb[v, u, c])) ** 2
                    weight = _SMOOTH * np.exp(-contrast * apart) / np.sqrt(dy * dy + dx * dx)
                    units = np.int32(weight * _UNITS + 0.5)
                    if open_[v, u]:
                        capacity[node, direction] = units
                    else:
                        ends[y, x] += units if inside[v, u] else -units


@compiled
def _nearness(mixture: Values, k: int, r: float, g: float, b: float) -> float:
    """The logarithm of a component's density at a colour, up to a constant."""
    r, g, b = r - mixture[k, 2], g - mixture[k, 3], b - mixture[k, 4]
    across = r * (mixture[k, 5] * r + 2 * (mixture[k, 6] * g + mixture[k, 7] * b))
    down = g * (mixture[k, 8] * g + 2 * mixture[k, 9] * b) + mixture[k, 10] * b * b
    return mixture[k, 1] - 0.5 * (across + down)  # type: ignore[no-any-return]


@compiled
def _energy(mixture: Values, r: float, g: float, b: float) -> float:
    """The negative logarithm of a mixture's density at a colour."""
    most, total = -1e9, 0.0
    for k in range(_COLOURS):
        if mixture[k, 0] > 0:
            near = _nearness(mixture, k, r, g, b)
            if near > most:
                total = total * np.exp(most - near) + mixture[k, 0]
                most = near
            else:
                total += mixture[k, 0] * np.exp(near - most)
    return -most - np.log(total + 1e-300)  # type: ignore[no-any-return]


@compiled
def _measure(rgb: Rgb, inside: Plane, mixtures: Values, sums: Values) -> None:
    """Assign each pixel to the likeliest component of its side, and sum up its colours.

    Args:
        rgb, inside: the picture and its foreground.
        mixtures: of background and foreground, shape ``(2, 5, 11)``.
        sums: filled with counts, colours and their products, shape ``(2, 5, 10)``.
    """
    height, width = inside.shape
    for y in range(height):
        for x in range(width):
            r, g, b = np.float64(rgb[y, x, 0]), np.float64(rgb[y, x, 1]), np.float64(rgb[y, x, 2])
            side, best, most = inside[y, x], 0, -1e300
            for k in range(_COLOURS):
                if mixtures[side, k, 0] > 0:
                    near = _nearness(mixtures[side], k, r, g, b)
                    if near > most:
                        most, best = near, k
            one = sums[side, best]
            one[0] += 1
            one[1] += r
            one[2] += g
            one[3] += b
            one[4] += r * r
            one[5] += r * g
            one[6] += r * b
            one[7] += g * g
            one[8] += g * b
            one[9] += b * b


@compiled
def _weigh(rgb: Rgb, open_: Plane, mixtures: Values, ends: NDArray[np.int32]) -> None:
    """Add to each open pixel how much likelier its colour is in the foreground."""
    height, width = open_.shape
    for y in range(height):
        for x in range(width):
            if open_[y, x]:
                r, g, b = (
                    np.float64(rgb[y, x, 0]),
                    np.float64(rgb[y, x, 1]),
                    np.float64(rgb[y, x, 2]),
                )
                more = _energy(mixtures[0], r, g, b) - _energy(mixtures[1], r, g, b)
                ends[y, x] += np.int32(min(max(more, -_MOST), _MOST) * _UNITS)
