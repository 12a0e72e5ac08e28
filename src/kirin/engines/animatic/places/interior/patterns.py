"""Patterns of materials: planks, tiles, cloth, books, by position on a surface in metres."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from kirin.engines.animatic.places.interior.tracing import Table
from kirin.vision.compiled import compiled

PATTERNS = (
    "plain",
    "planks",
    "tiles",
    "checker",
    "concrete",
    "weave",
    "wood",
    "marble",
    "brick",
    "stripes",
    "wainscot",
    "books",
    "brushed",
    "folds",
    "panels",
    "stained",
    "screen",
    "chalk",
    "painting",
    "hazard",
    "ribs",
    "terrazzo",
    "goods",
    "rug",
    "parquet",
)
"""Names of the patterns, in the order of their numbers."""


@compiled
def chance(i: int, j: int, seed: int) -> Any:
    """A random number from 0 to 1 by cell: a hash with the multipliers of Teschner 2003."""
    h = np.uint32(i * 73856093) ^ np.uint32(j * 19349663) ^ np.uint32(seed * 83492791 + 12345)
    h = np.uint32((h ^ (h >> np.uint32(15))) * np.uint32(0x2C1B3C6D))
    h = np.uint32((h ^ (h >> np.uint32(12))) * np.uint32(0x297A2D39))
    h = np.uint32(h ^ (h >> np.uint32(15)))
    return float(h) / 4294967296.0


@compiled
def grain(x: float, y: float, seed: int) -> Any:
    """Value noise, 0 to 1."""
    i, j = int(math.floor(x)), int(math.floor(y))
    u, v = x - i, y - j
    u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    a, b = chance(i, j, seed), chance(i + 1, j, seed)
    c, d = chance(i, j + 1, seed), chance(i + 1, j + 1, seed)
    return a + (b - a) * u + (c + (d - c) * u - a - (b - a) * u) * v


@compiled
def cloudy(x: float, y: float, seed: int) -> Any:
    """Three octaves of value noise, 0 to 1."""
    return (
        0.55 * grain(x, y, seed)
        + 0.29 * grain(2.1 * x + 7, 2.1 * y, seed + 1)
        + 0.16 * grain(4.3 * x, 4.3 * y + 5, seed + 2)
    )


@compiled
def line(place: float, width: float, blur: float) -> Any:
    """Cover of a line around whole numbers; it fades where it is finer than a pixel."""
    off = abs(place - math.floor(place + 0.5))
    wide = max(width, blur)
    return min(max((wide - off) / max(blur, 1e-4) + 0.5, 0.0), 1.0) * min(width / wide, 1.0)


@compiled
def _boards(a: float, b: float, pitch: float, blur: float, seed: int) -> Any:
    column = int(math.floor(a / pitch))
    length = pitch * (9.0 + 3.0 * chance(column, 1, seed))
    along = b / length + chance(column, 2, seed)
    tone = 0.74 + 0.36 * chance(column, int(math.floor(along)), seed + 3)
    streak = grain(a * 60.0, b * 2.2 + 9.0 * chance(column, 4, seed), seed + 5)
    tone += 0.22 * (streak - 0.5) / (1.0 + 40.0 * blur)
    seam = max(line(a / pitch, 0.012, blur / pitch), line(along, 0.0025, blur / length))
    return tone * (1.0 - 0.6 * seam)


@compiled
def _veins(a: float, b: float, pitch: float, seed: int) -> Any:
    u, v = a / pitch, b / pitch
    warp = 1.7 * cloudy(u * 0.8 + 11, v * 0.8, seed)
    crest = abs(cloudy(u + warp, 0.6 * v + warp, seed + 9) - 0.5)
    fine = abs(cloudy(2.6 * u - warp, 2.2 * v + 3, seed + 17) - 0.5)
    vein = max(0.0, 1.0 - crest * 22.0) + 0.45 * max(0.0, 1.0 - fine * 30.0)
    return min(vein, 1.0), cloudy(u * 0.5, v * 0.5, seed + 4)


@compiled
def _spines(a: float, b: float, pitch: float, seed: int) -> Any:
    """Books in a row: hue number, brightness."""
    shelf = int(math.floor(b / pitch))
    cell = int(math.floor(a / 0.30))
    inside = a / 0.30 - cell
    # Each stretch of 30 cm holds 5 to 9 books.
    count = 5 + int(5 * chance(cell, shelf, seed))
    place = inside * count
    number = int(place)
    key = cell * 16 + number
    tall = (0.68 + 0.26 * chance(key, shelf, seed + 1)) * pitch
    up = b - shelf * pitch
    if up > tall or chance(key, shelf, seed + 2) < 0.05:
        return -1.0, 0.10
    edge = min(place - number, 1.0 - place + number)
    round_ = 0.55 + 0.45 * min(edge * 4.0, 1.0)
    band = 0.0
    if chance(key, shelf, seed + 3) < 0.5 and abs(up / tall - 0.8) < 0.05:
        band = 0.35
    return chance(key, shelf, seed + 4), round_ * (0.75 + 0.5 * chance(key, 7, seed)) + band


@compiled
def _hue(share: float, value: float, strength: float) -> Any:
    """A colour of the wheel, by share of the turn."""
    r = 0.5 + 0.5 * math.cos(6.2832 * share)
    g = 0.5 + 0.5 * math.cos(6.2832 * (share - 0.333))
    b = 0.5 + 0.5 * math.cos(6.2832 * (share - 0.667))
    k = 1.0 - strength
    return value * (k + strength * r), value * (k + strength * g), value * (k + strength * b)


@compiled
def _picture(a: float, b: float, pitch: float, seed: int) -> Any:
    """A painted landscape or an abstract, by seed."""
    u, v = a / pitch, b / pitch
    hue = chance(1, 2, seed)
    if chance(3, 4, seed) < 0.55:
        ridge = 0.25 * (cloudy(1.6 * u + 5, 3.0, seed) - 0.5)
        if v > ridge:
            return _hue(hue, 0.55 + 0.25 * v, 0.35)
        near = 0.4 * (cloudy(1.1 * u + 9, 8.0, seed + 1) - 0.7)
        return _hue(hue + (0.35 if v > near else 0.45), 0.30 + 0.2 * cloudy(6 * u, 9 * v, seed), 0.5)
    w = cloudy(1.3 * u + 3, 1.3 * v, seed) * 3.2
    return _hue(hue + 0.14 * math.floor(w), 0.35 + 0.45 * chance(int(w), 9, seed), 0.65)


@compiled
def _glass(a: float, b: float, pitch: float, seed: int) -> Any:
    """Stained glass: diamonds and roundels in lead."""
    u, v = a / pitch + b / pitch, a / pitch - b / pitch
    i, j = int(math.floor(u)), int(math.floor(v))
    lead = max(line(u, 0.06, 0.03), line(v, 0.06, 0.03))
    pick = chance(i, j, seed)
    hue = 0.62 if pick < 0.4 else (0.02 if pick < 0.6 else (0.12 if pick < 0.8 else 0.36))
    r, g, b2 = _hue(hue, 0.9, 0.88)
    shade = (1.0 - 0.95 * lead) * (0.7 + 0.6 * chance(i, j, seed + 1))
    return r * shade, g * shade, b2 * shade


@compiled
def _screen(a: float, b: float, pitch: float, seed: int) -> Any:
    row = int(math.floor(b / (0.035 * pitch)))
    lit = line(b / (0.035 * pitch) + 0.5, 0.28, 0.1)
    reach = 0.15 + 0.75 * chance(row, 3, seed)
    start = 0.1 * chance(row, 4, seed)
    across = a / pitch + 0.5
    on = lit if start < across < reach else 0.0
    r, g, b2 = _hue(0.5 + 0.25 * chance(row, 5, seed), 1.0, 0.6)
    return 0.05 + on * r, 0.10 + on * g, 0.16 + on * b2


@compiled
def _masonry(a: float, b: float, pitch: float, blur: float, seed: int) -> Any:
    row = int(math.floor(b / (0.36 * pitch)))
    along = a / pitch + 0.5 * (row % 2)
    mortar = max(line(along, 0.025, blur / pitch), line(b / (0.36 * pitch), 0.07, blur / pitch))
    tone = 0.75 + 0.4 * chance(int(math.floor(along)), row, seed)
    return tone * (0.85 + 0.3 * grain(a * 40, b * 40, seed)), mortar


@compiled
def _hull(a: float, b: float, pitch: float, blur: float, seed: int) -> Any:
    """Panels of a hull: tone, and a lamp's hue or -1."""
    row = int(math.floor(b / pitch))
    along = a / (1.7 * pitch) + 0.37 * row
    i = int(math.floor(along))
    seam = max(line(along, 0.010, blur / pitch), line(b / pitch, 0.016, blur / pitch))
    tone = (0.78 + 0.30 * chance(i, row, seed)) * (1.0 - 0.75 * seam)
    u, v = along - i, b / pitch - row
    if chance(i, row, seed + 1) < 0.30 and abs(v - 0.5) < 0.18 and 0.12 < u < 0.62:
        k, m = int(u * 28), int(v * 14)
        if abs(u * 28 - k - 0.5) < 0.32 and abs(v * 14 - m - 0.5) < 0.32:
            if chance(k + 64 * i, m + 64 * row, seed + 2) < 0.45:
                return tone, chance(k + 64 * i, m + 64 * row, seed + 3)
        return tone * 0.35, -1.0
    return tone, -1.0


