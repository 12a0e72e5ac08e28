"""Tuning: what is done to a pipeline so that it is faster, or takes less memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import torch
from diffusers import UniPCMultistepScheduler
from diffusers.hooks import FirstBlockCacheConfig, HookRegistry, TaylorSeerCacheConfig

from kirin.engines.diffusion.facts import CacheName, Lora
from kirin.engines.diffusion.rig import StepCache, Tuning

COMPILER: Final = "inductor"
"""What of torch compiles."""

EXPERTS: Final = ("transformer", "transformer_2")


def experts(pipe: Any) -> Iterator[Any]:
    """A pipeline's transformers."""
    for name in EXPERTS:
        if getattr(pipe, name, None) is not None:
            yield getattr(pipe, name)


def tune(pipe: Any, tuning: Tuning, compute: Any) -> None:
    """Do to a pipeline whatever must be done before it is put where it belongs.

    Args:
        pipe: with its components loaded.
        tuning: what to do.
        compute: type of the numbers that it computes with.
    """
    if tuning.lora:
        _adapt(pipe, tuning, tuning.lora)
    for expert in experts(pipe):
        if tuning.fp8:
            expert.enable_layerwise_casting(
                storage_dtype=torch.float8_e4m3fn, compute_dtype=compute
            )
        if tuning.attention:
            expert.set_attention_backend(tuning.attention)
        if tuning.cache:
            expert.enable_cache(_config(tuning.cache, compute))


def compile_blocks(pipe: Any) -> None:
    """Compile what is repeated in a pipeline's transformers; on first use, which takes a while."""
    for expert in experts(pipe):
        expert.compile_repeated_blocks(backend=COMPILER)


def refresh(pipe: Any) -> None:
    """Forget what caches hold of the video before."""
    for expert in experts(pipe):
        if expert.is_cache_enabled:
            HookRegistry.check_if_exists_or_initialize(expert).reset_stateful_hooks(recurse=True)


def _adapt(pipe: Any, tuning: Tuning, lora: Lora) -> None:
    """Add a LoRA to the weights for good, and step as it was trained to."""
    for component, file in tuning.adapters.items():
        pipe.load_lora_weights(
            str(file.parent),
            weight_name=file.name,
            adapter_name=component,
            local_files_only=True,
            load_into_transformer_2=component == "transformer_2",
        )
    pipe.fuse_lora(components=list(tuning.adapters))
    pipe.unload_lora_weights()
    # Of first order and uncorrected this is Euler's method, which such LoRAs are trained for.
    pipe.scheduler = UniPCMultistepScheduler.from_config(
        pipe.scheduler.config,
        flow_shift=lora.shift,
        solver_order=1,
        disable_corrector=list(range(lora.steps)),
    )


def _config(cache: StepCache, compute: Any) -> Any:
    if cache.name is CacheName.FIRST_BLOCK:
        return FirstBlockCacheConfig(threshold=cache.value)
    # Its full mode keeps the output of every attention, which no GPU has the memory for.
    return TaylorSeerCacheConfig(
        cache_interval=int(cache.value), use_lite_mode=True, taylor_factors_dtype=compute
    )
