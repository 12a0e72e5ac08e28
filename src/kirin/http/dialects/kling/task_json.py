"""Tasks as clients of this API read them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, cast

from kirin.catalogue.registry import Catalogue
from kirin.domain.money import dollars
from kirin.domain.task import Status, Task
from kirin.http.dialects.kling.answers import (
    KlingBalanceDeductionJson,
    KlingCreatedJson,
    KlingElementJson,
    KlingResultJson,
    KlingTaskJson,
    KlingVideoJson,
    TaskStatusWord,
)
from kirin.http.protocols.kirin import Presenter
from kirin.storage.links import Links
from kirin.wire import kling

STATUSES: Final[Mapping[Status, TaskStatusWord]] = {
    Status.PENDING: kling.SUBMITTED,
    Status.PROCESSING: kling.PROCESSING,
    Status.COMPLETED: kling.SUCCEED,
    Status.FAILED: kling.FAILED,
}

UNIT_DIGITS: Final = Decimal("0.0001")
"""To which amounts in units are rounded."""

FLAT: Final = {
    "element_frontal_image": "frontal_image",
    "element_refer_list": "refer_images",
}
"""Where the pictures of an element go that were given in the flat form."""


def created_json(task: Task) -> KlingCreatedJson:
    """A task, without what has become of it."""
    return {
        "task_id": task.id,
        "task_status": STATUSES[task.status],
        "task_info": {"external_task_id": task.external_id} if task.external_id else {},
        "created_at": task.created_at,
        "updated_at": task.updated_at,
    }


def units(usd: Decimal) -> str:
    """An amount in units of the family's packages, without needless zeros.

    >>> units(Decimal("0.28")), units(Decimal("0.05")), units(Decimal(0))
    ('2', '0.3571', '0')
    """
    text = format((usd / kling.UNIT_USD).quantize(UNIT_DIGITS), "f")
    return text.rstrip("0").rstrip(".")


def charged(task: Task) -> tuple[str, KlingBalanceDeductionJson]:
    """What a completed task has cost: in units, and in USD."""
    cost = task.quote if task.cost is None else task.cost
    listed = cost + task.discount
    return units(cost), {"quota": dollars(cost), "list_price": dollars(listed)}


class KlingPresenter:
    """Presents tasks; links of results are signed when they are shown."""

    def __init__(self, presenter: Presenter, links: Links, catalogue: Catalogue) -> None:
        self._presenter = presenter
        self._links = links
        self._catalogue = catalogue

    def task(self, task: Task, base_url: str, gone: frozenset[int] = frozenset()) -> KlingTaskJson:
        """A task.

        Args:
            base_url: of this server as the reader reaches it, without a slash at the end.
            gone: elements that were deleted.
        """
        message = task.failure.message if task.failure else ""
        shown = cast(KlingTaskJson, {**created_json(task), "task_status_msg": message})
        marked = task.params.get("watermark_info")
        if isinstance(marked, Mapping):
            shown["watermark_info"] = {"enabled": bool(marked.get("enabled"))}
        if task.status is Status.COMPLETED:
            shown["task_result"] = self._result(task, base_url, gone)
            units, deduction = charged(task)
            shown["final_unit_deduction"] = units
            shown["final_balance_deduction"] = deduction
        return shown

    def renewed(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """What :meth:`task` returned earlier, with links of results that are signed now."""
        result = shown.get("task_result", {})
        if "videos" not in result:
            return dict(shown)
        now = time.time()
        videos = [
            {
                name: self._links.renew(value, now) if name in ("url", "watermark_url") else value
                for name, value in video.items()
            }
            for video in result["videos"]
        ]
        return {**shown, "task_result": {**result, "videos": videos}}

    def _result(self, task: Task, base_url: str, gone: frozenset[int]) -> KlingResultJson:
        if any(each.type == "element" for each in task.results):
            return {"elements": list(self._elements(task, base_url, gone))}
        return {"videos": list(self._videos(task, base_url))}

    def _videos(self, task: Task, base_url: str) -> Iterator[KlingVideoJson]:
        now = time.time()
        links = {
            each.watermark: self._links.url(base_url, each.key, now)
            for each in task.results
            if each.type == "video" and each.key
        }
        if False not in links:
            return
        video: KlingVideoJson = {"id": task.id, "url": links[False], "duration": _seconds(task)}
        if True in links:
            video["watermark_url"] = links[True]
        yield video

    def _elements(
        self, task: Task, base_url: str, gone: frozenset[int]
    ) -> Iterator[KlingElementJson]:
        card = self._catalogue.get(task.model)
        params = dict(self._presenter.request(task, card, base_url)["input"][0]["params"])
        flat = {inner: params[name] for name, inner in FLAT.items() if name in params}
        for result in task.results:
            if "element_id" not in result.extra:
                continue
            id = result.extra["element_id"]
            element: KlingElementJson = {
                "element_id": id,
                "element_name": params["element_name"],
                "element_description": params["element_description"],
                "reference_type": params.get("reference_type", "image_refer"),
                "tag_list": params.get("tag_list", []),
                "owned_by": task.account,
                "status": "deleted" if id in gone else "succeed",
            }
            if "element_video_list" in params:
                element["element_video_list"] = params["element_video_list"]
            if pictures := params.get("element_image_list") or flat:
                element["element_image_list"] = pictures
            yield element


def _seconds(task: Task) -> str:
    """How long a finished video is; as measured, else as asked for."""
    known: Any = task.metadata.get("duration", task.params.get("duration"))
    return "" if known is None else f"{float(known):g}"