@compiled
def _shelved(a: float, b: float, pitch: float, seed: int) -> Any:
    """Goods on a shelf: hue or -1 for nothing, and brightness."""
    shelf = int(math.floor(b / pitch))
    up = b / pitch - shelf
    stretch = int(math.floor(a / 0.62))
    wide = 0.07 + 0.09 * chance(stretch, shelf, seed)
    count = max(int(0.62 / wide), 1)
    place = (a / 0.62 - stretch) * count
    n = int(place)
    off = abs(place - n - 0.5)
    tall = 0.45 + 0.40 * chance(stretch, shelf, seed + 1)
    kind = chance(stretch, shelf, seed + 2)
    reach = 0.46
    if kind < 0.4 and up > 0.62 * tall:
        reach = 0.15  # the neck of a bottle
    if up > tall or off > reach:
        return -1.0, 0.08
    shade = 0.55 + 0.55 * (1.0 - (off / reach) ** 2)
    if 0.3 < up / tall < 0.55:
        shade *= 1.45
    return chance(stretch, shelf, seed + 3), shade


@compiled
def _carpet(a: float, b: float, pitch: float, seed: int) -> Any:
    """A rug: share of the second colour, by bands and lozenges."""
    u, v = a / pitch, b / pitch
    edge = max(abs(u), abs(v))
    if 0.80 < edge < 0.90:
        return 1.0
    w = abs(math.sin(3.1 * u * 3.0)) + abs(math.sin(3.1 * v * 3.0))
    k = 0.85 if 0.8 < w < 1.05 else (0.35 if w < 0.35 else 0.0)
    return k * (0.8 + 0.4 * chance(int(40 * u), int(40 * v), seed))


