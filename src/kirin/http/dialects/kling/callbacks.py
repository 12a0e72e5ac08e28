"""Callbacks as this API has them: the task itself, without an envelope, at each change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kirin.domain.task import Task
from kirin.http.dialects.kling.task_json import KlingPresenter


class KlingCallbacks:
    """Tells of tasks as they are."""

    def __init__(self, presenter: KlingPresenter, base_url: str) -> None:
        self._presenter = presenter
        self._base_url = base_url

    def body(self, task: Task) -> Mapping[str, Any] | None:
        """The task."""
        return self._presenter.task(task, self._base_url)

    def renewed(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same with links that are signed now."""
        return self._presenter.renewed(body)
