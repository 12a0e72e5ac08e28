"""The port of pipeline adapters: calling a family of pipelines, and decoding its latents.

All other modules of this package need torch, and are imported when a video is generated.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Protocol, cast

from kirin.engines.diffusion.model_spec import PipelineFamily
from kirin.engines.diffusion.request import GeneratedAudio, GenerationRequest
from kirin.vision.planes import Rgb


class PipelineAdapter(Protocol):
    """Adapts a family of diffusers pipelines."""

    def pipeline(self, request: GenerationRequest) -> type:
        """The pipeline class for a generation."""
        ...

    def arguments(self, request: GenerationRequest) -> dict[str, Any]:
        """The arguments of the call, except those that all pipelines share."""
        ...

    def frames(
        self, pipe: Any, result: Any, request: GenerationRequest, streaming: bool
    ) -> Iterator[Rgb]:
        """Decode the frames, in order.

        Args:
            pipe: the pipeline that was called.
            result: its result, with latents for frames.
            request: what was generated.
            streaming: whether frames may be decoded a few at a time, because the whole VAE stays
                on the device.
        """
        ...

    def audio(self, pipe: Any, result: Any) -> GeneratedAudio | None:
        """Decode the sound, if the pipeline generates any."""
        ...


def load_adapter(family: PipelineFamily) -> PipelineAdapter:
    """The adapter of a family."""
    module = import_module(f"kirin.engines.diffusion.adapters.{family.value}")
    return cast(PipelineAdapter, module.ADAPTER)
