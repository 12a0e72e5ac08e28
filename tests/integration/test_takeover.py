"""Nothing lost, nothing twice: processes are killed and stopped, on one machine and on many."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from kirin.client import ConnectionFailed, Kirin, KirinApiError, TaskFailed
from kirin.tasks.worker import LOCK_LOST_STATUS
from support.cards import T2V
from support.databases import KINDS, Databases
from support.films import unsigned
from support.fleet import Fleet, fleet
from support.holds import Hold, holding
from support.loopback import Receiver
from support.postgres import MISSING, Postgres, programs
from support.servers import local_server
from support.waiting import until

END = 120
"""Seconds within which anything has ended, on a machine that does other work beside."""

KILLED_AFTER_COMMIT = """
import os, signal
from kirin.orchestration.task_service import TaskService
submit = TaskService._submit
def die(self, *given):
    submit(self, *given)
    os.kill(os.getpid(), signal.SIGKILL)
TaskService._submit = die
"""

KILLED_AFTER_STORING = """
import os, signal
from kirin.orchestration.task_runner import TaskRunner
run = TaskRunner.run
def die(self, *given):
    run(self, *given)
    os.kill(os.getpid(), signal.SIGKILL)
TaskRunner.run = die
"""


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Hold]:
    with holding(tmp_path) as made:
        yield made


@pytest.fixture
def ships(kind: str, databases: Databases, tmp_path: Path) -> Iterator[Fleet]:
    with fleet(kind, databases, tmp_path / "fleet") as made:
        yield made


def rendering(kirin: Kirin, id: str) -> None:
    until(lambda: kirin.task(id)["progress"] > 0.02, seconds=END)


def attempts(ships: Fleet, id: str) -> int:
    database = ships.database()
    with database.read() as connection:
        count: int = connection.exec_driver_sql(
            f"SELECT attempt FROM tasks WHERE id = '{id}'"  # noqa: S608
        ).scalar_one()
    database.close()
    return count


def files(ships: Fleet) -> list[str]:
    """The results in storage, by task and attempt."""
    assert ships.shared
    results = ships.shared / "storage" / "results"
    return sorted(str(path.relative_to(results)) for path in results.rglob("*.mp4"))


def told(receiver: Receiver, id: str, count: int) -> list[str]:
    until(lambda: len(receiver.told(id)) >= count, seconds=END)
    time.sleep(1)  # for one too many to arrive
    return receiver.told(id)


def test_sigkill_of_the_worker_in_the_middle_of_a_render(ships: Fleet, hold: Hold) -> None:
    ships.api()
    workers = {worker.pid: worker for worker in (ships.worker(), ships.worker())}
    ships.ready(*workers.values())
    with ships.client() as kirin, Receiver() as receiver:
        params = {"prompt": f"tiny {hold.word}", "callback_url": receiver.url("hook")}
        id = kirin.create(T2V, params)["id"]
        rendering(kirin, id)
        first = workers.pop(ships.holder(id))
        first.kill()
        first.wait()
        until(lambda: attempts(ships, id) == 2, seconds=END)
        # Found by its lock, at the next sweep, and not by its silence: that takes longer.
        assert ships.events("took over from a dead worker")
        hold.release()
        kirin.wait(id, timeout=END)
        assert told(receiver, id, 2) == ["in_progress", "completed"]
    assert files(ships) == [f"{id}/2/video.mp4"]
    until(lambda: ships.alive() == set(workers))


def test_sigkill_of_the_api_between_commit_and_answer(ships: Fleet) -> None:  # W-2 C-8
    """The task is there once, under the client's own name, and it is queued."""
    ships.api(patch=KILLED_AFTER_COMMIT)
    with ships.client() as kirin, pytest.raises(ConnectionFailed):
        kirin.create(T2V, {"prompt": "a tiny lake", "external_task_id": "mine"})
    ships.worker()
    ships.api()
    with ships.client() as kirin:
        id = kirin.task("mine")["id"]
        with pytest.raises(KirinApiError) as again:
            kirin.create(T2V, {"prompt": "a tiny lake", "external_task_id": "mine"})
        assert again.value.status == 409
        kirin.wait("mine", timeout=END)
    assert attempts(ships, id) == 1
    assert files(ships) == [f"{id}/1/video.mp4"]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_name_is_refused_while_its_task_is_being_ended(ships: Fleet) -> None:  # C-8
    """Creating must not wait for who ends the task: that one waits for the account's balance."""
    ships.api()
    database = ships.database()
    with ships.client() as kirin:
        id = kirin.create(T2V, {"prompt": "a tiny lake", "external_task_id": "mine"})["id"]
        with database.write() as ending:
            ending.execute(text("UPDATE tasks SET status = status WHERE id = :id"), {"id": id})
            with pytest.raises(KirinApiError) as again:
                kirin.create(T2V, {"prompt": "a tiny lake", "external_task_id": "mine"})
    database.close()
    assert again.value.status == 409


