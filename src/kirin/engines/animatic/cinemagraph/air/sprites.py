"""Small pictures of what is carried by the air: leaves, petals, confetti, bubbles."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kirin.concepts import art
from kirin.engines.animatic.cinemagraph.air.kinds import Colour
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes, Rgb

_SIDE: Final = 96  # of the drawings, in pixels

Sprite = Field
"""Shape (side, side, 4): Y, U, V times alpha, and alpha; its border is transparent."""


def draw_sprites(view: Planes, sprites: Sprite, placed: Field, tint: tuple[float, float]) -> None:
    """Draw sprites over a view.

    Args:
        view: that is drawn on.
        sprites: shape (variants, side, side, 4).
        placed: shape (n, 12): x, y of the middle in pixels of the view; the way that it moves
            while the shutter is open, x and y; four entries of the matrix from pixels of the
            view to pixels of the sprite; half the side of the box around it; alpha; brightness;
            number of the variant.
        tint: added to U and V.
    """
    _lay(view.y, sprites, placed, 0, 0.0, 1, 0.5)
    _lay(view.u, sprites, placed, 1, tint[0], 2, 1.0)
    _lay(view.v, sprites, placed, 2, tint[1], 2, 1.0)


@compiled
def _lay(
    plane: Plane, sprites: Field, placed: Field, channel: int, tint: float, step: int, oy: float
) -> None:
    rows, columns = plane.shape
    side = sprites.shape[1]
    middle = np.float32(side / 2 - 0.5)
    last = np.float32(side - 1.001)
    for n in range(placed.shape[0]):
        x, y, dx, dy, a, b, c, d, half, alpha, gain, kind = placed[n]
        art = sprites[int(kind)]
        if channel > 0:
            gain = np.float32(1)
        # The sprite in steps of at most a sixth of its size along its way.
        way = np.sqrt(dx * dx + dy * dy)
        count = min(max(int(way / max(half * 0.3, 1.0)) + 1, 1), 8)
        left = max(int((min(x, x + dx) - half - 0.5) / step), 0)
        right = min(int((max(x, x + dx) + half - 0.5) / step) + 2, columns)
        top = max(int((min(y, y + dy) - half - oy) / step), 0)
        bottom = min(int((max(y, y + dy) + half - oy) / step) + 2, rows)
        for i in range(top, bottom):
            for j in range(left, right):
                colour, cover = np.float32(0), np.float32(0)
                for k in range(count):
                    share = np.float32((k + 0.5) / count)
                    px = np.float32(step * j + 0.5) - x - dx * share
                    py = np.float32(step * i + oy) - y - dy * share
                    u, v = a * px + b * py + middle, c * px + d * py + middle
                    if u <= 0 or v <= 0 or u >= last or v >= last:
                        continue
                    p, q = int(u), int(v)
                    fu, fv = u - np.float32(p), v - np.float32(q)
                    w0, w1 = (1 - fu) * (1 - fv), fu * (1 - fv)
                    w2, w3 = (1 - fu) * fv, fu * fv
                    colour += (
                        w0 * art[q, p, channel]
                        + w1 * art[q, p + 1, channel]
                        + w2 * art[q + 1, p, channel]
                        + w3 * art[q + 1, p + 1, channel]
                    )
                    cover += (
                        w0 * art[q, p, 3]
                        + w1 * art[q, p + 1, 3]
                        + w2 * art[q + 1, p, 3]
                        + w3 * art[q + 1, p + 1, 3]
                    )
                if cover <= 0:
                    continue
                share = alpha / np.float32(count)
                cover *= share
                # Black is 16, which brightness leaves.
                value = colour * share * gain + (np.float32(16) * (1 - gain) + tint) * cover
                mixed = np.float32(plane[i, j]) * (1 - cover) + value
                plane[i, j] = np.uint8(np.int32(min(max(mixed, 0.0), 255.0) + 0.5))


def sprite(rgb: Rgb, alpha: Field, side: int, blur: float) -> Sprite:
    """A drawing as a sprite of a side in pixels, out of focus by a blur in those pixels."""
    planes = _yuv(rgb)
    whole = np.dstack([planes * alpha[..., None], alpha]).astype(np.float32)
    inner = max(side - 2 * int(np.ceil(2 * blur)) - 2, 4)
    small = cv2.resize(whole, (inner, inner), interpolation=cv2.INTER_AREA)
    pad = (side - inner) // 2
    small = cv2.copyMakeBorder(
        small, pad, side - inner - pad, pad, side - inner - pad, cv2.BORDER_CONSTANT, value=0
    )
    if blur > 0.3:
        small = cv2.GaussianBlur(small, (0, 0), blur)
    return np.ascontiguousarray(small, np.float32)


def _yuv(rgb: Rgb) -> Field:
    red, green, blue = (rgb[..., k].astype(np.float32) for k in range(3))
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue  # BT.709-6, item 3.2
    u, v = (blue - y) / 1.8556, (red - y) / 1.5748
    return np.dstack([16 + y * 219 / 255, 128 + u * 224 / 255, 128 + v * 224 / 255])


def _grid() -> tuple[Field, Field]:
    at = ((np.arange(_SIDE) + 0.5) / _SIDE * 2 - 1).astype(np.float32)
    x, y = np.meshgrid(at, at)
    return np.asarray(x, np.float32), np.asarray(y, np.float32)


def _cover(inside: Field) -> Field:
    """Opacity of an area that is inside where a field is positive, about a pixel soft."""
    return np.asarray(np.clip(inside * _SIDE * 0.35 + 0.5, 0, 1), np.float32)


def leaf(colour: Colour, rng: np.random.Generator) -> tuple[Rgb, Field]:
    """A leaf with a midrib, veins and dry edges."""
    x, y = _grid()
    bend = 0.12 * np.sin(2.2 * x + rng.uniform(-1, 1))
    off = y - bend
    half = 0.44 * np.clip(1 - np.abs(x + 0.06) ** 1.7, 0, 1) * (1.08 - 0.42 * x)
    teeth = 0.022 * np.sin(46 * x)
    alpha = _cover(half + teeth - np.abs(off) - 0.02)
    stalk = _cover(0.022 - np.abs(off) - 0.4 * np.clip(np.abs(x + 0.9) - 0.1, 0, 1))
    veins = np.exp(-((np.mod(x * 7 + np.abs(off) * 9, 1.0) - 0.5) ** 2) * 60)
    shade = 1.0 - 0.16 * veins + 0.30 * np.exp(-((off / 0.03) ** 2))
    shade = shade - 0.22 * np.clip(np.abs(off) / np.maximum(half, 0.05), 0, 1) ** 3
    shade = shade * (1.0 + 0.10 * np.sign(off))
    return _shaded(colour, np.asarray(shade, np.float32)), np.maximum(alpha, stalk)


def maple(colour: Colour, rng: np.random.Generator) -> tuple[Rgb, Field]:
    """A maple leaf: the outline of the library's drawing, in the colours of the season."""
    drawn = art.draw("maple-leaf", _SIDE)
    square = cv2.resize(drawn, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    light = cv2.cvtColor(np.ascontiguousarray(square[..., :3]), cv2.COLOR_RGB2GRAY)
    alpha: Field = np.asarray(square[..., 3] / 255, np.float32)
    inside = alpha > 0.5
    level = float(light[inside].mean()) if inside.any() else 128.0
    x, y = _grid()
    shade = 1.0 + 0.7 * (light.astype(np.float32) / level - 1.0) + 0.12 * x * rng.uniform(-1, 1)
    shade = np.where(inside, shade + 0.08 * y, 1.0)
    return _shaded(colour, np.asarray(shade, np.float32)), alpha


def petal(colour: Colour, rng: np.random.Generator) -> tuple[Rgb, Field]:
    """A petal: a rounded drop with a notch, pale at the rim and deeper at its foot."""
    x, y = _grid()
    x = x + 0.10 * np.sin(2 * y + rng.uniform(-1, 1))
    along = (x + 0.95) / 1.9
    half = 0.62 * np.sqrt(np.clip(along, 0, 1)) * np.sqrt(np.clip(1.06 - along**3, 0, 1))
    notch = 0.16 * np.exp(-((y / 0.13) ** 2))
    inside = np.minimum(half - np.abs(y) - 0.03, 0.97 - along - notch)
    alpha = _cover(np.asarray(inside, np.float32))
    streak = 0.03 * np.sin(26 * np.arctan2(y, x + 1.1))
    shade = 0.80 + 0.26 * np.clip(along, 0, 1) + streak - 0.10 * (np.abs(y) / 0.62) ** 2
    return _shaded(colour, np.asarray(shade, np.float32)), alpha


def slip(colour: Colour, rng: np.random.Generator) -> tuple[Rgb, Field]:
    """A slip of paper."""
    x, y = _grid()
    tall = rng.uniform(0.34, 0.7)
    inside = np.minimum(np.float32(0.86) - np.abs(x), np.float32(tall) - np.abs(y))
    alpha = _cover(np.asarray(inside, np.float32))
    return _shaded(colour, 1.0 + 0.14 * x + 0.05 * y), alpha


def bubble(colour: Colour, rng: np.random.Generator) -> tuple[Rgb, Field]:
    """A soap bubble: a clear middle, a rim in the colours of a thin film, two highlights."""
    x, y = _grid()
    radius = np.hypot(x, y) / 0.94
    inside = _cover(np.asarray((1 - radius) * 0.94, np.float32))
    # Light crosses a shell on a path that grows towards its rim (1 / cosine).
    rim = np.clip(radius, 0, 1) ** 7
    angle = np.arctan2(y, x) + rng.uniform(0, 6.28)
    phase = 9.0 * radius**4 + 1.4 * np.sin(angle) + 0.8 * np.sin(2 * angle + 1)
    film = np.dstack([np.cos(phase + shift) for shift in (0.0, 2.1, 4.2)])
    rgb = np.array(colour, np.float32) + 46 * film
    lamp = np.exp(-(((x + 0.42) / 0.17) ** 2 + ((y + 0.50) / 0.12) ** 2))
    echo = 0.55 * np.exp(-(((x - 0.46) / 0.13) ** 2 + ((y - 0.52) / 0.09) ** 2))
    light = np.clip(lamp + echo, 0, 1)[..., None]
    rgb = rgb * (1 - light) + 255 * light
    alpha = inside * np.clip(0.05 + 0.72 * rim + 0.9 * light[..., 0], 0, 1)
    return np.clip(rgb, 0, 255).astype(np.uint8), np.asarray(alpha, np.float32)


def _shaded(colour: Colour, shade: Field) -> Rgb:
    painted = np.array(colour, np.float32) * shade[..., None]
    return np.asarray(np.clip(painted, 0, 255), np.uint8)
