"""An operator's hand on the queue, by the command line: pauses outlive processes, and a worker
that is drained ends its work and leaves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kirin.tasks import heartbeats
from support.cards import T2V
from support.databases import KINDS, Databases
from support.fleet import Fleet, fleet
from support.holds import Hold, holding
from support.waiting import until

END = 120
"""Seconds within which anything has ended, on a machine that does other work beside."""


@pytest.fixture(params=KINDS)
def ships(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[Fleet]:
    with fleet(request.param, databases, tmp_path / "fleet") as made:
        yield made


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Hold]:
    with holding(tmp_path) as made:
        yield made


def test_a_pause_survives_a_restart_and_loses_nothing(ships: Fleet, hold: Hold) -> None:  # W-2 W-8
    api = ships.api()
    worker = ships.worker()
    ships.ready(worker)
    with ships.client() as kirin:
        running = kirin.create(T2V, {"prompt": f"tiny {hold.word}"})["id"]
        ships.holder(running)
        ships.command("queue", "pause", "--reason", "a new disk", wait=True)
        waiting = kirin.create(T2V, {"prompt": "a tiny lake"})["id"]
        hold.release()
        # What runs goes on to its end.
        kirin.wait(running, timeout=END)
        until(lambda: "paused" in kirin.task(waiting)["metadata"].get("queue_note", ""))
    for process in (worker, api):
        process.terminate()
        process.wait(END)
    ships.api()
    ships.ready(ships.worker())
    with ships.client() as kirin:
        until(lambda: "paused" in kirin.task(waiting)["metadata"].get("queue_note", ""))
        time.sleep(1)
        assert kirin.task(waiting)["metadata"]["stage"] == "queued"
        ships.command("queue", "resume", wait=True)
        assert kirin.wait(waiting, timeout=END)["status"] == "completed"


def test_a_drained_worker_ends_what_it_has_and_leaves(ships: Fleet, hold: Hold) -> None:  # W-2
    ships.api()
    worker = ships.worker()
    ships.ready(worker)
    with ships.client() as kirin:
        running = kirin.create(T2V, {"prompt": f"tiny {hold.word}"})["id"]
        assert ships.holder(running) == worker.pid
        ships.command("worker", "drain", id_of(ships), wait=True)
        until(lambda: ships.events("worker drains"))  # it has noticed, at a beat of its heart
        later = kirin.create(T2V, {"prompt": "a tiny lake"})["id"]
        hold.release()
        assert worker.wait(END) == 0
        assert kirin.task(running)["status"] == "completed"
        task = kirin.task(later)
        assert (task["status"], task["metadata"]["stage"]) == ("in_progress", "queued")
        assert ships.holders() == {}
        ships.ready(ships.worker())
        assert kirin.wait(later, timeout=END)["status"] == "completed"


def id_of(ships: Fleet) -> str:
    """The id of the one worker, as the command line lists it."""
    database = ships.database()
    with database.read() as connection:
        (id,) = heartbeats.latest(connection)
    database.close()
    return id
