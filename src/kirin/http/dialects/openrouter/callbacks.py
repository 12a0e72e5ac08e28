"""Callbacks as OpenRouter sends them: an event with the video, once it has ended."""

from __future__ import annotations

import time
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from kirin.domain.task import Task
from kirin.http.dialects.openrouter.video_json import status_of, video_json
from kirin.http.protocols.kirin import Presenter
from kirin.storage.links import Links
from kirin.wire.openrouter import EVENTS


class OpenRouterCallbacks:
    """Tells of the end of a video, with links to it."""

    def __init__(self, presenter: Presenter, links: Links, base_url: str) -> None:
        self._presenter = presenter
        self._links = links
        self._base_url = base_url

    def body(self, task: Task) -> Mapping[str, Any] | None:
        """The event of a task that has ended."""
        kind = EVENTS.get(status_of(task))
        if kind is None:
            return None
        video = video_json(task, self._presenter, self._base_url)
        return {
            "type": kind,
            "created_at": (task.finished_at or task.updated_at) // 1000,
            "data": {**video, "model": task.model},
        }

    def renewed(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The event with links that are signed now."""
        again = deepcopy(dict(body))
        links = again["data"].get("unsigned_urls", ())
        if links:
            now = time.time()
            again["data"]["unsigned_urls"] = [self._links.renew(each, now) for each in links]
        return again
