"""All SQL about workers: each registers itself, and counts up a heartbeat while it runs.

A lock tells that a process has ended. It does not tell that a process has stalled (stopped,
swapped out, or on a machine that sleeps); its heartbeat does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from kirin.database.tables import workers

INACTIVE_SECONDS = 20.0
"""A worker whose heartbeat is unchanged for longer is not counted on; it beats every 2 s."""


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """A registered worker.

    Attributes:
        heartbeat: a counter that grows while the worker runs.
        engines: names of its engines.
        slots: tasks that it works on at a time.
        started_at: Unix milliseconds.
        draining: whether it was told to take nothing new.
    """

    id: str
    heartbeat: int
    engines: tuple[str, ...]
    slots: int
    started_at: int = 0
    draining: bool = False

    def takes(self, engine: str | None) -> bool:
        """Whether it takes tasks of an engine; every worker takes tasks that need none."""
        return not self.draining and (engine is None or engine in self.engines)


def beat(
    connection: Connection, worker: str, now: int, engines: Sequence[str] = (), slots: int = 1
) -> None:
    """Count up a worker's heartbeat; registers the worker if it is not registered (any more).

    Args:
        now: Unix milliseconds.
        engines, slots: see :class:`WorkerInfo`.
    """
    counted = connection.execute(
        update(workers).where(workers.c.id == worker).values(heartbeat=workers.c.heartbeat + 1)
    )
    if not counted.rowcount:
        connection.execute(
            insert(workers).values(
                id=worker, started_at=now, heartbeat=0, engines=list(engines), slots=slots
            )
        )


def registered(connection: Connection) -> list[WorkerInfo]:
    """Every registered worker."""
    return [
        WorkerInfo(
            row.id,
            row.heartbeat,
            tuple(row.engines),
            row.slots,
            row.started_at,
            row.drain_at is not None,
        )
        for row in connection.execute(select(workers))
    ]


def latest(connection: Connection) -> dict[str, int]:
    """The heartbeat of every registered worker, by its id."""
    return {row.id: row.heartbeat for row in connection.execute(select(workers))}


def drain(connection: Connection, worker: str, now: int) -> bool:
    """Tell a worker to take nothing new and to end after what it has; it looks every few seconds.

    Returns:
        ``False`` where none of that id is registered.
    """
    told = update(workers).where(workers.c.id == worker)
    return (
        connection.execute(told.values(drain_at=func.coalesce(workers.c.drain_at, now))).rowcount
        == 1
    )


def is_draining(connection: Connection, worker: str) -> bool:
    """Whether a worker was told to take nothing new."""
    query = select(workers.c.drain_at).where(workers.c.id == worker)
    return connection.execute(query).scalar() is not None


def deregister(connection: Connection, worker: str) -> None:
    """Remove a worker that is gone."""
    connection.execute(delete(workers).where(workers.c.id == worker))


class StallDetector:
    """Tells which workers have stalled: their heartbeat was the same in many checks in a row.

    Checks are counted, not seconds: clocks of machines differ, and a worker that could not check
    (the database was unreachable, or it stalled itself) has learnt nothing.
    """

    def __init__(self, checks: int) -> None:
        """Set up.

        Args:
            checks: after how many checks without change a worker counts as stalled.
        """
        self._checks = checks
        self._seen: dict[str, tuple[int | None, int]] = {}

    def stalled(self, heartbeats: Mapping[str, int], worker: str) -> bool:
        """Record one check of a worker, and tell whether it has stalled.

        Args:
            heartbeats: of all workers; one without any never changes.
            worker: id of the worker to check.
        """
        heartbeat = heartbeats.get(worker)
        last, unchanged = self._seen.get(worker, (None, 0))
        unchanged = unchanged + 1 if heartbeat == last else 0
        self._seen[worker] = (heartbeat, unchanged)
        return unchanged >= self._checks

    def forget(self, worker: str) -> None:
        """Start over with a worker."""
        self._seen.pop(worker, None)


@dataclass(frozen=True, slots=True)
class _Observation:
    """What was seen of a worker's heartbeat.

    Attributes:
        at: when it was seen first with this value, in seconds of the tracker's clock.
        moved: whether it had another value before.
    """

    heartbeat: int
    at: float
    moved: bool


class ActivityTracker:
    """Tells which registered workers are active, for estimates, metrics and operators.

    Nobody deregisters the last worker that dies, so a heartbeat that is new or has changed counts
    for some seconds only. As in :class:`StallDetector`, clocks of machines are not compared.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: Mapping[str, _Observation] = {}

    def active(self, registered: Iterable[WorkerInfo]) -> list[WorkerInfo]:
        """Record one check of all registered workers, and return the active ones."""
        now, found = self._clock(), list(registered)
        self._seen = seen = {one.id: _observe(self._seen.get(one.id), one, now) for one in found}
        return [one for one in found if now - seen[one.id].at <= INACTIVE_SECONDS]

    def quiet_seconds(self, worker: str) -> float | None:
        """Seconds since a worker's heartbeat was seen to change; ``None`` where it never was."""
        last = self._seen.get(worker)
        return None if last is None or not last.moved else max(0.0, self._clock() - last.at)


def _observe(last: _Observation | None, worker: WorkerInfo, now: float) -> _Observation:
    if last is not None and last.heartbeat == worker.heartbeat:
        return last
    return _Observation(worker.heartbeat, now, last is not None)
