"""Films of prompts: contact sheets to look at, and figures of what moves in them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from kirin.domain.assets import Asset
from kirin.domain.cast import Action
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.media.decode import frames
from kirin.media.encode import encode
from kirin.prompt.reader import read_intent
from kirin.vision.planes import Rgb
from support.prompt_suite import PromptRecord
from support.prompt_verdicts import assign

WIDTH, HEIGHT, SECONDS = 640, 360, 2.0
FPS: Final = Fraction(12)
STILLS: Final = Fraction(2)  # frames a second where only a middle frame is wanted
SEED: Final = 1

TRAVEL: Final = frozenset(
    {
        Action.WALK,
        Action.RUN,
        Action.JUMP,
        Action.FLY,
        Action.SWIM,
        Action.DRIVE,
        Action.SAIL,
        Action.FALL,
        Action.RISE,
        Action.SPIN,
        Action.ROLL,
        Action.CHASE,
        Action.APPROACH,
        Action.LEAVE,
    }
)
"""Motions that take who does them elsewhere, or turn them."""

SHIFTED: Final = 0.03  # of the frame, between the boxes of the first and the last frame
LIVELIER: Final = 1.5  # change inside the boxes, as a multiple of that outside
SEEN: Final = 1.0  # mean change of luma, of 255, below which nothing is seen to move

_PAGE: Final = 10  # films on a contact sheet
_CELL: Final = (426, 240)
_GAP: Final = 6
_LABEL: Final = 40
_FONTS: Final = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc", "DejaVuSans.ttf")

Values = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in shares of the frame."""


@dataclass(frozen=True)
class Motion:
    """How something that should move does.

    Attributes:
        word: the verb and who does it.
        shift: of its box: of the centre, or of a side, in shares of the frame, the largest.
        inside, outside: mean change of luma between frames a quarter of the film apart, in and
            out of the boxes of the first and the last frame.
        followed: whether the camera follows it; then the place must move instead.
    """

    word: str
    shift: float
    inside: float
    outside: float
    followed: bool

    @property
    def seen(self) -> bool:
        """Whether it is seen to move."""
        if self.followed and self.outside >= SEEN:
            return True
        if self.inside < SEEN:
            return False
        return self.shift >= SHIFTED or self.inside >= LIVELIER * self.outside

    def __str__(self) -> str:
        told = "" if self.seen else " STILL"
        return (
            f"{self.word}{told}: box {self.shift:.2f}, "
            f"inside {self.inside:.1f}, outside {self.outside:.1f}"
        )


@dataclass(frozen=True)
class Film:
    """A filmed prompt: three of its decoded frames, and what moves; words of no cast member."""

    text: str
    stills: tuple[Rgb, ...]
    motions: tuple[Motion, ...] = ()
    lost: tuple[str, ...] = ()
    missing: tuple[str, ...] = field(default=())


