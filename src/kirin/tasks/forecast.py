"""Forecasts: when a task will start and finish, simulated from the queue and past durations."""

from __future__ import annotations

import heapq
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sqlalchemy import Connection, Row, select, text

from kirin.database.engine import Database
from kirin.database.tables import tasks
from kirin.domain.task import Status, Task
from kirin.tasks import heartbeats, pauses
from kirin.tasks.heartbeats import ActivityTracker, WorkerInfo
from kirin.tasks.pauses import ALL

SAMPLES = 20
"""Completed tasks that a duration is estimated from."""

FRESH_SECONDS = 1.0
"""How long a snapshot of the queue is used."""

DURATION_SECONDS = 10.0
"""How long an estimated duration is cached."""

LONGEST_QUEUE = 10_000
"""Unfinished tasks that are read; tasks behind them get no position."""

_UNFINISHED = text("status IN ('pending', 'processing')")
"""Literal, since SQLite uses a partial index only if its condition appears in the query."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of a task; ``None`` is unknown.

    Attributes:
        position: among the tasks that wait for the same engine; 1 is next.
        start, finish: Unix milliseconds.
        attended: whether any active worker has its engine.
        paused: whether an operator has paused its queue.
    """

    position: int | None = None
    start: int | None = None
    finish: int | None = None
    attended: bool = True
    paused: bool = False


@dataclass
class EngineQueue:
    """The unfinished tasks of one engine.

    Attributes:
        places: negative priority, creation time and id of the waiting tasks, in order.
        durations: milliseconds that each of these will take; ``None`` is unknown.
        running: milliseconds that each of the running tasks will still take.
        starts: milliseconds from now until each waiting task starts, and finally until one queued
            behind all of them would; ``None`` is unknown.
        attended: whether any active worker takes these tasks.
    """

    places: list[tuple[int, int, str]] = field(default_factory=list)
    durations: list[float | None] = field(default_factory=list)
    running: list[float] = field(default_factory=list)
    starts: list[float | None] = field(default_factory=lambda: [0.0])
    attended: bool = False

    def plan(self, slots: int) -> None:
        """Compute the starts for a number of slots: each task takes the slot that is free first."""
        self.attended = slots > 0
        free = self.running + [0.0] * max(slots - len(self.running), not self.running)
        heapq.heapify(free)
        self.starts = []
        for duration in self.durations:
            self.starts.append(free[0] if free else None)
            if duration is None:
                free.clear()  # unknown when the next slot is free
            elif free:
                heapq.heapreplace(free, free[0] + duration)
        self.starts.append(free[0] if free else None)


class Forecaster:
    """Makes forecasts from snapshots of the queue, which it reads at most once a second."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        """Set up.

        Args:
            database: where the tasks' rows are.
            now: the time in Unix milliseconds.
        """
        self._database = database
        self._now = now
        self._durations: dict[tuple[str, str | None], tuple[float, float | None]] = {}
        self._queues: dict[str | None, EngineQueue] = {}
        self._activity = ActivityTracker()
        self._active: list[WorkerInfo] = []
        self._paused: frozenset[str] = frozenset()
        self._complete = True
        self._looked = float("-inf")

    def of(self, task: Task) -> Forecast:
        """The forecast of an unfinished task."""
        return self.all([task])[task.id]

    def all(self, tasks: Sequence[Task]) -> dict[str, Forecast]:
        """The forecasts of several tasks, by id."""
        if not tasks:
            return {}
        now = self._now()
        with self._database.read() as connection:
            return {task.id: self._of(connection, task, now) for task in tasks}

    def _of(self, connection: Connection, task: Task, now: int) -> Forecast:
        duration = self._duration(connection, task.model, task.size)
        if task.status is Status.PROCESSING:
            started = task.started_at or task.created_at
            finish = None if duration is None else max(now, started + round(duration))
            return Forecast(start=started, finish=finish)
        self._refresh(connection, now)
        waiting = self._queues.get(task.engine)
        if waiting is None:
            waiting = EngineQueue()
            waiting.plan(self._slots(task.engine))
        paused = bool(self._paused & {ALL, task.engine})
        place = bisect_left(waiting.places, (-task.priority, task.created_at, task.id))
        if place == len(waiting.places) and not self._complete:
            return Forecast(attended=waiting.attended, paused=paused)
        wait = waiting.starts[place]
        if wait is None or not waiting.attended or paused:
            return Forecast(place + 1, attended=waiting.attended, paused=paused)
        start = now + round(wait)
        finish = None if duration is None else start + round(duration)
        return Forecast(place + 1, start, finish)

    def _slots(self, engine: str | None) -> int:
        return sum(worker.slots for worker in self._active if worker.takes(engine))

    def _refresh(self, connection: Connection, now: int) -> None:
        if time.monotonic() - self._looked < FRESH_SECONDS:
            return
        rows = connection.execute(
            select(
                tasks.c.id,
                tasks.c.created_at,
                tasks.c.rank,
                tasks.c.started_at,
                tasks.c.status,
                tasks.c.engine,
                tasks.c.model,
                tasks.c.size,
            )
            .where(_UNFINISHED)
            .order_by(tasks.c.created_at, tasks.c.id)
            .limit(LONGEST_QUEUE)
        ).all()
        self._active = self._activity.active(heartbeats.registered(connection))
        self._paused = frozenset(pause.queue for pause in pauses.current(connection))
        # The database has them by age, from an index.
        rows = sorted(rows, key=lambda row: (row.rank, row.created_at, row.id))
        self._queues = self._queues_of(connection, rows, now)
        for engine, waiting in self._queues.items():
            waiting.plan(self._slots(engine))
        self._complete = len(rows) < LONGEST_QUEUE
        self._looked = time.monotonic()

    def _queues_of(
        self,
        connection: Connection,
        rows: Sequence[Row[*tuple[Any, ...]]],
        now: int,
    ) -> dict[str | None, EngineQueue]:
        queues: dict[str | None, EngineQueue] = defaultdict(EngineQueue)
        for row in rows:
            waiting = queues[row.engine]
            duration = self._duration(connection, row.model, row.size)
            if row.status == Status.PROCESSING:
                done = max(0, now - (row.started_at or now))  # the clock may be set back
                waiting.running.append(max(0.0, (duration or 0.0) - done))
                continue
            waiting.places.append((row.rank, row.created_at, row.id))
            waiting.durations.append(duration)
        return dict(queues)

    def _duration(self, connection: Connection, model: str, size: str | None) -> float | None:
        """Median milliseconds that the latest tasks of a model and size took, or of the model if
        none had that size."""
        known = self._durations.get((model, size))
        if known is not None and time.monotonic() - known[0] < DURATION_SECONDS:
            return known[1]
        found = _took(connection, model, size) or _took(connection, model, None)
        duration = median(found) if found else None
        self._durations[model, size] = time.monotonic(), duration
        return duration


def _took(connection: Connection, model: str, size: str | None) -> list[int]:
    query = select(tasks.c.started_at, tasks.c.finished_at).where(
        tasks.c.model == model,
        tasks.c.status == Status.COMPLETED,
        tasks.c.started_at.is_not(None),
        tasks.c.finished_at.is_not(None),
    )
    if size is not None:
        query = query.where(tasks.c.size == size)
    latest = query.order_by(tasks.c.finished_at.desc()).limit(SAMPLES)
    return [max(0, row.finished_at - row.started_at) for row in connection.execute(latest)]
