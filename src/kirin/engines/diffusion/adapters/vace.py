"""VACE: keeps the frames that it is given, takes images of subjects, and generates the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diffusers import WanVACEPipeline
from PIL import Image

from kirin.engines.diffusion.adapters.pixels import pil
from kirin.engines.diffusion.adapters.wan import decode_latents
from kirin.engines.diffusion.request import GeneratedAudio, GenerationRequest
from kirin.vision.planes import Rgb

_GREY = 128  # a frame that is to be generated is grey, as in the model's training
_GENERATE, _KEEP = 255, 0  # brightness of the mask


class VaceAdapter:
    """Wan 2.1 VACE."""

    def pipeline(self, request: GenerationRequest) -> type:  # noqa: ARG002
        """Always the same class."""
        found: type = WanVACEPipeline
        return found

    def arguments(self, request: GenerationRequest) -> dict[str, Any]:
        """A black mask keeps a given frame, a white one has it generated."""
        count = request.generation.frames
        size = request.shot_plan.width, request.shot_plan.height
        arguments: dict[str, Any] = {"num_frames": count}
        if request.references:
            arguments["reference_images"] = [pil(picture) for picture in request.references]
        if request.first is None and request.last is None:
            return arguments
        video = [Image.new("RGB", size, (_GREY,) * 3)] * count
        mask = [Image.new("L", size, _GENERATE)] * count
        kept = Image.new("L", size, _KEEP)
        if request.first is not None:
            video[0], mask[0] = pil(request.first), kept
        if request.last is not None:
            video[-1], mask[-1] = pil(request.last), kept
        return {**arguments, "video": video, "mask": mask}

    def frames(
        self, pipe: Any, result: Any, request: GenerationRequest, streaming: bool
    ) -> Iterator[Rgb]:
        """See :class:`~kirin.engines.diffusion.adapters.adapter.PipelineAdapter`.

        The pipeline prepends a latent frame for each reference image, and does not remove them
        from its output of type ``latent``.
        """
        latents = result.frames[:, :, len(request.references) :]
        yield from decode_latents(pipe.vae, latents, streaming)

    def audio(self, pipe: Any, result: Any) -> GeneratedAudio | None:  # noqa: ARG002
        """VACE generates no sound."""
        return None


ADAPTER = VaceAdapter()
