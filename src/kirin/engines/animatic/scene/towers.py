"""Towers of a city: their shapes, walls and windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kirin.domain.intent import SceneDescription, Time
from kirin.engines.animatic.scene.colour import Colour, mix, pigment
from kirin.engines.animatic.scene.lens import Patch
from kirin.engines.animatic.scene.light import Light
from kirin.engines.animatic.scene.noise import Field

LAMPS = ("#ffd79a", "#ffe9c4", "#ffc470", "#dfe9ff", "#fff4dc")
"""Colours of lamps, behind windows and along streets."""

_WALLS = ("#5d6470", "#74706c", "#4b5664", "#8a7f74", "#3f4853", "#6b5f5a", "#9aa0a6", "#55606a")


@dataclass(frozen=True, slots=True)
class Tower:
    """A box-shaped section of a building, in pixels of the patch."""

    left: float
    right: float
    top: float
    wall: Colour
    split: float  # share of the width where the side wall begins
    floor: float  # pixels per storey
    bay: float  # pixels per window
    lit: float  # share of windows with a lamp
    style: int
    crown: int = 0  # 0 flat, 1 slanted, 2 gabled, 3 vaulted


def towers(
    rng: np.random.Generator,
    scene: SceneDescription,
    patch: Patch,
    pixel: float,
    foot: float,
    highest: float,
    tall: float,
    centre: float,
    tight: float,
) -> list[Tower]:
    """Sections of towers from left to right, one to three per tower, taller in the centre."""
    blocks: list[Tower] = []
    x = -0.3 * pixel
    lamps = {Time.NIGHT: 0.42, Time.DUSK: 0.34, Time.SUNSET: 0.10, Time.DAWN: 0.07}
    while x < patch.width + 0.3 * pixel:
        width = pixel * rng.uniform(0.16, 0.44) * (0.8 + 0.4 * tall / 3.0)
        place = (patch.left + (x + width / 2) * patch.step - centre) / (
            0.75 * patch.width * patch.step
        )
        downtown = np.exp(-((place / 0.32) ** 2))
        height = (
            tall * pixel * (0.22 + 0.16 * rng.random() + (0.25 + 0.45 * rng.random()) * downtown)
        )
        if rng.random() < 0.10:
            height *= 1.35
        # The skyline stays below the top of the view.
        height = min(height, highest * rng.uniform(0.82, 0.97))
        wall = pigment(_WALLS[rng.integers(len(_WALLS))]) * np.float32(rng.uniform(0.6, 1.0))
        split = rng.uniform(0.62, 0.82)
        floor = max(pixel * rng.uniform(0.020, 0.028), 2.4)
        bay = max(floor * rng.uniform(0.6, 1.2), 2.2)
        lit = lamps.get(scene.time, 0.0) * rng.uniform(0.35, 1.5)
        style = int(rng.integers(0, 4))
        tiers = int(rng.choice([1, 2, 3], p=[0.45, 0.35, 0.20]))
        left, right = x, x + width
        for tier in range(tiers):
            top = foot - height * (1.0 - 0.30 * (tiers - 1 - tier) / max(tiers, 1))
            crown = int(rng.choice(4, p=[0.55, 0.2, 0.15, 0.1])) if tier == tiers - 1 else 0
            if height < 2.0 * (right - left):
                crown = 0
            blocks.append(Tower(left, right, top, wall, split, floor, bay, lit, style, crown))
            shrink = width * rng.uniform(0.08, 0.20)
            left, right = left + shrink, right - shrink
        blocks += _rooftop(rng, blocks[-1], (left, right), width, height, pixel)
        x += width * rng.uniform(0.55, 1.15) / tight
    return blocks


def _rooftop(
    rng: np.random.Generator,
    block: Tower,
    free: tuple[float, float],
    width: float,
    height: float,
    pixel: float,
) -> list[Tower]:
    """A mast or a machine room on a top section, because a flat top alone looks cut off.

    Args:
        rng: of the scene.
        block: the top section.
        free: left and right side of the roof's free area, in pixels.
        width, height: of the whole tower, in pixels.
        pixel: pixels per world unit.
    """
    (left, right), top = free, block.top
    made: list[Tower] = []
    crowned = block.crown > 0
    if rng.random() < (0.15 if crowned else 0.38):
        middle, slim = (left + right) / 2, max(width * 0.022, 1.0)
        tip = top - height * rng.uniform(0.10, 0.28)
        wall = block.wall * np.float32(0.6)
        made.append(Tower(middle - slim, middle + slim, tip, wall, 0.5, 1e6, 1e6, 0.0, 9))
    if not crowned and rng.random() < 0.7:
        inset = (right - left) * rng.uniform(0.1, 0.3)
        end = right - inset * rng.uniform(0.5, 1.4)
        roof = top - pixel * rng.uniform(0.02, 0.05)
        wall = block.wall * np.float32(0.8)
        made.append(Tower(left + inset, end, roof, wall, block.split, 1e6, 1e6, 0.0, 9))
    return made


def paint_tower(
    rng: np.random.Generator,
    block: Tower,
    light: Light,
    foot: float,
    rgb: Colour,
    alpha: Field,
    pixel: float,
) -> None:
    rows, columns = alpha.shape
    first, last = max(int(block.left) - 1, 0), min(int(block.right) + 2, columns)
    top = max(int(block.top) - 1, 0)
    if last - first < 2 or top >= rows:
        return
    c = np.arange(first, last, dtype=np.float32)[None] + np.float32(0.5)
    r = np.arange(top, rows, dtype=np.float32)[:, None] + np.float32(0.5)
    width = block.right - block.left
    cover = np.clip(np.minimum(c - block.left, block.right - c) + 0.5, 0, 1)
    roof = block.top + _crown(block, c, width)
    cover = cover * np.clip(r - roof + 0.5, 0, 1)
    sunny_left = light.side < 0
    edge = block.left + width * (block.split if sunny_left else 1 - block.split)
    on_side = np.clip((c - edge if sunny_left else edge - c) + 0.5, 0, 1)
    face = light.key * np.float32(0.62) + light.ambient * np.float32(0.80)
    flank = light.key * np.float32(0.05) + light.ambient * np.float32(0.36)
    tone = mix(np.broadcast_to(face, (1, last - first, 3)), flank, on_side)
    # Upper storeys get more light from the sky.
    high = np.clip(1.15 - 0.35 * (r - block.top) / (pixel * 1.2), 0.7, 1.15)[..., None]
    colour = block.wall * tone * high
    if block.style != 9:
        colour = _windows(rng, block, light, foot, colour, c, r, on_side)
    ledge = np.clip(1.5 - np.abs(r - roof - 1.0), 0, 1) * (1 - on_side)
    colour = colour + (face * np.float32(0.25) * ledge[..., None])
    area = (slice(top, rows), slice(first, last))
    share = cover[..., None]
    solid = np.maximum(alpha[area], cover)
    rgb[area] += (colour - rgb[area]) * np.where(alpha[area][..., None] > 0, share, 1.0)
    alpha[area] = solid


def _crown(block: Tower, c: Field, width: float) -> Field:
    """Distance of the roof below the top, per column."""
    share = np.clip((c - block.left) / width, 0.0, 1.0)
    if block.crown == 1:
        return np.asarray(width * 0.45 * (share if block.split > 0.5 else 1 - share), np.float32)
    if block.crown == 2:
        return np.asarray(width * 0.9 * np.abs(share - 0.5), np.float32)
    if block.crown == 3:
        return np.asarray(width * 0.5 * (1 - np.sqrt(1 - (2 * share - 1) ** 2)), np.float32)
    return np.zeros_like(share)


def _windows(
    rng: np.random.Generator,
    block: Tower,
    light: Light,
    foot: float,
    colour: Colour,
    c: Field,
    r: Field,
    on_side: Field,
) -> Colour:
    u = (c - block.left) / block.bay
    v = (
        r - block.top - block.floor * 0.6 - float(_crown(block, c, block.right - block.left).max())
    ) / block.floor
    column, storey = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    wide = (0.34, 0.46, 0.26, 0.40)[block.style]
    high = (0.30, 0.34, 0.36, 0.24)[block.style]
    # Window panes with soft edges: sharp ones would flicker under a moving camera.
    pane = np.clip((wide - np.abs(u - column - 0.5)) * block.bay + 0.5, 0, 1)
    pane = pane * np.clip((high - np.abs(v - storey - 0.5)) * block.floor + 0.5, 0, 1)
    pane = pane * (v > 0) * (1 - 0.35 * on_side)
    # Panes reflect the sky, more of it the higher they are.
    sky = np.clip(1.1 - (r - block.top) / max(foot - block.top, 1.0), 0.25, 1.0)[..., None]
    glass = light.middle * np.float32(0.22) * sky + light.ambient * np.float32(0.03)
    colour = mix(colour, np.broadcast_to(glass, colour.shape), pane * 0.9)
    if block.lit <= 0.0:
        return colour
    columns = int(column.max()) + 2
    storeys = max(int(storey.max()) + 2, 2)
    # Correlated within a storey: whole storeys are often lit or dark.
    chance = rng.random((storeys, columns)) * 0.6 + rng.random((storeys, 1)) * 0.4
    on = chance < block.lit * 0.9
    lamps = np.stack([pigment(code) for code in LAMPS])
    tint = lamps[rng.integers(0, len(LAMPS), (storeys, columns))]
    glow = on * rng.uniform(0.15, 1.15, (storeys, columns)) ** 1.6
    at = (np.clip(storey, 0, storeys - 1), np.clip(column, 0, columns - 1))
    shine = np.asarray(tint[at] * (glow[at] * pane)[..., None], np.float32)
    strength = 1.5 if light.dark else 0.7
    return np.asarray(colour + shine * np.float32(strength), np.float32)
