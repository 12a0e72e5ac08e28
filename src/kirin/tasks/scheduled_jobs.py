"""All SQL about scheduled jobs: which one is due, for all workers together."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from kirin.database.tables import scheduled_jobs


def claim(connection: Connection, name: str, now: int, next_at: int) -> bool:
    """Claim a job if it is due, and schedule it anew.

    The transaction must exclude others with the same purpose
    (:meth:`kirin.database.engine.Database.write_alone`), since the first call inserts the row.

    Args:
        name: of the job.
        now, next_at: Unix milliseconds.
    """
    job = scheduled_jobs.c.name == name
    if connection.execute(select(scheduled_jobs).where(job)).first() is None:
        connection.execute(insert(scheduled_jobs).values(name=name, next_at=next_at))
        return True
    due = update(scheduled_jobs).where(job, scheduled_jobs.c.next_at <= now)
    return connection.execute(due.values(next_at=next_at)).rowcount == 1
