"""Gaits: how the parts of a flat picture move, by warping it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.concepts.concept import Facing, Gait, Kind
from kirin.engines.animatic.cast.costume import Build, Costume
from kirin.vision.compiled import compiled

Rgba = NDArray[np.uint8]
Floats = NDArray[np.float32]

STEPS = 64
"""Entries of a table over the width of the art."""

_BAND = 0.10  # of the art's height, at its foot: where legs are told apart
_SOLID = 128
_MIDDLE = 0.5  # of the art's height: legs begin below it
_BLACK = 84  # of 255: tyres are darker
_ROUND = 0.8  # share of a circle that must be dark to be a tyre


class Warp(IntEnum):
    """How the picture is bent."""

    NONE = 0
    LEGS = 1
    WINGS = 2  # seen from the side
    FOLD = 3  # wings seen from the front or above
    FISH = 4
    CRAWL = 5
    WHEELS = 6
    SWAY = 7
    FLAME = 8


@dataclass(frozen=True, slots=True, eq=False)
class Joints:
    """Where the parts of a picture are, and how they bend.

    Attributes:
        warp: the kind of bending.
        legs: over the width of the art, the phase of the leg there, in radians, and how far down
            the body reaches, in shares of the height; shape (2, :data:`STEPS`).
        wheels: middle and radius of each, in shares of width, height and height, shape (n, 3).
    """

    warp: Warp
    legs: Floats
    wheels: Floats


def warp_of(costume: Costume) -> Warp:
    """How the art of a costume bends."""
    if costume.art in ("fire", "candle"):
        return Warp.FLAME
    if costume.build is Build.PUFF:
        return Warp.NONE
    if costume.kind is Kind.PLANT:
        return Warp.SWAY
    if costume.gait is Gait.FLAP:
        return Warp.FOLD if costume.facing is Facing.FRONT else Warp.WINGS
    return {
        Gait.WALK: Warp.LEGS,
        Gait.HOP: Warp.LEGS,
        Gait.SWIM: Warp.FISH,
        Gait.CRAWL: Warp.CRAWL,
        Gait.DRIVE: Warp.WHEELS,
    }.get(costume.gait, Warp.NONE)


def find_joints(art: Rgba, costume: Costume) -> Joints:
    """Find the legs or the wheels of a picture."""
    warp = warp_of(costume)
    legs = np.zeros((2, STEPS), np.float32)
    wheels = np.zeros((0, 3), np.float32)
    if warp is Warp.LEGS:
        legs = np.stack([_phases(art[..., 3]), _reach(art[..., 3])])
    elif warp is Warp.WHEELS:
        wheels = _wheels(art)
    return Joints(warp, legs, wheels)


def _phases(alpha: NDArray[np.uint8]) -> Floats:
    """The phase of the leg at each column: neighbours alternate."""
    rows = max(int(_BAND * alpha.shape[0]), 1)
    solid = (alpha[-rows:] > _SOLID).mean(axis=0) > 0.35
    edges = np.flatnonzero(np.diff(np.concatenate([[0], solid.astype(np.int8), [0]])))
    width = len(solid)
    legs = [
        (a + b) / 2 / width
        for a, b in zip(edges[::2], edges[1::2], strict=True)
        if b - a > 0.03 * width
    ]
    grid = (np.arange(STEPS) + 0.5) / STEPS
    if len(legs) < 2:
        # The feet touch: the left half against the right half.
        return np.asarray(np.pi * (grid > 0.5), np.float32)
    nearest = np.abs(grid[:, None] - np.array(legs)[None]).argmin(axis=1)
    # Four legs: diagonal pairs move together, with a small delay.
    turn = np.array([(0.0, 1.0, 0.9, 0.1)[n % 4] * math.pi for n in range(len(legs))])
    if len(legs) != 4:
        turn = np.array([math.pi * (n % 2) for n in range(len(legs))])
    return np.asarray(turn[nearest], np.float32)


def _reach(alpha: NDArray[np.uint8]) -> Floats:
    """How far down the body reaches at each column, in shares of the height: from its middle."""
    height, width = alpha.shape
    middle = int(_MIDDLE * height)
    clear = alpha[middle:] <= _SOLID
    first = np.where(clear.any(axis=0), clear.argmax(axis=0), height - middle)
    edges = np.arange(STEPS + 1) * width // STEPS
    least = [first[a : max(b, a + 1)].min() for a, b in pairwise(edges.tolist())]
    return np.asarray((middle + np.array(least)) / height, np.float32)


def _wheels(art: Rgba) -> Floats:
    """Round dark discs at the foot of a vehicle, largest first; empty if there are not two."""
    size = 200
    scale = size / art.shape[0]
    small = cv2.resize(art, (max(int(art.shape[1] * scale), 8), size), interpolation=cv2.INTER_AREA)
    grey = small[..., :3].astype(np.float32).mean(axis=2)
    share = small[..., 3] / 255.0
    flat = (grey * share + 255 * (1 - share)).astype(np.uint8)
    found = cv2.HoughCircles(
        cv2.GaussianBlur(flat, (0, 0), 1.2),
        cv2.HOUGH_GRADIENT,
        1.0,
        minDist=4,
        param1=90,
        param2=11,
        minRadius=int(size * 0.07),
        maxRadius=int(size * 0.46),
    )
    if found is None:
        return np.zeros((0, 3), np.float32)
    wheels: list[tuple[float, float, float]] = []
    for x, y, radius in sorted(found[0].tolist(), key=lambda circle: -circle[2]):
        at_foot = 0.90 * size < y + radius < 1.06 * size and y > 0.4 * size
        apart = all(math.hypot(x - a, y - b) > radius + c for a, b, c in wheels)
        if at_foot and apart and _tyre(flat, x, y, radius) > _ROUND:
            wheels.append((x, y, radius))
    if len(wheels) == 1:
        twin = _twin(flat, *wheels[0])
        wheels = [*wheels, *twin] if twin else []
    shares = [(x / small.shape[1], y / size, radius / size) for x, y, radius in wheels[:4]]
    return np.asarray(shares, np.float32).reshape(-1, 3)


def _twin(
    grey: NDArray[np.uint8], x: float, y: float, radius: float
) -> list[tuple[float, float, float]]:
    """A second wheel at the height of the first; empty if there is none."""
    places = [a for a in range(int(radius), grey.shape[1] - int(radius)) if abs(a - x) > 2 * radius]
    best = max(places, key=lambda a: _tyre(grey, a, y, radius), default=0)
    found = bool(places) and _tyre(grey, best, y, radius) > _ROUND
    return [(float(best), y, radius)] if found else []


def _tyre(grey: NDArray[np.uint8], x: float, y: float, radius: float) -> float:
    """Share of a circle's directions in which there is a dark tyre near its edge."""
    angles = np.linspace(0, 2 * math.pi, 32, endpoint=False)
    reach = radius * np.array([0.76, 0.84, 0.92, 0.99])[:, None]
    across = np.clip((x + reach * np.cos(angles)).astype(int), 0, grey.shape[1] - 1)
    down = np.clip((y + reach * np.sin(angles)).astype(int), 0, grey.shape[0] - 1)
    return float((grey[down, across].min(axis=0) < _BLACK).mean())


