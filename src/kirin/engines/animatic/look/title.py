"""A plain stage with words on it, and boards with words that stand in a scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import cv2
import numpy as np

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.look.frame_style import Field
from kirin.engines.animatic.look.lettering import SetWords, Typeface
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.colour import Colour, Paint, ink, mix
from kirin.engines.animatic.scene.finish import Finish
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Depth, Lens, Patch
from kirin.engines.animatic.scene.noise import smoothstep
from kirin.vision.easing import ease, frame_times

# Wall, light on the wall, floor, letters.
_STAGES = (
    ("#1d2430", "#44546d", "#12171f", "#f3efe6"),
    ("#b9a68c", "#e6d9c3", "#9c876b", "#2b2118"),
    ("#123a3f", "#337a7d", "#0b2427", "#f2efe4"),
    ("#2e1f38", "#6d4c77", "#1c1224", "#f6ece4"),
    ("#c3c9d0", "#eff2f4", "#a7b0b9", "#1f2730"),
    ("#3c1d1a", "#8a4336", "#240f0d", "#f7ead9"),
)

_FOLLOW = 0.35
"""Share of the camera's moves that a title takes part in: it must stay within the safe area."""
_PUSH = 0.05
"""Growth of the title over the shot."""


class TitleStage:
    """Words on a softly lit cyclorama; same interface as a scene.

    Args:
        words: of the title.
        variety: seed of its colours and its light.
        width, height: of the frames in pixels, both even.
        fps: frames per second.
        poses: of the camera, one per frame.
    """

    def __init__(
        self,
        words: str,
        variety: int,
        width: int,
        height: int,
        fps: Fraction | float,
        poses: Sequence[Pose],
    ) -> None:
        self._fps = float(fps)
        rng = np.random.default_rng([variety, 170])
        self._lens = Lens(width, height, _calmed(poses))
        wall, light, floor, letter = _STAGES[int(rng.integers(len(_STAGES)))]
        side = float(rng.uniform(-0.22, 0.22))
        back, near = Depth(0.15, 0.15), Depth(0.8, 0.8)
        patch = self._lens.patch(back, -np.inf, np.inf, coarse=3.0)
        backdrop = _cyclorama(patch, height, side * width, (ink(wall), ink(light), ink(floor)))
        self.title = _title(words, width, height)
        shadow, front = _letters(self._lens, self.title, near, ink(letter), side)
        self._layers = [SceneLayer(Paint(backdrop), patch, back, exact=True), shadow, front]
        self._canvas = SceneCanvas(*self._lens.canvas())
        self._finish = Finish(width, height, np.random.default_rng([variety, 171]))

    def describe(self) -> dict[str, Any]:
        """What the stage shows, as JSON values."""
        return {"kind": "title card", "title": list(self.title.lines)}

    def frame(self, number: int) -> Frame:
        """Draw a frame; in any order.

        Raises:
            IndexError: there is no pose with this number.
        """
        pose = self._lens.poses[number]
        for layer in self._layers:
            first, _, end = layer.span(self._lens, pose, self._canvas)
            layer.draw(self._canvas, self._lens, pose, number / self._fps, (first, end))
        return self._finish.frame(self._canvas, pose.roll, number)


def _calmed(poses: Sequence[Pose]) -> tuple[Pose, ...]:
    """The camera's path, damped, with a slow push."""
    push = 1 + _PUSH * ease(frame_times(len(poses)), 0.5)
    return tuple(
        Pose(
            x=_FOLLOW * pose.x,
            y=_FOLLOW * pose.y,
            zoom=float(np.clip(1 + _FOLLOW * (pose.zoom - 1), 0.85, 1.12) * grown),
            roll=_FOLLOW * pose.roll,
            truck_x=_FOLLOW * pose.truck_x,
            truck_y=_FOLLOW * pose.truck_y,
            dolly=float(np.clip(_FOLLOW * pose.dolly, -0.12, 0.10)),
        )
        for pose, grown in zip(poses, push, strict=True)
    )


def _cyclorama(
    patch: Patch, height: int, light_x: float, colours: tuple[Colour, Colour, Colour]
) -> Colour:
    """A wall that bends into the floor without an edge, a pool of light on it."""
    wall, light, floor = colours
    x = (patch.x() - np.float32(light_x)) / height
    y = patch.y() / height
    shape = (patch.height, patch.width)
    bend = np.broadcast_to(smoothstep(0.16, 0.40, np.asarray(y, np.float32)), shape)
    rgb = mix(np.broadcast_to(wall, (*shape, 3)), floor, bend)
    pool = np.exp(-((x / 0.62) ** 2) - ((y + 0.08) / 0.42) ** 2)
    rgb = mix(rgb, light, np.asarray(0.85 * pool * (1 - 0.55 * bend), np.float32))
    # The floor shines where the wall's light falls on it.
    sheen = np.exp(-((x / 0.55) ** 2) - ((y - 0.42) / 0.07) ** 2)
    return mix(rgb, light, np.asarray(0.38 * sheen, np.float32))


def _title(words: str, width: int, height: int) -> SetWords:
    """Set the title within the title-safe area: the middle 80% (SMPTE ST 2046-1), less the push."""
    box = int(0.70 * width), int(0.56 * height)
    short = min(width, height)
    return Typeface().set_words(words, *box, max(12, round(0.15 * short)), round(0.038 * short))


