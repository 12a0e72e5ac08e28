"""Callbacks of both standards of this API: the task itself, without an envelope, at each change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from kirin.domain.task import Task


class TaskPresenter(Protocol):
    """Presents tasks in one of the standards."""

    def task(self, task: Task, base_url: str) -> Mapping[str, Any]:
        """A task."""
        ...

    def renewed(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """What :meth:`task` returned earlier, with links that are signed now."""
        ...


class KlingCallbacks:
    """Tells of tasks as they are."""

    def __init__(self, presenter: TaskPresenter, base_url: str) -> None:
        self._presenter = presenter
        self._base_url = base_url

    def body(self, task: Task) -> Mapping[str, Any] | None:
        """The task."""
        return self._presenter.task(task, self._base_url)

    def renewed(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same with links that are signed now."""
        return self._presenter.renewed(body)
