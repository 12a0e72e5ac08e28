"""Specifications of open models: data, apart from the code that runs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

APACHE: Final = "Apache-2.0"
"""The licence whose models need no acceptance by the operator."""


class Capability(StrEnum):
    """What an open model may or may not support; a value names it in the documentation."""

    TEXT = "text"
    FIRST_FRAME = "first frame"
    FIRST_AND_LAST_FRAME = "first and last frame"
    LAST_FRAME_ALONE = "last frame alone"
    SUBJECTS = "subjects"
    MOTION_BRUSH = "motion brush"
    MOTION_CONTROL = "motion control"
    NEGATIVE_PROMPT = "negative prompt"
    SOUND = "sound"


class StepCacheKind(StrEnum):
    """Methods to skip computation in denoising steps; see ``StepCache``."""

    FIRST_BLOCK = "first-block"
    TAYLORSEER = "taylorseer"


class PipelineFamily(StrEnum):
    """Families of diffusers pipelines; the value names a module of ``adapters/``."""

    WAN = "wan"
    VACE = "vace"
    MOVE = "move"
    ANIMATE = "animate"
    LTX2 = "ltx2"


@dataclass(frozen=True, slots=True)
class Guidance:
    """Scales of classifier-free guidance (Ho and Salimans, arXiv:2207.12598).

    Attributes:
        low, default, high: scales for a storyboard's guidance of 0, 0.5 and 1. All are above 1:
            at 1 and below, pipelines skip the unconditional pass and with it the negative prompt.
        second_expert: factor of the scale for the second expert, in models that have two.
    """

    low: float
    default: float
    high: float
    second_expert: float | None = None

    def scale(self, guidance: float) -> float:
        """The scale for a storyboard's guidance, 0 to 1; linear on either side of the default.

        >>> Guidance(2, 5, 9).scale(0.75)
        7.0
        """
        end = self.high if guidance > 0.5 else self.low
        return round(self.default + (end - self.default) * abs(guidance - 0.5) * 2, 3)


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """The frame counts and frame rates that a model generates.

    Attributes:
        step: counts are ``k * step + 1``: the autoencoder compresses time by this factor after
            the first frame.
        max_count: most frames of one generation.
        fps: its frame rate, or the lowest one.
        max_fps: the highest, for a model that is given the rate; ``None`` for one that is not.
    """

    step: int
    max_count: int
    fps: Fraction
    max_fps: Fraction | None = None

    def rate(self, wanted: Fraction) -> Fraction:
        """The rate at which to generate a video of another rate."""
        return self.fps if self.max_fps is None else min(max(wanted, self.fps), self.max_fps)

    def at_least(self, count: int) -> int:
        """The smallest valid frame count that is at least ``count`` and at least two.

        >>> FrameLimits(4, 81, Fraction(16)).at_least(78)
        81
        """
        return max(-(-(count - 1) // self.step), 1) * self.step + 1


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """The frame sizes that a model generates.

    Attributes:
        step: width and height are multiples of this many pixels.
        max_pixels: upper bound of width times height.
        upscaled_pixels: area up to which its frames are upscaled for larger videos; ``None`` if
            larger videos are unsupported.
    """

    step: int
    max_pixels: int
    upscaled_pixels: int | None = None

    def inner(self, width: int, height: int) -> tuple[int, int]:
        """The size at which the model's frames show the video: the video's own, or a smaller one
        of the same aspect ratio with even sides.

        >>> SizeLimits(16, 832 * 480, 1280 * 720).inner(1280, 720)
        (842, 474)
        """
        if self.upscaled_pixels is None or width * height <= self.max_pixels:
            return width, height
        scale = (self.max_pixels / (width * height)) ** 0.5
        return round(width * scale / 2) * 2, round(height * scale / 2) * 2

    def at_least(self, width: int, height: int) -> tuple[int, int]:
        """The smallest valid size that contains the given one."""
        return -(-width // self.step) * self.step, -(-height // self.step) * self.step


@dataclass(frozen=True, slots=True)
class Weights:
    """A model's checkpoint, and the memory that it takes.

    Attributes:
        repository: on Hugging Face, in the layout of diffusers.
        download_gb: size of the download, 10^9 bytes.
        component_gb: by component, GPU memory in 10^9 bytes: two bytes per parameter, four for
            the VAE.
        workspace_gb: memory of a generation beside the weights, at the most pixels and frames.
        overrides: by component, another repository that holds it in its authors' own layout; the
            one in ``repository`` is not needed.
        offloadable: whether components can be kept in main memory while they are idle.
    """

    repository: str
    download_gb: float
    component_gb: Mapping[str, float]
    workspace_gb: float
    overrides: Mapping[str, str] = field(default_factory=dict)
    offloadable: bool = True


@dataclass(frozen=True, slots=True)
class Lora:
    """A few-step LoRA: fused into a model, it needs few denoising steps and no guidance.

    Attributes:
        id: its name in the settings and in the metadata.
        model: id of the open model that it was trained for.
        licence: SPDX identifier, or the licence's own name.
        repository: on Hugging Face.
        files: by component, its file in the repository.
        download_gb: size of the download, 10^9 bytes.
        steps: denoising steps that it was trained for.
        shift: the scheduler's ``flow_shift`` that its authors use.
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
class ModelSpec:
    """An open model.

    Attributes:
        id: its name in the settings, the metadata and the documentation.
        name: for people.
        licence: SPDX identifier, or the licence's own name.
        weights: its checkpoint.
        pipeline: the family of its pipeline.
        frames, sizes: what it generates.
        steps: number of denoising steps.
        guidance: ``None`` for distilled weights, which take neither guidance nor a negative
            prompt.
        prompt_tokens: longest prompt of its text encoder; pipelines truncate the rest silently.
        capabilities: what it supports.
        rank: of several models that support a storyboard, the one with the lowest rank is used.
        options: further arguments of its pipeline, as its authors recommend.
        sources: where these facts come from.
        step_caches: the kinds of step cache that work with its pipeline.
        needs_attention_mask: whether it passes attention masks, which some backends lack.
        lora: the few-step LoRA that it is run with.
    """

    id: str
    name: str
    licence: str
    weights: Weights
    pipeline: PipelineFamily
    frames: FrameLimits
    sizes: SizeLimits
    steps: int
    guidance: Guidance | None
    prompt_tokens: int
    capabilities: frozenset[Capability]
    rank: int
    sources: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    step_caches: frozenset[StepCacheKind] = frozenset()
    needs_attention_mask: bool = False
    lora: Lora | None = None

    @property
    def is_free(self) -> bool:
        """Whether its licence needs no acceptance."""
        return self.licence == APACHE
