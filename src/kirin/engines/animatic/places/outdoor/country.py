"""What places share: far hills, rows of trees, and plants as drawings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from kirin.domain.intent import Season, Terrain
from kirin.engines.animatic.places.outdoor.flat import Drawing
from kirin.engines.animatic.places.outdoor.plane import moved
from kirin.engines.animatic.scene.colour import Paint, mix
from kirin.engines.animatic.scene.landscape import Landscape
from kirin.engines.animatic.scene.layer import SceneLayer, filled
from kirin.engines.animatic.scene.noise import Field, smoothstep
from kirin.engines.animatic.scene.plants import broad_tree, pine
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.strokes import paint_strokes
from kirin.engines.animatic.scene.terrain import REACH, Stretch, air_share, land_layer


def hills(setting: Setting, terrain: Terrain, near: float = 3.0) -> list[SceneLayer]:
    """The far land of a terrain, back to front."""
    land = Landscape(moved(setting, terrain=terrain).scene, None)
    edges = [edge for edge in (near, 8.0, 18.0, REACH) if edge >= near]
    eye, light, lens = setting.eye, setting.light, setting.lens

    def heights(x: Field, z: Field) -> Field:
        # It rises from the plain; else its first samples would stand there as a wall.
        return np.asarray(
            land.heights(x, z) * smoothstep(near * 0.9, near * 1.9, z) - 0.002, np.float32
        )

    return [
        land_layer(heights, land.material, eye, light, lens, Stretch(a, b, mist=0.3))
        for a, b in list(pairwise(edges))[::-1]
    ]


def tree_row(
    setting: Setting,
    tag: int,
    distance: float,
    places: Sequence[float],
    tall: float,
    kind: str = "broad",
    sway: float = 0.002,
) -> SceneLayer:
    """Trees at one distance.

    Args:
        setting: of the scene.
        tag: of the random generator.
        distance: in units of 100 m.
        places: positions to the right of the camera, in the same units.
        tall: height of a tall one.
        kind: ``broad`` or ``pine``.
        sway: of the tops in the wind, as a share of their height.
    """
    rng, light, eye = setting.rng(tag), setting.light, setting.eye
    depth, scale, base = eye.upright(distance), eye.scale(distance), eye.row(distance)
    patch = setting.lens.patch(depth, base - 1.35 * tall * scale, base + 0.04 * scale * tall + 4)
    lines = []
    low, high = patch.left - tall * scale, patch.left + patch.width * patch.step + tall * scale
    for x in places:
        height = tall * scale * float(rng.uniform(0.7, 1.15))
        if low < x * scale < high:
            at = float(x * scale)
            if kind == "pine":
                snow = 0.75 if setting.snowy else 0.0
                lines.append(pine(rng, at, base, height, light, snow))
            else:
                lines.append(broad_tree(rng, at, base, height, light, setting.scene.season))
    joined = np.concatenate(lines) if lines else np.zeros((0, 9), np.float32)
    share = min(float(air_share(light, distance * 2.5)), 0.9)
    if len(joined):
        air = light.air((joined[:, 0] / np.float32(setting.lens.focal))[None])[0]
        joined[:, 6:9] = mix(joined[:, 6:9], air, share)
    backing = joined[:, 6:9].mean(axis=0) if len(joined) else np.zeros(3, np.float32)
    paint = paint_strokes(patch, joined, backing)
    assert paint.alpha is not None
    return SceneLayer(
        Paint(filled(paint.rgb, paint.alpha), paint.alpha),
        patch,
        depth,
        sway=sway * tall * scale,
    )


def palm(rng: np.random.Generator) -> Drawing:
    """A palm of 100 by 140 units, leaning."""
    lean = rng.uniform(6, 22)
    top_x, top_y = 50 + lean, 48.0
    body = (
        f'<path d="M46 140 Q44 90 {top_x - 2:.1f} {top_y:.1f} L{top_x + 2:.1f} {top_y:.1f}'
        f' Q54 95 54 140 Z" fill="#7a6248"/>'
    )
    for k in range(14):
        t = k / 14
        x = (1 - t) ** 2 * 50 + 2 * t * (1 - t) * 49 + t * t * top_x
        y = 140 - (140 - top_y) * t
        body += (
            f'<path d="M{x - 4 + 1.6 * t:.1f} {y:.1f} q4 2.5 8 0" fill="none" stroke="#54422f"'
            f' stroke-width="1"/>'
        )
    for k in range(13):
        angle = np.pi * (k / 12 * 1.25 - 0.125) + rng.normal(0, 0.08)
        reach = rng.uniform(30, 44)
        dx, dy = np.cos(angle) * reach, -np.sin(angle) * reach * 0.62
        ex, ey = top_x + dx, top_y + dy + 16
        cx, cy = top_x + dx * 0.55, top_y + dy * 0.9 - 6
        fill = ("#2f5a2a", "#3f7232", "#26491f", "#55873c")[k % 4]
        leaf = ""
        for s in np.linspace(0.08, 1.0, 15):
            px = (1 - s) ** 2 * top_x + 2 * s * (1 - s) * cx + s * s * ex
            py = (1 - s) ** 2 * top_y + 2 * s * (1 - s) * cy + s * s * ey
            long = 9 * np.sin(np.pi * min(s + 0.12, 1.0)) + 2
            leaf += f"M{px:.1f} {py:.1f} l{np.sign(dx) * 3 + rng.normal(0, 1):.1f} {long:.1f} "
            leaf += f"M{px:.1f} {py:.1f} l{np.sign(dx) * 5:.1f} {-long * 0.35:.1f} "
        body += (
            f'<path d="M{top_x:.1f} {top_y:.1f} Q{cx:.1f} {cy:.1f} {ex:.1f} {ey:.1f}" fill="none"'
            f' stroke="{fill}" stroke-width="2"/>'
            f'<path d="{leaf}" stroke="{fill}" stroke-width="1.7" stroke-linecap="round"/>'
        )
    body += "".join(
        f'<circle cx="{top_x + x:.1f}" cy="{top_y + 3:.1f}" r="2.6" fill="#5a4028"/>'
        for x in (-3, 2.5)
    )
    return Drawing(body, 100, 140)


def bush(rng: np.random.Generator, season: Season, flowers: Sequence[str] = ()) -> Drawing:
    """A round bush of 100 by 70 units."""
    dark, mid, bright = {
        Season.AUTUMN: ("#5a3a18", "#8a5a22", "#b8862f"),
        Season.SPRING: ("#3a5a26", "#5f8a38", "#94b858"),
        Season.WINTER: ("#3c4238", "#5a6456", "#dfe6ec"),
    }.get(season, ("#1f3a1c", "#35592a", "#5f8a3e"))
    body = ""
    for fill, lift, count, size in ((dark, 0, 22, 15), (mid, 6, 60, 8), (bright, 14, 60, 4.5)):
        for _ in range(count):
            angle, reach = rng.uniform(0, np.pi), rng.uniform(0.1, 1.0) ** 0.6
            x = 50 + np.cos(angle) * reach * 38
            y = 70 - np.sin(angle) * reach * 42 - lift * 0.4
            r = size * rng.uniform(0.6, 1.2)
            body += f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{r:.1f}" ry="{r * 0.75:.1f}" fill="{fill}"/>'
    for _ in range(34 if flowers else 0):
        angle, reach = rng.uniform(0.1, 3.0), rng.uniform(0.1, 1.0) ** 0.6
        x, y = 50 + np.cos(angle) * reach * 38, 68 - np.sin(angle) * reach * 44
        code = flowers[int(rng.integers(len(flowers)))]
        body += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{rng.uniform(1.6, 3):.1f}" fill="{code}"/>'
    return Drawing(body, 100, 72)


def boulder(rng: np.random.Generator, dark: str, mid: str, bright: str) -> Drawing:
    """A rock of 100 by 60 units, in facets."""
    angles = np.linspace(np.pi, 0, 9)
    points = [
        (50 + np.cos(a) * rng.uniform(40, 49), 60 - np.sin(a) * rng.uniform(34, 55)) for a in angles
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    body = f'<polygon points="{line} 96,60 4,60" fill="{mid}"/>'
    cx, cy = 48 + rng.uniform(-8, 8), 34 + rng.uniform(-4, 4)
    for k, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        fill = (bright, mid, bright, mid, dark)[min(k // 2, 4)]
        body += f'<polygon points="{x0:.1f},{y0:.1f} {x1:.1f},{y1:.1f} {cx:.1f},{cy:.1f}" fill="{fill}"/>'
    body += f'<polygon points="4,60 {cx:.1f},{cy:.1f} 96,60" fill="{dark}" opacity="0.6"/>'
    return Drawing(body, 100, 60)
