"""The queue form of tasks (contract, section 1: N-6)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from kirin.catalogue.card import Card
from support.api import GENERATION, TASK, Api, Finished
from support.cards import I2V, T2V, V3
from support.sources import provide_examples

QUEUE = "/model/v1/queue"
LINKS = {"request_id", "status_url", "response_url", "cancel_url"}


def submit(api: Api, model: str, **params: Any) -> dict[str, Any]:
    answer = api.http.post(f"{QUEUE}/{model}", json=params)
    assert answer.status_code == 200, answer.text
    queued: dict[str, Any] = answer.json()
    return queued


def test_bare_parameters_make_a_task(api: Api) -> None:  # N-6
    queued = submit(api, T2V, prompt="a tiny lake", duration="10")
    assert queued.keys() == LINKS | {"status", "model"}
    assert (queued["status"], queued["model"]) == ("in_progress", T2V)
    task = api.row(queued["request_id"])
    assert (task.model, task.params["prompt"], task.params["duration"]) == (T2V, "a tiny lake", 10)
    for link, name in (("status", "status"), ("response", "response"), ("cancel", "cancel")):
        assert queued[f"{link}_url"] == (
            f"http://testserver{QUEUE}/{T2V}/requests/{task.id}/{name}"
        )


def test_every_model_has_a_queue(api: Api, card: Card) -> None:  # N-6
    provide_examples(api.app, api.account, card.id)
    made = submit(api, card.id, **dict(card.examples[0]))
    assert api.row(made["request_id"]).model == card.id


def test_status_and_response_are_the_task(api: Api) -> None:  # N-6
    queued = submit(api, T2V, prompt="a tiny lake")
    for url in (queued["status_url"], queued["response_url"]):
        before = api.http.get(url).json()
        assert before["status"] == "in_progress"
        assert before["metadata"]["queue_position"] >= 1
        assert "output" not in before
    api.run(queued["request_id"])
    for url in (queued["status_url"], queued["response_url"]):
        shown = api.http.get(url).json()
        assert {name: shown[name] for name in LINKS} == {name: queued[name] for name in LINKS}
        task = api.read(queued["request_id"])
        assert {name: value for name, value in shown.items() if name not in LINKS} == task
        assert shown["status"] == "completed"
        assert "data" not in shown  # it would hide all the rest from clients


def test_a_failure_is_a_state_and_no_error(api: Api) -> None:  # N-6
    queued = submit(api, T2V, prompt="fail")
    api.run(queued["request_id"])
    answer = api.http.get(queued["response_url"])
    assert answer.status_code == 200
    assert answer.json()["status"] == "failed"
    assert answer.json()["error"]["code"] == "002004095"


def test_a_request_can_be_cancelled(api: Api) -> None:  # N-6
    queued = submit(api, T2V, prompt="a tiny lake")
    cancelled = api.http.put(queued["cancel_url"])
    assert cancelled.status_code == 200
    assert cancelled.json()["status"] == "failed"
    assert cancelled.json()["error"]["code"] == "task_cancelled"
    again = api.http.put(queued["cancel_url"])
    assert (again.status_code, again.json()["code"]) == (409, "task_finished")


def test_an_external_id_will_do(api: Api) -> None:  # N-6
    queued = submit(api, T2V, prompt="a tiny lake", external_task_id="order/1")
    shown = api.http.get(f"{QUEUE}/{T2V}/requests/order%2F1/status").json()
    assert shown["id"] == queued["request_id"]


def test_what_is_wrong_is_refused_by_name(api: Api) -> None:  # N-6
    answer = api.http.post(f"{QUEUE}/{T2V}", json={"model": T2V, "duration": "7"})
    assert answer.status_code == 400
    problems = {each["param"] for each in answer.json()["errors"]}
    assert problems == {"prompt", "model", "duration"}
    unknown = api.http.post(f"{QUEUE}/kirin_v9", json={"prompt": "a lake"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_model")
    for bad in (b"", b"[]", b"{"):
        assert api.http.post(f"{QUEUE}/{T2V}", content=bad).status_code == 400


@pytest.mark.parametrize("step", ["status", "response", "cancel"])
def test_a_request_is_found_only_where_it_is(
    api: Api, finished: Finished, step: str
) -> None:  # N-6
    method = "PUT" if step == "cancel" else "GET"

    def ask(client: httpx.Client, model: str, id: str) -> httpx.Response:
        return client.request(method, f"{QUEUE}/{model}/requests/{id}/{step}")

    mine = submit(api, T2V, prompt="a tiny lake")["request_id"]
    assert ask(api.http, V3, mine).json()["code"] == "unknown_task"  # of another model
    assert ask(api.http, "kirin_v9", mine).json()["code"] == "unknown_model"
    assert ask(api.http, T2V, finished.task["id"]).json()["code"] == "unknown_task"  # not mine
    assert ask(api.stranger, T2V, mine).status_code == 401
    other = api.holder("read" if step == "cancel" else "generate")
    assert ask(other, T2V, mine).status_code == 403


def test_a_repeated_request_makes_no_second_task(api: Api) -> None:  # N-6
    headers = {"Idempotency-Key": "order-7"}
    params = {"image": "https://example.com/a.jpg", "prompt": "a lake"}
    first = api.http.post(f"{QUEUE}/{I2V}", json=params, headers=headers)
    again = api.http.post(f"{QUEUE}/{I2V}", json=params, headers=headers)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    other = api.http.post(f"{QUEUE}/{V3}", json=params, headers=headers)
    assert other.status_code == 409  # the same body for another model is another request


def test_it_shows_the_tasks_of_the_other_form(api: Api) -> None:  # N-6
    body = {"model": T2V, "input": [{"params": {"prompt": "a tiny lake"}}]}
    id = api.http.post(GENERATION, json=body).json()["id"]
    assert api.http.get(f"{QUEUE}/{T2V}/requests/{id}/status").json()["id"] == id
    queued = submit(api, T2V, prompt="a tiny lake")
    assert api.http.get(f"{TASK}/{queued['request_id']}").status_code == 200
    assert urlsplit(queued["status_url"]).scheme == "http"
