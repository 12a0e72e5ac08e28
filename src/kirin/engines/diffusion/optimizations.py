"""Optimizations of a pipeline for speed or memory: which there are, apart from applying them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kirin.engines.diffusion.model_spec import Lora, StepCacheKind


@dataclass(frozen=True, slots=True)
class AttentionBackend:
    """An implementation of attention.

    Attributes:
        backend: its name in diffusers.
        package: the package that it needs; ``None`` if torch is enough.
        supports_masks: whether it supports attention masks, which some models need.
    """

    backend: str
    package: str | None = None
    supports_masks: bool = True


ATTENTION_BACKENDS: Final[Mapping[str, AttentionBackend]] = {
    "native": AttentionBackend("native"),
    "cudnn": AttentionBackend("_native_cudnn"),
    "efficient": AttentionBackend("_native_efficient"),
    "flash": AttentionBackend("_native_flash", supports_masks=False),
    "math": AttentionBackend("_native_math"),
    "flash-attn-2": AttentionBackend("flash", "flash_attn", supports_masks=False),
    "flash-attn-3": AttentionBackend("_flash_3", "flash_attn_interface", supports_masks=False),
    "sage": AttentionBackend("sage", "sageattention", supports_masks=False),
    "xformers": AttentionBackend("xformers", "xformers"),
}
"""By the name in ``KIRIN_DIFFUSION_ATTENTION``; none that diffusers would have to download."""

DEFAULT_CACHE_VALUES: Final = {StepCacheKind.FIRST_BLOCK: 0.05, StepCacheKind.TAYLORSEER: 5.0}
"""A cache's value where the settings give none: the defaults of diffusers."""


@dataclass(frozen=True, slots=True)
class StepCache:
    """A cache that saves computation in denoising steps.

    Attributes:
        kind: the method.
        value: for ``first-block``, the relative change of the first block's output up to which
            the other blocks' output of the previous step is reused; for ``taylorseer``, the
            interval of computed steps, between which outputs are extrapolated.
    """

    kind: StepCacheKind
    value: float

    @classmethod
    def parse(cls, text: str) -> StepCache:
        """Parse ``first-block``, ``first-block:0.08``, ``taylorseer`` or ``taylorseer:4``.

        Raises:
            ValueError: the kind is unknown, or its value is out of range.
        """
        name, _, given = text.partition(":")
        try:
            kind = StepCacheKind(name)
            value = float(given) if given else DEFAULT_CACHE_VALUES[kind]
        except ValueError:
            available = ", ".join(StepCacheKind)
            message = f"{text!r} is not a cache; available: {available}, as NAME or NAME:VALUE"
            raise ValueError(message) from None
        is_valid_interval = kind is not StepCacheKind.TAYLORSEER or value == int(value) >= 2
        if not (0 < value < 100 and is_valid_interval):
            raise ValueError(f"{text!r} is out of range")
        return cls(kind, value)

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.value:g}"


@dataclass(frozen=True, slots=True)
class Optimizations:
    """What is done to a model's pipeline after loading.

    Attributes:
        compiled: whether the repeated blocks of its transformers are compiled.
        fp8: whether the weights of its transformers are stored in 8-bit floats.
        attention: the attention backend's name in diffusers; ``None`` leaves the default.
        cache: the step cache, if any.
        lora: the few-step LoRA, if any.
        lora_files: by component, that LoRA's file.
    """

    compiled: bool = False
    fp8: bool = False
    attention: str | None = None
    cache: StepCache | None = None
    lora: Lora | None = None
    lora_files: Mapping[str, Path] = field(default_factory=dict)

    def metadata(self) -> dict[str, Any]:
        """What differs from the default, for the task's metadata."""
        values = {
            "compiled": self.compiled,
            "fp8": self.fp8,
            "attention": (self.attention or "").lstrip("_"),
            "cache": str(self.cache or ""),
            "lora": self.lora.id if self.lora else "",
        }
        return {name: value for name, value in values.items() if value}
