"""The route that erases an account: for operators alone, and only by its name."""

from __future__ import annotations

import pytest

from kirin.accounts.keys import Scope
from support.api import GENERATION, TASK, Api
from support.cards import T2V

ACCOUNTS = "/admin/v1/accounts"


@pytest.fixture
def name(api: Api) -> str:
    operator = api.another().holder(Scope.ADMIN)
    told: str = operator.get(f"{ACCOUNTS}/{api.account}").json()["name"]
    return told


def test_an_account_is_erased_and_closed(api: Api, name: str) -> None:
    operator = api.another().holder(Scope.ADMIN)
    done = api.finish(T2V, prompt="a tiny lake", callback_url="https://example.com/hook")
    waiting = api.make(T2V, prompt="a tiny sea")
    (content,) = done["output"][0]["content"]
    answer = operator.post(f"{ACCOUNTS}/{api.account}/erase", json={"name": name})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["account"], told["name"]) == (api.account, f"erased-{api.account}")
    assert (told["tasks"], told["cancelled"], told["files"], told["held"]) == (2, 1, 1, 0)
    for request in (
        lambda: api.http.get(f"{TASK}/{waiting.id}"),
        lambda: api.http.post(GENERATION, json={"model": T2V, "prompt": "a lake"}),
    ):
        assert request().status_code == 401
    assert api.stranger.get(content["url"]).status_code in (404, 410)
    assert operator.post("/admin/v1/ledger/verify").json()["problem_count"] == 0
    entry, *_ = operator.get("/admin/v1/audit", params={"account": api.account}).json()["entries"]
    assert (entry["action"], entry["details"]["tasks"]) == ("account.erased", 2)
    # Again, by the name that it has now.
    again = {"name": f"erased-{api.account}"}
    assert operator.post(f"{ACCOUNTS}/{api.account}/erase", json=again).json()["files"] == 0
    new = operator.post(f"{ACCOUNTS}/{api.account}/keys", json={"name": "again"})
    assert (new.status_code, new.json()["code"]) == (409, "already_there")


@pytest.mark.parametrize("body", [{}, {"name": "another"}, {"name": ""}, {"name": 7}])
def test_nothing_is_erased_without_its_name(api: Api, body: dict[str, object]) -> None:
    operator = api.another().holder(Scope.ADMIN)
    answer = operator.post(f"{ACCOUNTS}/{api.account}/erase", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameters")
    assert api.http.get(TASK).status_code == 200


def test_only_operators_erase(api: Api, name: str) -> None:
    for path in (f"{ACCOUNTS}/{api.account}/erase", f"{ACCOUNTS}/nobody/erase"):
        assert api.stranger.post(path, json={"name": name}).status_code == 401
        assert api.http.post(path, json={"name": name}).status_code == 403
    operator = api.another().holder(Scope.ADMIN)
    missing = operator.post(f"{ACCOUNTS}/nobody/erase", json={"name": "nobody"})
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_account")
    assert api.http.get(TASK).status_code == 200
