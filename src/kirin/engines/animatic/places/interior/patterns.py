"""Patterns of materials: planks, tiles, cloth, books, by position on a surface in metres."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from kirin.engines.animatic.places.interior.grain import Cells, chance, cloudy, grain
from kirin.engines.animatic.places.interior.tracing import Table
from kirin.engines.animatic.scene.colour import Colour


class Spots(NamedTuple):
    """Points on surfaces of one pattern; arrays over the points.

    Attributes:
        a, b: position on the surface in metres; ``b`` up or away.
        blur: size of a pixel there in metres.
        pitch: size of the pattern in metres.
        seed: of the material.
        first, second: its colours, shape (n, 3).
    """

    a: Table
    b: Table
    blur: Table
    pitch: Table
    seed: Cells
    first: Colour
    second: Colour

    def dyed(self, tone: Any, share: Any = 0.0) -> Colour:
        """The first colour blended with a share of the second, times a tone."""
        tone, share = np.asarray(tone, np.float32), np.asarray(share, np.float32)
        blend = self.first + (self.second - self.first) * share[..., None]
        return np.asarray(blend * tone[..., None], np.float32)


def line(place: Any, width: float, blur: Any) -> Table:
    """Cover of a line around whole numbers; it fades where it is finer than a pixel."""
    off = np.abs(place - np.rint(place))
    wide = np.maximum(width, blur)
    cover = np.clip((wide - off) / np.maximum(blur, 1e-4) + 0.5, 0.0, 1.0)
    return np.asarray(cover * np.minimum(width / wide, 1.0), np.float32)


def _hue(share: Any, value: Any, strength: Any) -> Colour:
    """Colours of the wheel, by share of the turn."""
    turn = 6.2832 * (np.asarray(share)[..., None] - np.array([0.0, 0.333, 0.667], np.float32))
    value, k = np.asarray(value)[..., None], np.asarray(strength)[..., None]
    return np.asarray(value * (1.0 - k + k * (0.5 + 0.5 * np.cos(turn))), np.float32)


def _seams(a: Table, b: Table, s: Spots, pitch: Any, seed: Cells) -> Table:
    """Brightness of boards."""
    column = np.floor(a / pitch)
    length = pitch * (9.0 + 3.0 * chance(column, 1, seed))
    along = b / length + chance(column, 2, seed)
    tone = 0.74 + 0.36 * chance(column, np.floor(along), seed + 3)
    streak = grain(a * 60.0, b * 2.2 + 9.0 * chance(column, 4, seed), seed + 5)
    tone += 0.22 * (streak - 0.5) / (1.0 + 40.0 * s.blur)
    seam = np.maximum(line(a / pitch, 0.012, s.blur / pitch), line(along, 0.0025, s.blur / length))
    return np.asarray(tone * (1.0 - 0.6 * seam), np.float32)


def _plain(s: Spots) -> Colour:
    return s.dyed(0.96 + 0.08 * cloudy(s.a * 0.7, s.b * 0.7, s.seed))


def _planks(s: Spots) -> Colour:
    return s.dyed(_seams(s.a, s.b, s, s.pitch, s.seed))


def _parquet(s: Spots) -> Colour:
    turned = (np.floor(s.a / s.pitch) + np.floor(s.b / s.pitch)) % 2 == 0
    a, b = np.where(turned, s.b, s.a), np.where(turned, s.a, s.b)
    return s.dyed(_seams(a, b, s, s.pitch / 4, s.seed + np.where(turned, 5, 0)))


def _tiles(s: Spots) -> Colour:
    u, v, blur = s.a / s.pitch, s.b / s.pitch, s.blur / s.pitch
    tone = 0.93 + 0.10 * chance(np.floor(u), np.floor(v), s.seed)
    return s.dyed(tone, np.maximum(line(u, 0.02, blur), line(v, 0.02, blur)))


def _checker(s: Spots) -> Colour:
    odd = (np.floor(s.a / s.pitch) + np.floor(s.b / s.pitch)) % 2
    fade = np.clip(1.6 - s.blur / s.pitch * 2.0, 0.0, 1.0)
    return s.dyed(0.94 + 0.10 * cloudy(s.a * 3, s.b * 3, s.seed), 0.5 + (odd - 0.5) * fade)


def _concrete(s: Spots) -> Colour:
    tone = 0.72 + 0.45 * cloudy(s.a * 0.9, s.b * 0.9, s.seed)
    tone += 0.10 * grain(s.a * 14, s.b * 14, s.seed)
    joint = np.maximum(line(s.a / 2.4, 0.003, s.blur / 2.4), line(s.b / 2.4, 0.003, s.blur / 2.4))
    return s.dyed(tone * (1.0 - 0.35 * joint))


def _weave(s: Spots) -> Colour:
    tone = 0.86 + 0.28 * grain(s.a * 70, s.b * 70, s.seed) / (1.0 + 60.0 * s.blur)
    return s.dyed(tone * (0.94 + 0.12 * cloudy(s.a * 2, s.b * 2, s.seed)))


def _wood(s: Spots) -> Colour:
    bend = 3.0 * grain(s.a * 0.6, s.b * 9.0, s.seed)
    return s.dyed(0.78 + 0.40 * grain(s.a * 1.6 + bend, s.b * 26.0, s.seed + 3))


def _marble(s: Spots) -> Colour:
    u, v = s.a / s.pitch, s.b / s.pitch
    warp = 1.7 * cloudy(u * 0.8 + 11, v * 0.8, s.seed)
    crest = np.abs(cloudy(u + warp, 0.6 * v + warp, s.seed + 9) - 0.5)
    fine = np.abs(cloudy(2.6 * u - warp, 2.2 * v + 3, s.seed + 17) - 0.5)
    vein = np.maximum(0.0, 1.0 - crest * 22.0) + 0.45 * np.maximum(0.0, 1.0 - fine * 30.0)
    base = cloudy(u * 0.5, v * 0.5, s.seed + 4)
    return s.dyed(0.8 + 0.4 * base, np.minimum(vein, 1.0))


def _brick(s: Spots) -> Colour:
    v, blur = s.b / (0.36 * s.pitch), s.blur / s.pitch
    row = np.floor(v)
    along = s.a / s.pitch + 0.5 * (row % 2)
    tone = 0.75 + 0.4 * chance(np.floor(along), row, s.seed)
    tone = tone * (0.85 + 0.3 * grain(s.a * 40, s.b * 40, s.seed))
    return s.dyed(tone, np.maximum(line(along, 0.025, blur), line(v, 0.07, blur)))


def _stripes(s: Spots) -> Colour:
    edge = np.abs((s.a / s.pitch) % 1.0 - 0.5) - 0.25
    return s.dyed(
        np.ones_like(s.a), np.clip(edge * s.pitch / np.maximum(s.blur, 1e-3) + 0.5, 0.0, 1.0)
    )


def _wainscot(s: Spots) -> Colour:
    low = s.b < s.pitch
    rim = np.maximum(
        line(s.a / 0.8, 0.035, s.blur),
        line((s.b - 0.5 * s.pitch) / (0.72 * s.pitch) + 0.5, 0.02, s.blur),
    )
    tone = np.where(s.b > 0.93 * s.pitch, 1.10, 1.0 - 0.28 * rim)
    return s.dyed(np.where(low, tone, 1.0), low)


def _books(s: Spots) -> Colour:
    shelf, cell = np.floor(s.b / s.pitch), np.floor(s.a / 0.30)
    # Each stretch of 30 cm holds 5 to 9 books.
    count = 5 + np.floor(5 * chance(cell, shelf, s.seed))
    place = (s.a / 0.30 - cell) * count
    number = np.floor(place)
    key = cell * 16 + number
    tall = (0.68 + 0.26 * chance(key, shelf, s.seed + 1)) * s.pitch
    up = s.b - shelf * s.pitch
    gap = (up > tall) | (chance(key, shelf, s.seed + 2) < 0.05)
    edge = np.minimum(place - number, 1.0 - place + number)
    band = (chance(key, shelf, s.seed + 3) < 0.5) & (np.abs(up / tall - 0.8) < 0.05)
    value = (0.55 + 0.45 * np.minimum(edge * 4.0, 1.0)) * (0.75 + 0.5 * chance(key, 7, s.seed))
    value = value + 0.35 * band
    hue = chance(key, shelf, s.seed + 4)
    # Bindings: browns, reds, greens and navy, some of them pale.
    pale = np.where((hue * 7.0) % 1.0 > 0.82, 0.62, 0.26)
    bound = _hue(0.97 + 0.72 * hue * hue, pale * value, np.full_like(hue, 0.72))
    return np.where(gap[:, None], s.dyed(0.10), bound)


def _brushed(s: Spots) -> Colour:
    return s.dyed(0.85 + 0.3 * grain(s.a * 3.0, s.b * 120.0, s.seed) / (1.0 + 60.0 * s.blur))


def _folds(s: Spots) -> Colour:
    sway = 1.3 * np.sin(2.1 * s.a / s.pitch + 0.5 * s.b)
    return s.dyed(0.42 + 0.72 * (0.5 + 0.5 * np.sin(6.2832 * s.a / s.pitch + sway)))


def _panels(s: Spots) -> Colour:
    """Panels of a hull, some of them with rows of lamps."""
    row = np.floor(s.b / s.pitch)
    along = s.a / (1.7 * s.pitch) + 0.37 * row
    i, blur = np.floor(along), s.blur / s.pitch
    seam = np.maximum(line(along, 0.010, blur), line(s.b / s.pitch, 0.016, blur))
    tone = (0.78 + 0.30 * chance(i, row, s.seed)) * (1.0 - 0.75 * seam)
    u, v = along - i, s.b / s.pitch - row
    field = (chance(i, row, s.seed + 1) < 0.30) & (np.abs(v - 0.5) < 0.18)
    field &= (u > 0.12) & (u < 0.62)
    k, m = np.floor(u * 28), np.floor(v * 14)
    inside = (np.abs(u * 28 - k - 0.5) < 0.32) & (np.abs(v * 14 - m - 0.5) < 0.32)
    cell = k + 64 * i, m + 64 * row
    lit = field & inside & (chance(*cell, s.seed + 2) < 0.45)
    hue = 0.05 + 0.55 * chance(*cell, s.seed + 3)
    lamps = _hue(hue, np.full_like(u, 2.4), np.full_like(u, 0.75))
    return np.where(lit[:, None], lamps, s.dyed(tone * np.where(field, 0.35, 1.0)))


def _stained(s: Spots) -> Colour:
    """Stained glass: diamonds in lead."""
    u, v = (s.a + s.b) / s.pitch, (s.a - s.b) / s.pitch
    i, j = np.floor(u), np.floor(v)
    lead = np.maximum(line(u, 0.06, 0.03), line(v, 0.06, 0.03))
    pick = np.searchsorted([0.4, 0.6, 0.8], chance(i, j, s.seed))
    hue = np.array([0.62, 0.02, 0.12, 0.36], np.float32)[pick]
    shade = (1.0 - 0.95 * lead) * (0.7 + 0.6 * chance(i, j, s.seed + 1))
    return _hue(hue, 0.9 * shade, np.full_like(shade, 0.88))


def _screen(s: Spots) -> Colour:
    v = s.b / (0.035 * s.pitch)
    row, across = np.floor(v), s.a / s.pitch + 0.5
    start = 0.1 * chance(row, 4, s.seed)
    reach = 0.15 + 0.75 * chance(row, 3, s.seed)
    on = line(v + 0.5, 0.28, 0.1) * ((across > start) & (across < reach))
    hue = 0.5 + 0.25 * chance(row, 5, s.seed)
    return np.array([0.05, 0.10, 0.16], np.float32) + _hue(hue, on, np.full_like(hue, 0.6))


def _chalk(s: Spots) -> Colour:
    tone = 0.8 + 0.9 * np.maximum(cloudy(s.a * 1.1 + 0.5 * s.b, s.b * 2.4, s.seed) - 0.45, 0.0)
    row = np.floor(s.b / 0.22)
    swing = 0.20 * np.sin(s.a * 31) * chance(s.a * 12, row, s.seed)
    script = np.abs(s.b / 0.22 - row - 0.5 - swing) < 0.06
    words = chance(np.floor(s.a * 5.0), row, s.seed + 1) > 0.42
    lines = chance(np.floor(s.a * 0.7), row, s.seed + 2) > 0.35
    return s.dyed(tone, 0.85 * (script & words & lines))


def _painting(s: Spots) -> Colour:
    """A painted landscape or an abstract, by seed."""
    u, v = s.a / s.pitch, s.b / s.pitch
    hue = chance(1, 2, s.seed)
    ridge = 0.25 * (cloudy(1.6 * u + 5, np.full_like(u, 3.0), s.seed) - 0.5)
    near = 0.4 * (cloudy(1.1 * u + 9, np.full_like(u, 8.0), s.seed + 1) - 0.7)
    rough = 0.30 + 0.2 * cloudy(6 * u, 9 * v, s.seed)
    land = _hue(hue + np.where(v > near, 0.35, 0.45), rough, np.full_like(u, 0.5))
    scenery = np.where(
        (v > ridge)[:, None], _hue(hue, 0.55 + 0.25 * v, np.full_like(u, 0.35)), land
    )
    w = np.floor(cloudy(1.3 * u + 3, 1.3 * v, s.seed) * 3.2)
    shapes = _hue(hue + 0.14 * w, 0.35 + 0.45 * chance(w, 9, s.seed), np.full_like(u, 0.65))
    return np.where((chance(3, 4, s.seed) < 0.55)[:, None], scenery, shapes)


def _hazard(s: Spots) -> Colour:
    return s.dyed(np.ones_like(s.a), ((s.a + s.b) / s.pitch) % 1.0 < 0.5)


def _ribs(s: Spots) -> Colour:
    return s.dyed(0.62 + 0.38 * np.sin(6.2832 * s.a / s.pitch) / (1.0 + 3.0 * s.blur / s.pitch))


def _terrazzo(s: Spots) -> Colour:
    cell = chance(np.floor(s.a * 55), np.floor(s.b * 55), s.seed)
    share = np.clip((cell - 0.72) * 4.0, 0.0, 1.0) / (1.0 + 50.0 * s.blur)
    return s.dyed(np.ones_like(s.a), share)


def _goods(s: Spots) -> Colour:
    """Bottles, boxes and tins on shelves."""
    shelf = np.floor(s.b / s.pitch)
    up, stretch = s.b / s.pitch - shelf, np.floor(s.a / 0.62)
    wide = 0.07 + 0.09 * chance(stretch, shelf, s.seed)
    place = (s.a / 0.62 - stretch) * np.floor(0.62 / wide)
    off = np.abs(place - np.floor(place) - 0.5)
    tall = 0.45 + 0.40 * chance(stretch, shelf, s.seed + 1)
    bottle = (chance(stretch, shelf, s.seed + 2) < 0.4) & (up > 0.62 * tall)
    reach = np.where(bottle, 0.15, 0.46)
    shade = 0.55 + 0.55 * (1.0 - np.minimum(off / reach, 1.0) ** 2)
    shade = shade * np.where((up / tall > 0.3) & (up / tall < 0.55), 1.45, 1.0)
    hue = chance(stretch, shelf, s.seed + 3)
    colour = _hue((hue * 5.0) % 1.0, 0.62 * shade, 0.25 + 0.7 * ((hue * 11.0) % 1.0))
    return np.where(((up > tall) | (off > reach))[:, None], s.dyed(0.08), colour)


def _rug(s: Spots) -> Colour:
    """Bands and lozenges."""
    u, v = s.a / s.pitch, s.b / s.pitch
    edge = np.maximum(np.abs(u), np.abs(v))
    w = np.abs(np.sin(9.3 * u)) + np.abs(np.sin(9.3 * v))
    k = np.where((w > 0.8) & (w < 1.05), 0.85, np.where(w < 0.35, 0.35, 0.0))
    share = k * (0.8 + 0.4 * chance(40 * u, 40 * v, s.seed))
    tone = 0.85 + 0.25 * grain(s.a * 60, s.b * 60, s.seed) / (1.0 + 50.0 * s.blur)
    return s.dyed(tone, np.where((edge > 0.80) & (edge < 0.90), 1.0, share))


_PAINTERS: tuple[tuple[str, Callable[[Spots], Colour]], ...] = (
    ("plain", _plain),
    ("planks", _planks),
    ("tiles", _tiles),
    ("checker", _checker),
    ("concrete", _concrete),
    ("weave", _weave),
    ("wood", _wood),
    ("marble", _marble),
    ("brick", _brick),
    ("stripes", _stripes),
    ("wainscot", _wainscot),
    ("books", _books),
    ("brushed", _brushed),
    ("folds", _folds),
    ("panels", _panels),
    ("stained", _stained),
    ("screen", _screen),
    ("chalk", _chalk),
    ("painting", _painting),
    ("hazard", _hazard),
    ("ribs", _ribs),
    ("terrazzo", _terrazzo),
    ("goods", _goods),
    ("rug", _rug),
    ("parquet", _parquet),
)
PATTERNS = tuple(name for name, _ in _PAINTERS)
"""Names of the patterns, in the order of their numbers."""


def albedo(materials: Table, index: Any, a: Table, b: Table, blur: Table) -> Colour:
    """Reflectance of points on surfaces, shape (n, 3).

    Args:
        materials: one per row, as in the last columns of a solid.
        index: row of each point's material.
        a, b: position on the surface in metres; ``b`` up or away.
        blur: size of a pixel there in metres.
    """
    out = np.empty((len(a), 3), np.float32)
    kind = materials[:, 0].astype(np.int64)[index]
    for number in np.unique(kind):
        here = np.flatnonzero(kind == number)
        m = materials[index[here]]
        at, up, wide = (np.asarray(v[here], np.float32) for v in (a, b, blur))
        seed = m[:, 10].astype(np.int64)
        spots = Spots(at, up, wide, m[:, 1], seed, m[:, 2:5], m[:, 5:8])
        out[here] = _PAINTERS[number][1](spots)
    return out
