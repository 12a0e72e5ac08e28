"""The engine that hands a task on: places the order, follows it, brings the file home."""

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
from kirin.engines.base import Begun, Errand, Film, Reason
from kirin.engines.remote.session import Busy, NotReached, Session, Unclear
from kirin.engines.remote.waiting import Rhythm, nap
from kirin.engines.upstream import family
from kirin.engines.upstream.order import Dialect, Order, Phase, State
from kirin.errors import (
    EngineAway,
    FetchFailed,
    InputsRefused,
    KirinError,
    ResultUnusable,
    StatusUnknown,
    Stopped,
)
from kirin.media.fetch import FetchLimits, fetch
from kirin.media.guard import Guard

log = structlog.get_logger(__name__)

TRIES: Final = 3
"""How often an order is placed that has not begun."""

FETCHES: Final = 6
"""How often the download of a result is begun: it has been paid for."""

LONGEST_ASKED: Final = 30.0
"""Most seconds to wait because a provider that is busy asks for it."""

SILENCE_SECONDS: Final = 300.0
"""How long a provider that has begun may give no answer before the task is given up."""

MOST_SUBJECTS: Final = 3
"""Subjects of one task (rule V3-5)."""

OVER: Final = frozenset({Phase.DONE, Phase.FAILED})

RESULT: Final = FetchLimits(max_bytes=2 * 10**9, read_seconds=30, total_seconds=900)
"""What the download of a result may cost."""


