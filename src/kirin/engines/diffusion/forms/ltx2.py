"""LTX-2: text, a first or a last frame or both, and sound with the pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from diffusers import LTX2ConditionPipeline
from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition

from kirin.engines.diffusion.ask import Ask, Voice
from kirin.engines.diffusion.forms.pixels import pictures, pil
from kirin.vision.planes import Rgb


class Ltx2Form:
    """LTX-2."""

    def pipeline(self, ask: Ask) -> type:  # noqa: ARG002
        """One class for all."""
        found: type = LTX2ConditionPipeline
        return found

    def arguments(self, ask: Ask) -> dict[str, Any]:
        """Frames that are given become conditions on the first and the last latent frame."""
        given: dict[str, Any] = {
            "num_frames": ask.generation.frames,
            "frame_rate": float(ask.take.fps),
        }
        if ask.take.scale is not None:
            given["audio_guidance_scale"] = ask.take.scale
        places = (0, ask.first), (-1, ask.last)
        conditions = [
            LTX2VideoCondition(frames=pil(picture), index=index, strength=1.0)
            for index, picture in places
            if picture is not None
        ]
        if conditions:
            given["conditions"] = conditions
        return given

    def frames(self, pipe: Any, result: Any, ask: Ask, streaming: bool) -> Iterator[Rgb]:  # noqa: ARG002
        """See :class:`~kirin.engines.diffusion.forms.form.Form`; its autoencoder looks ahead, so
        the whole is decoded, in tiles if it was told to.
        """
        vae = pipe.vae
        moment = None
        if vae.config.timestep_conditioning:
            moment = torch.zeros(1, device=result.frames.device, dtype=vae.dtype)
        with torch.no_grad():
            video = vae.decode(result.frames.to(vae.dtype), moment, return_dict=False)[0]
        return pictures(video)

    def voice(self, pipe: Any, result: Any) -> Voice | None:
        """The waveform, by way of its spectrogram."""
        with torch.no_grad():
            latents = result.audio.to(pipe.audio_vae.dtype)
            spectrogram = pipe.audio_vae.decode(latents, return_dict=False)[0]
            wave = pipe.vocoder(spectrogram)[0].to(torch.float32).cpu().numpy()
        rate = int(pipe.vocoder.config.output_sampling_rate)
        return Voice(np.ascontiguousarray(wave, dtype=np.float32), rate)


FORM = Ltx2Form()
