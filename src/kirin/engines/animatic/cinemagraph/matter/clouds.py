"""Clouds that drift over the sky."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from kirin.domain.cast import Heading
from kirin.domain.motion import MatterRequest
from kirin.engines.animatic.cinemagraph.matter.advection import Advection, FlowField
from kirin.engines.animatic.cinemagraph.matter.moving import MovingMatter, region_of
from kirin.engines.animatic.cinemagraph.matter.noise import smooth_noise
from kirin.engines.animatic.cinemagraph.matter.setting import Setting
from kirin.engines.animatic.cinemagraph.matter.timing import Progress
from kirin.engines.animatic.cinemagraph.part import Still

Floats = NDArray[np.float32]

_SPEED = 0.022  # widths per second overhead, at middling strength: a time-lapse of moderate pace
_FARTHEST = 0.17  # widths that clouds may be carried before the sky starts anew
_EDGE = 0.03  # of the width: within it clouds slow down towards what stands before them


def move_clouds(request: MatterRequest, still: Still) -> MovingMatter | None:
    """Clouds drift in perspective: fast overhead, slowly at the horizon."""
    region = region_of(request, still)
    setting = Setting.of(region, still) if region else None
    if setting is None:
        return None
    progress = Progress(request.span, still.count, float(still.fps))
    speed = _SPEED * (0.4 + 1.2 * request.strength) * setting.width
    velocity = _drift(request.heading, setting, speed, still.seed)
    # One layer for as long as it can last: a cross-fade of clouds is seen as a double exposure.
    longest = 2 * max(float(progress.seconds[-1]), 1.0) / 0.6
    fastest = max(float(np.abs(velocity).max()), 1e-3)
    period = min(longest, 2 * _FARTHEST * setting.width / fastest)
    stagger = setting.stagger(0.2 * setting.width, still.seed + 3) * np.float32(0.5)
    flow = FlowField(velocity, period, stagger)
    part = Advection(still.picture, setting.alpha, setting.box, flow, progress)
    return MovingMatter(part, setting.box)


def _drift(heading: Heading | None, setting: Setting, speed: float, seed: int) -> Floats:
    box = setting.box
    # The lower end of the sky is taken for the horizon; there clouds are far, and hardly move.
    low = float(np.percentile(setting.y[setting.inside > 0.5], 99))
    high = np.clip((low - setting.y) / max(low - box.top, 1.0), 0, 1)
    pace = np.float32(speed) * (np.float32(0.15) + np.float32(0.85) * high)
    # Clouds are not at one height: broad parts go at their own pace.
    pace = pace * (1 + np.float32(0.12) * smooth_noise(setting.shape, max(setting.shape) / 6, seed))
    pace = pace * setting.ramp(_EDGE * setting.width)
    middle = (box.left + box.right) / 2
    aside = (setting.x - np.float32(middle)) / np.float32(max(box.right - box.left, 1))
    if heading in (Heading.TOWARDS, Heading.AWAY):
        # They spread from a point of the horizon, or gather there.
        sign = 1 if heading is Heading.TOWARDS else -1
        vx, vy = pace * aside * np.float32(1.6 * sign), -pace * np.float32(0.6 * sign)
    elif heading in (Heading.UP, Heading.DOWN):
        sign = -1 if heading is Heading.UP else 1
        vx, vy = np.zeros_like(pace), pace * np.float32(0.8 * sign)
    else:
        sign = -1 if heading is Heading.LEFT else 1
        vx, vy = pace * np.float32(sign), np.zeros_like(pace)
    return cast(Floats, np.stack([vx, vy], axis=-1).astype(np.float32))
