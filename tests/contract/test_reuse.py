"""The same request with the same seed has the result that is there already (N-15)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from kirin.accounts.limits import Limits
from kirin.app import App
from kirin.engines.router import Router
from kirin.settings import Settings
from kirin.tasks.task_filter import EVERYTHING
from support.api import GENERATION, TASK, Api, InProcess
from support.cards import I2V, T2V
from support.pictures import inline

QUOTE = "/model/v1/quote"
WORDS = {"prompt": "a tiny lake"}


def body(seed: int | None = 7, params: dict[str, Any] = WORDS, **beside: Any) -> dict[str, Any]:
    """A request; ``seed`` is left out where it is ``None``."""
    return {
        "model": beside.pop("model", T2V),
        "input": [{"params": params}],
        **({"seed": seed} if seed is not None else {}),
        **beside,
    }


def ask(api: Api, **given: Any) -> dict[str, Any]:
    answer = api.http.post(GENERATION, json=body(**given))
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def made(api: Api, **given: Any) -> dict[str, Any]:
    """A task that was rendered."""
    created = ask(api, **given)
    assert created["status"] == "in_progress"
    task = api.run(created["id"])
    assert task["status"] == "completed"
    return task


def video(api: Api, task: dict[str, Any]) -> bytes:
    (content,) = task["output"][0]["content"]
    answer = api.stranger.get(content["url"])
    assert answer.status_code == 200, answer.text
    return answer.content


def server(tmp_path_factory: pytest.TempPathFactory, **given: Any) -> Iterator[Api]:
    data = tmp_path_factory.mktemp("reuse")
    app = App.open(Settings(data_dir=data, engines="scripted", **given))
    transport = InProcess(app.http())
    yield Api(app, transport)
    transport.end()
    app.close()


def test_the_same_is_there_at_once(api: Api) -> None:  # N-15 W-2 W-6
    first = made(api)
    again = ask(api, metadata={"mine": 2})
    assert again["status"] == "completed"
    assert again["id"] != first["id"]
    shown = api.read(again["id"])
    assert shown["status"] == "completed"
    assert shown["progress"] == 1
    facts = shown["metadata"]
    assert facts["reused"] is True
    assert facts["reused_from"] == first["id"]
    assert facts["request"] == {"mine": 2}
    assert facts["seed"] == 7
    assert (facts["queue_seconds"], facts["render_seconds"]) == (0, 0)
    for name in ("width", "height", "fps", "frames", "engine"):
        assert facts[name] == first["metadata"][name]
    assert shown["usage"] == {"cost": "0.0000", "discount": 0}
    assert video(api, shown) == video(api, first)
    assert "reused" not in first["metadata"]


def test_what_was_drawn_by_chance_can_be_asked_for(api: Api) -> None:  # N-15
    first = made(api, seed=None)
    again = ask(api, seed=first["metadata"]["seed"])
    assert api.read(again["id"])["metadata"]["reused_from"] == first["id"]
    third = ask(api, seed=first["metadata"]["seed"])
    assert third["status"] == "completed"


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 8},
        {"seed": None},
        {"cache": False},
        {"params": {"prompt": "a tiny sea"}},
        {"params": {**WORDS, "cfg_scale": 0.6}},
        {"params": {**WORDS, "watermark_info": {"enabled": True}}},
        {"moderation": True},
    ],
    ids=str,
)
def test_anything_else_is_made(api: Api, changes: dict[str, Any]) -> None:  # N-15
    made(api)
    assert ask(api, **changes)["status"] == "in_progress"


def test_what_means_the_same_is_the_same(api: Api) -> None:  # N-15 C-5
    made(api)
    named = {**WORDS, "duration": 5, "mode": "std", "external_task_id": "second", "cfg_scale": 0.5}
    assert ask(api, params=named)["status"] == "completed"
    assert api.read("second")["metadata"]["reused"] is True
    answer = api.http.post(GENERATION, json=body(params=named))
    assert answer.status_code == 409


def test_pictures_count_by_their_bytes(api: Api) -> None:  # N-15
    picture = inline(320, 300)
    first = made(api, model=I2V, params={"image": picture, "prompt": "tiny"})
    sent = api.http.get(f"{TASK}/{first['id']}/request").json()
    assert sent["seed"] == 7
    link = sent["input"][0]["params"]["image"]
    assert link.startswith("http")
    again = ask(api, model=I2V, params={"image": link, "prompt": "tiny"})
    assert again["status"] == "completed"
    other = ask(api, model=I2V, params={"image": inline(300, 320), "prompt": "tiny"})
    assert other["status"] == "in_progress"


def test_what_failed_goes_on_or_is_gone_is_no_answer(api: Api) -> None:  # N-15
    ask(api)
    assert ask(api)["status"] == "in_progress"  # the first has not ended
    failed = {"prompt": "tiny fail"}
    assert api.run(ask(api, params=failed)["id"])["status"] == "failed"
    assert ask(api, params=failed)["status"] == "in_progress"
    gone = {"prompt": "tiny gone"}
    first = made(api, params=gone)
    assert api.http.post(f"{TASK}/{first['id']}/remove").status_code == 200
    assert ask(api, params=gone)["status"] == "in_progress"


def test_a_lost_file_is_made_again(api: Api) -> None:  # N-15
    first = made(api)
    api.app.storage.delete(api.row(first["id"]).results[0].key)
    assert ask(api)["status"] == "in_progress"


@pytest.mark.parametrize("removed", [0, 1])
def test_one_outlives_the_other(api: Api, removed: int) -> None:  # N-15
    first = made(api)
    both = [first["id"], ask(api)["id"]]
    assert api.http.post(f"{TASK}/{both.pop(removed)}/remove").status_code == 200
    (left,) = both
    assert video(api, api.read(left))
    assert ask(api)["status"] == "completed"


def test_other_accounts_learn_nothing(api: Api) -> None:  # N-15 W-9
    made(api)
    other = api.another()
    assert ask(other)["status"] == "in_progress"
    quoted = other.http.post(QUOTE, json=body()).json()
    assert "reused" not in quoted


def test_a_quote_tells(api: Api) -> None:  # N-15
    before = api.http.post(QUOTE, json=body()).json()
    assert "reused" not in before
    made(api)
    quoted = api.http.post(QUOTE, json=body()).json()
    assert quoted["reused"] is True
    assert quoted["usage"]["cost"] == "0.0000"
    assert api.http.post(QUOTE, json=body(cache=False)).json()["usage"] == before["usage"]


def test_a_key_makes_it_once(api: Api) -> None:  # N-15
    made(api)
    sent = [
        api.http.post(GENERATION, json=body(), headers={"Idempotency-Key": "again"})
        for _ in range(2)
    ]
    first, second = (each.json() for each in sent)
    assert first == second
    assert first["status"] == "completed"
    assert sent[1].headers["Idempotent-Replayed"] == "true"
    other = api.http.post(GENERATION, json=body(cache=False), headers={"Idempotency-Key": "again"})
    assert other.status_code == 409


def test_who_waits_has_it(api: Api) -> None:  # N-15 N-1
    made(api)
    answer = api.http.post(f"{GENERATION}/sync", json=body())
    assert answer.json()["metadata"]["reused"] is True


def test_the_end_is_told_once(api: Api) -> None:  # N-15 C-7
    made(api)
    told = {**WORDS, "callback_url": "https://example.com/told"}
    again = ask(api, params=told)
    hooks = api.http.get("/model/v1/webhooks").json()["webhooks"]
    assert [(hook["task"], hook["status"]) for hook in hooks] == [(again["id"], "completed")]


def test_places_are_not_needed(api: Api) -> None:  # N-15
    made(api)
    api.change(limits=Limits(unfinished_tasks=1, queued_tasks=1))
    assert ask(api, seed=1)["status"] == "in_progress"
    assert api.http.post(GENERATION, json=body(seed=2)).status_code == 429
    assert ask(api)["status"] == "completed"


@pytest.mark.parametrize(
    ("seed", "code"),
    [
        (-1, "out_of_range"),
        (2**31, "out_of_range"),
        (10**30, "out_of_range"),
        ("7", "wrong_type"),
        (7.5, "wrong_type"),
        (True, "wrong_type"),
        (False, "wrong_type"),
    ],
)
def test_a_seed_is_a_whole_number(api: Api, seed: object, code: str) -> None:  # N-15 W-1
    answer = api.http.post(GENERATION, json={**body(None), "seed": seed})
    assert {each["param"]: each["code"] for each in answer.json()["errors"]} == {"seed": code}


@pytest.mark.parametrize("seed", [0, 2**31 - 1])
def test_the_least_and_the_most_seed(api: Api, seed: int) -> None:  # N-15 W-1
    task = api.row(ask(api, seed=seed)["id"])
    assert task.seed == seed
    assert api.storyboard(task).seed == seed


def test_an_engine_that_draws_its_own_seed_says_so(  # N-15 W-8
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Router, "maker", lambda *_: None)
    first = api.run(ask(api)["id"])
    assert first["metadata"]["ignored"] == ["seed"]
    assert ask(api)["status"] == "in_progress"


def test_another_version_makes_it_anew(  # N-15
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(api)
    monkeypatch.setattr("kirin.engines.router.__version__", "99.0")
    assert ask(api)["status"] == "in_progress"


def test_full_price(tmp_path_factory: pytest.TempPathFactory) -> None:  # N-15 W-6
    for api in server(tmp_path_factory, reuse_cost="full", billing="prepaid"):
        api.top_up("1")
        first = made(api)
        again = api.read(ask(api)["id"])
        assert again["metadata"]["reused"] is True
        assert again["usage"] == first["usage"]
        cost = float(first["usage"]["cost"])
        assert cost > 0
        balance = api.http.get("/model/v1/balance").json()
        assert float(balance["available"]) == pytest.approx(1 - 2 * cost)
        assert float(balance["held"]) == 0
        api.change(limits=Limits(daily_spend=Decimal("0.01")))
        assert api.http.post(GENERATION, json=body()).status_code == 429
        # What was copied for a task that was refused is gone again.
        kept = {each.id for each in api.app.tasks.page(api.account, 9, None, EVERYTHING)}
        stored = {key.split("/")[1] for key in api.app.storage.keys("results/")}
        assert stored == kept


def test_everybody(tmp_path_factory: pytest.TempPathFactory) -> None:  # N-15
    for api in server(tmp_path_factory, reuse="all"):
        first = made(api)
        other = api.another()
        facts = other.read(ask(other)["id"])["metadata"]
        assert facts["reused"] is True
        assert "reused_from" not in facts
        assert first["id"] not in str(facts)


def test_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:  # N-15
    for api in server(tmp_path_factory, reuse="off"):
        made(api)
        assert ask(api)["status"] == "in_progress"


def test_what_is_refused_leaves_no_copies(api: Api) -> None:  # N-15 C-8
    made(api, params={**WORDS, "external_task_id": "mine"})
    before = set(api.app.storage.keys())
    refused = api.http.post(GENERATION, json=body(params={**WORDS, "external_task_id": "mine"}))
    assert refused.status_code == 409
    assert set(api.app.storage.keys()) == before


def test_what_may_have_been_written_keeps_its_copies(api: Api) -> None:  # N-15
    made(api)
    task = api.row(ask(api)["id"])
    before = set(api.app.storage.keys())
    lost = OperationalError("COMMIT", {}, ConnectionResetError())
    with pytest.raises(OperationalError), api.app.tasks.admission.written_or_withdrawn([task]):
        raise lost
    assert set(api.app.storage.keys()) == before
    with pytest.raises(KeyError), api.app.tasks.admission.written_or_withdrawn([task]):
        raise KeyError
    assert set(api.app.storage.keys()) < before
