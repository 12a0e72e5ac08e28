"""The pipeline manager: the one model that is loaded on a device."""

from __future__ import annotations

import gc
import inspect
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import diffusers
import torch
import transformers
from accelerate import init_empty_weights
from diffusers.loaders.single_file_utils import convert_wan_transformer_to_diffusers
from safetensors.torch import load_file

from kirin.engines.diffusion.optimizations import Optimizations
from kirin.engines.diffusion.optimizer import compile_blocks, optimize, reset_caches
from kirin.engines.diffusion.placement import Placement
from kirin.memory import trim

_POLL_SECONDS: Final = 0.25

Check = Callable[[], None]
"""Called while waiting; raises ``Stopped`` once the attempt is over."""


class PipelineManager:
    """Loads one model at a time onto a device.

    Args:
        device: as torch names it, ``cuda`` or ``cpu``.
    """

    def __init__(self, device: str) -> None:
        for library in (diffusers, transformers):
            library.utils.logging.disable_progress_bar()
        self.device = torch.device(device)
        self._lock = threading.Lock()
        self._pipe: Any = None
        self._loaded: tuple[Path, Placement, Optimizations] | None = None

    @property
    def loaded(self) -> tuple[Path, Placement, Optimizations] | None:
        """Snapshot, placement and optimizations of the loaded model, if there is one."""
        return self._loaded

    @contextmanager
    def exclusive(self, check: Check) -> Iterator[None]:
        """Reserve the device for one video; others wait, and can be cancelled meanwhile."""
        while not self._lock.acquire(timeout=_POLL_SECONDS):
            check()
        try:
            yield
        finally:
            self._lock.release()

    def pipeline(
        self,
        kind: type,
        snapshot: Path,
        placement: Placement,
        overrides: Mapping[str, Path],
        optimizations: Optimizations | None = None,
    ) -> tuple[Any, bool]:
        """A pipeline with a model's components; the caller must have reserved the device.

        Args:
            kind: class of the pipeline; several can share one model's components.
            snapshot: the model's folder.
            placement: where its weights are placed.
            overrides: by component, folders of component overrides.
            optimizations: applied after loading.

        Returns:
            The pipeline, and whether its components were already loaded (warm).
        """
        optimizations = optimizations or Optimizations()
        warm = self._loaded == (snapshot, placement, optimizations)
        if not warm:
            self.unload()
            self._pipe = self._load(kind, snapshot, overrides)
            optimize(self._pipe, optimizations, self._dtype)
            self._place(placement)
            if optimizations.compiled:
                compile_blocks(self._pipe)
            self._loaded = snapshot, placement, optimizations
        elif type(self._pipe) is not kind:
            self._pipe.remove_all_hooks()
            self._pipe = convert_pipeline(self._pipe, kind)
            if placement is not Placement.STREAMED:  # whose hooks are on the components
                self._place(placement)
        reset_caches(self._pipe)
        return self._pipe, warm

    def unload(self) -> None:
        """Unload the model."""
        if self._pipe is not None:
            self._pipe.remove_all_hooks()
        self._pipe, self._loaded = None, None
        gc.collect()
        trim()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def _load(self, kind: type, snapshot: Path, overrides: Mapping[str, Path]) -> Any:
        loaded = {
            name: load_wan_transformer(folder, snapshot, name, self._dtype)
            for name, folder in overrides.items()
        }
        return kind.from_pretrained(  # type: ignore[attr-defined]
            str(snapshot),
            # The VAE always computes in 32 bits: colours would band.
            dtype={"default": self._dtype, "vae": torch.float32},
            local_files_only=True,
            use_safetensors=True,
            **loaded,
        )

    @property
    def _dtype(self) -> Any:
        """The dtype that this device computes in."""
        return torch.bfloat16 if self.device.type == "cuda" else torch.float32

    def _place(self, placement: Placement) -> None:
        self._pipe.set_progress_bar_config(disable=True)
        place_weights(self._pipe, placement, self.device)


def load_wan_transformer(folder: Path, snapshot: Path, name: str, dtype: Any) -> Any:
    """Load a Wan transformer from a checkpoint in its authors' own layout.

    Args:
        folder: contains the checkpoint.
        snapshot: folder of a model whose component of that name has the same configuration.
        name: of the component.
        dtype: of the weights, except of those that diffusers keeps in 32 bits.
    """
    tensors: dict[str, Any] = {}
    for file in sorted(folder.glob("*.safetensors")):
        tensors.update(load_file(file))
    kind = diffusers.WanTransformer3DModel
    # Not from_single_file, which would also cast what must stay in 32 bits.
    with init_empty_weights():
        model = kind.from_config(kind.load_config(str(snapshot), subfolder=name))
    state = convert_wan_transformer_to_diffusers(tensors)
    fp32_modules = tuple(kind._keep_in_fp32_modules)
    for key in state:
        is_fp32 = any(module in key for module in fp32_modules)
        state[key] = state[key].to(torch.float32 if is_fp32 else dtype)
    model.load_state_dict(state, assign=True)
    return model.eval()


def convert_pipeline(pipe: Any, kind: type) -> Any:
    """A pipeline of another class with the same components, unchanged.

    ``DiffusionPipeline.from_pipe`` would cast all of them to 32 bits.
    """
    wanted = inspect.signature(kind.__init__).parameters  # type: ignore[misc]
    available = {**pipe.config, **pipe.components}
    return kind(**{name: available[name] for name in wanted if name in available})


def place_weights(pipe: Any, placement: Placement, device: Any) -> None:
    """Place a pipeline's components.

    Unless all of them are resident, the VAE decodes in tiles, to save memory.
    """
    if placement is not Placement.RESIDENT:
        pipe.vae.enable_tiling()
    if placement is Placement.RESIDENT or device.type == "cpu":
        pipe.to(device)
    elif placement is Placement.OFFLOADED:
        pipe.enable_model_cpu_offload(device=device)
    else:
        pipe.enable_group_offload(
            onload_device=device,
            offload_device=torch.device("cpu"),
            offload_type="leaf_level",
            use_stream=True,
        )


def call(pipe: Any, **arguments: Any) -> Any:
    """Call a pipeline.

    Raises:
        TypeError: an argument is unknown, which pipelines with ``**kwargs`` would ignore.
    """
    calls = (kind.__dict__["__call__"] for kind in type(pipe).__mro__ if "__call__" in vars(kind))
    known = {name for each in calls for name in inspect.signature(each).parameters}
    if unknown := sorted(set(arguments) - known):
        raise TypeError(f"{type(pipe).__name__} has no argument {', '.join(unknown)}")
    return pipe(**arguments)
