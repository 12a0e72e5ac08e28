"""Wan-Animate: an image's character follows the poses and facial expressions of a driving video.

The pipeline can chain segments itself, but then keeps the whole video on the device. Here each
segment is a call of its own, which is given the last frame of the segment before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from diffusers import WanAnimatePipeline

from kirin.engines.diffusion.adapters.pixels import pil, to_frames
from kirin.engines.diffusion.request import GeneratedAudio, GenerationRequest
from kirin.errors import Stopped
from kirin.vision.planes import Rgb

DEFAULT_PROMPT = "视频中的人在做动作"
"""Its authors' default prompt: "the person in the video is making movements"."""


class SegmentPipeline(WanAnimatePipeline):  # type: ignore[misc]  # the base has no types
    """The pipeline for one segment, which may continue another."""

    def __call__(self, *, previous: Rgb | None = None, **arguments: Any) -> Any:
        """Generate.

        Args:
            previous: the last frame of the segment before, which becomes the first of this one.
            arguments: those of the pipeline.
        """
        self._previous = previous
        try:
            return super().__call__(**arguments)
        except Stopped:
            self.maybe_free_model_hooks()
            raise

    @property
    def interrupt(self) -> bool:
        """Whether to stop; raises, since the base class would go on and decode the segment."""
        if self._interrupt:
            raise Stopped
        return False

    def prepare_prev_segment_cond_latents(self, frames: Any = None, **options: Any) -> Any:
        """Prepare the condition on the segment before, as the base class does between segments."""
        if self._previous is not None:
            picture = torch.from_numpy(np.array(self._previous)).permute(2, 0, 1)[None, :, None]
            frames = picture.to(options["device"], torch.float32) / 127.5 - 1
            options["start_frame"] = 1
        return super().prepare_prev_segment_cond_latents(frames, **options)


class WanAnimateAdapter:
    """Wan-Animate in its mode ``animate``, which keeps the image's background."""

    def pipeline(self, request: GenerationRequest) -> type:  # noqa: ARG002
        """Always the same class."""
        return SegmentPipeline

    def arguments(self, request: GenerationRequest) -> dict[str, Any]:
        """Pose and face images, one of each per frame."""
        guide = request.guide
        if guide is None or request.character is None:
            raise ValueError("no driving video or no character")
        arguments: dict[str, Any] = {
            "image": pil(request.character),
            "pose_video": [pil(picture) for picture in guide.poses],
            "face_video": [pil(picture) for picture in guide.faces],
            "segment_frame_length": request.generation.frames,
            "mode": "animate",
            # The pipeline decodes segments itself, since it needs their frames.
            "output_type": "pt",
        }
        if not request.shot_plan.shot.prompt:
            arguments["prompt"] = DEFAULT_PROMPT
        if not request.generation.first:
            arguments["previous"] = request.first
        return arguments

    def frames(
        self,
        pipe: Any,  # noqa: ARG002
        result: Any,
        request: GenerationRequest,  # noqa: ARG002
        streaming: bool,  # noqa: ARG002
    ) -> Iterator[Rgb]:
        """See :class:`~kirin.engines.diffusion.adapters.adapter.PipelineAdapter`."""
        return to_frames(result.frames.transpose(1, 2) * 2 - 1)

    def audio(self, pipe: Any, result: Any) -> GeneratedAudio | None:  # noqa: ARG002
        """Wan generates no sound."""
        return None


ADAPTER = WanAnimateAdapter()
