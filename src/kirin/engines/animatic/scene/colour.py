"""Colour: linear light, a filmic tone curve, and BT.709 planes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled

Colour = NDArray[np.float32]
"""Linear light, BT.709 primaries, shape ``(..., 3)``, float32; 1 is white in sunlight."""


@dataclass(slots=True)
class Paint:
    """A painted picture.

    Attributes:
        rgb: linear light, shape ``(height, width, 3)``.
        alpha: 0 to 1, shape ``(height, width)``; ``None`` if all is opaque.
    """

    rgb: Colour
    alpha: Field | None = None


def ink(code: str) -> Colour:
    """The linear light that is displayed as ``#rrggbb`` after the tone curve."""
    value = np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)
    return _inverse_tone_map(value)


def pigment(code: str) -> Colour:
    """The reflectance or lamp tint ``#rrggbb``, linear, 0 to 1."""
    value = np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)
    return np.asarray(value**2.2, np.float32)


def mix(a: Colour, b: Colour, share: NDArray[Any] | float) -> Colour:
    """Blend from ``a`` to ``b``; an array of shares is broadcast over the colour axis."""
    weight = np.asarray(share, np.float32)
    if weight.ndim:
        weight = weight[..., None]
    return np.asarray(a + (b - a) * weight, np.float32)


def grey(colour: Colour, share: float) -> Colour:
    """Remove a share of the saturation, keeping the luminance."""
    luma = colour @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    return np.asarray(colour + (luma[..., None] - colour) * np.float32(share), np.float32)


# Exponential tone mapping, screen = 1 - exp(-k light), then gamma: a film-like shoulder without
# clipping. It has an exact inverse, so that colours picked on a screen are displayed as picked.
_EXPOSURE = 1.1
_GAMMA = 2.2
_WHITE = 1.0 - np.exp(-_EXPOSURE * 3.2)


def _tone_map(light: Colour) -> Colour:
    screen = (1.0 - np.exp(-_EXPOSURE * np.maximum(light, 0.0))) / _WHITE
    return np.asarray(np.minimum(screen, 1.0) ** (1 / _GAMMA), np.float32)


def _inverse_tone_map(screen: Colour) -> Colour:
    return np.asarray(-np.log(1.0 - _WHITE * screen**_GAMMA) / _EXPOSURE, np.float32)


_TABLE_STEPS = 4096
_TABLE_TOP = 3.2
# Indexed by the square root of light, which is nearly uniform perceptually.
_TABLE = _tone_map((np.linspace(0, 1, _TABLE_STEPS + 2, dtype=np.float32) ** 2) * _TABLE_TOP)


def to_yuv(light: Colour) -> tuple[Field, Field, Field]:
    """Linear light to Y, U and V, limited range, scaled as 8-bit values (ITU-R BT.709-6, item 3).

    Args:
        light: shape ``(..., 3)``.

    Returns:
        planes of shape ``(...)``.
    """
    flat = np.ascontiguousarray(light, np.float32).reshape(-1, 3)
    planes = np.empty((3, len(flat)), np.float32)
    _to_yuv(flat, _TABLE, planes)
    shape = light.shape[:-1]
    return planes[0].reshape(shape), planes[1].reshape(shape), planes[2].reshape(shape)


@compiled
def _to_yuv(light: Colour, table: NDArray[np.float32], out: Field) -> None:
    steps, top = np.float32(_TABLE_STEPS), np.float32(_TABLE_TOP)
    screen = np.empty(3, np.float32)
    for n in range(light.shape[0]):
        for c in range(3):
            place = np.sqrt(min(max(light[n, c], np.float32(0)), top) / top) * steps
            k = int(place)
            screen[c] = table[k] + (table[k + 1] - table[k]) * (place - np.float32(k))
        y = np.float32(0.2126) * screen[0] + np.float32(0.7152) * screen[1]
        y += np.float32(0.0722) * screen[2]
        out[0, n] = np.float32(16) + np.float32(219) * y
        out[1, n] = np.float32(128) + np.float32(224 / 1.8556) * (screen[2] - y)
        out[2, n] = np.float32(128) + np.float32(224 / 1.5748) * (screen[0] - y)
