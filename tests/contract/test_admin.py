"""The admin API: accounts, keys, money and the audit, for keys of the scope ``admin`` alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from kirin.accounts.keys import Scope, well_formed
from kirin.clock import now_ms
from kirin.database.account_tables import balances, keys
from kirin.tasks import heartbeats
from support.api import GENERATION, LIBRARY, TASK, Api
from support.cards import T2V

ADMIN = "/admin/v1"
ACCOUNTS = f"{ADMIN}/accounts"
BALANCE = "/model/v1/balance"


@pytest.fixture
def operator(paying: Api) -> Iterator[httpx.Client]:
    with paying.holder(Scope.ADMIN) as client:
        yield client


def did(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def new_account(operator: httpx.Client, api: Api, **fields: Any) -> dict[str, Any]:
    return did(operator.post(ACCOUNTS, json={"name": f"customer of {api.account}", **fields}))


def new_key(operator: httpx.Client, account: str, **fields: Any) -> dict[str, Any]:
    return did(operator.post(f"{ACCOUNTS}/{account}/keys", json={"name": "laptop", **fields}))


def opened_by(api: Api, key: dict[str, Any]) -> httpx.Client:
    return api.client({"Authorization": f"Bearer {key['secret']}"})


def test_a_customer_from_the_first_day_to_the_last(paying: Api, operator: httpx.Client) -> None:
    limits = {"requests_per_minute": 60, "daily_spend": "5.00"}
    account = new_account(operator, paying, discount_percent="10", limits=limits)
    assert account["limits"] == {
        "requests_per_minute": 60,
        "unfinished_tasks": None,
        "queued_tasks": None,
        "daily_spend": "5.0000",
    }
    path = f"{ACCOUNTS}/{account['id']}"
    topped = did(operator.post(f"{path}/top-ups", json={"amount": "1.50", "reference": "inv-1"}))
    assert topped["balance"] == {"available": "1.5000", "held": "0.0000", "currency": "USD"}
    key = new_key(operator, account["id"])
    assert well_formed(key["secret"])
    with opened_by(paying, key) as customer:
        made = did(customer.post(GENERATION, json={"model": T2V, "prompt": "a lake"}))
        told = did(operator.get(path))
        assert told["balance"] == {"available": "1.2480", "held": "0.2520", "currency": "USD"}
        kinds = [t["kind"] for t in did(operator.get(f"{path}/ledger"))["transactions"]]
        assert kinds == ["hold", "top_up"]
        did(customer.post(f"{TASK}/{made['id']}/cancel"))
        changed = did(operator.patch(path, json={"discount_percent": 0, "limits": {}}))
        assert set(changed["limits"].values()) == {None}
        assert did(customer.get(BALANCE))["discount_percent"] == "0"
        did(operator.delete(f"{ADMIN}/keys/{key['id']}"))
        assert customer.get(BALANCE).status_code == 401
    (shown,) = did(operator.get(f"{path}/keys"))["keys"]
    assert "secret" not in shown
    assert shown["revoked_at"] >= shown["last_used_at"] >= shown["created_at"]
    entries = did(operator.get(f"{ADMIN}/audit", params={"account": account["id"]}))["entries"]
    assert [entry["action"] for entry in entries] == [
        "key.revoked",
        "account.changed",
        "key.created",
        "account.topped_up",
        "account.created",
    ]
    assert {entry["actor"].partition(":")[0] for entry in entries} == {"key"}
    assert all(entry["address"] and entry["request_id"] for entry in entries)
    assert key["secret"] not in str(entries)
    assert entries[1]["details"]["before"]["discount_percent"] == "10"


def test_money_beyond_its_column_is_refused_by_name(paying: Api, operator: httpx.Client) -> None:
    path = f"{ACCOUNTS}/{new_account(operator, paying)['id']}"
    for _ in range(10):
        did(operator.post(f"{path}/top-ups", json={"amount": "1000000000"}))
    for amount in ("0.0001", "1000000000", "1000000001", 10**30, "9223372036854.775808"):
        answer = operator.post(f"{path}/top-ups", json={"amount": amount})
        assert answer.status_code == 400, answer.text
        assert [error["param"] for error in answer.json()["errors"]] == ["amount"]
    assert did(operator.get(path))["balance"]["available"] == "10000000000.0000"
    changed = did(operator.patch(path, json={"discount_percent": "12.5000000000000"}))
    assert changed["discount_percent"] == "12.50"
    for limits in ({"daily_spend": "1000000001"}, {"unfinished_tasks": 2**31}):
        answer = operator.patch(path, json={"limits": limits})
        assert answer.status_code == 400, answer.text


def test_a_key_that_is_rotated_works_a_while_longer(paying: Api, operator: httpx.Client) -> None:
    account = new_account(operator, paying)
    old = new_key(operator, account["id"], scopes=["read"], limits={"requests_per_minute": 9})
    url = f"{ADMIN}/keys/{old['id']}/rotate"
    answer = operator.post(url, json={"overlap_seconds": 60})
    new = did(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert (new["scopes"], new["limits"]) == (old["scopes"], old["limits"])
    with opened_by(paying, old) as before, opened_by(paying, new) as after:
        assert [c.get(BALANCE).status_code for c in (before, after)] == [200, 200]
        with paying.app.database.write() as connection:
            connection.execute(
                update(keys).where(keys.c.id == old["id"]).values(expires_at=now_ms())
            )
        assert [c.get(BALANCE).status_code for c in (before, after)] == [401, 200]
    assert operator.post(url).status_code == 404


def test_no_overlap_ends_a_key_at_once(paying: Api, operator: httpx.Client) -> None:
    key = new_key(operator, new_account(operator, paying)["id"])
    new = did(operator.post(f"{ADMIN}/keys/{key['id']}/rotate", json={"overlap_seconds": 0}))
    with opened_by(paying, key) as before, opened_by(paying, new) as after:
        assert [c.get(BALANCE).status_code for c in (before, after)] == [401, 200]


@pytest.mark.parametrize(
    ("scope", "opens"),
    [
        ("read", {TASK: 200, LIBRARY: 403, ACCOUNTS: 403}),
        ("elements", {TASK: 403, LIBRARY: 200, ACCOUNTS: 403}),
        ("generate", {TASK: 403, LIBRARY: 403, ACCOUNTS: 403}),
        ("admin", {TASK: 403, LIBRARY: 403, ACCOUNTS: 200}),
    ],
)
def test_a_key_is_good_for_its_scopes(
    paying: Api, operator: httpx.Client, scope: str, opens: dict[str, int]
) -> None:
    key = new_key(operator, new_account(operator, paying)["id"], scopes=[scope])
    with opened_by(paying, key) as client:
        assert {path: client.get(path).status_code for path in opens} == opens
        made = client.post(GENERATION, json={"model": T2V, "prompt": "a lake"})
        assert made.json()["code"] == (
            "insufficient_balance" if scope == "generate" else "scope_missing"
        )


def test_a_refused_scope_is_named(paying: Api, operator: httpx.Client) -> None:  # W-9
    key = new_key(operator, new_account(operator, paying)["id"], scopes=["read"])
    with opened_by(paying, key) as client:
        answer = client.get(ACCOUNTS)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert "has the scopes read; this takes one with the scope admin" in answer.json()["message"]


def test_a_reference_counts_once(paying: Api, operator: httpx.Client) -> None:
    account = new_account(operator, paying)
    url = f"{ACCOUNTS}/{account['id']}/top-ups"
    body = {"amount": "5", "reference": "inv-1"}
    assert [operator.post(url, json=body).status_code for _ in range(2)] == [200, 409]
    back = operator.post(url, json={"amount": "-5.01"})
    assert (back.status_code, back.json()["code"]) == (403, "insufficient_balance")
    assert did(operator.post(url, json={"amount": "-5"}))["balance"]["available"] == "0.0000"


def test_two_accounts_have_two_names(paying: Api, operator: httpx.Client) -> None:
    account = new_account(operator, paying)
    other = did(operator.post(ACCOUNTS, json={"name": f"other of {paying.account}"}))
    again = operator.post(ACCOUNTS, json={"name": account["name"]})
    assert (again.status_code, again.json()["code"]) == (409, "already_there")
    renamed = operator.patch(f"{ACCOUNTS}/{other['id']}", json={"name": account["name"]})
    assert renamed.status_code == 409


def test_a_name_is_not_the_id_of_another_account(paying: Api, operator: httpx.Client) -> None:
    """Accounts are found by id or name; the name must not hide one of them."""
    account = new_account(operator, paying)
    made = operator.post(ACCOUNTS, json={"name": account["id"]})
    other = did(operator.post(ACCOUNTS, json={"name": f"other of {paying.account}"}))
    renamed = operator.patch(f"{ACCOUNTS}/{other['id']}", json={"name": account["id"]})
    assert [made.status_code, renamed.status_code] == [409, 409]
    assert renamed.json()["code"] == "already_there"
    own = operator.patch(f"{ACCOUNTS}/{other['id']}", json={"name": other["id"]})
    assert own.status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        ("", {}, {"name": "required"}),
        ("", {"name": " "}, {"name": "too_short"}),
        ("", {"name": "a\nb"}, {"name": "invalid_text"}),
        ("/{}/keys", {"name": "a\x1b[2J"}, {"name": "invalid_text"}),
        ("/{}/top-ups", {"amount": "1", "reference": "a\u2028"}, {"reference": "invalid_text"}),
        ("", {"name": "a", "discount_percent": "100.5"}, {"discount_percent": "out_of_range"}),
        ("", {"name": "a", "discount_percent": 0.1}, {"discount_percent": "wrong_type"}),
        ("", {"name": "a", "limit": {}}, {"limit": "unknown_parameter"}),
        (
            "",
            {"name": "a", "limits": {"requests_per_minute": 0, "daily_spend": "-1"}},
            {"limits.requests_per_minute": "out_of_range", "limits.daily_spend": "out_of_range"},
        ),
        ("/{}/keys", {"name": "a", "scopes": ["all"]}, {"scopes": "not_an_option"}),
        ("/{}/keys", {"name": "a", "scopes": []}, {"scopes": "not_an_option"}),
        ("/{}/keys", {"name": "a", "expires_in": 0}, {"expires_in": "out_of_range"}),
        ("/{}/top-ups", {"amount": 0.1}, {"amount": "wrong_type"}),
        ("/{}/top-ups", {"amount": "1.00001"}, {"amount": "wrong_type"}),
        ("/{}/top-ups", {"amount": "NaN"}, {"amount": "wrong_type"}),
    ],
)
def test_all_that_is_wrong_is_named(
    paying: Api, operator: httpx.Client, path: str, body: dict[str, Any], wrong: dict[str, str]
) -> None:  # W-9
    answer = operator.post(f"{ACCOUNTS}{path.format(paying.account)}", json=body)
    assert answer.status_code == 400, answer.text
    assert {p["param"]: p["code"] for p in answer.json()["errors"]} == wrong


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", f"{ACCOUNTS}/nobody", "unknown_account"),
        ("GET", f"{ACCOUNTS}/%00", "unknown_account"),
        ("DELETE", f"{ADMIN}/keys/%00", "unknown_key"),
        ("GET", f"{ACCOUNTS}/nobody/keys", "unknown_account"),
        ("GET", f"{ACCOUNTS}/nobody/ledger", "unknown_account"),
        ("GET", f"{ADMIN}/usage?account=nobody", "unknown_account"),
        ("GET", f"{ADMIN}/audit?account=nobody", "unknown_account"),
        ("DELETE", f"{ADMIN}/keys/nothing", "unknown_key"),
        ("POST", f"{ADMIN}/keys/nothing/rotate", "unknown_key"),
    ],
)
def test_what_is_not_there(operator: httpx.Client, method: str, path: str, code: str) -> None:
    answer = operator.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_listings_come_in_pages(paying: Api, operator: httpx.Client) -> None:
    account = new_account(operator, paying)
    for number in range(3):
        did(operator.post(f"{ACCOUNTS}/{account['id']}/top-ups", json={"amount": f"{number + 1}"}))
    for path, name in (
        (ACCOUNTS, "accounts"),
        (f"{ACCOUNTS}/{account['id']}/ledger", "transactions"),
        (f"{ADMIN}/audit?account={account['id']}", "entries"),
    ):
        everything = did(operator.get(path, params={"limit": 100}))[name]
        seen, query = [], {"limit": "2"}
        while query:
            page = did(operator.get(path, params=query))
            seen += page[name]
            query = {"limit": "2", "cursor": page["next_cursor"]} if page["next_cursor"] else {}
        assert [each["id"] for each in seen] == [each["id"] for each in everything]


def test_the_usage_of_everybody(paying: Api, operator: httpx.Client) -> None:
    paying.top_up("1")
    paying.finish(T2V, prompt="fail")
    query = {"by": "account,model", "account": paying.account}
    (row,) = did(operator.get(f"{ADMIN}/usage", params=query))["usage"]
    assert (row["account"], row["model"], row["tasks"]) == (paying.account, T2V, 1)


def test_what_the_server_is_doing(paying: Api, operator: httpx.Client) -> None:
    before = did(operator.get(f"{ADMIN}/overview"))
    paying.top_up("1")
    paying.finish(T2V, prompt="fail")
    waiting = paying.make(T2V, prompt="a lake")
    with paying.app.database.write() as connection:
        heartbeats.beat(connection, f"worker of {paying.account}", now_ms(), ["scripted"], 3)
    told = did(operator.get(f"{ADMIN}/overview"))
    assert told["queue"]["tasks"] == before["queue"]["tasks"] + 1
    assert told["queue"]["complete"]
    queued = next(each for each in told["queue"]["engines"] if each["engine"] == "scripted")
    assert queued["attended"]
    assert 0 <= queued["oldest_seconds"] <= told["queue"]["oldest_seconds"]
    worker = next(each for each in told["workers"] if paying.account in each["id"])
    assert (worker["engines"], worker["slots"], worker["running"]) == (["scripted"], 3, 0)
    assert (worker["active"], worker["heartbeat_seconds"]) == (True, None)
    failed = sum(each["hour"] for each in told["ended"]["failures"])
    assert failed == sum(each["hour"] for each in before["ended"]["failures"]) + 1
    assert all(each["code"] and each["day"] >= each["hour"] for each in told["ended"]["failures"])
    with paying.app.database.write() as connection:
        heartbeats.beat(connection, worker["id"], now_ms())
    again = did(operator.get(f"{ADMIN}/overview"))["workers"]
    assert next(each for each in again if each["id"] == worker["id"])["heartbeat_seconds"] < 5
    did(paying.http.post(f"{TASK}/{waiting.id}/cancel"))
    with paying.app.database.write() as connection:  # nobody works here: others expect no forecasts
        heartbeats.deregister(connection, worker["id"])


def test_what_is_stored(operator: httpx.Client) -> None:
    told = did(operator.get(f"{ADMIN}/storage"))
    assert told["complete"]
    assert told["files"] >= 0
    assert 0 < told["disk_free"] <= told["disk_total"]


@pytest.mark.parametrize("path", [f"{ADMIN}/overview", f"{ADMIN}/storage"])
def test_the_state_of_the_server_is_for_operators(paying: Api, path: str) -> None:
    assert paying.http.get(path).json()["code"] == "scope_missing"
    assert paying.stranger.get(path).status_code == 401


def test_the_keys_of_everybody(paying: Api, operator: httpx.Client) -> None:
    account = new_account(operator, paying)
    made = [new_key(operator, account["id"], name=f"key {n}")["id"] for n in range(3)]
    query = {"account": account["name"], "limit": "2"}
    first = did(operator.get(f"{ADMIN}/keys", params=query))
    second = did(operator.get(f"{ADMIN}/keys", params={**query, "cursor": first["next_cursor"]}))
    shown = [*first["keys"], *second["keys"]]
    assert second["next_cursor"] is None
    assert {key["id"] for key in shown} == set(made)
    assert {key["account_name"] for key in shown} == {account["name"]}
    assert "secret" not in shown[0]
    everybody = did(operator.get(f"{ADMIN}/keys", params={"limit": "100"}))["keys"]
    assert len({key["account"] for key in everybody}) > 1
    assert operator.get(f"{ADMIN}/keys?account=nobody").status_code == 404


def test_the_ledger_is_proved(paying: Api, operator: httpx.Client) -> None:
    paying.top_up("1")
    paying.finish(T2V, prompt="fail")
    told = did(operator.post(f"{ADMIN}/ledger/verify"))
    assert (told["total"], told["problem_count"], told["problems"]) == ("0.0000", 0, [])
    assert told["transactions"] >= 3
    assert told["settled"] >= 1


def test_a_wrong_balance_is_found(paying: Api, operator: httpx.Client) -> None:
    account = new_account(operator, paying)["id"]

    def off_by(amount: int) -> None:
        with paying.app.database.write() as connection:
            connection.execute(
                update(balances)
                .where(balances.c.account == account)
                .values(available=balances.c.available + amount)
            )

    off_by(5)
    told = did(operator.post(f"{ADMIN}/ledger/verify"))
    off_by(-5)
    assert told["problem_count"] == 1
    assert told["problems"] == [f"account {account}: available is 5, its sum is 0"]


def test_a_key_learns_what_it_may_do(paying: Api) -> None:
    with paying.holder(Scope.READ, Scope.ADMIN) as client:
        told = did(client.get("/model/v1/key"))
    assert (told["scopes"], told["account"]) == (["read", "admin"], paying.account)
    assert did(paying.http.get("/model/v1/key"))["name"] == "test"
    assert paying.stranger.get("/model/v1/key").status_code == 401


def test_settings_are_shown_without_secrets(paying: Api, operator: httpx.Client) -> None:
    told = {each["name"]: each for each in did(operator.get(f"{ADMIN}/settings"))["settings"]}
    assert (told["KIRIN_BILLING"]["value"], told["KIRIN_BILLING"]["changed"]) == ("prepaid", True)
    assert (told["KIRIN_SLOTS"]["value"], told["KIRIN_SLOTS"]["changed"]) == ("1", False)
    assert told["KIRIN_METRICS_TOKEN"]["secret"]
    assert told["KIRIN_DATABASE_URL"]["value"] is None
    assert all(each["description"] for each in told.values())
    assert paying.http.get(f"{ADMIN}/settings").status_code == 403


def test_prices_are_listed(operator: httpx.Client) -> None:
    prices = {each["model"]: each for each in did(operator.get(f"{ADMIN}/prices"))["prices"]}
    assert prices[T2V]["by"] == ["mode"]
    assert {"choices": ["std"], "usd": "0.28"} in prices[T2V]["rates"]
    assert prices[T2V]["seconds"] == 5
