"""Progress of a generation, by denoising step and by frame."""

from __future__ import annotations

from collections.abc import Sequence

from kirin.domain.callbacks import Cancelled, Progress
from kirin.engines.diffusion.plan import ShotPlan
from kirin.errors import Stopped

STEP_WEIGHT = 20
"""A denoising step counts as this many decoded frames."""


class ProgressTracker:
    """Reports progress, which never decreases, and checks for cancellation."""

    def __init__(
        self,
        shot_plans: Sequence[ShotPlan],
        steps: int,
        progress: Progress,
        cancelled: Cancelled,
        analysed_frames: int = 0,
    ) -> None:
        """Start at zero.

        Args:
            shot_plans: what is generated.
            steps: denoising steps of each generation.
            progress: takes the share that is done, 0 to 1.
            cancelled: whether the attempt is over.
            analysed_frames: how often a frame of a driving video is analysed beforehand.
        """
        runs = [run for shot_plan in shot_plans for run in shot_plan.generations]
        self.cancelled = cancelled
        self._progress = progress
        self._total = analysed_frames + sum(run.frames + steps * STEP_WEIGHT for run in runs)
        self._reported = 0
        self.position = 0

    def raise_if_cancelled(self) -> None:
        """Raise ``Stopped`` once the attempt is over."""
        if self.cancelled():
            raise Stopped

    def count_analysed_frame(self) -> None:
        """Count an analysed frame of the driving video, and check for cancellation."""
        self.raise_if_cancelled()
        self.advance(1)

    def advance(self, frames: int) -> None:
        """Count work that is done, in frames."""
        self.position += frames
        if self.position > self._reported:
            self._reported = self.position
            self._progress(min(self.position / self._total, 1.0))

    def rewind(self, position: int) -> None:
        """Go back to an earlier position: work has to be repeated."""
        self.position = position