@compiled
def albedo(m: Table, a: float, b: float, blur: float) -> Any:
    """Reflectance (3) of a material.

    Args:
        m: the material's columns.
        a, b: position on the surface in metres; ``b`` up or away.
        blur: size of a pixel there in metres.
    """
    kind, pitch, seed = int(m[0]), m[1], int(m[10])
    tone, share = 1.0, 0.0
    if kind == 0:
        tone = 0.96 + 0.08 * cloudy(a * 0.7, b * 0.7, seed)
    elif kind == 1:
        tone = _boards(a, b, pitch, blur, seed)
    elif kind == 2:
        share = max(line(a / pitch, 0.02, blur / pitch), line(b / pitch, 0.02, blur / pitch))
        cell = chance(int(math.floor(a / pitch)), int(math.floor(b / pitch)), seed)
        tone = 0.93 + 0.10 * cell
    elif kind == 3:
        i, j = int(math.floor(a / pitch)), int(math.floor(b / pitch))
        share = float((i + j) % 2)
        fade = min(max(1.6 - blur / pitch * 2.0, 0.0), 1.0)
        share = 0.5 + (share - 0.5) * fade
        tone = 0.94 + 0.10 * cloudy(a * 3, b * 3, seed)
    elif kind == 4:
        tone = 0.72 + 0.45 * cloudy(a * 0.9, b * 0.9, seed) + 0.10 * grain(a * 14, b * 14, seed)
        tone *= 1.0 - 0.35 * max(line(a / 2.4, 0.003, blur / 2.4), line(b / 2.4, 0.003, blur / 2.4))
    elif kind == 5:
        tone = 0.86 + 0.28 * grain(a * 70, b * 70, seed) / (1.0 + 60.0 * blur)
        tone *= 0.94 + 0.12 * cloudy(a * 2, b * 2, seed)
    elif kind == 6:
        ring = grain(a * 1.6 + 3.0 * grain(a * 0.6, b * 9.0, seed), b * 26.0, seed + 3)
        tone = 0.78 + 0.40 * ring
    elif kind == 7:
        share, base = _veins(a, b, pitch, seed)
        tone = 0.8 + 0.4 * base
    elif kind == 8:
        tone, share = _masonry(a, b, pitch, blur, seed)
    elif kind == 9:
        share = min(max((abs((a / pitch) % 1.0 - 0.5) - 0.25) * pitch / max(blur, 1e-3) + 0.5, 0.0), 1.0)
    elif kind == 10:
        share = 1.0 if b < pitch else 0.0
        if b < pitch:
            rim = max(line(a / 0.8, 0.035, blur), line((b - 0.5 * pitch) / (0.72 * pitch) + 0.5, 0.02, blur))
            tone = 1.0 - 0.28 * rim
            if b > 0.93 * pitch:
                tone = 1.10
    return _patterned(m, kind, a, b, blur, tone, share)


