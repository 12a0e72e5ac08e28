"""How requests become tasks: their bodies are read within limits, parsed, and submitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request, Response

from kirin.accounts.caller import Caller
from kirin.domain.task import Task
from kirin.http.bodies import JsonObject, parse_object, read_body
from kirin.http.heap import HeapTrimmer
from kirin.http.protocols.kirin import read_request
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.idempotency import (
    IDEMPOTENCY_KEY,
    IDEMPOTENT_REPLAYED,
    check_key,
    idempotency_key_of,
)

R = TypeVar("R", bound=Response)

Reader = Callable[[JsonObject], tuple[str, Mapping[str, Any]]]
"""Tells the model and the parameters of a body."""


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


class Submissions:
    """Makes tasks of requests."""

    def __init__(self, deps: TaskDependencies) -> None:
        self._deps = deps
        self._trimmer = HeapTrimmer()

    async def submit(
        self, request: Request, caller: Caller, read: Reader = read_request
    ) -> Submission:
        """Read a body, and make the task that it asks for.

        Args:
            caller: who was admitted: strangers upload no megabytes.
            read: understands the body.

        Raises:
            ApiError: the request is refused.
        """
        limits, tasks = self._deps.body_limits, self._deps.tasks
        key = request.headers.get(IDEMPOTENCY_KEY.name)
        check_key(key)
        body = await read_body(request, limits.max_bytes, limits.seconds)
        size = len(body)

        def work() -> Submission:
            nonlocal body
            once = idempotency_key_of(key, body)
            parsed = parse_object(body)
            body = b""  # its strings are in memory a second time now; once is enough
            model, params = read(parsed)
            if once is None:
                task = tasks.submit(caller.account, model, params, key=caller.key)
                return Submission(task, replayed=False)
            return Submission(*tasks.submit_once(caller.account, model, params, once, caller.key))

        try:
            return await self._deps.threads.run(work)
        finally:
            self._trimmer.after(size)
