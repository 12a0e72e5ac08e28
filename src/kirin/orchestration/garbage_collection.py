"""Garbage collection: results and inputs expire, and bytes that nobody needs are removed.

What is taken for waste is condemned first, and removed in a later round, after a time in which
any request that has put it comes to its row. Who puts the same bytes again takes them off the
list of the condemned first (see :mod:`kirin.storage.reference_aware`), under the same lock
on the same row that the removal takes. So either the bytes stay, or they are put anew.
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
from kirin.tasks import events, idempotency, records, retention

log = structlog.get_logger(__name__)

CHORE = "housekeeping"
"""Its name in the table that says when it is due, for all workers together."""

EVERY_MS = 3_600_000
"""How often it is done."""

LOOK_SECONDS = 60.0
"""How often each worker looks whether it is due."""

GRACE_MS = 3_600_000
"""For how long what looks like waste stays: far more than from storing an input to the row that
needs it."""

RUN_MS = 86_400_000
"""How long the queue knows of a run that has ended. The task's row is what tells of it; the day is
for whoever looks for what went wrong."""

BATCH = 500
"""Tasks that one statement is about."""

Forget = Callable[[int, int], int]
"""Removes what ended before a time (Unix milliseconds), so much at most; tells how much it was."""


@dataclass(frozen=True, slots=True)
class RetentionPeriods:
    """For how many milliseconds after its end something is kept; ``None`` is for good.

    Attributes:
        results, inputs: files of a task, after its end.
        idempotency, events: rows, after they were made.
        records: rows of a task, after its end; its files go with them.
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
        expired: files of results that were removed because their time was over.
        condemned: keys that will be removed in a later round, unless they are put again.
        removed: of those of earlier rounds.
    """

    expired: int
    condemned: int
    removed: int


class GarbageCollector:
    """Cleans up now and then, in a thread; one worker at a time does it for all."""

    def __init__(
        self,
        database: Database,
        storage: Storage,
        periods: RetentionPeriods,
        now: Callable[[], int],
        forget_runs: Forget,
    ) -> None:
        """Set up; nothing is removed yet.

        Args:
            database: where the rows are.
            storage: where the bytes are.
            periods: how long things are kept.
            now: the time in Unix milliseconds.
            forget_runs: removes what the queue knows of ended runs.
        """
        self._database = database
        self._storage = storage
        self._periods = periods
        self._now = now
        self._forget_runs = forget_runs
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start looking, in a thread that ends with the process."""
        self._thread = threading.Thread(target=self._repeat, name="garbage collection", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Begin no more; what is under way may be broken off anywhere."""
        self._stopping.set()

    def clean_if_due(self) -> CollectionSummary | None:
        """Clean up unless a worker has done so lately."""
        now = self._now()
        with self._database.write_alone(CHORE) as connection:
            if not retention.take_chore(connection, CHORE, now, now + EVERY_MS):
                return None
        return self.clean()

    def clean(self) -> CollectionSummary:
        """Clean up."""
        now = self._now()
        with self._database.write() as connection:
            idempotency.forget(connection, now - self._periods.idempotency)
            events.forget(connection, now - self._periods.events)
            retention.forget_uploads(connection, now)
        self._forget_all(self._forget_runs, now - RUN_MS)
        if self._periods.records is not None:
            self._forget_all(self._forget_records, now - self._periods.records)
        expired = self._expire(now)
        with self._database.read() as connection:
            listed = retention.all_condemned(connection)
        waste = set(self._waste(now))
        for key in listed.keys() - waste:  # somebody needs it again, or it is gone
            with self._database.write() as connection:
                retention.release(connection, key)
        fresh = sorted(waste - listed.keys())
        with self._database.write() as connection:
            retention.condemn(connection, fresh, now)
        removed = sum(self._remove(key, now) for key in sorted(waste & listed.keys()))
        return CollectionSummary(expired, len(fresh), removed)

    def _forget_all(self, forget: Forget, before: int) -> None:
        while forget(before, BATCH) == BATCH:
            pass

    def _forget_records(self, before: int, limit: int) -> int:
        with self._database.write() as connection:
            return records.forget(connection, before, limit)

    def _expire(self, now: int) -> int:
        if self._periods.results is None:
            return 0
        count = 0
        while True:
            with self._database.write() as connection:
                before = now - self._periods.results
                keys = retention.expire(connection, before, now, BATCH)
            if not keys:
                return count
            # If the process ends right here, they are waste, and found as such.
            for key in keys:
                self._storage.delete(key)
            count += len(keys)

    def _waste(self, now: int) -> Iterator[str]:
        """Keys that nobody needs at the moment of the look."""
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
            # Who puts it meanwhile waits for this transaction, and then puts it anew.
            if not retention.release(connection, key, before=now - GRACE_MS):
                return False
            self._storage.delete(key)
        return True

    def _repeat(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                done = self.clean_if_due()
            except Exception:
                # The database or the bucket may be away for a while; an hour later it is done.
                log.exception("garbage collection failed")
                continue
            if done is not None:
                log.info(
                    "garbage collected",
                    expired=done.expired,
                    condemned=done.condemned,
                    removed=done.removed,
                )


def clear_tombstone(database: Database, key: str) -> None:
    """Take a key off the list of the condemned before something is put there."""
    with database.read() as connection:
        if not retention.is_condemned(connection, key):
            # If it is condemned from now on, there is time until it is removed.
            return
    with database.write() as connection:
        retention.release(connection, key)
