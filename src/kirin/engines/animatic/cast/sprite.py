"""Sprites: the lit art of a costume, and how it is resampled onto a canvas."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.cast.costume import Build, Costume
from kirin.engines.animatic.cast.gait import Joints, Warp, bend, find_joints, mark_wheels
from kirin.engines.animatic.cast.wardrobe import art_of
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.lighting import Lighting
from kirin.engines.animatic.scene.shadow import STEP, Shadow, on_ground
from kirin.vision.compiled import compiled
from kirin.vision.planes import Planes

_ROOM = 0.14  # of the art's larger side, on each side: parts that move reach beyond their place
_STEP = 4  # pixels per sample of the map
_HAZE = 0.55  # of the air, for what is at the horizon


@dataclass(frozen=True, slots=True)
class Attitude:
    """How a sprite is shown in one frame, in pixels of the canvas.

    Attributes:
        x, y: of the middle of the art.
        width, height: of the art; a negative width shows it mirrored, a negative height
            upside down.
        rotation: clockwise, in radians.
        opacity: 0 to 1.
        gain: factor of the luma.
        phase, stride, melt: of the gait; the phase in radians.
        cut: share of the height from the top that is shown; the rest is under water.
        ripple: amplitude in pixels of the waves that bend a reflection.
        seconds: since the start, for the waves.
    """

    x: float
    y: float
    width: float
    height: float
    rotation: float = 0.0
    opacity: float = 1.0
    gain: float = 1.0
    phase: float = 0.0
    stride: float = 0.0
    melt: float = 0.0
    cut: float = 1.0
    ripple: float = 0.0
    seconds: float = 0.0


class Sprite:
    """The art of a costume at a size, lit. It does not change once made.

    Args:
        costume: that is drawn.
        height: of the art in pixels, at its largest.
        lighting: of the place.
        disparity: at which it is; the air in front of it depends on that.
        standing: whether it stands on the ground.
        blur: standard deviation of a defocus, in pixels.
    """

    def __init__(
        self,
        costume: Costume,
        height: int,
        lighting: Lighting,
        disparity: float,
        *,
        standing: bool,
        blur: float = 0.0,
    ) -> None:
        art = art_of(costume, height)
        if art.shape[0] % 2 or art.shape[1] % 2:
            art = np.ascontiguousarray(
                np.pad(art, ((art.shape[0] % 2, 0), (0, art.shape[1] % 2), (0, 0)))
            )
        self.costume = costume
        self.joints: Joints = find_joints(art, costume)
        mark_wheels(art, self.joints.wheels)
        air = lighting.haze * _HAZE * 10 * max(0.0, 0.6 - disparity) + lighting.haze
        light = replace(lighting, haze=min(air, 0.55))
        rgb, alpha = np.ascontiguousarray(art[..., :3]), np.ascontiguousarray(art[..., 3])
        if not costume.flat and costume.build is not Build.PUFF:
            rgb = light.apply(rgb, alpha, standing=standing)
        elif not costume.flat:
            gain = np.clip(light.gain, 0.0, 1.2) ** np.float32(1 / 2.2)
            rgb = np.clip(rgb * gain, 0, 255).astype(np.uint8)
        self.alpha = alpha
        self._levels = _pyramid(rgb, alpha, blur)
        self._lighting = light
        self._shadows: dict[bool, Shadow] = {}

    def draw(self, canvas: SceneCanvas, seen: Attitude) -> None:
        """Composite it onto a canvas."""
        if seen.opacity <= 0.004 or abs(seen.width) < 1.0 or abs(seen.height) < 1.0:
            return
        window = _window(seen, canvas.y.shape)
        if window is None:
            return
        x0, y0, x1, y1 = window
        level = 0
        scale = self.alpha.shape[0] / abs(seen.height)
        while scale > 1.5 and level + 1 < len(self._levels):
            scale, level = scale / 2, level + 1
        source = self._levels[level]
        # Bending is smooth, so that it is computed for some pixels and interpolated. Wheels have
        # edges.
        step = 1 if self.joints.warp is Warp.WHEELS else _STEP
        spare = 0 if step == 1 else 1
        across, down = -(-(x1 - x0) // step) + 2 * spare, -(-(y1 - y0) // step) + 2 * spare
        places = np.empty((2, down, across), np.float32)
        head = 1.0 if self.costume.facing.value == "right" else -1.0
        _trace(
            places[0],
            places[1],
            np.array(
                [
                    seen.x - x0, seen.y - y0, seen.width, seen.height,
                    math.cos(seen.rotation), math.sin(seen.rotation),
                    seen.phase, seen.stride, seen.melt, seen.cut,
                    seen.ripple, seen.seconds, float(y0), float(step), float(spare),
                ]
            ),
            int(self.joints.warp),
            self.costume.aspect,
            head,
            self.joints.legs,
            self.joints.wheels,
            source.shape[1] - 4,
            source.shape[0] - 4,
        )  # fmt: skip
        maps = [_finer(plane, step, y1 - y0, x1 - x0) for plane in places]
        drawn = cv2.remap(
            source, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
        )
        _composite(
            canvas.y, canvas.u, canvas.v, drawn, x0, y0, float(seen.opacity), float(seen.gain)
        )

    def draw_shadow(
        self, canvas: SceneCanvas, seen: Attitude, foot: float, strength: float
    ) -> None:
        """Darken the ground under it.

        Args:
            canvas: that is drawn on.
            seen: how the sprite itself is shown, with its foot on the ground.
            foot: row of the ground in pixels of the canvas.
            strength: factor of the shadow's opacity.
        """
        mirrored = seen.width < 0
        if mirrored not in self._shadows:
            light, alpha = self._lighting, self.alpha
            turned = np.ascontiguousarray(alpha[:, ::-1]) if mirrored else alpha
            self._shadows[mirrored] = on_ground(turned, light.side, light.height, light.shadow)
        shadow = self._shadows[mirrored]
        rows, columns = self.alpha.shape
        kx, ky = abs(seen.width) / columns, abs(seen.height) / rows
        left = seen.x - abs(seen.width) / 2 + shadow.left * kx
        top = foot + (shadow.top - rows) * ky
        height, width = canvas.y.shape
        down, across = shadow.alpha.shape
        x0, x1 = max(int(left) // 2 * 2, 0), min(int(left + across * STEP * kx) // 2 * 2 + 2, width)
        y0, y1 = max(int(top) // 2 * 2, 0), min(int(top + down * STEP * ky) // 2 * 2 + 2, height)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        place = np.array(
            [
                [1 / (STEP * kx), 0.0, (x0 - left) / (STEP * kx) - 0.5],
                [0.0, 1 / (STEP * ky), (y0 - top) / (STEP * ky) - 0.5],
            ]
        )
        drawn = cv2.warpAffine(
            shadow.alpha, place, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        _darken(canvas.y, canvas.u, canvas.v, drawn, x0, y0, strength)


def _finer(plane: NDArray[np.float32], step: int, rows: int, columns: int) -> NDArray[np.float32]:
    """A map interpolated to all pixels of a window; it has a spare sample on each side."""
    if step == 1:
        return plane
    size = (plane.shape[1] * step, plane.shape[0] * step)
    full = cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(full[step : step + rows, step : step + columns])


def _pyramid(rgb: NDArray[np.uint8], alpha: NDArray[np.uint8], blur: float) -> list[NDArray[Any]]:
    """Premultiplied Y, U, V and alpha, each level half of the one before, with a clear border."""
    planes = Planes.from_rgb(rgb)
    size = (rgb.shape[1], rgb.shape[0])
    chroma = [
        cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR) for plane in (planes.u, planes.v)
    ]
    share = alpha.astype(np.float32) / np.float32(255)
    stacked = np.dstack([planes.y, *chroma]).astype(np.float32) * share[..., None]
    full = np.dstack([stacked, alpha.astype(np.float32)])
    if blur > 0.4:
        full = cv2.GaussianBlur(full, (0, 0), blur, borderType=cv2.BORDER_CONSTANT)
    levels = []
    level = np.clip(full + np.float32(0.5), 0, 255).astype(np.uint8)
    while True:
        levels.append(
            cv2.copyMakeBorder(level, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))
        )
        if min(level.shape[:2]) < 24:
            return levels
        half = (max(level.shape[1] // 2, 4), max(level.shape[0] // 2, 4))
        level = np.asarray(cv2.resize(level, half, interpolation=cv2.INTER_AREA), np.uint8)


def _window(seen: Attitude, shape: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """The even part of the canvas in which it may be seen: left, top, right and bottom."""
    room = _ROOM * max(abs(seen.width), abs(seen.height)) + 2
    cos, sin = abs(math.cos(seen.rotation)), abs(math.sin(seen.rotation))
    half_x = (abs(seen.width) * cos + abs(seen.height) * sin) / 2 + room
    half_y = (abs(seen.width) * sin + abs(seen.height) * cos) / 2 + room
    rows, columns = shape
    x0, x1 = max(int(seen.x - half_x) // 2 * 2, 0), min(int(seen.x + half_x) // 2 * 2 + 2, columns)
    y0, y1 = max(int(seen.y - half_y) // 2 * 2, 0), min(int(seen.y + half_y) // 2 * 2 + 2, rows)
    return (x0, y0, x1, y1) if x1 - x0 >= 2 and y1 - y0 >= 2 else None


@compiled
def _trace(
    across: Any,
    down: Any,
    seen: Any,
    warp: int,
    aspect: float,
    head: float,
    legs: Any,
    wheels: Any,
    columns: int,
    rows: int,
) -> None:
    """Where the art is sampled, for pixels of a window.

    ``seen`` holds x, y, width, height, cosine and sine of the rotation, phase, stride, melt, cut,
    ripple, seconds, the window's first row, pixels per sample and spare samples on each side.
    """
    cx, cy, wide, tall, cos, sin = seen[0], seen[1], seen[2], seen[3], seen[4], seen[5]
    phase, stride, melt, cut, ripple = seen[6], seen[7], seen[8], seen[9], seen[10]
    time, first, step, spare = seen[11], seen[12], seen[13], seen[14]
    for i in range(across.shape[0]):
        row = (i - spare + 0.5) * step
        dy = row - cy
        shift = 0.0
        if ripple > 0:
            wave = row + first
            shift = ripple * (
                math.sin(0.35 * wave - 4.1 * time) + 0.5 * math.sin(0.81 * wave + 2.3 * time)
            )
        for j in range(across.shape[1]):
            dx = (j - spare + 0.5) * step - cx + shift
            u = (cos * dx + sin * dy) / wide + 0.5
            v = (cos * dy - sin * dx) / tall + 0.5
            below = 0.0
            if cut < 1:
                # Below the surface the art is squeezed out of sight.
                below = max(v - cut - 0.008 * math.sin(21 * u + 3.0 * time), 0.0)
            if warp > 0 or melt > 0:
                u, v = bend(u, v, warp, aspect, phase, stride, head, legs, wheels, melt)
            across[i, j] = u * columns + 1.5
            down[i, j] = (v + 12 * below) * rows + 1.5


@compiled
def _composite(
    luma: Any, blue: Any, red: Any, drawn: Any, left: int, top: int, opacity: float, gain: float
) -> None:
    """Composite premultiplied samples of Y, U, V and alpha onto the planes of a canvas."""
    share, more = np.float32(opacity), np.float32(gain)
    unit = np.float32(opacity / 255)
    for i in range(drawn.shape[0]):
        line = luma[top + i]
        for j in range(drawn.shape[1]):
            a = drawn[i, j, 3]
            if a:
                under = line[left + j]
                line[left + j] = under * (1 - a * unit) + drawn[i, j, 0] * share * more
    for i in range(drawn.shape[0] // 2):
        for j in range(drawn.shape[1] // 2):
            u = v = a = np.float32(0)
            for k in range(4):
                y, x = 2 * i + k // 2, 2 * j + k % 2
                u += drawn[y, x, 1]
                v += drawn[y, x, 2]
                a += drawn[y, x, 3]
            if a > 0:
                quarter = np.float32(0.25)
                rest = 1 - a * quarter * unit
                y, x = top // 2 + i, left // 2 + j
                blue[y, x] = blue[y, x] * rest + u * quarter * share
                red[y, x] = red[y, x] * rest + v * quarter * share


@compiled
def _darken(
    luma: Any, blue: Any, red: Any, drawn: Any, left: int, top: int, strength: float
) -> None:
    """Blend the planes of a canvas towards a bluish black."""
    unit = np.float32(strength / 255)
    for i in range(drawn.shape[0]):
        for j in range(drawn.shape[1]):
            a = drawn[i, j] * unit
            y, x = top + i, left + j
            luma[y, x] += (np.float32(16) - luma[y, x]) * a
            if i % 2 == 0 and j % 2 == 0:
                blue[y // 2, x // 2] += (np.float32(132) - blue[y // 2, x // 2]) * a
                red[y // 2, x // 2] += (np.float32(124) - red[y // 2, x // 2]) * a
