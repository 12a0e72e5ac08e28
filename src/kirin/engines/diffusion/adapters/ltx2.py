"""LTX-2: text, a first frame, a last frame or both; generates sound along with the video."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from diffusers import LTX2ConditionPipeline
from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition

from kirin.engines.diffusion.adapters.pixels import pil, to_frames
from kirin.engines.diffusion.request import GeneratedAudio, GenerationRequest
from kirin.vision.planes import Rgb


class Ltx2Adapter:
    """LTX-2."""

    def pipeline(self, request: GenerationRequest) -> type:  # noqa: ARG002
        """Always the same class."""
        found: type = LTX2ConditionPipeline
        return found

    def arguments(self, request: GenerationRequest) -> dict[str, Any]:
        """Given frames become conditions on the first and the last latent frame."""
        arguments: dict[str, Any] = {
            "num_frames": request.generation.frames,
            "frame_rate": float(request.shot_plan.fps),
        }
        if request.shot_plan.guidance_scale is not None:
            arguments["audio_guidance_scale"] = request.shot_plan.guidance_scale
        given = (0, request.first), (-1, request.last)
        conditions = [
            LTX2VideoCondition(frames=pil(picture), index=index, strength=1.0)
            for index, picture in given
            if picture is not None
        ]
        if conditions:
            arguments["conditions"] = conditions
        return arguments

    def frames(
        self,
        pipe: Any,
        result: Any,
        request: GenerationRequest,  # noqa: ARG002
        streaming: bool,  # noqa: ARG002
    ) -> Iterator[Rgb]:
        """See :class:`~kirin.engines.diffusion.adapters.adapter.PipelineAdapter`.

        Its VAE is not causal, so the whole video is decoded at once, in tiles if tiling is enabled.
        """
        vae = pipe.vae
        timestep = None
        if vae.config.timestep_conditioning:
            timestep = torch.zeros(1, device=result.frames.device, dtype=vae.dtype)
        with torch.no_grad():
            video = vae.decode(result.frames.to(vae.dtype), timestep, return_dict=False)[0]
        return to_frames(video)

    def audio(self, pipe: Any, result: Any) -> GeneratedAudio | None:
        """Decode a spectrogram, and the waveform from that."""
        with torch.no_grad():
            latents = result.audio.to(pipe.audio_vae.dtype)
            spectrogram = pipe.audio_vae.decode(latents, return_dict=False)[0]
            wave = pipe.vocoder(spectrogram)[0].to(torch.float32).cpu().numpy()
        rate = int(pipe.vocoder.config.output_sampling_rate)
        return GeneratedAudio(np.ascontiguousarray(wave, dtype=np.float32), rate)


ADAPTER = Ltx2Adapter()