@compiled
def _patterned(
    m: Table, kind: int, a: float, b: float, blur: float, tone: float, share: float
) -> Any:
    """The rest of :func:`albedo`: patterns with colours of their own, and the blend."""
    pitch, seed = m[1], int(m[10])
    if kind == 11 or kind == 22:
        hue, value = _spines(a, b, pitch, seed) if kind == 11 else _shelved(a, b, pitch, seed)
        if hue < 0.0:
            return value * m[2], value * m[3], value * m[4]
        strength = 0.45 if kind == 11 else 0.7
        r, g, b2 = _hue(0.92 + hue * (0.80 if kind == 11 else 1.0), 0.50 * value, strength)
        return r, g, b2
    if kind == 12:
        tone = 0.85 + 0.3 * grain(a * 3.0, b * 120.0, seed) / (1.0 + 60.0 * blur)
    elif kind == 13:
        wave = 0.5 + 0.5 * math.sin(6.2832 * a / pitch + 1.3 * math.sin(2.1 * a / pitch + 0.5 * b))
        tone = 0.42 + 0.72 * wave
    elif kind == 14:
        tone, hue = _hull(a, b, pitch, blur, seed)
        if hue >= 0.0:
            return _hue(0.05 + 0.55 * hue, 2.4, 0.75)
    elif kind == 15:
        return _glass(a, b, pitch, seed)
    elif kind == 16:
        return _screen(a, b, pitch, seed)
    elif kind == 17:
        smear = cloudy(a * 1.1 + 0.5 * b, b * 2.4, seed)
        tone = 0.8 + 0.9 * max(smear - 0.45, 0.0)
        row = math.floor(b / 0.22)
        script = abs(b / 0.22 - row - 0.5 - 0.20 * math.sin(a * 31) * chance(int(a * 12), int(row), seed))
        words = chance(int(math.floor(a * 5.0)), int(row), seed + 1) > 0.42
        if script < 0.06 and words and chance(int(math.floor(a * 0.7)), int(row), seed + 2) > 0.35:
            share = 0.85
    elif kind == 18:
        return _picture(a, b, pitch, seed)
    elif kind == 19:
        share = 1.0 if ((a + b) / pitch) % 1.0 < 0.5 else 0.0
    elif kind == 20:
        tone = 0.62 + 0.38 * math.sin(6.2832 * a / pitch) / (1.0 + 3.0 * blur / pitch)
    elif kind == 21:
        cell = chance(int(math.floor(a * 55)), int(math.floor(b * 55)), seed)
        share = min(max((cell - 0.72) * 4.0, 0.0), 1.0) / (1.0 + 50.0 * blur)
    elif kind == 23:
        share = _carpet(a, b, pitch, seed)
        tone = 0.85 + 0.25 * grain(a * 60, b * 60, seed) / (1.0 + 50.0 * blur)
    elif kind == 24:
        i, j = int(math.floor(a / pitch)), int(math.floor(b / pitch))
        turned = (i + j) % 2 == 0
        tone = _boards(b if turned else a, a if turned else b, pitch / 4.0, blur, seed + (5 if turned else 0))
    return (
        tone * (m[2] + (m[5] - m[2]) * share),
        tone * (m[3] + (m[6] - m[3]) * share),
        tone * (m[4] + (m[7] - m[4]) * share),
    )
