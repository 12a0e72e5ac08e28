"""Relighting subjects for the place that they are composed into."""

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

# Strength of the relighting: at full strength a subject would lose its own, recognisable colours.
_BRIGHTNESS, _TINT = 0.42, 0.60  # exponents of the light's luminance and of its chromaticity
_DIMMEST, _BRIGHTEST = 0.34, 1.15
_WRAP_REACH = 0.018  # width of the light wrap, as a share of the subject's mean side
_BAND = 128  # rows processed at a time
_NEUTRAL = np.array([0.50, 0.52, 0.56], np.float32)
"""Light on a clear day in a procedural scene (see ``Light``), whose gain is 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Lighting:
    """The lighting of a place.

    Attributes:
        gain: per channel of linear light, shape (3,); 1 leaves a subject unchanged.
        glow: linear light from behind, shape (3,).
        wrap: strength of its light wrap around edges, 0 to 1.
        haze: opacity of the haze in front of a subject, which has the colour of the glow.
        side: direction of the light: -1 left, 0 from all around, 1 right.
        height: of its source, 0 (horizon) to 1 (overhead).
        shadow: strength of cast shadows, 0 to 1.
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
        """The lighting of a procedural scene."""
        falls = light.ambient * np.float32(0.55) + light.key * np.float32(0.10)
        direct = float(light.key @ _LUMA) / 2.4  # 1 on a clear day
        low = light.height < 0.4
        return cls(
            gain=_limited_gain(np.asarray(falls / _NEUTRAL, np.float32)),
            glow=_tone_mapped(light.horizon + (light.glow - light.horizon) * np.float32(0.5 * low)),
            wrap=0.45 if low else 0.28,
            haze=0.10 * max(0.0, (light.haze - 0.45) / 0.4),
            side=float(np.sign(light.side)) * min(1.0, 0.35 + direct),
            height=float(np.clip(light.height, 0.08, 0.9)),
            shadow=float(np.clip(0.12 + 0.36 * direct, 0.12, 0.45)),
        )

    @classmethod
    def of_picture(cls, rgb: Rgb) -> Lighting:
        """Estimate the lighting of a photograph.

        Its bright pixels give the colour (a white-patch estimate), its mean the brightness, and
        its brighter side the direction.
        """
        small = cv2.resize(rgb, (64, 48), interpolation=cv2.INTER_AREA)
        linear = _TO_LINEAR[small]
        luma = linear @ _LUMA
        bright = luma >= np.quantile(luma, 0.7)
        white = linear[bright].mean(axis=0)
        white = white / max(float(white @ _LUMA), 1e-3)
        # A well exposed photograph has a mean of about 0.2 in linear light.
        falls = white**0.5 * np.float32(max(float(luma.mean()), 0.01) / 0.2)
        lean = float(luma[:, 32:].mean() - luma[:, :32].mean()) / max(float(luma.mean()), 1e-3)
        return cls(
            gain=_limited_gain(np.asarray(falls, np.float32)),
            glow=np.asarray(linear.mean(axis=(0, 1)), np.float32),
            wrap=0.22,
            side=float(np.clip(2.0 * lean, -0.8, 0.8)),
            shadow=0.32,
        )

    def apply(self, rgb: Rgb, alpha: Plane, *, standing: bool) -> Rgb:
        """Relight a subject.

        Args:
            rgb, alpha: of the subject, ``(height, width, 3)`` and ``(height, width)``.
            standing: whether it stands on the ground, which darkens its foot.
        """
        height, width = alpha.shape
        veil = _veil(rgb, alpha)
        inner = _blurred(alpha, max(1.0, _WRAP_REACH * float(np.sqrt(height * width))))
        across = np.linspace(-1.0, 1.0, width, dtype=np.float32)[None]
        rises = np.linspace(1.0, 0.0, height, dtype=np.float32)[:, None]
        lit = np.empty_like(rgb)
        # In bands: a large subject in floats would take 100 MB.
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
            # More wrap on the side towards the light, and none near the ground.
            edge = edge * (1.0 + np.float32(0.5 * self.side) * across)
            edge = edge * np.clip(1.6 * rise, 0.0, 1.0) + np.float32(self.haze)
            linear += (self.glow - linear) * np.minimum(edge, 0.6)[..., None]
            np.clip(linear, 0.0, 1.0, out=linear)
            screen = cv2.pow(linear, 1 / _GAMMA) * np.float32(255) + np.float32(0.5)
            lit[band] = screen.astype(np.uint8)
        return lit


def _veil(rgb: Rgb, alpha: Plane) -> float:
    """The haze in a subject's own picture, as linear light, to be subtracted."""
    solid = rgb[::4, ::4][alpha[::4, ::4] > 200]
    if not len(solid):
        return 0.0
    darkest = float(np.quantile(_TO_LINEAR[solid] @ _LUMA, 0.02))
    return min(0.7 * darkest, 0.07)


def _limited_gain(falls: Linear) -> Linear:
    """The gain for incident light relative to neutral light, attenuated and limited."""
    luma = max(float(falls @ _LUMA), 1e-4)
    tint = (np.maximum(falls, 1e-4) / luma) ** _TINT
    tint = tint / float(tint @ _LUMA)
    bright = float(np.clip(luma**_BRIGHTNESS, _DIMMEST, _BRIGHTEST))
    return np.asarray(tint * bright, np.float32)


def _tone_mapped(light: Linear) -> Linear:
    """Linear light after the scene's tone curve, 0 to 1 (see ``scene.colour``)."""
    return np.asarray(1.0 - np.exp(-1.1 * np.maximum(light, 0.0)), np.float32)


def _blurred(alpha: Plane, reach: float) -> NDArray[np.float32]:
    """A plane, 0 to 1, after a wide Gaussian blur, computed at reduced size."""
    height, width = alpha.shape
    step = max(1, int(reach / 3))
    size = (max(width // step, 2), max(height // step, 2))
    small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    # A subject that was cut off continues beyond the border, so it has no edge there.
    soft = cv2.GaussianBlur(small, (0, 0), reach / step, borderType=cv2.BORDER_REPLICATE)
    grown = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return cast(NDArray[np.float32], grown / np.float32(255))
