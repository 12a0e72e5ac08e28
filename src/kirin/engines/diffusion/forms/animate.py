"""Wan-Animate: a picture's character takes the poses and the looks of a driver.

The pipeline chains segments by itself, but keeps the whole of a video on the device: here each
segment is a call of its own, which gets the last frame of the one before where the pipeline would
have taken it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from diffusers import WanAnimatePipeline

from kirin.engines.diffusion.ask import Ask, Voice
from kirin.engines.diffusion.forms.pixels import pictures, pil
from kirin.errors import Stopped
from kirin.vision.planes import Rgb

USUAL_PROMPT = "视频中的人在做动作"
"""What its makers say where a user says nothing: the person in the video moves."""


class SegmentPipeline(WanAnimatePipeline):  # type: ignore[misc]  # the base has no types
    """The pipeline, for one segment that may follow another."""

    def __call__(self, *, before: Rgb | None = None, **arguments: Any) -> Any:
        """Generate.

        Args:
            before: the last frame of the segment before, which becomes the first of this one.
            arguments: those of the pipeline.
        """
        self._before = before
        try:
            return super().__call__(**arguments)
        except Stopped:
            self.maybe_free_model_hooks()
            raise

    @property
    def interrupt(self) -> bool:
        """Whether to stop. The base would go on to decode what is not wanted any more."""
        if self._interrupt:
            raise Stopped
        return False

    def prepare_prev_segment_cond_latents(self, given: Any = None, **named: Any) -> Any:
        """As the base has it, after the segment before."""
        if self._before is not None:
            picture = torch.from_numpy(np.array(self._before)).permute(2, 0, 1)[None, :, None]
            given = picture.to(named["device"], torch.float32) / 127.5 - 1
            named["start_frame"] = 1
        return super().prepare_prev_segment_cond_latents(given, **named)


class AnimateForm:
    """Wan-Animate, in the mode that keeps the picture's surroundings."""

    def pipeline(self, ask: Ask) -> type:  # noqa: ARG002
        """One class for all."""
        return SegmentPipeline

    def arguments(self, ask: Ask) -> dict[str, Any]:
        """Poses and faces as pictures, one for each frame."""
        guide = ask.guide
        if guide is None or ask.character is None:
            raise ValueError("there is nobody to follow, or nobody who follows")
        given: dict[str, Any] = {
            "image": pil(ask.character),
            "pose_video": [pil(picture) for picture in guide.poses],
            "face_video": [pil(picture) for picture in guide.faces],
            "segment_frame_length": ask.generation.frames,
            "mode": "animate",
            # Segments are decoded by the pipeline: it needs their pictures itself.
            "output_type": "pt",
        }
        if not ask.take.shot.prompt:
            given["prompt"] = USUAL_PROMPT
        if not ask.generation.first:
            given["before"] = ask.first
        return given

    def frames(self, pipe: Any, result: Any, ask: Ask, streaming: bool) -> Iterator[Rgb]:  # noqa: ARG002
        """See :class:`~kirin.engines.diffusion.forms.form.Form`."""
        return pictures(result.frames.transpose(1, 2) * 2 - 1)

    def voice(self, pipe: Any, result: Any) -> Voice | None:  # noqa: ARG002
        """Wan makes no sound."""
        return None


FORM = AnimateForm()
