"""The plan of a video: the generations of an open model that make up a storyboard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.diffusion.model_spec import ModelSpec

SEED_STEP: Final = 7919
"""Difference of the seeds of a shot's successive generations; those of shots differ by one."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One run of the model.

    Attributes:
        frames: how many it generates. Unless it is the shot's first, its first frame repeats the
            last one of the generation before, and is dropped.
        seed: of its noise.
        first: whether it is the shot's first.
        last: whether it is the shot's last.
    """

    frames: int
    seed: int
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class ShotPlan:
    """How the model generates a shot.

    Attributes:
        shot: the storyboard's shot.
        count: frames of the video that it fills.
        fps: the model's frame rate.
        width, height: size of the model's frames, pixels.
        inner_width, inner_height: size of their centre that shows the video.
        generations: in order; each continues where the one before ended.
        positions: for each frame of the video, its position among the generated frames, 0 for
            the first.
        guidance_scale: ``None`` for a model without guidance.
        interpolated: whether any position lies between generated frames.
        stretched: whether time is stretched a little, so that the video ends with the model's
            last frame.
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
    guidance_scale: float | None
    interpolated: bool
    stretched: bool

    @property
    def generated_count(self) -> int:
        """How many frames the generations yield in all, without repeated ones."""
        return sum(each.frames for each in self.generations) - len(self.generations) + 1


def plan(board: Storyboard, model: ModelSpec) -> tuple[ShotPlan, ...]:
    """One plan for each shot that is at least a frame long."""
    return tuple(_plan_shot(board, model, index, count) for index, count in _counts(board))


def chained_shots(board: Storyboard, model: ModelSpec) -> list[Shot]:
    """The shots that need more than one generation."""
    pace = model.frames.rate(board.fps) / board.fps
    return [
        board.shots[index]
        for index, count in _counts(board)
        if _generated_frames(count, pace) > model.frames.max_count
    ]


def generation_lengths(model: ModelSpec, count: int) -> tuple[int, ...]:
    """Frame counts of the generations that together yield at least ``count`` distinct frames.

    >>> from kirin.engines.diffusion.models.wan22_ti2v_5b import MODEL
    >>> generation_lengths(MODEL, 240)
    (121, 121)
    """
    found = []
    while True:
        length = min(model.frames.at_least(count), model.frames.max_count)
        found.append(length)
        if length >= count:
            return tuple(found)
        count -= length - 1


def _counts(board: Storyboard) -> list[tuple[int, int]]:
    """Indices and frame counts of the shots that are at least a frame long."""
    return [(index, count) for index, count in enumerate(board.lengths()) if count]


def _generated_frames(count: int, pace: Fraction) -> int:
    """Frames at the model's rate that ``count`` frames of the video need.

    Args:
        count: frames of the video.
        pace: the model's frame rate by the video's.
    """
    return ceil((count - 1) * pace) + 1


def _plan_shot(board: Storyboard, model: ModelSpec, index: int, count: int) -> ShotPlan:
    shot = board.shots[index]
    fps = model.frames.rate(board.fps)
    pace = fps / board.fps
    runs = generation_lengths(model, _generated_frames(count, pace))
    generated = sum(runs) - len(runs) + 1
    natural = [number * pace for number in range(count)]
    # A given last frame must be visible, so time is stretched where the end would be cut off.
    stretched = shot.last is not None and count > 1 and natural[-1] != generated - 1
    positions: Sequence[Fraction] = natural
    if stretched:
        positions = [Fraction(number * (generated - 1), count - 1) for number in range(count)]
    if pace == 1:  # every frame exists: a repeated or skipped one is sharper than a blended one
        positions = [Fraction(round(position)) for position in positions]
    inner = model.sizes.inner(board.width, board.height)
    width, height = model.sizes.at_least(*inner)
    return ShotPlan(
        shot=shot,
        count=count,
        fps=fps,
        width=width,
        height=height,
        inner_width=inner[0],
        inner_height=inner[1],
        generations=tuple(_generations(board, index, runs)),
        positions=tuple(positions),
        guidance_scale=model.guidance.scale(board.guidance) if model.guidance else None,
        interpolated=any(position.denominator > 1 for position in positions),
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