def stands_still(thread: Path) -> bool:
    """Whether a thread, a folder of ``/proc``, is stopped by a signal (proc(5), state T)."""
    with suppress(OSError):
        return (thread / "stat").read_text().rpartition(")")[2].split()[0] == "T"
    return True  # it has ended


def freeze(ships: Fleet, pid: int) -> None:
    """Stop a process, but not while it holds SQLite's one write lock: nobody could go on."""
    assert ships.shared
    tables = list(ships.shared.glob("*.db"))

    def stopped() -> bool:
        os.kill(pid, signal.SIGSTOP)
        # A thread on another core goes on for a moment, in which it may take the lock, or end.
        until(lambda: all(map(stands_still, Path(f"/proc/{pid}/task").iterdir())))
        try:
            for path in tables:
                with closing(sqlite3.connect(path, timeout=0.5)) as connection:
                    connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            os.kill(pid, signal.SIGCONT)
            return False
        return True

    until(stopped)


def test_sigstop_of_a_worker_past_its_lease_and_sigcont(ships: Fleet, hold: Hold) -> None:
    """What it has made meanwhile counts for nothing: one end, one story, one file."""
    ships.api()
    workers = {worker.pid: worker for worker in (ships.worker(), ships.worker())}
    ships.ready(*workers.values())
    with ships.client() as kirin, Receiver() as receiver:
        params = {"prompt": f"tiny {hold.word}", "callback_url": receiver.url("hook")}
        id = kirin.create(T2V, params)["id"]
        rendering(kirin, id)
        frozen = workers[ships.holder(id)]
        freeze(ships, frozen.pid)
        until(lambda: attempts(ships, id) == 2, seconds=END)
        os.kill(frozen.pid, signal.SIGCONT)
        # It notices, and works on.
        until(lambda: ships.events(f"task stopped.*{id}|{id}.*task stopped"))
        hold.release()
        done = kirin.wait(id, timeout=END)
        assert told(receiver, id, 2) == ["in_progress", "completed"]
        assert frozen.poll() is None
        others = [kirin.create(T2V, {"prompt": "crawl tiny"})["id"] for _ in range(2)]
        until(
            lambda: all(
                kirin.task(other)["metadata"].get("stage") == "rendering" for other in others
            ),
            seconds=END,
        )
        for other in others:
            kirin.cancel(other)
        assert unsigned(kirin.task(id)) == unsigned(done)
    assert files(ships) == [f"{id}/2/video.mp4"]
    until(lambda: ships.events("outcome was not recorded"))  # and that is all it says
    assert not ships.events("Traceback")


def test_sigkill_after_the_video_was_stored_leaves_no_orphan(ships: Fleet) -> None:
    ships.api()
    ships.ready(first := ships.command("worker", patch=KILLED_AFTER_STORING))
    with ships.client() as kirin:
        id = kirin.create(T2V, {"prompt": "a tiny lake"})["id"]
        first.wait(END)
        assert files(ships) == [f"{id}/1/video.mp4"]
        ships.worker()
        kirin.wait(id, timeout=END)
    until(lambda: files(ships) == [f"{id}/2/video.mp4"])
    assert ships.shared
    scratch = ships.shared / "scratch"
    until(lambda: len(list(scratch.iterdir())) == 1)  # that of the living worker


