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


def draw_points(view: Planes, points: Field, colours: Field) -> None:
    """Draw opaque or translucent capsules with soft edges.

    Args:
        view: that is drawn on.
        points: shape (n, 7): x and y at both ends, radius and softness in pixels, alpha 0 to 1.
        colours: shape (n, 3): Y, U and V.
    """
    _cover(view.y, points, colours[:, 0].copy(), 1, 0.5, 0.5)
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
    _tint(view.u, view.y, points, colours[:, 1].copy())
    _tint(view.v, view.y, points, colours[:, 2].copy())
    _light(view.y, points)


@compiled
def _profile(d: float, radius: float, soft: float) -> float:
    """Share of a capsule at a distance from its line."""
    t = min(max((radius + soft - d) / (2 * soft), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


@compiled
def _glow(d: float, radius: float, soft: float) -> float:
    """Light at a distance from the line: a core, and a halo that ends at the reach."""
    core = np.exp(-(d * d) / (radius * radius))
    far = min(max(1.0 - d / (radius + soft), 0.0), 1.0)
    return core * min(far * 4.0, 1.0) + 0.12 * far * far * far


@compiled
def _distance(px: float, py: float, dx: float, dy: float, length: float) -> float:
    t = min(max((px * dx + py * dy) / length, 0.0), 1.0)
    ex, ey = px - t * dx, py - t * dy
    return np.sqrt(ex * ex + ey * ey)


@compiled
def _reach(
    start: float, end: float, y0: float, y1: float, y: float, reach: float
) -> tuple[float, float]:
    """Between which columns a capsule crosses a row."""
    dy = y1 - y0
    if abs(dy) < 1e-3:
        return min(start, end) - reach, max(start, end) + reach
    a = min(max((y - reach - y0) / dy, 0.0), 1.0)
    b = min(max((y + reach - y0) / dy, 0.0), 1.0)
    xa, xb = start + a * (end - start), start + b * (end - start)
    return min(xa, xb) - reach, max(xa, xb) + reach


@compiled
def _cover(plane: Plane, points: Field, value: Field, step: int, ox: float, oy: float) -> None:
    rows, columns = plane.shape
    for n in range(points.shape[0]):
        x0, y0, x1, y1, radius, soft, alpha = points[n]
        if alpha < 0.004:
            continue
        reach = radius + soft
        top = max(int(np.ceil((min(y0, y1) - reach - oy) / step)), 0)
        bottom = min(int(np.floor((max(y0, y1) + reach - oy) / step)) + 1, rows)
        dx, dy = x1 - x0, y1 - y0
        length = max(dx * dx + dy * dy, np.float32(1e-6))
        for i in range(top, bottom):
            py = step * i + oy - y0
            near, far = _reach(x0, x1, y0, y1, step * i + oy, reach)
            left = max(int(np.ceil((near - ox) / step)), 0)
            right = min(int(np.floor((far - ox) / step)) + 1, columns)
            for j in range(left, right):
                d = _distance(step * j + ox - x0, py, dx, dy, length)
                if d < reach:
                    share = alpha * _profile(d, radius, soft)
                    below = np.float32(plane[i, j])
                    plane[i, j] = np.uint8(below + (value[n] - below) * share + 0.5)


@compiled
def _tint(plane: Plane, luma: Plane, points: Field, value: Field) -> None:
    rows, columns = plane.shape
    for n in range(points.shape[0]):
        x0, y0, x1, y1, radius, soft, power = points[n]
        if power < 0.002:
            continue
        reach = radius + soft
        left = max(int(np.ceil((min(x0, x1) - reach - 0.5) / 2)), 0)
        right = min(int(np.floor((max(x0, x1) + reach - 0.5) / 2)) + 1, columns)
        top = max(int(np.ceil((min(y0, y1) - reach - 1.0) / 2)), 0)
        bottom = min(int(np.floor((max(y0, y1) + reach - 1.0) / 2)) + 1, rows)
        dx, dy = x1 - x0, y1 - y0
        length = max(dx * dx + dy * dy, np.float32(1e-6))
        for i in range(top, bottom):
            for j in range(left, right):
                d = _distance(2 * j + 0.5 - x0, 2 * i + 1.0 - y0, dx, dy, length)
                if d < reach:
                    light = power * _glow(d, radius, soft)
                    there = (np.float32(luma[2 * i, 2 * j]) - 16.0) / 219.0
                    there = there * there
                    # A sensor's channels are full beyond white: the colour pales.
                    pale = 1.0 / max(1.0, light + there)
                    below = np.float32(plane[i, j])
                    target = 128.0 + (value[n] - 128.0) * pale
                    mixed = below + (target - below) * light / (light + there + 0.01)
                    plane[i, j] = np.uint8(mixed + 0.5)


@compiled
def _light(plane: Plane, points: Field) -> None:
    rows, columns = plane.shape
    for n in range(points.shape[0]):
        x0, y0, x1, y1, radius, soft, power = points[n]
        if power < 0.002:
            continue
        reach = radius + soft
        left = max(int(np.ceil(min(x0, x1) - reach - 0.5)), 0)
        right = min(int(np.floor(max(x0, x1) + reach - 0.5)) + 1, columns)
        top = max(int(np.ceil(min(y0, y1) - reach - 0.5)), 0)
        bottom = min(int(np.floor(max(y0, y1) + reach - 0.5)) + 1, rows)
        dx, dy = x1 - x0, y1 - y0
        length = max(dx * dx + dy * dy, np.float32(1e-6))
        for i in range(top, bottom):
            for j in range(left, right):
                d = _distance(j + 0.5 - x0, i + 0.5 - y0, dx, dy, length)
                if d < reach:
                    below = max((np.float32(plane[i, j]) - 16.0) / 219.0, 0.0)
                    light = np.sqrt(below * below + power * _glow(d, radius, soft))
                    lit = np.float32(16.0 + 219.0 * min(light, 1.0) + 0.5)
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
    whole = np.int32(strength * 257.0 + 0.5)
    colour = np.int32(value + 0.5)
    for i in range(rows):
        line, over = plane[top + i], alpha[i]
        for j in range(columns):
            below = np.int32(line[left + j])
            share = np.int32(over[j]) * whole
            line[left + j] = np.uint8(below + (((colour - below) * share + 32768) >> 16))


@compiled
def shine(plane: Plane, light: Plane, strength: float, top: int, left: int) -> None:
    """Add light to a part of a plane of luma, in place, as :func:`draw_lights` does.

    Args:
        plane: that is changed.
        light: linear, 255 being white; its corner lies at ``top``, ``left``.
        strength: of the light.
    """
    rows, columns = light.shape
    power = np.float32(strength / 255.0)
    for i in range(rows):
        line, over = plane[top + i], light[i]
        for j in range(columns):
            below = max((np.float32(line[left + j]) - np.float32(16)) / np.float32(219), 0)
            lit = np.sqrt(below * below + power * np.float32(over[j]))
            value = np.float32(16.5) + np.float32(219) * min(lit, np.float32(1))
            line[left + j] = max(line[left + j], np.uint8(value))
