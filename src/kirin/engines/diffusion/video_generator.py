"""The video generator: a storyboard's frames, generated, retimed and cropped on demand."""

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
from kirin.engines.diffusion.adapters.adapter import load_adapter
from kirin.engines.diffusion.audio import AudioTimeline
from kirin.engines.diffusion.camera_words import camera_words
from kirin.engines.diffusion.driving.guide import PoseGuide
from kirin.engines.diffusion.frame_layout import FrameLayout
from kirin.engines.diffusion.interpolation import Interpolate, resample_frames
from kirin.engines.diffusion.model_spec import ModelSpec
from kirin.engines.diffusion.optimizations import Optimizations
from kirin.engines.diffusion.pipeline_manager import PipelineManager, call
from kirin.engines.diffusion.placement import Placement
from kirin.engines.diffusion.plan import ShotPlan
from kirin.engines.diffusion.progress import STEP_WEIGHT, ProgressTracker
from kirin.engines.diffusion.prompt import encoder_prompt
from kirin.engines.diffusion.request import GenerationRequest
from kirin.engines.diffusion.tracks import point_tracks
from kirin.errors import NoEngine
from kirin.media.images import load_rgb
from kirin.vision.planes import Rgb
from kirin.vision.pose.estimator import PoseEstimator

log = structlog.get_logger(__name__)

MAX_IMAGE_SIDE = 4096
"""Larger images are downscaled to this side on loading."""


