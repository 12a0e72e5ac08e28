"""VACE: any frames that are given stay, subjects come from pictures, the rest is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diffusers import WanVACEPipeline
from PIL import Image

from kirin.engines.diffusion.ask import Ask, Voice
from kirin.engines.diffusion.forms.pixels import pil
from kirin.engines.diffusion.forms.wan import decoded
from kirin.vision.planes import Rgb

_UNKNOWN = 128  # the grey of a frame that is to be made, as the model was trained
_MADE, _KEPT = 255, 0  # brightness of the mask


class VaceForm:
    """Wan 2.1 VACE."""

    def pipeline(self, ask: Ask) -> type:  # noqa: ARG002
        """One class for all."""
        found: type = WanVACEPipeline
        return found

    def arguments(self, ask: Ask) -> dict[str, Any]:
        """Given frames are kept by a black mask, the others made under a white one."""
        count, size = ask.generation.frames, (ask.take.width, ask.take.height)
        given: dict[str, Any] = {"num_frames": count}
        if ask.references:
            given["reference_images"] = [pil(picture) for picture in ask.references]
        if ask.first is None and ask.last is None:
            return given
        video = [Image.new("RGB", size, (_UNKNOWN,) * 3)] * count
        mask = [Image.new("L", size, _MADE)] * count
        kept = Image.new("L", size, _KEPT)
        if ask.first is not None:
            video[0], mask[0] = pil(ask.first), kept
        if ask.last is not None:
            video[-1], mask[-1] = pil(ask.last), kept
        return {**given, "video": video, "mask": mask}

    def frames(self, pipe: Any, result: Any, ask: Ask, streaming: bool) -> Iterator[Rgb]:
        """See :class:`~kirin.engines.diffusion.forms.form.Form`.

        The pipeline puts a latent frame for each reference before the video, and leaves them
        there where it is asked for latents.
        """
        yield from decoded(pipe.vae, result.frames[:, :, len(ask.references) :], streaming)

    def voice(self, pipe: Any, result: Any) -> Voice | None:  # noqa: ARG002
        """VACE makes no sound."""
        return None


FORM = VaceForm()
