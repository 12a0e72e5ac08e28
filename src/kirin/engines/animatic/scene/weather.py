"""Weather in the air: rain in sheets, falling snow, drifting fog, lightning."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.colour import Paint, to_yuv
from kirin.engines.animatic.scene.layer import Bytes, Canvas, Depth, Floats, Layer, Lens
from kirin.engines.animatic.scene.light import Light
from kirin.engines.animatic.scene.noise import Field, Noise
from kirin.engines.animatic.scene.points import dots
from kirin.engines.animatic.scene.setting import Setting
from kirin.vision.compiled import compiled

_SHEETS = ((1.0, 0.55, 1.0), (0.62, 0.42, 0.75), (0.36, 0.30, 0.55))
"""Nearness, brightness and speed of sheets of rain, the nearest first."""


class Rain:
    """Rain as sheets of streaks at several distances.

    Args:
        slant: pixels aside for each pixel down.
        brightness: luma that a near streak adds.
        density: streaks, 1 for steady rain.
    """

    _TILE = 1024

    def __init__(
        self, rng: np.random.Generator, lens: Lens, slant: float, brightness: float, density: float
    ) -> None:
        self._unit = float(np.sqrt(lens.width * lens.height / (1280 * 720)))
        self._slant = slant
        self._sheets = [
            _streaks(
                rng,
                self._TILE,
                int(density * 340 / nearness / max(self._unit, 0.12) ** 2),
                70.0 * nearness * self._unit,
                1.5 * nearness * self._unit,
                slant,
                brightness * glow,
            )
            for nearness, glow, _ in _SHEETS
        ]

    def span(self, lens: Lens, pose: Pose, canvas: Canvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, hiding none."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: Canvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Add the streaks to rows of a canvas."""
        for sheet, (nearness, _, speed) in zip(self._sheets, _SHEETS, strict=True):
            view = pose.view(nearness)
            fallen = 1900.0 * speed * self._unit * seconds
            _fall(
                canvas.y,
                sheet,
                int(fallen - view.y * lens.height),
                int(fallen * self._slant - view.x * lens.width * view.scale),
                rows[0],
                rows[1],
            )


def _streaks(
    rng: np.random.Generator,
    size: int,
    count: int,
    length: float,
    width: float,
    slant: float,
    brightness: float,
) -> Bytes:
    tile = np.zeros((size, size), np.float32)
    x, y = rng.random(count) * size, rng.random(count) * size
    long = length * rng.uniform(0.5, 1.3, count)
    power = brightness * rng.uniform(0.35, 1.0, count)
    _streak(tile, x, y, long, power, width, slant)
    return np.clip(tile, 0, 255).astype(np.uint8)


@compiled
def _streak(
    tile: Field, x: Floats, y: Floats, length: Floats, power: Floats, width: float, slant: float
) -> None:
    size = tile.shape[0]
    for n in range(x.shape[0]):
        for k in range(int(length[n])):
            share = (k + 0.5) / length[n]
            fade = 4 * share * (1 - share)
            centre = x[n] + slant * k
            row = int(y[n] + k) % size
            for d in range(-3, 4):
                at = int(centre) + d
                off = (at + 0.5 - centre) / max(width * 0.5, 0.6)
                tile[row, at % size] += power[n] * fade * np.exp(-off * off)


@compiled
def _fall(plane: Field, tile: Bytes, down: int, across: int, first: int, end: int) -> None:
    columns = plane.shape[1]
    mask = tile.shape[0] - 1
    for i in range(first, end):
        line, target = tile[(i - down) & mask], plane[i]
        for j in range(columns):
            target[j] += np.float32(line[(j - across) & mask])


