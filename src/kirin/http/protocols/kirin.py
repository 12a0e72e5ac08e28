"""The Kirin dialect (rules W-2 to W-8): presents tasks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, cast

from kirin.catalogue.card import Card
from kirin.catalogue.references import VideoId
from kirin.domain.money import dollars
from kirin.domain.task import Result, Status, Task
from kirin.http.protocols import faces
from kirin.http.protocols.kirin_models import (
    ContentJson,
    CreatedJson,
    MetadataJson,
    RequestJson,
    TaskJson,
)
from kirin.http.protocols.kirin_status import TaskStatus, stage_of, wire_status
from kirin.orchestration.input_resolver import INLINE
from kirin.storage.keys import input_key
from kirin.storage.links import Links

GENERATION = "/model/v1/generation"
TASK = f"{GENERATION}/task"


class Presenter:
    """Presents tasks as the wire has them."""

    def __init__(self, links: Links) -> None:
        self._links = links

    def created(self, task: Task) -> CreatedJson:
        """The answer to the request that created a task (rule W-2): the task as it began.

        One that had its result at once began as it ended (rule N-15).
        """
        reused = bool(task.metadata.get("reused"))
        return {
            "id": task.id,
            "status": TaskStatus.COMPLETED if reused else TaskStatus.IN_PROGRESS,
            "model": task.model,
            "created_at": task.created_at,
        }

    def task(self, task: Task, base_url: str) -> TaskJson:
        """A task (rule W-3).

        Args:
            base_url: of this server as the reader reaches it, without a slash at the end.
        """
        shown: TaskJson = {
            "id": task.id,
            "status": wire_status(task.status),
            "model": task.model,
            "created_at": task.created_at,
            "updated_at": task.updated_at,
            "progress": round(task.progress, 4),
            "metadata": cast(MetadataJson, dict(task.metadata)),
        }
        if (stage := stage_of(task.status)) is not None:
            shown["metadata"]["stage"] = stage
        if task.status is Status.COMPLETED:
            content = self._contents(task, base_url)
            shown["output"] = [{"content": content, "jobId": task.job}]
            shown["usage"] = {
                "cost": dollars(task.quote if task.cost is None else task.cost),
                "discount": float(task.discount),
            }
        if task.options.metadata is not None:
            shown["metadata"]["request"] = dict(task.options.metadata)
        if task.batch is not None:
            shown["metadata"]["batch"] = task.batch
        if task.expired_at is not None:
            shown["metadata"]["expired_at"] = task.expired_at
        if task.failure is not None:
            message = task.failure.message
            shown["error"] = {
                "code": task.failure.code,
                "message": message,
                "error_message": message,
            }
        return shown

    def renew_links(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """What :meth:`task` returned earlier, with its result links signed anew."""
        renewed = deepcopy(dict(shown))
        now = time.time()
        for block in renewed.get("output", []):
            for content in block["content"]:
                if "url" in content:
                    content["url"] = self._links.renew(content["url"], now)
                if "text" in content:
                    content["text"] = faces.renew_links(content["text"], self._links, now)
        return renewed

    def request(self, task: Task, card: Card, base_url: str) -> RequestJson:
        """What a task was asked for, as a body that asks for the same again.

        Media that were sent inline have a signed link to this server instead; the external id,
        which only one task may have, is left out.

        Args:
            card: of the task's model.
            base_url: as for :meth:`task`.
        """
        params = deepcopy(dict(task.params))
        params.pop("external_task_id", None)
        now = time.time()
        for place in card.media(params):
            if isinstance(place.parameter, VideoId):
                for fact in place.parameter.facts:  # of the video, and not asked for
                    place.holder.pop(fact.name, None)
            elif place.value.startswith(INLINE):
                key = input_key(place.value.removeprefix(INLINE))
                place.replace(self._links.url(base_url, key, now))
        body = {"model": task.model, "input": [{"params": params}], **task.options.as_json()}
        return cast(RequestJson, body)

    def _contents(self, task: Task, base_url: str) -> list[ContentJson]:
        """What a task made; what a search for faces found is one text that links its pictures."""
        if faces.found_in(task):
            text = faces.text(task, lambda key: self._links.url(base_url, key, time.time()))
            return [{"type": "text", "text": text, "jobId": task.job}]
        return [self._content(task, result, base_url) for result in task.results]

    def _content(self, task: Task, result: Result, base_url: str) -> ContentJson:
        link = self._links.url(base_url, result.key, time.time()) if result.key else ""
        content = {
            "type": result.type,
            **({"url": link} if link else {}),
            "jobId": task.job,
            **result.extra,
            **({"watermark": True} if result.watermark else {}),
        }
        return cast(ContentJson, content)
