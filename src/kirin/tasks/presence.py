"""All SQL about workers: each counts up a beat of its own while it is awake.

A lock tells that a process is gone. It does not tell that a process stands still, stopped or
swapped out or on a machine that sleeps: its beat does.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from kirin.database.tables import workers


def beat(connection: Connection, worker: str, now: int) -> None:
    """Count a worker's beat up; enters it first, if it is not there (any more)."""
    counted = connection.execute(
        update(workers).where(workers.c.id == worker).values(beat=workers.c.beat + 1)
    )
    if not counted.rowcount:
        connection.execute(insert(workers).values(id=worker, started_at=now, beat=0))


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
