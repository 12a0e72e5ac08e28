"""The engine of inference servers: the least busy one makes the video, another if that one dies.

A job costs nobody money and leaves nothing behind, so one that was lost is made again elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from kirin.domain.storyboard import Storyboard
from kirin.engines.base import Begun, Errand, Film, Reason
from kirin.engines.remote.session import Busy, NotReached, Reply, Session, Unclear
from kirin.engines.remote.waiting import Rhythm, nap
from kirin.engines.servers.ability import Ability
from kirin.engines.servers.wire import (
    HEALTH,
    PAGE,
    VIDEOS,
    Job,
    Stage,
    Wire,
    unfinished,
    words,
)
from kirin.errors import CallFailed, EngineAway, InputsRefused, KirinError, Stopped, TaskError

log = structlog.get_logger(__name__)

LIVES: Final = 3
"""How often a job is begun, the first time included, when its server loses it."""

TRIES: Final = 3
"""How often a download is begun."""

SILENCE_SECONDS: Final = 60.0
"""How long a server may give no answer before its job counts as lost."""

LARGEST: Final = 2 * 10**9
"""Bytes of a video at most."""


class Lost(KirinError):
    """A server that had begun a job has lost it."""


class ServersEngine:
    """Has videos made by a pool of servers that all run one open model.

    Args:
        name: what the settings call it.
        urls: of the servers.
        wire: their kind.
        ability: what the model can do.
        key: that they ask for, if they do.
        models: the Kirin models that they make.
        rhythm: how often they are asked.
        most_seconds: how long a video may take in all.
        silence_seconds: how long a server may give no answer.
    """

    def __init__(
        self,
        name: str,
        urls: Sequence[str],
        wire: Wire,
        ability: Ability,
        *,
        key: str | None,
        models: Collection[str],
        rhythm: Rhythm,
        most_seconds: float,
        silence_seconds: float = SILENCE_SECONDS,
    ) -> None:
        self.name = name
        self._urls = tuple(url.rstrip("/") for url in urls)
        self._wire = wire
        self._ability = ability
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._models = frozenset(models)
        self._rhythm = rhythm
        self._most_seconds = most_seconds
        self._silence_seconds = silence_seconds

    def unsupported(self, storyboard: Storyboard) -> list[Reason]:
        """What the model cannot honour."""
        if storyboard.model not in self._models:
            return [Reason("model", f"{self.name} does not make {storyboard.model}")]
        found = list(self._ability.reasons(storyboard))
        if storyboard.sound and not self._wire.sound:
            found.append(Reason("sound", "has servers that cannot be asked for sound"))
        return [Reason(each.field, f"{self.name} {each.message}") for each in found]

    def carry(self, storyboard: Storyboard, errand: Errand) -> Film:
        """Have the video made by the least busy server; by another if that one loses it."""
        give_up = time.monotonic() + self._most_seconds
        problem = ""
        for life in range(LIVES):
            try:
                held = None if life else self._held(errand)
                url, job = held or self._begun(storyboard, errand)
            except EngineAway:
                if not life:
                    raise
                break
            try:
                with self._session(url) as session:
                    return self._brought(session, job, errand, give_up)
            except Lost as error:
                problem = error.message
                log.warning("job lost", engine=self.name, reason=problem)
        raise CallFailed(problem)

    def call_off(self, begun: Begun) -> None:
        """Delete the job on whichever server has it; the others do not know it."""
        for url in self._urls if begun.job else ():
            with self._session(url) as session, suppress(NotReached, Unclear):
                session.call("DELETE", f"{VIDEOS}/{begun.job}")

    def trouble(self) -> str | None:
        """Which servers do not answer, or do not take the key."""
        return "; ".join(filter(None, map(self._trouble_of, self._urls))) or None

    def _trouble_of(self, url: str) -> str:
        place = f"{url}: "
        try:
            with self._session(url) as session:
                for path, query in ((HEALTH, {}), (VIDEOS, {"limit": PAGE})):
                    if (reply := session.call("GET", path, params=query)).status != 200:
                        return f"{place}answered {reply.status}"
        except (NotReached, Unclear) as error:
            return f"{place}{error.message}"
        return ""

    def _session(self, url: str) -> Session:
        return Session(self.name, url, lambda: self._headers)

    def _held(self, errand: Errand) -> tuple[str, Job] | None:
        """The job that an earlier attempt has begun, and the server that has it."""
        if not errand.job:
            return None
        for url in self._urls:
            with self._session(url) as session, suppress(NotReached, Unclear):
                job = Job.read(self.name, session.call("GET", f"{VIDEOS}/{errand.job}"))
                if job.stage in {Stage.GOING, Stage.DONE}:
                    return url, job
        return None

    def _begun(self, board: Storyboard, errand: Errand) -> tuple[str, Job]:
        """Begin the job at the least busy server that takes it."""
        form = self._wire.form(board, self._ability, errand.read)
        problem = f"{self.name} has no server that answers"
        for url in self._by_load(errand):
            errand.check()
            with self._session(url) as session:
                try:
                    reply = session.call("POST", VIDEOS, files=form)
                    job = self._taken(reply)
                except (NotReached, Unclear, Busy) as error:
                    problem = error.message
                    continue
            errand.began(job.id)
            return url, job
        raise EngineAway(problem)

    def _taken(self, reply: Reply) -> Job:
        if reply.status == 429 or reply.status >= 500:
            raise Busy(f"{self.name} answered {reply.status}", reply.retry_after)
        if reply.status in {401, 403}:
            raise EngineAway(f"{self.name} does not take jobs from this server ({reply.status})")
        if reply.status >= 400:
            raise InputsRefused(f"{self.name}: {words(reply)}")
        return Job.read(self.name, reply)

    def _by_load(self, errand: Errand) -> list[str]:
        """The servers that are well, the least busy first; equals in an order of the task's own."""
        turn = int.from_bytes(errand.name.encode()[-4:]) % len(self._urls)
        loads: dict[str, int] = {}
        for url in (*self._urls[turn:], *self._urls[:turn]):
            with self._session(url) as session, suppress(NotReached, Unclear):
                if session.call("GET", HEALTH).status == 200:
                    reply = session.call("GET", VIDEOS, params={"limit": PAGE})
                    loads[url] = unfinished(reply)
        return sorted(loads, key=loads.__getitem__)

    def _brought(self, session: Session, job: Job, errand: Errand, give_up: float) -> Film:
        """Follow a job, fetch its video, and leave nothing on the server."""
        wanted = False
        try:
            done = self._awaited(session, job, errand, give_up)
            path = errand.folder / "server.mp4"
            self._fetch(session, done, path, errand)
            took = {"server_seconds": done.seconds} if done.seconds is not None else {}
            return Film(path, done.id, took)
        except Stopped:
            wanted = not errand.abandoned()  # whoever goes on with the task asks after it
            raise
        finally:
            if not wanted:
                with suppress(NotReached, Unclear):
                    session.call("DELETE", f"{VIDEOS}/{job.id}")

    def _awaited(self, session: Session, job: Job, errand: Errand, give_up: float) -> Job:
        for job_now in self._told(session, job, errand):
            if job_now.stage is Stage.DONE:
                return job_now
            if job_now.stage is Stage.GONE:
                raise Lost(f"{self.name} does not know the job any more")
            if job_now.stage is Stage.FAILED:
                raise TaskError(f"{self.name}: {job_now.failure or 'no reason given'}")
            errand.progress(job_now.progress)
            if time.monotonic() > give_up:
                raise CallFailed(f"{self.name} was not done after {self._most_seconds:g} s")
        raise AssertionError  # it is told without end

    def _told(self, session: Session, job: Job, errand: Errand) -> Iterator[Job]:
        """What the server says of a job, again and again."""
        heard = time.monotonic()
        yield job
        for pause in self._rhythm.pauses():
            nap(errand, pause)
            try:
                now = Job.read(self.name, session.call("GET", f"{VIDEOS}/{job.id}"))
            except (NotReached, Unclear) as error:
                if time.monotonic() - heard > self._silence_seconds:
                    raise Lost(error.message) from error
                continue
            heard = time.monotonic()
            yield now

    def _fetch(self, session: Session, job: Job, path: Path, errand: Errand) -> None:
        for left in reversed(range(TRIES)):
            try:
                reply = session.download(f"{VIDEOS}/{job.id}/content", path, LARGEST, errand)
                if reply.status == 200:
                    return
                problem = f"{self.name}: {words(reply)}"
            except (NotReached, Unclear) as error:
                problem = error.message
            if left:
                nap(errand, self._rhythm.first)
        raise Lost(problem)
