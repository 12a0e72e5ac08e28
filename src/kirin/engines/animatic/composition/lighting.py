"""The light of a place, and subjects that were photographed elsewhere put into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.scene.light import Light
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb

Linear = NDArray[np.float32]
"""Linear light, BT.709 primaries, shape ``(..., 3)``, 0 to 1."""

_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)  # BT.709-6, item 3.2
_GAMMA = 2.2
_TO_LINEAR = ((np.arange(256) / 255) ** _GAMMA).astype(np.float32)

# How far a subject is brought to the light of the place: all the way, it would lose its own
# colours, which are what it is known by.
_BRIGHTNESS, _TINT = 0.42, 0.60  # powers, of the light's brightness and of its colour
_DIMMEST, _BRIGHTEST = 0.34, 1.15
_WRAP_REACH = 0.018  # of the subject's mean side: how far light from behind reaches around it
_BAND = 128  # rows that are lit at a time
_NEUTRAL = np.array([0.50, 0.52, 0.56], np.float32)
"""What falls on a subject on a clear day in a procedural scene (see ``Light``): its gain is 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Lighting:
    """How a place lights what stands in it.

    Attributes:
        gain: for each channel of linear light; 1 leaves a subject as it is.
        glow: light from behind, linear, shape (3,).
        wrap: how much of it reaches around edges, 0 to 1.
        haze: how much of the glow lies before a subject, 0 to 1.
        side: where the light comes from: -1 left, 0 all around, 1 right.
        height: of its source, 0 at the horizon to 1 overhead.
        shadow: strength of what it casts, 0 to 1.
    """

    gain: Linear
    glow: Linear
    wrap: float = 0.25
    haze: float = 0.0
    side: float = 0.0
    height: float = 0.7
    shadow: float = 0.35

    @classmethod
    def of_scene(cls, light: Light) -> Lighting:
        """The light of a procedural scene."""
        falls = light.ambient * np.float32(0.55) + light.key * np.float32(0.10)
        direct = float(light.key @ _LUMA) / 2.4  # 1 on a clear day
        low = light.height < 0.4
        return cls(
            gain=_gentle(np.asarray(falls / _NEUTRAL, np.float32)),
            glow=_shown(light.horizon + (light.glow - light.horizon) * np.float32(0.5 * low)),
            wrap=0.45 if low else 0.28,
            haze=0.10 * max(0.0, (light.haze - 0.45) / 0.4),
            side=float(np.sign(light.side)) * min(1.0, 0.35 + direct),
            height=float(np.clip(light.height, 0.08, 0.9)),
            shadow=float(np.clip(0.12 + 0.36 * direct, 0.12, 0.45)),
        )

    @classmethod
    def of_picture(cls, rgb: Rgb) -> Lighting:
        """The light of a photograph, guessed: its bright parts tell the colour, its middle the
        brightness, and its brighter side where it comes from."""
        small = cv2.resize(rgb, (64, 48), interpolation=cv2.INTER_AREA)
        linear = _TO_LINEAR[small]
        luma = linear @ _LUMA
        bright = luma >= np.quantile(luma, 0.7)
        white = linear[bright].mean(axis=0)
        white = white / max(float(white @ _LUMA), 1e-3)
        # A mean of 0.2 is a well exposed photograph in usual light.
        falls = white**0.5 * np.float32(max(float(luma.mean()), 0.01) / 0.2)
        lean = float(luma[:, 32:].mean() - luma[:, :32].mean()) / max(float(luma.mean()), 1e-3)
        return cls(
            gain=_gentle(np.asarray(falls, np.float32)),
            glow=np.asarray(linear.mean(axis=(0, 1)), np.float32),
            wrap=0.22,
            side=float(np.clip(2.0 * lean, -0.8, 0.8)),
            shadow=0.32,
        )

    def apply(self, rgb: Rgb, alpha: Plane, *, standing: bool) -> Rgb:
        """A subject in this light.

        Args:
            rgb, alpha: of the subject, ``(height, width, 3)`` and ``(height, width)``.
            standing: on the ground, which takes light from its foot.
        """
        height, width = alpha.shape
        veil = _veil(rgb, alpha)
        inner = _blurred(alpha, max(1.0, _WRAP_REACH * float(np.sqrt(height * width))))
        across = np.linspace(-1.0, 1.0, width, dtype=np.float32)[None]
        rises = np.linspace(1.0, 0.0, height, dtype=np.float32)[:, None]
        lit = np.empty_like(rgb)
        # In bands: floats of all of a large subject would take 100 MB.
        for top in range(0, height, _BAND):
            band = slice(top, min(top + _BAND, height))
            rise = rises[band]
            shade: Linear = 1.0 + np.float32(0.14 * self.side) * across
            if standing:
                shade = shade * (1.0 - 0.22 * np.exp(-rise / 0.10))
            linear = _TO_LINEAR[rgb[band]]
            linear -= np.float32(veil)
            linear *= shade[..., None] * (self.gain / np.float32(1 - veil))
            np.maximum(linear, 0.0, out=linear)
            edge = np.clip(1.0 - inner[band], 0.0, 1.0) * np.float32(2.0 * self.wrap)
            # The side towards the light gets more of it, and none comes from the ground.
            edge = edge * (1.0 + np.float32(0.5 * self.side) * across)
            edge = edge * np.clip(1.6 * rise, 0.0, 1.0) + np.float32(self.haze)
            linear += (self.glow - linear) * np.minimum(edge, 0.6)[..., None]
            np.clip(linear, 0.0, 1.0, out=linear)
            screen = cv2.pow(linear, 1 / _GAMMA) * np.float32(255) + np.float32(0.5)
            lit[band] = screen.astype(np.uint8)
        return lit


def _veil(rgb: Rgb, alpha: Plane) -> float:
    """How much haze of its old place lies over a subject, linear: it stays behind."""
    solid = rgb[::4, ::4][alpha[::4, ::4] > 200]
    if not len(solid):
        return 0.0
    darkest = float(np.quantile(_TO_LINEAR[solid] @ _LUMA, 0.02))
    return min(0.7 * darkest, 0.07)


def _gentle(falls: Linear) -> Linear:
    """The gain for what falls on a subject, relative to usual light."""
    luma = max(float(falls @ _LUMA), 1e-4)
    tint = (np.maximum(falls, 1e-4) / luma) ** _TINT
    tint = tint / float(tint @ _LUMA)
    bright = float(np.clip(luma**_BRIGHTNESS, _DIMMEST, _BRIGHTEST))
    return np.asarray(tint * bright, np.float32)


def _shown(light: Linear) -> Linear:
    """As the scene's film shows it: linear light with a soft shoulder, 0 to 1."""
    return np.asarray(1.0 - np.exp(-1.1 * np.maximum(light, 0.0)), np.float32)


def _blurred(alpha: Plane, reach: float) -> NDArray[np.float32]:
    """A plane blurred widely, 0 to 1; at a quarter of the size, where nothing finer is left."""
    height, width = alpha.shape
    step = max(1, int(reach / 3))
    size = (max(width // step, 2), max(height // step, 2))
    small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    # What is cut off goes on beyond the picture's side, and has no edge there.
    soft = cv2.GaussianBlur(small, (0, 0), reach / step, borderType=cv2.BORDER_REPLICATE)
    grown = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return cast(NDArray[np.float32], grown / np.float32(255))
