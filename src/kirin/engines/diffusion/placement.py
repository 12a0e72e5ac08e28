"""Placement of a model's weights between GPU and main memory, by the memory of the GPU.

The estimates follow from the sizes of the checkpoints; they were not measured.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kirin.engines.diffusion.model_spec import ModelSpec

CONTEXT_GB: Final = 1.5
"""GPU memory of the CUDA context, its libraries and fragmentation."""

STREAMED_GB: Final = 2.0
"""GPU memory of the layers that are on it at a time, where layers are streamed."""

TIERS_GB: Final = (24, 48, 80)
"""GPU sizes that the documentation lists, 10^9 bytes."""


class Placement(StrEnum):
    """Where the weights are; each needs less GPU memory than the one before, and is slower."""

    RESIDENT = "resident"
    """All on the GPU, permanently."""

    OFFLOADED = "offloaded"
    """In main memory; each component moves to the GPU while it runs (model CPU offload)."""

    STREAMED = "streamed"
    """In main memory; each layer moves to the GPU while it runs (group offload)."""


def required_gb(model: ModelSpec, placement: Placement, pixels: int) -> float:
    """GPU memory that a generation needs, in 10^9 bytes.

    Args:
        model: the model.
        placement: where its weights are.
        pixels: width times height of its frames.
    """
    components = model.weights.component_gb.values()
    weights = {
        Placement.RESIDENT: sum(components),
        Placement.OFFLOADED: max(components),
        Placement.STREAMED: STREAMED_GB,
    }
    share = min(pixels / model.sizes.max_pixels, 1)
    return weights[placement] + model.weights.workspace_gb * share + CONTEXT_GB


def placements(model: ModelSpec, pixels: int, gpu_gb: float) -> tuple[Placement, ...]:
    """The placements that fit a GPU, the fastest first; none if it has too little memory.

    Args:
        model: the model.
        pixels: width times height of its frames.
        gpu_gb: memory of the GPU, 10^9 bytes.
    """
    return tuple(each for each in _possible(model) if required_gb(model, each, pixels) <= gpu_gb)


def min_gb(model: ModelSpec, pixels: int) -> float:
    """The least GPU memory that a generation can run with, in 10^9 bytes."""
    return required_gb(model, _possible(model)[-1], pixels)


def _possible(model: ModelSpec) -> tuple[Placement, ...]:
    return tuple(Placement) if model.weights.offloadable else (Placement.RESIDENT,)


def must_stream(model: ModelSpec, pixels: int, gpu_gb: float) -> bool:
    """Whether a model fits a GPU only by streaming its layers, so that another is preferable."""
    return placements(model, pixels, gpu_gb)[:1] in ((), (Placement.STREAMED,))
