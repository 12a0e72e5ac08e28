"""The rig: the device that models work on, how fast it is made, and what of their facts that
changes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from kirin.engines.diffusion.facts import CacheName, Gift, Lora, OpenModel
from kirin.engines.diffusion.gpu import PROCESSOR
from kirin.errors import KirinError

FP8_SHARE: Final = 0.52
"""Of two bytes a number: blocks take one, embeddings and norms as many as before."""


@dataclass(frozen=True, slots=True)
class Attention:
    """A way to compute attention.

    Attributes:
        backend: what diffusers calls it.
        package: what has to be installed for it; ``None`` if torch is enough.
        masks: whether it knows attention masks, which some models need.
    """

    backend: str
    package: str | None = None
    masks: bool = True


ATTENTION: Final[Mapping[str, Attention]] = {
    "native": Attention("native"),
    "cudnn": Attention("_native_cudnn"),
    "efficient": Attention("_native_efficient"),
    "flash": Attention("_native_flash", masks=False),
    "math": Attention("_native_math"),
    "flash-attn-2": Attention("flash", "flash_attn", masks=False),
    "flash-attn-3": Attention("_flash_3", "flash_attn_interface", masks=False),
    "sage": Attention("sage", "sageattention", masks=False),
    "xformers": Attention("xformers", "xformers"),
}
"""By the name that settings have for them; none that diffusers would have to download."""

DEFAULTS: Final = {CacheName.FIRST_BLOCK: 0.05, CacheName.TAYLORSEER: 5.0}
"""What a cache is set to where the settings do not say: diffusers' own values."""


@dataclass(frozen=True, slots=True)
class StepCache:
    """Work of denoising steps that is left out.

    Attributes:
        name: how.
        value: ``first-block``: by which share the first block's output may have changed for the
            rest to be taken from the step before. ``taylorseer``: how many steps are foretold
            from those before.
    """

    name: CacheName
    value: float

    @classmethod
    def parse(cls, text: str) -> StepCache:
        """From ``first-block``, ``first-block:0.08``, ``taylorseer`` or ``taylorseer:4``.

        Raises:
            ValueError: there is no such cache, or its value makes no sense.
        """
        name, _, value = text.partition(":")
        there = ", ".join(CacheName)
        try:
            kind = CacheName(name)
            number = float(value) if value else DEFAULTS[kind]
        except ValueError:
            raise ValueError(f"{text!r} is no cache; there are {there}, and NAME:VALUE") from None
        whole = kind is not CacheName.TAYLORSEER or number == int(number) >= 2
        if not (whole and 0 < number < 100):
            raise ValueError(f"{text!r} is out of range")
        return cls(kind, number)

    def __str__(self) -> str:
        return f"{self.name.value}:{self.value:g}"


@dataclass(frozen=True, slots=True)
class Tuning:
    """What is done to a model's pipeline after loading.

    Attributes:
        compiled: whether its blocks are compiled.
        fp8: whether its transformers' weights are kept in one byte a number.
        attention: what diffusers calls the way to compute it; ``None`` leaves it alone.
        cache: what of denoising steps is left out.
        lora: what makes it need fewer steps.
        adapters: by component, that one's file.
    """

    compiled: bool = False
    fp8: bool = False
    attention: str | None = None
    cache: StepCache | None = None
    lora: Lora | None = None
    adapters: Mapping[str, Path] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """What is not as usual, for the metadata."""
        told = {
            "compiled": self.compiled,
            "fp8": self.fp8,
            "attention": (self.attention or "").lstrip("_"),
            "cache": str(self.cache or ""),
            "lora": self.lora.id if self.lora else "",
        }
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Rig:
    """How models are run.

    Attributes:
        device: as torch names it, ``cpu`` or ``cuda:0``.
        compiled: whether repeated blocks of transformers are compiled.
        fp8: whether weights of transformers are kept in one byte a number, and computed with as
            before.
        attention: a name of :data:`ATTENTION`, or ``None`` for what diffusers does by itself.
        cache: what of denoising steps is left out, by the models that can.
        loras: what makes models need fewer steps.
    """

    device: str = "cuda:0"
    compiled: bool = False
    fp8: bool = False
    attention: str | None = None
    cache: StepCache | None = None
    loras: tuple[Lora, ...] = ()

    def suited(self, model: OpenModel) -> OpenModel:
        """What is true of a model where it is run like this."""
        weights = model.weights
        parts = {name: self._gb(name, gb) for name, gb in weights.parts.items()}
        movable = weights.movable and self.device != PROCESSOR
        if parts != weights.parts or movable != weights.movable:
            model = replace(model, weights=replace(weights, parts=parts, movable=movable))
        for lora in self.loras:
            if lora.model == model.id:
                model = replace(
                    model,
                    name=f"{model.name} in {lora.steps} steps",
                    steps=lora.steps,
                    guidance=None,
                    takes=model.takes - {Gift.NEGATIVE},
                    lora=lora,
                )
        return model

    def _gb(self, part: str, gb: float) -> float:
        if self.fp8 and part.startswith("transformer"):
            return gb * FP8_SHARE
        # Processors compute with four bytes a number; the video autoencoder does so anyway.
        return 2 * gb if self.device == PROCESSOR and part != "vae" else gb

    def tuning(self, model: OpenModel, adapters: Mapping[str, Path]) -> Tuning:
        """What is done to a model; what it cannot take is left out, and so not told of it.

        Args:
            model: suited to this rig.
            adapters: by component, the file of its LoRA.
        """
        attention = ATTENTION[self.attention] if self.attention else None
        if attention and model.masks and not attention.masks:
            attention = ATTENTION["native"]
        return Tuning(
            compiled=self.compiled,
            fp8=self.fp8,
            attention=attention.backend if attention else None,
            cache=self.cache if self.cache and self.cache.name in model.caches else None,
            lora=model.lora,
            adapters=dict(adapters),
        )

    def check(self) -> None:
        """See to it that what this needs is there.

        Raises:
            KirinError: it is not; the message says what to install or to set.
        """
        package = ATTENTION[self.attention].package if self.attention else None
        if package and find_spec(package) is None:
            raise KirinError(
                f"KIRIN_DIFFUSION_ATTENTION={self.attention} needs the package {package}, which "
                "is not installed here"
            )
        if self.loras and find_spec("peft") is None:
            raise KirinError("KIRIN_DIFFUSION_LORAS needs what is not here: pip install peft")
        compilers = (os.environ.get("CXX"), os.environ.get("CC"), "cc", "gcc", "clang")
        if self.compiled and not any(name and shutil.which(name) for name in compilers):
            raise KirinError(
                "KIRIN_DIFFUSION_COMPILE needs a C compiler, and there is none here: install gcc"
            )
