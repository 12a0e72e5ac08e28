"""Walls along a street: facades in perspective, one layer for each house."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kirin.engines.animatic.places.outdoor.flat import Drawing, cropped, linear, over
from kirin.engines.animatic.scene.colour import Colour, Paint, mix, pigment
from kirin.engines.animatic.scene.layer import SceneLayer, filled
from kirin.engines.animatic.scene.lens import Depth, Patch
from kirin.engines.animatic.scene.noise import Field, Noise
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.terrain import air_share

_TEXTURE = 640
"""Height of a facade's picture in pixels, at most."""


@dataclass(frozen=True, slots=True)
class Facade:
    """A wall parallel to the view's axis; lengths in units of 100 m.

    Attributes:
        drawing: its front.
        x: of the wall, to the right of the camera.
        near, far: where it begins and ends.
        tall: its height.
        end: colour of its end wall, which faces the camera; empty for none.
        mirrored: strength of its reflection in the ground.
        power: of its own light.
    """

    drawing: Drawing
    x: float
    near: float
    far: float
    tall: float
    end: str = ""
    mirrored: float = 0.0
    power: float = 1.6


def wall_layer(setting: Setting, facade: Facade) -> SceneLayer:
    """A facade as a layer at the disparity of its middle."""
    eye, lens, light = setting.eye, setting.lens, setting.light
    middle = float(np.sqrt(facade.near * facade.far))
    near = min(eye.reference / middle, 1.15)
    depth = Depth(near, near)
    top = eye.row(facade.near, facade.tall)
    low = eye.row(facade.near, -facade.tall if facade.mirrored else 0.0)
    patch = lens.patch(depth, max(top, -4.0 * lens.height), min(low, 4.0 * lens.height))
    a, b = (facade.x * eye.scale(z) for z in (facade.near, facade.far))
    outer = a + np.sign(facade.x) * (3.0 * lens.width if facade.end else 0.0)
    patch = cropped(patch, min(a, b, outer) - 4, max(a, b, outer) + 4)
    height = int(min(_TEXTURE, max(24, facade.tall * eye.scale(facade.near) / patch.step)))
    rgb, _ = linear(facade.drawing.pixels(height))
    facing = 0.8 if np.sign(light.side) != np.sign(facade.x) else 0.3
    tone = light.ambient * np.float32(0.8) + light.key * np.float32(0.55 * facing)
    rgb = rgb * tone * _grime(setting, rgb.shape[:2], facade.near)
    if facade.drawing.glow:
        shine, share = linear(facade.drawing.pixels(height, glow=True))
        rgb = mix(rgb, shine * np.float32(facade.power), share)
    canvas = np.zeros((patch.height, patch.width, 4), np.float32)
    if facade.end:
        _end(canvas, patch, setting, facade)
    if facade.mirrored:
        blurred = np.asarray(cv2.blur(rgb, (3, 2 * (height // 24) + 1)), np.float32)
        _warp(canvas, patch, setting, facade, blurred, True)
    _warp(canvas, patch, setting, facade, rgb, False)
    alpha = np.clip(canvas[..., 3], 0, 1)
    colour = canvas[..., :3] / np.maximum(canvas[..., 3:], np.float32(1e-3))
    # Haze by the distance that a column shows.
    column = np.maximum(np.abs(patch.x()), 1.0)
    z = np.clip(abs(facade.x) * eye.focal / column, facade.near, facade.far)
    air = light.air(np.ascontiguousarray(patch.x() / np.float32(eye.focal)))
    hidden = np.broadcast_to(air_share(light, np.asarray(z * 2.0, np.float32)), alpha.shape)
    hazed = mix(np.asarray(colour, np.float32), np.broadcast_to(air, colour.shape), hidden)
    return SceneLayer(Paint(filled(hazed, alpha), np.ascontiguousarray(alpha)), patch, depth)


def _grime(setting: Setting, shape: tuple[int, ...], near: float) -> Colour:
    """Weathering: darker streaks, and darker near the ground."""
    noise = Noise(setting.rng(700 + int(near * 1000)))
    y = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    x = np.linspace(0, shape[1] / shape[0], shape[1], dtype=np.float32)[None]
    stain = noise.fbm(x * 9, y * 2.5, 5, 0.6)
    tone = 1.0 + 0.22 * stain - 0.22 * np.clip((y - 0.75) * 4, 0, 1)
    return np.asarray(tone[..., None], np.float32)


def _warp(
    canvas: Colour, patch: Patch, setting: Setting, facade: Facade, rgb: Colour, mirror: bool
) -> None:
    eye = setting.eye
    rows, columns = rgb.shape[:2]
    sign = -1.0 if mirror else 1.0
    target = []
    for z, y in (
        (facade.near, facade.tall),
        (facade.far, facade.tall),
        (facade.far, 0.0),
        (facade.near, 0.0),
    ):
        x = facade.x * eye.scale(z)
        target.append(
            [(x - patch.left) / patch.step, (eye.row(z, sign * y) - patch.top) / patch.step]
        )
    # The near end is at the left of a wall at the left, and at the right of one at the right.
    a, b = (0, columns) if facade.x < 0 else (columns, 0)
    source = np.array([[a, 0], [b, 0], [b, rows], [a, rows]], np.float32)
    place = cv2.getPerspectiveTransform(source, np.array(target, np.float32))
    size = (patch.width, patch.height)
    seen = np.asarray(cv2.warpPerspective(rgb, place, size, flags=cv2.INTER_LINEAR), np.float32)
    ones = np.ones((rows, columns), np.float32)
    if mirror:
        ones *= np.linspace(0.2, 1.0, rows, dtype=np.float32)[:, None] * facade.mirrored
    mask = np.asarray(cv2.warpPerspective(ones, place, size, flags=cv2.INTER_LINEAR), np.float32)
    whole = cv2.warpPerspective(np.ones((rows, columns), np.float32), place, size)
    own = np.asarray(seen / np.maximum(whole, 1e-3)[..., None], np.float32)
    over(canvas, own, mask, 0, 0)


def _end(canvas: Colour, patch: Patch, setting: Setting, facade: Facade) -> None:
    eye, light = setting.eye, setting.light
    a = (facade.x * eye.scale(facade.near) - patch.left) / patch.step
    top = (eye.row(facade.near, facade.tall) - patch.top) / patch.step
    foot = (eye.row(facade.near) - patch.top) / patch.step
    c = np.arange(patch.width, dtype=np.float32)[None]
    r = np.arange(patch.height, dtype=np.float32)[:, None]
    inside = np.clip((c - a) * np.sign(facade.x) + 0.5, 0, 1)
    cover: Field = np.asarray(
        inside * np.clip(r - top + 0.5, 0, 1) * np.clip(foot - r + 0.5, 0, 1), np.float32
    )
    tone = pigment(facade.end) * (light.ambient * np.float32(0.6) + light.key * np.float32(0.15))
    over(canvas, np.broadcast_to(tone, (*cover.shape, 3)), cover, 0, 0)
