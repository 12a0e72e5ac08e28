"""Fire that flickers, and lights what is around it."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.motion import MatterRequest
from kirin.engines.animatic.cinemagraph.matter.advection import Advection, FlowField, Varying
from kirin.engines.animatic.cinemagraph.matter.moving import MovingMatter, region_of
from kirin.engines.animatic.cinemagraph.matter.noise import smooth_noise
from kirin.engines.animatic.cinemagraph.matter.setting import MatterSetting
from kirin.engines.animatic.cinemagraph.matter.timing import Progress
from kirin.engines.animatic.cinemagraph.part import Still
from kirin.vision.advection import CELL
from kirin.vision.regions.region import SubstanceRegion

Floats = NDArray[np.float32]

_GLOW = 1.1  # heights of the fire: how far its light reaches over what is around it
_LICK = 0.14  # heights: how far around itself a flame can lick
_RISE = 0.55  # heights per second at middling strength
_PERIOD = 0.55  # s: tongues of flame live about as long
_SWAY = 0.06  # heights: how far a tip swings aside
_FLICKER = (1.7, 3.1, 5.3, 7.9)  # cycles per second, no multiples of each other


def move_fire(request: MatterRequest, still: Still) -> MovingMatter | None:
    """Flames rise and sway; their light, and that around them, flickers."""
    region = region_of(request, still)
    edges = region.box if region else None
    if region is None or edges is None:
        return None
    height = float(edges[3] - edges[1])
    setting = MatterSetting.of(_with_glow(region, still, height), still)
    if setting is None:
        return None
    box = setting.box
    flame = _on_cells(region.alpha, setting)
    licked = cv2.GaussianBlur(flame, (0, 0), max(_LICK * height / CELL / 2, 0.6))
    licked = np.clip(licked * 2, 0, 1)
    # Above the wick a flame is loose, and at it fixed.
    loose = np.clip((edges[3] - setting.y) / np.float32(max(height, 1)), 0, 1) ** np.float32(0.7)
    strength = 0.5 + request.strength
    rise = -_RISE * height * strength * licked * loose
    velocity = np.stack([np.zeros_like(rise), rise], axis=-1).astype(np.float32)
    stagger = setting.stagger(0.12 * height, still.seed + 21)
    glow = np.float32(1) - np.float32(0.55) * (1 - licked)
    flow = FlowField(
        velocity,
        _PERIOD,
        stagger,
        _sway(licked * loose, setting, height, strength, still.seed),
        _flicker(cast(Floats, glow), strength, still.seed),
        mixes=True,
    )
    progress = Progress(request.span, still.count, float(still.fps))
    part = Advection(still.picture, setting.alpha, box, flow, progress)
    return MovingMatter(part, box)


def _with_glow(region: SubstanceRegion, still: Still, height: float) -> SubstanceRegion:
    """The region of a fire, and around it, ever fainter, what its light falls on."""
    scale = 1 / CELL
    small = cv2.resize(region.alpha, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    outside = cv2.distanceTransform((small < 64).astype(np.uint8), cv2.DIST_L2, 5) * CELL
    reach = max(_GLOW * height, 2.0 * CELL)
    fall = np.clip(1 - outside / reach, 0, 1)
    alpha = (255 * fall * fall * (3 - 2 * fall)).astype(np.float32)
    shape = region.alpha.shape
    grown = cv2.resize(alpha, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    grown = np.clip(grown, 0, 255).astype(np.uint8)
    if still.subject is not None:
        grown = np.minimum(grown, 255 - still.subject)
    if still.mask is not None:
        grown = np.minimum(grown, still.mask)
    return SubstanceRegion(still.free(grown), region.confidence)


def _on_cells(alpha: NDArray[np.uint8], setting: MatterSetting) -> Floats:
    box = setting.box
    part = alpha[box.top : box.bottom, box.left : box.right]
    rows, columns = setting.shape
    small = cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)
    return cast(Floats, small.astype(np.float32) / np.float32(255))


def _sway(
    loose: NDArray[np.float32], setting: MatterSetting, height: float, strength: float, seed: int
) -> Varying:
    """Tongues swing aside in waves that run up the flame."""
    up = (setting.box.bottom - setting.y) / np.float32(max(height, 1))
    phase = 2.5 * smooth_noise(setting.shape, max(0.15 * height / CELL, 1.5), seed + 22)
    reach = _SWAY * height * strength * loose

    def at(seconds: float) -> Floats:
        one = np.sin(2 * np.pi * (1.9 * seconds - 1.3 * up) + phase)
        two = np.sin(2 * np.pi * (3.3 * seconds - 2.1 * up) - 1.7 * phase)
        aside = reach * (0.65 * one + 0.35 * two)
        return cast(Floats, np.stack([aside, 0.5 * reach * two], axis=-1).astype(np.float32))

    return at


def _flicker(glow: Floats, strength: float, seed: int) -> Varying:
    """Light comes and goes for the whole fire at once."""
    phases = np.random.default_rng(seed + 23).uniform(0, 2 * np.pi, len(_FLICKER))

    def at(seconds: float) -> Floats:
        waves = [
            np.sin(2 * np.pi * rate * seconds + phase) / (1 + k)
            for k, (rate, phase) in enumerate(zip(_FLICKER, phases, strict=True))
        ]
        return cast(Floats, 1 + np.float32(0.065 * strength * sum(waves)) * glow)

    return at
