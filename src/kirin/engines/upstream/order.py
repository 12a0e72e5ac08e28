"""Orders: what is asked of a provider, and what it says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any, Protocol

from kirin.engines.remote.session import Reply, Session, Unclear
from kirin.errors import TaskError


@dataclass(frozen=True, slots=True)
class Order:
    """One task to be made at a provider.

    Attributes:
        model: the Kirin model.
        params: its parameters, as the family's wire has them.
        name: ours for it, unique at the provider: it is never made twice under one name.
    """

    model: str
    params: Mapping[str, Any]
    name: str


class Phase(Enum):
    """How far an order is."""

    WAITING = auto()
    RUNNING = auto()
    DONE = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class State:
    """What a provider says of an order.

    Attributes:
        id: the provider's own for it.
        phase: how far it is.
        progress: 0 to 1.
        url: where the video can be had, once done.
        element: id of the subject, once one is done.
        failure: why it failed.
        notes: for the task's metadata.
    """

    id: str
    phase: Phase
    progress: float = 0.0
    url: str = ""
    element: int = 0
    failure: TaskError | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)


class Dialect(Protocol):
    """How a provider is spoken to.

    Each method may raise :class:`~kirin.engines.remote.session.NotReached`, ``Unclear`` or
    ``Busy``, or what the provider's refusal means for the task.
    """

    @property
    def send(self) -> Callable[[Session, Path], str] | None:
        """Sends a file ahead of an order, and gives the URL that stands for it there; ``None``
        where a provider takes none, and reads them from links of ours."""
        ...

    def headers(self) -> Mapping[str, str]:
        """Headers of a call, the key among them."""
        ...

    def create(self, session: Session, order: Order) -> State:
        """Place an order."""
        ...

    def find(self, session: Session, order: Order) -> State | None:
        """An order by our name for it; ``None`` if the provider has none."""
        ...

    def look(self, session: Session, order: Order, id: str) -> State:
        """An order by the provider's id."""
        ...

    def cancel(self, session: Session, order: Order, id: str) -> None:
        """End an order, if the provider can do that."""
        ...

    def forget(self, session: Session, element: int) -> None:
        """Delete a subject that was made for one order."""
        ...


def told(name: str, reply: Reply, read: Callable[[str, Reply], State]) -> State:
    """What an answer says of an order.

    Args:
        name: what the settings call the provider.
        reply: its answer.
        read: finds the state in an answer of the right form.

    Raises:
        Unclear: the answer has another form.
    """
    try:
        return read(name, reply)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise Unclear(f"{name} gave an answer that is no task") from error
