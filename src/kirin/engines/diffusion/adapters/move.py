"""Wan-Move: painted parts of a first frame follow point tracks.

It is Wan 2.1 image-to-video with other weights: in the latents that condition the transformer, the
first frame's value at a point is copied to the point's position in later frames
(https://arxiv.org/abs/2512.08765, https://github.com/ali-vilab/Wan-Move).
"""

from __future__ import annotations

from typing import Any

import torch
from diffusers import WanImageToVideoPipeline

from kirin.engines.diffusion.adapters.wan import WanAdapter
from kirin.engines.diffusion.request import GenerationRequest
from kirin.engines.diffusion.tracks import CELL, LatentCopies, latent_copies


class WanMovePipeline(WanImageToVideoPipeline):  # type: ignore[misc]  # the base has no types
    """The image-to-video pipeline, with copies of the first frame's latents."""

    def __call__(self, *, copies: LatentCopies | None = None, **arguments: Any) -> Any:
        """Generate.

        Args:
            copies: what is copied where; ``None`` copies nothing.
            arguments: those of the image-to-video pipeline.
        """
        self._copies = copies
        return super().__call__(**arguments)

    def prepare_latents(self, *args: Any, **kwargs: Any) -> Any:
        """Prepare latents as the base class does, then copy."""
        latents, condition = super().prepare_latents(*args, **kwargs)
        if self._copies is None:
            return latents, condition
        # The mask's channels come first: one for each frame of a latent frame.
        image_latents = condition[:, self.vae_scale_factor_temporal :]
        copies = self._copies
        frame, row, column, source_row, source_column = (
            torch.from_numpy(index).to(condition.device)
            for index in (
                copies.frame,
                copies.row,
                copies.column,
                copies.source_row,
                copies.source_column,
            )
        )
        copied = image_latents[:, :, 0, source_row, source_column]
        image_latents[:, :, frame, row, column] = copied
        return latents, condition


class WanMoveAdapter(WanAdapter):
    """Wan-Move."""

    def pipeline(self, request: GenerationRequest) -> type:  # noqa: ARG002
        """Always the same class."""
        return WanMovePipeline

    def arguments(self, request: GenerationRequest) -> dict[str, Any]:
        """See :class:`~kirin.engines.diffusion.adapters.adapter.PipelineAdapter`."""
        arguments = super().arguments(request)
        if request.tracks is not None:
            rows, columns = request.shot_plan.height // CELL, request.shot_plan.width // CELL
            step = request.model.frames.step
            arguments["copies"] = latent_copies(request.tracks, step, rows, columns)
        return arguments


ADAPTER = WanMoveAdapter()
