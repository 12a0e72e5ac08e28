"""Where the event streams are."""

from __future__ import annotations

from urllib.parse import quote

from kirin_client.routes.tasks import TASKS

EVENTS = "/model/v1/events"


def stream_path(task_id: str) -> str:
    """The event stream of a task."""
    return f"{TASKS}/{quote(task_id, safe='')}/stream"
