"""Requests and tasks on the wire (contract, section 1: W-1 to W-4 and W-6 to W-8)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from kirin.catalogue.card import Card
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.tasks import queue, store
from support.api import GENERATION, TASK, Api, Finished
from support.cards import T2V

PARAMS: Mapping[str, Any] = {"prompt": "a lake", "duration": "10", "mode": "pro"}
CREATED = {"id", "status", "model", "created_at"}
ALWAYS = CREATED | {"updated_at", "progress", "metadata"}


def test_both_forms_of_a_request_mean_the_same(api: Api) -> None:  # W-1
    block = {"model": T2V, "input": [{"params": dict(PARAMS)}]}
    flat = {"model": T2V, **PARAMS}
    rows = [api.row(api.http.post(GENERATION, json=b).json()["id"]) for b in (block, flat)]
    assert rows[0].params == rows[1].params
    assert rows[0].quote == rows[1].quote


def test_both_forms_refuse_the_same(api: Api) -> None:  # W-1
    params = {"prompt": "", "mode": "best", "colour": "red"}
    block = {"model": T2V, "input": [{"params": params}]}
    flat = {"model": T2V, **params}
    answers = [api.http.post(GENERATION, json=b) for b in (block, flat)]
    assert [a.status_code for a in answers] == [400, 400]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]


@pytest.mark.parametrize(
    "given",
    [
        [],
        [{"params": {"prompt": "a"}}, {"params": {"prompt": "b"}}],
        {"params": {"prompt": "a"}},
        {"prompt": "a"},
        "a lake",
        None,
        7,
        [None],
        ["a lake"],
        [[]],
        [{}],
        [{"params": None}],
        [{"params": []}],
        [{"params": {"prompt": "a"}, "prompt": "b"}],
    ],
)
def test_input_is_exactly_one_block(api: Api, given: object) -> None:  # W-1
    answer = api.http.post(GENERATION, json={"model": T2V, "input": given})
    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["rules"]) == ("input", ["W-1"])
    assert '{"params": {...}}' in problem["message"]


def test_parameters_beside_a_block_are_refused_with_all_else(api: Api) -> None:  # W-1 W-9
    body = {"model": T2V, "input": [], "prompt": "a lake", "sead": 7}
    answer = api.http.post(GENERATION, json=body)
    assert answer.status_code == 400
    assert [p["param"] for p in answer.json()["errors"]] == ["prompt", "sead", "input"]


@pytest.mark.parametrize("body", [{}, {"model": None}, {"model": ""}, {"model": 5}, {"model": []}])
def test_the_model_is_required(api: Api, body: dict[str, object]) -> None:  # W-1
    answer = api.http.post(GENERATION, json={**body, "input": [{"params": dict(PARAMS)}]})
    assert answer.status_code == 400
    assert [p["param"] for p in answer.json()["errors"]] == ["model"]


def test_every_example_is_accepted(api: Api, card: Card) -> None:  # W-1 W-2
    for example in card.examples:
        answer = api.create(card.id, **example)
        assert answer.status_code == 200, answer.text


def test_a_created_task_is_told_in_four_fields(api: Api) -> None:  # W-2
    before = now_ms()
    answer = api.create(T2V, **PARAMS)
    created = answer.json()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert created.keys() == CREATED
    assert created["status"] == "in_progress"
    assert created["model"] == T2V
    assert type(created["created_at"]) is int
    assert before <= created["created_at"] <= now_ms()


def test_a_task_is_in_the_database_and_the_queue_before_the_answer(api: Api) -> None:  # W-2
    id = api.create(T2V, **PARAMS).json()["id"]
    elsewhere = Database(api.app.settings.tables_url)
    with elsewhere.write() as connection:
        row = store.get(connection, id)
        leased = queue.lease(connection, "a worker", ("scripted",), 10_000)
        connection.rollback()
    elsewhere.close()
    assert row is not None
    assert row.account == api.account
    assert id in leased


def test_a_refused_request_leaves_nothing(api: Api) -> None:  # W-2
    api.problems(T2V, prompt="", external_task_id="mine")
    assert api.http.get(TASK).json()["tasks"] == []
    assert api.create(T2V, prompt="a lake", external_task_id="mine").status_code == 200


def test_a_task_that_waits(api: Api) -> None:  # W-3 W-4 W-8
    created = api.create(T2V, **PARAMS).json()
    shown = api.read(created["id"])
    assert shown.keys() == ALWAYS
    assert {name: shown[name] for name in CREATED} == created
    assert shown["updated_at"] == shown["created_at"]
    assert shown["progress"] == 0
    assert shown["metadata"]["stage"] == "queued"
    assert shown["metadata"]["ignored"] == []


def test_a_task_is_read_by_its_external_id_too(api: Api) -> None:  # W-3 C-8
    name = "order #7/ä? 100%"
    id = api.create(T2V, external_task_id=name, **PARAMS).json()["id"]
    answer = api.http.get(f"{TASK}/order%20%237%2F%C3%A4%3F%20100%25")
    assert answer.json() == api.read(id)


@pytest.mark.parametrize("name", ["0" * 32, "nothing", "a/b", "%00", "'; DROP TABLE tasks"])
def test_an_unknown_task(api: Api, name: str) -> None:  # W-3 W-9
    answer = api.http.get(f"{TASK}/{name}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_task"


def test_somebody_elses_task_is_unknown(api: Api) -> None:  # W-9
    task = api.make(T2V, external_task_id="mine", **PARAMS)
    other = api.another()
    for name in (task.id, "mine"):
        for method, path in (("GET", name), ("POST", f"{name}/cancel"), ("DELETE", name)):
            answer = other.http.request(method, f"{TASK}/{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "unknown_task")
    assert api.read(task.id)["status"] == "in_progress"
    assert other.http.get(TASK).json()["tasks"] == []


def test_a_task_in_work(api: Api) -> None:  # W-3 W-4
    task = api.make(T2V, **PARAMS)
    with api.app.database.write() as connection:
        claimed = store.claim(connection, task.id, now_ms())
        assert claimed is not None
        store.report_progress(connection, claimed, 0.123456, now_ms())
    shown = api.read(task.id)
    assert shown.keys() == ALWAYS
    assert shown["status"] == "in_progress"
    assert shown["metadata"]["stage"] == "rendering"
    assert shown["progress"] == 0.1235
    assert shown["updated_at"] >= shown["created_at"]


@pytest.mark.parametrize(("method", "path"), [("POST", "/cancel"), ("DELETE", "")])
def test_a_cancelled_task_is_failed(api: Api, method: str, path: str) -> None:  # W-4 W-7
    task = api.make(T2V, external_task_id="mine", **PARAMS)
    answer = api.http.request(method, f"{TASK}/mine{path}")
    assert answer.status_code == 200
    assert answer.json() == api.read(task.id)
    assert answer.json()["status"] == "failed"
    assert answer.json()["error"]["code"] == "task_cancelled"
    assert "output" not in answer.json()
    assert "usage" not in answer.json()
    again = api.http.request(method, f"{TASK}/mine{path}")
    assert (again.status_code, again.json()["code"]) == (409, "task_finished")


def test_a_cancelled_task_is_never_worked_on(api: Api) -> None:  # W-4
    task = api.make(T2V, **PARAMS)
    cancelled = api.http.delete(f"{TASK}/{task.id}").json()
    assert api.run(task.id) == cancelled


def test_a_completed_task_cannot_be_cancelled(finished: Finished) -> None:  # W-4
    before = finished.api.read(finished.task["id"])
    answer = finished.api.http.delete(f"{TASK}/{before['id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "task_finished")
    assert finished.api.read(before["id"])["status"] == "completed"


def test_a_completed_task(finished: Finished) -> None:  # W-3 W-4
    assert finished.task.keys() == ALWAYS | {"output", "usage"}
    assert finished.task["status"] == "completed"
    assert "stage" not in finished.task["metadata"]
    assert finished.task["progress"] == 1


def test_usage_tells_what_was_charged(finished: Finished) -> None:  # W-6
    assert finished.task["usage"] == {"cost": "0.2800", "discount": 0.0}
    assert type(finished.task["usage"]["cost"]) is str
    assert Decimal(finished.task["usage"]["cost"]) == finished.api.row(finished.task["id"]).quote


def test_a_failed_task(failed: Finished) -> None:  # W-3 W-7
    assert failed.task.keys() == ALWAYS | {"error"}
    assert failed.task["status"] == "failed"
    assert "stage" not in failed.task["metadata"]
    assert failed.task["error"] == {
        "code": "002004095",
        "message": "the scripted engine was told to fail",
        "error_message": "the scripted engine was told to fail",
    }


def test_a_failed_task_costs_nothing(failed: Finished) -> None:  # W-6
    assert failed.api.row(failed.task["id"]).cost is None


def test_metadata_tells_how_the_video_was_made(finished: Finished) -> None:  # W-8
    told = finished.task["metadata"]
    facts = {"width": 1280, "height": 720, "fps": 24, "frames": 120, "duration": 5}
    assert {name: told[name] for name in facts} == facts
    assert told["engine"] == "scripted"
    assert told["ignored"] == []
    assert 0 <= told["seed"] < 2**31
    assert told["queue_seconds"] >= 0
    assert 0 < told["render_seconds"] < 60


def test_the_list_shows_the_newest_first_in_pages(api: Api) -> None:  # W-3
    ids = [api.make(T2V, **PARAMS).id for _ in range(5)]
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    for _ in range(3):
        page = api.http.get(TASK, params=query).json()
        seen += [task["id"] for task in page["tasks"]]
        assert all(task.keys() == ALWAYS for task in page["tasks"])
        query["cursor"] = page["next_cursor"]
    assert page["next_cursor"] is None
    # Tasks of one millisecond come in the order of their ids; the pages lose and repeat none.
    assert sorted(seen) == sorted(ids)
    assert [api.row(id).created_at for id in seen] == sorted(
        (api.row(id).created_at for id in ids), reverse=True
    )


def test_the_list_can_be_narrowed(api: Api) -> None:  # W-3
    done, waiting = api.make(T2V, **PARAMS), api.make(T2V, **PARAMS)
    picture = api.make("kirin_v1_i2v", image="https://example.com/a.jpg")
    api.http.delete(f"{TASK}/{done.id}")

    def listed(**query: str) -> set[str]:
        return {task["id"] for task in api.http.get(TASK, params=query).json()["tasks"]}

    assert listed(status="failed") == {done.id}
    assert listed(status="in_progress") == {waiting.id, picture.id}
    assert listed(model="kirin_v1_i2v") == {picture.id}
    assert listed(model=T2V, status="in_progress") == {waiting.id}
    assert listed(model="nothing") == set()


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("limit=0", ["limit"]),
        ("limit=101", ["limit"]),
        ("limit=ten", ["limit"]),
        ("limit=", ["limit"]),
        ("limit=%D9%A5", ["limit"]),
        ("limit=00000000599", ["limit"]),
        (f"limit=000000001{'0' * 5000}", ["limit"]),
        ("cursor=nonsense", ["cursor"]),
        ("cursor=%F0%9F%90%B4", ["cursor"]),
        ("cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OmE", ["cursor"]),  # no 64-bit time
        ("status=done", ["status"]),
        ("limit=0&cursor=x&status=PENDING", ["limit", "cursor", "status"]),
    ],
)
def test_a_wrong_listing_is_refused(api: Api, query: str, wrong: list[str]) -> None:  # W-9
    answer = api.http.get(f"{TASK}?{query}")
    assert answer.status_code == 400
    assert [problem["param"] for problem in answer.json()["errors"]] == wrong