def mark_wheels(art: Rgba, wheels: Floats) -> None:
    """Draw spokes, so that turning can be seen on plain discs."""
    height, width = art.shape[:2]
    for across, down, radius in wheels:
        centre = np.array([across * width, down * height])
        reach = radius * height
        for turn in range(5):
            angle = 2 * math.pi * turn / 5
            end = centre + 0.60 * reach * np.array([math.cos(angle), math.sin(angle)])
            begin = centre + 0.20 * reach * np.array([math.cos(angle), math.sin(angle)])
            overlay = art[..., :3].copy()
            cv2.line(
                overlay,
                (int(begin[0]), int(begin[1])),
                (int(end[0]), int(end[1])),
                (228, 230, 236),
                max(int(0.10 * reach), 1),
                cv2.LINE_AA,
            )
            art[..., :3] = cv2.addWeighted(
                overlay, 0.65, np.ascontiguousarray(art[..., :3]), 0.35, 0
            )


@compiled
def _step(u: float) -> int:
    """The entry of a table over the width of the art."""
    return int(min(max(u, 0.0), 0.9999) * STEPS)


@compiled
def _on_leg(u: float, v: float, place: int, legs: Any) -> tuple[float, float]:
    """Where the art is sampled for a leg: none shows a piece of the one beside it.

    Beyond the columns of its own is the gap between them, or above it the body.
    """
    reached = _step(u)
    if legs[0, reached] == legs[0, place]:
        return u, v
    step = 1 if reached > place else -1
    while legs[0, place + step] == legs[0, place]:
        place += step
    border = (place + max(step, 0)) / STEPS
    # Places between samples are interpolated: what is out of sight lies beneath the gap.
    return border, v if v <= min(legs[1, place], legs[1, place + step]) else 1.1


