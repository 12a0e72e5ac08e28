"""The settings of the diffusion engine."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from kirin.settings.lists import split_list


def default_weights_dir() -> Path:
    """The cache folder of Hugging Face's own tools."""
    if hub := os.environ.get("HF_HUB_CACHE"):
        return Path(hub)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("HF_HOME") or Path(cache) / "huggingface") / "hub"


class DiffusionSettings(BaseSettings):
    """Which open models are offered, where their weights are, and how they run."""

    model_config = SettingsConfigDict(env_prefix="KIRIN_", frozen=True, extra="ignore")

    diffusion_models: str = Field(
        "",
        description="Comma-separated [open models](engines/diffusion.md) that the engine "
        "`diffusion` may use; empty allows all that need no acceptance.",
    )
    diffusion_accept: str = Field(
        "",
        description="Comma-separated open models whose licences, other than Apache-2.0, you have "
        "read and accept.",
    )
    diffusion_compile: bool = Field(
        False,
        description="Whether the engine `diffusion` compiles the blocks of transformers "
        "(`torch.compile`): the first video of each size then begins minutes later, pictures "
        "differ in the last bits. Needs a C compiler. None of the settings for speed was "
        "measured by us; `python bench/gpu.py` measures them on your GPU.",
    )
    diffusion_fp8: bool = Field(
        False,
        description="Whether it keeps the weights of transformers in one byte a number, and "
        "computes as before: half the memory, slightly other pictures, and not faster by itself.",
    )
    diffusion_attention: str = Field(
        "",
        description="How it computes attention: `native`, `cudnn`, `flash`, `efficient` or `math` "
        "of torch, or `flash-attn-2`, `flash-attn-3`, `sage` or `xformers`, whose packages must "
        "be installed. Empty leaves it to torch. A model that needs masks keeps to torch's where "
        "the other knows none.",
    )
    diffusion_cache: str = Field(
        "",
        description="What of denoising steps it leaves out: `first-block` where little changes "
        "(`first-block:0.05`, larger leaves out more), or `taylorseer`, which foretells steps "
        "(`taylorseer:5`, of five one is computed). Faster, and other pictures; only with models "
        "that [bear it](engines/diffusion.md).",
    )
    diffusion_loras: str = Field(
        "",
        description="Comma-separated [few-step LoRAs](engines/diffusion.md): their models need "
        "four steps then, and take neither a negative prompt nor guidance.",
    )
    weights_dir: Path = Field(
        default_factory=default_weights_dir,
        description="Folder that holds the weights of open models, in the layout of Hugging "
        "Face's cache. Nothing is ever downloaded into it.",
    )
    device: str = Field(
        "cuda:0",
        pattern=r"^(cpu|cuda:\d+)$",
        description="GPU of a worker with the engine `diffusion`, as torch names it: `cuda:1` is "
        "the second. Start one worker for each. `cpu` lets the engine run on the processor, which "
        "is for trying: a video then takes hours, and twice the memory.",
    )
    gpu_memory_gb: float | None = Field(
        None,
        gt=0,
        description="GPU memory in 10^9 bytes that the engine `diffusion` counts on; otherwise "
        "the driver is asked. Set it for an API whose workers have their GPUs, and the weights, "
        "on other machines.",
    )

    @property
    def diffusion_offer(self) -> tuple[str, ...]:
        """``diffusion_models``, taken apart."""
        return split_list(self.diffusion_models)

    @property
    def diffusion_adapted(self) -> tuple[str, ...]:
        """``diffusion_loras``, taken apart."""
        return split_list(self.diffusion_loras)

    @property
    def diffusion_accepted(self) -> tuple[str, ...]:
        """``diffusion_accept``, taken apart."""
        return split_list(self.diffusion_accept)
