"""Predictions as Replicate's clients read them. Callbacks need it: no web framework is imported."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from kirin.catalogue.codes import CANCELLED
from kirin.catalogue.registry import Catalogue
from kirin.domain.task import Status, Task
from kirin.http.dialects.replicate.inputs import told_again
from kirin.http.dialects.replicate.model_names import own_name, version_of
from kirin.http.dialects.times import iso
from kirin.http.protocols.kirin import Presenter
from kirin.http.tasks.results import result_key
from kirin.storage.links import Links
from kirin.wire import replicate as wire

NAME: Final = "replicate"
"""Of the dialect, as tasks keep it."""

PREFIX: Final = "/replicate"
ROOT: Final = f"{PREFIX}/v1"
"""Where it is on this server."""

MODEL: Final = "model"
FILTER: Final = "webhook_events_filter"
IGNORED: Final = "ignored"
"""In what a task keeps of its origin: the model's name, and what was asked for beside its input."""

BAR: Final = 20
"""Characters of the progress bar in the logs, which clients read."""

STATUSES: Final[Mapping[Status, str]] = {
    Status.PENDING: wire.STARTING,
    Status.PROCESSING: wire.PROCESSING,
    Status.COMPLETED: wire.SUCCEEDED,
    Status.FAILED: wire.FAILED,
}
"""Of tasks; one that was cancelled is ``canceled``."""

_HOSTED: Final = {model.name: model for model in wire.HOSTED}

Time = Annotated[str, Field(description="ISO 8601, in UTC")]


class PredictionUrlsJson(TypedDict):
    """Addresses of a prediction."""

    get: str
    cancel: str


class PredictionMetricsJson(TypedDict):
    """How long it took, in seconds; empty before the end."""

    predict_time: NotRequired[Annotated[float, Field(description="of rendering")]]
    total_time: NotRequired[Annotated[float, Field(description="since it was created")]]


class PredictionJson(TypedDict):
    """A prediction, finished or to come."""

    id: Annotated[str, Field(description="That of the task in every dialect.")]
    model: Annotated[str, Field(description="owner/name, as it was asked for.")]
    version: str
    status: Literal["starting", "processing", "succeeded", "failed", "canceled"]
    input: dict[str, Any]
    output: Annotated[str | None, Field(description="URL of the video; it takes no key.")]
    error: str | None
    logs: Annotated[str, Field(description="The progress, and what of the input has no effect.")]
    metrics: PredictionMetricsJson
    created_at: Time
    started_at: Time | None
    completed_at: Time | None
    urls: PredictionUrlsJson
    source: Literal["api"]
    data_removed: Annotated[bool, Field(description="Whether the video has been removed.")]


class PredictionPageJson(TypedDict):
    """A page of predictions, the newest first."""

    previous: str | None
    next: str | None
    results: list[PredictionJson]


@dataclass(frozen=True)
class PredictionPresenter:
    """Presents tasks as predictions."""

    catalogue: Catalogue
    presenter: Presenter
    links: Links

    def show(self, task: Task, base_url: str) -> PredictionJson:
        """A task.

        Args:
            base_url: of this server for the reader, without a slash at the end.
        """
        name = str(origin_of(task).get(MODEL, own_name(task.model)))
        address = f"{base_url}{ROOT}{wire.PREDICTIONS}/{task.id}"
        failure, status = task.failure, STATUSES[task.status]
        cancelled = failure is not None and failure.code == CANCELLED
        finished = task.finished_at if task.status.final else None
        output = None
        if task.status is Status.COMPLETED and task.expired_at is None:
            output = self.links.url(base_url, result_key(task), time.time())
        return {
            "id": task.id,
            "model": name,
            "version": version_of(name),
            "status": wire.CANCELED if cancelled else status,  # type: ignore[typeddict-item]
            "input": self._input(task, name, base_url),
            "output": output,
            "error": None if failure is None or cancelled else failure.message,
            "logs": _logs(task),
            "metrics": _metrics(task),
            "created_at": iso(task.created_at),
            "started_at": None if task.started_at is None else iso(task.started_at),
            "completed_at": None if finished is None else iso(finished),
            "urls": {"get": address, "cancel": f"{address}/cancel"},
            "source": "api",
            "data_removed": task.expired_at is not None,
        }

    def _input(self, task: Task, name: str, base_url: str) -> dict[str, Any]:
        card = self.catalogue.get(task.model)
        params = self.presenter.request(task, card, base_url)["input"][0]["params"]
        hosted = _HOSTED.get(name)
        if hosted is not None:
            return told_again(hosted, params)
        return {key: value for key, value in params.items() if key != "callback_url"}


def origin_of(task: Task) -> Mapping[str, Any]:
    """What this dialect keeps with a task; nothing with those of others."""
    origin = task.options.origin
    return origin if origin.get("dialect") == NAME else {}


def _logs(task: Task) -> str:
    """The progress as a bar that the clients find, below what has no effect."""
    told = [f"input.{name}" for name in origin_of(task).get(IGNORED, ())]
    idle = [*told, *task.metadata.get("ignored", ())]
    lines = [f"without effect here: {', '.join(idle)}"] if idle else []
    if task.status is not Status.PENDING:
        percent = 100 if task.status is Status.COMPLETED else min(int(task.progress * 100), 99)
        done = percent * BAR // 100
        lines.append(f"{percent:3d}%|{'#' * done}{'-' * (BAR - done)}| {percent}/100")
    return "\n".join(lines)


def _metrics(task: Task) -> PredictionMetricsJson:
    if not task.status.final or task.finished_at is None:
        return {}
    times: PredictionMetricsJson = {"total_time": (task.finished_at - task.created_at) / 1000}
    if task.started_at is not None:
        times["predict_time"] = (task.finished_at - task.started_at) / 1000
    return times
