"""Heartbeats: a worker whose heartbeat does not change for too long has stalled."""

from __future__ import annotations

from sqlalchemy import Connection

from kirin.tasks import heartbeats
from kirin.tasks.heartbeats import ActivityTracker, StallDetector, WorkerInfo


def test_a_beat_counts_up(connection: Connection) -> None:
    for _ in range(3):
        heartbeats.beat(connection, "a", 1000)
    heartbeats.beat(connection, "b", 2000)
    assert heartbeats.latest(connection) == {"a": 2, "b": 0}
    heartbeats.deregister(connection, "a")
    assert heartbeats.latest(connection) == {"b": 0}
    heartbeats.beat(connection, "a", 3000)  # it has woken up
    assert heartbeats.latest(connection) == {"a": 0, "b": 0}


def test_a_worker_tells_what_it_takes(connection: Connection) -> None:
    heartbeats.beat(connection, "a", 1000, ("animatic", "ours"), 3)
    heartbeats.beat(connection, "a", 1000)
    (worker,) = heartbeats.registered(connection)
    assert worker == WorkerInfo("a", 1, ("animatic", "ours"), 3, 1000)
    assert worker.takes("ours")
    assert worker.takes(None)
    assert not worker.takes("diffusion")


def test_a_beat_that_stands_still_is_noticed() -> None:
    detector = StallDetector(checks=3)
    assert [detector.stalled({"a": 7}, "a") for _ in range(4)] == [False, False, False, True]


def test_a_beat_that_moves_begins_anew() -> None:
    detector = StallDetector(checks=2)
    looks = [7, 7, 8, 8, 8]
    assert [detector.stalled({"a": beat}, "a") for beat in looks] == [False] * 4 + [True]
    detector.forget("a")
    assert not detector.stalled({"a": 8}, "a")


def test_who_holds_a_lock_and_never_beats_is_given_up_too() -> None:
    detector = StallDetector(checks=2)
    assert [detector.stalled({}, "a") for _ in range(3)] == [False, True, True]


def test_a_worker_is_active_while_its_heartbeat_changes() -> None:
    now = 0.0
    tracker = ActivityTracker(lambda: now)
    one, two = WorkerInfo("a", 1, (), 1), WorkerInfo("b", 5, (), 1)
    assert tracker.active([one, two]) == [one, two]
    now = 15.0
    later = WorkerInfo("a", 7, (), 1)
    assert tracker.active([later, two]) == [later, two]
    now = 21.0
    assert tracker.active([later, two]) == [later]


def test_how_long_a_heartbeat_has_stood_still() -> None:
    now = 0.0
    tracker = ActivityTracker(lambda: now)
    worker = WorkerInfo("a", 1, (), 1)
    tracker.active([worker])
    now = 5.0
    assert tracker.active([worker]) == [worker]
    assert tracker.quiet_seconds("a") is None  # it may never have moved
    assert tracker.quiet_seconds("unknown") is None
    tracker.active([WorkerInfo("a", 2, (), 1)])
    now = 12.0
    tracker.active([WorkerInfo("a", 2, (), 1)])
    assert tracker.quiet_seconds("a") == 7.0
