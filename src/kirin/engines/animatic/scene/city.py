"""Cities: towers with lit windows in several rows, a quay with lamps, light in the haze."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kirin.domain.intent import Extra, SceneDescription, Time
from kirin.engines.animatic.scene.colour import Colour, Paint, ink, mix, pigment
from kirin.engines.animatic.scene.layer import Layer, Patch
from kirin.engines.animatic.scene.light import Light
from kirin.engines.animatic.scene.noise import Field
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.terrain import air_share

_WALLS = ("#5d6470", "#74706c", "#4b5664", "#8a7f74", "#3f4853", "#6b5f5a", "#9aa0a6", "#55606a")
_LAMPS = ("#ffd79a", "#ffe9c4", "#ffc470", "#dfe9ff", "#fff4dc")
_NEON = ("#ff4fa0", "#45e0ff", "#b070ff", "#ff8a4a")


@dataclass(frozen=True, slots=True)
class _Block:
    """A box of a tower: pixels of the patch, and how it looks."""

    left: float
    right: float
    top: float
    wall: Colour
    split: float  # share of the width where the side wall begins
    floor: float  # pixels a storey
    bay: float  # pixels a window
    lit: float  # share of windows with a lamp
    style: int
    crown: int = 0  # 0 flat, 1 aslant, 2 gabled, 3 vaulted


def city_rows(setting: Setting, shore: float) -> list[Layer]:
    """The rows of a city's towers, the farthest first; the nearest stands behind ``shore``."""
    rng = setting.rng(20)
    centre = rng.uniform(-0.25, 0.25)
    return [
        _row(rng, setting, shore * far, tall, centre * away, tight)
        for far, tall, away, tight in (
            (3.4, 2.7, 1.0, 0.62),
            (2.3, 2.0, 1.0, 0.75),
            (1.6, 1.25, 0.6, 0.95),
            (1.15, 0.45, 0.2, 1.05),
        )
    ]


def _row(
    rng: np.random.Generator,
    setting: Setting,
    distance: float,
    tall: float,
    centre: float,
    tight: float,
) -> Layer:
    eye, lens = setting.eye, setting.lens
    depth, scale, base = eye.upright(distance), eye.scale(distance), eye.row(distance)
    patch = lens.patch(depth, base - (tall * 1.5 + 0.4) * scale, base + 0.02 * lens.height)
    rgb = np.zeros((patch.height, patch.width, 3), np.float32)
    alpha = np.zeros((patch.height, patch.width), np.float32)
    pixel = scale / patch.step
    foot = (base - patch.top) / patch.step
    highest = (base + 0.43 * lens.height) / patch.step
    for block in _blocks(
        rng, setting.scene, patch, pixel, foot, highest, tall, centre * eye.focal, tight
    ):
        _build(rng, block, setting.light, foot, rgb, alpha, pixel)
    _air(rgb, setting, patch, distance, foot, pixel)
    return Layer(Paint(rgb, alpha), patch, depth)


def _blocks(
    rng: np.random.Generator,
    scene: SceneDescription,
    patch: Patch,
    pixel: float,
    foot: float,
    highest: float,
    tall: float,
    centre: float,
    tight: float,
) -> list[_Block]:
    """Towers from left to right, each of one to three boxes; overlapping, taller downtown."""
    blocks: list[_Block] = []
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
            blocks.append(_Block(left, right, top, wall, split, floor, bay, lit, style, crown))
            shrink = width * rng.uniform(0.08, 0.20)
            left, right = left + shrink, right - shrink
        crowned = blocks[-1].crown > 0
        if rng.random() < (0.15 if crowned else 0.38):
            # A mast or a machine room; a flat top alone looks cut off.
            middle, slim = (left + right) / 2, max(width * 0.022, 1.0)
            blocks.append(
                _Block(
                    middle - slim,
                    middle + slim,
                    top - height * rng.uniform(0.10, 0.28),
                    wall * np.float32(0.6),
                    0.5,
                    1e6,
                    1e6,
                    0.0,
                    9,
                )
            )
        if not crowned and rng.random() < 0.7:
            inset = (right - left) * rng.uniform(0.1, 0.3)
            blocks.append(
                _Block(
                    left + inset,
                    right - inset * rng.uniform(0.5, 1.4),
                    top - pixel * rng.uniform(0.02, 0.05),
                    wall * np.float32(0.8),
                    split,
                    1e6,
                    1e6,
                    0.0,
                    9,
                )
            )
        x += width * rng.uniform(0.55, 1.15) / tight
    return blocks


