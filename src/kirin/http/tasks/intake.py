"""How requests for tasks come in: read within limits, parsed, and submitted or quoted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from fastapi import Request, Response

from kirin.accounts.caller import Caller
from kirin.domain.request import TaskRequest
from kirin.domain.task import Task
from kirin.errors import (
    ExternalIdUsed,
    IdempotencyKeyUsed,
    InsufficientBalance,
    StorageAway,
    UnknownModel,
)
from kirin.http.bodies import BODY_ERRORS, JsonObject, parse_object, read_body
from kirin.http.heap import HeapTrimmer
from kirin.http.protocols.kirin_request import X_MODEL, read_request
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.idempotency import (
    IDEMPOTENCY_KEY,
    IDEMPOTENT_REPLAYED,
    check_key,
    idempotency_key_of,
)
from kirin.orchestration.task_service import Quote
from kirin.tasks.idempotency import IdempotencyKey

SUBMITTING_ERRORS = (
    *BODY_ERRORS,
    UnknownModel,
    ExternalIdUsed,
    IdempotencyKeyUsed,
    InsufficientBalance,
    StorageAway,
)
"""What may happen wherever a request for a task is taken in."""

T = TypeVar("T")
R = TypeVar("R", bound=Response)


ReadBody = Callable[[bytes], tuple[TaskRequest, Sequence[bytes]]]
"""Reads a body: what it asks for, and the bytes that only a repetition of it shares with it."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A request that was accepted.

    Attributes:
        replayed: whether an earlier request with the same idempotency key has made the task.
    """

    task: Task
    replayed: bool

    def mark(self, response: R) -> R:
        """The answer to it, which says whether the request had been answered before."""
        if self.replayed:
            response.headers[IDEMPOTENT_REPLAYED] = "true"
        return response


class Intake:
    """Takes requests in, in the form of rule W-1 or as the bare parameters of a model."""

    def __init__(self, deps: TaskDependencies) -> None:
        self._deps = deps
        self._trimmer = HeapTrimmer()

    async def submit(
        self,
        request: Request,
        caller: Caller,
        bare_model: str | None = None,
        read: ReadBody | None = None,
    ) -> Submission:
        """Make the task that a request asks for.

        Args:
            caller: who was admitted: strangers upload no megabytes.
            bare_model: the model, where the body is its bare parameters.
            read: reads a body of any other form, in a thread.

        Raises:
            ApiError: the request is refused.
        """
        tasks = self._deps.tasks
        key = request.headers.get(IDEMPOTENCY_KEY.name)
        check_key(key)

        def submit(asked: TaskRequest, once: IdempotencyKey | None) -> Submission:
            account, model, params = caller.account, asked.model, asked.params
            if once is None:
                task = tasks.submit(account, model, params, key=caller.key, options=asked.options)
                return Submission(task, replayed=False)
            made = tasks.submit_once(account, model, params, once, caller.key, asked.options)
            return Submission(*made)

        return await self._take(request, read or self._reader(request, bare_model), submit, key)

    async def quote(self, request: Request, caller: Caller) -> tuple[str, Quote]:
        """What a request would come to, and the model that it is for.

        Raises:
            ApiError: the request would be refused.
        """
        deps = self._deps

        def quote(asked: TaskRequest, _: IdempotencyKey | None) -> tuple[str, Quote]:
            quoted = deps.tasks.quote(caller.account, asked.model, asked.params, asked.options)
            return deps.catalogue.id_of(asked.model), quoted

        return await self._take(request, self._reader(request, None), quote)

    def _reader(self, request: Request, bare_model: str | None) -> ReadBody:
        """Reads the bodies of rule W-1, or the bare parameters of a model."""
        x_model = request.headers.get(X_MODEL.name)
        read: Callable[[JsonObject], TaskRequest]
        if bare_model is None:
            read = partial(read_request, catalogue=self._deps.catalogue, x_model=x_model)
        else:
            read, x_model = partial(TaskRequest, bare_model), bare_model
        # The header completes the body; no JSON has the byte before it.
        beside = () if x_model is None else (b"\0" + x_model.encode(),)
        return lambda body: (read(parse_object(body)), (body, *beside))

    async def _take(
        self,
        request: Request,
        read: ReadBody,
        work: Callable[[TaskRequest, IdempotencyKey | None], T],
        key: str | None = None,
    ) -> T:
        """Read a body, and do something in a thread with what it asks for."""
        limits = self._deps.body_limits
        body = await read_body(request, limits.max_bytes, limits.seconds)
        size = len(body)

        def parse_and_work() -> T:
            nonlocal body
            asked, identity = read(body)
            once = idempotency_key_of(key, identity)
            # The body's strings are in memory a second time now; once is enough.
            body, identity = b"", ()
            return work(asked, once)

        try:
            return await self._deps.threads.run(parse_and_work)
        finally:
            self._trimmer.after(size)
