"""Callbacks as Replicate's webhooks are: the prediction, at the events that were asked for."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kirin.domain.task import Status, Task
from kirin.http.dialects.replicate.prediction_json import FILTER, PredictionPresenter
from kirin.storage.links import Links
from kirin.wire.replicate import COMPLETED, EVENTS_BY_DEFAULT, LOGS, OUTPUT, START

EVENTS: Final[Mapping[Status, frozenset[str]]] = {
    Status.PROCESSING: frozenset((START, LOGS)),
    Status.COMPLETED: frozenset((OUTPUT, LOGS, COMPLETED)),
    Status.FAILED: frozenset((LOGS, COMPLETED)),
}
"""What a change to a status is, in one message where it is several."""


@dataclass(frozen=True)
class ReplicateCallbacks:
    """Tells of predictions.

    Attributes:
        base_url: of this server for whoever gets them, without a slash at the end.
    """

    presenter: PredictionPresenter
    links: Links
    base_url: str

    def body(self, task: Task) -> Mapping[str, Any] | None:
        """The prediction, if somebody wants to know of what has happened to it."""
        wanted = task.options.origin.get(FILTER, EVENTS_BY_DEFAULT)
        if EVENTS.get(task.status, frozenset()).isdisjoint(wanted):
            return None
        return self.presenter.show(task, self.base_url)

    def renewed(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The prediction with the link to its video signed now."""
        output = body.get("output")
        if not isinstance(output, str):
            return body
        return {**body, "output": self.links.renew(output, time.time())}