class UpstreamEngine:
    """Has videos made by another provider of the same models.

    No order is placed twice: each carries the task's id as its name there, and where it is not
    clear whether the provider has it, it is looked for under that name before anything else.

    Args:
        name: what the settings call it.
        base_url: of the provider's API.
        dialect: how it is spoken to.
        models: the Kirin models that it makes.
        guard: decides where results are fetched from; it should allow the provider's own host.
        linked: whether it can read files from this server, if it takes none.
        rhythm: how often it is asked.
        most_seconds: how long it may take in all.
        silence_seconds: how long it may give no answer at all.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        dialect: Dialect,
        *,
        models: Collection[str],
        guard: Guard,
        linked: bool,
        rhythm: Rhythm,
        most_seconds: float,
        silence_seconds: float = SILENCE_SECONDS,
    ) -> None:
        self.name = name
        self._base_url = base_url.rstrip("/")
        self._dialect = dialect
        self._models = frozenset(models)
        self._guard = guard
        self._linked = linked or dialect.send is not None
        self._rhythm = rhythm
        self._most_seconds = most_seconds
        self._silence_seconds = silence_seconds

    def unsupported(self, storyboard: Storyboard) -> list[Reason]:
        """What cannot be written as an order to this provider."""
        if storyboard.model not in self._models:
            return [Reason("model", f"{self.name} does not make {storyboard.model}")]
        found = family.reasons(storyboard, linked=self._linked)
        return [Reason(each.field, f"{self.name} {each.message}") for each in found]

    def carry(self, storyboard: Storyboard, errand: Errand) -> Film:
        """Place the order, wait for it and fetch the video."""
        with Session(self.name, self._base_url, self._dialect.headers) as session:
            if (send := self._dialect.send) is not None:
                files = partial(send, session)
                errand = replace(errand, link=lambda asset: self._sent(files, asset, errand))
            elements: list[int] = []
            wanted = False
            try:
                for order in self._subjects(storyboard, errand):
                    subject = self._bring(session, order, errand)
                    elements.append(subject.element)
                params = family.FORMS[storyboard.model](storyboard, errand, elements)
                order = Order(storyboard.model, params, errand.name)
                state = self._bring(session, order, errand, errand.progress)
                path = errand.folder / "upstream.mp4"
                self._fetch(session, order, state, path, errand)
                return Film(path, state.id, state.notes)
            except Stopped:
                wanted = not errand.abandoned()  # whoever goes on with the task needs them
                raise
            finally:
                for element in () if wanted else elements:
                    with suppress(KirinError):
                        self._dialect.forget(session, element)

    def call_off(self, begun: Begun) -> None:
        """Cancel the order that a task has there under its name, and forget its subjects."""
        with Session(self.name, self._base_url, self._dialect.headers) as session:
            order = Order(begun.model, {}, begun.name)
            if (state := self._dialect.find(session, order)) and state.phase not in OVER:
                self._dialect.cancel(session, order, state.id)
            if begun.model not in family.BY_ELEMENT:
                return
            for number in range(1, MOST_SUBJECTS + 1):
                subject = self._dialect.find(session, _subject({}, begun.name, number))
                if subject is None:
                    return
                if subject.element:
                    self._dialect.forget(session, subject.element)

    def trouble(self) -> str | None:
        """Whether the provider answers, and takes the key: it is asked for what is not there."""
        try:
            with Session(self.name, self._base_url, self._dialect.headers) as session:
                for model in sorted(self._models)[:1]:
                    self._dialect.find(session, Order(model, {}, "kirin-doctor"))
        except KirinError as error:
            return error.message
        return None

    def _sent(self, send: Callable[[Path], str], asset: Asset, errand: Errand) -> str:
        """Send a file ahead; nothing has begun by that, whatever comes of it."""
        problem = ""
        for _, pause in zip(range(TRIES), self._rhythm.pauses(), strict=False):
            if problem:
                nap(errand, pause)
            try:
                return send(errand.read(asset))
            except (NotReached, Unclear, Busy) as error:
                problem = error.message
        raise EngineAway(problem)

    def _subjects(self, storyboard: Storyboard, errand: Errand) -> Iterator[Order]:
        if storyboard.model in family.BY_ELEMENT:
            for number, subject in enumerate(family.subjects(storyboard), 1):
                yield _subject(family.element(subject, number, errand), errand.name, number)

    def _bring(
        self, session: Session, order: Order, errand: Errand, progress: Progress | None = None
    ) -> State:
        """Have an order made, from wherever an earlier attempt has left it."""
        state: State | None = None
        try:
            state = self._placed(session, order, errand)
            return self._awaited(session, order, state, errand, progress)
        except Stopped:
            if errand.abandoned():
                with suppress(KirinError):
                    if state := state or self._dialect.find(session, order):
                        self._dialect.cancel(session, order, state.id)
            raise

    def _placed(self, session: Session, order: Order, errand: Errand) -> State:
        if errand.again and (found := self._found(session, order, errand)):
            return found
        problem = ""
        for _, pause in zip(range(TRIES), self._rhythm.pauses(), strict=False):
            if problem:
                nap(errand, pause)
            try:
                return self._dialect.create(session, order)
            except NotReached as error:
                problem = error.message
            except Busy as error:
                problem = error.message
                nap(errand, min(error.seconds or 0, LONGEST_ASKED))
            except Unclear as error:
                problem = error.message
                nap(errand, pause)  # it may be on its way still
                if found := self._found(session, order, errand):
                    return found
            except InputsRefused:
                # Perhaps only because the one before has arrived by now, under the same name.
                if problem and (found := self._found(session, order, errand)):
                    return found
                raise
        raise EngineAway(problem)

    def _found(self, session: Session, order: Order, errand: Errand) -> State | None:
        """The order, if the provider has it; asks until it is clear."""
        give_up = time.monotonic() + self._silence_seconds
        for pause in self._rhythm.pauses():
            try:
                return self._dialect.find(session, order)
            except (NotReached, Unclear, Busy) as error:
                if time.monotonic() > give_up:
                    message = f"{error.message}; it may have begun the task, which is not repeated"
                    raise StatusUnknown(message) from error
            nap(errand, pause)
        raise AssertionError  # the pauses have no end

    def _awaited(
        self,
        session: Session,
        order: Order,
        state: State,
        errand: Errand,
        progress: Progress | None,
    ) -> State:
        begun = heard = time.monotonic()
        for pause in self._rhythm.pauses():
            if state.phase is Phase.DONE:
                return state
            if state.failure:
                raise state.failure
            if progress:
                progress(state.progress)
            now = time.monotonic()
            if now - begun > self._most_seconds:
                with suppress(KirinError):
                    self._dialect.cancel(session, order, state.id)
                raise StatusUnknown(f"{self.name} was not done after {self._most_seconds:g} s")
            nap(errand, pause)
            try:
                state = self._dialect.look(session, order, state.id)
                heard = time.monotonic()
            except Busy as error:
                nap(errand, min(error.seconds or 0, LONGEST_ASKED))
            except (NotReached, Unclear) as error:
                if now - heard > self._silence_seconds:
                    raise StatusUnknown(error.message) from error
        raise AssertionError  # the pauses have no end

    def _fetch(
        self, session: Session, order: Order, state: State, path: Path, errand: Errand
    ) -> None:
        """Fetch the video at once: providers remove theirs after a while."""
        for left, pause in zip(reversed(range(FETCHES)), self._rhythm.pauses(), strict=False):
            if not state.url:
                raise ResultUnusable(f"{self.name} was done, and gave no video")
            try:
                return fetch(state.url, path, RESULT, self._guard, errand.cancelled)
            except FetchFailed as error:
                # Why is for the operator: it may speak of addresses inside.
                log.warning("result not fetched", engine=self.name, reason=error.message)
                if not left:
                    message = f"the video of {self.name} could not be fetched"
                    raise FetchFailed(message) from error
            nap(errand, pause)
            with suppress(NotReached, Unclear, Busy):
                state = self._dialect.look(session, order, state.id)  # perhaps with a fresh link
        raise AssertionError  # the last try returns or raises


def _subject(params: Mapping[str, Any], task: str, number: int) -> Order:
    """The order of a subject that a task needs."""
    return Order(family.ELEMENTS, params, f"{task}-subject-{number}")
