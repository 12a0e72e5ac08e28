"""Kernels that draw particles on uint8 planes, and only on the samples that they touch.

A point that moves while the shutter is open is a capsule: all that is within a radius of the
line from where it was to where it goes. Positions are in pixels of the view, (0, 0) its outer
corner; they are exact, so that slow particles do not jump from sample to sample.
"""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes


def draw_points(view: Planes, points: Field, colours: Field, *, grey: bool = False) -> None:
    """Draw opaque or translucent capsules with soft edges.

    Args:
        view: that is drawn on.
        points: shape (n, 7): x and y at both ends, radius and softness in pixels, alpha 0 to 1.
        colours: shape (n, 3): Y, U and V.
        grey: whether to leave the chroma, as a thin streak of water does.
    """
    _cover(view.y, points, colours[:, 0].copy(), 1, 0.5, 0.5)
    if grey:
        return
    _cover(view.u, points, colours[:, 1].copy(), 2, 0.5, 1.0)
    _cover(view.v, points, colours[:, 2].copy(), 2, 0.5, 1.0)


def draw_lights(view: Planes, points: Field, colours: Field) -> None:
    """Add capsules of light.

    Light adds up in linear light; a gamma of 2 stands for the transfer function, which is within
    3% of sRGB's and costs a square root. Light beyond white turns white, as on a sensor.

    Args:
        view: that is drawn on.
        points: as for :func:`draw_points`; alpha is the light of the centre, 1 being white, and
            may be more.
        colours: shape (n, 3): Y is not used.
    """
    # Chroma first: it asks for the luma that is there without the light.
    _tint(view.u, view.y, points, colours[:, 1].copy())
    _tint(view.v, view.y, points, colours[:, 2].copy())
    _light(view.y, points)


@compiled
def _reach(
    x0: float, y0: float, x1: float, y1: float, y: float, reach: float
) -> tuple[float, float]:
    """Between which columns a capsule crosses a row."""
    dy = y1 - y0
    if abs(dy) < 1e-3:
        return min(x0, x1) - reach, max(x0, x1) + reach
    a = min(max((y - reach - y0) / dy, 0.0), 1.0)
    b = min(max((y + reach - y0) / dy, 0.0), 1.0)
    xa, xb = x0 + a * (x1 - x0), x0 + b * (x1 - x0)
    return min(xa, xb) - reach, max(xa, xb) + reach


# The loops over columns below have no branches, so that they are vectorised.


@compiled
def _cover(plane: Plane, points: Field, value: Field, step: int, ox: float, oy: float) -> None:
    rows, columns = plane.shape
    zero, one, two, three = np.float32(0), np.float32(1), np.float32(2), np.float32(3)
    half, pitch = np.float32(0.5), np.float32(step)
    for n in range(points.shape[0]):
        x0, y0, x1, y1, radius, soft, alpha = points[n]
        reach = radius + soft
        top = max(int(np.ceil((min(y0, y1) - reach - oy) / step)), 0)
        bottom = min(int(np.floor((max(y0, y1) + reach - oy) / step)) + 1, rows)
        dx, dy = x1 - x0, y1 - y0
        inverse = one / max(dx * dx + dy * dy, np.float32(1e-6))
        edge = one / (two * soft)
        colour = value[n]
        for i in range(top, bottom):
            y = np.float32(step * i + oy)
            near, far = _reach(x0, y0, x1, y1, float(y), reach)
            left = max(int(np.ceil((near - ox) / step)), 0)
            right = min(int(np.floor((far - ox) / step)) + 1, columns)
            if right <= left:
                continue
            py = y - y0
            start = np.float32(step * left + ox) - x0
            for j in range(left, right):
                px = start + pitch * np.float32(j - left)
                along = min(max((px * dx + py * dy) * inverse, zero), one)
                ex, ey = px - along * dx, py - along * dy
                t = (reach - np.sqrt(ex * ex + ey * ey)) * edge
                t = min(max(t, zero), one)
                share = alpha * t * t * (three - two * t)
                below = np.float32(plane[i, j])
                plane[i, j] = np.uint8(np.int32(below + (colour - below) * share + half))


@compiled
def _glow(
    px: np.float32, py: np.float32, dx: np.float32, dy: np.float32, shape: Field
) -> np.float32:
    """Light at a place: a core, and a halo that ends at the reach.

    Args:
        px, py: from the start of the line.
        dx, dy: of the line.
        shape: 1 / length ** 2, 1 / radius ** 2, 1 / reach.
    """
    zero, one = np.float32(0), np.float32(1)
    along = min(max((px * dx + py * dy) * shape[0], zero), one)
    ex, ey = px - along * dx, py - along * dy
    square = ex * ex + ey * ey
    far = max(one - np.sqrt(square) * shape[2], zero)
    # (1 + d ** 2 / 3 r ** 2) ** -3 is a Gaussian's core with a broader foot.
    core = one / (one + square * shape[1] * np.float32(0.333))
    edge = min(far * np.float32(3), one)
    light: np.float32 = core * core * core * edge + np.float32(0.1) * far * far * far
    return light


