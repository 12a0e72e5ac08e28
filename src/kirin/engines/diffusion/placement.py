"""Placements: where the parts of a model lie while it works, by the memory of the GPU."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kirin.engines.diffusion.facts import OpenModel

CONTEXT_GB: Final = 1.5
"""What the driver, its libraries and the fragments between allocations take of a GPU."""

STREAMED_GB: Final = 2.0
"""What the layers take that are on the GPU at a time, where they come one by one."""

TIERS_GB: Final = (24, 48, 80)
"""Sizes of GPUs that tables show."""


class Placement(StrEnum):
    """Where the weights are; each needs less of the GPU than the one before, and is slower."""

    RESIDENT = "resident"
    """All on the GPU, for good."""

    OFFLOADED = "offloaded"
    """In main memory; each component moves to the GPU while it works."""

    STREAMED = "streamed"
    """In main memory; each layer moves to the GPU while it works."""


def needed_gb(model: OpenModel, placement: Placement, pixels: int) -> float:
    """Memory of the GPU that a generation needs, in 10^9 bytes.

    Args:
        model: which.
        placement: where its weights are.
        pixels: width times height of its frames.
    """
    parts = model.weights.parts.values()
    held = {
        Placement.RESIDENT: sum(parts),
        Placement.OFFLOADED: max(parts),
        Placement.STREAMED: STREAMED_GB,
    }
    share = min(pixels / model.sizes.most_pixels, 1)
    return held[placement] + model.weights.workspace_gb * share + CONTEXT_GB


def placements(model: OpenModel, pixels: int, gpu_gb: float) -> tuple[Placement, ...]:
    """The placements that a GPU has the memory for, the fastest first; none if it has too little.

    Args:
        model: which.
        pixels: width times height of its frames.
        gpu_gb: memory of the GPU, 10^9 bytes.
    """
    return tuple(each for each in _possible(model) if needed_gb(model, each, pixels) <= gpu_gb)


def least_gb(model: OpenModel, pixels: int) -> float:
    """The least memory of a GPU that a generation can do with, in 10^9 bytes."""
    return needed_gb(model, _possible(model)[-1], pixels)


def _possible(model: OpenModel) -> tuple[Placement, ...]:
    return tuple(Placement) if model.weights.movable else (Placement.RESIDENT,)


def streams(model: OpenModel, pixels: int, gpu_gb: float) -> bool:
    """Whether a GPU has the memory for a model layer by layer only, so that another is better."""
    return placements(model, pixels, gpu_gb)[:1] in ((), (Placement.STREAMED,))
