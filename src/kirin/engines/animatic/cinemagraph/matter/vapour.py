"""Smoke and steam that rise from where they are."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from kirin.domain.cast import Heading
from kirin.domain.motion import MatterRequest, Substance
from kirin.engines.animatic.cinemagraph.matter.advection import Advection, FlowField, Varying
from kirin.engines.animatic.cinemagraph.matter.moving import MovingMatter, region_of
from kirin.engines.animatic.cinemagraph.matter.noise import curl
from kirin.engines.animatic.cinemagraph.matter.setting import Setting
from kirin.engines.animatic.cinemagraph.matter.timing import Progress
from kirin.engines.animatic.cinemagraph.part import Still
from kirin.vision.advection import CELL

Floats = NDArray[np.float32]

_RISE = {Substance.SMOKE: 0.16, Substance.STEAM: 0.28}  # heights of the cloud per second
_PERIOD = 3.0  # s: a wisp dissolves about as fast
_EDDY = 0.12  # heights: the size of an eddy
_TURN = 0.5  # of the rise: how fast eddies turn
_EDGE = 0.08  # heights


def move_vapour(request: MatterRequest, still: Still) -> MovingMatter | None:
    """Smoke rises in eddies, and dissolves as its layers cross-fade."""
    region = region_of(request, still)
    setting = Setting.of(region, still) if region else None
    if setting is None:
        return None
    height = float(setting.box.bottom - setting.box.top)
    rise = _RISE.get(request.substance, _RISE[Substance.SMOKE]) * height
    rise *= 0.5 + request.strength
    edge = setting.ramp(_EDGE * height)
    size = max(_EDDY * height / CELL, 1.5)
    eddies = np.stack(curl(setting.shape, size, still.seed + 31), axis=-1)
    aside = {Heading.LEFT: -0.5, Heading.RIGHT: 0.5}.get(request.heading or Heading.UP, 0.0)
    course = np.array([aside, -1.0], np.float32)
    velocity = np.float32(rise) * edge[..., None] * (course + np.float32(_TURN) * eddies)
    flow = FlowField(
        cast(Floats, velocity.astype(np.float32)),
        _PERIOD,
        setting.stagger(0.3 * height, still.seed + 32),
        _billow(edge, setting, height, still.seed),
    )
    progress = Progress(request.span, still.count, float(still.fps))
    part = Advection(still.picture, setting.alpha, setting.box, flow, progress)
    return MovingMatter(part, setting.box)


def _billow(edge: Floats, setting: Setting, height: float, seed: int) -> Varying:
    """Slow swelling: two fields of eddies that take turns."""
    size = max(1.6 * _EDDY * height / CELL, 1.5)
    one, two = (
        np.stack(curl(setting.shape, size, seed + number), axis=-1) * edge[..., None]
        for number in (33, 34)
    )
    reach = np.float32(0.025 * height)

    def at(seconds: float) -> Floats:
        turn = 2 * np.pi * seconds / 4.7
        field = one * np.float32(np.sin(turn)) + two * np.float32(np.sin(1.31 * turn))
        return cast(Floats, (reach * field).astype(np.float32))

    return at
