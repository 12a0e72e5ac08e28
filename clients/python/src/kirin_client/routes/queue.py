"""The queue form of tasks, as clients of the family use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kirin_client.models import Queued, QueuedTask
from kirin_client.operations import Operation
from kirin_client.requests import Request, jsonable, request
from kirin_client.requests import model as model_of
from kirin_client.routes.creation import once

QUEUE = "/model/v1/queue/{model}"
QUEUED = f"{QUEUE}/requests/{{request_id}}"


class QueueRoutes:
    """Tasks by their model and id; ``create`` and ``task`` are the plainer way."""

    @Operation
    def queue_request(
        self, model: str, params: Mapping[str, Any], *, idempotency_key: str | None = None
    ) -> Request[Queued]:
        """Create a task from the bare parameters."""
        return request(
            "POST",
            QUEUE,
            model_of(Queued),
            model,
            body=jsonable(params),
            headers=once(idempotency_key),
            keyed=True,
        )

    @Operation
    def queued_status(self, model: str, request_id: str) -> Request[QueuedTask]:
        """A task with its links."""
        return request("GET", f"{QUEUED}/status", model_of(QueuedTask), model, request_id)

    @Operation
    def queued_response(self, model: str, request_id: str) -> Request[QueuedTask]:
        """A task with its links and, once completed, its output."""
        return request("GET", f"{QUEUED}/response", model_of(QueuedTask), model, request_id)

    @Operation
    def cancel_queued(self, model: str, request_id: str) -> Request[QueuedTask]:
        """Cancel a task."""
        return request("PUT", f"{QUEUED}/cancel", model_of(QueuedTask), model, request_id)
