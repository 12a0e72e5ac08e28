"""Quotes, balances and usage: what a task costs is known before, held, and told after (W-6)."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from kirin.accounts import ledger, usage
from kirin.accounts.keys import Scope
from kirin.accounts.limits import Limits
from kirin.accounts.verification import verify
from kirin.catalogue.card import Card
from kirin.orchestration import admission
from support.api import GENERATION, SUBJECT, Api
from support.cards import ELEMENTS, I2V, MOTION, T2V, good
from support.loopback import FileHost
from support.pictures import inline
from support.sources import provide_examples
from support.videos import video

QUOTE = "/model/v1/quote"
USAGE = "/model/v1/usage"
BALANCE = "/model/v1/balance"
HOUR_MS = 3_600_000


def quote(api: Api, model: str, **params: Any) -> dict[str, Any]:
    provide_examples(api.app, api.account, model)
    answer = api.http.post(QUOTE, json={"model": model, "input": [{"params": params}]})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def balance(api: Api) -> tuple[str, str]:
    told = api.http.get(BALANCE).json()
    return told["available"], told["held"]


def test_every_model_is_quoted_as_it_is_held(paying: Api, card: Card) -> None:  # W-6
    told = quote(paying, card.id, **good(card))
    paying.top_up(told["most"]["cost"])
    task = paying.make(card.id, **good(card))
    assert f"{task.quote:.4f}" == told["most"]["cost"]
    assert balance(paying) == ("0.0000", told["most"]["cost"])
    assert told["exact"] is (not told["after_fetch"]) is ("usage" in told)


@pytest.mark.parametrize(
    ("model", "params", "whole"),
    [
        (T2V, {"prompt": "a tiny lake", "watermark_info": {"enabled": True}}, "0.2800"),
        (ELEMENTS, SUBJECT, "0.0100"),
    ],
)
def test_a_quote_is_what_the_task_costs(
    paying: Api, model: str, params: dict[str, Any], whole: str
) -> None:  # W-6
    paying.change(discount_percent=Decimal("12.5"))
    paying.top_up("1.00")
    told = quote(paying, model, **params)
    task = paying.finish(model, **params)
    assert task["usage"] == told["usage"]
    cost, discount = Decimal(told["usage"]["cost"]), told["usage"]["discount"]
    assert cost + Decimal(repr(discount)) == Decimal(whole)
    assert balance(paying) == (f"{1 - cost:.4f}", "0.0000")


def test_length_and_quality_count(paying: Api) -> None:  # W-6
    told = quote(paying, T2V, prompt="a tiny lake", mode="pro", duration=10)
    assert told["usage"] == {"cost": "0.9800", "discount": 0.0}


def test_what_a_driving_video_costs_is_known_once_it_is_there(
    paying: Api, files: FileHost
) -> None:  # W-6 MC-9
    params = {
        "image_url": inline(400, 300),
        "video_url": files.add("dance.mp4", video(seconds=3.2)),
        "character_orientation": "image",
        "mode": "std",
    }
    told = quote(paying, MOTION, **params)
    assert (told["exact"], told["after_fetch"]) == (False, ["video_url"])
    assert (told["least"]["cost"], told["most"]["cost"]) == ("0.3780", "1.2600")
    paying.top_up("1.30")
    task = paying.make(MOTION, **params)
    assert balance(paying) == ("0.0400", "1.2600")
    assert paying.run(task.id)["usage"] == {"cost": "0.5040", "discount": 0.0}
    assert balance(paying) == ("0.7960", "0.0000")


def test_a_quote_is_checked_like_the_request(paying: Api) -> None:  # W-9
    for url in (QUOTE, GENERATION):
        answer = paying.http.post(url, json={"model": T2V, "duration": 7})
        assert answer.status_code == 400
        assert [p["param"] for p in answer.json()["errors"]] == ["prompt", "duration"]
    assert paying.http.post(QUOTE, json={"model": "nothing"}).status_code == 404
    assert paying.http.get("/model/v1/generation/task").json()["tasks"] == []


def test_a_balance_that_is_short_is_told_with_what_is_needed(paying: Api) -> None:  # W-9
    paying.top_up("0.2")
    answer = paying.create(T2V, prompt="a tiny lake")
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_balance")
    assert "this takes 0.2800 USD, and the balance is 0.2000 USD" in answer.json()["message"]
    assert "insufficient balance" in answer.json()["message"]  # what clients look for
    assert answer.json()["error_code"] == 40201
    assert answer.json()["balance"] == {
        "needed": "0.2800",
        "available": "0.2000",
        "currency": "USD",
    }
    assert balance(paying) == ("0.2000", "0.0000")


def test_a_cancelled_task_gives_everything_back(paying: Api) -> None:  # W-4
    paying.top_up("0.28")
    task = paying.make(T2V, prompt="a tiny lake")
    assert balance(paying) == ("0.0000", "0.2800")
    paying.http.delete(f"/model/v1/generation/task/{task.id}")
    assert balance(paying) == ("0.2800", "0.0000")


def test_a_replayed_request_holds_nothing_again(paying: Api) -> None:
    paying.top_up("0.28")
    body = {"model": T2V, "prompt": "a lake"}
    headers = {"Idempotency-Key": "once"}
    answers = [paying.http.post(GENERATION, json=body, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert balance(paying) == ("0.0000", "0.2800")


def test_a_free_server_has_no_balance_to_run_out(api: Api) -> None:
    api.make(T2V, prompt="a tiny lake")
    told = api.http.get(BALANCE).json()
    assert (told["prepaid"], told["available"]) == (False, "0.0000")


def test_usage_is_added_up_by_day_model_and_key(  # W-6
    paying: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, day_of = datetime.now(tz=UTC), usage.day_of
    today, first = begun.strftime("%Y-%m-%d"), int(begun.timestamp() * 1000)
    # The day does not end between two of the tasks.
    monkeypatch.setattr(usage, "day_of", lambda at: day_of(first if at < first + HOUR_MS else at))
    paying.top_up("1.00")
    paying.finish(T2V, prompt="a tiny lake")
    paying.finish(T2V, prompt="fail")
    paying.finish(I2V, prompt="fail", image=inline())
    told = paying.http.get(USAGE, params={"by": "model,day"}).json()
    assert told["usage"] == [
        {
            "model": T2V,
            "day": today,
            "tasks": 2,
            "completed": 1,
            "seconds": 5.0,
            "cost": "0.2800",
            "discount": "0.0000",
        },
        {
            "model": I2V,
            "day": today,
            "tasks": 1,
            "completed": 0,
            "seconds": 0.0,
            "cost": "0.0000",
            "discount": "0.0000",
        },
    ]
    assert (told["total"]["tasks"], told["total"]["cost"]) == (3, "0.2800")
    (by_key,) = paying.http.get(USAGE, params={"by": "key"}).json()["usage"]
    assert by_key["key"].startswith("key_")
    assert by_key["tasks"] == 3


def test_usage_as_csv(paying: Api) -> None:
    paying.top_up("1.00")
    paying.finish(T2V, prompt="fail")
    answer = paying.http.get(USAGE, params={"by": "model", "format": "csv"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "usage.csv" in answer.headers["Content-Disposition"]
    (row,) = csv.DictReader(StringIO(answer.text))
    assert row == {
        "model": T2V,
        "tasks": "1",
        "completed": "0",
        "seconds": "0.0",
        "cost": "0.0000",
        "discount": "0.0000",
    }


def test_days_outside_the_query_are_left_out(paying: Api) -> None:
    paying.top_up("1.00")
    paying.finish(T2V, prompt="fail")
    assert paying.http.get(USAGE).json()["total"]["tasks"] == 1
    for days in ({"last": "2020-01-31"}, {"first": "2999-01-01", "last": "2999-01-02"}):
        told = paying.http.get(USAGE, params=days).json()
        assert (told["usage"], told["total"]["tasks"]) == ([], 0)
    assert paying.http.get(USAGE, params={"last": "2020-01-31"}).json()["first"] == "2020-01-02"


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({"by": "account"}, "by"),
        ({"by": "day,day"}, "by"),
        ({"by": ""}, "by"),
        ({"first": "yesterday"}, "first"),
        ({"last": "2026-02-30"}, "last"),
        ({"last": "0000-01-01"}, "last"),
        ({"last": "0001-01-01"}, "last"),
        ({"first": "2026-02-02", "last": "2026-02-01"}, "first"),
        ({"format": "xml"}, "format"),
    ],
)
def test_a_query_of_usage_that_makes_no_sense(
    paying: Api, query: dict[str, str], param: str
) -> None:  # W-9
    answer = paying.http.get(USAGE, params=query)
    assert answer.status_code == 400
    assert [problem["param"] for problem in answer.json()["errors"]] == [param]


@pytest.mark.usefixtures("same_minute")
def test_requests_per_minute_are_limited(paying: Api) -> None:  # W-9
    paying.change(limits=Limits(requests_per_minute=5))
    answers = [paying.http.get(BALANCE) for _ in range(7)]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [200] * 5 + [429] * 2
    remaining = [answer.headers["RateLimit-Remaining"] for answer in answers]
    assert remaining == ["4", "3", "2", "1", "0", "0", "0"]
    refused = answers[-1]
    assert refused.headers["RateLimit-Limit"] == "5"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit-Reset"] == refused.headers["Retry-After"]
    limit = refused.json()["limit"]
    assert (limit["name"], limit["of"], limit["value"]) == ("requests_per_minute", "account", 5)
    assert "may make 5 requests a minute" in refused.json()["message"]


@pytest.mark.usefixtures("same_minute")
def test_a_key_may_have_less_than_its_account(paying: Api) -> None:  # W-9
    paying.change(limits=Limits(requests_per_minute=1000))
    small = paying.holder(Scope.READ, limits=Limits(requests_per_minute=1))
    assert [small.get(BALANCE).status_code for _ in range(2)] == [200, 429]
    assert paying.http.get(BALANCE).headers["RateLimit-Limit"] == "1000"


def test_tasks_at_a_time_are_limited(paying: Api) -> None:  # W-9
    paying.top_up("9")
    for name, words in (
        ("unfinished_tasks", "wait until one ends"),
        ("queued_tasks", "wait until one starts"),
    ):
        api = paying.another()
        api.top_up("9")
        api.change(limits=Limits(**{name: 1}))
        first = api.make(T2V, prompt="fail")
        answer = api.create(T2V, prompt="a tiny lake")
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) >= 1
        assert "RateLimit-Limit" not in answer.headers  # it is none of a window of time
        assert answer.json()["limit"]["name"] == name
        assert words in answer.json()["message"]
        assert balance(api) == ("8.7200", "0.2800")
        api.run(first.id)
        assert api.create(T2V, prompt="a tiny lake").status_code == 200


def test_the_spending_of_a_day_is_limited(  # W-9
    paying: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "DAY_MS", 10**15)  # no day ends between two tasks
    paying.top_up("9")
    paying.change(limits=Limits(daily_spend=Decimal("0.60")))
    first = paying.make(T2V, prompt="fail")
    paying.make(T2V, prompt="a tiny lake")
    answer = paying.create(T2V, prompt="a tiny lake")
    assert answer.status_code == 429
    limit = answer.json()["limit"]
    assert (limit["name"], limit["value"]) == ("daily_spend", "0.6000")
    assert int(answer.headers["Retry-After"]) == limit["frees_in_seconds"] <= 86_400
    assert "may spend 0.6000 USD a day" in answer.json()["message"]
    paying.run(first.id)  # what fails costs nothing
    assert paying.create(T2V, prompt="a tiny lake").status_code == 200


def test_after_all_this_the_ledger_adds_up(paying: Api) -> None:
    paying.top_up("1.00")
    paying.finish(T2V, prompt="fail")
    with paying.app.database.snapshot() as connection:
        report = verify(connection)
        assert ledger.balance(connection, paying.account).available == 1_000_000
    assert (report.problems, report.total) == ((), 0)
    assert report.settled > 0
