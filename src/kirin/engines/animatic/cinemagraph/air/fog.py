"""Fog, and smoke without a source: banks of air that drift, the thicker the farther away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np

from kirin.domain.motion import AirRequest
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere
from kirin.engines.animatic.cinemagraph.air.drawing import veil
from kirin.engines.animatic.cinemagraph.air.nearness import find_nearness, ground_disparity
from kirin.engines.animatic.cinemagraph.air.presence import Presence
from kirin.engines.animatic.cinemagraph.air.swarm import wind
from kirin.engines.animatic.scene.noise import Field, Noise, smoothstep
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes

_HORIZON: Final = 0.4  # of a picture without a sky: the far is in the upper middle
_TILE: Final = 256  # columns of a bank's noise, which repeats
_APART: Final = 30.0  # steps of luma
_STEP: Final = 8  # pixels of the view per sample of the billows
_FINE: Final = 6  # and of what hides them
_VIEWS: Final = 21  # rows for which it is asked where the camera sees them
_HIDDEN: Final = (0.1, 0.5)
"""How much nearer than a bank things are that it begins to pass behind, and that it does."""
_MOST: Final = 0.9  # of a bank that is hidden by what is nearer: air is everywhere
Tone = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class FogBank:
    """One bank of fog.

    Attributes:
        disparity: 0 far, 1 near.
        thick: its opacity where it is thickest.
        speed: view widths per second.
        wide: of its billows, in view widths.
        low: 0 for one about the horizon, 1 for one along the ground.
    """

    disparity: float
    thick: float
    speed: float
    wide: float
    low: float


BANKS: Final = (
    FogBank(0.08, 0.72, 0.007, 0.9, 0.0),
    FogBank(0.3, 0.50, 0.016, 0.7, 0.35),
    FogBank(0.55, 0.32, 0.028, 0.55, 0.75),
    FogBank(0.85, 0.24, 0.05, 0.8, 1.0),
)


class FogBanks:
    """Banks that lie one behind the other, with nothing but air between them.

    Args:
        banks: the nearest gives the disparity.
        request: what the prompt asks for.
        atmosphere: of the picture.
        presence: when.
        tone: Y, U and V of the fog.
    """

    def __init__(
        self,
        banks: tuple[FogBank, ...],
        request: AirRequest,
        atmosphere: Atmosphere,
        presence: Presence,
        tone: Tone,
    ) -> None:
        self.disparity = max(bank.disparity for bank in banks)
        self._banks, self._air, self._presence = banks, atmosphere, presence
        self._tone = tone
        self._power = 0.45 + 1.1 * request.strength
        self._way = wind(request, 0.7, atmosphere)
        width, height = atmosphere.size
        self._rows, self._columns = max(height // _STEP, 2), max(width // _STEP, 2)
        self._aspect = height / width
        self._near = find_nearness(atmosphere.small, self._horizon)
        self._at_rest: list[Field] | None = None
        self._noise = [_tile(atmosphere, bank, k) for bank in banks for k in range(2)]

    @property
    def _horizon(self) -> float:
        sky = self._air.sky
        return sky.horizon if sky else _HORIZON

    def _shares(self, pose: Pose) -> list[Field]:
        """For each bank the share of it that nothing nearer hides, on the fine grid of the view."""
        rest = pose == Pose()
        if rest and self._at_rest is not None:
            return self._at_rest
        width, height = self._air.size
        columns, rows = max(width // _FINE, 2), max(height // _FINE, 2)
        row = (np.arange(rows, dtype=np.float32) + 0.5) / np.float32(rows)
        # Rows move as the layers of the picture do there: the lower, the more.
        some = np.linspace(0.0, 1.0, _VIEWS, dtype=np.float32)
        views = [pose.view(float(d)) for d in ground_disparity(some, self._horizon)]
        known = np.array([(view.scale, view.x, view.y) for view in views]).T
        scale, x, y = (np.interp(row, some, each).astype(np.float32) for each in known)
        share = (np.arange(columns, dtype=np.float32) + 0.5) / np.float32(columns) - 0.5
        across = share[None] / scale[:, None] + x[:, None] + 0.5
        down = np.repeat(((row - 0.5) / scale + y + 0.5)[:, None], columns, axis=1)
        tall, wide = self._near.shape
        x_at = np.asarray(across * wide - 0.5, np.float32)
        y_at = np.asarray(down * tall - 0.5, np.float32)
        border = cv2.BORDER_REPLICATE
        near = cv2.remap(self._near, x_at, y_at, cv2.INTER_LINEAR, borderMode=border)
        shares = [
            1 - _MOST * smoothstep(*_HIDDEN, np.asarray(near - bank.disparity, np.float32))
            for bank in self._banks
        ]
        if rest:
            self._at_rest = shares
        return shares

    def _profile(self, bank: FogBank, row: Field) -> Field:
        """Thickness by row of the rest view, 0 to 1."""
        sky = self._air.sky
        horizon = self._horizon
        above = np.exp(-(((horizon - row) / 0.30) ** 2)) if sky else np.ones_like(row)
        below = np.exp(-(((row - horizon) / 0.42) ** 2))
        far = np.where(row < horizon, 0.25 + 0.75 * above, below)
        ground = smoothstep(horizon - 0.12, min(horizon + 0.5, 1.0), row)
        return np.asarray(far * (1 - bank.low) + ground * bank.low, np.float32)

    def _bank(self, number: int, pose: Pose, t: float) -> Field:
        """Opacity of a bank on the coarse grid of the view."""
        bank = self._banks[number]
        seen = pose.view(bank.disparity)
        x = ((np.arange(self._columns) + 0.5) / self._columns - 0.5) / seen.scale + seen.x
        y = ((np.arange(self._rows) + 0.5) / self._rows - 0.5) / seen.scale + seen.y
        fields = []
        for k, (faster, wider) in enumerate(((1.0, 1.0), (1.7, 0.55))):
            tile = self._noise[2 * number + k]
            pitch = _TILE / (2 * bank.wide * wider)
            across = (x - self._way * bank.speed * faster * t + 0.31 * k) * pitch
            # The slow rise and fall of the billows.
            down = (y * self._aspect * 2.2 + 0.012 * t * (1 - 2 * k)) * pitch + tile.shape[0] / 2
            columns = np.mod(across, _TILE).astype(np.float32)
            x_at, y_at = np.meshgrid(columns, down.astype(np.float32))
            border = cv2.BORDER_REFLECT
            fields.append(cv2.remap(tile, x_at, y_at, cv2.INTER_LINEAR, borderMode=border))
        billows = np.clip(0.15 + 1.1 * fields[0] * (0.45 + 0.9 * fields[1]), 0, 1.15)
        thick = self._profile(bank, np.asarray(y + 0.5, np.float32))[:, None]
        return np.asarray(np.clip(bank.thick * self._power * thick * billows, 0, 0.96), np.float32)

    def draw(self, planes: Planes, pose: Pose, number: int) -> None:
        """Draw the banks over a view."""
        t = self._air.seconds(number)
        shown = self._presence.overall(t)
        if shown <= 0.0:
            return
        shares = self._shares(pose)
        clear: Field = np.ones_like(shares[0])
        for k, share in enumerate(shares):
            thick = cv2.resize(self._bank(k, pose, t), share.shape[::-1])
            clear *= 1 - thick * share
        alpha: Plane = np.asarray(np.round(255 * (1.0 - clear)), np.uint8)
        width, height = self._air.size
        full = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_LINEAR)
        half = cv2.resize(alpha, (width // 2, height // 2), interpolation=cv2.INTER_LINEAR)
        for plane, over, tone in zip(
            (planes.y, planes.u, planes.v), (full, half, half), self._tone, strict=True
        ):
            veil(plane, cast(Plane, over), tone, shown, 0, 0)


def _tile(atmosphere: Atmosphere, bank: FogBank, number: int) -> Field:
    """Noise, 0 to 1, that repeats from left to right; one column more than its period."""
    noise = Noise(atmosphere.rng(300 + int(100 * bank.disparity) + number))
    x = np.arange(_TILE + 1, dtype=np.float32)[None]
    y = np.arange(_TILE, dtype=np.float32)[:, None] * 5.0 / _TILE
    pitch = 5.0 / _TILE
    share = smoothstep(0.0, float(_TILE), x)
    here = noise.fbm(x * pitch, y, 5, 0.52)
    there = noise.fbm((x - _TILE) * pitch, y, 5, 0.52)
    both = (here * (1 - share) + there * share) / np.sqrt(share**2 + (1 - share) ** 2)
    return np.asarray(np.clip(0.5 + 0.85 * both, 0, 1), np.float32)


def fog_tone(atmosphere: Atmosphere) -> Tone:
    """Fog is lit by the sky: about as light as the horizon, and nearly as grey."""
    luma = atmosphere.luma
    rows = len(luma)
    sky = atmosphere.sky
    at = int((sky.horizon if sky else _HORIZON) * rows)
    band = luma[max(at - rows // 6, 0) : at + rows // 12 + 1]
    ambient, u, v = atmosphere.ambient
    bright = max(ambient, 0.85 * float(np.percentile(luma, 98)))
    y = 0.45 * float(np.percentile(band, 75)) + 0.55 * bright
    # What is dark itself is seen through fog that is not: it scatters light from all around.
    least = float(luma.mean()) + 44.0 - 16.0 * atmosphere.night
    return min(max(y, least), 228.0), 0.5 * u + 64.0, 0.5 * v + 64.0


def fog(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> list[FogBanks]:
    """Fog behind a subject, and before it."""
    return _split(request, atmosphere, presence, fog_tone(atmosphere))


def haze(request: AirRequest, atmosphere: Atmosphere, presence: Presence) -> list[FogBanks]:
    """Smoke that fills the air, darker than fog."""
    y, u, v = fog_tone(atmosphere)
    tone, mean = 16 + 0.62 * (y - 16), float(atmosphere.luma.mean())
    if abs(tone - mean) < _APART:
        # What is as light as the picture would not be seen in it.
        tone = mean - _APART if mean > 90 else mean + _APART
    return _split(request, atmosphere, presence, (tone, u, v))


def _split(
    request: AirRequest, atmosphere: Atmosphere, presence: Presence, tone: Tone
) -> list[FogBanks]:
    return [
        FogBanks(banks, request, atmosphere, presence, tone) for banks in (BANKS[:3], BANKS[3:])
    ]
