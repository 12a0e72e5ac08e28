"""Callbacks: a task tells of its changes in the words of the API that it was made in.

What is here is needed by workers too, and imports no web framework.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from kirin.catalogue.registry import Catalogue
from kirin.domain.task import Task
from kirin.http.dialects.fal.callbacks import FalCallbacks
from kirin.http.dialects.kling.callbacks import KlingCallbacks
from kirin.http.dialects.kling.task_json import KlingPresenter
from kirin.http.dialects.kling_new.task_json import NewPresenter
from kirin.http.dialects.openai.callbacks import OpenAICallbacks
from kirin.http.dialects.openrouter.callbacks import OpenRouterCallbacks
from kirin.http.dialects.replicate.callbacks import ReplicateCallbacks
from kirin.http.dialects.replicate.prediction_json import PredictionPresenter
from kirin.http.protocols.kirin import Presenter
from kirin.storage.links import Links


@dataclass(frozen=True, kw_only=True)
class CallbackDependencies:
    """What the callbacks of dialects are made with.

    Attributes:
        base_url: of this server for whoever gets them, without a slash at the end.
        result_ms: how long results are kept after the end of a task; ``None`` is for good.
    """

    catalogue: Catalogue
    presenter: Presenter
    links: Links
    base_url: str
    result_ms: int | None


class DialectCallbacks(Protocol):
    """How tasks of one dialect tell of themselves."""

    def body(self, task: Task) -> Mapping[str, Any] | None:
        """What is told of a task that has changed its status; ``None`` where nothing is."""
        ...

    def renewed(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """What :meth:`body` returned earlier, with links that are signed now."""
        ...


def _kling(given: CallbackDependencies) -> KlingPresenter:
    return KlingPresenter(given.presenter, given.links, given.catalogue)


MAKERS: Final[Mapping[str, Callable[[CallbackDependencies], DialectCallbacks]]] = {
    "fal": lambda given: FalCallbacks(given.presenter, given.links, given.base_url),
    "kling": lambda given: KlingCallbacks(_kling(given), given.base_url),
    "kling_new": lambda given: KlingCallbacks(NewPresenter(_kling(given)), given.base_url),
    "openai": lambda _: OpenAICallbacks(),
    "replicate": lambda given: ReplicateCallbacks(
        PredictionPresenter(given.catalogue, given.presenter, given.links),
        given.links,
        given.base_url,
    ),
    "openrouter": lambda given: OpenRouterCallbacks(given.presenter, given.links, given.base_url),
}
"""By the name of the dialect; tasks of any other tell of themselves natively."""


class Callbacks:
    """What callbacks say, by the dialect that a task was made in."""

    def __init__(self, given: CallbackDependencies) -> None:
        self._presenter = given.presenter
        self._dialects = {name: make(given) for name, make in MAKERS.items()}

    def dialect_of(self, task: Task) -> str | None:
        """The dialect in whose words a task tells of itself; ``None`` for the native ones."""
        name = task.options.origin.get("dialect")
        return name if name in self._dialects else None

    def body(self, task: Task, dialect: str) -> Mapping[str, Any] | None:
        """What is told of a task of a dialect that has changed its status; ``None`` where nothing
        is."""
        return self._dialects[dialect].body(task)

    def renewed(self, dialect: str | None, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """What :meth:`body` returned earlier, with links that are signed now.

        Args:
            dialect: of the task.
        """
        if dialect is None:
            return self._presenter.renew_links(body)
        return self._dialects[dialect].renewed(body)
