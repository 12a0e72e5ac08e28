"""Water: falls and streams that run, lakes and the sea that ripple."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.cast import Heading
from kirin.domain.motion import MatterMotion, MatterRequest
from kirin.engines.animatic.cinemagraph.matter.advection import Advection, FlowField
from kirin.engines.animatic.cinemagraph.matter.moving import MovingMatter, region_of
from kirin.engines.animatic.cinemagraph.matter.noise import curl
from kirin.engines.animatic.cinemagraph.matter.ripples import Ripples, Swell
from kirin.engines.animatic.cinemagraph.matter.setting import MatterSetting
from kirin.engines.animatic.cinemagraph.matter.timing import Progress
from kirin.engines.animatic.cinemagraph.part import Rectangle, Still, TexturePart
from kirin.vision.advection import CELL
from kirin.vision.planes import Planes

Floats = NDArray[np.float32]

_FALL = 0.042  # widths per second of white water at middling strength
_POOL = 0.35  # of it: where the water is calm
_FALL_PERIOD = 1.25  # s: long enough to be seen to run, short enough to stay on its step
_STREAM = 0.018  # widths per second of open water that flows, near the viewer
_STREAM_PERIOD = 2.6  # s
_SIDEWAYS = 1.2  # columns per row: a stream does not run flatter than this over a fall
_EDGE = 0.006  # of the width
_GROWING = 1.2  # s
_ROUGH = 7.0  # of 255: white water and the stones in it
_CLOSE = 0.004  # of the width


def move_water(request: MatterRequest, still: Still) -> MovingMatter | None:
    """Water moves as the picture has it: rough water runs down, calm water ripples."""
    region = region_of(request, still)
    setting = MatterSetting.of(region, still) if region else None
    if setting is None:
        return None
    progress = Progress(request.span, still.count, float(still.fps))
    rough = _roughness(still, setting) > _ROUGH
    tall = (setting.box.bottom - setting.box.top) / setting.width
    if request.motion is MatterMotion.FALL or (
        rough and request.motion is not MatterMotion.LAP and tall > 0.1
    ):
        flow = _downhill(request, still, setting)
        part: TexturePart = Advection(still.picture, setting.alpha, setting.box, flow, progress)
        return MovingMatter(part, setting.box)
    # Waves grow from still water more slowly than a stream starts to run: they must not jump.
    growing = Progress(request.span, still.count, float(still.fps), _GROWING)
    waves = Ripples(setting, _horizon(setting), _swell(request), growing, still.seed)
    if request.motion is not MatterMotion.FLOW:
        return MovingMatter(waves, setting.box)
    flow = _stream(request, still, setting)
    carried = Advection(still.picture, setting.alpha, setting.box, flow, progress)
    return MovingMatter(Chain([carried, waves]), setting.box)


class Chain:
    """Texture parts of one box, drawn one after the other."""

    def __init__(self, parts: Sequence[TexturePart]) -> None:
        self._parts = parts

    @property
    def box(self) -> Rectangle:
        """All that they may change."""
        return self._parts[0].box

    def draw(self, planes: Planes, number: int) -> None:
        """Draw all parts."""
        for part in self._parts:
            part.draw(planes, number)


def _swell(request: MatterRequest) -> Swell:
    strength = request.strength
    return Swell(
        height=0.05 + 0.07 * strength,
        shade=0.015 + 0.05 * strength,
        speed=0.7 + 0.6 * strength,
        laps=request.motion is MatterMotion.LAP,
        heading=request.heading,
    )


def _light(still: Still, setting: MatterSetting) -> Floats:
    """Luma of every cell, 0 to 255."""
    box = setting.box
    part = still.picture[box.top : box.bottom, box.left : box.right]
    grey = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
    rows, columns = setting.shape
    small = cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_AREA)
    return cast(Floats, small.astype(np.float32))


def _roughness(still: Still, setting: MatterSetting) -> float:
    """How much luma differs from what is close by, 0 to 255, in the middle of the water."""
    box = setting.box
    part = still.picture[box.top : box.bottom, box.left : box.right]
    grey = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY).astype(np.float32)
    off = np.abs(grey - cv2.GaussianBlur(grey, (0, 0), _CLOSE * setting.width))
    rows, columns = setting.shape
    mean = cv2.resize(off, (columns, rows), interpolation=cv2.INTER_AREA)
    return float(np.mean(mean[setting.inside > 0.5])) if (setting.inside > 0.5).any() else 0.0


def _horizon(setting: MatterSetting) -> float:
    """The row at which the water would end were nothing before it: a little above its upper end.

    How far above is not known; a tenth of its height keeps the farthest waves from vanishing.
    """
    box = setting.box
    return box.top - 0.1 * (box.bottom - box.top)


def _downhill(request: MatterRequest, still: Still, setting: MatterSetting) -> FlowField:
    """Down the bed of a stream, fastest where it is white."""
    weight = setting.inside + np.float32(1e-4)

    def mean(values: Floats) -> Floats:
        sigma = max(setting.shape) / 14
        return cast(Floats, cv2.GaussianBlur(values, (0, 0), sigma))

    # The middle of the bed near each cell; its slope is the way of the stream.
    middle = mean(weight * setting.x) / np.maximum(mean(weight), 1e-4)
    slope = np.clip(np.gradient(middle, axis=0) / CELL, -_SIDEWAYS, _SIDEWAYS)
    if request.heading in (Heading.LEFT, Heading.RIGHT):
        sign = -1 if request.heading is Heading.LEFT else 1
        slope = np.abs(slope) * sign + sign * np.float32(0.4)
    light = _light(still, setting)
    low, high = np.percentile(light[setting.inside > 0.5], [35, 92])
    white = np.clip((light - low) / max(float(high - low), 8.0), 0, 1)
    white = cv2.GaussianBlur(white, (0, 0), 1.5)
    box = setting.box
    near = np.float32(0.6) + np.float32(0.4) * (setting.y - box.top) / max(box.bottom - box.top, 1)
    speed = _FALL * (0.5 + request.strength) * setting.width * near
    speed = speed * (_POOL + (1 - _POOL) * white) * setting.ramp(_EDGE * setting.width)
    if request.heading is Heading.UP:
        speed = -speed
    length = np.sqrt(1 + slope**2)
    velocity = np.stack([speed * slope / length, speed / length], axis=-1).astype(np.float32)
    eddies = np.stack(curl(setting.shape, 3.0, still.seed + 5), axis=-1)
    velocity += eddies * (np.float32(0.1) * speed[..., None])
    return FlowField(
        velocity,
        _FALL_PERIOD,
        setting.stagger(0.02 * setting.width, still.seed + 6),
        contrast=0.8,
    )


def _stream(request: MatterRequest, still: Still, setting: MatterSetting) -> FlowField:
    """Along open water, faster near the viewer."""
    box = setting.box
    near = (setting.y - _horizon(setting)) / max(box.bottom - _horizon(setting), 1.0)
    speed = _STREAM * (0.5 + request.strength) * setting.width * np.clip(near, 0, 1)
    speed = speed * setting.ramp(2 * _EDGE * setting.width)
    across, down = _COURSES.get(request.heading or Heading.RIGHT, (1.0, 0.0))
    velocity = np.stack([speed * np.float32(across), speed * np.float32(down)], axis=-1)
    return FlowField(
        cast(Floats, velocity.astype(np.float32)),
        _STREAM_PERIOD,
        setting.stagger(0.06 * setting.width, still.seed + 6),
        contrast=0.6,
    )


_COURSES = {
    Heading.LEFT: (-1.0, 0.0),
    Heading.RIGHT: (1.0, 0.0),
    Heading.TOWARDS: (0.0, 0.7),
    Heading.DOWN: (0.0, 0.7),
    Heading.AWAY: (0.0, -0.7),
    Heading.UP: (0.0, -0.7),
}
