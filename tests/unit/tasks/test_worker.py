"""The worker: it leases as many tasks as it has slots, and no lease is left unattended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from kirin.database.engine import Database
from kirin.domain.task import Failure
from kirin.errors import Stopped
from kirin.tasks import heartbeats, queue, store
from kirin.tasks import worker as workers
from kirin.tasks.heartbeats import StallDetector
from kirin.tasks.worker import Worker
from support.tasks import a_task
from support.waiting import until


class Threads:
    """Runs in threads, and a record of them in memory."""

    def __init__(self) -> None:
        self.record: dict[str, str | None] = {}
        self.fail = False

    def launch(self, worker: str, work: Callable[[str], None]) -> None:
        self.worker, self.work = worker, work

    def start(self, task: str) -> None:
        if self.fail:
            raise OSError("no record can be written")
        self.record[task] = self.worker
        threading.Thread(target=self._run, args=[task], daemon=True).start()

    def unfinished(self, worker: str | None = None) -> dict[str, str | None]:
        return {run: by for run, by in self.record.items() if worker in (None, by)}

    def cancel(self, runs: Any) -> None:
        for run in list(runs):
            self.record.pop(run, None)

    def _run(self, task: str) -> None:
        with suppress(OperationalError):
            self.work(task)
        self.record.pop(task, None)


class Locks:
    """Liveness in memory."""

    def __init__(self) -> None:
        self.dead: set[str] = set()

    def hold(self, worker: str) -> Locks:
        return self

    def check(self) -> None:
        pass

    def release(self) -> None:
        pass

    def is_dead(self, worker: str) -> bool:
        return worker in self.dead


class Desk:
    """A worker, and the tasks on its desk: each goes on until it is told to end."""

    def __init__(self, database: Database, slots: int) -> None:
        self.database = database
        self.runs, self.locks = Threads(), Locks()
        self.begun: list[str] = []
        self.going: set[str] = set()
        self.most = 0
        self.lease_ends_with_task = False
        self.end: set[str] = set()
        self.broken: set[str] = set()
        self.worker = Worker(
            database=database,
            runs=self.runs,  # type: ignore[arg-type]
            liveness=self.locks,
            engines=("scripted",),
            slots=slots,
            poll_seconds=0.02,
            run=self.run,
            now=lambda: 1000,
        )

    def run(self, task: str, stopping: Callable[[], bool], worker: str) -> bool:
        with self.database.write() as connection:
            claimed = store.claim(connection, task, 2000, worker)
        if claimed is None:
            return False
        self.begun.append(task)
        self.going.add(task)
        self.most = max(self.most, len(self.going))
        try:
            while task not in self.end:
                if task in self.broken:
                    raise OperationalError("", {}, Exception("the database is away"))
                if stopping():
                    with self.database.write() as connection:
                        store.release(connection, claimed, 3000)
                    raise Stopped
                time.sleep(0.01)
        finally:
            self.going.discard(task)
        with self.database.write() as connection:
            lessee = worker if self.lease_ends_with_task else None
            store.fail(connection, claimed, Failure("1", "over"), 3000, lessee)
        return self.lease_ends_with_task

    def tasks(self, count: int, **changes: Any) -> list[str]:
        with self.database.write() as connection:
            return [a_task(connection, created_at=n, **changes).id for n in range(count)]

    def leased(self, worker: str) -> set[str]:
        with self.database.read() as connection:
            return queue.leased(connection, worker)

    def start(self) -> None:
        self.worker.enter()
        self.worker.start()


@pytest.fixture
def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(workers, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(workers, "HEARTBEAT_SECONDS", 0.05)
    # What is told to end does so, however busy the machine is.
    monkeypatch.setattr(workers, "ABORT_SECONDS", 60.0)
    monkeypatch.setattr(workers, "JOIN_SECONDS", 60.0)
    made = Desk(database, slots=2)
    yield made
    made.worker.stop(0)


def test_it_takes_the_oldest_and_no_more_than_its_slots(desk: Desk) -> None:
    ids = desk.tasks(5)
    desk.start()
    until(lambda: len(desk.begun) == 2)
    time.sleep(0.2)
    assert set(desk.begun) == set(ids[:2])
    assert desk.leased(desk.worker.id) == set(ids[:2])
    # One slot at a time: two that are leased together begin in any order.
    for number in (2, 3, 4):
        desk.end.add(ids[number - 2])
        until(lambda number=number: len(desk.begun) == number + 1)
        assert desk.begun[number] == ids[number]
    desk.end.update(ids)
    until(lambda: not desk.leased(desk.worker.id) and not desk.runs.unfinished())
    assert desk.most == 2


def test_a_lease_that_ends_with_its_task_takes_no_transaction_of_its_own(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = []
    monkeypatch.setattr(queue, "release", lambda *args: released.append(args))
    desk.lease_ends_with_task = True
    ids = desk.tasks(3)
    desk.end.update(ids)
    desk.start()
    until(lambda: len(desk.begun) == 3 and not desk.leased(desk.worker.id))
    until(lambda: desk.runs.unfinished() == {})
    assert released == []


def test_it_leaves_tasks_of_other_engines(desk: Desk) -> None:
    desk.tasks(1, engine="diffusion")
    (mine,) = desk.tasks(1, engine="scripted")
    desk.start()
    until(lambda: desk.begun == [mine])
    desk.end.add(mine)


def test_it_takes_over_from_the_dead_and_cancels_their_runs(desk: Desk) -> None:
    with desk.database.write() as connection:
        task = a_task(connection).id
        queue.lease(connection, "other", ("scripted",), 1)
        heartbeats.beat(connection, "other", 1)
    desk.runs.record["a run"] = "other"
    desk.worker._stalls = StallDetector(10**9)  # it beats no more, but is not taken for stalled
    desk.start()
    until(lambda: desk.worker._sweeps > 3)
    assert desk.begun == []  # the other's lock is held
    desk.locks.dead.add("other")
    until(lambda: desk.begun == [task])
    desk.end.add(task)
    with desk.database.read() as connection:
        assert heartbeats.latest(connection).keys() == {desk.worker.id}
    until(lambda: desk.runs.unfinished() == {})


def test_it_takes_over_from_a_worker_that_has_stalled(desk: Desk) -> None:
    with desk.database.write() as connection:
        task = a_task(connection).id
        queue.lease(connection, "other", ("scripted",), 1)
        heartbeats.beat(connection, "other", 1)
    desk.start()
    until(lambda: desk.begun == [task])
    desk.end.add(task)


def test_runs_of_workers_that_nobody_knows_are_cancelled_at_the_start(desk: Desk) -> None:
    desk.runs.record.update({"old": "gone", "older": None})
    desk.start()
    until(lambda: desk.runs.unfinished() == {})


def test_runs_whose_end_was_not_written_down_are_cancelled(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "RECORD_SWEEPS", 2)
    (task,) = desk.tasks(1)
    desk.start()
    until(lambda: desk.begun == [task])
    forgotten = "0" * 32
    desk.runs.record[f"{forgotten}-1a2b3c4d"] = desk.worker.id
    until(lambda: list(desk.runs.unfinished()) == [task])
    desk.end.add(task)
    until(lambda: desk.runs.unfinished() == {})


def test_tasks_whose_runs_could_not_start_are_tried_again(desk: Desk) -> None:
    ids = desk.tasks(2)
    desk.runs.fail = True
    desk.start()
    until(lambda: desk.leased(desk.worker.id) == set(ids))
    desk.runs.fail = False
    until(lambda: set(desk.begun) == set(ids))
    desk.end.update(ids)
    with desk.database.read() as connection:
        found = [store.get(connection, id) for id in ids]
    assert [task.attempt for task in found if task] == [1, 1]  # a failed start is no attempt


def test_a_task_that_the_database_has_failed_is_tried_again(desk: Desk) -> None:
    (task,) = desk.tasks(1)
    desk.broken.add(task)
    desk.start()
    until(lambda: len(desk.begun) >= 2)
    desk.broken.clear()
    desk.end.add(task)
    until(lambda: not desk.leased(desk.worker.id))


def test_a_stopped_worker_leaves_nothing_behind(desk: Desk) -> None:
    ids = desk.tasks(3)
    desk.start()
    until(lambda: len(desk.begun) == 2)
    desk.worker.stop(0)
    assert desk.leased(desk.worker.id) == set()
    with desk.database.write() as connection:
        assert queue.lease(connection, "next", ("scripted",), 5) == ids
        assert heartbeats.latest(connection) == {}
        released = [store.get(connection, id) for id in ids]
    assert [(task.attempt, task.releases) for task in released if task] == [(1, 1), (1, 1), (0, 0)]
    assert len(desk.begun) == 2


def test_the_heart_beats_while_tasks_are_given_time_to_end(desk: Desk) -> None:
    (id,) = desk.tasks(1)
    desk.start()
    until(lambda: desk.begun == [id])
    stop = threading.Thread(target=desk.worker.stop, args=[250])
    stop.start()

    def beats() -> int:
        with desk.database.read() as connection:
            return heartbeats.latest(connection)[desk.worker.id]

    before = beats()
    until(lambda: beats() > before + 2)
    desk.end.add(id)
    stop.join()
    with desk.database.read() as connection:
        assert heartbeats.latest(connection) == {}


def test_a_drained_worker_ends_what_it_has_and_takes_nothing_new(desk: Desk) -> None:
    drained = threading.Event()
    ids = desk.tasks(3)
    desk.worker.enter()
    desk.worker.start(on_drained=drained.set)
    until(lambda: len(desk.begun) == 2)
    with desk.database.write() as connection:
        assert heartbeats.drain(connection, desk.worker.id, 2000)
    until(lambda: desk.worker.busy and desk.worker._retiring.is_set())
    desk.end.add(ids[0])
    until(lambda: desk.leased(desk.worker.id) == {ids[1]})
    assert not drained.is_set()  # it has one more
    desk.end.add(ids[1])
    assert drained.wait(60)
    assert set(desk.begun) == set(ids[:2])
    with desk.database.write() as connection:
        assert queue.lease(connection, "next", ("scripted",), 5) == [ids[2]]


def test_an_idle_worker_drains_at_once(desk: Desk) -> None:
    drained = threading.Event()
    desk.worker.enter()
    desk.worker.start(on_drained=drained.set)
    with desk.database.write() as connection:
        heartbeats.drain(connection, desk.worker.id, 2000)
    assert drained.wait(60)
    desk.tasks(1)
    time.sleep(0.2)
    assert desk.begun == []
