"""Batches: several tasks under one id (N-16)."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from kirin.accounts.audit import Actor
from kirin.accounts.limits import Limits
from kirin.app import App
from kirin.clock import now_ms
from kirin.http.tasks import batches as routes
from kirin.orchestration.erasure import Erasure
from kirin.settings import Settings
from kirin.tasks import batches, retention
from kirin.webhooks import outbox
from kirin.webhooks.outbox import Saturated
from support.api import GENERATION, TASK, Api, InProcess
from support.cards import I2V, T2V
from support.pictures import inline

BATCH = f"{GENERATION}/batch"
HOOK = "https://example.com/batch"


def one(prompt: str = "a tiny lake", **beside: Any) -> dict[str, Any]:
    """A request for one task."""
    params = {"prompt": prompt, **beside.pop("params", {})}
    return {"model": T2V, "input": [{"params": params}], **beside}


def send(api: Api, *requests: dict[str, Any], **beside: Any) -> httpx.Response:
    body = {"requests": list(requests), **beside} if requests else beside
    return api.http.post(BATCH, json=body)


def make(api: Api, *requests: dict[str, Any], **beside: Any) -> dict[str, Any]:
    answer = send(api, *requests, **beside)
    assert answer.status_code == 200, answer.text
    batch: dict[str, Any] = answer.json()
    return batch


def read(api: Api, batch: dict[str, Any]) -> dict[str, Any]:
    answer = api.http.get(f"{BATCH}/{batch['id']}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def run(api: Api, batch: dict[str, Any]) -> dict[str, Any]:
    """A worker's work for all its tasks."""
    for task in batch["tasks"]:
        api.run(task["id"])
    return read(api, batch)


def problems(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 400, answer.text
    return {problem["param"]: problem["code"] for problem in answer.json()["errors"]}


def hooks(api: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.http.get("/model/v1/webhooks").json()["webhooks"]
    return found


def nothing_was_made(api: Api) -> bool:
    listed = api.http.get(TASK).json()["tasks"], api.http.get(BATCH).json()["batches"]
    return listed == ([], [])


def test_it_is_followed_to_its_end(api: Api) -> None:  # N-16 W-3 W-6
    batch = make(api, one(), one("tiny fail"), metadata={"order": 7})
    assert batch["status"] == "in_progress"
    assert batch["counts"] == {
        "total": 2,
        "queued": 2,
        "rendering": 0,
        "completed": 0,
        "failed": 0,
        "cancelled": 0,
    }
    assert batch["progress"] == 0
    assert [task["index"] for task in batch["tasks"]] == [0, 1]
    api.run(batch["tasks"][0]["id"])
    half = read(api, batch)
    assert (half["progress"], half["status"]) == (0.5, "in_progress")
    assert half["counts"]["completed"] == 1
    done = run(api, batch)
    assert (done["progress"], done["status"]) == (1, "completed")
    assert (done["counts"]["completed"], done["counts"]["failed"]) == (1, 1)
    assert done["tasks"][1]["code"]
    assert done["metadata"] == {"order": 7}
    cost = api.read(batch["tasks"][0]["id"])["usage"]["cost"]
    assert done["usage"]["cost"] == cost
    assert Decimal(done["quote"]) == 2 * Decimal(cost)
    assert done["finished_at"] >= done["created_at"]


def test_all_failed(api: Api) -> None:  # N-16
    assert run(api, make(api, one("tiny fail")))["status"] == "failed"


def test_lists_make_every_combination(api: Api) -> None:  # N-16
    batch = make(
        api,
        request={"model": T2V, "input": [{"params": {"duration": 5}}]},
        vary={
            "prompt": ["a tiny lake", "a tiny sea"],
            "aspect_ratio": ["1:1", "9:16"],
            "seed": [3],
        },
    )
    rows = [api.row(task["id"]) for task in batch["tasks"]]
    assert [(row.params["prompt"], row.params["aspect_ratio"], row.seed) for row in rows] == [
        ("a tiny lake", "1:1", 3),
        ("a tiny lake", "9:16", 3),
        ("a tiny sea", "1:1", 3),
        ("a tiny sea", "9:16", 3),
    ]
    alone = make(api, request=one())
    assert alone["counts"]["total"] == 1


def test_one_wrong_request_refuses_all(api: Api) -> None:  # N-16 W-9
    wrong = one(params={"duration": 7, "promt": 1})
    answer = send(api, one(), wrong, {"model": "nothing", "prompt": "a"}, {"prompt": "a"})
    assert problems(answer) == {
        "requests[2].model": "unknown_model",
        "requests[3].model": "required",
    }
    answer = send(api, one(), wrong)
    assert problems(answer) == {
        "requests[1].duration": "not_an_option",
        "requests[1].promt": "unknown_parameter",
    }
    assert nothing_was_made(api)


def test_a_wrong_value_of_a_list_is_told_once(api: Api) -> None:  # N-16 W-9
    answer = send(
        api, request=one(), vary={"aspect_ratio": ["1:1", "2:1"], "duration": [5, 10, 11]}
    )
    assert problems(answer) == {
        "vary.aspect_ratio[1]": "not_an_option",
        "vary.duration[2]": "not_an_option",
    }
    assert len(answer.json()["errors"]) == 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"requests": "required"}),
        ({"requests": [one()], "request": one()}, {"requests": "required"}),
        ({"requests": []}, {"requests": "wrong_count"}),
        ({"requests": [one()] * 101}, {"requests": "wrong_count"}),
        ({"requests": [one()], "vary": {}}, {"vary": "not_in_this_combination"}),
        ({"requests": one()}, {"requests": "wrong_type"}),
        ({"requests": [7]}, {"requests[0]": "wrong_type"}),
        ({"request": one(), "vary": {"seed": []}}, {"vary.seed": "wrong_count"}),
        ({"request": one(), "vary": {"seed": [1] * 101}}, None),
        (
            {"request": one(), "vary": {"seed": list(range(51)), "duration": [5, 10]}},
            {"vary": "wrong_count"},
        ),
        ({"request": one(), "vary": {"prompt": ["a"]}}, {"vary.prompt": "not_in_this_combination"}),
        ({"request": one(seed=1), "vary": {"seed": [2]}}, {"vary.seed": "not_in_this_combination"}),
        ({"request": one(), "vary": {"seed": [-1, True]}}, None),
        (
            {"request": one(), "vary": {"external_task_id": ["a", "b"]}},
            {"vary.external_task_id": "not_in_this_combination"},
        ),
        (
            {"requests": [one()], "callback_url": "http://127.0.0.1/"},
            {"callback_url": "not_public"},
        ),
        ({"requests": [one()], "metadata": {"a": "x" * 4096}}, {"metadata": "too_long"}),
        ({"requests": [one()], "others": 1}, {"others": "unknown_parameter"}),
    ],
)
def test_what_is_no_batch(  # N-16 W-9
    api: Api, body: dict[str, Any], expected: dict[str, str] | None
) -> None:
    found = problems(api.http.post(BATCH, json=body))
    assert found == expected if expected is not None else found
    assert nothing_was_made(api)


