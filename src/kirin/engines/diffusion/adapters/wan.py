"""Wan: text-to-video, and image-to-video with a first frame or a first and a last one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from diffusers import WanImageToVideoPipeline, WanPipeline
from diffusers.models.autoencoders.autoencoder_kl_wan import unpatchify

from kirin.engines.diffusion.adapters.pixels import pil, to_frames
from kirin.engines.diffusion.request import GeneratedAudio, GenerationRequest
from kirin.vision.planes import Rgb


class WanAdapter:
    """Wan 2.1 and 2.2, with one transformer or two experts."""

    def pipeline(self, request: GenerationRequest) -> type:
        """One class for text-to-video, another for image-to-video."""
        found: type = WanPipeline if request.first is None else WanImageToVideoPipeline
        return found

    def arguments(self, request: GenerationRequest) -> dict[str, Any]:
        """See :class:`~kirin.engines.diffusion.adapters.adapter.PipelineAdapter`."""
        arguments: dict[str, Any] = {"num_frames": request.generation.frames}
        if request.first is not None:
            arguments["image"] = pil(request.first)
        if request.last is not None:
            arguments["last_image"] = pil(request.last)
        guidance, scale = request.model.guidance, request.shot_plan.guidance_scale
        if scale is not None and guidance and guidance.second_expert is not None:
            # Above 1, or the second expert would ignore the negative prompt.
            second = max(scale * guidance.second_expert, 1.01)
            arguments["guidance_scale_2"] = round(second, 3)
        return arguments

    def frames(
        self,
        pipe: Any,
        result: Any,
        request: GenerationRequest,  # noqa: ARG002
        streaming: bool,
    ) -> Iterator[Rgb]:
        """See :class:`~kirin.engines.diffusion.adapters.adapter.PipelineAdapter`."""
        return decode_latents(pipe.vae, result.frames, streaming)

    def audio(self, pipe: Any, result: Any) -> GeneratedAudio | None:  # noqa: ARG002
        """Wan generates no sound."""
        return None


def decode_latents(vae: Any, latents: Any, streaming: bool) -> Iterator[Rgb]:
    """Decode latents with ``AutoencoderKLWan``.

    The VAE is causal in time, so its decoder can be fed one latent frame after the other: memory
    then does not grow with the length of the video, and encoding starts at once.

    Args:
        vae: the VAE.
        latents: shape ``(1, channels, latent frames, height, width)``, normalised.
        streaming: whether to decode frame by frame; otherwise the VAE decodes the whole video, in
            tiles if tiling is enabled.
    """
    config = vae.config
    shape = 1, config.z_dim, 1, 1, 1
    device = next(vae.parameters()).device if streaming else latents.device
    mean = torch.tensor(config.latents_mean).view(shape).to(device, torch.float32)
    std = torch.tensor(config.latents_std).view(shape).to(device, torch.float32)
    z = (latents.to(device, torch.float32) * std + mean).to(vae.dtype)
    if not streaming:
        with torch.no_grad():
            video = vae.decode(z, return_dict=False)[0]
        yield from to_frames(video)
        return
    vae.clear_cache()
    try:
        for number in range(z.shape[2]):
            with torch.no_grad():
                # What AutoencoderKLWan.decode does between its calls of clear_cache, step by step.
                vae._conv_idx = [0]
                chunk = vae.decoder(
                    vae.post_quant_conv(z[:, :, number : number + 1]),
                    feat_cache=vae._feat_map,
                    feat_idx=vae._conv_idx,
                    first_chunk=number == 0,
                )
                if config.patch_size is not None:
                    chunk = unpatchify(chunk, patch_size=config.patch_size)
            yield from to_frames(chunk.clamp(-1, 1))
    finally:
        vae.clear_cache()


ADAPTER = WanAdapter()
