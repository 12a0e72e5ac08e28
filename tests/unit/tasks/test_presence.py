"""Beats: who counts up is awake, and who stands still for too long is given up."""

from __future__ import annotations

from sqlalchemy import Connection

from kirin.tasks import presence
from kirin.tasks.presence import Present, Watch


def test_a_beat_counts_up(connection: Connection) -> None:
    for _ in range(3):
        presence.beat(connection, "a", 1000)
    presence.beat(connection, "b", 2000)
    assert presence.beats(connection) == {"a": 2, "b": 0}
    presence.strike_off(connection, "a")
    assert presence.beats(connection) == {"b": 0}
    presence.beat(connection, "a", 3000)  # it has woken up
    assert presence.beats(connection) == {"a": 0, "b": 0}


def test_a_worker_tells_what_it_takes(connection: Connection) -> None:
    presence.beat(connection, "a", 1000, ("animatic", "ours"), 3)
    presence.beat(connection, "a", 1000)
    (worker,) = presence.present(connection)
    assert worker == Present("a", 1, ("animatic", "ours"), 3)
    assert worker.takes("ours")
    assert worker.takes(None)
    assert not worker.takes("diffusion")


def test_a_beat_that_stands_still_is_noticed() -> None:
    watch = Watch(patience=3)
    assert [watch.frozen({"a": 7}, "a") for _ in range(4)] == [False, False, False, True]


def test_a_beat_that_moves_begins_anew() -> None:
    watch = Watch(patience=2)
    looks = [7, 7, 8, 8, 8]
    assert [watch.frozen({"a": beat}, "a") for beat in looks] == [False] * 4 + [True]
    watch.forget("a")
    assert not watch.frozen({"a": 8}, "a")


def test_who_holds_a_lock_and_never_beats_is_given_up_too() -> None:
    watch = Watch(patience=2)
    assert [watch.frozen({}, "a") for _ in range(3)] == [False, True, True]