@dataclass
class VideoGenerator:
    """Generates one video.

    Attributes:
        board: the storyboard.
        model: the model that generates it.
        snapshot: the model's folder.
        overrides: by component, folders of component overrides.
        optimizations: applied to the model after loading.
        pipelines: loads the model.
        interpolate: computes frames between generated ones.
        estimator: returns the pose estimator.
        placements: where the weights may be placed, the fastest first.
        read: returns a local path with an asset's bytes.
        tracker: reports progress and checks for cancellation.
        notes: how the video is made, for the metadata; filled meanwhile.
        audio: takes the generated sound; ``None`` for a silent video.
    """

    board: Storyboard
    model: ModelSpec
    snapshot: Path
    overrides: Mapping[str, Path]
    optimizations: Optimizations
    pipelines: PipelineManager
    interpolate: Interpolate
    estimator: Callable[[], PoseEstimator]
    placements: tuple[Placement, ...]
    read: ReadAsset
    tracker: ProgressTracker
    notes: dict[str, Any]
    audio: AudioTimeline | None

    def __post_init__(self) -> None:
        self._adapter = load_adapter(self.model.pipeline)
        self._warm: bool | None = None

    def frames(self, shot_plans: Sequence[ShotPlan]) -> Iterator[Frame]:
        """The frames of the video, in order; the model is loaded when the first is requested."""
        start = 0
        with self.pipelines.exclusive(self.tracker.raise_if_cancelled):
            for shot_plan in shot_plans:
                self._note_shot(shot_plan, is_only_one=len(shot_plans) == 1)
                layout = self._layout(shot_plan)
                generated = self._shot(shot_plan, layout, Fraction(start) / self.board.fps)
                with closing(generated):
                    positions = shot_plan.positions
                    for picture in resample_frames(generated, positions, self.interpolate):
                        self.tracker.raise_if_cancelled()
                        yield layout.cut(picture)
                start += shot_plan.count

    def _layout(self, shot_plan: ShotPlan) -> FrameLayout:
        return FrameLayout(
            self.board.width,
            self.board.height,
            shot_plan.inner_width,
            shot_plan.inner_height,
            shot_plan.width,
            shot_plan.height,
        )

    def _note_shot(self, shot_plan: ShotPlan, *, is_only_one: bool) -> None:
        notes = _notes(shot_plan, self.model, self.board)
        if is_only_one:
            self.notes.update(notes)
        else:
            self.notes.setdefault("shots", []).append(notes)

    def _shot(self, shot_plan: ShotPlan, layout: FrameLayout, start: Fraction) -> Generator[Rgb]:
        """The model's frames of a shot that starts at a time of the video, without repeats."""

        def load(asset: Asset) -> Rgb:
            return load_rgb(self.read(asset), MAX_IMAGE_SIDE)

        shot = shot_plan.shot
        views = [view for reference in shot.references for view in reference.views]
        references = tuple(load(view) for view in views)
        previous = layout.place(load(shot.first)) if shot.first else None
        last = layout.place(load(shot.last)) if shot.last else None
        tracks = point_tracks(shot, layout, self.read, shot_plan.generations[0].frames)
        character, guide = previous, self._guide(shot_plan, previous)
        if guide:
            self.notes.update(guide.notes)
        generated = 0
        for generation in shot_plan.generations:
            request = GenerationRequest(
                model=self.model,
                shot_plan=shot_plan,
                generation=generation,
                negative_prompt=self.board.negative_prompt,
                first=previous,
                last=last if generation.last else None,
                references=references,
                tracks=tracks,
                character=character,
                guide=guide.following(generation.frames) if guide else None,
            )
            offset = generated / shot_plan.fps
            remaining = shot_plan.count / self.board.fps - offset
            pictures = self._generate(request, start + offset, remaining)
            with closing(pictures):
                for number, picture in enumerate(pictures):
                    if number or generation.first:
                        yield picture
                    previous = picture
                    self.tracker.advance(1)
            generated += generation.frames - 1

    def _guide(self, shot_plan: ShotPlan, character: Rgb | None) -> PoseGuide | None:
        driving = self.board.driving
        if driving is None or character is None:
            return None
        pace = shot_plan.generated_count, shot_plan.fps
        video = self.read(driving.video)
        count_frame = self.tracker.count_analysed_frame
        return PoseGuide(driving, video, character, pace, self.estimator(), count_frame)

    def _generate(
        self, request: GenerationRequest, start: Fraction, max_seconds: Fraction
    ) -> Generator[Rgb]:
        """A generation's frames; out of GPU memory, it is repeated once with the next placement.

        Its audio starts at a time of the video, and is cut to a length.
        """
        kind = self._adapter.pipeline(request)
        for is_last_try in (False, True):
            position, placement = self.tracker.position, self.placements[0]
            try:
                pipe, warm = self.pipelines.pipeline(
                    kind, self.snapshot, placement, self.overrides, self.optimizations
                )
                if self._warm is None:
                    self._warm = warm
                self.notes.update(warm=self._warm, placement=placement.value)
                result = self._denoise(pipe, request)
                audio = self._adapter.audio(pipe, result) if self.audio else None
                is_resident = placement is Placement.RESIDENT
                pictures = self._adapter.frames(pipe, result, request, is_resident)
                # Decoding the first frame needs the most memory: if it fits, so do the others.
                first = next(pictures)
                break
            except torch.OutOfMemoryError:
                log.warning("out of GPU memory", model=self.model.id, placement=placement.value)
            # Not in the handler: the traceback's frames would keep tensors on the GPU.
            self.pipelines.unload()
            self.tracker.rewind(position)
            if is_last_try or len(self.placements) == 1:
                raise NoEngine(_out_of_memory(request, placement))
            self.placements = self.placements[1:]
        if self.audio and audio:
            seconds = request.generation.frames / request.shot_plan.fps
            self.audio.insert(start, min(seconds, max_seconds), audio)
        yield first
        yield from pictures

    def _denoise(self, pipe: Any, request: GenerationRequest) -> Any:
        """Run the pipeline up to its latents."""
        tracker, shot_plan = self.tracker, request.shot_plan

        def after_step(pipe: Any, _step: int, _timestep: Any, tensors: dict[str, Any]) -> Any:
            tracker.advance(STEP_WEIGHT)
            if tracker.cancelled():
                pipe._interrupt = True
            return tensors

        tracker.raise_if_cancelled()
        scale = shot_plan.guidance_scale
        arguments = {
            "prompt": encoder_prompt(shot_plan.shot),
            "width": shot_plan.width,
            "height": shot_plan.height,
            "num_inference_steps": self.model.steps,
            "guidance_scale": 1.0 if scale is None else scale,
            "max_sequence_length": self.model.prompt_tokens,
            # Noise that is drawn on the CPU is the same for every device.
            "generator": torch.Generator("cpu").manual_seed(request.generation.seed),
            "output_type": "latent",
            "callback_on_step_end": after_step,
            **self.model.options,
            **self._adapter.arguments(request),
        }
        if request.negative_prompt:
            arguments["negative_prompt"] = request.negative_prompt
        result = call(pipe, **arguments)
        tracker.raise_if_cancelled()
        return result


def _out_of_memory(request: GenerationRequest, placement: Placement) -> str:
    size = f"{request.shot_plan.width}x{request.shot_plan.height}"
    return (
        f"{request.model.name} ran out of GPU memory for {size} and {request.generation.frames} "
        f"frames, with its weights {placement.value}"
    )


def _notes(shot_plan: ShotPlan, model: ModelSpec, board: Storyboard) -> dict[str, Any]:
    """How a shot is generated, for the metadata."""
    notes: dict[str, Any] = {
        "steps": model.steps,
        "generations": [
            {"frames": each.frames, "seed": each.seed} for each in shot_plan.generations
        ],
        "made": {
            "width": shot_plan.width,
            "height": shot_plan.height,
            "fps": float(shot_plan.fps),
            "frames": shot_plan.generated_count,
        },
    }
    if shot_plan.guidance_scale is not None:
        notes["guidance_scale"] = shot_plan.guidance_scale
    if shot_plan.interpolated:
        notes["interpolation"] = "motion between frames (RIFE)"
    if (shot_plan.inner_width, shot_plan.inner_height) != (board.width, board.height):
        notes["enlarged"] = "from the size that the model makes"
    if shot_plan.shot.camera:
        notes["camera_in_words"] = camera_words(shot_plan.shot.camera)
    if shot_plan.stretched:
        notes["stretched"] = "to end with the last frame"
    return notes
