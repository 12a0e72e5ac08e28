"""Parts of a stadium: stands full of people, floodlights and a goal."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.places.outdoor.flat import Drawing, cropped
from kirin.engines.animatic.places.outdoor.furniture import halo
from kirin.engines.animatic.scene.colour import Paint, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer, filled
from kirin.engines.animatic.scene.lens import Depth
from kirin.engines.animatic.scene.noise import smoothstep
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.terrain import air_share

_CROWD = ("#c8382e", "#e8e0d0", "#2c4f8a", "#d8b03a", "#3a3a40", "#8a5a44", "#5f8a5a", "#b0b8c0")


def stand(setting: Setting, tag: int, distance: float, side: float = 0.0) -> SceneLayer:
    """A stand with a crowd under a roof: behind the goal, or at one side.

    Args:
        setting: of the scene.
        tag: of the random generator.
        distance: of the layer.
        side: 0 for the end of the pitch, else -1 (left) or 1 (right).
    """
    rng, eye, lens, light = setting.rng(tag), setting.eye, setting.lens, setting.light
    near = eye.reference / distance
    depth, scale = Depth(near, near), eye.scale(distance)
    foot = eye.row(distance)
    patch = lens.patch(depth, foot - 0.36 * scale, foot + 0.012 * scale)
    inner = 0.40 if side else 0.0
    if side:
        edge = side * inner * scale
        patch = cropped(patch, *(sorted((edge - side * 8, side * 5 * lens.width))))
    x = np.broadcast_to(patch.x() / scale, (patch.height, patch.width)).astype(np.float32)
    y = np.broadcast_to((foot - patch.y()) / scale, x.shape).astype(np.float32)
    out = np.abs(x) - inner if side else np.full_like(x, 1.0)
    # At the side the tiers run towards the camera: they rise outwards.
    board, roof = 0.011, 0.235
    if side:
        top = np.clip(0.02 + out * 0.62, 0.0, roof)
        body = (out > 0) & (y < np.where(out > 0.30, roof + 0.05, top)) & (y > -0.006)
    else:
        top = np.full_like(x, roof)
        body = (y < roof + 0.03) & (y > -0.006)
    tier = np.mod(y, 0.0075) / 0.0075
    seat = np.floor(y / 0.0075), np.floor(x / 0.0062)
    key = (np.sin(seat[0] * 127.1 + seat[1] * 311.7 + tag) * 43758.5453) % 1.0
    codes = np.stack([pigment(code) for code in _CROWD])
    order = rng.permutation(len(_CROWD))
    block = (np.floor(x / 0.17) + np.floor(y / 0.09)).astype(np.int64) % len(_CROWD)
    pick = np.where(key < 0.45, order[block], (key * 977).astype(np.int64) % len(_CROWD))
    across = np.mod(x, 0.0062) / 0.0062 - 0.5
    head = smoothstep(0.42, 0.25, np.hypot(across, (tier - 0.62) * 0.9))
    person = codes[pick] * np.float32(0.9)
    rgb = mix(np.broadcast_to(pigment("#3c4048"), person.shape), person, head * (key > 0.12))
    aisle = smoothstep(0.006, 0.004, np.abs(np.mod(x, 0.17) - 0.085))
    rgb = mix(rgb, pigment("#8c9096"), 0.7 * aisle)
    gangway = smoothstep(0.006, 0.004, np.abs(y - 0.105))
    rgb = mix(rgb, pigment("#6a6e74"), gangway)
    ads = (y < board) & (y > 0)
    hue = np.floor(x / 0.11).astype(np.int64) % 5
    panel = np.stack([pigment(c) for c in ("#d83a30", "#f2f0ea", "#2456a0", "#f0c030", "#2a8a5a")])
    rgb = np.where(ads[..., None], panel[hue], rgb)
    cover = np.asarray(body, np.float32)
    shade = 1.0 - 0.5 * smoothstep(0.10, 0.23, y)
    tone = light.ambient * np.float32(0.8) + light.key * np.float32(0.35)
    if light.dark:
        tone = tone + pigment("#eef2ff") * np.float32(0.35)
    rgb = rgb * tone * shade[..., None]
    lid = (y > roof) & body if not side else (y > roof) & body
    rgb = np.where(lid[..., None], pigment("#c8ccd2") * tone * np.float32(0.8), rgb)
    lamp = lid & (y < roof + 0.006)
    if light.dark:
        rgb = np.where(lamp[..., None], pigment("#fff6e0") * np.float32(2.0), rgb)
    air = light.air(np.ascontiguousarray(patch.x() / np.float32(eye.focal)))
    rgb = mix(np.asarray(rgb, np.float32), np.broadcast_to(air, rgb.shape),
              float(air_share(light, distance * 2)))
    return SceneLayer(Paint(filled(rgb, cover), cover), patch, depth)


def floodlight() -> Drawing:
    """A floodlight mast of 80 by 260 units."""
    body = (
        '<path d="M36 60 L44 60 L50 260 L30 260 Z" fill="#8a9098"/><rect x="8" y="6" width="64" '
        'height="56" rx="3" fill="#4a5058"/>'
    )
    spots = "".join(
        f'<circle cx="{16 + 12 * i}" cy="{14 + 13.5 * j}" r="4.6" fill="#fdfcf4"/>'
        for i in range(5)
        for j in range(4)
    )
    return Drawing(body + spots, 80, 260, halo(40, 34, 40, "#f4f4ff", "f") + spots)


def goal() -> Drawing:
    """A goal of 240 by 80 units with its net."""
    net = "".join(f'<path d="M{x} 6 L{x * 0.92 + 10:.1f} 78" />' for x in range(6, 238, 8))
    net += "".join(f'<path d="M6 {y} H234" />' for y in range(8, 78, 8))
    return Drawing(
        f'<g stroke="#f0f2f4" stroke-opacity=".5" stroke-width="1" fill="none">{net}</g>'
        '<path d="M4 80 V4 H236 V80" fill="none" stroke="#fafafa" stroke-width="5"/>',
        240,
        80,
    )
