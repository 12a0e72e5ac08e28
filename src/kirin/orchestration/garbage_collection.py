"""Garbage collection: results and inputs expire, and files that nothing refers to are removed.

A file that nothing refers to gets a tombstone first, and is removed in a later round: a request
that has just stored it needs time to insert its row. Storing a file again clears its tombstone
first (see :mod:`kirin.storage.reference_aware`), under the same row lock that the removal takes.
So either the file stays, or it is stored anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice

import structlog

from kirin.database.engine import Database
from kirin.storage.base import Storage
from kirin.storage.keys import input_key, task_of
from kirin.tasks import (
    batches,
    events,
    idempotency,
    previews,
    retention,
    scheduled_jobs,
    tombstones,
    uploads,
)

log = structlog.get_logger(__name__)

JOB = "housekeeping"
"""Name of the scheduled job; databases of earlier versions have it."""

EVERY_MS = 3_600_000
"""How often a round is due, for all workers together."""

POLL_SECONDS = 60.0
"""How often each worker looks whether a round is due."""

GRACE_MS = 3_600_000
"""How long a file keeps its tombstone before it is removed: much longer than it takes from storing
an input to the commit of the row that refers to it."""

RUN_MS = 86_400_000
"""How long ended runs are recorded. Nothing reads them; they are there for whoever debugs."""

BATCH = 500
"""Tasks per statement."""

DeleteEnded = Callable[[int, int], int]
"""Deletes what ended before a time (Unix milliseconds), at most a number; returns how many."""


@dataclass(frozen=True, slots=True)
class RetentionPeriods:
    """For how many milliseconds something is kept; ``None`` is forever.

    Attributes:
        results, inputs: files of a task, after it ended.
        idempotency, events: rows, after they were inserted.
        records: the row of a task, after it ended; its files are removed with it.
    """

    results: int | None
    inputs: int | None
    idempotency: int
    events: int
    records: int | None = None


@dataclass(frozen=True, slots=True)
class CollectionSummary:
    """What one round has done.

    Attributes:
        expired: result files that were removed because they had expired.
        marked: files that got a tombstone; a later round removes those not stored again.
        removed: files with an older tombstone that were removed.
    """

    expired: int
    marked: int
    removed: int


class GarbageCollector:
    """Collects garbage at intervals, in a thread; one worker at a time does it for all."""

    def __init__(
        self,
        database: Database,
        storage: Storage,
        periods: RetentionPeriods,
        now: Callable[[], int],
        delete_runs: DeleteEnded,
    ) -> None:
        """Set up; nothing is removed yet.

        Args:
            database: where the rows are.
            storage: where the bytes are.
            periods: how long things are kept.
            now: the time in Unix milliseconds.
            delete_runs: deletes the record of ended runs.
        """
        self._database = database
        self._storage = storage
        self._periods = periods
        self._now = now
        self._delete_runs = delete_runs
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start the thread, which ends with the process."""
        self._thread = threading.Thread(target=self._repeat, name="garbage collection", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Start no further round; a round in progress may be interrupted at any point."""
        self._stopping.set()

    def collect_if_due(self) -> CollectionSummary | None:
        """Run a round if one is due; ``None`` if not."""
        now = self._now()
        with self._database.write_alone(JOB) as connection:
            if not scheduled_jobs.claim(connection, JOB, now, now + EVERY_MS):
                return None
        return self.collect()

    def collect(self) -> CollectionSummary:
        """Run a round now."""
        now = self._now()
        with self._database.write() as connection:
            idempotency.delete_expired(connection, now - self._periods.idempotency)
            events.delete_before(connection, now - self._periods.events)
            uploads.delete_expired(connection, now)
            previews.delete_before(connection, now - GRACE_MS)
        self._delete_all(self._delete_runs, now - RUN_MS)
        if self._periods.records is not None:
            self._delete_all(self._delete_tasks, now - self._periods.records)
            self._delete_all(self._delete_batches, now - self._periods.records)
        expired = self._expire(now)
        with self._database.read() as connection:
            marked = tombstones.all_of(connection)
        garbage = set(self._garbage(now))
        for key in marked.keys() - garbage:  # referred to again, or removed
            with self._database.write() as connection:
                tombstones.clear(connection, key)
        fresh = sorted(garbage - marked.keys())
        with self._database.write() as connection:
            tombstones.add(connection, fresh, now)
        removed = sum(self._remove(key, now) for key in sorted(garbage & marked.keys()))
        return CollectionSummary(expired, len(fresh), removed)

    def _delete_all(self, delete: DeleteEnded, before: int) -> None:
        while delete(before, BATCH) == BATCH:
            pass

    def _delete_tasks(self, before: int, limit: int) -> int:
        with self._database.write() as connection:
            return retention.delete_tasks(connection, before, limit)

    def _delete_batches(self, before: int, limit: int) -> int:
        with self._database.write() as connection:
            return batches.delete_empty(connection, before, limit)

    def _expire(self, now: int) -> int:
        if self._periods.results is None:
            return 0
        count = 0
        while True:
            with self._database.write() as connection:
                before = now - self._periods.results
                keys = retention.expire_results(connection, before, now, BATCH)
            if not keys:
                return count
            # If the process ends here, a later round finds them as garbage.
            for key in keys:
                self._storage.delete(key)
            count += len(keys)

    def _garbage(self, now: int) -> Iterator[str]:
        """Keys of the stored files that nothing refers to."""
        since = None if self._periods.inputs is None else now - self._periods.inputs
        inputs = list(self._storage.keys("inputs/"))
        results = self._storage.keys("results/")
        with self._database.snapshot() as connection:
            needed = {input_key(digest) for digest in retention.needed_inputs(connection, since)}
        yield from (key for key in inputs if key not in needed)
        of_tasks = groupby(results, key=task_of)
        while part := {task: list(keys) for task, keys in islice(of_tasks, BATCH) if task}:
            with self._database.read() as connection:
                kept = retention.needed_results(connection, part)
            for task, keys in part.items():
                wanted = kept.get(task, set())
                if wanted is not None:
                    yield from (key for key in keys if key not in wanted)

    def _remove(self, key: str, now: int) -> bool:
        with self._database.write() as connection:
            # Whoever stores it meanwhile waits for this transaction, and then stores it anew.
            if not tombstones.clear(connection, key, before=now - GRACE_MS):
                return False
            self._storage.delete(key)
        return True

    def _repeat(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            try:
                done = self.collect_if_due()
            except Exception:
                # The database or the bucket may be unreachable; the next round is an hour later.
                log.exception("garbage collection failed")
                continue
            if done is not None:
                log.info(
                    "garbage collected",
                    expired=done.expired,
                    marked=done.marked,
                    removed=done.removed,
                )


def clear_tombstone(database: Database, key: str) -> None:
    """Clear the tombstone of a key, before something is stored there."""
    with database.read() as connection:
        if not tombstones.exists(connection, key):
            # One that is set from now on has its grace period before it.
            return
    with database.write() as connection:
        tombstones.clear(connection, key)
