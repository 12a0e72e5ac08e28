"""Webhooks as fal sends them: the end of a request, with its result or what went wrong."""

from __future__ import annotations

import time
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from kirin.domain.task import Status, Task
from kirin.http.dialects.fal.request_json import result_json
from kirin.http.protocols.kirin import Presenter
from kirin.storage.links import Links
from kirin.wire import fal


class FalCallbacks:
    """Tells of the end of a request."""

    def __init__(self, presenter: Presenter, links: Links, base_url: str) -> None:
        self._presenter = presenter
        self._links = links
        self._base_url = base_url

    def body(self, task: Task) -> Mapping[str, Any] | None:
        """What is told of a task that has ended."""
        if not task.status.final:
            return None
        told: dict[str, Any] = {"request_id": task.id, "gateway_request_id": task.id}
        if task.status is Status.COMPLETED:
            now = time.time()
            files = {
                result.key: (self._links.url(self._base_url, result.key, now), None)
                for result in task.results
                if result.key
            }
            blocks = self._presenter.task(task, self._base_url).get("output", [])
            output = [dict(content) for block in blocks for content in block["content"]]
            return {**told, "status": fal.OK, "payload": result_json(task, files, output)}
        failure = task.failure
        message = failure.message if failure else "the request failed"
        kind = failure.code if failure else ""
        detail = [{"loc": ["body"], "msg": message, "type": kind}]
        return {**told, "status": fal.ERROR, "error": message, "payload": {"detail": detail}}

    def renewed(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same, with links that are signed now."""
        told = deepcopy(dict(body))
        files = [told["payload"].get(name) for name in ("video", "watermarked_video")]
        now = time.time()
        for file in [*files, *told["payload"].get("output", [])]:
            if file and "url" in file:
                file["url"] = self._links.renew(file["url"], now)
        return told
