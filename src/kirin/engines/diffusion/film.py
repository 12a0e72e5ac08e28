"""A film: the frames of a storyboard, generated, retimed and cut while they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import structlog
import torch

from kirin.domain.assets import Asset
from kirin.domain.callbacks import ReadAsset
from kirin.domain.frame import Frame
from kirin.domain.storyboard import Storyboard
from kirin.engines.diffusion.ask import Ask
from kirin.engines.diffusion.canvas import Canvas
from kirin.engines.diffusion.driving.guide import Guide
from kirin.engines.diffusion.facts import OpenModel
from kirin.engines.diffusion.forms.form import form
from kirin.engines.diffusion.placement import Placement
from kirin.engines.diffusion.plan import Take
from kirin.engines.diffusion.progress import STEP, Watch
from kirin.engines.diffusion.rig import Tuning
from kirin.engines.diffusion.soundtrack import Tape
from kirin.engines.diffusion.stage import Stage, call
from kirin.engines.diffusion.timing import Between, retimed
from kirin.engines.diffusion.tracks import paths
from kirin.engines.diffusion.wording import wording
from kirin.errors import NoEngine
from kirin.media.images import load_rgb
from kirin.vision.planes import Rgb
from kirin.vision.pose.estimator import PoseEstimator

log = structlog.get_logger(__name__)

LARGEST_SIDE = 4096
"""Pixels to which larger pictures are reduced on loading."""


@dataclass
class Film:
    """One video while it is being made.

    Attributes:
        board: what to make.
        model: who makes it.
        snapshot: the model's files.
        swapped: by component, folders of other repositories that have it.
        tuning: what is done to the model after loading.
        stage: the device.
        motion: draws moments between frames.
        estimator: gives what finds the joints of people.
        places: where the weights may lie, the fastest first.
        read: gives a local path for each asset's bytes.
        watch: progress and cancellation.
    """

    board: Storyboard
    model: OpenModel
    snapshot: Path
    swapped: Mapping[str, Path]
    tuning: Tuning
    stage: Stage
    motion: Between
    estimator: Callable[[], PoseEstimator]
    places: tuple[Placement, ...]
    read: ReadAsset
    watch: Watch

    def __post_init__(self) -> None:
        self._form = form(self.model.form)
        self._warm: bool | None = None

    def frames(
        self, takes: Sequence[Take], notes: dict[str, Any], tape: Tape | None
    ) -> Iterator[Frame]:
        start = 0
        with self.stage.alone(self.watch.check):
            for take in takes:
                canvas = Canvas(
                    self.board.width,
                    self.board.height,
                    take.inner_width,
                    take.inner_height,
                    take.width,
                    take.height,
                )
                told = _told(take, self.model, self.board)
                if len(takes) > 1:
                    notes.setdefault("shots", []).append(told)
                else:
                    notes.update(told)
                begins = Fraction(start) / self.board.fps
                made = self._made(take, canvas, begins, tape, notes)
                with closing(made):
                    for picture in retimed(made, take.positions, self.motion):
                        self.watch.check()
                        yield canvas.cut(picture)
                start += take.count

    def _made(
        self,
        take: Take,
        canvas: Canvas,
        begins: Fraction,
        tape: Tape | None,
        notes: dict[str, Any],
    ) -> Generator[Rgb]:
        """The model's frames of a take, each once."""

        def load(asset: Asset) -> Rgb:
            return load_rgb(self.read(asset), LARGEST_SIDE)

        shot = take.shot
        views = [view for reference in shot.references for view in reference.views]
        subjects = tuple(load(view) for view in views)
        before = canvas.place(load(shot.first)) if shot.first else None
        arrival = canvas.place(load(shot.last)) if shot.last else None
        painted = paths(shot, canvas, self.read, take.generations[0].frames)
        character, guide = before, self._guide(take, before)
        if guide:
            notes.update(guide.notes)
        begun = 0
        for generation in take.generations:
            ask = Ask(
                model=self.model,
                take=take,
                generation=generation,
                negative_prompt=self.board.negative_prompt,
                first=before,
                last=arrival if generation.last else None,
                references=subjects,
                tracks=painted,
                character=character,
                guide=guide.following(generation.frames) if guide else None,
            )
            since = begun / take.fps
            left = take.count / self.board.fps - since
            pictures = self._generated(ask, begins + since, left, tape, notes)
            with closing(pictures):
                for number, picture in enumerate(pictures):
                    if number or generation.first:
                        yield picture
                    before = picture
                    self.watch.done(1)
            begun += generation.frames - 1

    def _guide(self, take: Take, character: Rgb | None) -> Guide | None:
        driving = self.board.driving
        if driving is None or character is None:
            return None
        pace = take.made, take.fps
        video = self.read(driving.video)
        return Guide(driving, video, character, pace, self.estimator(), self.watch.looked)

    def _generated(
        self, ask: Ask, since: Fraction, left: Fraction, tape: Tape | None, notes: dict[str, Any]
    ) -> Generator[Rgb]:
        """A generation's frames; if memory runs out, again with less of the model on the GPU.

        Its sound is heard since a moment of the video, for what is left of the shot at most.
        """
        kind = self._form.pipeline(ask)
        for last_try in (False, True):
            done, place = self.watch.place, self.places[0]
            try:
                pipe, warm = self.stage.pipeline(
                    kind, self.snapshot, place, self.swapped, self.tuning
                )
                if self._warm is None:
                    self._warm = warm
                notes.update(warm=self._warm, placement=place.value)
                result = self._denoised(pipe, ask)
                voice = self._form.voice(pipe, result) if tape else None
                pictures = self._form.frames(pipe, result, ask, place is Placement.RESIDENT)
                # The first needs the most memory: whatever follows fits, too.
                first = next(pictures)
                break
            except torch.OutOfMemoryError:
                log.warning("out of GPU memory", model=self.model.id, placement=place.value)
            # Not above: what the error's frames hold would still be on the GPU.
            self.stage.clear()
            self.watch.back(done)
            if last_try or len(self.places) == 1:
                raise NoEngine(
                    f"{self.model.name} ran out of GPU memory for {ask.take.width}x"
                    f"{ask.take.height} and {ask.generation.frames} frames, its weights "
                    f"{place.value}"
                )
            self.places = self.places[1:]
        if tape and voice:
            tape.lay(since, min(ask.generation.frames / ask.take.fps, left), voice)
        yield first
        yield from pictures

    def _denoised(self, pipe: Any, ask: Ask) -> Any:
        watch = self.watch

        def after_step(pipe: Any, _step: int, _moment: Any, given: dict[str, Any]) -> Any:
            watch.done(STEP)
            if watch.cancelled():
                pipe._interrupt = True
            return given

        watch.check()
        arguments = {
            "prompt": wording(ask.take.shot),
            "width": ask.take.width,
            "height": ask.take.height,
            "num_inference_steps": self.model.steps,
            "guidance_scale": 1.0 if ask.take.scale is None else ask.take.scale,
            "max_sequence_length": self.model.prompt_tokens,
            # Noise from the processor is the same on every device.
            "generator": torch.Generator("cpu").manual_seed(ask.generation.seed),
            "output_type": "latent",
            "callback_on_step_end": after_step,
            **self.model.options,
            **self._form.arguments(ask),
        }
        if ask.negative_prompt:
            arguments["negative_prompt"] = ask.negative_prompt
        result = call(pipe, **arguments)
        watch.check()
        return result


def _told(take: Take, model: OpenModel, board: Storyboard) -> dict[str, Any]:
    """How a take is made, for the metadata."""
    told: dict[str, Any] = {
        "steps": model.steps,
        "generations": [{"frames": each.frames, "seed": each.seed} for each in take.generations],
        "made": {
            "width": take.width,
            "height": take.height,
            "fps": float(take.fps),
            "frames": take.made,
        },
    }
    if take.scale is not None:
        told["guidance_scale"] = take.scale
    if take.interpolated:
        told["interpolation"] = "motion between frames (RIFE)"
    if (take.inner_width, take.inner_height) != (board.width, board.height):
        told["enlarged"] = "from the size that the model makes"
    if take.stretched:
        told["stretched"] = "to end with the last frame"
    return told
