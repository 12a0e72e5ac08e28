"""The queue in the tasks' rows: who waits, in which order, and who holds the lease."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from kirin.database.engine import Database
from kirin.database.tables import tasks
from kirin.domain.task import Failure, Status, Task
from kirin.tasks import pauses, queue, store
from kirin.tasks.pauses import ALL, Pause
from support.databases import KINDS, Databases
from support.tasks import a_task

HERE = ("scripted",)
BROKEN = Failure("1", "it broke")


def waiting(connection: Connection) -> set[str]:
    query = select(tasks.c.id).where(tasks.c.queued_at.is_not(None))
    return set(connection.execute(query).scalars())


def begun(connection: Connection, task: Task, worker: str) -> Task:
    """A task that a worker has leased and claimed."""
    assert task.id in queue.lease(connection, worker, HERE, 10)
    claimed = store.claim(connection, task.id, 2000, worker)
    assert claimed is not None
    return claimed


def test_a_new_task_waits(connection: Connection) -> None:
    assert not queue.has_waiting(connection, HERE)
    task = a_task(connection)
    assert queue.has_waiting(connection, HERE)
    assert queue.lease(connection, "w", HERE, 10) == [task.id]
    assert not queue.has_waiting(connection, HERE)
    assert queue.lease(connection, "other", HERE, 10) == []
    assert queue.leased(connection, "w") == {task.id}
    assert queue.lessees(connection) == {"w"}


def test_the_oldest_is_first_and_no_more_than_asked_for(connection: Connection) -> None:
    ids = [a_task(connection, created_at=at).id for at in (3000, 1000, 2000)]
    assert queue.lease(connection, "w", HERE, 2) == [ids[1], ids[2]]
    assert queue.lease(connection, "w", HERE, 2) == [ids[0]]


def test_a_worker_gets_only_tasks_of_its_engines(connection: Connection) -> None:
    mine = a_task(connection, engine="scripted", created_at=1000)
    other = a_task(connection, engine="diffusion", created_at=500)
    any_ = a_task(connection, engine=None, created_at=2000)
    assert not queue.has_waiting(connection, ()) or any_.engine is None
    assert queue.lease(connection, "w", HERE, 10) == [mine.id, any_.id]
    assert not queue.has_waiting(connection, HERE)
    assert queue.has_waiting(connection, ("animatic", "diffusion"))
    assert queue.lease(connection, "v", ("animatic", "diffusion"), 10) == [other.id]


def test_a_worker_without_engines_gets_what_needs_none(connection: Connection) -> None:
    a_task(connection, engine="scripted")
    assert not queue.has_waiting(connection, ())
    free = a_task(connection, engine=None)
    assert queue.lease(connection, "w", (), 10) == [free.id]


def test_a_finished_task_is_released_for_good(connection: Connection) -> None:
    task = begun(connection, a_task(connection), "w")
    store.fail(connection, task, BROKEN, 3000)
    assert queue.leased(connection, "w") == {task.id}  # until the worker has cleaned up
    assert queue.release(connection, "w", task.id)
    assert queue.leased(connection, "w") == set()
    assert waiting(connection) == set()


def test_an_unfinished_task_goes_back_to_its_place(connection: Connection) -> None:
    first = a_task(connection, created_at=1000)
    second = a_task(connection, created_at=2000)
    assert queue.lease(connection, "w", HERE, 1) == [first.id]
    assert queue.release(connection, "w", first.id)
    assert queue.lease(connection, "v", HERE, 5) == [first.id, second.id]
    assert not queue.release(connection, "w", first.id)  # it is no longer its own
    assert queue.leased(connection, "v") == {first.id, second.id}


def test_tasks_of_a_dead_worker_wait_again_and_the_old_attempt_is_fenced(
    connection: Connection,
) -> None:
    task = begun(connection, a_task(connection), "dead")
    held = begun(connection, a_task(connection), "alive")
    assert queue.requeue(connection, "dead") == [task.id]
    assert queue.requeue(connection, "dead") == []
    assert waiting(connection) == {task.id}
    assert queue.leased(connection, "alive") == {held.id}
    again = begun(connection, task, "alive")
    assert (again.attempt, again.status) == (2, Status.PROCESSING)
    assert not store.report_progress(connection, task, 0.9, 4000)


def test_a_worker_that_wakes_up_late_cannot_claim(connection: Connection) -> None:
    """It was stopped between its lease and its claim, and taken for dead."""
    task = a_task(connection)
    assert queue.lease(connection, "frozen", HERE, 1) == [task.id]
    queue.requeue(connection, "frozen")
    assert store.claim(connection, task.id, 2000, "frozen") is None
    claimed = begun(connection, task, "alive")
    assert store.claim(connection, task.id, 3000, "frozen") is None
    assert store.report_progress(connection, claimed, 0.5, 4000)


def test_what_a_dead_worker_left_of_an_ended_task_is_cleaned_up(connection: Connection) -> None:
    task = begun(connection, a_task(connection), "dead")
    store.cancel(connection, task, Failure("task_cancelled", ""), 3000)
    assert queue.requeue(connection, "dead") == [task.id]
    assert queue.lease(connection, "alive", HERE, 1) == [task.id]
    assert store.claim(connection, task.id, 4000, "alive") is None  # only cleaned up
    assert queue.release(connection, "alive", task.id)
    assert waiting(connection) == set()


def test_a_task_that_was_cancelled_while_it_waited_is_taken_by_nobody(
    connection: Connection,
) -> None:
    task = a_task(connection)
    store.cancel(connection, task, Failure("task_cancelled", ""), 3000)
    assert not queue.has_waiting(connection, HERE)
    assert queue.lease(connection, "w", HERE, 1) == []


def test_a_worker_that_stops_in_order_releases_its_task(connection: Connection) -> None:
    task = begun(connection, a_task(connection), "w")
    assert store.release(connection, task, 3000)
    assert queue.leased(connection, "w") == set()
    again = begun(connection, task, "v")
    assert (again.attempt, again.releases) == (2, 1)


STEPS = st.lists(
    st.tuples(st.sampled_from(["lease", "claim", "end", "release", "die"]), st.integers(0, 2)),
    max_size=20,
)


@given(STEPS)
def test_whatever_workers_do_a_task_has_one_place(
    shared_database: Database, steps: list[tuple[str, int]]
) -> None:  # W-2
    """It waits, or one worker holds it, or it has ended; and two never hold it at once."""
    with shared_database.write() as connection:
        connection.execute(text("UPDATE tasks SET queued_at = NULL, worker = NULL"))
        task = a_task(connection)
        current: Task | None = None
        for number, (step, which) in enumerate(steps):
            worker = f"w{which}"
            if step == "lease":
                free = queue.lessees(connection) == set()
                leased = queue.lease(connection, worker, HERE, 1)
                assert not leased or free
            elif step == "claim":
                held = queue.leased(connection, worker) == {task.id}
                found = store.claim(connection, task.id, number, worker)
                assert found is None or held
                current = found or current
            elif step == "end" and current is not None:
                store.fail(connection, current, BROKEN, number)
            elif step == "release":
                queue.release(connection, worker, task.id)
            else:
                queue.requeue(connection, worker)
            row = connection.execute(select(tasks).where(tasks.c.id == task.id)).one()
            assert row.queued_at is None or row.worker is None
            assert row.finished_at or row.queued_at or row.worker


@pytest.fixture(params=KINDS)
def many(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> Iterator[Database]:
    with databases.migrated(request.param, tmp_path) as database:
        yield database


def test_many_workers_at_once_get_each_task_once(many: Database) -> None:  # W-2
    with many.write() as connection:
        made = {a_task(connection, created_at=n).id for n in range(60)}
    got: list[str] = []
    lock = threading.Lock()

    def work(worker: str) -> None:
        while True:
            with many.write() as connection:
                leased = queue.lease(connection, worker, HERE, 2)
            if not leased:
                with many.read() as connection:
                    if not queue.has_waiting(connection, HERE):
                        return
            with lock:
                got.extend(leased)

    threads = [threading.Thread(target=work, args=[f"w{n}"]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(got) == sorted(made)


def test_idle_looks_read_an_index_and_no_rows(many: Database) -> None:
    """However many tasks have ended."""
    with many.write() as connection:
        for number in range(300):
            task = store.claim(connection, a_task(connection, created_at=number).id, 1)
            assert task is not None
            store.fail(connection, task, BROKEN, 2)
        connection.execute(text("UPDATE tasks SET queued_at = NULL"))
        if many.remote:
            connection.execute(text("ANALYZE tasks"))
        query = (
            "SELECT 1 FROM tasks WHERE queued_at IS NOT NULL AND "
            "(engine IS NULL OR engine IN ('scripted')) LIMIT 1"
        )
        explain = "EXPLAIN " if many.remote else "EXPLAIN QUERY PLAN "
        plan = " ".join(str(row) for row in connection.execute(text(explain + query)))
    assert "ix_tasks_queued" in plan


@pytest.mark.parametrize("name", [ALL, "scripted"])
def test_a_paused_queue_hands_out_nothing(connection: Connection, name: str) -> None:
    task = a_task(connection, engine="scripted")
    pauses.begin(connection, Pause(name, "", "me", 1))
    assert not queue.has_waiting(connection, HERE)
    assert queue.lease(connection, "w", HERE, 10) == []
    assert pauses.end(connection, name)
    assert not pauses.end(connection, name)
    assert queue.lease(connection, "w", HERE, 10) == [task.id]


def test_other_queues_go_on_and_what_needs_no_engine_waits_for_all(
    connection: Connection,
) -> None:
    a_task(connection, engine="scripted")
    other = a_task(connection, engine="animatic", created_at=2000)
    free = a_task(connection, engine=None, created_at=3000)
    both = ("scripted", "animatic")
    pauses.begin(connection, Pause("scripted", "", "me", 1))
    assert queue.lease(connection, "w", both, 10) == [other.id, free.id]
    queue.release(connection, "w", free.id)
    pauses.begin(connection, Pause(ALL, "", "me", 1))
    assert not queue.has_waiting(connection, both)


def test_what_a_worker_holds_is_not_paused(connection: Connection) -> None:
    task = a_task(connection)
    assert queue.lease(connection, "w", HERE, 1) == [task.id]
    pauses.begin(connection, Pause(ALL, "", "me", 1))
    claimed = store.claim(connection, task.id, 2000, "w")
    assert claimed is not None
    assert store.report_progress(connection, claimed, 0.5, 3000)


def test_priority_comes_before_age(connection: Connection) -> None:
    old, new, late = (a_task(connection, created_at=at).id for at in (1000, 2000, 3000))
    assert queue.prioritise(connection, late, 7)
    assert queue.prioritise(connection, old, -7)
    assert [place.id for place in queue.front(connection, 5)] == [late, new, old]
    assert [queue.ahead(connection, id) for id in (late, new, old)] == [0, 1, 2]
    assert [queue.lease(connection, "w", HERE, 1) for _ in range(3)] == [[late], [new], [old]]
    assert queue.ahead(connection, late) is None


def test_the_front_is_before_every_engine(connection: Connection) -> None:
    assert queue.above_all(connection, "nobody") == 0
    first = a_task(connection, created_at=1000)
    last = a_task(connection, engine="diffusion", created_at=2000)
    assert queue.above_all(connection, first.id) == 0
    assert queue.above_all(connection, last.id) == 1
    queue.prioritise(connection, first.id, 1000)
    assert queue.above_all(connection, last.id) == 1001


def test_a_priority_survives_its_worker(connection: Connection) -> None:
    task = a_task(connection)
    queue.prioritise(connection, task.id, 9)
    queue.lease(connection, "w", HERE, 1)
    assert not queue.prioritise(connection, task.id, 3)  # it does not wait
    queue.requeue(connection, "w")
    assert [place.priority for place in queue.front(connection, 1)] == [9]
