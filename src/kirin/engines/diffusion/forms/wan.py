"""Wan: text, a first frame, or a first and a last one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from diffusers import WanImageToVideoPipeline, WanPipeline
from diffusers.models.autoencoders.autoencoder_kl_wan import unpatchify

from kirin.engines.diffusion.ask import Ask, Voice
from kirin.engines.diffusion.forms.pixels import pictures, pil
from kirin.vision.planes import Rgb


class WanForm:
    """Wan 2.1 and 2.2, with one transformer or two experts."""

    def pipeline(self, ask: Ask) -> type:
        """One class for words alone, another for pictures."""
        found: type = WanPipeline if ask.first is None else WanImageToVideoPipeline
        return found

    def arguments(self, ask: Ask) -> dict[str, Any]:
        """See :class:`~kirin.engines.diffusion.forms.form.Form`."""
        given: dict[str, Any] = {"num_frames": ask.generation.frames}
        if ask.first is not None:
            given["image"] = pil(ask.first)
        if ask.last is not None:
            given["last_image"] = pil(ask.last)
        guidance = ask.model.guidance
        if ask.take.scale is not None and guidance and guidance.late is not None:
            given["guidance_scale_2"] = round(max(ask.take.scale * guidance.late, 1.01), 3)
        return given

    def frames(self, pipe: Any, result: Any, ask: Ask, streaming: bool) -> Iterator[Rgb]:  # noqa: ARG002
        """See :class:`~kirin.engines.diffusion.forms.form.Form`."""
        return decoded(pipe.vae, result.frames, streaming)

    def voice(self, pipe: Any, result: Any) -> Voice | None:  # noqa: ARG002
        """Wan makes no sound."""
        return None


def decoded(vae: Any, latents: Any, streaming: bool) -> Iterator[Rgb]:
    """Pictures from latents of ``AutoencoderKLWan``.

    The autoencoder looks back only, so its decoder can be fed one latent frame after the other:
    memory then does not grow with the length of the video, and encoding starts at once.

    Args:
        vae: the autoencoder.
        latents: shape ``(1, channels, latent frames, height, width)``, normalised.
        streaming: whether to do so; otherwise the autoencoder decodes the whole, in tiles if it
            was told to.
    """
    config = vae.config
    shape = 1, config.z_dim, 1, 1, 1
    device = next(vae.parameters()).device if streaming else latents.device
    mean = torch.tensor(config.latents_mean).view(shape).to(device, torch.float32)
    spread = torch.tensor(config.latents_std).view(shape).to(device, torch.float32)
    z = (latents.to(device, torch.float32) * spread + mean).to(vae.dtype)
    if not streaming:
        with torch.no_grad():
            video = vae.decode(z, return_dict=False)[0]
        yield from pictures(video)
        return
    vae.clear_cache()
    try:
        for number in range(z.shape[2]):
            with torch.no_grad():
                # What AutoencoderKLWan.decode does between its two clearings, one step at a time.
                vae._conv_idx = [0]
                chunk = vae.decoder(
                    vae.post_quant_conv(z[:, :, number : number + 1]),
                    feat_cache=vae._feat_map,
                    feat_idx=vae._conv_idx,
                    first_chunk=number == 0,
                )
                if config.patch_size is not None:
                    chunk = unpatchify(chunk, patch_size=config.patch_size)
            yield from pictures(chunk.clamp(-1, 1))
    finally:
        vae.clear_cache()


FORM = WanForm()