@compiled
def bend(  # noqa: PLR0912  # one branch for each way to bend; numba has no tables of functions
    u: float,
    v: float,
    warp: int,
    aspect: float,
    phase: float,
    stride: float,
    head: float,
    legs: Any,
    wheels: Any,
    melt: float,
) -> tuple[float, float]:
    """Where the art is sampled for a place of the bent picture.

    Args:
        u, v: the place, in shares of the art's width and height from its upper left corner.
        warp: a :class:`Warp`.
        aspect: width of the art by its height.
        phase: radians.
        stride: amplitude, 0 to 1.
        head: -1 if the head is at the left of the art, 1 at the right.
        legs, wheels: of :class:`Joints`.
        melt: 0 to 1.
    """
    if melt > 0:
        u = 0.5 + (u - 0.5) * (1 + 1.4 * melt * (1 - v) ** 1.3)
        v = v - 0.05 * melt * math.sin(17 * u + 2) * v
    behind = u if head < 0 else 1 - u
    if warp == 1:
        place = _step(u)
        low = min(max((v - 0.52) / 0.48, 0.0), 1.0)
        low = low * low * (3 - 2 * low)
        turn = phase + legs[0, place]
        u -= 0.070 * stride * low * math.sin(turn) / aspect * -head
        v += 0.075 * stride * low * max(math.cos(turn), 0.0)
        u, v = _on_leg(u, v, place, legs)
        tail = min(max((behind - 0.72) / 0.28, 0.0), 1.0) * min(max((0.55 - v) / 0.2, 0.0), 1.0)
        v -= 0.045 * stride * tail * math.sin(phase)
        nose = min(max((0.30 - behind) / 0.3, 0.0), 1.0) * (1 - low)
        v -= 0.018 * stride * nose * math.sin(2 * phase)
    elif warp == 2:
        wing = min(max((behind - 0.22) / 0.3, 0.0), 1.0)
        k = 0.86 + 0.30 * math.sin(phase) * stride
        if v < 0.58:
            v += wing * (v - 0.58) * (1 / k - 1)
    elif warp == 3:
        k = 1 - stride * (0.30 - 0.30 * math.cos(phase))
        away = abs(u - 0.5)
        if away > 0.07:
            away = 0.07 + (away - 0.07) / k
            u = 0.5 + (away if u > 0.5 else -away)
    elif warp == 4:
        v -= (0.012 + 0.055 * behind * behind) * stride * math.sin(phase - 5.2 * behind)
        u -= 0.02 * stride * behind * behind * math.sin(phase) / aspect
    elif warp == 5:
        u -= 0.022 * stride * math.sin(phase - 8.5 * behind)
        v -= 0.016 * stride * (1 - v) * math.sin(phase - 8.5 * behind + 1.0)
    elif warp == 6:
        for n in range(wheels.shape[0]):
            x = (u - wheels[n, 0]) * aspect
            y = v - wheels[n, 1]
            if x * x + y * y < 0.81 * wheels[n, 2] * wheels[n, 2]:
                cos, sin = math.cos(phase * head), math.sin(phase * head)
                u = wheels[n, 0] + (cos * x + sin * y) / aspect
                v = wheels[n, 1] + cos * y - sin * x
                break
    elif warp == 7:
        tall = max(1 - v, 0.0)
        u -= 0.030 * stride * tall * math.sqrt(tall) * math.sin(phase + 1.4 * tall) / aspect
    elif warp == 8:
        tall = max(1 - v, 0.0)
        u -= 0.060 * stride * tall * math.sin(phase + 4.5 * v) / aspect
        v -= 0.030 * stride * tall * math.sin(1.7 * phase + 1.0)
    return u, v
