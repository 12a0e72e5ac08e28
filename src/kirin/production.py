"""The production of one video: its media, storyboard, engine, encoder and storage, in turn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kirin.catalogue.card import Card, MediaInput
from kirin.catalogue.structures import Values
from kirin.domain.assets import Asset
from kirin.domain.storyboard import Storyboard
from kirin.domain.task import Result, Task
from kirin.engines.router import Router
from kirin.errors import InputsRefused, KirinError, TaskError
from kirin.media.encode import encode
from kirin.media.intake import Intake
from kirin.media.refusal import MediaRefused
from kirin.storage.base import Storage
from kirin.storage.keys import input_key, result_key
from kirin.tasks.attempt import Attempt


@dataclass(frozen=True)
class Production:
    """The rooms that a video passes through."""

    storage: Storage
    intake: Intake
    router: Router

    def make(
        self, card: Card, attempt: Attempt, folder: Path
    ) -> tuple[tuple[Result, ...], dict[str, Any]]:
        """Make the video: from parameters to files in storage and what is to tell of them."""
        task = attempt.task
        values = dict(task.params)
        media = self._fetch(card, values, attempt, folder)
        storyboard = card.storyboard(values, media, task.seed)
        engine = self.router.choose(storyboard)
        clip = engine.render(storyboard, self._read, attempt.progress, attempt.cancelled)
        video = folder / "video.mp4"
        marked = folder / "watermarked.mp4" if storyboard.watermark else None
        frames = encode(
            clip.frames,
            video,
            width=clip.width,
            height=clip.height,
            fps=clip.fps,
            quality=storyboard.quality,
            watermarked=marked,
        )
        if frames != storyboard.frame_count:
            raise KirinError(f"{engine.name} gave {frames} frames of {storyboard.frame_count}")
        results = tuple(
            Result(
                key=self._keep(task, path),
                type="video",
                watermark=path is marked,
                extra=card.extras(storyboard),
            )
            for path in (video, marked)
            if path is not None
        )
        return results, _facts(storyboard, task) | {"engine": engine.name} | dict(clip.notes)

    def _read(self, asset: Asset) -> Path:
        return self.storage.path(input_key(asset.sha256))

    def _keep(self, task: Task, path: Path) -> str:
        key = result_key(task.id, task.attempt, path.name)
        self.storage.put(key, path, move=True)
        return key

    def _fetch(
        self, card: Card, values: Values, attempt: Attempt, folder: Path
    ) -> dict[str, Asset]:
        """Fetch what was only announced; facts of all media by path."""
        media = dict(attempt.task.assets)
        for number, item in enumerate(card.media(values)):
            if item.path not in media:
                media[item.path] = self._fetch_one(item, attempt, folder / f"input-{number}")
        if problems := card.check_media(values, media):
            raise InputsRefused("; ".join(f"{p.param}: {p.message}" for p in problems))
        return media

    def _fetch_one(self, item: MediaInput, attempt: Attempt, path: Path) -> Asset:
        try:
            asset = self.intake.fetch(item.source, path, item.parameter.limits, attempt.cancelled)
        except MediaRefused as refusal:
            raise InputsRefused(f"{item.path}: {refusal.message}") from refusal
        except TaskError as error:
            raise type(error)(f"{item.path}: {error.message}") from error
        self.storage.put(input_key(asset.sha256), path, move=True)
        return asset


def _facts(storyboard: Storyboard, task: Task) -> dict[str, Any]:
    """What ``metadata`` tells of every video (rule W-8)."""
    waited = ((task.started_at or task.created_at) - task.created_at) / 1000
    fps = storyboard.fps
    return {
        "width": storyboard.width,
        "height": storyboard.height,
        "fps": int(fps) if fps.denominator == 1 else float(fps),
        "frames": storyboard.frame_count,
        "duration": storyboard.seconds,
        "queue_seconds": round(waited, 3),
    }
