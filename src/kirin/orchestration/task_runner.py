"""The task runner: one attempt at a task, through media, plan, engine, encoder and storage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog
from PIL import Image

from kirin import tracing
from kirin.catalogue.card import Card
from kirin.catalogue.plan import Materials
from kirin.catalogue.references import MediaParameter, MediaPlace
from kirin.catalogue.structures import Values
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.callbacks import LinkAsset
from kirin.domain.lips import FaceSearch
from kirin.domain.storyboard import Storyboard
from kirin.domain.subject import Portrait, SubjectDraft
from kirin.domain.tariff import Charge
from kirin.domain.task import Result, Task
from kirin.engines.base import RemoteJob, RenderContext
from kirin.engines.rendering import render
from kirin.engines.router import Router
from kirin.errors import InputsRefused, KirinError, TaskError
from kirin.media.decode import last_picture
from kirin.media.ingest import MediaIngest
from kirin.media.local_files import LocalFiles
from kirin.media.refusal import MediaRefused
from kirin.orchestration.face_sessions import FACES, faces_to_json, sessions_of
from kirin.orchestration.live_preview import LivePreview
from kirin.orchestration.local_inputs import StorageBesideDisk, linked, open_local
from kirin.orchestration.moderation import Moderation, Review
from kirin.orchestration.resource_exhaustion import patiently
from kirin.storage.base import Storage
from kirin.storage.keys import input_key, result_key
from kirin.subjects.faces import FaceFinder
from kirin.subjects.portrait import PortraitMaker
from kirin.tasks.attempt import Attempt

log = structlog.get_logger(__name__)

OPENING: Final = "continues.last"
"""What a task's assets call the last picture of the video that its storyboard continues."""


@dataclass(frozen=True)
class TaskOutput:
    """What an attempt has made.

    Attributes:
        charge: what it costs.
        metadata: how it was made, and what it is.
        results: files in storage.
        subject: a subject, to be written when the task completes.
    """

    charge: Charge
    metadata: Mapping[str, Any]
    results: tuple[Result, ...] = ()
    subject: SubjectDraft | None = None


