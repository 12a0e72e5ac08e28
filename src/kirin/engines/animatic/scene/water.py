"""Water: waves of a wind spectrum that reflect what is above them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import Floats, SceneCanvas
from kirin.engines.animatic.scene.colour import Colour, to_yuv
from kirin.engines.animatic.scene.lens import DEEP, Lens
from kirin.engines.animatic.scene.noise import Field
from kirin.engines.animatic.scene.setting import Eye
from kirin.vision.compiled import compiled

_SIZE = 256
_LEVELS = 6


class Waves:
    """A tileable square of ocean waves with the dispersion of deep water.

    Tessendorf, "Simulating Ocean Water" (2001): the Phillips spectrum, each wave rotating at
    ``sqrt(g k)``. Frequencies are not quantised, so the square does not repeat in time.

    Args:
        rng: phases.
        rough: root mean square slope.
        wind: direction in radians: 0 is to the right, pi / 2 away from the viewer.
    """

    def __init__(self, rng: np.random.Generator, rough: float, wind: float) -> None:
        k = np.fft.fftfreq(_SIZE, 1 / _SIZE) * 2 * np.pi
        kx, kz = k[None, :], k[:, None]
        length = np.sqrt(kx * kx + kz * kz)
        length[0, 0] = 1.0
        along = (kx * np.cos(wind) + kz * np.sin(wind)) / length
        longest = 2 * np.pi * 3.0  # longer waves would make the tiling visible
        power = np.exp(-((longest / length) ** 2)) / length**4 * (0.25 + 0.75 * along * along)
        power *= np.exp(-((length / (2 * np.pi * 70)) ** 2))
        power[0, 0] = 0.0
        noise = rng.normal(size=(2, _SIZE, _SIZE))
        self._start = (np.sqrt(power) * (noise[0] + 1j * noise[1])).astype(np.complex64)
        self._turn = np.sqrt(9.81 * length * 0.35).astype(np.float32)
        self._turn *= np.where(along < 0, -1.0, 1.0).astype(np.float32)
        self._slopes = (1j * kx - kz).astype(np.complex64)
        slope = self.slopes(0.0)
        self._slopes *= np.float32(rough / np.sqrt((slope**2).sum(axis=-1).mean() / 2))

    def slopes(self, seconds: float) -> NDArray[np.float32]:
        """Slopes to the right and away at a time, shape (256, 256, 2)."""
        moving = self._start * np.exp(1j * self._turn * np.float32(seconds)).astype(np.complex64)
        # Both real fields by one transform, as its real and imaginary parts.
        conjugate = np.conj(np.roll(moving[::-1, ::-1], 1, (0, 1)))
        field = np.fft.ifft2((moving + conjugate) * self._slopes)
        return np.stack([field.real, field.imag], -1).astype(np.float32)


def _levels(slopes: NDArray[np.float32]) -> NDArray[np.float32]:
    """A mipmap in one array of shape (levels, 256, 256, 2), in which the rest is unused."""
    out = np.zeros((_LEVELS, *slopes.shape), np.float32)
    out[0] = slopes
    size = _SIZE
    for level in range(1, _LEVELS):
        fine = out[level - 1, :size, :size]
        size //= 2
        out[level, :size, :size] = (
            fine[::2, ::2] + fine[1::2, ::2] + fine[::2, 1::2] + fine[1::2, 1::2]
        ) * np.float32(0.25)
    return out


@dataclass(frozen=True, slots=True)
class Gleam:
    """The specular reflection of the sun, the moon or lamps.

    Attributes:
        side, height: position of the source, in focal lengths from the horizon's centre.
        strength: in units of 8-bit luma.
        colour: linear.
    """

    side: float
    height: float
    strength: float
    colour: Colour


class Water:
    """Water from its far shore to the lower edge of the view.

    Args:
        eye: the viewpoint.
        shore: distance of the far shore.
        waves: of its surface.
        tile: size of the square of waves in world units.
        body: linear colour of deep water.
        gleam: the specular reflection, if any.
        spray: linear colour of foam; with a gleam, the gleam's is used.
        foam: amount of white crests, 0 to 1.
    """

    def __init__(
        self,
        eye: Eye,
        shore: float,
        waves: Waves,
        tile: float,
        body: Colour,
        gleam: Gleam | None,
        spray: Colour,
        foam: float = 0.0,
    ) -> None:
        self._eye, self._shore, self._waves, self._tile = eye, shore, waves, tile
        self._foam = foam
        self._body = [float(plane[0]) for plane in to_yuv(body[None])]
        self._gleam = gleam
        white = gleam.colour if gleam else spray
        self._white = [float(plane[0]) for plane in to_yuv(white[None])]
        self.depth = eye.ground(eye.reference, shore)

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:
        """Rows of a canvas: the first with water, the one from which it is opaque, and the end."""
        height = canvas.y.shape[0]
        place = lens.rows(pose, self.depth, canvas.rows(0, height)).place
        first = int(np.searchsorted(place, self._eye.row(self._shore))) // 2 * 2
        # What is behind the shore must be drawn down to the first row, to be reflected.
        return first, min(first + 2, height), height

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Reflect what is on the canvas above the shore in the rows below."""
        height, width = canvas.y.shape
        first, end = rows[0], min(rows[1] + rows[1] % 2, height)
        if end <= first or first <= 0:
            return
        seen = lens.rows(pose, self.depth, canvas.rows(first, end))
        eye = self._eye
        drop = np.maximum(seen.place - eye.horizon, 0.02)
        distance = eye.focal * eye.height / drop
        sx = (seen.shift + (0.5 - width / 2) / seen.scale) / eye.focal
        # The sun is at infinity: its azimuth depends on the pan alone, on no row of the water.
        sky = lens.rows(pose, DEEP, canvas.rows(first, end))
        bearing = (sky.shift + (0.5 - width / 2) / sky.scale) / eye.focal
        gleam = self._gleam or Gleam(0.0, 0.0, 0.0, np.zeros(3, np.float32))
        _mirror(
            canvas.y,
            canvas.u,
            canvas.v,
            _above(canvas.y, first),
            first,
            end,
            distance,
            sx,
            1.0 / seen.scale / eye.focal,
            bearing,
            1.0 / sky.scale / eye.focal,
            drop / eye.focal,
            seen.scale * eye.focal,
            _levels(self._waves.slopes(seconds)),
            1.0 / self._tile,
            seconds,
            np.array(self._body, np.float32),
            np.array([gleam.side, gleam.height, gleam.strength], np.float32),
            np.array(self._white, np.float32),
            self._foam,
        )


