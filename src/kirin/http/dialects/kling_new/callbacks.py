"""Callbacks of the new standard: the task itself, without an envelope, at each change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kirin.domain.task import Task
from kirin.http.dialects.kling_new.task_json import NewPresenter


class KlingNewCallbacks:
    """Tells of tasks as they are."""

    def __init__(self, presenter: NewPresenter, base_url: str) -> None:
        self._presenter = presenter
        self._base_url = base_url

    def body(self, task: Task) -> Mapping[str, Any] | None:
        """The task."""
        return self._presenter.task(task, self._base_url)

    def renewed(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same with links that are signed now."""
        return self._presenter.renewed(body)
