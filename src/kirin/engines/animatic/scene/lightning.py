"""Lightning: flashes behind the clouds, and bolts."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled


class Lightning:
    """Flashes behind the clouds, most of them with a bolt.

    Args:
        rng: of the flashes.
        lens: of the scene.
        horizon: in pixels below the centre.
        seconds: length of the clip.
    """

    def __init__(
        self, rng: np.random.Generator, lens: Lens, horizon: float, seconds: float
    ) -> None:
        self._horizon = horizon
        self._flashes: list[tuple[float, float, Field | None]] = []
        at = float(rng.uniform(0.5, 1.6))
        while at < seconds:
            x = float(rng.uniform(-0.4, 0.4) * lens.width)
            start = (x, -0.45 * lens.height)
            bolt = None
            if rng.random() < 0.75:
                bolt = bolt_lines(rng, start, horizon, lens.height / 720)
            self._flashes.append((at, x, bolt))
            at += float(rng.uniform(1.4, 3.6))

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:
        """Rows down to the horizon, none of them opaque."""
        view, height = pose.view(0.0), canvas.y.shape[0]
        row = (self._horizon - view.y * lens.height) * view.scale + height / 2
        return 0, height, int(np.clip(row, 0, height)) // 2 * 2

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Brighten the clouds on the canvas, and draw the bolt."""
        view = pose.view(0.0)
        height, width = canvas.y.shape
        for at, x, bolt in self._flashes:
            since = seconds - at
            if not 0.0 <= since < 0.7:
                continue
            power = flash_power(since)
            middle = (x - view.x * lens.width) * view.scale + width / 2
            _flash(canvas.y, middle, 0.45 * width, float(power), rows[0], rows[1])
            if bolt is not None and since < 0.32:
                place = bolt.copy()
                place[:, [0, 2]] = (bolt[:, [0, 2]] - view.x * lens.width) * view.scale + width / 2
                place[:, [1, 3]] = (bolt[:, [1, 3]] - view.y * lens.height) * view.scale
                place[:, [1, 3]] += height / 2
                draw_bolt(canvas.y, place, float(min(power, 1.0)), rows[0], rows[1])


def flash_power(since: float) -> float:
    """Light of a flash, some seconds after its start: two strokes that decay, the second weaker."""
    second = np.exp(-max(since - 0.16, 0) * 9.0) if since > 0.16 else 0.0
    return float(np.exp(-since * 11.0) + 0.6 * second)


def bolt_lines(
    rng: np.random.Generator, start: tuple[float, float], horizon: float, unit: float
) -> Field:
    """A branching line down to the horizon: rows of x, y, x, y, width.

    Args:
        rng: of its bends.
        start: x, y in pixels.
        horizon: the row at which it ends.
        unit: pixels for one of a view of 720 rows.
    """
    lines: list[tuple[float, float, float, float, float]] = []
    stack = [(*start, 1.0)]
    while stack:
        px, py, strength = stack.pop()
        heading = rng.normal(0, 0.25)
        while py < horizon and strength > 0.12:
            heading = 0.75 * heading + rng.normal(0, 0.42)
            length = unit * rng.uniform(5, 15)
            qx, qy = px + np.sin(heading) * length, py + np.cos(heading) * length
            lines.append((px, py, qx, qy, (0.5 + 1.9 * strength) * unit))
            px, py = qx, qy
            if rng.random() < 0.05 and len(stack) < 6:
                stack.append((px, py, strength * 0.45))
            if strength < 1.0:
                strength *= 0.95
    return np.array(lines, np.float32)


@compiled
def _flash(plane: Field, middle: float, reach: float, power: float, first: int, end: int) -> None:
    columns = plane.shape[1]
    for j in range(columns):
        off = (j - middle) / reach
        gain = np.float32(power * (0.35 + 1.5 / (1.0 + off * off * 3)))
        for i in range(first, end):
            over = plane[i, j] - np.float32(16)
            plane[i, j] += (
                over * gain * (np.float32(1) - min(over / np.float32(260), np.float32(1)))
            )


@compiled
def draw_bolt(plane: Field, lines: Field, power: float, first: int, end: int) -> None:
    """Add the light of a bolt to rows of a plane of luma."""
    columns = plane.shape[1]
    for n in range(lines.shape[0]):
        x0, y0, x1, y1, width = lines[n]
        halo = width * 7
        left, right = max(int(min(x0, x1) - halo), 0), min(int(max(x0, x1) + halo) + 1, columns)
        top, bottom = max(int(min(y0, y1) - halo), first), min(int(max(y0, y1) + halo) + 1, end)
        dx, dy = x1 - x0, y1 - y0
        length = max(dx * dx + dy * dy, np.float32(1e-6))
        for i in range(top, bottom):
            for j in range(left, right):
                px, py = j - x0, i - y0
                t = min(max((px * dx + py * dy) / length, 0.0), 1.0)
                d = np.sqrt((px - t * dx) ** 2 + (py - t * dy) ** 2)
                core = min(max(width * 0.5 + 0.5 - d, 0.0), 1.0)
                light = 245 * core + 16 * np.exp(-d / (width * 1.6))
                value = plane[i, j] + light * power
                plane[i, j] = min(value, max(plane[i, j], np.float32(238)))
