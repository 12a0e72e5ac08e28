"""What the API's own clients find at addresses of their own (N-3, N-7, N-8)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from support.api import GENERATION, TASK, Api
from support.cards import MOTION, T2V
from support.pictures import flat_png, inline

PRECHARGE = f"{GENERATION}/precharge"
STORE = "/api/v1/storage/files"
BALANCE = "/api/v1/user/balance"
BODY = {"model": T2V, "input": [{"params": {"prompt": "a lake"}}]}
STRINGS = {
    "user_id",
    "balance",
    "available_balance",
    "total_recharged",
    "currency",
    "billing_mode",
    "credit_limit",
    "arrears",
}


def test_precharge_is_the_quote(api: Api) -> None:  # N-3
    quote = api.http.post("/model/v1/quote", json=BODY).json()
    told = api.http.post(PRECHARGE, json=BODY).json()
    assert told.pop("status") == "success"
    assert told.pop("data") == {
        "model": T2V,
        "billing_model": T2V,
        "currency": "USD",
        "cost": "0.2800",
        "discount": 0.0,
    }
    assert told == quote
    assert api.http.get(TASK).json()["tasks"] == []


def test_precharge_tells_the_most_where_the_cost_is_not_known(api: Api) -> None:  # N-3
    params = {
        "image_url": inline(300, 300),
        "video_url": "https://example.com/dance.mp4",
        "character_orientation": "image",
        "mode": "std",
    }
    body = {"model": MOTION, "input": [{"params": params}]}
    told = api.http.post(PRECHARGE, json=body).json()
    assert told["exact"] is False
    assert told["data"]["cost"] == told["most"]["cost"] == "1.2600"
    assert "video_url" in told["data"]["reason"]


def test_precharge_takes_the_discount_off(api: Api) -> None:  # N-3
    api.change(discount_percent=Decimal(50))
    data = api.http.post(PRECHARGE, json=BODY).json()["data"]
    assert (data["cost"], data["discount"]) == ("0.1400", 0.14)


def test_precharge_refuses_what_a_task_would_be_refused_for(api: Api) -> None:  # N-3
    answer = api.http.post(PRECHARGE, json={"model": T2V, "input": [{"params": {}}]})
    assert [each["param"] for each in answer.json()["errors"]] == ["prompt"]
    assert api.stranger.post(PRECHARGE, json=BODY).status_code == 401
    assert api.holder("read").post(PRECHARGE, json=BODY).status_code == 403


def test_a_file_is_stored_and_its_link_is_an_input(api: Api) -> None:  # N-7
    answer = api.http.post(STORE, files={"file": ("a.png", flat_png(320, 300), "image/png")})
    assert answer.status_code == 200, answer.text
    url = answer.json()["url"]
    assert url.startswith("http://testserver/files/")
    task = api.make("kirin_v1_i2v", image=url)
    assert task.assets["image"].width == 320


def test_what_is_no_picture_is_refused(api: Api) -> None:  # N-7
    answer = api.http.post(STORE, files={"file": ("a.jpg", b"no picture", "image/jpeg")})
    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]
    assert problem["param"] == "file"
    assert isinstance(answer.json()["message"], str)
    files = {"file": ("a.png", flat_png(320, 300))}
    assert api.stranger.post(STORE, files=files).status_code == 401
    assert api.holder("read").post(STORE, files=files).status_code == 403


def test_the_balance_in_strings(paying: Api) -> None:  # N-8
    paying.top_up("10")
    paying.top_up("-2.5")
    paying.make(T2V, prompt="a lake")
    answer = paying.http.get(BALANCE)
    assert answer.status_code == 200
    assert answer.json()["status"] == {"code": 200, "message": "success"}
    data = answer.json()["data"]
    assert data.keys() == STRINGS
    assert all(isinstance(value, str) for value in data.values())
    assert data["user_id"] == paying.account
    assert data["total_recharged"] == data["balance"] == "7.5000"
    assert data["available_balance"] == "7.2200"  # 0.28 is held
    assert (data["currency"], data["billing_mode"]) == ("USD", "prepaid")
    assert data["credit_limit"] == data["arrears"] == "0.0000"
    own = paying.http.get("/model/v1/balance").json()
    assert own["available"] == data["available_balance"]


def test_what_was_spent_is_no_longer_there(paying: Api) -> None:  # N-8
    paying.top_up("1")
    paying.finish(T2V, prompt="a tiny lake")
    data = paying.http.get(BALANCE).json()["data"]
    assert (data["total_recharged"], data["balance"]) == ("1.0000", "0.7200")


def test_a_free_server_says_so(api: Api) -> None:  # N-8
    api.make(T2V, prompt="a lake")  # what it would cost is written down, and nobody has it
    data = api.http.get(BALANCE).json()["data"]
    assert (data["billing_mode"], data["total_recharged"]) == ("free", "0.0000")
    assert (data["balance"], data["available_balance"]) == ("0.0000", "0.0000")


@pytest.mark.parametrize("scope", ["generate"])
def test_the_balance_is_for_who_may_read(api: Api, scope: str) -> None:  # N-8
    assert api.stranger.get(BALANCE).status_code == 401
    assert api.holder(scope).get(BALANCE).status_code == 403