def write_films(prompts: Sequence[PromptRecord], folder: Path) -> str:
    """Film prompts, write contact sheets into a folder, and return what was measured."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    moving: list[Motion] = []
    lost = 0
    for page, start in enumerate(range(0, len(prompts), _PAGE), 1):
        films = [film(record) for record in prompts[start : start + _PAGE]]
        sheet(films).save(folder / f"sheet-{page:02d}.png")
        for one in films:
            moving += one.motions
            lost += len(one.lost)
            lines += [f"{one.text[:60]} | {motion}" for motion in one.motions]
            lines += [f"{one.text[:60]} | {word}: not in the cast" for word in one.lost]
    seen = sum(motion.seen for motion in moving)
    lines.append(f"seen to move: {seen} of {len(moving) + lost}, {lost} of them not in the cast")
    lines.append(f"sheets: {folder}")
    return "\n".join(lines)


def film(record: PromptRecord) -> Film:
    """Render a prompt, encode it, decode it again, and measure."""
    storyboard = _storyboard(record.text, FPS, record.negative)
    clip = AnimaticEngine().render(storyboard, _no_asset, lambda _: None, lambda: False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        encode(clip.frames, path, width=WIDTH, height=HEIGHT, fps=FPS)
        seen = list(frames(path))
    motions, lost = _motions(record, seen, clip.notes)
    stills = tuple(seen[index] for index in (0, len(seen) // 2, -1))
    missing = tuple(one.word for one in _read(record).cast.missing)
    return Film(record.text, stills, tuple(motions), tuple(lost), missing)


def likeness(texts: Sequence[str]) -> tuple[float, float]:
    """Mean correlation of layouts over all pairs, and the share of pairs above 0.8."""
    layouts = np.stack([layout(_middle(text)).ravel() for text in texts])
    pairs = np.atleast_2d(np.corrcoef(layouts))[np.triu_indices(len(texts), 1)]
    return float(pairs.mean()), float((pairs > 0.8).mean())


def layout(luma: Values) -> Values:
    """A picture as 9 x 16 mean values of luma."""
    return cast(Values, cv2.resize(luma, (16, 9), interpolation=cv2.INTER_AREA))


def _middle(text: str) -> Values:
    storyboard = _storyboard(text, STILLS)
    clip = AnimaticEngine().render(storyboard, _no_asset, lambda _: None, lambda: False)
    pictures = list(clip.frames)
    return np.asarray(pictures[len(pictures) // 2][:HEIGHT], np.float64)


def _storyboard(text: str, fps: Fraction, negative: str = "") -> Storyboard:
    shots = (Shot(text, SECONDS),)
    return Storyboard("any", WIDTH, HEIGHT, fps, shots, negative_prompt=negative, seed=SEED)


def _read(record: PromptRecord) -> Any:
    return read_intent(record.text, record.negative, seed=SEED)


def _no_asset(asset: Asset) -> Path:
    raise AssertionError(f"a prompt alone needs no file, not {asset.sha256}")


def _motions(
    record: PromptRecord, seen: Sequence[Rgb], notes: Mapping[str, Any]
) -> tuple[list[Motion], list[str]]:
    """What is measured of each verb of travel, and the verbs whose noun has no box."""
    told = notes.get("scene", {}).get("cast", [])
    intent = _read(record)
    roles = assign(record.nouns, intent.cast.members)
    lumas = np.stack([cast(Values, picture.mean(axis=2)) for picture in seen])
    motions, lost = [], []
    for verb in record.verbs:
        if not TRAVEL.intersection(verb.actions):
            continue
        name = f"{record.nouns[verb.noun].word} {verb.word}"
        role = roles.get(verb.noun)
        if role is None or role >= len(told) or not told[role].get("first_box"):
            lost.append(name)
            continue
        boxes = [_box(told[role][key]) for key in _ENDS if told[role].get(key)]
        inside, outside = change(lumas, boxes)
        moved = shift(*boxes) if len(boxes) == len(_ENDS) else 1.0  # it has left the frame
        motions.append(Motion(name, moved, inside, outside, intent.cast.followed == role))
    return motions, lost


_ENDS: Final = ("first_box", "last_box")


def _box(values: Sequence[float]) -> Box:
    left, top, right, bottom = values
    return left, top, right, bottom


def shift(first: Box, last: Box) -> float:
    """How far a box moves or grows: the largest move of its centre or change of its height."""
    across = abs(first[0] + first[2] - last[0] - last[2]) / 2
    down = abs(first[1] + first[3] - last[1] - last[3]) / 2
    return max(across, down, abs((first[3] - first[1]) - (last[3] - last[1])))


def change(lumas: Values, boxes: Sequence[Box]) -> tuple[float, float]:
    """Mean change of luma between frames a quarter of the film apart, in and out of boxes."""
    height, width = lumas.shape[1:]
    mask = np.zeros((height, width), bool)
    for left, top, right, bottom in boxes:
        rows = slice(max(0, round(top * height)), max(0, round(bottom * height)))
        mask[rows, max(0, round(left * width)) : max(0, round(right * width))] = True
    steps = list(_steps(lumas))
    differences = np.mean([np.abs(one - other) for one, other in steps], axis=0)
    inside = float(differences[mask].mean()) if mask.any() else 0.0
    return inside, float(differences[~mask].mean()) if not mask.all() else 0.0


def _steps(lumas: Values) -> Iterator[tuple[Values, Values]]:
    quarters = np.linspace(0, len(lumas) - 1, 5).round().astype(int)
    return pairwise(lumas[index] for index in quarters)


def sheet(films: Sequence[Film]) -> Image.Image:
    """Three frames of each film in a row, its text below them."""
    width, height = _CELL
    row = height + _LABEL + _GAP
    page = Image.new("RGB", (3 * (width + _GAP) + _GAP, len(films) * row + _GAP), (24, 24, 24))
    draw = ImageDraw.Draw(page)
    for number, one in enumerate(films):
        top = _GAP + number * row
        for column, still in enumerate(one.stills):
            small = Image.fromarray(still).resize(_CELL, Image.Resampling.BOX)
            page.paste(small, (_GAP + column * (width + _GAP), top))
        told = [f"missing: {', '.join(one.missing)}"] if one.missing else []
        told += [str(motion) for motion in one.motions if not motion.seen]
        draw.text((_GAP, top + height), one.text[:130], fill="white", font=_font())
        draw.text((_GAP, top + height + 19), "; ".join(told)[:150], fill="orange", font=_font())
    return page


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """One with Chinese characters, where this machine has one."""
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, 15)
        except OSError:
            continue
    return ImageFont.load_default(15)