class Snow:
    """Falling flakes at many distances, swaying as they fall.

    Args:
        density: 1 for steady snow.
        luma: of a flake.
    """

    def __init__(self, rng: np.random.Generator, lens: Lens, density: float, luma: float) -> None:
        count = int(1500 * density)
        self._luma = luma
        self._near = np.sort(rng.uniform(0.12, 1.0, count) ** 1.6).astype(np.float32)
        self._x, self._y = rng.random((2, count)).astype(np.float32)
        self._phase = rng.uniform(0, 6.28, count).astype(np.float32)
        self._rate = rng.uniform(0.5, 1.4, count).astype(np.float32)
        unit = float(np.sqrt(lens.width * lens.height / (1280 * 720)))
        self._size = (unit * (0.55 + 2.9 * self._near**1.5)).astype(np.float32)
        self._power = (0.95 - 0.45 * self._near).astype(np.float32)

    def span(self, lens: Lens, pose: Pose, canvas: Canvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, hiding none."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: Canvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Lay the flakes over rows of a canvas."""
        height, width = canvas.y.shape
        # Flakes leave at one side and come back at the other, a little outside the view.
        box_x, box_y = width * 1.1, height * 1.1
        sway = 0.012 * np.sin(self._rate * seconds * 2.0 + self._phase) * self._near
        pan_x = pose.x * lens.width + pose.truck_x * self._near * lens.width
        pan_y = pose.y * lens.height + pose.truck_y * self._near * lens.height
        x = (self._x + sway + 0.025 * seconds * self._near) * box_x - pan_x
        y = (self._y + (0.05 + 0.17 * self._near) * seconds) * box_y - pan_y
        x = (np.mod(x, box_x) - 0.05 * width).astype(np.float32)
        y = (np.mod(y, box_y) - 0.05 * height).astype(np.float32)
        dots(canvas.y, x, y, self._size, self._power, self._luma, rows[0], rows[1])
        half = (self._size * np.float32(0.5)).astype(np.float32)
        for plane in (canvas.u, canvas.v):
            dots(plane, x / 2, (y - 0.5) / 2, half, self._power, 128.0, rows[0] // 2, rows[1] // 2)


def fog_bank(setting: Setting, nearness: float, row: float, thick: float) -> Layer:
    """A bank of fog that drifts at some depth, thickest at ``row`` pixels below the centre.

    Args:
        thick: its greatest alpha.
    """
    lens = setting.lens
    rng = setting.rng(3000 + int(1000 * nearness))
    depth = Depth(nearness, nearness)
    drift = lens.width * (0.006 + 0.02 * nearness) * float(rng.choice([-1.0, 1.0]))
    tall = 0.13 * lens.height * (1 + nearness)
    reach = 1.8  # where the bell below has come down to what is taken from it
    patch = lens.patch(
        depth, row - reach * tall, row + reach * tall, drift * setting.seconds, coarse=4
    )
    x, y = patch.x() / lens.height, patch.y() / lens.height
    noise = Noise(rng).fbm(x * 2.2 / (0.4 + nearness), y * 7.0 / (0.4 + nearness), 6, 0.52)
    band = np.maximum(np.exp(-(((patch.y() - row) / tall) ** 2)) - 0.04, 0.0)
    alpha = np.clip(thick * band * (0.62 + 1.1 * noise), 0, 0.94).astype(np.float32)
    air = setting.light.air(np.ascontiguousarray(patch.x() / np.float32(lens.focal)))
    rgb = np.broadcast_to(air * np.float32(1.04), (patch.height, patch.width, 3))
    return Layer(Paint(np.ascontiguousarray(rgb), alpha), patch, depth, drift=drift)


class Lightning:
    """Flashes behind the clouds, now and then with a bolt.

    Args:
        seconds: length of the clip.
        horizon: pixels below the centre.
    """

    def __init__(
        self, rng: np.random.Generator, lens: Lens, horizon: float, seconds: float
    ) -> None:
        self._horizon = horizon
        self._flashes: list[tuple[float, float, Field | None]] = []
        at = float(rng.uniform(0.5, 1.6))
        while at < seconds:
            x = float(rng.uniform(-0.4, 0.4) * lens.width)
            bolt = _bolt(rng, x, lens, horizon) if rng.random() < 0.75 else None
            self._flashes.append((at, x, bolt))
            at += float(rng.uniform(1.4, 3.6))

    def span(self, lens: Lens, pose: Pose, canvas: Canvas) -> tuple[int, int, int]:
        """Down to the horizon, hiding nothing."""
        view, height = pose.view(0.0), canvas.y.shape[0]
        row = (self._horizon - view.y * lens.height) * view.scale + height / 2
        return 0, height, int(np.clip(row, 0, height)) // 2 * 2

    def draw(
        self, canvas: Canvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Light up the clouds that are on the canvas."""
        view = pose.view(0.0)
        height, width = canvas.y.shape
        for at, x, bolt in self._flashes:
            since = seconds - at
            if not 0.0 <= since < 0.7:
                continue
            # Two strokes, the second weaker, each dying away.
            power = np.exp(-since * 11.0) + 0.6 * np.exp(-max(since - 0.16, 0) * 9.0) * (
                since > 0.16
            )
            middle = (x - view.x * lens.width) * view.scale + width / 2
            _flash(canvas.y, middle, 0.45 * width, float(power), rows[0], rows[1])
            if bolt is not None and since < 0.32:
                place = bolt.copy()
                place[:, [0, 2]] = (bolt[:, [0, 2]] - view.x * lens.width) * view.scale + width / 2
                place[:, [1, 3]] = (bolt[:, [1, 3]] - view.y * lens.height) * view.scale
                place[:, [1, 3]] += height / 2
                _glow_lines(canvas.y, place, float(min(power, 1.0)), rows[0], rows[1])


def _bolt(rng: np.random.Generator, x: float, lens: Lens, horizon: float) -> Field:
    """A forked line from the clouds to the horizon: rows of x, y, x, y, width."""
    lines: list[tuple[float, float, float, float, float]] = []
    stack = [(x, -0.45 * lens.height, 1.0)]
    unit = lens.height / 720
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
def _glow_lines(plane: Field, lines: Field, power: float, first: int, end: int) -> None:
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


def flake_luma(light: Light) -> float:
    """Luma of snow in the air: brighter than the sky behind it, but part of its light."""
    colour = light.horizon * np.float32(0.9) + light.ambient * np.float32(0.9)
    return min(float(to_yuv(colour[None])[0][0]) + 30.0, 232.0)
