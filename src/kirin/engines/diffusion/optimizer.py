"""Applying optimizations to a loaded pipeline, for speed or memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import torch
from diffusers import UniPCMultistepScheduler
from diffusers.hooks import FirstBlockCacheConfig, HookRegistry, TaylorSeerCacheConfig

from kirin.engines.diffusion.model_spec import Lora, StepCacheKind
from kirin.engines.diffusion.optimizations import Optimizations, StepCache

COMPILER: Final = "inductor"
"""The backend of ``torch.compile``."""

EXPERTS: Final = ("transformer", "transformer_2")


def experts(pipe: Any) -> Iterator[Any]:
    """A pipeline's transformers: one, or the two experts of Wan 2.2."""
    for name in EXPERTS:
        if getattr(pipe, name, None) is not None:
            yield getattr(pipe, name)


def optimize(pipe: Any, optimizations: Optimizations, compute_dtype: Any) -> None:
    """Apply the optimizations that must precede the placement of weights.

    Args:
        pipe: a pipeline with its components loaded.
        optimizations: what to apply; compilation is left to :func:`compile_blocks`.
        compute_dtype: the dtype that it computes in.
    """
    if optimizations.lora:
        _fuse_lora(pipe, optimizations, optimizations.lora)
    for expert in experts(pipe):
        if optimizations.fp8:
            expert.enable_layerwise_casting(
                storage_dtype=torch.float8_e4m3fn, compute_dtype=compute_dtype
            )
        if optimizations.attention:
            expert.set_attention_backend(optimizations.attention)
        if optimizations.cache:
            expert.enable_cache(_cache_config(optimizations.cache, compute_dtype))


def compile_blocks(pipe: Any) -> None:
    """Have the repeated blocks of a pipeline's transformers compiled at their first use."""
    for expert in experts(pipe):
        expert.compile_repeated_blocks(backend=COMPILER)


def reset_caches(pipe: Any) -> None:
    """Drop what step caches hold of the previous generation."""
    for expert in experts(pipe):
        if expert.is_cache_enabled:
            HookRegistry.check_if_exists_or_initialize(expert).reset_stateful_hooks(recurse=True)


def _fuse_lora(pipe: Any, optimizations: Optimizations, lora: Lora) -> None:
    """Fuse a few-step LoRA into the weights, and use the scheduler that it was trained with."""
    for component, file in optimizations.lora_files.items():
        pipe.load_lora_weights(
            str(file.parent),
            weight_name=file.name,
            adapter_name=component,
            local_files_only=True,
            load_into_transformer_2=component == "transformer_2",
        )
    pipe.fuse_lora(components=list(optimizations.lora_files))
    pipe.unload_lora_weights()
    # First order without corrector, UniPC is the Euler method, which these LoRAs are trained for.
    pipe.scheduler = UniPCMultistepScheduler.from_config(
        pipe.scheduler.config,
        flow_shift=lora.shift,
        solver_order=1,
        disable_corrector=list(range(lora.steps)),
    )


def _cache_config(cache: StepCache, compute_dtype: Any) -> Any:
    if cache.kind is StepCacheKind.FIRST_BLOCK:
        return FirstBlockCacheConfig(threshold=cache.value)
    # The full mode stores the output of every attention layer, which fits no GPU.
    return TaylorSeerCacheConfig(
        cache_interval=int(cache.value), use_lite_mode=True, taylor_factors_dtype=compute_dtype
    )
