"""Submitting a task to a provider: once, whatever fails."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from kirin.engines.base import RenderContext
from kirin.engines.remote.backoff import Backoff, sleep
from kirin.engines.remote.session import Busy, OutcomeUnknown, Session, Unreachable
from kirin.engines.upstream.dialect import Dialect, Recovery, TaskState, UpstreamTask
from kirin.errors import EngineAway, InputsRefused, NotStarted, StatusUnknown

Found = TypeVar("Found")

MAX_SUBMISSIONS: Final = 3
"""How often a task that has not been accepted is submitted."""

MAX_RETRY_AFTER: Final = 30.0
"""Longest ``Retry-After`` that is respected, in seconds."""

SUBMITTED_TO: Final = "submitted_to"
"""What a task notes before it is submitted to a provider that could not tell us afterwards."""


class Submitter:
    """Has a provider accept a task, unless it has done so already.

    Args:
        name: the engine's name.
        dialect: the provider's API.
        session: with the provider.
        context: the attempt's.
        backoff: delays between tries.
        silence_seconds: how long a provider is asked whether it has a task.
    """

    def __init__(
        self,
        name: str,
        dialect: Dialect,
        session: Session,
        context: RenderContext,
        backoff: Backoff,
        silence_seconds: float,
    ) -> None:
        self._name = name
        self._dialect = dialect
        self._session = session
        self._context = context
        self._backoff = backoff
        self._silence_seconds = silence_seconds

    def submit(self, task: UpstreamTask) -> TaskState:
        """Submit a task, or resume what an earlier attempt has submitted.

        Raises:
            EngineAway, NotStarted, InputsRefused: it was not accepted.
            StatusUnknown: nobody can say whether it was, so it is not submitted again.
            Stopped: the attempt is over.
        """
        recovery = self._dialect.recovery
        if recovery is Recovery.BY_NAME:
            return self._by_name(task)
        if self._context.job_id is not None:
            return self._resume(task, self._context.job_id)
        state = self._by_key(task) if recovery is Recovery.BY_KEY else self._once(task)
        self._context.job_started(state.id)
        return state

    def _by_name(self, task: UpstreamTask) -> TaskState:
        """The provider has our id of the task: where in doubt, it is looked up by that."""
        if self._context.is_retry and (found := self._find(task)):
            return found
        problem = ""
        for _, delay in zip(range(MAX_SUBMISSIONS), self._backoff.delays(), strict=False):
            if problem:
                sleep(self._context, delay)
            try:
                return self._dialect.submit(self._session, task)
            except Unreachable as error:
                problem = error.message
            except Busy as error:
                problem = error.message
                self._wait_for(error)
            except OutcomeUnknown as error:
                problem = error.message
                sleep(self._context, delay)  # the request may still be on its way
                if found := self._find(task):
                    return found
            except InputsRefused:
                # Perhaps only because the previous request has arrived, with the same id.
                if problem and (found := self._find(task)):
                    return found
                raise
        raise EngineAway(problem)

    def _find(self, task: UpstreamTask) -> TaskState | None:
        """The task, if the provider has it; asks until the provider says."""
        try:
            return self._ask(lambda: self._dialect.find(self._session, task))
        except StatusUnknown as error:
            raise _unclear(error.message) from error

    def _by_key(self, task: UpstreamTask) -> TaskState:
        """The provider answers a repeated request as it did the first: where in doubt, repeat."""
        deadline = time.monotonic() + self._silence_seconds
        in_doubt = self._context.is_retry
        for count, delay in enumerate(self._backoff.delays(), 1):
            try:
                return self._dialect.submit(self._session, task)
            except (Unreachable, OutcomeUnknown, Busy) as error:
                in_doubt |= isinstance(error, OutcomeUnknown)
                if not in_doubt and count >= MAX_SUBMISSIONS:
                    raise EngineAway(error.message) from error
                if in_doubt and time.monotonic() > deadline:
                    raise _unclear(error.message) from error
                if isinstance(error, Busy):
                    self._wait_for(error)
            sleep(self._context, delay)
        raise AssertionError("the delays are endless")

    def _once(self, task: UpstreamTask) -> TaskState:
        """The provider could not tell us afterwards: what may have arrived is not repeated."""
        if self._context.noted.get(SUBMITTED_TO) == self._name:
            raise _unclear(f"an attempt that broke off has submitted the task to {self._name}")
        self._context.note({SUBMITTED_TO: self._name})
        problem = ""
        try:
            for _, delay in zip(range(MAX_SUBMISSIONS), self._backoff.delays(), strict=False):
                if problem:
                    sleep(self._context, delay)
                try:
                    return self._dialect.submit(self._session, task)
                except Unreachable as error:
                    problem = error.message
                except Busy as error:
                    problem = error.message
                    self._wait_for(error)
            raise EngineAway(problem)
        except OutcomeUnknown as error:
            raise _unclear(error.message) from error
        except (NotStarted, InputsRefused):
            self._context.note({SUBMITTED_TO: None})
            raise

    def _resume(self, task: UpstreamTask, id: str) -> TaskState:
        """The task that an earlier attempt has submitted."""
        return self._ask(lambda: self._dialect.get(self._session, task, id))

    def _ask(self, look: Callable[[], Found]) -> Found:
        """Ask about a task until the provider says.

        Raises:
            StatusUnknown: it has been silent for too long.
        """
        deadline = time.monotonic() + self._silence_seconds
        for delay in self._backoff.delays():
            try:
                return look()
            except (Unreachable, OutcomeUnknown, Busy) as error:
                if time.monotonic() > deadline:
                    raise StatusUnknown(error.message) from error
            sleep(self._context, delay)
        raise AssertionError("the delays are endless")

    def _wait_for(self, busy: Busy) -> None:
        sleep(self._context, min(busy.seconds or 0, MAX_RETRY_AFTER))


def _unclear(reason: str) -> StatusUnknown:
    return StatusUnknown(f"{reason}; the task may have started, so it is not repeated")
