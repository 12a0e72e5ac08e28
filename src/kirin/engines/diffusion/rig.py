"""The rig: the device that models work on, and what of their facts it changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kirin.engines.diffusion.facts import OpenModel
from kirin.engines.diffusion.gpu import PROCESSOR


@dataclass(frozen=True, slots=True)
class Rig:
    """How models are run.

    Attributes:
        device: as torch names it, ``cpu`` or ``cuda:0``.
    """

    device: str = "cuda:0"

    def suited(self, model: OpenModel) -> OpenModel:
        """What is true of a model where it is run like this."""
        return _on_processor(model) if self.device == PROCESSOR else model


def _on_processor(model: OpenModel) -> OpenModel:
    """Processors compute with four bytes a number, and their memory is the main memory."""
    weights = model.weights
    parts = {name: gb if name == "vae" else 2 * gb for name, gb in weights.parts.items()}
    return replace(model, weights=replace(weights, parts=parts, movable=False))
