"""Callbacks as the webhooks of OpenAI are: an event that names the video, once it has ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kirin.domain.task import Status, Task

EVENTS: Final[Mapping[Status, str]] = {
    Status.COMPLETED: "video.completed",
    Status.FAILED: "video.failed",
}
"""Types of events, by the status that they tell of."""


class OpenAICallbacks:
    """Tells of the end of a video; who wants to know more reads the video."""

    def body(self, task: Task) -> Mapping[str, Any] | None:
        """The event of a task that has ended."""
        kind = EVENTS.get(task.status)
        if kind is None:
            return None
        return {
            "id": f"evt_{task.id}",
            "object": "event",
            "created_at": (task.finished_at or task.updated_at) // 1000,
            "type": kind,
            "data": {"id": task.id},
        }

    def renewed(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The event as it is: there are no links in it."""
        return body