@compiled
def _tint(plane: Plane, luma: Plane, points: Field, value: Field) -> None:
    rows, columns = plane.shape
    shape = np.empty(3, np.float32)
    one, grey = np.float32(1), np.float32(128)
    for n in range(points.shape[0]):
        x0, y0, x1, y1, radius, soft, power = points[n]
        reach = radius + soft
        top = max(int(np.ceil((min(y0, y1) - reach - 1.0) / 2)), 0)
        bottom = min(int(np.floor((max(y0, y1) + reach - 1.0) / 2)) + 1, rows)
        dx, dy = x1 - x0, y1 - y0
        shape[0] = one / max(dx * dx + dy * dy, np.float32(1e-6))
        shape[1], shape[2] = one / (radius * radius), one / reach
        colour = value[n] - grey
        for i in range(top, bottom):
            near, far = _reach(x0, y0, x1, y1, 2 * i + 1.0, reach)
            left = max(int(np.ceil((near - 0.5) / 2)), 0)
            right = min(int(np.floor((far - 0.5) / 2)) + 1, columns)
            py = np.float32(2 * i + 1) - y0
            for j in range(left, right):
                light = power * _glow(np.float32(2 * j + 0.5) - x0, py, dx, dy, shape)
                there = (np.float32(luma[2 * i, 2 * j]) - np.float32(16)) / np.float32(219)
                there = there * there
                # A sensor's channels are full beyond white: the colour pales.
                pale = one / max(one, light + there)
                below = np.float32(plane[i, j])
                share = light / (light + there + np.float32(0.01))
                mixed = below + (grey + colour * pale - below) * share
                plane[i, j] = np.uint8(np.int32(mixed + np.float32(0.5)))


@compiled
def _light(plane: Plane, points: Field) -> None:
    rows, columns = plane.shape
    shape = np.empty(3, np.float32)
    zero, one = np.float32(0), np.float32(1)
    black, swing, half = np.float32(16), np.float32(219), np.float32(0.5)
    for n in range(points.shape[0]):
        x0, y0, x1, y1, radius, soft, power = points[n]
        reach = radius + soft
        top = max(int(np.ceil(min(y0, y1) - reach - 0.5)), 0)
        bottom = min(int(np.floor(max(y0, y1) + reach - 0.5)) + 1, rows)
        dx, dy = x1 - x0, y1 - y0
        shape[0] = one / max(dx * dx + dy * dy, np.float32(1e-6))
        shape[1], shape[2] = one / (radius * radius), one / reach
        for i in range(top, bottom):
            near, far = _reach(x0, y0, x1, y1, i + 0.5, reach)
            left = max(int(np.ceil(near - 0.5)), 0)
            right = min(int(np.floor(far - 0.5)) + 1, columns)
            py = np.float32(i) + half - y0
            for j in range(left, right):
                below = max((np.float32(plane[i, j]) - black) / swing, zero)
                light = power * _glow(np.float32(j) + half - x0, py, dx, dy, shape)
                lit = np.int32(black + swing * min(np.sqrt(below * below + light), one) + half)
                plane[i, j] = max(plane[i, j], np.uint8(lit))


@compiled
def veil(plane: Plane, alpha: Plane, value: float, strength: float, top: int, left: int) -> None:
    """Blend one colour over a part of a plane, in place.

    Args:
        plane: that is changed.
        alpha: of the veil, uint8; its corner lies at ``top``, ``left``.
        value: of the colour.
        strength: 0 to 1, of which alpha is a share.
    """
    rows, columns = alpha.shape
    whole = np.uint32(strength * 257.0 + 0.5)
    colour, half = np.uint32(value + 0.5), np.uint32(32768)
    for i in range(rows):
        line, over = plane[top + i, left : left + columns], alpha[i]
        for j in range(columns):
            share = np.uint32(over[j]) * whole
            mix = np.uint32(line[j]) * (np.uint32(65536) - share) + colour * share
            line[j] = np.uint8((mix + half) >> np.uint32(16))


@compiled
def shine(plane: Plane, light: Plane, strength: float, top: int, left: int) -> None:
    """Add light to a part of a plane of luma, in place, as :func:`draw_lights` does.

    Args:
        plane: that is changed.
        light: the root of the light, 255 being white: linear values would show their steps in
            the dark. Its corner lies at ``top``, ``left``.
        strength: of the light.
    """
    rows, columns = light.shape
    power = np.float32(strength / 65025.0)
    zero, one, half = np.float32(0), np.float32(1), np.float32(16.5)
    black, swing, inverse = np.float32(16), np.float32(219), np.float32(1 / 219)
    for i in range(rows):
        line, over = plane[top + i, left : left + columns], light[i]
        for j in range(columns):
            there = line[j]
            below = max((np.float32(there) - black) * inverse, zero)
            root = np.float32(over[j])
            lit = min(np.sqrt(below * below + power * root * root), one)
            line[j] = max(there, np.uint8(np.int32(half + swing * lit)))