@dataclass(frozen=True)
class TaskRunner:
    """Makes what a task asks for.

    Attributes:
        local: opens inputs that lie on the disk.
        link: gives URLs of inputs to machines elsewhere; ``None`` where none can reach us.
    """

    storage: Storage
    ingest: MediaIngest
    router: Router
    portraits: PortraitMaker
    faces: FaceFinder
    moderation: Moderation
    local: LocalFiles
    link: LinkAsset | None = None

    def run(self, card: Card, attempt: Attempt, folder: Path) -> TaskOutput:
        """Make what the task asks for.

        Args:
            folder: scratch space that the caller removes.

        Raises:
            TaskError: it cannot be made; the message is for the user.
            Stopped: the attempt is over.
        """
        with ExitStack() as opened:
            local = open_local(self.local, card, attempt.task, folder, opened)
            if not local.paths:
                return self._run(card, attempt, folder)
            storage = StorageBesideDisk(self.storage, local.paths)
            link = self.link and linked(self.link, storage, folder)
            output = replace(self, storage=storage, link=link)._run(card, attempt, folder)
            try:
                local.check()
            except InputsRefused:
                for result in output.results:
                    if result.key:
                        self.storage.delete(result.key)
                raise
            return output

    def _run(self, card: Card, attempt: Attempt, folder: Path) -> TaskOutput:
        task = attempt.task
        values = dict(task.params)
        media = self._fetch(card, values, attempt, folder)
        review = self.moderation.review(task.options.moderation, attempt.cancelled)
        review.inputs(self._given(task, media))
        subjects = {subject.id: subject for subject in task.subjects}
        sessions = sessions_of(task, card, media)
        plan = card.plan(values, Materials(media, subjects, sessions), task.seed)
        seconds = plan.seconds if isinstance(plan, Storyboard) else 0
        # What was agreed when the task was made counts, whatever the prices are by now.
        tariff = task.tariff or card.tariff(values, plan)
        charge = tariff.charge(seconds).at_most(task.quote)
        if isinstance(plan, FaceSearch):
            output = self._find_faces(plan, attempt, folder, charge)
        elif isinstance(plan, SubjectDraft):
            output = self._portray(plan, attempt, folder, charge)
        else:
            output = self._render(card, attempt, folder, plan, charge, review)
        return replace(output, metadata={**output.metadata, **review.told()})

    def _given(self, task: Task, media: Mapping[str, Asset]) -> Iterator[tuple[str, Asset, Path]]:
        """Every picture and video that a task is made from, with its place and its file."""
        for place, asset in media.items():
            if asset.kind is not AssetKind.AUDIO:
                yield place, asset, self._read(asset)
        for subject in task.subjects:
            for asset in (*subject.draft.views, *filter(None, [subject.draft.video])):
                yield f"element {subject.id}", asset, self._read(asset)

    def maker(self, engine: str) -> str | None:
        """See :meth:`kirin.engines.router.Router.maker`."""
        return self.router.maker(engine)

    def cancel_remote_job(self, task: Task) -> None:
        """Cancel what a task has started on another machine, after it was cancelled while no worker
        had it. A failure costs the operator money, but blocks nothing."""
        try:
            job = RemoteJob(task.model, task.id, task.metadata.get("job"))
            self.router.cancel(task.engine, job)
        except KirinError as error:
            log.warning("remote job not cancelled", engine=task.engine, reason=error.message)

    def _render(
        self,
        card: Card,
        attempt: Attempt,
        folder: Path,
        storyboard: Storyboard,
        charge: Charge,
        review: Review,
    ) -> TaskOutput:
        task = attempt.task
        storyboard = self._opened(storyboard, attempt, folder)
        context = RenderContext(
            task_id=task.id,
            is_retry=task.attempt > 1,
            assign=attempt.assign,
            job_id=task.metadata.get("job"),
            job_started=attempt.remote_job_started,
            noted=task.metadata,
            note=attempt.note,
            folder=folder,
            read=self._read,
            link=self.link,
            progress=attempt.progress,
            cancelled=attempt.cancelled,
            abandoned=attempt.abandoned,
            show=LivePreview(attempt).show,
        )
        marked = folder / "watermarked.mp4" if storyboard.watermark else None
        try:
            with tracing.span("render", {"kirin.shots": len(storyboard.shots)}) as rendering:
                rendered = render(self.router, storyboard, context, marked, task.engine)
                rendering.set_attribute("kirin.engine", rendered.engine)
        except InputsRefused as refusal:
            if refusal.field is None:
                raise
            param = card.fields.get(refusal.field, refusal.field)
            raise InputsRefused(f"{param}: {refusal.message}") from refusal
        review.result(rendered.path)
        results = tuple(
            Result(
                key=self._keep(task, path),
                type="video",
                watermark=path is marked,
                extra=card.extras(storyboard),
            )
            for path in (rendered.path, marked)
            if path is not None
        )
        metadata = {
            **waited(task),
            **facts(storyboard),
            "engine": rendered.engine,
            **({"job": rendered.job_id} if rendered.job_id else {}),
            **rendered.notes,
        }
        return TaskOutput(charge, metadata, results)

    def _opened(self, storyboard: Storyboard, attempt: Attempt, folder: Path) -> Storyboard:
        """A storyboard that continues a video, with that video's last picture as its first."""
        if storyboard.continues is None:
            return storyboard
        known = attempt.task.assets
        picture = known.get(OPENING)
        if picture is None:
            path = folder / "opening.png"
            Image.fromarray(last_picture(self._read(storyboard.continues))).save(path)
            picture = self._keep_picture(path)
            attempt.keep({**known, OPENING: picture})
        first, *others = storyboard.shots
        return replace(storyboard, shots=(replace(first, first=picture), *others))

    def _portray(
        self, draft: SubjectDraft, attempt: Attempt, folder: Path, charge: Charge
    ) -> TaskOutput:
        found = self.portraits.make(draft, self._read, folder, attempt.cancelled)
        portrait = Portrait(
            thumbnail=self._keep_picture(found.thumbnail),
            cutout=self._keep_picture(found.cutout) if found.cutout else None,
            joints=found.joints,
        )
        views = tuple(self._keep_picture(view) for view in found.views) or draft.views
        metadata = {
            **waited(attempt.task),
            "views": len(views),
            "cutout": portrait.cutout is not None,
            "person": bool(portrait.joints),
        }
        return TaskOutput(charge, metadata, subject=replace(draft, views=views, portrait=portrait))

    def _find_faces(
        self, search: FaceSearch, attempt: Attempt, folder: Path, charge: Charge
    ) -> TaskOutput:
        """The faces of a video, each with a picture of it."""
        video = self._read(search.video)
        found = self.faces.find(video, folder, attempt.progress, attempt.cancelled)
        told = [
            {"face_id": face.id, "start_time": _ms(face.start), "end_time": _ms(face.end)}
            for face, _ in found
        ]
        pictures = [
            Result(self._keep(attempt.task, path), "image", extra={"face_id": face.id})
            for face, path in found
        ]
        results = (Result("", "text", extra={"face_data": told}), *pictures)
        metadata = {**waited(attempt.task), FACES: faces_to_json([face for face, _ in found])}
        return TaskOutput(charge, metadata, results)

    def _keep_picture(self, path: Path) -> Asset:
        """A picture of our own, kept like those that came in."""
        asset = self.ingest.generated(path)
        patiently(partial(self.storage.put, input_key(asset.sha256), path, move=True))
        return asset

    def _read(self, asset: Asset) -> Path:
        return patiently(partial(self.storage.path, input_key(asset.sha256)))

    def _keep(self, task: Task, path: Path) -> str:
        key = result_key(task.id, task.attempt, path.name)
        with tracing.span("store", {"kirin.bytes": path.stat().st_size}):
            patiently(partial(self.storage.put, key, path, move=True))
        return key

    def _fetch(
        self, card: Card, values: Values, attempt: Attempt, folder: Path
    ) -> dict[str, Asset]:
        """Fetch what was only announced; facts of all media by path."""
        media = dict(attempt.task.assets)
        for number, place in enumerate(card.media(values)):
            if place.path not in media:
                media[place.path] = self._fetch_one(place, attempt, folder / f"input-{number}")
        if problems := card.check_media(values, media):
            raise InputsRefused("; ".join(f"{p.param}: {p.message}" for p in problems))
        if len(media) > len(attempt.task.assets):
            attempt.keep(media)
        return media

    def _fetch_one(self, place: MediaPlace[MediaParameter], attempt: Attempt, path: Path) -> Asset:
        limits = place.parameter.limits
        try:
            with tracing.span("fetch"):
                asset = self.ingest.fetch(place.value, path, limits, attempt.cancelled)
        except MediaRefused as refusal:
            raise InputsRefused(f"{place.path}: {refusal.message}") from refusal
        except TaskError as error:
            raise type(error)(f"{place.path}: {error.message}") from error
        patiently(partial(self.storage.put, input_key(asset.sha256), path, move=True))
        return asset


def waited(task: Task) -> dict[str, Any]:
    """How long the task was in the queue; 0 if the clock was set back meanwhile."""
    milliseconds = max(0, (task.started_at or task.created_at) - task.created_at)
    return {"queue_seconds": round(milliseconds / 1000, 3)}


def facts(storyboard: Storyboard) -> dict[str, Any]:
    """What ``metadata`` tells of every video (rule W-8)."""
    fps = storyboard.fps
    return {
        "width": storyboard.width,
        "height": storyboard.height,
        "fps": int(fps) if fps.denominator == 1 else float(fps),
        "frames": storyboard.frame_count,
        "duration": storyboard.seconds,
    }


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
