"""The stage: the one model that is on a device, put there, moved aside and changed."""

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

from kirin.engines.diffusion.placement import Placement
from kirin.engines.diffusion.rig import Tuning
from kirin.engines.diffusion.tuning import compile_blocks, refresh, tune
from kirin.memory import trim

_POLL_SECONDS: Final = 0.25

Check = Callable[[], None]
"""Called while waiting; raises ``Stopped`` once the task is cancelled."""


class Stage:
    """One device, and the model that is loaded onto it.

    Args:
        device: as torch names it, ``cuda`` or ``cpu``.
    """

    def __init__(self, device: str) -> None:
        for library in (diffusers, transformers):
            library.utils.logging.disable_progress_bar()
        self.device = torch.device(device)
        self._busy = threading.Lock()
        self._pipe: Any = None
        self._held: tuple[Path, Placement, Tuning] | None = None

    @property
    def held(self) -> tuple[Path, Placement, Tuning] | None:
        """The files of the model that is loaded, where its parts lie and what was done to it."""
        return self._held

    @contextmanager
    def alone(self, check: Check) -> Iterator[None]:
        """Hold the device for one video; others wait, and may be cancelled while they do."""
        while not self._busy.acquire(timeout=_POLL_SECONDS):
            check()
        try:
            yield
        finally:
            self._busy.release()

    def pipeline(
        self,
        kind: type,
        snapshot: Path,
        placement: Placement,
        swapped: Mapping[str, Path],
        tuning: Tuning | None = None,
    ) -> tuple[Any, bool]:
        """A pipeline with the model's components; the caller holds the device.

        Args:
            kind: class of the pipeline; several can share one model's components.
            snapshot: the model's files.
            placement: where the components lie.
            swapped: by component, folders with others in their makers' own layout.
            tuning: what is done to them after loading.

        Returns:
            The pipeline, and whether its components were there already.
        """
        tuning = tuning or Tuning()
        warm = self._held == (snapshot, placement, tuning)
        if not warm:
            self.clear()
            self._pipe = self._load(kind, snapshot, swapped)
            tune(self._pipe, tuning, self._usual)
            self._place(placement)
            if tuning.compiled:
                compile_blocks(self._pipe)
            self._held = snapshot, placement, tuning
        elif type(self._pipe) is not kind:
            self._pipe.remove_all_hooks()
            self._pipe = turned(self._pipe, kind)
            if placement is not Placement.STREAMED:  # which hangs on the components themselves
                self._place(placement)
        refresh(self._pipe)
        return self._pipe, warm

    def clear(self) -> None:
        """Let go of the model."""
        if self._pipe is not None:
            self._pipe.remove_all_hooks()
        self._pipe, self._held = None, None
        gc.collect()
        trim()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def _load(self, kind: type, snapshot: Path, swapped: Mapping[str, Path]) -> Any:
        # The autoencoder always computes in four bytes: colours would band.
        usual = self._usual
        others = {
            name: converted(folder, snapshot, name, usual) for name, folder in swapped.items()
        }
        return kind.from_pretrained(  # type: ignore[attr-defined]
            str(snapshot),
            dtype={"default": usual, "vae": torch.float32},
            local_files_only=True,
            use_safetensors=True,
            **others,
        )

    @property
    def _usual(self) -> Any:
        """The numbers that this device computes with: two bytes, or four on processors."""
        return torch.bfloat16 if self.device.type == "cuda" else torch.float32

    def _place(self, placement: Placement) -> None:
        self._pipe.set_progress_bar_config(disable=True)
        place(self._pipe, placement, self.device)


def converted(folder: Path, snapshot: Path, name: str, dtype: Any) -> Any:
    """A transformer of Wan from files in the layout of its makers.

    Args:
        folder: with the files.
        snapshot: of a model whose component of that name has the same configuration.
        name: of the component.
        dtype: of its numbers.
    """
    tensors: dict[str, Any] = {}
    for file in sorted(folder.glob("*.safetensors")):
        tensors.update(load_file(file))
    kind = diffusers.WanTransformer3DModel
    # Not from_single_file, which would cast what must stay in four bytes, too.
    with init_empty_weights():
        model = kind.from_config(kind.load_config(str(snapshot), subfolder=name))
    state = convert_wan_transformer_to_diffusers(tensors)
    kept = tuple(kind._keep_in_fp32_modules)
    for key in state:
        whole = any(part in key for part in kept)
        state[key] = state[key].to(torch.float32 if whole else dtype)
    model.load_state_dict(state, assign=True)
    return model.eval()


def turned(pipe: Any, kind: type) -> Any:
    """A pipeline of another class with the same components, as they are.

    ``DiffusionPipeline.from_pipe`` would cast them all to four bytes.
    """
    wanted = inspect.signature(kind.__init__).parameters  # type: ignore[misc]
    there = {**pipe.config, **pipe.components}
    return kind(**{name: there[name] for name in wanted if name in there})


def place(pipe: Any, placement: Placement, device: Any) -> None:
    """Put a pipeline's components where they belong.

    Where memory is short, the video autoencoder works in tiles.
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
        TypeError: it has no such argument; pipelines that take any would not say so.
    """
    calls = (kind.__dict__["__call__"] for kind in type(pipe).__mro__ if "__call__" in vars(kind))
    known = {name for each in calls for name in inspect.signature(each).parameters}
    if unknown := sorted(set(arguments) - known):
        raise TypeError(f"{type(pipe).__name__} takes no {', '.join(unknown)}")
    return pipe(**arguments)
