"""Slots: how many tasks one process takes at a time, over all the queues that it listens to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from dbos import DBOS
from dbos import Queue as QueueFacts


def limit(dbos: DBOS, queues: Collection[str], slots: int, poll_seconds: float) -> None:
    """Give a launched task engine limits of its own.

    DBOS keeps the limits of a queue in the database, one for all workers, and knows none over
    several queues. So what it reads there before each look is changed on the way: private,
    hence the exact pin of its version and the test of two workers with different limits.

    Args:
        dbos: the task engine of this process.
        queues: names of the queues that share the slots.
        slots: tasks at a time.
        poll_seconds: how often to look for new ones.
    """
    system = dbos._sys_db
    read = system.get_queue
    active = dbos._active_workflows_set
    known: dict[str, QueueFacts] = {}

    def get_queue(name: str, **given: Any) -> QueueFacts | None:
        facts = known.get(name) or read(name, **given)
        if facts is not None and name in queues:
            elsewhere = sum(active.count_for_queue(other) for other in queues if other != name)
            facts._worker_concurrency = max(0, slots - elsewhere)
            facts._polling_interval_sec = poll_seconds
            known[name] = facts  # nobody changes it in the database while workers run
        return facts

    system.get_queue = get_queue  # type: ignore[method-assign]
