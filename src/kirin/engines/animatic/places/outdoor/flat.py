"""Flats: upright pictures in the scene, lit, hazed, with a shadow at their foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import pyvips
from numpy.typing import NDArray

from kirin.engines.animatic.scene.colour import Colour, Paint, mix
from kirin.engines.animatic.scene.layer import SceneLayer, filled
from kirin.engines.animatic.scene.lens import Depth, Patch
from kirin.engines.animatic.scene.noise import Field
from kirin.engines.animatic.scene.setting import Setting
from kirin.engines.animatic.scene.terrain import air_share


@dataclass(frozen=True, slots=True)
class Drawing:
    """A vector drawing.

    Attributes:
        body: elements of SVG.
        width, height: of its view box.
        glow: elements of SVG that shine by themselves.
    """

    body: str
    width: float
    height: float
    glow: str = ""

    def pixels(self, height: int, glow: bool = False) -> NDArray[np.uint8]:
        """RGBA with straight alpha at a height in pixels."""
        width = max(1, round(height * self.width / self.height))
        text = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}"'
            f' width="{width}" height="{height}" preserveAspectRatio="none">'
            f"{self.glow if glow else self.body}</svg>"
        )
        image = pyvips.Image.svgload_buffer(text.encode(), unlimited=True)
        return np.ascontiguousarray(image.numpy())


@dataclass(frozen=True, slots=True)
class Standing:
    """A drawing that stands in a scene; lengths in units of 100 m.

    Attributes:
        drawing: what.
        x: of its middle, to the right of the camera.
        tall: its height.
        lift: of its foot above the ground.
        flip: whether it is mirrored.
        shadow: strength of the shadow at its foot, 0 to 1.
        power: of its own light.
        base: width of its foot as a share of its own.
    """

    drawing: Drawing
    x: float
    tall: float
    lift: float = 0.0
    flip: bool = False
    shadow: float = 0.5
    power: float = 1.6
    base: float = 1.0


def linear(pixels: NDArray[np.uint8]) -> tuple[Colour, Field]:
    """Reflectance and alpha of RGBA pixels."""
    value = (pixels.astype(np.float32) / np.float32(255)).astype(np.float32)
    return np.asarray(value[..., :3] ** np.float32(2.2), np.float32), value[..., 3].copy()


def flat_layer(
    setting: Setting,
    distance: float,
    standing: Sequence[Standing],
    *,
    disparity: float | None = None,
    mirrored: float = 0.0,
    sway: float = 0.0,
    shade: float = 1.0,
) -> SceneLayer:
    """Drawings at one distance as a layer.

    Args:
        setting: of the scene.
        distance: of all of them.
        standing: back to front.
        disparity: of the layer if not that of the distance.
        mirrored: strength of their reflection in the ground, 0 to 1.
        sway: see :class:`SceneLayer`.
        shade: brightness: less than 1 in the shadow of something else.
    """
    eye, lens, light = setting.eye, setting.lens, setting.light
    near = eye.reference / distance if disparity is None else disparity
    depth, scale, base = Depth(near, near), eye.scale(distance), eye.row(distance)
    top = base - max(item.lift + item.tall for item in standing) * scale
    deep = max(item.tall for item in standing) * scale if mirrored else 0.0
    whole = lens.patch(depth, top - 4, base + max(deep, 0.05 * lens.height * near))
    halves = [0.75 * item.tall * item.drawing.width / item.drawing.height for item in standing]
    left = min(item.x - half for item, half in zip(standing, halves, strict=True)) * scale
    right = max(item.x + half for item, half in zip(standing, halves, strict=True)) * scale
    patch = cropped(whole, left - 6, right + 6)
    canvas = np.zeros((patch.height, patch.width, 4), np.float32)  # premultiplied
    tone = light.ambient * np.float32(0.85) + light.key * np.float32(0.5)
    for item in standing:
        if item.shadow:
            _contact(canvas, patch, item, scale, base - item.lift * scale)
    for item in standing:
        _place(canvas, patch, item, setting, tone * np.float32(shade), scale, base, mirrored)
    air = light.air(np.ascontiguousarray(patch.x() / np.float32(eye.focal)))
    alpha = np.clip(canvas[..., 3], 0, 1)
    share = float(air_share(light, distance * 1.4))
    own = np.asarray(canvas[..., :3] / np.maximum(canvas[..., 3:], 1e-3), np.float32)
    rgb = mix(own, np.broadcast_to(air, own.shape), share)
    return SceneLayer(Paint(filled(rgb, alpha), alpha), patch, depth, sway=sway)


def framing_piece(
    setting: Setting, drawing: Drawing, side: float, x: float, tall: float, *, power: float = 1.6
) -> SceneLayer:
    """A drawing at the edge of the view, nearer than the cast and in the shade.

    Args:
        setting: of the scene.
        drawing: turned inwards where it stands at the left.
        side: -1 for the left, 1 for the right.
        x: of its middle, in view widths from the centre.
        tall: its height in view heights; less in an upright view, where it would fill the frame.
        power: of its own light.
    """
    lens = setting.lens
    near = setting.eye.reference / 1.1
    scale = setting.eye.scale(near)
    height = tall * min(lens.height, 0.5625 * lens.width)
    item = Standing(
        drawing,
        side * x * lens.width / scale,
        height / scale,
        flip=side > 0,
        shadow=0.0,
        power=power,
    )
    return flat_layer(setting, near, [item], shade=0.72)


def cropped(patch: Patch, left: float, right: float) -> Patch:
    """The columns of a patch between two positions."""
    first = max(0, int((left - patch.left) / patch.step))
    end = min(patch.width, int((right - patch.left) / patch.step) + 2)
    width = max(8, (end - first) // 2 * 2 + 2)
    return replace(patch, left=patch.left + first * patch.step, width=width)


def _contact(
    canvas: NDArray[np.float32], patch: Patch, item: Standing, scale: float, base: float
) -> None:
    wide = 0.5 * item.tall * item.drawing.width / item.drawing.height * scale * 1.05 * item.base
    deep = max(0.16 * wide, 1.5)
    u = (patch.x() - item.x * scale) / wide
    v = (patch.y() - base + 0.15 * deep) / deep
    share = item.shadow * np.exp(-1.6 * (u * u) ** 2 - v * v)
    keep = 1 - share[..., None]
    canvas *= keep
    canvas[..., 3] += share


def _place(
    canvas: NDArray[np.float32],
    patch: Patch,
    item: Standing,
    setting: Setting,
    tone: Colour,
    scale: float,
    base: float,
    mirrored: float,
) -> None:
    height = max(2, round(item.tall * scale / patch.step))
    rgb, alpha = linear(item.drawing.pixels(height))
    side = -np.sign(setting.light.side) if item.flip else np.sign(setting.light.side)
    round_ = np.linspace(-1, 1, rgb.shape[1], dtype=np.float32)[None, :, None]
    shaded = rgb * tone * (1.0 + np.float32(0.22 * side) * round_)
    layers = [(np.asarray(shaded, np.float32), alpha)]
    if item.drawing.glow and item.power:
        shine, where = linear(item.drawing.pixels(height, glow=True))
        layers.append((shine * np.float32(item.power), where))
    left = round((item.x * scale - patch.left) / patch.step - rgb.shape[1] / 2)
    foot = round((base - item.lift * scale - patch.top) / patch.step)
    ground = round((base - patch.top) / patch.step)
    for colour, share in layers:
        light = colour[:, ::-1] if item.flip else colour
        mask = share[:, ::-1] if item.flip else share
        over(canvas, light, mask, left, foot - height)
        if mirrored:
            fade = np.linspace(1.0, 0.25, height, dtype=np.float32)[:, None] * mirrored
            smear = (1, 2 * max(1, height // 40) + 1)
            flipped = np.asarray(cv2.blur(np.ascontiguousarray(light[::-1]), smear), np.float32)
            gone = np.asarray(cv2.blur(np.ascontiguousarray(mask[::-1] * fade), smear), np.float32)
            over(canvas, flipped, gone, left, 2 * ground - foot)


def over(canvas: NDArray[np.float32], rgb: Colour, alpha: Field, left: int, top: int) -> None:
    """Composite a picture over a premultiplied canvas."""
    rows, columns = canvas.shape[:2]
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + rgb.shape[1], columns), min(top + rgb.shape[0], rows)
    if x1 <= x0 or y1 <= y0:
        return
    part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    share = alpha[part][..., None]
    area = canvas[y0:y1, x0:x1]
    area *= 1 - share
    area[..., :3] += rgb[part] * share
    area[..., 3:] += share
