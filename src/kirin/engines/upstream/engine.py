"""The upstream engine: submits a task to a provider, polls it and downloads the video."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog

from kirin.domain.assets import Asset
from kirin.domain.callbacks import Progress
from kirin.domain.storyboard import Storyboard
from kirin.engines.base import RemoteJob, RemoteVideo, RenderContext, UnsupportedFeature
from kirin.engines.remote.backoff import Backoff, sleep
from kirin.engines.remote.session import Busy, OutcomeUnknown, Session, Unreachable
from kirin.engines.upstream import params
from kirin.engines.upstream.dialect import (
    Dialect,
    Recovery,
    TaskPhase,
    TaskState,
    UpstreamTask,
)
from kirin.engines.upstream.submitter import MAX_RETRY_AFTER, MAX_SUBMISSIONS, Submitter
from kirin.errors import (
    EngineAway,
    FetchFailed,
    KirinError,
    ResultUnusable,
    StatusUnknown,
    Stopped,
)
from kirin.media.egress import EgressPolicy
from kirin.media.fetch import FetchLimits, fetch

log = structlog.get_logger(__name__)

MAX_DOWNLOADS: Final = 6
"""How often the download of a result is tried: it has been paid for."""

SILENCE_SECONDS: Final = 300.0
"""How long a provider that has the task may leave polls unanswered before the task fails."""

MAX_SUBJECTS: Final = 3
"""Most subjects of one task (rule V3-5)."""

UPSTREAM_COST: Final = "upstream_cost"
"""The note of what a provider was paid."""

PROBE: Final = "kirin-doctor"
"""Id of a task that no provider has."""

FINAL_PHASES: Final = frozenset({TaskPhase.SUCCEEDED, TaskPhase.FAILED})

OK: Final = 200

DOWNLOAD_LIMITS: Final = FetchLimits(max_bytes=2 * 10**9, read_seconds=30, total_seconds=900)
"""Limits of the download of a result."""


class UpstreamEngine:
    """Has videos rendered by another provider of the same models.

    No task is submitted twice; see :class:`~kirin.engines.upstream.submitter.Submitter`.

    Args:
        name: the engine's name in the settings.
        base_url: of the provider's API.
        dialect: the provider's API.
        models: ids of the Kirin models that it renders.
        egress: decides from which hosts results are downloaded; should allow the provider's own.
        can_link: whether it can fetch files from this server, in case it takes no uploads.
        backoff: delays between polls.
        max_seconds: how long a task may take in all.
        silence_seconds: how long it may leave polls unanswered.
    """

    keeps_seed = False
    """Providers draw their own."""

    def __init__(
        self,
        name: str,
        base_url: str,
        dialect: Dialect,
        *,
        models: Collection[str],
        egress: EgressPolicy,
        can_link: bool,
        backoff: Backoff,
        max_seconds: float,
        silence_seconds: float = SILENCE_SECONDS,
    ) -> None:
        self.name = name
        self._base_url = base_url.rstrip("/")
        self._dialect = dialect
        self._models = frozenset(models)
        self._egress = egress
        self._can_link = can_link or dialect.upload is not None
        self._backoff = backoff
        self._max_seconds = max_seconds
        self._silence_seconds = silence_seconds

    def unsupported(self, storyboard: Storyboard) -> list[UnsupportedFeature]:
        """What cannot be expressed in a request to this provider."""
        if storyboard.model not in self._models:
            message = f"{self.name} does not serve {storyboard.model}"
            return [UnsupportedFeature("model", message)]
        found = params.unsupported(storyboard, can_link=self._can_link)
        lacks = self._dialect.lacks(storyboard.model)
        found.extend(
            UnsupportedFeature(field, f"takes no {param} with this model")
            for param, field in params.used(storyboard).items()
            if param in lacks
        )
        return [UnsupportedFeature(each.field, f"{self.name} {each.message}") for each in found]

    def render_remotely(self, storyboard: Storyboard, context: RenderContext) -> RemoteVideo:
        """Submit the task, wait for it and download the video."""
        with self._session() as session:
            if (upload := self._dialect.upload) is not None:
                send = partial(upload, session)
                context = replace(context, link=lambda asset: self._upload(send, asset, context))
            subject_ids: list[int] = []
            keep_subjects = False
            try:
                for subject_task in self._subject_tasks(storyboard, context):
                    subject = self._complete(session, subject_task, context)
                    subject_ids.append(subject.subject_id)  # deleted even if the next one fails
                written = params.MODELS[storyboard.model].write(storyboard, context, subject_ids)
                size = (storyboard.width, storyboard.height)
                task = UpstreamTask(storyboard.model, written, context.task_id, size)
                state = self._complete(session, task, context, context.progress)
                path = context.folder / "upstream.mp4"
                self._download(session, task, state, path, context)
                return RemoteVideo(path, state.id, state.notes)
            except Stopped:
                keep_subjects = not context.abandoned()  # the next attempt needs them
                raise
            finally:
                for subject_id in () if keep_subjects else subject_ids:
                    with suppress(KirinError):
                        self._dialect.delete_subject(session, subject_id)

    def cancel(self, job: RemoteJob) -> None:
        """Cancel the task that the provider has under our id, and delete its subjects."""
        with self._session() as session:
            task = UpstreamTask(job.model, {}, job.task_id)
            if self._dialect.recovery is not Recovery.BY_NAME:
                if job.job_id is not None:
                    self._dialect.cancel(session, task, job.job_id)
                return
            state = self._dialect.find(session, task)
            if state and state.phase not in FINAL_PHASES:
                self._dialect.cancel(session, task, state.id)
            if not params.MODELS[job.model].needs_subject_ids:
                return
            for number in range(1, MAX_SUBJECTS + 1):
                subject = self._dialect.find(session, _subject_task({}, job.task_id, number))
                if subject is None:
                    return
                if subject.subject_id:
                    self._dialect.delete_subject(session, subject.subject_id)

    def check_health(self) -> str | None:
        """Whether the provider answers and accepts the key, by looking up a task that is not
        there."""
        try:
            with self._session() as session:
                for model in sorted(self._models)[:1]:
                    task = UpstreamTask(model, {}, PROBE)
                    if self._dialect.recovery is Recovery.BY_NAME:
                        self._dialect.find(session, task)
                    else:
                        with suppress(StatusUnknown):  # as it has to be
                            self._dialect.get(session, task, PROBE)
        except KirinError as error:
            return error.message
        return None

    def _session(self) -> Session:
        return Session(
            self.name, self._base_url, self._dialect.headers, outgoing=self._egress.outgoing
        )

    def _upload(self, send: Callable[[Path], str], asset: Asset, context: RenderContext) -> str:
        """Upload a file; however this fails, no task has been started by it."""
        problem = ""
        for _, delay in zip(range(MAX_SUBMISSIONS), self._backoff.delays(), strict=False):
            if problem:
                sleep(context, delay)
            try:
                return send(context.read(asset))
            except (Unreachable, OutcomeUnknown, Busy) as error:
                problem = error.message
        raise EngineAway(problem)

    def _subject_tasks(
        self, storyboard: Storyboard, context: RenderContext
    ) -> Iterator[UpstreamTask]:
        """The tasks that create the storyboard's subjects, if the model takes them by id."""
        if params.MODELS[storyboard.model].needs_subject_ids:
            for number, subject in enumerate(params.subjects(storyboard), 1):
                written = params.subject_params(subject, number, context)
                yield _subject_task(written, context.task_id, number)

    def _complete(
        self,
        session: Session,
        task: UpstreamTask,
        context: RenderContext,
        progress: Progress | None = None,
    ) -> TaskState:
        """Bring a task to its end, resuming what an earlier attempt has submitted."""
        state: TaskState | None = None
        try:
            submitter = Submitter(
                self.name, self._dialect, session, context, self._backoff, self._silence_seconds
            )
            state = submitter.submit(task)
            return self._wait(session, task, state, context, progress)
        except Stopped:
            if context.abandoned():
                with suppress(KirinError):
                    if state := state or self._known(session, task):
                        self._dialect.cancel(session, task, state.id)
            raise

    def _known(self, session: Session, task: UpstreamTask) -> TaskState | None:
        """The task at a provider that has our id of it."""
        by_name = self._dialect.recovery is Recovery.BY_NAME
        return self._dialect.find(session, task) if by_name else None

    def _wait(
        self,
        session: Session,
        task: UpstreamTask,
        state: TaskState,
        context: RenderContext,
        progress: Progress | None,
    ) -> TaskState:
        started = answered_at = time.monotonic()
        for delay in self._backoff.delays():
            if state.phase in FINAL_PHASES and (spent := state.notes.get(UPSTREAM_COST)):
                # It is spent, whatever becomes of the result.
                context.note({UPSTREAM_COST: spent})
            if state.phase is TaskPhase.SUCCEEDED:
                return state
            if state.failure:
                raise state.failure
            if progress:
                progress(state.progress)
            now = time.monotonic()
            if now - started > self._max_seconds:
                with suppress(KirinError):
                    self._dialect.cancel(session, task, state.id)
                raise StatusUnknown(f"{self.name} did not finish within {self._max_seconds:g} s")
            sleep(context, delay)
            try:
                state = self._dialect.get(session, task, state.id)
                answered_at = time.monotonic()
            except Busy as error:
                sleep(context, min(error.seconds or 0, MAX_RETRY_AFTER))
            except (Unreachable, OutcomeUnknown) as error:
                if now - answered_at > self._silence_seconds:
                    raise StatusUnknown(error.message) from error
        raise AssertionError("the delays are endless")

    def _download(
        self,
        session: Session,
        task: UpstreamTask,
        state: TaskState,
        path: Path,
        context: RenderContext,
    ) -> None:
        """Download the video at once: providers delete results after a while."""
        for left, delay in zip(
            reversed(range(MAX_DOWNLOADS)), self._backoff.delays(), strict=False
        ):
            if not (state.url or state.path):
                raise ResultUnusable(f"{self.name} completed the task without a video")
            try:
                if state.path:
                    return self._download_with_key(session, state.path, path, context)
                return fetch(state.url, path, DOWNLOAD_LIMITS, self._egress, context.cancelled)
            except FetchFailed as error:
                # The reason is for the operator only: it may name internal addresses.
                log.warning("result not downloaded", engine=self.name, reason=error.message)
                if not left:
                    message = f"the video of {self.name} could not be downloaded"
                    raise FetchFailed(message) from error
            sleep(context, delay)
            with suppress(Unreachable, OutcomeUnknown, Busy):
                state = self._dialect.get(session, task, state.id)  # it may have a fresh link
        raise AssertionError("the last try returns or raises")

    def _download_with_key(
        self, session: Session, source: str, path: Path, context: RenderContext
    ) -> None:
        try:
            reply = session.download(source, path, DOWNLOAD_LIMITS.max_bytes, context)
        except (Unreachable, OutcomeUnknown) as error:
            raise FetchFailed(error.message) from error
        if reply.status != OK:
            raise FetchFailed(f"{self.name} answered {reply.status}")


def _subject_task(written: Mapping[str, Any], task_id: str, number: int) -> UpstreamTask:
    """The task that creates a subject of a task."""
    return UpstreamTask(params.SUBJECT_MODEL, written, f"{task_id}-subject-{number}")