def _letters(
    lens: Lens, title: SetWords, depth: Depth, colour: Colour, side: float
) -> tuple[SceneLayer, SceneLayer]:
    """The shadow on the wall, and the letters; a little above the middle."""
    rows, columns = title.alpha.shape
    pad = round(1.2 * title.size)
    alpha = np.pad(title.alpha, ((pad, pad + rows % 2), (pad, pad + columns % 2)))
    top = -alpha.shape[0] / 2 - 0.03 * lens.height
    patch = Patch(-alpha.shape[1] / 2, top, 1.0, alpha.shape[1], alpha.shape[0])
    whole = (*alpha.shape, 3)
    # The light comes from its side above.
    shift = np.array([[1, 0, -0.35 * side * title.size], [0, 1, 0.10 * title.size]])
    moved = cv2.warpAffine(alpha, shift, alpha.shape[::-1])
    cast = cv2.GaussianBlur(moved, (0, 0), 0.09 * title.size)
    dark = Paint(np.zeros(whole, np.float32), np.asarray(0.42 * cast, np.float32))
    behind = Depth(0.93 * depth.far, 0.93 * depth.far)
    front = Paint(np.broadcast_to(colour, whole).astype(np.float32), alpha)
    return SceneLayer(dark, patch, behind), SceneLayer(front, patch, depth)


# Board, border, letters; the letters of all but the first can be lamps.
_BOARDS = (
    ("#f2ead8", "#7a4a2c", "#3a2214"),
    ("#1f4d3a", "#e9dfc4", "#f3ead2"),
    ("#23364f", "#d9b98a", "#f4ecd9"),
    ("#7a1f22", "#efd9a8", "#fff3d6"),
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A board on two posts with words on it.

    Attributes:
        words: on the board.
        x, foot: of its foot's middle, in pixels of the rest view from the centre.
        height: of the whole in pixels of the rest view; the board is its upper half.
        disparity: of the ground where it stands.
        shining: whether the letters are lamps.
    """

    words: str
    x: float
    foot: float
    height: float
    disparity: float
    shining: bool = False


def sign_board(sign: Sign, lens: Lens, light: Colour, variety: int) -> SceneLayer:
    """A sign as a layer of a scene.

    Args:
        sign: what is on it, and where it stands.
        lens: of the scene.
        light: that falls on it, linear: key and ambient together.
        variety: seed of its colours.
    """
    rng = np.random.default_rng([variety, 172])
    codes = _BOARDS[int(rng.integers(sign.shining, len(_BOARDS)))]
    board, border, letter = (ink(code) for code in codes)
    step, pad = 0.75, 4
    tall = max(16, int(0.52 * sign.height / step))
    text, wide = _sign_words(sign.words, tall, int(0.8 * lens.width / step))
    rows, columns = round(sign.height / step) + 2 * pad, wide + 2 * pad
    rows, columns = rows + rows % 2, columns + columns % 2
    alpha = np.zeros((rows, columns), np.float32)
    rgb = np.empty((rows, columns, 3), np.float32)
    rgb[:] = ink("#3b2a20")
    post = max(2, round(0.055 * tall))
    for share in (0.18, 0.82):
        middle = pad + round(share * wide)
        alpha[pad + tall // 2 : rows - pad, middle - post : middle + post] = 1
    rgb[pad : pad + tall, pad : pad + wide] = border
    alpha[pad : pad + tall, pad : pad + wide] = 1
    edge = max(2, round(0.05 * tall))
    plate = (slice(pad + edge, pad + tall - edge), slice(pad + edge, pad + wide - edge))
    # Lit from above: the board is a little brighter at its upper rim.
    fall = np.linspace(1.08, 0.90, tall - 2 * edge, dtype=np.float32)[:, None, None]
    rgb[plate] = board * fall
    rgb *= light
    corner = pad + (tall - text.shape[0]) // 2, pad + (wide - text.shape[1]) // 2
    _print_letters(
        rgb, text, corner, letter if sign.shining else letter * light, shining=sign.shining
    )
    left, top = sign.x - columns * step / 2, sign.foot - (rows - pad) * step
    patch = Patch(left, top, step, columns, rows)
    return SceneLayer(Paint(rgb, alpha), patch, Depth(sign.disparity, sign.disparity))


def board_width(words: str, height: float) -> float:
    """The width of a sign with words on it, in the units of its height.

    Args:
        words: on the board.
        height: of the whole sign.
    """
    tall = 208  # samples: any size gives the same proportion
    one_line = Typeface().at(tall // 2).getlength(" ".join(words.split()))
    return float(np.clip(one_line + 0.6 * tall, 1.2 * tall, 3.4 * tall) / tall * 0.52 * height)


def _sign_words(words: str, tall: int, widest: int) -> tuple[Field, int]:
    """Letters for a board, and the width of the board that they need; in samples."""
    face = Typeface()
    size = max(8, int(0.50 * tall))
    one_line = face.at(size).getlength(" ".join(words.split()))
    wide = int(np.clip(one_line + 0.6 * tall, 1.2 * tall, min(3.4 * tall, widest)))
    inner = max(8, wide - int(0.36 * tall)), max(8, tall - int(0.24 * tall))
    return face.set_words(words, *inner, size, 6).alpha, wide


def _print_letters(
    rgb: Colour, text: Field, corner: tuple[int, int], colour: Colour, *, shining: bool
) -> None:
    area = (
        slice(corner[0], corner[0] + text.shape[0]),
        slice(corner[1], corner[1] + text.shape[1]),
    )
    if shining:
        halo = cv2.GaussianBlur(text, (0, 0), max(1.5, text.shape[0] * 0.06))
        rgb[area] += colour * np.float32(0.5) * halo[..., None]
    rgb[area] = mix(rgb[area], colour, text)
