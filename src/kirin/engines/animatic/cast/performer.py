"""Performers: the motions of a blocking as drawables of a scene."""

from __future__ import annotations

import math

import numpy as np

from kirin.concepts.concept import Facing
from kirin.domain.cast import ShotSize, Style
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.blocking import Blocking
from kirin.engines.animatic.cast.motion import Motion
from kirin.engines.animatic.cast.sprite import Attitude, Sprite
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.ground import Surface
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.lighting import Lighting
from kirin.engines.animatic.scene.occlusion import Guest

_DETAIL = 1.15  # pixels of the art per pixel of the frame at its largest
_TALLEST = 1.6  # of the frame: taller art is magnified
_MIRRORS = {Surface.WATER: 0.34, Surface.FLOOR: 0.09, Surface.TABLE: 0.15}


def performers(blocking: Blocking, lighting: Lighting, lens: Lens, fps: float) -> list[Guest]:
    """Drawables of everybody in a blocking.

    Args:
        blocking: for the poses of the lens.
        lighting: of the place.
        lens: of the scene.
        fps: frames per second.
    """
    shallow = Style.SHALLOW_FOCUS in blocking.cast.styles or blocking.cast.size is ShotSize.MACRO
    made: dict[tuple[object, int, int, bool], Sprite] = {}
    return [
        _performer(motion, blocking, lighting, lens, fps, shallow, made)
        for motion in blocking.motions
    ]


def _performer(
    motion: Motion,
    blocking: Blocking,
    lighting: Lighting,
    lens: Lens,
    fps: float,
    shallow: bool,
    made: dict[tuple[object, int, int, bool], Sprite],
) -> Guest:
    """A drawable of a motion; those that look the same share a sprite."""
    scales = [
        pose.view(float(near)).scale
        for pose, near in zip(blocking.poses, motion.disparity, strict=True)
    ]
    tall = float((motion.height * motion.squash * np.array(scales)).max()) * _DETAIL
    height = int(min(max(tall, 0.02), _TALLEST) * lens.height / 8 + 1) * 8
    near = float(np.median(motion.disparity))
    blur = 0.0
    if shallow and near > blocking.lead * 1.12:
        blur = min(near - blocking.lead, 0.5) * 0.02 * lens.height
    standing = not np.isnan(motion.ground).all() and float(motion.sink.max()) == 0.0
    key = (motion.costume, height, int(near * 12), standing)
    if key not in made:
        made[key] = Sprite(motion.costume, height, lighting, near, standing=standing, blur=blur)
    return Performer(motion, made[key], blocking, lens, fps)


class Performer:
    """One motion, drawn with its shadow and its reflection.

    Args:
        motion: what it does.
        sprite: its art.
        blocking: that it belongs to.
        lens: of the scene.
        fps: frames per second.
    """

    def __init__(
        self, motion: Motion, sprite: Sprite, blocking: Blocking, lens: Lens, fps: float
    ) -> None:
        self._motion = motion
        self._sprite = sprite
        self._ground = blocking.ground
        self._size = lens.width, lens.height
        self._fps = fps
        self._last = len(motion.x) - 1

    def nearness(self, seconds: float) -> float:
        """Its disparity at a time."""
        return float(self._motion.disparity[self._frame(seconds)])

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows; none is hidden completely."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Draw all rows: little of it is ever hidden by what is nearer."""
        del rows, lens
        frame = self._frame(seconds)
        m = self._motion
        opacity = float(m.opacity[frame])
        if opacity <= 0.004:
            return
        view = pose.view(float(m.disparity[frame]))
        width, height = self._size
        down, across = canvas.y.shape
        tall = float(m.height[frame]) * view.scale * height
        squash = float(m.squash[frame])
        turned = self._turned(frame)
        wide = tall * m.costume.aspect / math.sqrt(squash) * turned
        x = (float(m.x[frame]) - view.x) * view.scale * width + across / 2
        foot = (float(m.row[frame]) - view.y) * view.scale * height + down / 2
        seen = Attitude(
            x=x,
            y=foot - tall * squash / 2,
            width=wide,
            height=tall * squash,
            rotation=float(m.rotation[frame]),
            opacity=opacity,
            gain=1.0 + 0.45 * float(m.glow[frame]),
            phase=2 * math.pi * float(m.phase[frame]),
            stride=float(m.stride[frame]),
            melt=float(m.melt[frame]),
            cut=1.0 - float(m.sink[frame]) if m.sink[frame] else 2.0,
            seconds=seconds,
        )
        level = (float(m.ground[frame]) - view.y) * view.scale * height + down / 2
        self._on_surface(canvas, seen, level, frame)
        self._sprite.draw(canvas, seen)

    def _on_surface(self, canvas: SceneCanvas, seen: Attitude, level: float, frame: int) -> None:
        """Its shadow or its reflection."""
        m = self._motion
        if math.isnan(level) or m.member is None:
            return
        foot = seen.y + seen.height / 2
        wet = bool(m.sink[frame])
        lift = max(level - foot, 0.0) / max(seen.height, 1.0)
        mirror = _MIRRORS[Surface.WATER] if wet else _MIRRORS.get(self._ground.surface, 0.0)
        if self._ground.surface is Surface.WATER and not wet:
            mirror = 0.0
        if mirror:
            turned = Attitude(
                x=seen.x,
                y=2 * level - seen.y,
                width=seen.width,
                height=-seen.height,
                rotation=-seen.rotation,
                opacity=seen.opacity * mirror * math.exp(-1.2 * lift),
                gain=0.9,
                phase=seen.phase,
                stride=seen.stride,
                melt=seen.melt,
                cut=seen.cut,
                ripple=0.010 * abs(seen.height) if wet else 0.0,
                seconds=seen.seconds,
            )
            self._sprite.draw(canvas, turned)
        strength = math.exp(-1.7 * lift) * seen.opacity
        flat = abs(seen.rotation) < 0.7 or m.costume.aspect > 0.8
        if not wet and strength > 0.05:
            if not flat:
                seen = Attitude(seen.x, seen.y, seen.height, abs(seen.width))
            self._sprite.draw_shadow(canvas, seen, level, strength)

    def _turned(self, frame: int) -> float:
        """Width factor: negative where the art is shown mirrored."""
        look = float(self._motion.heading[frame])
        facing = self._motion.costume.facing
        if facing is Facing.FRONT:
            look = abs(look)
        elif facing is Facing.LEFT:
            look = -look
        return math.copysign(max(abs(look), 0.08), look)

    def _frame(self, seconds: float) -> int:
        return min(max(round(seconds * self._fps), 0), self._last)
