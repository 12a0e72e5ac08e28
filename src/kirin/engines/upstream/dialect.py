"""The port of providers: the task that is submitted, its state, and how a provider is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any, Protocol

from kirin.engines.remote.session import OutcomeUnknown, Reply, Session
from kirin.errors import TaskError


@dataclass(frozen=True, slots=True)
class UpstreamTask:
    """A task to submit to a provider.

    Attributes:
        model: the Kirin model id.
        params: its request parameters.
        external_id: our id of it.
        size: width and height of the video in pixels; ``None`` where none is made.
    """

    model: str
    params: Mapping[str, Any]
    external_id: str
    size: tuple[int, int] | None = None


class Recovery(Enum):
    """How it becomes clear whether a provider has accepted a task, after a reply was lost.

    ``BY_NAME``: it is looked up by our id, under which the provider accepts it once only.
    ``BY_KEY``: the request is repeated with the same ``Idempotency-Key``, and the provider answers
    with the task that it has made. ``NONE``: it does not, so that nothing is repeated.
    """

    BY_NAME = auto()
    BY_KEY = auto()
    NONE = auto()


class TaskPhase(Enum):
    """The phase of a task at a provider."""

    QUEUED = auto()
    RUNNING = auto()
    SUCCEEDED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class TaskState:
    """A provider's report on a task.

    Attributes:
        id: the provider's id of it.
        phase: its phase.
        progress: 0 to 1.
        url: where to download the video, once it has succeeded; no key is sent there.
        path: the same below the provider's base URL, where the key is needed; instead of ``url``.
        subject_id: id of the subject that it created, if it did.
        failure: the error, if it failed.
        notes: for the task's metadata.
    """

    id: str
    phase: TaskPhase
    progress: float = 0.0
    url: str = ""
    path: str = ""
    subject_id: int = 0
    failure: TaskError | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)


class Dialect(Protocol):
    """The client side of a provider's API.

    Each method may raise :class:`~kirin.engines.remote.session.Unreachable`, ``OutcomeUnknown`` or
    ``Busy``, or the task error that the provider's refusal amounts to.
    """

    @property
    def recovery(self) -> Recovery:
        """How it becomes clear whether a task was accepted."""
        ...

    def lacks(self, model: str) -> tuple[str, ...]:
        """Parameters of a Kirin model that this API does not take."""
        ...

    @property
    def upload(self) -> Callable[[Session, Path], str] | None:
        """Uploads a file and returns its URL at the provider; ``None`` if the provider has no
        uploads and fetches files from this server's links."""
        ...

    def headers(self) -> Mapping[str, str]:
        """Headers of a request, including authentication."""
        ...

    def submit(self, session: Session, task: UpstreamTask) -> TaskState:
        """Submit a task."""
        ...

    def find(self, session: Session, task: UpstreamTask) -> TaskState | None:
        """Look a task up by our id; ``None`` if the provider does not have it.

        Called only where ``recovery`` is ``BY_NAME``.
        """
        ...

    def get(self, session: Session, task: UpstreamTask, id: str) -> TaskState:
        """Look a task up by the provider's id."""
        ...

    def cancel(self, session: Session, task: UpstreamTask, id: str) -> None:
        """Cancel a task, if the provider supports that."""
        ...

    def delete_subject(self, session: Session, subject_id: int) -> None:
        """Delete a subject that was created for one task."""
        ...


def parse_state(name: str, reply: Reply, parse: Callable[[str, Reply], TaskState]) -> TaskState:
    """Parse a reply about a task.

    Args:
        name: the engine's name in the settings.
        reply: the provider's.
        parse: parses a well-formed reply.

    Raises:
        OutcomeUnknown: the reply is malformed.
    """
    try:
        return parse(name, reply)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise OutcomeUnknown(f"{name} sent a reply that is not a task") from error
