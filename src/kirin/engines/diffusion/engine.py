"""The diffusion engine itself: from a storyboard to frames, generation by generation.

What needs torch is imported when a video is made: the API process asks :meth:`unsupported` only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kirin.domain.callbacks import Cancelled, Progress, ReadAsset
from kirin.domain.soundtrack import Copied, Samples, Soundtrack
from kirin.domain.storyboard import Storyboard
from kirin.engines.base import Clip, Reason
from kirin.engines.diffusion.ability import reasons
from kirin.engines.diffusion.facts import OpenModel
from kirin.engines.diffusion.placement import placements, streams
from kirin.engines.diffusion.plan import plan
from kirin.engines.diffusion.rig import Rig
from kirin.engines.diffusion.tokens import counter
from kirin.engines.diffusion.weights import Shelf
from kirin.errors import NoEngine

if TYPE_CHECKING:
    from kirin.engines.diffusion.soundtrack import Tape
    from kirin.engines.diffusion.stage import Stage
    from kirin.engines.diffusion.timing import Motion
    from kirin.vision.pose.estimator import PoseEstimator


REMEMBERED_SECONDS: Final = 5
"""For how long it is taken for granted which weights are here; a render looks anew."""


class DiffusionEngine:
    """Has open models make videos.

    Args:
        shelf: where weights lie.
        models: those that are offered, the preferred one first.
        gpu_gb: memory of the device, 10^9 bytes; ``None`` if it is not there.
        elsewhere: whether workers on other machines have the weights, so that those that are not
            here are no reason to refuse.
        rig: how models are run.
        now: a clock in seconds that never goes back.
    """

    name = "diffusion"

    def __init__(
        self,
        shelf: Shelf,
        models: Sequence[OpenModel],
        gpu_gb: float | None,
        *,
        elsewhere: bool = False,
        rig: Rig | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shelf = shelf
        self._models = tuple(models)
        self._gpu_gb = gpu_gb
        self._elsewhere = elsewhere
        self._rig = rig or Rig()
        self._now = now
        self._seen: tuple[float, list[tuple[OpenModel, Path | None]]] | None = None
        self._stage: Stage | None = None
        self._motion: Motion | None = None
        self._estimator: PoseEstimator | None = None

    def unsupported(self, storyboard: Storyboard) -> list[Reason]:
        """What none of the models can honour, told of the one that comes nearest."""
        if self._gpu_gb is None:
            return [Reason("model", "the diffusion engine finds no GPU on this machine")]
        if not self._models:
            return [Reason("model", "the diffusion engine has no open model")]
        snapshots = self._snapshots()
        here = [each for each in snapshots if each[1] or self._elsewhere]
        if not here:
            return [Reason("model", self._shelf.lack(self._wanted(storyboard)))]
        return min((self._against(storyboard, *each) for each in here), key=len)

    def _snapshots(self) -> list[tuple[OpenModel, Path | None]]:
        """Each model's files, as they were a moment ago: looking takes milliseconds, and the API
        asks for every request.
        """
        now = self._now()
        if self._seen is None or now - self._seen[0] > REMEMBERED_SECONDS:
            self._seen = now, [(model, self._shelf.find(model)) for model in self._models]
        return self._seen[1]

    def _against(
        self, storyboard: Storyboard, model: OpenModel, snapshot: Path | None
    ) -> list[Reason]:
        count = counter(snapshot) if snapshot else None
        return reasons(model, storyboard, self._gpu_gb or 0, count)

    def _wanted(self, storyboard: Storyboard) -> OpenModel:
        """Whose weights would help."""
        against = [(model, reasons(model, storyboard, self._gpu_gb or 0)) for model in self._models]
        return min(against, key=lambda each: len(each[1]))[0]

    def render(
        self, storyboard: Storyboard, read: ReadAsset, progress: Progress, cancelled: Cancelled
    ) -> Clip:
        """The model is loaded when the first frame is asked for; the notes grow with the shots."""
        from kirin.engines.diffusion.film import Film
        from kirin.engines.diffusion.progress import Watch
        from kirin.engines.diffusion.soundtrack import Tape

        model, snapshot = self._choose(storyboard)
        takes = plan(storyboard, model)
        tape = Tape() if storyboard.sound else None
        adapters = self._shelf.adapters(model.lora) if model.lora else {}
        tuning = self._rig.tuning(model, adapters)
        notes: dict[str, Any] = {"method": "diffusion", "open_model": model.id}
        if told := tuning.told():
            notes["speed"] = told
        film = Film(
            board=storyboard,
            model=model,
            snapshot=snapshot,
            swapped=self._shelf.swapped(model),
            tuning=tuning,
            stage=self.stage,
            motion=self.motion,
            estimator=self._find_people,
            places=placements(model, storyboard.width * storyboard.height, self._gpu_gb or 0),
            read=read,
            watch=Watch(takes, model.steps, progress, cancelled, _looks(storyboard)),
        )
        return Clip(
            width=storyboard.width,
            height=storyboard.height,
            fps=storyboard.fps,
            frame_count=storyboard.frame_count,
            frames=film.frames(takes, notes, tape),
            audio=_sound(storyboard, read, tape),
            notes=notes,
        )

    @property
    def stage(self) -> Stage:
        """The device; made when it is first needed."""
        from kirin.engines.diffusion.stage import Stage

        if self._stage is None:
            self._stage = Stage(self._rig.device)
        return self._stage

    @property
    def motion(self) -> Motion:
        """What draws moments between frames."""
        from kirin.engines.diffusion.timing import Motion

        if self._motion is None:
            self._motion = Motion()
        return self._motion

    def _find_people(self) -> PoseEstimator:
        from kirin.vision.pose.estimator import PoseEstimator

        if self._estimator is None:
            self._estimator = PoseEstimator()
        return self._estimator

    def _choose(self, storyboard: Storyboard) -> tuple[OpenModel, Path]:
        """The first model that can make it, one that need not be streamed before others."""
        pixels, memory = storyboard.width * storyboard.height, self._gpu_gb or 0
        able = [
            (model, snapshot)
            for model in self._models
            if (snapshot := self._shelf.find(model))
            and not self._against(storyboard, model, snapshot)
        ]
        if able:
            return min(able, key=lambda each: streams(each[0], pixels, memory))
        said = [reason.message for reason in self.unsupported(storyboard)]
        raise NoEngine("; ".join(said) or self._shelf.lack(self._wanted(storyboard)))


def _sound(storyboard: Storyboard, read: ReadAsset, tape: Tape | None) -> Soundtrack | None:
    """The driving video's own sound if it is kept, or what the model makes."""
    driving = storyboard.driving
    if driving and driving.keep_sound and driving.video.has_audio:
        return Copied(read(driving.video))
    return Samples(tape.blocks()) if tape else None


def _looks(storyboard: Storyboard) -> int:
    """How often a frame of the driving video is looked at: once to see who is there, once more
    to follow the one.
    """
    video = storyboard.driving.video if storyboard.driving else None
    return round(2 * video.seconds * video.fps) if video and video.seconds and video.fps else 0