def _above(luma: Field, first: int) -> Field:
    """The reflected part of the canvas at half size, which is sharp enough and cache-friendly."""
    rows, columns = max(first // 2, 2), luma.shape[1] // 2
    return np.asarray(
        cv2.resize(luma[: 2 * rows], (columns, rows), interpolation=cv2.INTER_AREA), np.float32
    )


@compiled
def _mirror(  # noqa: PLR0915  # one loop over pixels, that cannot be split without cost
    y: Field,
    u: Field,
    v: Field,
    above: Field,
    first: int,
    end: int,
    distance: Floats,
    start: Floats,
    step: Floats,
    bearing: Floats,
    turn: Floats,
    grazing: Floats,
    focal: Floats,
    levels: NDArray[np.float32],
    frequency: float,
    seconds: float,
    body: Field,
    gleam: Field,
    white: Field,
    foam: float,
) -> None:
    width = y.shape[1]
    half = width // 2 + 1
    last, lowest = above.shape[1] - 1, np.float32(above.shape[0] - 1.01)
    slope_x, slope_z = np.empty(half, np.float32), np.empty(half, np.float32)
    for i in range(first, end):
        r = i - first
        z = distance[r]
        # Wave samples per pixel: many more along the line of sight than across it.
        across = z * step[r] * frequency * 256.0
        along = across / max(grazing[r], 1e-4)
        wanted = 0.5 * np.log2(max(across * along, 1e-6)) + 0.3
        calm = np.float32(1.0 / (1.0 + max(wanted - 4.0, 0.0)))
        level = int(min(max(wanted, 0.0), 5.0))
        size = 256 >> level
        mask = size - 1
        field = levels[level]
        unit = np.float32(size * frequency)
        zf = np.float32(z)
        e0 = np.float32(grazing[r])
        x0, dx = np.float32(start[r]), np.float32(step[r])
        b0_, db = np.float32(bearing[r]), np.float32(turn[r])
        f = np.float32(focal[r])
        v1 = zf * unit
        drift = np.float32(seconds * 0.012 * size)
        # Slopes at every other column; those in between are interpolated.
        for m in range(half):
            xw = (x0 + dx * np.float32(2 * m)) * zf * unit
            # Two squares of different sizes, one rotated, to hide the tiling.
            s_x, s_z = np.float32(0), np.float32(0)
            for square in range(2):
                if square == 0:
                    a, b = xw + drift, v1
                else:
                    a = (xw * np.float32(0.8) - v1 * np.float32(0.6)) * np.float32(0.41)
                    b = (xw * np.float32(0.6) + v1 * np.float32(0.8)) * np.float32(0.41)
                a0, b0 = np.int32(np.floor(a)), np.int32(np.floor(b))
                fa, fb = a - np.float32(a0), b - np.float32(b0)
                r0, r1, c0, c1 = b0 & mask, (b0 + 1) & mask, a0 & mask, (a0 + 1) & mask
                w11 = fa * fb
                w10, w01 = fb - w11, fa - w11
                w00 = np.float32(1) - fa - fb + w11
                p, q, s, t = field[r0, c0], field[r0, c1], field[r1, c0], field[r1, c1]
                s_x += w00 * p[0] + w01 * q[0] + w10 * s[0] + w11 * t[0]
                s_z += w00 * p[1] + w01 * q[1] + w10 * s[1] + w11 * t[1]
            slope_x[m], slope_z[m] = s_x * calm, s_z * calm
        for j in range(width):
            azimuth = b0_ + db * np.float32(j)
            m = j >> 1
            s_x, s_z = slope_x[m], slope_z[m]
            if j & 1:
                s_x = (s_x + slope_x[m + 1]) * np.float32(0.5)
                s_z = (s_z + slope_z[m + 1]) * np.float32(0.5)
            rise = abs(e0 + np.float32(2) * s_z)
            # Steep waves occlude each other, which reduces the visible slope.
            rise = rise / (np.float32(1) + np.float32(1.5) * rise)
            facing = min(max(e0 + s_z, np.float32(0)), np.float32(1))
            rest = np.float32(1) - facing
            mirror = np.float32(0.06) + np.float32(0.94) * rest * rest * rest
            source = (np.float32(first) - rise * f) * np.float32(0.5) - np.float32(1)
            # Steep waves reflect the sky above the view, for which mirrored rows are used.
            source = min(abs(source), lowest)
            row = np.int32(source)
            column = int((np.float32(j) + s_x * e0 * f) * np.float32(0.5))
            column = min(max(column, 0), last)
            light = above[row, column]
            light += (source - np.float32(row)) * (above[row + 1, column] - light)
            value = body[0] + (light - body[0]) * mirror
            glow = np.float32(0)
            if gleam[2] > 0:
                de = (rise - gleam[1]) * np.float32(9.0)
                da = (azimuth + s_x * np.float32(0.55) - gleam[0]) * np.float32(11.0)
                q = np.float32(1) + de * de + da * da
                glow = min(gleam[2] / (q * q * q), np.float32(1))
            if foam > 0:
                steep = s_x * s_x + s_z * s_z
                crest = min(
                    max(steep * np.float32(6) - np.float32(1.7), np.float32(0)), np.float32(1)
                )
                glow = max(glow, np.float32(foam) * crest * np.float32(0.55))
            value += (white[0] - value) * glow
            y[i, j] = value
            if (i & 1) == 0 and (j & 1) == 0:
                h, k = i >> 1, j >> 1
                hue = body[1] + (u[row, column] - body[1]) * mirror
                u[h, k] = hue + (white[1] - hue) * glow
                hue = body[2] + (v[row, column] - body[2]) * mirror
                v[h, k] = hue + (white[2] - hue) * glow
