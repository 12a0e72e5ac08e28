"""Steering the queue: pauses, priorities and draining, for keys of the scope ``admin`` alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from kirin.accounts.keys import Scope
from kirin.http.tasks import estimates
from kirin.tasks import forecast, heartbeats, queue
from support.api import TASK, Api
from support.cards import T2V

ADMIN = "/admin/v1"
ENGINE = ("scripted",)


@pytest.fixture
def operator(api: Api) -> Iterator[httpx.Client]:
    with api.app.database.write() as connection:
        connection.execute(text("UPDATE tasks SET queued_at = NULL"))  # of other tests
    with api.holder(Scope.ADMIN) as client:
        yield client
    with api.app.database.write() as connection:
        connection.execute(text("DELETE FROM pauses"))
        connection.execute(text("DELETE FROM workers"))


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "FRESH_SECONDS", 0.0)


def did(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def actions(operator: httpx.Client) -> list[tuple[str, str]]:
    entries = did(operator.get(f"{ADMIN}/audit"))["entries"]
    return [(entry["action"], entry["target"]) for entry in entries]


def leased(api: Api, limit: int = 1) -> list[str]:
    with api.app.database.write() as connection:
        return queue.lease(connection, "w", ENGINE, limit)


@pytest.mark.parametrize("name", ["all", "scripted"])
def test_a_paused_queue_accepts_tasks_and_hands_out_none(
    api: Api, operator: httpx.Client, name: str
) -> None:  # W-4 W-8
    task = api.make(T2V, prompt="a lake")
    path = f"{ADMIN}/queues/{name}"
    told = did(operator.post(f"{path}/pause", json={"reason": "the GPU is being changed"}))
    (pause,) = told["paused"]
    assert (pause["queue"], pause["reason"]) == (name, "the GPU is being changed")
    assert pause["actor"].startswith("key:")
    later = api.make(T2V, prompt="a hill")
    assert leased(api) == []
    for id in (task.id, later.id):
        shown = api.read(id)
        assert (shown["status"], shown["metadata"]["stage"]) == ("in_progress", "queued")
        assert shown["metadata"]["queue_note"] == estimates.PAUSED
        assert "estimated_start_at" not in shown["metadata"]
        assert "GPU" not in str(shown)
    seen = did(operator.get(f"{ADMIN}/overview"))["queue"]
    assert [each["paused"] for each in seen["engines"]] == [True]
    assert seen["paused"] == told["paused"]
    assert did(operator.post(f"{path}/resume")) == {"paused": []}
    assert did(operator.post(f"{path}/resume")) == {"paused": []}  # nothing to do, nothing noted
    assert actions(operator)[:2] == [("queue.resumed", name), ("queue.paused", name)]
    assert "queue_note" not in api.read(task.id)["metadata"] or (
        api.read(task.id)["metadata"]["queue_note"] != estimates.PAUSED
    )
    assert leased(api, 5) == [task.id, later.id]


def test_one_pause_does_not_lift_another(api: Api, operator: httpx.Client) -> None:
    api.make(T2V, prompt="a lake")
    for name in ("all", "scripted"):
        did(operator.post(f"{ADMIN}/queues/{name}/pause"))
    left = did(operator.post(f"{ADMIN}/queues/all/resume"))["paused"]
    assert [pause["queue"] for pause in left] == ["scripted"]
    assert leased(api) == []


def test_a_pause_that_is_given_again_keeps_its_time(operator: httpx.Client) -> None:
    path = f"{ADMIN}/queues/all/pause"
    (first,) = did(operator.post(path, json={"reason": "one"}))["paused"]
    (second,) = did(operator.post(path, json={"reason": "two"}))["paused"]
    assert (second["since"], second["reason"]) == (first["since"], "two")


@pytest.mark.parametrize("act", ["pause", "resume"])
def test_a_queue_that_there_is_not_is_refused_by_name(operator: httpx.Client, act: str) -> None:
    answer = operator.post(f"{ADMIN}/queues/difusion/{act}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_queue")
    assert "'difusion'" in answer.json()["message"]
    assert "all" in answer.json()["message"]


@pytest.mark.parametrize("reason", ["x" * 513, "a\nb", 7])
def test_a_reason_is_a_line(operator: httpx.Client, reason: object) -> None:
    answer = operator.post(f"{ADMIN}/queues/all/pause", json={"reason": reason})
    assert answer.status_code == 400
    assert [error["param"] for error in answer.json()["errors"]] == ["reason"]


def test_priority_changes_the_order_of_what_waits(api: Api, operator: httpx.Client) -> None:
    one, two, three = (api.make(T2V, prompt=f"a lake {n}").id for n in range(3))
    moved = did(operator.post(f"{ADMIN}/tasks/{three}/priority", json={"front": True}))
    assert (moved["priority"], moved["ahead"], moved["account"]) == (1, 0, api.account)
    again = did(operator.post(f"{ADMIN}/tasks/{three}/priority", json={"front": True}))
    assert again["priority"] == 1  # it is there already
    moved = did(operator.post(f"{ADMIN}/tasks/{one}/priority", json={"priority": -5}))
    assert (moved["priority"], moved["ahead"]) == (-5, 2)
    listed = did(operator.get(f"{ADMIN}/queue"))["tasks"]
    assert [(each["id"], each["priority"]) for each in listed] == [(three, 1), (two, 0), (one, -5)]
    assert "prompt" not in str(listed)
    assert len(did(operator.get(f"{ADMIN}/queue", params={"limit": 2}))["tasks"]) == 2
    places = [api.read(id)["metadata"]["queue_position"] for id in (three, two, one)]
    assert places[0] == 1
    assert places == sorted(places)  # others of this module's server stand between
    assert actions(operator)[0] == ("task.prioritised", one)
    assert len(leased(api, 3)) == 3
    assert leased(api, 3) == []


def test_leases_follow_priorities(api: Api, operator: httpx.Client) -> None:
    one, two = (api.make(T2V, prompt=f"a lake {n}").id for n in range(2))
    did(operator.post(f"{ADMIN}/tasks/{two}/priority", json={"priority": 1000}))
    assert leased(api) == [two]
    assert leased(api) == [one]


def test_only_what_waits_has_a_place(api: Api, operator: httpx.Client) -> None:
    task = api.make(T2V, prompt="a lake")
    path = f"{ADMIN}/tasks/{task.id}/priority"
    assert leased(api) == [task.id]
    answer = operator.post(path, json={"front": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "task_not_waiting")
    assert "a worker has the task" in answer.json()["message"]
    did(api.http.post(f"{TASK}/{task.id}/cancel"))
    answer = operator.post(path, json={"priority": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "task_not_waiting")
    assert "ended" in answer.json()["message"]
    answer = operator.post(f"{ADMIN}/tasks/none/priority", json={"front": True})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_task")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"priority": 1001},
        {"priority": -1001},
        {"priority": 1.5},
        {"priority": True},
        {"priority": 10**30},
        {"priority": 1, "front": True},
        {"front": "yes"},
    ],
)
def test_priorities_have_bounds(api: Api, operator: httpx.Client, body: dict[str, object]) -> None:
    task = api.make(T2V, prompt="a lake")
    answer = operator.post(f"{ADMIN}/tasks/{task.id}/priority", json=body)
    assert answer.status_code == 400, answer.text
    assert api.row(task.id).priority == 0


@pytest.mark.parametrize("priority", [-1000, 1000])
def test_both_ends_of_the_bounds_are_taken(api: Api, operator: httpx.Client, priority: int) -> None:
    task = api.make(T2V, prompt="a lake")
    did(operator.post(f"{ADMIN}/tasks/{task.id}/priority", json={"priority": priority}))
    assert api.row(task.id).priority == priority


def test_a_worker_is_told_to_drain(api: Api, operator: httpx.Client) -> None:
    with api.app.database.write() as connection:
        heartbeats.beat(connection, "host-1-ab", 1000, ENGINE, 2)
    api.make(T2V, prompt="a lake")
    told = did(operator.post(f"{ADMIN}/workers/host-1-ab/drain"))
    assert told == {"id": "host-1-ab", "draining": True}
    did(operator.post(f"{ADMIN}/workers/host-1-ab/drain"))  # told already
    seen = did(operator.get(f"{ADMIN}/overview"))
    assert [worker["draining"] for worker in seen["workers"]] == [True]
    assert [each["attended"] for each in seen["queue"]["engines"]] == [False]
    assert actions(operator)[0] == ("worker.drained", "host-1-ab")
    answer = operator.post(f"{ADMIN}/workers/host-2-cd/drain")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_worker")


def test_checks_are_those_of_the_doctor_without_secrets(operator: httpx.Client) -> None:
    told = did(operator.post(f"{ADMIN}/checks"))
    titles = [check["title"] for check in told["checks"]]
    for title in ("machine", "versions", "clock", "database", "encoder", "backlog", "models"):
        assert title in titles
    assert told["good"] == all(check["good"] for check in told["checks"])
