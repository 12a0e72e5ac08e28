"""The engine for a pool of inference servers: the least busy server gets the job.

Jobs cost nothing per use and have no side effects, so one that is lost with its server is submitted
again to another.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from kirin.domain.storyboard import Storyboard
from kirin.engines.base import RemoteJob, RemoteVideo, RenderContext, UnsupportedFeature
from kirin.engines.remote.backoff import Backoff, sleep
from kirin.engines.remote.session import DIRECT, Busy, OutcomeUnknown, Reply, Session, Unreachable
from kirin.engines.servers.api import (
    HEALTH,
    PAGE_SIZE,
    VIDEOS,
    Job,
    JobStatus,
    ServerApi,
    count_unfinished,
    error_message,
)
from kirin.engines.servers.capabilities import ModelCapabilities
from kirin.errors import CallFailed, EngineAway, InputsRefused, KirinError, Stopped, TaskError
from kirin.media.outgoing import Outgoing

log = structlog.get_logger(__name__)

MAX_SUBMISSIONS: Final = 3
"""How often a job is submitted in all, when servers lose it."""

MAX_DOWNLOADS: Final = 3
"""How often a download is tried."""

SILENCE_SECONDS: Final = 60.0
"""How long a server may leave polls unanswered before its job counts as lost."""

MAX_VIDEO_BYTES: Final = 2 * 10**9
"""Largest video that is downloaded."""


class JobLost(KirinError):
    """The server that had the job no longer has it, or no longer answers."""


class ServersEngine:
    """Has videos rendered by a pool of servers that all run the same open model.

    Args:
        name: the engine's name in the settings.
        urls: base URLs of the servers.
        api: how they read requests.
        capabilities: what the model supports.
        key: API key of the servers, if they require one.
        models: ids of the Kirin models that the pool serves.
        backoff: delays between polls.
        max_seconds: how long a video may take in all.
        silence_seconds: how long a server may leave polls unanswered.
        outgoing: certificate authorities and proxy.
    """

    def __init__(
        self,
        name: str,
        urls: Sequence[str],
        api: ServerApi,
        capabilities: ModelCapabilities,
        *,
        key: str | None,
        models: Collection[str],
        backoff: Backoff,
        max_seconds: float,
        silence_seconds: float = SILENCE_SECONDS,
        outgoing: Outgoing = DIRECT,
    ) -> None:
        self.name = name
        self._urls = tuple(url.rstrip("/") for url in urls)
        self._api = api
        self._capabilities = capabilities
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._models = frozenset(models)
        self._backoff = backoff
        self._max_seconds = max_seconds
        self._outgoing = outgoing
        self._silence_seconds = silence_seconds

    def unsupported(self, storyboard: Storyboard) -> list[UnsupportedFeature]:
        """What the model or the server's API cannot honour."""
        if storyboard.model not in self._models:
            message = f"{self.name} does not serve {storyboard.model}"
            return [UnsupportedFeature("model", message)]
        found = list(self._capabilities.unsupported(storyboard))
        if storyboard.sound and not self._api.sound_field:
            found.append(UnsupportedFeature("sound", "runs servers without an option for sound"))
        return [UnsupportedFeature(each.field, f"{self.name} {each.message}") for each in found]

    def render_remotely(self, storyboard: Storyboard, context: RenderContext) -> RemoteVideo:
        """Render on the least busy server; on another one if that server loses the job."""
        deadline = time.monotonic() + self._max_seconds
        problem = ""
        for submission in range(MAX_SUBMISSIONS):
            try:
                earlier = None if submission else self._find_earlier_job(context)
                url, job = earlier or self._submit(storyboard, context)
            except EngineAway:
                if not submission:
                    raise
                break
            try:
                with self._session(url) as session:
                    return self._collect(session, job, context, deadline)
            except JobLost as error:
                problem = error.message
                log.warning("job lost", engine=self.name, reason=problem)
        raise CallFailed(problem)

    def cancel(self, job: RemoteJob) -> None:
        """Delete the job from every server; those that do not have it ignore that."""
        for url in self._urls if job.job_id else ():
            with self._session(url) as session, suppress(Unreachable, OutcomeUnknown):
                session.call("DELETE", f"{VIDEOS}/{job.job_id}")

    def check_health(self) -> str | None:
        """Which servers do not answer, or reject the key."""
        return "; ".join(filter(None, map(self._check_server, self._urls))) or None

    def _check_server(self, url: str) -> str:
        try:
            with self._session(url) as session:
                for path, query in ((HEALTH, {}), (VIDEOS, {"limit": PAGE_SIZE})):
                    if (reply := session.call("GET", path, params=query)).status != 200:
                        return f"{url}: answered {reply.status}"
        except (Unreachable, OutcomeUnknown) as error:
            return f"{url}: {error.message}"
        return ""

    def _session(self, url: str) -> Session:
        return Session(self.name, url, lambda: self._headers, outgoing=self._outgoing)

    def _find_earlier_job(self, context: RenderContext) -> tuple[str, Job] | None:
        """The job that an earlier attempt submitted, with its server's URL."""
        if not context.job_id:
            return None
        for url in self._urls:
            with self._session(url) as session, suppress(Unreachable, OutcomeUnknown):
                job = Job.parse(self.name, session.call("GET", f"{VIDEOS}/{context.job_id}"))
                if job.status in {JobStatus.UNFINISHED, JobStatus.COMPLETED}:
                    return url, job
        return None

    def _submit(self, board: Storyboard, context: RenderContext) -> tuple[str, Job]:
        """Submit the job to the least busy server that accepts it; returns that server's URL."""
        form = self._api.form(board, self._capabilities, context.read)
        problem = f"no server of {self.name} answers"
        for url in self._by_load(context):
            context.raise_if_cancelled()
            with self._session(url) as session:
                try:
                    job = self._parse_submitted(session.call("POST", VIDEOS, files=form))
                except (Unreachable, OutcomeUnknown, Busy) as error:
                    problem = error.message
                    continue
            context.job_started(job.id)
            return url, job
        raise EngineAway(problem)

    def _parse_submitted(self, reply: Reply) -> Job:
        if reply.status == 429 or reply.status >= 500:
            raise Busy(f"{self.name} answered {reply.status}", reply.retry_after)
        if reply.status in {401, 403}:
            raise EngineAway(f"{self.name} rejects the API key of this server ({reply.status})")
        if reply.status >= 400:
            raise InputsRefused(f"{self.name}: {error_message(reply)}")
        return Job.parse(self.name, reply)

    def _by_load(self, context: RenderContext) -> list[str]:
        """The healthy servers, the least busy first; ties are broken by the task's id."""
        turn = int.from_bytes(context.task_id.encode()[-4:]) % len(self._urls)
        loads: dict[str, int] = {}
        for url in (*self._urls[turn:], *self._urls[:turn]):
            with self._session(url) as session, suppress(Unreachable, OutcomeUnknown):
                if session.call("GET", HEALTH).status == 200:
                    reply = session.call("GET", VIDEOS, params={"limit": PAGE_SIZE})
                    loads[url] = count_unfinished(reply)
        return sorted(loads, key=loads.__getitem__)

    def _collect(
        self, session: Session, job: Job, context: RenderContext, deadline: float
    ) -> RemoteVideo:
        """Wait for a job, download its video, and delete it from the server."""
        keep = False
        try:
            completed = self._wait(session, job, context, deadline)
            path = context.folder / "server.mp4"
            self._download(session, completed, path, context)
            seconds = completed.inference_seconds
            notes = {} if seconds is None else {"server_seconds": seconds}
            return RemoteVideo(path, completed.id, notes)
        except Stopped:
            keep = not context.abandoned()  # the next attempt resumes it
            raise
        finally:
            if not keep:
                with suppress(Unreachable, OutcomeUnknown):
                    session.call("DELETE", f"{VIDEOS}/{job.id}")

    def _wait(self, session: Session, job: Job, context: RenderContext, deadline: float) -> Job:
        for current in self._poll(session, job, context):
            if current.status is JobStatus.COMPLETED:
                return current
            if current.status is JobStatus.NOT_FOUND:
                raise JobLost(f"{self.name} no longer has the job")
            if current.status is JobStatus.FAILED:
                raise TaskError(f"{self.name}: {current.failure or 'no reason given'}")
            context.progress(current.progress)
            if time.monotonic() > deadline:
                raise CallFailed(f"{self.name} did not finish within {self._max_seconds:g} s")
        raise AssertionError("polling never ends by itself")

    def _poll(self, session: Session, job: Job, context: RenderContext) -> Iterator[Job]:
        """The job's state, again and again."""
        answered_at = time.monotonic()
        yield job
        for delay in self._backoff.delays():
            sleep(context, delay)
            try:
                current = Job.parse(self.name, session.call("GET", f"{VIDEOS}/{job.id}"))
            except (Unreachable, OutcomeUnknown) as error:
                if time.monotonic() - answered_at > self._silence_seconds:
                    raise JobLost(error.message) from error
                continue
            answered_at = time.monotonic()
            yield current

    def _download(self, session: Session, job: Job, path: Path, context: RenderContext) -> None:
        problem = ""
        for attempt in range(MAX_DOWNLOADS):
            if attempt:
                sleep(context, self._backoff.first)
            try:
                url = f"{VIDEOS}/{job.id}/content"
                reply = session.download(url, path, MAX_VIDEO_BYTES, context)
                if reply.status == 200:
                    return
                problem = f"{self.name}: {error_message(reply)}"
            except (Unreachable, OutcomeUnknown) as error:
                problem = error.message
        raise JobLost(problem)
