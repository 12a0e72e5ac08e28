"""Requests that are sent again: one task, one answer (``Idempotency-Key``)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import func, select, update

from kirin.accounts import store as accounts
from kirin.app import App
from kirin.clock import now_ms
from kirin.database.tables import idempotency, tasks
from kirin.errors import IdempotencyKeyUsed, InvalidParameters
from kirin.tasks.idempotency import IdempotencyKey
from support.api import GENERATION, TASK, Api
from support.cards import T2V

BODY = {"model": T2V, "input": [{"params": {"prompt": "a tiny lake", "external_task_id": "mine"}}]}


def send(api: Api, key: str, body: object = BODY) -> httpx.Response:
    return api.http.post(GENERATION, json=body, headers={"Idempotency-Key": key})


def made(api: Api) -> list[str]:
    return [task["id"] for task in api.http.get(TASK).json()["tasks"]]


def test_the_same_request_gives_the_first_answer_again(api: Api) -> None:
    first = send(api, "order-7")
    assert first.status_code == 200
    assert "Idempotent-Replayed" not in first.headers
    api.run(first.json()["id"])  # what became of it is not what is answered
    again = send(api, "order-7")
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert made(api) == [first.json()["id"]]


def test_another_body_is_refused_and_the_key_named(api: Api) -> None:
    first = send(api, "order-7").json()["id"]
    other = {"model": T2V, "prompt": "a forest"}
    answer = send(api, "order-7", other)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_used")
    assert "'order-7'" in answer.json()["message"]
    assert first in answer.json()["message"]
    assert made(api) == [first]
    assert send(api, "order-8", other).status_code == 200


def test_a_refused_request_leaves_the_key_free(api: Api) -> None:
    assert send(api, "order-7", {"model": T2V, "prompt": ""}).status_code == 400
    assert send(api, "order-7", {"model": "nothing"}).status_code == 404
    answer = send(api, "order-7")
    assert answer.status_code == 200
    assert "Idempotent-Replayed" not in answer.headers


def test_a_refused_external_id_leaves_the_key_free(api: Api) -> None:
    send(api, "order-7")
    taken = {"model": T2V, "prompt": "b", "external_task_id": "mine"}
    assert send(api, "order-8", taken).json()["code"] == "external_task_id_used"
    assert send(api, "order-8", {"model": T2V, "prompt": "b"}).status_code == 200


def test_keys_are_an_accounts_own(api: Api) -> None:
    first, other = send(api, "order-7"), send(api.another(), "order-7")
    assert first.json()["id"] != other.json()["id"]
    assert "Idempotent-Replayed" not in other.headers


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "tab\tbed", "\u00e4"])
def test_what_is_no_key_is_refused_by_name(api: Api, key: str) -> None:
    headers = {b"Idempotency-Key": key.encode("latin-1")}
    answer = api.http.post(GENERATION, json=BODY, headers=headers)
    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == ("Idempotency-Key", "invalid_header")
    assert made(api) == []


def test_the_longest_key_is_one(api: Api) -> None:
    assert send(api, "~" * 255).headers.get("Idempotent-Replayed") is None
    assert send(api, "~" * 255).headers["Idempotent-Replayed"] == "true"


def test_a_key_is_free_again_after_its_time(api: Api) -> None:
    first = send(api, "order-7", {"model": T2V, "prompt": "a"}).json()["id"]
    with api.app.database.write() as connection:
        day = api.app.settings.idempotency_hours * 3_600_000
        connection.execute(
            update(idempotency)
            .where(idempotency.c.account == api.account)
            .values(created_at=now_ms() - day - 1)
        )
    second = send(api, "order-7", {"model": T2V, "prompt": "b"})
    assert second.status_code == 200
    assert second.json()["id"] != first


def test_twins_make_one_task(app: App) -> None:
    with app.database.write() as connection:
        account = accounts.ensure_account(connection, "twins", now_ms())
    token = IdempotencyKey("order-7", "0" * 64)

    def submit(_: int) -> tuple[str, bool]:
        task, replayed = app.tasks.submit_once(account, T2V, {"prompt": "a lake"}, token)
        return task.id, replayed

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(submit, range(8)))
    assert len({id for id, _ in answers}) == 1
    assert sorted(replayed for _, replayed in answers) == [False] + [True] * 7
    with app.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(tasks)).scalar() == 1


def test_twins_of_different_bodies_do_not_both_win(app: App) -> None:
    with app.database.write() as connection:
        account = accounts.ensure_account(connection, "twins", now_ms())

    def submit(number: int) -> bool:
        token = IdempotencyKey("order-7", f"{number:064}")
        try:
            app.tasks.submit_once(account, T2V, {"prompt": str(number)}, token)
        except IdempotencyKeyUsed:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(submit, range(4))) == 1


def test_it_is_kept_in_the_transaction_that_makes_the_task(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.database.write() as connection:
        account = accounts.ensure_account(connection, "atomic", now_ms())
    token = IdempotencyKey("order-7", "0" * 64)

    def fall_over(*_: object) -> None:
        raise RuntimeError("the process ends here")

    with monkeypatch.context() as patch:
        patch.setattr("kirin.tasks.events.add", fall_over)
        with pytest.raises(RuntimeError):
            app.tasks.submit_once(account, T2V, {"prompt": "a lake"}, token)
    with pytest.raises(InvalidParameters):
        app.tasks.submit_once(account, T2V, {"prompt": ""}, token)
    with app.database.read() as connection:
        for table in (tasks, idempotency):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0
    assert app.tasks.submit_once(account, T2V, {"prompt": "a lake"}, token)[1] is False
