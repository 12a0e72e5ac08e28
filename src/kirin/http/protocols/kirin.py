"""The Kirin dialect (rules W-1 to W-8): reading requests, showing tasks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from kirin.domain.money import dollars
from kirin.domain.task import Result, Status, Task
from kirin.errors import InvalidParameters, Problem
from kirin.storage.links import Links

GENERATION = "/model/v1/generation"
TASK = f"{GENERATION}/task"
FILES = "/files"


def read_request(body: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The model and parameters that a body asks for, in either form of rule W-1.

    Raises:
        InvalidParameters: it has neither form.
    """
    model = body.get("model")
    if not isinstance(model, str) or not model:
        problem = Problem("model", "required", "missing; it takes the id of a model", ("W-1",))
        raise InvalidParameters([problem])
    if "input" not in body:
        return model, {name: value for name, value in body.items() if name != "model"}
    extra = [name for name in body if name not in ("model", "input")]
    block = body["input"]
    params = (
        block[0].get("params")
        if isinstance(block, list) and len(block) == 1 and isinstance(block[0], dict)
        else None
    )
    if extra:
        raise InvalidParameters(
            [
                Problem(name[:40], "unknown_parameter", "belongs into input[0].params", ("W-1",))
                for name in extra
            ]
        )
    if not isinstance(params, dict) or len(block[0]) != 1:
        raise InvalidParameters(
            [
                Problem(
                    "input",
                    "wrong_form",
                    'it takes a list of exactly one object {"params": {...}}',
                    ("W-1",),
                )
            ]
        )
    return model, params


class Presenter:
    """Shows tasks as the wire has them."""

    def __init__(self, links: Links) -> None:
        self._links = links

    def created(self, task: Task) -> dict[str, Any]:
        """The answer to a request that made a task (rule W-2)."""
        return {
            "id": task.id,
            "status": task.status,
            "model": task.model,
            "created_at": task.created_at,
        }

    def task(self, task: Task, base_url: str) -> dict[str, Any]:
        """A task (rule W-3).

        Args:
            base_url: of this server as the reader reaches it, without a slash at the end.
        """
        shown = {
            **self.created(task),
            "updated_at": task.updated_at,
            "progress": round(task.progress, 4),
            "metadata": dict(task.metadata),
        }
        if task.status is Status.COMPLETED:
            content = [self._content(task, result, base_url) for result in task.results]
            shown["output"] = [{"content": content, "jobId": task.id}]
            shown["usage"] = {
                "cost": dollars(task.cost or task.quote),
                "discount": float(task.discount),
            }
        if task.failure is not None:
            message = task.failure.message
            shown["error"] = {
                "code": task.failure.code,
                "message": message,
                "error_message": message,
            }
        return shown

    def _content(self, task: Task, result: Result, base_url: str) -> dict[str, Any]:
        return {
            "type": result.type,
            "url": f"{base_url}{FILES}/{self._links.sign(result.key, time.time())}",
            "jobId": task.id,
            **result.extra,
            **({"watermark": True} if result.watermark else {}),
        }
