"""Wan-Move: painted parts of a first frame go where they are told.

It is Wan 2.1 for pictures with other weights: what the first frame shows at a point is copied to
where the point is later, in the latents that the transformer sees beside the noise
(https://arxiv.org/abs/2512.08765, https://github.com/ali-vilab/Wan-Move).
"""

from __future__ import annotations

from typing import Any

import torch
from diffusers import WanImageToVideoPipeline

from kirin.engines.diffusion.ask import Ask
from kirin.engines.diffusion.forms.wan import WanForm
from kirin.engines.diffusion.tracks import CELL, Carried, carried


class WanMovePipeline(WanImageToVideoPipeline):  # type: ignore[misc]  # the base has no types
    """The pipeline for pictures, with copies of the first frame's latents."""

    def __call__(self, *, copies: Carried | None = None, **arguments: Any) -> Any:
        """Generate.

        Args:
            copies: what is copied where; nothing without.
            arguments: those of the pipeline for pictures.
        """
        self._copies = copies
        return super().__call__(**arguments)

    def prepare_latents(self, *given: Any, **named: Any) -> Any:
        """As the base has it, with the copies made."""
        latents, condition = super().prepare_latents(*given, **named)
        if self._copies is None:
            return latents, condition
        # The channels of the mask come first, one for each frame of a latent frame.
        seen = condition[:, self.vae_scale_factor_temporal :]
        places = self._copies
        frame, row, column, first_row, first_column = (
            torch.from_numpy(index).to(condition.device)
            for index in (
                places.frame,
                places.row,
                places.column,
                places.first_row,
                places.first_column,
            )
        )
        seen[:, :, frame, row, column] = seen[:, :, 0, first_row, first_column]
        return latents, condition


class MoveForm(WanForm):
    """Wan-Move."""

    def pipeline(self, ask: Ask) -> type:  # noqa: ARG002
        """One class for all."""
        return WanMovePipeline

    def arguments(self, ask: Ask) -> dict[str, Any]:
        """See :class:`~kirin.engines.diffusion.forms.form.Form`."""
        given = super().arguments(ask)
        if ask.tracks is not None:
            rows, columns = ask.take.height // CELL, ask.take.width // CELL
            given["copies"] = carried(ask.tracks, ask.model.frames.step, rows, columns)
        return given


FORM = MoveForm()
