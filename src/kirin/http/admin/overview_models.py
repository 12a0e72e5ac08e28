"""What answers about the state of the server hold; the OpenAPI document drops the ``Json``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from kirin.http.protocols.kirin_models import Milliseconds

Engine = Annotated[str | None, Field(description="null: tasks that need none")]


class WaitingJson(TypedDict):
    """Tasks that wait for one engine."""

    engine: Engine
    tasks: int
    oldest_seconds: Annotated[float, Field(description="age of the oldest")]
    attended: Annotated[bool, Field(description="whether an active worker takes them")]
    paused: Annotated[bool, Field(description="whether an operator has paused this queue")]


class PauseJson(TypedDict):
    """A queue that an operator has paused."""

    queue: Annotated[str, Field(description="name of an engine, or all")]
    reason: str
    actor: Annotated[str, Field(description="who did it, as the audit names them")]
    since: Milliseconds


class PausesJson(TypedDict):
    """Every queue that is paused."""

    paused: list[PauseJson]


class QueueJson(TypedDict):
    """The queue."""

    tasks: int
    complete: Annotated[bool, Field(description="false: there are more than were counted")]
    oldest_seconds: Annotated[float | None, Field(description="age of the oldest")]
    engines: list[WaitingJson]
    paused: Annotated[list[PauseJson], Field(description="queues that hand out no tasks")]


class RunningJson(TypedDict):
    """Tasks of one engine that workers work on."""

    engine: Engine
    tasks: int


class WorkerJson(TypedDict):
    """A registered worker."""

    id: str
    engines: list[str]
    slots: Annotated[int, Field(description="tasks at a time")]
    running: int
    started_at: Milliseconds
    active: Annotated[bool, Field(description="whether its heartbeat moves")]
    draining: Annotated[bool, Field(description="it takes nothing new, and then leaves")]
    heartbeat_seconds: Annotated[
        float | None,
        Field(description="since this process saw its heartbeat move; null: it has not yet"),
    ]


class FailureCountJson(TypedDict):
    """Tasks that failed with one code."""

    code: str
    hour: Annotated[int, Field(description="in the last hour")]
    day: Annotated[int, Field(description="in the last 24 hours")]


class EndedJson(TypedDict):
    """How tasks have ended in the last 24 hours."""

    since: Annotated[
        Milliseconds,
        Field(
            description="what ended before is not counted; later than 24 hours ago where too "
            "many have ended to count them all"
        ),
    ]
    completed_hour: int
    completed_day: int
    failures: Annotated[list[FailureCountJson], Field(description="the most frequent first")]


class DeliveriesJson(TypedDict):
    """Webhooks that are not delivered yet."""

    waiting: int
    complete: Annotated[bool, Field(description="false: there are more than were counted")]
    failing: Annotated[int, Field(description="those that were tried in vain before")]
    late_seconds: Annotated[float, Field(description="how long the first one is overdue")]


class OverviewJson(TypedDict):
    """What the server is doing."""

    at: Milliseconds
    queue: QueueJson
    running: list[RunningJson]
    workers: list[WorkerJson]
    ended: EndedJson
    webhooks: DeliveriesJson


class StorageJson(TypedDict):
    """What inputs and results take up."""

    files: int
    bytes: int
    complete: Annotated[bool, Field(description="false: there are more than were counted")]
    disk_free: Annotated[
        int, Field(description="bytes, where the data folder of the answering process is")
    ]
    disk_total: Annotated[int, Field(description="bytes, likewise")]
