"""What is known of an open model: data, apart from the code that runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

APACHE: Final = "Apache-2.0"
"""The licence whose models need no acknowledgement."""


class Gift(StrEnum):
    """What some open models honour and others do not."""

    TEXT = "text"
    FIRST = "first frame"
    BOTH = "first and last frame"
    LAST = "last frame alone"
    REFERENCES = "subjects"
    STROKES = "motion brush"
    DRIVING = "motion control"
    NEGATIVE = "negative prompt"
    SOUND = "sound"


class CacheName(StrEnum):
    """Ways to leave out work of denoising steps; see the rig's ``StepCache``."""

    FIRST_BLOCK = "first-block"
    TAYLORSEER = "taylorseer"


class FormName(StrEnum):
    """The families of pipelines; see ``forms/``."""

    WAN = "wan"
    VACE = "vace"
    MOVE = "move"
    ANIMATE = "animate"
    LTX2 = "ltx2"


@dataclass(frozen=True, slots=True)
class Guidance:
    """The guidance scales of a model that is guided without a classifier (Ho and Salimans 2022).

    Attributes:
        low, usual, high: scales at a storyboard's guidance of 0, 0.5 and 1. All lie above 1: at
            1 and below, pipelines leave the negative prompt unheard.
        late: share of the scale that the second of two experts gets, where there are two.
    """

    low: float
    usual: float
    high: float
    late: float | None = None

    def scale(self, guidance: float) -> float:
        """The scale for a storyboard's guidance, 0 to 1; linear on either side of the usual.

        >>> Guidance(2, 5, 9).scale(0.75)
        7.0
        """
        end = self.high if guidance > 0.5 else self.low
        return round(self.usual + (end - self.usual) * abs(guidance - 0.5) * 2, 3)


@dataclass(frozen=True, slots=True)
class Frames:
    """How many frames a model makes, and how fast they follow each other.

    Attributes:
        step: it makes a multiple of this many frames and one.
        most: frames that it makes at once.
        fps: frames a second that it was trained for.
        fastest: where the model is told the frame rate, the highest that it was trained for:
            it then makes any rate from ``fps`` to this.
    """

    step: int
    most: int
    fps: Fraction
    fastest: Fraction | None = None

    def rate(self, wanted: Fraction) -> Fraction:
        """The rate at which it makes a video that is wanted at another."""
        return self.fps if self.fastest is None else min(max(wanted, self.fps), self.fastest)

    def at_least(self, count: int) -> int:
        """The fewest frames that it makes and that are no fewer than ``count``; two or more.

        >>> Frames(4, 81, Fraction(16)).at_least(78)
        81
        """
        return max(-(-(count - 1) // self.step), 1) * self.step + 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of pictures that a model makes.

    Attributes:
        step: both sides are multiples of this many pixels.
        most_pixels: width times height that it makes at most.
        enlarged: area to which its frames are enlarged at most, where no model makes larger ones;
            ``None`` if they are never.
    """

    step: int
    most_pixels: int
    enlarged: int | None = None

    def inner(self, width: int, height: int) -> tuple[int, int]:
        """The size of what the video shows in the model's frames: the video's own, or as much
        smaller, both even, as the model needs it.

        >>> Sizes(16, 832 * 480, 1280 * 720).inner(1280, 720)
        (842, 474)
        """
        if self.enlarged is None or width * height <= self.most_pixels:
            return width, height
        share = (self.most_pixels / (width * height)) ** 0.5
        return round(width * share / 2) * 2, round(height * share / 2) * 2

    def at_least(self, width: int, height: int) -> tuple[int, int]:
        """The smallest size that it makes and that holds the given one."""
        return -(-width // self.step) * self.step, -(-height // self.step) * self.step


@dataclass(frozen=True, slots=True)
class Weights:
    """The files of a model, and the memory that it takes.

    Attributes:
        repository: on Hugging Face, in the layout of diffusers.
        download_gb: size of the download, 10^9 bytes.
        parts: by component, memory on the GPU in 10^9 bytes: two bytes a parameter, four for the
            video autoencoder.
        workspace_gb: what a generation needs beside the weights, for the most pixels and frames.
        swapped: by component, another repository that has it in its makers' own layout; the one
            in ``repository`` is not needed.
        movable: whether components can wait elsewhere than on the device.
    """

    repository: str
    download_gb: float
    parts: Mapping[str, float]
    workspace_gb: float
    swapped: Mapping[str, str] = field(default_factory=dict)
    movable: bool = True


@dataclass(frozen=True, slots=True)
class Lora:
    """What is added to a model's weights so that it needs few steps, and no guidance.

    Attributes:
        id: what settings and metadata call it.
        model: id of the open model that it was made for.
        licence: SPDX identifier, or the licence's own name.
        repository: on Hugging Face.
        files: by component, the file in it.
        download_gb: size of the download, 10^9 bytes.
        steps: denoising steps that it was trained for.
        shift: of their times towards the noise, as its makers have it.
        sources: where these facts come from.
    """

    id: str
    model: str
    licence: str
    repository: str
    files: Mapping[str, str]
    download_gb: float
    steps: int
    shift: float
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenModel:
    """An open model.

    Attributes:
        id: what settings, metadata and the documentation call it.
        name: for people.
        licence: SPDX identifier, or the licence's own name.
        weights: its files.
        form: how its pipeline is asked.
        frames, sizes: what it makes.
        steps: denoising steps.
        guidance: ``None`` for distilled weights, which take neither guidance nor a negative
            prompt.
        prompt_tokens: most tokens of a prompt that the pipeline lets its text encoder read; it
            cuts off the rest without a word.
        takes: what it honours.
        rank: of two models that can do the same, the one with the lower rank is taken.
        options: further arguments of its pipeline, as its makers recommend.
        sources: where these facts come from.
        caches: ways to leave out work that its pipeline bears.
        masks: whether its attention takes masks, which not every way to compute it knows.
        lora: what it is run with.
    """

    id: str
    name: str
    licence: str
    weights: Weights
    form: FormName
    frames: Frames
    sizes: Sizes
    steps: int
    guidance: Guidance | None
    prompt_tokens: int
    takes: frozenset[Gift]
    rank: int
    sources: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    caches: frozenset[CacheName] = frozenset()
    masks: bool = False
    lora: Lora | None = None

    @property
    def free(self) -> bool:
        """Whether its licence needs no acknowledgement."""
        return self.licence == APACHE