def _build(
    rng: np.random.Generator,
    block: _Block,
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
    # Walls weather, and the upper storeys see more sky.
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


def _crown(block: _Block, c: Field, width: float) -> Field:
    """How far the roof lies below the top, for each column."""
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
    block: _Block,
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
    # Panes with soft edges: sharp ones would crawl when the camera moves.
    pane = np.clip((wide - np.abs(u - column - 0.5)) * block.bay + 0.5, 0, 1)
    pane = pane * np.clip((high - np.abs(v - storey - 0.5)) * block.floor + 0.5, 0, 1)
    pane = pane * (v > 0) * (1 - 0.35 * on_side)
    # Panes mirror the sky, the more of it the higher they are.
    sky = np.clip(1.1 - (r - block.top) / max(foot - block.top, 1.0), 0.25, 1.0)[..., None]
    glass = light.middle * np.float32(0.22) * sky + light.ambient * np.float32(0.03)
    colour = mix(colour, np.broadcast_to(glass, colour.shape), pane * 0.9)
    if block.lit <= 0.0:
        return colour
    columns = int(column.max()) + 2
    storeys = max(int(storey.max()) + 2, 2)
    # Whole storeys are lit or dark more often than single windows are.
    chance = rng.random((storeys, columns)) * 0.6 + rng.random((storeys, 1)) * 0.4
    on = chance < block.lit * 0.9
    lamps = np.stack([pigment(code) for code in _LAMPS])
    tint = lamps[rng.integers(0, len(_LAMPS), (storeys, columns))]
    glow = on * rng.uniform(0.15, 1.15, (storeys, columns)) ** 1.6
    at = (np.clip(storey, 0, storeys - 1), np.clip(column, 0, columns - 1))
    shine = np.asarray(tint[at] * (glow[at] * pane)[..., None], np.float32)
    strength = 1.5 if light.dark else 0.7
    return np.asarray(colour + shine * np.float32(strength), np.float32)


def _air(
    rgb: Colour,
    setting: Setting,
    patch: Patch,
    distance: float,
    foot: float,
    pixel: float,
) -> None:
    """Haze before the row, thicker low down, and lit from the streets by night."""
    light = setting.light
    air = light.air(np.ascontiguousarray(patch.x() / np.float32(setting.eye.focal)))
    share = air_share(light, distance * (5.0 if light.dark else 1.7))
    height = (foot - np.arange(patch.height, dtype=np.float32))[:, None] / pixel
    low = np.exp(-np.maximum(height, 0.0) / (0.13 * distance))
    hidden = np.clip(share * (0.45 + 0.75 * low), 0, 0.96)
    rgb[:] = mix(rgb, np.broadcast_to(air, rgb.shape), np.broadcast_to(hidden, rgb.shape[:2]))
    if light.dark:
        street = ink("#b5763f") * np.float32(0.30)
        glow = np.exp(-np.maximum(height, 0.0) / 0.16) * 0.7
        rgb[:] += street * glow[..., None]


def lamps(setting: Setting, shore: float) -> Layer:
    """Lamps and signs along the quay, as glowing points."""
    rng, eye = setting.rng(21), setting.eye
    depth, scale, base = eye.upright(shore), eye.scale(shore), eye.row(shore)
    patch = setting.lens.patch(depth, base - 0.16 * scale, base + 0.02 * scale)
    x, y = patch.x(), patch.y()
    rgb = np.zeros((patch.height, patch.width, 3), np.float32)
    rgb[:] = ink("#ffca80")
    alpha = np.zeros((patch.height, patch.width), np.float32)
    total = np.zeros_like(rgb)
    spots: list[tuple[float, float, float, Colour]] = []
    place = patch.left
    while place < patch.left + patch.width * patch.step:
        neon = Extra.LIGHTS in setting.scene.extras and rng.random() < 0.22
        code = _NEON[rng.integers(4)] if neon else _LAMPS[rng.integers(3)]
        up = rng.uniform(0.03, 0.10) if neon else 0.035
        spots.append((place, base - up * scale, scale * rng.uniform(0.006, 0.011), ink(code)))
        place += scale * rng.uniform(0.05, 0.16)
    for sx, sy, size, tint in spots:
        first = max(int((sx - 9 * size - patch.left) / patch.step), 0)
        last = min(int((sx + 9 * size - patch.left) / patch.step) + 1, patch.width)
        if last <= first:
            continue
        d = np.sqrt((x[:, first:last] - sx) ** 2 + (y - sy) ** 2) / size
        spot = np.clip(np.exp(-d * d) * 1.1 + 0.22 * np.exp(-d * 0.55), 0, 1).astype(np.float32)
        area = slice(first, last)
        total[:, area] += tint * spot[..., None]
        alpha[:, area] = 1 - (1 - alpha[:, area]) * (1 - spot)
    weight = np.maximum(alpha, 1e-3)[..., None]
    rgb = np.where(alpha[..., None] > 0.004, np.minimum(total / weight, 2.6), rgb)
    return Layer(Paint(np.asarray(rgb, np.float32), alpha), patch, depth)
