"""The diffusion engine: generates storyboards with open models on a GPU.

Modules that need torch are imported when a video is generated: the API process only calls
:meth:`DiffusionEngine.unsupported`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kirin.domain.callbacks import Cancelled, Progress, ReadAsset
from kirin.domain.soundtrack import Copied, Samples, Soundtrack
from kirin.domain.storyboard import Storyboard
from kirin.engines.base import Clip, UnsupportedFeature
from kirin.engines.diffusion.capabilities import unsupported_features
from kirin.engines.diffusion.model_spec import ModelSpec
from kirin.engines.diffusion.placement import must_stream, placements
from kirin.engines.diffusion.plan import plan
from kirin.engines.diffusion.runtime import RuntimeConfiguration
from kirin.engines.diffusion.tokens import token_counter
from kirin.engines.diffusion.weight_store import WeightStore
from kirin.errors import NoEngine

if TYPE_CHECKING:
    from kirin.engines.diffusion.audio import AudioTimeline
    from kirin.engines.diffusion.interpolation import FrameInterpolator
    from kirin.engines.diffusion.pipeline_manager import PipelineManager
    from kirin.vision.pose.estimator import PoseEstimator


SNAPSHOT_SECONDS: Final = 5
"""How long the API remembers which weights are downloaded; a render always looks again."""


class DiffusionEngine:
    """Generates videos with open models.

    Args:
        store: where weights are stored.
        models: the offered models, in order of preference.
        gpu_gb: memory of the device, 10^9 bytes; ``None`` if there is no such device.
        elsewhere: whether workers on other machines have the weights, so that missing ones are no
            reason to refuse a storyboard here.
        runtime: how models are run.
        now: a monotonic clock, in seconds.
    """

    name = "diffusion"

    def __init__(
        self,
        store: WeightStore,
        models: Sequence[ModelSpec],
        gpu_gb: float | None,
        *,
        elsewhere: bool = False,
        runtime: RuntimeConfiguration | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._models = tuple(models)
        self._gpu_gb = gpu_gb
        self._elsewhere = elsewhere
        self._runtime = runtime or RuntimeConfiguration()
        self._now = now
        self._seen: tuple[float, list[tuple[ModelSpec, Path | None]]] | None = None
        self._pipelines: PipelineManager | None = None
        self._interpolator: FrameInterpolator | None = None
        self._estimator: PoseEstimator | None = None

    def unsupported(self, storyboard: Storyboard) -> list[UnsupportedFeature]:
        """What the model that comes closest does not support; empty if any supports it all."""
        if self._gpu_gb is None:
            message = "the diffusion engine found no GPU on this machine"
            return [UnsupportedFeature("model", message)]
        if not self._models:
            return [UnsupportedFeature("model", "the diffusion engine offers no open model")]
        available = [each for each in self._snapshots() if each[1] or self._elsewhere]
        if not available:
            message = self._store.missing_message(self._closest(storyboard))
            return [UnsupportedFeature("model", message)]
        return min((self._unsupported_by(storyboard, *each) for each in available), key=len)

    def _snapshots(self) -> list[tuple[ModelSpec, Path | None]]:
        """Each model's snapshot folder, cached: looking takes milliseconds, and the API does it
        for every request.
        """
        now = self._now()
        if self._seen is None or now - self._seen[0] > SNAPSHOT_SECONDS:
            self._seen = now, [(model, self._store.find(model)) for model in self._models]
        return self._seen[1]

    def _unsupported_by(
        self, storyboard: Storyboard, model: ModelSpec, snapshot: Path | None
    ) -> list[UnsupportedFeature]:
        count = token_counter(snapshot) if snapshot else None
        return unsupported_features(model, storyboard, self._gpu_gb or 0, count)

    def _closest(self, storyboard: Storyboard) -> ModelSpec:
        """The model that supports most of the storyboard, downloaded or not."""
        memory = self._gpu_gb or 0
        found = [(model, unsupported_features(model, storyboard, memory)) for model in self._models]
        return min(found, key=lambda each: len(each[1]))[0]

    def render(
        self, storyboard: Storyboard, read: ReadAsset, progress: Progress, cancelled: Cancelled
    ) -> Clip:
        """Prepare a clip; the model is loaded when its first frame is requested, and its notes
        grow with the shots.
        """
        from kirin.engines.diffusion.audio import AudioTimeline
        from kirin.engines.diffusion.progress import ProgressTracker
        from kirin.engines.diffusion.video_generator import VideoGenerator

        model, snapshot = self._choose(storyboard)
        shot_plans = plan(storyboard, model)
        audio = AudioTimeline() if storyboard.sound else None
        lora_files = self._store.lora_files(model.lora) if model.lora else {}
        optimizations = self._runtime.optimizations(model, lora_files)
        notes: dict[str, Any] = {"method": "diffusion", "open_model": model.id}
        if speed := optimizations.metadata():
            notes["speed"] = speed
        frames = _analysed_frames(storyboard)
        generator = VideoGenerator(
            board=storyboard,
            model=model,
            snapshot=snapshot,
            overrides=self._store.overrides(model),
            optimizations=optimizations,
            pipelines=self.pipelines,
            interpolate=self.interpolator,
            estimator=self._pose_estimator,
            placements=placements(model, storyboard.width * storyboard.height, self._gpu_gb or 0),
            read=read,
            tracker=ProgressTracker(shot_plans, model.steps, progress, cancelled, frames),
            notes=notes,
            audio=audio,
        )
        return Clip(
            width=storyboard.width,
            height=storyboard.height,
            fps=storyboard.fps,
            frame_count=storyboard.frame_count,
            frames=generator.frames(shot_plans),
            audio=_soundtrack(storyboard, read, audio),
            notes=notes,
        )

    @property
    def pipelines(self) -> PipelineManager:
        """The pipeline manager of the device; created on first use."""
        from kirin.engines.diffusion.pipeline_manager import PipelineManager

        if self._pipelines is None:
            self._pipelines = PipelineManager(self._runtime.device)
        return self._pipelines

    @property
    def interpolator(self) -> FrameInterpolator:
        """The frame interpolator; created on first use."""
        from kirin.engines.diffusion.interpolation import FrameInterpolator

        if self._interpolator is None:
            self._interpolator = FrameInterpolator()
        return self._interpolator

    def _pose_estimator(self) -> PoseEstimator:
        from kirin.vision.pose.estimator import PoseEstimator

        if self._estimator is None:
            self._estimator = PoseEstimator()
        return self._estimator

    def _choose(self, storyboard: Storyboard) -> tuple[ModelSpec, Path]:
        """The first model that supports it; those that need not be streamed come first."""
        pixels, memory = storyboard.width * storyboard.height, self._gpu_gb or 0
        able = [
            (model, snapshot)
            for model in self._models
            if (snapshot := self._store.find(model))
            and not self._unsupported_by(storyboard, model, snapshot)
        ]
        if able:
            return min(able, key=lambda each: must_stream(each[0], pixels, memory))
        messages = [feature.message for feature in self.unsupported(storyboard)]
        missing = self._store.missing_message(self._closest(storyboard))
        raise NoEngine("; ".join(messages) or missing)


def _soundtrack(
    storyboard: Storyboard, read: ReadAsset, audio: AudioTimeline | None
) -> Soundtrack | None:
    """The driving video's own sound if it is kept, otherwise what the model generates."""
    driving = storyboard.driving
    if driving and driving.keep_sound and driving.video.has_audio:
        return Copied(read(driving.video))
    return Samples(audio.blocks()) if audio else None


def _analysed_frames(storyboard: Storyboard) -> int:
    """How often a frame of the driving video is analysed: all of them once to find the people,
    and once more to track one.
    """
    video = storyboard.driving.video if storyboard.driving else None
    return round(2 * video.seconds * video.fps) if video and video.seconds and video.fps else 0