def test_a_product_is_counted_before_it_is_made(api: Api) -> None:  # N-16
    vary = {f"p{number}": list(range(100)) for number in range(50)}
    assert problems(send(api, request=one(), vary=vary)) == {"vary": "wrong_count"}


def test_a_hundred_is_the_most(api: Api) -> None:  # N-16
    batch = make(api, request=one(), vary={"seed": list(range(100))})
    assert batch["counts"]["queued"] == 100
    assert [api.row(task["id"]).seed for task in batch["tasks"][:3]] == [0, 1, 2]


def test_external_ids(api: Api) -> None:  # N-16 C-8
    named = [one(params={"external_task_id": name}) for name in ("a", "b", "a")]
    assert problems(send(api, *named)) == {"requests[2].external_task_id": "repeated"}
    batch = make(api, *named[:2])
    assert [task["external_task_id"] for task in batch["tasks"]] == ["a", "b"]
    answer = send(api, one(), named[1])
    assert (answer.status_code, answer.json()["code"]) == (409, "external_task_id_used")
    assert len(api.http.get(TASK).json()["tasks"]) == 2
    answer = send(api, request=named[0], vary={"seed": [1, 2]})
    assert problems(answer) == {"request.external_task_id": "not_in_this_combination"}


def test_a_key_makes_it_once(api: Api) -> None:  # N-16
    headers = {"Idempotency-Key": "batch"}
    body = {"requests": [one(), one("tiny sea")]}
    first = api.http.post(BATCH, json=body, headers=headers)
    again = api.http.post(BATCH, json=body, headers=headers)
    assert again.json()["id"] == first.json()["id"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(api.http.get(TASK).json()["tasks"]) == 2
    for url, other in ((BATCH, {"requests": [one()]}), (GENERATION, one())):
        answer = api.http.post(url, json=other, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_used")
    api.http.post(GENERATION, json=one(), headers={"Idempotency-Key": "task"})
    answer = api.http.post(BATCH, json={"request": one()}, headers={"Idempotency-Key": "task"})
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_used")


def test_it_is_quoted_as_a_whole(api: Api) -> None:  # N-16 N-3
    single = Decimal(api.http.post("/model/v1/quote", json=one()).json()["usage"]["cost"])
    answer = api.http.post(f"{BATCH}/quote", json={"request": one(), "vary": {"duration": [5, 10]}})
    quote = answer.json()
    assert answer.status_code == 200, answer.text
    assert quote["exact"] is True
    assert [Decimal(task["most"]["cost"]) for task in quote["tasks"]] == [single, 2 * single]
    assert Decimal(quote["most"]["cost"]) == 3 * single
    assert nothing_was_made(api)


def test_the_balance_pays_all_or_nothing(paying: Api) -> None:  # N-16 W-9
    cost = Decimal(paying.http.post("/model/v1/quote", json=one()).json()["usage"]["cost"])
    paying.top_up(str(2 * cost))
    answer = send(paying, one(), one("tiny sea"), one("tiny hill"))
    assert answer.status_code == 403
    told = answer.json()["balance"]
    assert (Decimal(told["needed"]), Decimal(told["available"])) == (3 * cost, 2 * cost)
    assert nothing_was_made(paying)
    batch = make(paying, one(), one("tiny fail"))
    balance = paying.http.get("/model/v1/balance").json()
    assert [Decimal(balance[name]) for name in ("available", "held")] == [Decimal(0), 2 * cost]
    run(paying, batch)
    balance = paying.http.get("/model/v1/balance").json()
    assert [Decimal(balance[name]) for name in ("available", "held")] == [cost, Decimal(0)]


def test_limits_hold_for_all_of_it(api: Api) -> None:  # N-16
    api.change(limits=Limits(unfinished_tasks=2))
    answer = send(api, one(), one(), one())
    assert (answer.status_code, answer.json()["code"]) == (429, "limit_reached")
    assert nothing_was_made(api)
    assert make(api, one(), one())["counts"]["queued"] == 2


def test_it_is_cancelled(api: Api) -> None:  # N-16 W-4
    batch = make(api, one(), one(), one(), callback_url=HOOK)
    api.run(batch["tasks"][0]["id"])
    assert hooks(api) == []
    cancelled = api.http.post(f"{BATCH}/{batch['id']}/cancel").json()
    assert cancelled["status"] == "completed"
    assert (cancelled["counts"]["completed"], cancelled["counts"]["cancelled"]) == (1, 2)
    assert cancelled["cancelled_at"] <= cancelled["finished_at"]
    answer = api.http.post(f"{BATCH}/{batch['id']}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "batch_finished")
    assert [hook["batch"] for hook in hooks(api)] == [batch["id"]]


def test_one_webhook_at_the_end(api: Api) -> None:  # N-16 C-7
    told = one(params={"callback_url": "https://example.com/task"})
    batch = make(api, told, one("tiny fail"), callback_url=HOOK)
    last = batch["tasks"][0]["id"]
    api.run(batch["tasks"][1]["id"])
    assert hooks(api) == []
    api.run(last)
    (hook,) = [each for each in hooks(api) if "batch" in each]
    assert (hook["url"], hook["status"], hook["task"]) == (HOOK, "completed", last)
    whole = api.http.get(f"/model/v1/webhooks/{hook['id']}").json()
    assert whole["body"] == read(api, batch)
    # Neither waits for the other, and neither takes the other's place.
    with api.app.database.read() as connection:
        due = outbox.due(connection, now_ms(), 100_000, Saturated())
        mine = [message for message in due if message.account == api.account]
    assert {message.sequence for message in mine} == {-1, 0}
    with api.app.database.write() as connection:
        for message in mine:
            outbox.supersede_earlier(connection, message)
    assert all(each["state"] == "waiting" for each in hooks(api))
    again = api.http.post(f"/model/v1/webhooks/{hook['id']}/redeliver")
    assert again.json()["batch"] == batch["id"]


def test_it_ends_at_once_where_everything_is_there(api: Api) -> None:  # N-16 N-15
    api.run(api.http.post(GENERATION, json=one(seed=7)).json()["id"])
    batch = make(api, one(seed=7), one(seed=7), callback_url=HOOK)
    assert (batch["status"], batch["progress"]) == ("completed", 1)
    assert len([hook for hook in hooks(api) if hook.get("batch") == batch["id"]]) == 1
    mixed = make(api, one(seed=7), one(seed=8))
    assert (mixed["counts"]["completed"], mixed["status"]) == (1, "in_progress")


def test_they_are_listed_in_pages(api: Api) -> None:  # N-16
    made = [make(api, one(), one())["id"] for _ in range(3)]
    first = api.http.get(BATCH, params={"limit": 2}).json()
    second = api.http.get(BATCH, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    found = [batch["id"] for batch in (*first["batches"], *second["batches"])]
    assert sorted(found) == sorted(made)
    assert second["next_cursor"] is None
    tasks = api.http.get(TASK, params={"batch": made[0], "limit": 1}).json()
    assert tasks["tasks"][0]["metadata"]["batch"] == made[0]
    more = {"batch": made[0], "limit": 9, "cursor": tasks["next_cursor"]}
    assert len(api.http.get(TASK, params=more).json()["tasks"]) == 1
    assert api.http.get(TASK, params={"batch": "\0"}).json()["tasks"] == []


def test_its_videos_come_as_a_zip(api: Api) -> None:  # N-16 N-13
    batch = make(api, one(params={"external_task_id": "wide"}), one("tiny fail"))
    url = f"{GENERATION}/zip"
    answer = api.http.post(url, json={"batch_id": batch["id"]})
    assert problems(answer) == {"batch_id": "video_not_ready"}
    run(api, batch)
    answer = api.http.post(url, json={"batch_id": batch["id"]})
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist() == ["wide.mp4"]
    link = api.http.post(f"{url}/token", json={"batch_id": batch["id"]}).json()
    assert link["files"] == 1
    assert api.stranger.get(link["url"]).content == answer.content
    failed = make(api, one("tiny fail"))
    run(api, failed)
    assert problems(api.http.post(url, json={"batch_id": failed["id"]})) == {"batch_id": "no_video"}
    assert problems(api.http.post(url, json={"batch_id": "none"})) == {"batch_id": "unknown_batch"}
    both = {"batch_id": batch["id"], "task_ids": [batch["tasks"][0]["id"]]}
    for body in (both, {}):
        assert api.http.post(url, json=body).status_code == 400
    theirs = api.another().http.post(url, json={"batch_id": batch["id"]})
    assert problems(theirs) == {"batch_id": "unknown_batch"}


def test_others_see_nothing_of_it(api: Api) -> None:  # N-16 W-9
    batch = make(api, one())
    other = api.another()
    url = f"{BATCH}/{batch['id']}"
    for answer in (other.http.get(url), other.http.post(f"{url}/cancel")):
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_batch")
    assert other.http.get(BATCH).json()["batches"] == []
    assert other.http.get(TASK, params={"batch": batch["id"]}).json()["tasks"] == []
    assert api.http.get(f"{BATCH}/%00").status_code == 404


def test_a_picture_is_looked_at_once(  # N-16 C-1
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Any] = []
    ingest = api.app.tasks.validator.ingest
    inline_of = type(ingest).inline

    def inline_once(*given: Any) -> Any:
        looked.append(given)
        return inline_of(*given)

    monkeypatch.setattr(type(ingest), "inline", inline_once)
    picture = inline(320, 300)
    request = {"model": I2V, "image": picture, "prompt": "tiny"}
    batch = make(api, request=request, vary={"seed": [1, 2, 3]})
    assert len(looked) == 1
    assert run(api, batch)["counts"]["completed"] == 3


def test_an_account_has_two_checked_at_a_time(  # N-16 W-9
    shared_app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert routes.AT_ONCE == 2
    monkeypatch.setattr(routes, "AT_ONCE", 0)
    transport = InProcess(shared_app.http())
    answer = send(Api(shared_app, transport), one())
    transport.end()
    assert (answer.status_code, answer.json()["limit"]["name"]) == (429, "batches")


def test_retention_takes_it_with_the_last_task(tmp_path: Path) -> None:  # N-16
    app = App.open(Settings(data_dir=tmp_path, engines="scripted"))
    transport = InProcess(app.http())
    api = Api(app, transport)
    batch = make(api, one(), one())
    run(api, batch)
    later = now_ms() + 1000
    with app.database.write() as connection:
        assert batches.delete_empty(connection, later, 1000) == 0
        assert retention.delete_tasks(connection, later, 1) == 1
        assert batches.delete_empty(connection, later, 1000) == 0
    half = read(api, batch)
    assert (half["counts"]["total"], half["counts"]["completed"]) == (2, 1)
    assert (half["status"], half["progress"]) == ("completed", 1)
    with app.database.write() as connection:
        assert retention.delete_tasks(connection, later, 1000) == 1
        assert batches.delete_empty(connection, later, 1000) == 1
    assert api.http.get(f"{BATCH}/{batch['id']}").status_code == 404
    transport.end()
    app.close()


def test_erasure_takes_it(api: Api, shared_app: App) -> None:  # N-16
    batch = make(api, one(), callback_url=HOOK, metadata={"who": "me"})
    Erasure(shared_app.database, shared_app.storage, now_ms).erase(Actor("test"), api.account)
    with shared_app.database.read() as connection:
        assert batches.find(connection, api.account, batch["id"]) is None
