"""The plan: a storyboard in the terms of an open model, generation by generation."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.diffusion.facts import OpenModel

SEED_STEP: Final = 7919
"""Seeds of the generations of a shot lie this far apart, and those of shots by one."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One run of the model.

    Attributes:
        frames: how many it makes; where it is not the shot's first, its first frame is the last
            of the one before, and is not shown again.
        seed: of its noise.
        first: whether it is the shot's first.
        last: whether it is the shot's last.
    """

    frames: int
    seed: int
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Take:
    """A shot, as the model makes it.

    Attributes:
        shot: what to make.
        count: frames of the video that it fills.
        fps: frames a second of the model.
        width, height: pixels of the model.
        inner_width, inner_height: pixels of their middle, which is the video, perhaps smaller.
        generations: in order; each goes on where the one before has ended.
        positions: by frame of the video, the place among the frames made, 0 for the first.
        scale: guidance scale, ``None`` where there is none.
        interpolated: whether frames of the video lie between frames of the model.
        stretched: whether the time of the video runs a little slower, so that it ends with the
            model's last frame.
    """

    shot: Shot
    count: int
    fps: Fraction
    width: int
    height: int
    inner_width: int
    inner_height: int
    generations: tuple[Generation, ...]
    positions: tuple[Fraction, ...]
    scale: float | None
    interpolated: bool
    stretched: bool

    @property
    def made(self) -> int:
        """Different frames that the generations give in all."""
        return sum(each.frames for each in self.generations) - len(self.generations) + 1


def plan(board: Storyboard, model: OpenModel) -> tuple[Take, ...]:
    """One take for each shot that is at least a frame long."""
    return tuple(_take(board, model, index, count) for index, count in _counts(board))


def chained(board: Storyboard, model: OpenModel) -> list[Shot]:
    """The shots that take more than one generation."""
    return [
        board.shots[index]
        for index, count in _counts(board)
        if _needed(count, model.frames.rate(board.fps) / board.fps) > model.frames.most
    ]


def lengths(model: OpenModel, count: int) -> tuple[int, ...]:
    """Frames of the generations that give at least so many different frames between them.

    >>> from kirin.engines.diffusion.models.wan22_ti2v_5b import MODEL
    >>> lengths(MODEL, 240)
    (121, 121)
    """
    found = []
    while True:
        whole = min(model.frames.at_least(count), model.frames.most)
        found.append(whole)
        if whole >= count:
            return tuple(found)
        count -= whole - 1


def _counts(board: Storyboard) -> list[tuple[int, int]]:
    """The numbers of the shots that are at least a frame long, and their frames."""
    lengths = (end - start for start, end in itertools.pairwise((0, *board.cuts())))
    return [(index, count) for index, count in enumerate(lengths) if count]


def _needed(count: int, pace: Fraction) -> int:
    """Frames of the model for so many of the video."""
    return ceil((count - 1) * pace) + 1


def _take(board: Storyboard, model: OpenModel, index: int, count: int) -> Take:
    shot = board.shots[index]
    fps = model.frames.rate(board.fps)
    pace = fps / board.fps
    runs = lengths(model, _needed(count, pace))
    made = sum(runs) - len(runs) + 1
    natural = [number * pace for number in range(count)]
    # A last frame must be seen, so the end cannot be cut off where it is given.
    stretched = shot.last is not None and count > 1 and natural[-1] != made - 1
    positions: Sequence[Fraction] = natural
    if stretched:
        positions = [Fraction(number * (made - 1), count - 1) for number in range(count)]
    if pace == 1:  # every frame is there: a repeated or left-out one is sharper than a mixed one
        positions = [Fraction(round(place)) for place in positions]
    inner = model.sizes.inner(board.width, board.height)
    width, height = model.sizes.at_least(*inner)
    return Take(
        shot=shot,
        count=count,
        fps=fps,
        width=width,
        height=height,
        inner_width=inner[0],
        inner_height=inner[1],
        generations=tuple(_generations(board, index, runs)),
        positions=tuple(positions),
        scale=model.guidance.scale(board.guidance) if model.guidance else None,
        interpolated=any(place.denominator > 1 for place in positions),
        stretched=stretched,
    )


def _generations(board: Storyboard, index: int, runs: Sequence[int]) -> Iterator[Generation]:
    for number, frames in enumerate(runs):
        yield Generation(
            frames=frames,
            seed=board.seed + index + SEED_STEP * number,
            first=number == 0,
            last=number == len(runs) - 1,
        )
