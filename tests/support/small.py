"""Specifications of open models, reduced to what tiny weights can do; without torch."""

from __future__ import annotations

from dataclasses import replace

from kirin.engines.diffusion.model_spec import ModelSpec, SizeLimits, Weights

SLOW = "wan2.2-ti2v-5b"
"""The model that takes its time where it is served, so that it can be cancelled meanwhile."""


def small(model: ModelSpec) -> ModelSpec:
    """The specification of a model, with the weights and sizes of its tiny version."""
    name = model.weights.repository.split("/")[1]
    parts = {"transformer": 0.001, "vae": 0.001}
    overrides = {part: f"tiny/{name}-{part}" for part in model.weights.overrides}
    weights = Weights(f"tiny/{name}", 0.001, parts, 0.001, overrides)
    step = 32 if model.sizes.step == 32 else 16
    enlarged = None if model.sizes.upscaled_pixels is None else 256 * 256
    most = 48 * 48 if enlarged else 256 * 256
    return replace(model, weights=weights, sizes=SizeLimits(step, most, enlarged), steps=2)


def served(model: ModelSpec) -> ModelSpec:
    """The same for requests, whose videos are large: frames are generated small and upscaled."""
    shrunk = small(model)
    sizes = replace(shrunk.sizes, max_pixels=48 * 48, upscaled_pixels=1280 * 720)
    return replace(shrunk, sizes=sizes, steps=20_000 if model.id == SLOW else 2)
