"""All SQL about workers: each counts up a beat of its own while it is awake.

A lock tells that a process is gone. It does not tell that a process stands still, stopped or
swapped out or on a machine that sleeps: its beat does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from kirin.database.tables import workers

ASLEEP_SECONDS = 20.0
"""How long a beat may stay the same until nobody counts on its worker; it counts every 2 s."""


@dataclass(frozen=True, slots=True)
class Present:
    """A worker that has not been struck off.

    Attributes:
        engines: names of those that it has.
        slots: tasks that it takes at a time.
    """

    id: str
    beat: int
    engines: tuple[str, ...]
    slots: int

    def takes(self, engine: str | None) -> bool:
        """Whether tasks of an engine go to it; those that need none go to everybody."""
        return engine is None or engine in self.engines


def beat(
    connection: Connection, worker: str, now: int, engines: Sequence[str] = (), slots: int = 1
) -> None:
    """Count a worker's beat up; enters it first, if it is not there (any more).

    Args:
        now: Unix milliseconds.
        engines, slots: see :class:`Present`.
    """
    counted = connection.execute(
        update(workers).where(workers.c.id == worker).values(beat=workers.c.beat + 1)
    )
    if not counted.rowcount:
        connection.execute(
            insert(workers).values(
                id=worker, started_at=now, beat=0, engines=list(engines), slots=slots
            )
        )


def present(connection: Connection) -> list[Present]:
    """Every worker that has not been struck off."""
    return [
        Present(row.id, row.beat, tuple(row.engines), row.slots)
        for row in connection.execute(select(workers))
    ]


def beats(connection: Connection) -> dict[str, int]:
    """The beat of every worker that has not been struck off."""
    return {row.id: row.beat for row in connection.execute(select(workers))}


def strike_off(connection: Connection, worker: str) -> None:
    """Remove a worker that has gone."""
    connection.execute(delete(workers).where(workers.c.id == worker))


class Watch:
    """Remembers how often each worker was seen with the same beat.

    Looks are counted, not seconds: clocks of machines differ, and who could not look (because
    the database was away, or it was frozen itself) has seen nothing.
    """

    def __init__(self, patience: int) -> None:
        """Begin.

        Args:
            patience: how many looks in a row a beat may stay the same.
        """
        self._patience = patience
        self._seen: dict[str, tuple[int | None, int]] = {}

    def frozen(self, beats: dict[str, int], worker: str) -> bool:
        """Note one look at a worker, and tell whether it stands still for too long."""
        beat = beats.get(worker)
        last, looks = self._seen.get(worker, (None, 0))
        looks = looks + 1 if beat == last else 0
        self._seen[worker] = (beat, looks)
        return looks >= self._patience

    def forget(self, worker: str) -> None:
        """Begin anew with a worker."""
        self._seen.pop(worker, None)


class Staff:
    """Tells who is awake of those that are present, for estimates and metrics.

    Nobody strikes off the last worker that dies, so a beat that moved at the last look, or is
    new, counts for some seconds only. As in :class:`Watch`, no clocks of two machines are compared.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._moved: dict[str, tuple[int, float]] = {}

    def awake(self, found: Iterable[Present]) -> list[Present]:
        """Note one look at all that are present, and give those that can be counted on."""
        now, everybody = self._clock(), list(found)
        last = self._moved
        self._moved = {
            one.id: last[one.id] if last.get(one.id, (None,))[0] == one.beat else (one.beat, now)
            for one in everybody
        }
        return [one for one in everybody if now - self._moved[one.id][1] <= ASLEEP_SECONDS]
