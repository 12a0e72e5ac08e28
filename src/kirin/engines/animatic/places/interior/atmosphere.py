"""Light in the air of a room: spotlights that sway, shafts from high windows, floating dust."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.assembly import Drawable
from kirin.engines.animatic.scene.canvas import Floats, SceneCanvas
from kirin.engines.animatic.scene.colour import Colour, pigment, to_yuv
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.noise import Field
from kirin.engines.animatic.scene.points import dots
from kirin.engines.animatic.scene.setting import Setting
from kirin.vision.compiled import compiled


class LightCone:
    """A cone of light in hazy air, from a lamp above to a pool on the floor.

    Args:
        top, foot: column and row of its ends in pixels of the rest view from its centre.
        widths: half widths at both ends in pixels.
        colour: linear light; what the air scatters.
        disparity: of the cone.
        sway: amplitude of the foot in pixels, and radians per second.
        pool: strength of the pool on the floor.
    """

    def __init__(
        self,
        top: tuple[float, float],
        foot: tuple[float, float],
        widths: tuple[float, float],
        colour: Colour,
        disparity: float,
        sway: tuple[float, float],
        pool: float = 0.55,
    ) -> None:
        self._top, self._foot, self._widths = top, foot, widths
        self._disparity, self._sway, self._pool = disparity, sway, pool
        y, u, v = (float(plane[0]) for plane in to_yuv(colour[None]))
        self._gain = y - 16.0, u - 128.0, v - 128.0

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, none of them opaque."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Add its light to rows of a canvas."""
        view = pose.view(self._disparity)
        height, width = canvas.y.shape
        swing = self._sway[0] * np.sin(self._sway[1] * seconds + self._top[0])
        ends = []
        for x, y in (self._top, (self._foot[0] + swing, self._foot[1])):
            ends.append((x - view.x * lens.width) * view.scale + width / 2)
            ends.append((y - view.y * lens.height) * view.scale + height / 2)
        shape = np.array([*ends, *self._widths], np.float64)
        shape[4:6] *= view.scale
        first, end = rows[0], min(rows[1] + rows[1] % 2, height)
        for index, plane in enumerate((canvas.y, canvas.u, canvas.v)):
            by = 1 if index == 0 else 2
            scaled = np.append(shape[:6] / by, self._pool)
            _cone(plane, scaled, self._gain[index], first // by, end // by)


@compiled
def _cone(plane: Field, shape: Floats, gain: float, first: int, end: int) -> None:
    x0, y0, x1, y1, w0, w1, bright = shape
    columns = plane.shape[1]
    for i in range(max(first, int(y0)), end):
        t = (i - y0) / max(y1 - y0, 1.0)
        if t > 1.0 + 0.30 * w1 / max(y1 - y0, 1.0):
            break
        middle, wide = x0 + (x1 - x0) * min(t, 1.0), w0 + (w1 - w0) * min(t, 1.0)
        fall = 0.62 - 0.36 * min(t, 1.0)
        low, high = max(int(middle - 1.3 * wide), 0), min(int(middle + 1.3 * wide) + 1, columns)
        # The pool on the floor is an ellipse.
        flat = (i - y1) / (0.26 * w1 + 1e-6)
        for j in range(low, high):
            off = (j - middle) / wide
            beam = max(1.0 - off * off / 1.69, 0.0)
            share = beam * beam * fall * (1.0 if t < 1.0 else 0.0)
            pool = max(1.0 - off * off - flat * flat, 0.0)
            share += bright * min(pool * 2.0, 1.0)
            plane[i, j] += np.float32(gain * share)


def spotlights(setting: Setting) -> list[Drawable]:
    """Three spotlights on a stage; the outer ones sway."""
    lens, rng = setting.lens, setting.rng(220)
    w, h = lens.width, lens.height
    tints = ("#ff8a5c", "#8ab4ff", "#d88aff", "#ffd08a", "#8affd0")
    reach = min(w, 1.2 * h)
    cones: list[Drawable] = []
    for k, (x, strength) in enumerate(((-0.30, 0.12), (0.30, 0.12), (0.0, 0.20))):
        code = "#fff0d0" if k == 2 else tints[int(rng.integers(len(tints)))]
        colour = pigment(code) * np.float32(strength)
        top, foot = (x * 1.3 * reach, -0.56 * h), (x * 0.55 * reach, 0.36 * h)
        widths = (0.012 * h, (0.16 if k < 2 else 0.20) * h)
        sway = (0.07 * reach if k < 2 else 0.012 * reach, float(rng.uniform(0.5, 0.9)))
        cones.append(LightCone(top, foot, widths, colour, 0.62, sway))
    return cones


def shafts(setting: Setting) -> list[Drawable]:
    """Shafts of light from the high windows of one side."""
    if setting.light.dark:
        return []
    lens, rng = setting.lens, setting.rng(221)
    w, h = lens.width, lens.height
    sign = float(rng.choice([-1.0, 1.0]))
    colour = pigment("#ffe8b8") * np.float32(0.05)
    cones: list[Drawable] = []
    for k in range(3):
        top = sign * (0.24 + 0.12 * k) * w, -0.40 * h
        foot = sign * (-0.10 + 0.08 * k) * w, 0.34 * h
        cones.append(LightCone(top, foot, (0.03 * h, 0.10 * h), colour, 0.5, (0.0, 0.0), 0.0))
    return cones


class Dust:
    """Motes that float in the light.

    Args:
        rng: of their places.
        lens: of the scene.
    """

    def __init__(self, rng: np.random.Generator, lens: Lens) -> None:
        count = 90
        self._x = rng.uniform(-0.6, 0.6, count) * lens.width
        self._y = rng.uniform(-0.5, 0.4, count) * lens.height
        self._disparity = rng.uniform(0.5, 1.2, count)
        self._phase = rng.uniform(0, 6.28, (2, count))
        self._power = rng.uniform(8.0, 38.0, count).astype(np.float32)
        self._size = (rng.uniform(0.6, 1.7, count) * lens.height / 720).astype(np.float32)

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, none of them opaque."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Add their light to rows of a canvas."""
        height, width = canvas.y.shape
        far, near = pose.view(0.0), pose.view(1.0)
        d = self._disparity
        scale = far.scale + (near.scale - far.scale) * d
        drift = 0.03 * lens.height
        x = self._x + drift * np.sin(0.4 * seconds + self._phase[0])
        y = self._y + drift * np.cos(0.3 * seconds + self._phase[1]) + 0.006 * lens.height * seconds
        x = (x - (far.x + (near.x - far.x) * d) * lens.width) * scale + width / 2
        y = (y - (far.y + (near.y - far.y) * d) * lens.height) * scale + height / 2
        power = self._power * (0.6 + 0.4 * np.sin(0.8 * seconds + self._phase[0]))
        dots(canvas.y, x, y, self._size, power.astype(np.float32), 0.0, rows[0], rows[1])


def dust(setting: Setting) -> Drawable:
    """Dust in the air of a setting."""
    return Dust(setting.rng(222), setting.lens)