def test_a_task_that_kills_its_workers_fails_and_the_next_goes_on(ships: Fleet) -> None:  # W-7
    ships.api()
    doomed = [ships.worker(), ships.worker()]
    ships.ready(*doomed)
    with ships.client() as kirin:
        poison = kirin.create(T2V, {"prompt": "die"})["id"]
        for worker in doomed:
            worker.wait(END)
        ships.worker()
        with pytest.raises(TaskFailed) as failed:
            kirin.wait(poison, timeout=END)
        error = failed.value.task["error"]
        assert (error["code"], "usage" in failed.value.task) == ("002004095", False)
        assert "took down its worker 2 times" in error["message"]
        kirin.wait(kirin.create(T2V, {"prompt": "a tiny lake"})["id"], timeout=END)


def test_a_worker_that_is_asked_to_go_leaves_its_task_to_another(ships: Fleet, hold: Hold) -> None:
    ships.api()
    workers = {worker.pid: worker for worker in (ships.worker(), ships.worker())}
    ships.ready(*workers.values())
    with ships.client() as kirin:
        id = kirin.create(T2V, {"prompt": f"tiny {hold.word}"})["id"]
        rendering(kirin, id)
        first = workers.pop(ships.holder(id))
        first.terminate()
        assert first.wait(END) == 0
        hold.release()
        kirin.wait(id, timeout=END)
    assert files(ships) == [f"{id}/2/video.mp4"]
    until(lambda: ships.alive() == set(workers))


def test_a_worker_that_loses_its_session_ends(databases: Databases, tmp_path: Path) -> None:
    """Others take it for dead, so it must not go on."""
    with fleet("postgresql", databases, tmp_path / "fleet") as ships:
        ships.ready(worker := ships.worker())
        database = ships.database()
        with database.write() as connection:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
            connection.execute(text(f"{query} application_name LIKE 'kirin %{worker.pid}%'"))
        database.close()
        assert worker.wait(END) == LOCK_LOST_STATUS


def test_a_worker_takes_only_tasks_of_its_engines(ships: Fleet) -> None:
    """And no more at a time than its own slots, whatever other workers have."""
    ships.settings = {**ships.settings, "KIRIN_ENGINES": "scripted,animatic"}
    ships.api()
    ships.ready(ships.worker("--engines", "animatic", "--slots", "3"))
    with ships.client() as kirin:
        ids = [kirin.create(T2V, {"prompt": "crawl tiny"})["id"] for _ in range(3)]
        drawn = kirin.create(T2V, {"prompt": "refuse", "duration": "5"})["id"]
        until(lambda: kirin.task(drawn)["metadata"].get("stage") != "queued", seconds=END)
        assert [kirin.task(id)["metadata"]["stage"] for id in ids] == ["queued"] * 3
        with suppress(KirinApiError):  # it has ended by itself
            kirin.cancel(drawn)
        ships.ready(ships.worker("--engines", "scripted", "--slots", "2"))
        until(lambda: running(kirin, ids) == 2, seconds=END)
        time.sleep(1)
        assert running(kirin, ids) == 2
        for id in ids:
            kirin.cancel(id)


def running(kirin: Kirin, ids: list[str]) -> int:
    return [kirin.task(id)["metadata"].get("stage") for id in ids].count("rendering")


def test_postgresql_is_killed_and_brought_back(tmp_path: Path, hold: Hold) -> None:
    """The API stays, the worker ends and is started anew, and the task ends once."""
    bin = programs()
    if bin is None:
        pytest.skip(MISSING)
    postgres = Postgres(bin)
    postgres.start()
    url = postgres.url(postgres.create())
    try:
        with local_server(tmp_path / "data", KIRIN_DATABASE_URL=url) as server, Receiver() as heard:
            with server.client() as kirin:
                params = {"prompt": f"tiny {hold.word}", "callback_url": heard.url("hook")}
                id = kirin.create(T2V, params)["id"]
                rendering(kirin, id)
                postgres.kill()
                with pytest.raises(KirinApiError) as refused:
                    kirin.task(id)
                assert (refused.value.status, refused.value.code) == (503, "database_away")
                time.sleep(3)  # its worker ends meanwhile, or as soon as it notices
                postgres.start()
                hold.release()
                done = kirin.wait(id, timeout=END)
                assert told(heard, id, 2) == ["in_progress", "completed"]
                assert unsigned(kirin.task(id)) == unsigned(done)
                kirin.wait(kirin.create(T2V, {"prompt": "a tiny lake"})["id"], timeout=END)
            assert server.process.poll() is None
    finally:
        postgres.remove()
