"""The runtime configuration: the device that models run on, and how."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from kirin.engines.diffusion.gpu import CPU
from kirin.engines.diffusion.model_spec import Capability, Lora, ModelSpec
from kirin.engines.diffusion.optimizations import ATTENTION_BACKENDS, Optimizations, StepCache
from kirin.errors import KirinError

FP8_SHARE: Final = 0.52
"""Memory of a transformer in 8-bit floats relative to 16-bit: blocks take half, embeddings and
norms stay as they are."""


@dataclass(frozen=True, slots=True)
class RuntimeConfiguration:
    """How models are run.

    Attributes:
        device: as torch names it, ``cpu`` or ``cuda:0``.
        compiled: whether the repeated blocks of transformers are compiled.
        fp8: whether the weights of transformers are stored in 8-bit floats; computation stays in
            16 bits.
        attention: a key of :data:`ATTENTION_BACKENDS`, or ``None`` for the default of diffusers.
        cache: the step cache, for the models that support its kind.
        loras: few-step LoRAs, at most one per model.
    """

    device: str = "cuda:0"
    compiled: bool = False
    fp8: bool = False
    attention: str | None = None
    cache: StepCache | None = None
    loras: tuple[Lora, ...] = ()

    def adapt(self, model: ModelSpec) -> ModelSpec:
        """The model's specification under this configuration: memory, steps and guidance."""
        weights = model.weights
        component_gb = {
            name: self._adapted_gb(name, gb) for name, gb in weights.component_gb.items()
        }
        offloadable = weights.offloadable and self.device != CPU
        if component_gb != weights.component_gb or offloadable != weights.offloadable:
            weights = replace(weights, component_gb=component_gb, offloadable=offloadable)
            model = replace(model, weights=weights)
        for lora in self.loras:
            if lora.model == model.id:
                model = replace(
                    model,
                    name=f"{model.name} in {lora.steps} steps",
                    steps=lora.steps,
                    guidance=None,
                    capabilities=model.capabilities - {Capability.NEGATIVE_PROMPT},
                    lora=lora,
                )
        return model

    def _adapted_gb(self, component: str, gb: float) -> float:
        if self.fp8 and component.startswith("transformer"):
            return gb * FP8_SHARE
        # CPUs compute in 32-bit floats; the VAE does so anyway.
        return 2 * gb if self.device == CPU and component != "vae" else gb

    def optimizations(self, model: ModelSpec, lora_files: Mapping[str, Path]) -> Optimizations:
        """The optimizations of a model; those that it does not support are left out.

        Args:
            model: adapted to this configuration.
            lora_files: by component, the file of its LoRA.
        """
        attention = ATTENTION_BACKENDS[self.attention] if self.attention else None
        if attention and model.needs_attention_mask and not attention.supports_masks:
            attention = ATTENTION_BACKENDS["native"]
        return Optimizations(
            compiled=self.compiled,
            fp8=self.fp8,
            attention=attention.backend if attention else None,
            cache=self.cache if self.cache and self.cache.kind in model.step_caches else None,
            lora=model.lora,
            lora_files=dict(lora_files),
        )

    def check_requirements(self) -> None:
        """Check that what this configuration needs is installed.

        Raises:
            KirinError: it is not; the message says what to install.
        """
        package = ATTENTION_BACKENDS[self.attention].package if self.attention else None
        if package and find_spec(package) is None:
            raise KirinError(
                f"KIRIN_DIFFUSION_ATTENTION={self.attention} needs the package {package}, which "
                "is not installed"
            )
        if self.loras and find_spec("peft") is None:
            raise KirinError("KIRIN_DIFFUSION_LORAS needs the package peft: pip install peft")
        compilers = (os.environ.get("CXX"), os.environ.get("CC"), "cc", "gcc", "clang")
        if self.compiled and not any(name and shutil.which(name) for name in compilers):
            raise KirinError("KIRIN_DIFFUSION_COMPILE needs a C compiler: install gcc")
