"""When a task will start and finish, as far as the tasks before it tell."""

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
from kirin.tasks import presence
from kirin.tasks.presence import Present, Staff

SAMPLES = 20
"""Completed tasks that an estimate is made from."""

FRESH_SECONDS = 1.0
"""How long a look at the queue serves all who ask for their place in it."""

DURATION_SECONDS = 10.0
"""How long an estimated duration is taken as it is."""

LONGEST_QUEUE = 10_000
"""Unfinished tasks that are looked at; those behind them are told no place."""

_UNFINISHED = text("status IN ('pending', 'processing')")
"""Written out, since SQLite uses a partial index only for its own words."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of a task; ``None`` is not known.

    Attributes:
        position: its place among those that wait for the same engine, 1 is next.
        start, finish: Unix milliseconds.
        attended: whether any worker that is awake has its engine; without one it waits.
    """

    position: int | None = None
    start: int | None = None
    finish: int | None = None
    attended: bool = True


@dataclass
class Line:
    """The tasks of one engine.

    Attributes:
        places: creation time and id of those that wait, in order.
        durations: milliseconds that each of these will take, if that is known.
        running: milliseconds that each of those in work will still take.
        starts: milliseconds from now until each place gets its turn, and at last one behind them
            all; ``None`` where it is not known.
        attended: whether anybody works on it.
    """

    places: list[tuple[int, str]] = field(default_factory=list)
    durations: list[float | None] = field(default_factory=list)
    running: list[float] = field(default_factory=list)
    starts: list[float | None] = field(default_factory=lambda: [0.0])
    attended: bool = False

    def plan(self, slots: int) -> None:
        """Work out the starts for so many tasks at a time: each goes to whoever is free first."""
        self.attended = slots > 0
        free = self.running + [0.0] * max(slots - len(self.running), not self.running)
        heapq.heapify(free)
        self.starts = []
        for duration in self.durations:
            self.starts.append(free[0] if free else None)
            if duration is None:
                free.clear()  # when the next one is free, nobody knows
            elif free:
                heapq.heapreplace(free, free[0] + duration)
        self.starts.append(free[0] if free else None)


class Forecaster:
    """Tells forecasts; asks the database once in a while for all who want one."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        """Set up.

        Args:
            database: where the tasks' rows are.
            now: the time in Unix milliseconds.
        """
        self._database = database
        self._now = now
        self._durations: dict[tuple[str, str | None], tuple[float, float | None]] = {}
        self._lines: dict[str | None, Line] = {}
        self._staff = Staff()
        self._awake: list[Present] = []
        self._complete = True
        self._looked = float("-inf")

    def of(self, task: Task) -> Forecast:
        """What is expected of an unfinished task."""
        return self.all([task])[task.id]

    def all(self, tasks: Sequence[Task]) -> dict[str, Forecast]:
        """The same of several, by id."""
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
        self._look(connection, now)
        line = self._lines.get(task.engine)
        if line is None:
            line = Line()
            line.plan(self._slots(task.engine))
        place = bisect_left(line.places, (task.created_at, task.id))
        if place == len(line.places) and not self._complete:
            return Forecast(attended=line.attended)
        wait = line.starts[place]
        if wait is None or not line.attended:
            return Forecast(place + 1, attended=line.attended)
        start = now + round(wait)
        finish = None if duration is None else start + round(duration)
        return Forecast(place + 1, start, finish)

    def _slots(self, engine: str | None) -> int:
        return sum(worker.slots for worker in self._awake if worker.takes(engine))

    def _look(self, connection: Connection, now: int) -> None:
        if time.monotonic() - self._looked < FRESH_SECONDS:
            return
        rows = connection.execute(
            select(
                tasks.c.id,
                tasks.c.created_at,
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
        self._awake = self._staff.awake(presence.present(connection))
        self._lines = self._lines_of(connection, rows, now)
        for engine, line in self._lines.items():
            line.plan(self._slots(engine))
        self._complete = len(rows) < LONGEST_QUEUE
        self._looked = time.monotonic()

    def _lines_of(
        self,
        connection: Connection,
        rows: Sequence[Row[*tuple[Any, ...]]],
        now: int,
    ) -> dict[str | None, Line]:
        lines: dict[str | None, Line] = defaultdict(Line)
        for row in rows:
            line = lines[row.engine]
            duration = self._duration(connection, row.model, row.size)
            if row.status == Status.PROCESSING:
                done = now - (row.started_at or now)
                line.running.append(max(0.0, (duration or 0.0) - done))
                continue
            line.places.append((row.created_at, row.id))
            line.durations.append(duration)
        return dict(lines)

    def _duration(self, connection: Connection, model: str, size: str | None) -> float | None:
        """Milliseconds that the latest tasks of a model and size took, or of the model alone
        where none was of that size; their median, which one odd task does not move."""
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
    return [row.finished_at - row.started_at for row in connection.execute(latest)]
