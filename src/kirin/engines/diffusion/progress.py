"""Progress of a video: by denoising step and by frame."""

from __future__ import annotations

from collections.abc import Sequence

from kirin.domain.callbacks import Cancelled, Progress
from kirin.engines.diffusion.plan import Take
from kirin.errors import Stopped

STEP = 20
"""How many frames a denoising step counts for."""


class Watch:
    """Tells the progress, which never falls, and asks whether to go on."""

    def __init__(
        self,
        takes: Sequence[Take],
        steps: int,
        progress: Progress,
        cancelled: Cancelled,
        looks: int = 0,
    ) -> None:
        """Begin at nothing done.

        Args:
            takes: what is made.
            steps: of denoising, for each generation.
            progress: told how far the whole is.
            cancelled: asked whether to stop.
            looks: how often a frame of a driving video is looked at before.
        """
        runs = [run for take in takes for run in take.generations]
        self.cancelled = cancelled
        self._progress = progress
        self._whole = looks + sum(run.frames + steps * STEP for run in runs)
        self._told = 0
        self.place = 0

    def check(self) -> None:
        """Raise ``Stopped`` if the task was cancelled."""
        if self.cancelled():
            raise Stopped

    def looked(self) -> None:
        """Check, and count a look at a frame."""
        self.check()
        self.done(1)

    def done(self, work: int) -> None:
        """Count work that has been done, in frames."""
        self.place += work
        if self.place > self._told:
            self._told = self.place
            self._progress(min(self.place / self._whole, 1.0))

    def back(self, place: int) -> None:
        """Forget work that has to be done again."""
        self.place = place
