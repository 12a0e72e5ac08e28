"""Rays of light through the air: from the brightest place, past what stands before it."""

from __future__ import annotations

from typing import Final, cast

import cv2
import numpy as np

from kirin.domain.motion import AirRequest
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere
from kirin.engines.animatic.cinemagraph.air.drawing import shine, veil
from kirin.engines.animatic.cinemagraph.air.lamp import Lamp, brightness
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.scene.noise import Field, Noise, smoothstep
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes

_SAMPLES: Final = 48
_REACH: Final = 0.92  # of the way to the lamp over which light is gathered
_BEAMS: Final = 1440  # angles that are told apart
_FAINT: Final = 0.34  # light of the strongest ray, white being 1


class LightShafts:
    """Shafts of light, which shimmer as what is in the air passes through them.

    Light is gathered along the way to the lamp, so that shafts begin at gaps in what stands before
    it (Mitchell 2007, "Volumetric light scattering as a post-process").

    Args:
        lamp: where they come from.
        request: what the prompt asks for.
        atmosphere: of the picture.
        presence: when.
    """

    disparity = 0.45

    def __init__(
        self, lamp: Lamp, request: AirRequest, atmosphere: Atmosphere, presence: Presence
    ) -> None:
        self._air, self._presence = atmosphere, presence
        self._power = _FAINT * (0.5 + request.strength)
        luma = atmosphere.luma
        rows, columns = luma.shape
        shining = brightness(atmosphere)
        x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
        to_x, to_y = lamp.x * columns - x, lamp.y * rows - y
        gathered, weights = np.zeros_like(luma), 0.0
        # From beyond the border comes what the border row shows.
        edge = cv2.copyMakeBorder(shining, rows, rows, 0, 0, cv2.BORDER_REPLICATE)
        for k in range(_SAMPLES):
            share = np.float32(_REACH * (k + 0.5) / _SAMPLES)
            weight = 0.35 + 0.65 * float(share)
            here = cv2.remap(
                edge,
                x + share * to_x,
                y + share * to_y + rows,
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
            gathered += weight * here
            weights += weight
        shafts = gathered / weights
        shafts = shafts / max(float(np.percentile(shafts, 99)), 1e-3)
        away = np.hypot(to_x / columns, to_y / columns)
        fall = np.exp(-((away / 0.75) ** 2)) * 0.75 + 0.25
        # Light scatters as well before what is bright already, but shows there less.
        soft: Field = np.asarray(cv2.GaussianBlur(luma, (0, 0), 2.0), np.float32)
        mask = 1.0 - 0.75 * smoothstep(120.0, 225.0, soft)
        self._shafts = np.asarray(np.clip(shafts, 0, 1.2) * fall * mask, np.float32)
        angle = np.arctan2(to_y, to_x) / (2 * np.pi) + 0.5
        self._beam = np.clip((angle * _BEAMS), 0, _BEAMS - 1).astype(np.int32)
        span = np.ptp(angle[self._shafts > 0.1]) if (self._shafts > 0.1).any() else 1.0
        # About eleven beams over what is seen of the circle. Noise is taken along a circle, so that
        # its ends meet.
        turns = (np.arange(_BEAMS, dtype=np.float32) + 0.5) * np.float32(2 * np.pi / _BEAMS)
        around = min(11.0 / max(float(span), 0.04), 60.0) / (2 * np.pi)
        self._circle = np.float32(around) * np.stack([np.cos(turns), np.sin(turns)])
        self._noise = Noise(atmosphere.rng(800))
        _, u, v = lamp.tone
        self._tone = (u * 0.8 + 25.6, v * 0.8 + 25.6)

    def _light(self, t: float) -> Field:
        x, y = self._circle[:1], self._circle[1:]
        slow = self._noise.fbm(x + 0.16 * t, y + 0.1 * t, 2)
        quick = self._noise.fbm(x * 2.7 - 0.3 * t + 40, y * 2.7, 2)
        beams = np.clip(0.42 + 0.85 * slow + 0.35 * quick, 0.04, 1.3)
        light: Field = self._shafts * beams[0][self._beam]
        return light

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Draw the rays over a view."""
        t = self._air.seconds(number)
        shown = self._presence.overall(t)
        if shown <= 0.0:
            return
        light = cv2.GaussianBlur(self._light(t), (0, 0), 1.0)
        root = np.round(255 * np.sqrt(np.clip(light, 0, 1))).astype(np.uint8)
        width, height = self._air.size
        # At the depth of the background, whose gaps they come through.
        small = self._air.in_view(root, pose, 0.25, (width // 2, height // 2))
        full = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
        shine(planes.y, cast(Plane, full), self._power * shown, 0, 0)
        for plane, tone in zip((planes.u, planes.v), self._tone, strict=True):
            veil(plane, small, tone, 0.55 * min(self._power * 2, 1.0) * shown, 0, 0)


def rays(
    lamp: Lamp, request: AirRequest, atmosphere: Atmosphere, presence: Presence
) -> list[LightShafts]:
    """Rays from a lamp."""
    return [LightShafts(lamp, request, atmosphere, presence)]
