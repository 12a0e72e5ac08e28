"""Terrain: height fields in perspective, with lighting and aerial perspective."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.scene.colour import Colour, Paint, mix
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Lens, Patch
from kirin.engines.animatic.scene.light import Light
from kirin.engines.animatic.scene.noise import Field
from kirin.engines.animatic.scene.setting import Eye
from kirin.vision.compiled import compiled


@dataclass(frozen=True, slots=True)
class TerrainSamples:
    """Terrain sampled along rays from the viewpoint.

    Attributes:
        x, z: positions to the right and away, shape (n, width).
        height: above the plain.
        up: vertical component of the unit normal: 1 is level ground.
        lit: cosine of the angle between normal and light; negative in shadow.
    """

    x: Field
    z: Field
    height: Field
    up: Field
    lit: Field


Heights = Callable[[Field, Field], Field]
"""Height at positions ``(x, z)``."""

Material = Callable[[TerrainSamples], Colour]
"""Reflectance of the ground: linear, 0 to 1."""


def air_share(light: Light, distance: Field | float) -> Field:
    """Opacity of the air at a distance: exponential fog, 0 to 1."""
    clear = REACH * (1.12 - light.haze) ** 1.8 * 2.9
    return np.asarray(1.0 - np.exp(-distance / clear), np.float32)


REACH = 45.0
"""Distance of the farthest land, in units of about 100 m."""
_STEPS = 170
"""Samples along each ray."""


def _paint(
    heights: Heights,
    material: Material,
    eye: Eye,
    light: Light,
    patch: Patch,
    stretch: Stretch,
) -> tuple[Colour, Field]:
    """Colour and alpha of a stretch of land; alpha is 0 above its skyline."""
    # It overlaps its nearer neighbour, so that no gap opens between them.
    along = np.geomspace(stretch.near * 0.86, stretch.far, _STEPS)
    distance = along.astype(np.float32)[:, None]
    across = patch.x() / np.float32(eye.focal)
    x = across * distance
    z = np.broadcast_to(distance, x.shape)
    height = heights(x, z)
    ground = _lit(x, z, height, across, distance, light)
    albedo = material(ground)
    key = np.maximum(ground.lit, 0.0)[..., None]
    # Ambient light: from the sky, and a little reflected by the ground.
    fill = (0.45 + 0.55 * ground.up)[..., None]
    rgb = albedo * (light.key * key + light.ambient * fill)
    hidden = air_share(light, z)
    if stretch.mist:
        low = np.exp(-np.maximum(height, 0.0) / (0.035 * z + 0.02))
        far = np.clip(z / (0.25 * REACH), 0.0, 1.0)
        hidden = np.maximum(hidden, stretch.mist * low * far)
    rgb = mix(rgb, light.air(np.ascontiguousarray(across)), hidden)
    rows = (eye.horizon + eye.focal * (eye.height - height) / distance - patch.top) / patch.step
    out = np.zeros((patch.height, patch.width, 3), np.float32)
    alpha = np.zeros((patch.height, patch.width), np.float32)
    solid = stretch.floor is None
    floor = -1e9 if stretch.floor is None else stretch.floor
    _raise(rows.astype(np.float32), height, rgb, floor, solid, out, alpha)
    _edge(out, alpha)
    return out, alpha


def _lit(
    x: Field, z: Field, height: Field, across: Field, distance: Field, light: Light
) -> TerrainSamples:
    """Samples with normals from finite differences along and across the rays."""
    spacing = (across[0, 1] - across[0, 0]) * distance
    slope_x = np.gradient(height, axis=1).astype(np.float32) / spacing
    along = (
        np.gradient(height, axis=0).astype(np.float32)
        / np.gradient(distance[:, 0]).astype(np.float32)[:, None]
    )
    slope_z = along - slope_x * across
    norm = 1.0 / np.sqrt(1.0 + slope_x * slope_x + slope_z * slope_z)
    # The sun is often in front of the camera, but side light shows the relief better.
    side = np.sign(light.side)
    lx, ly, lz = 0.80 * side, max(0.30, min(light.height, 0.50)), 0.10
    length = float(np.sqrt(lx * lx + ly * ly + lz * lz))
    lit = (ly - slope_x * lx - slope_z * lz) * norm / np.float32(length)
    return TerrainSamples(x, z, height, norm, np.asarray(lit, np.float32))


@compiled
def _fill(
    out: NDArray[np.float32],
    alpha: Field,
    column: int,
    top: float,
    base: float,
    near: Field,
    far: Field,
    low: float,
    high: float,
) -> None:
    """Fill a column from row ``base`` up to ``top``, with exact coverage of partial pixels.

    The colour is interpolated from ``near`` at row ``low`` to ``far`` at row ``high``.
    """
    span = max(low - high, 1e-3)
    for i in range(int(top), min(int(base) + 1, out.shape[0])):
        share = np.float32(min(i + 1.0, base) - max(float(i), top))
        if share > 0:
            t = np.float32(min(max((low - i - 0.5) / span, 0.0), 1.0))
            alpha[i, column] += share
            for c in range(3):
                out[i, column, c] += share * (near[c] + t * (far[c] - near[c]))


@compiled
def _raise(
    rows: Field,
    height: Field,
    rgb: NDArray[np.float32],
    floor: float,
    solid: bool,
    out: NDArray[np.float32],
    alpha: Field,
) -> None:
    """Draw columns from front to back: each sample shows what rises above the nearer ones.

    Coverage is exact along the column, so edges are smooth. Solid land extends down to the
    last row.
    """
    steps, columns = rows.shape
    bottom = float(out.shape[0])
    for j in range(columns):
        covered = bottom  # rows from here down are filled
        if solid:
            start = min(max(float(rows[0, j]), 0.0), bottom)
            _fill(out, alpha, j, start, bottom, rgb[0, j], rgb[0, j], bottom, start)
            covered = start
        for k in range(1, steps):
            low, high = float(rows[k - 1, j]), float(rows[k, j])
            if min(height[k, j], height[k - 1, j]) <= floor:
                if height[k, j] > floor:  # a shore
                    covered = min(covered, max(low, high))
                continue
            top = max(high, 0.0)
            if top < covered and high < low:
                _fill(out, alpha, j, top, covered, rgb[k - 1, j], rgb[k, j], low, high)
                covered = top


@compiled
def _edge(out: NDArray[np.float32], alpha: Field) -> None:
    """Extend the land's colour into the sky above it, because edges are interpolated."""
    rows, columns = alpha.shape
    faint = np.float32(0.004)
    for j in range(columns):
        first = 0
        while first < rows and alpha[first, j] <= faint:
            first += 1
        for i in range(first, rows):
            if faint < alpha[i, j] < np.float32(0.999):
                for c in range(3):
                    out[i, j, c] /= alpha[i, j]
        if first < rows:
            for i in range(first):
                for c in range(3):
                    out[i, j, c] = out[first, j, c]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Land between two distances.

    Attributes:
        near, far: distances.
        mist: density of mist in hollows, 0 to 1.
        floor: height below which land is under water and not painted; ``None`` to paint down to
            the lower edge of the view.
    """

    near: float
    far: float
    mist: float = 0.0
    floor: float | None = None


def land_layer(
    heights: Heights, material: Material, eye: Eye, light: Light, lens: Lens, stretch: Stretch
) -> SceneLayer:
    """A stretch of land as a layer."""
    depth = eye.ground(stretch.near, stretch.far)
    patch = lens.patch(depth, -np.inf, np.inf)
    rgb, alpha = _paint(heights, material, eye, light, patch, stretch)
    covered = np.flatnonzero((alpha > 0).any(axis=1))
    top = max(0, int(covered[0]) - 4) // 2 * 2 if len(covered) else patch.height - 8
    trimmed = replace(patch, top=patch.top + top * patch.step, height=patch.height - top)
    return SceneLayer(Paint(rgb[top:], alpha[top:]), trimmed, depth)
