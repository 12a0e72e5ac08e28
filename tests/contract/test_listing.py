"""Listings: filters by time and external id, and cursors that hold."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest

from kirin.accounts.keys import Scope
from support.api import TASK, Api
from support.cards import T2V


def listed(api: Api, **query: object) -> list[str]:
    answer = api.http.get(TASK, params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    return [task["id"] for task in answer.json()["tasks"]]


def test_a_range_of_times_has_its_start_and_not_its_end(api: Api) -> None:
    task = api.make(T2V, prompt="a lake")
    at = task.created_at
    assert listed(api, created_after=at) == [task.id]
    assert listed(api, created_after=at + 1) == []
    assert listed(api, created_before=at) == []
    assert listed(api, created_before=at + 1) == [task.id]
    assert listed(api, created_after=at, created_before=at + 1, status="in_progress") == [task.id]


def test_one_task_by_its_external_id(api: Api) -> None:
    mine = api.make(T2V, prompt="a lake", external_task_id="order 7/ä")
    api.make(T2V, prompt="a lake")
    assert listed(api, external_task_id="order 7/ä") == [mine.id]
    assert listed(api, external_task_id="order 8") == []
    assert listed(api, external_task_id="a\0b") == []
    assert listed(api.another(), external_task_id="order 7/ä") == []


def test_filters_hold_over_pages(api: Api) -> None:
    wanted = [api.make(T2V, prompt="a lake").id for _ in range(3)]
    api.http.delete(f"{TASK}/{api.make(T2V, prompt='b').id}")
    first = api.http.get(TASK, params={"limit": 2, "status": "in_progress"}).json()
    cursor = first["next_cursor"]
    second = api.http.get(
        TASK, params={"limit": 2, "status": "in_progress", "cursor": cursor}
    ).json()
    assert second["next_cursor"] is None
    shown = [task["id"] for page in (first, second) for task in page["tasks"]]
    assert sorted(shown) == sorted(wanted)


@pytest.mark.parametrize("name", ["created_after", "created_before"])
@pytest.mark.parametrize("given", ["", "-1", "1.5", "yesterday", "9" * 19, "\u0665"])
def test_a_time_that_is_none_is_refused_by_name(api: Api, name: str, given: str) -> None:
    answer = api.http.get(TASK, params={name: given})
    assert answer.status_code == 400
    assert [problem["param"] for problem in answer.json()["errors"]] == [name]


@pytest.mark.parametrize("text", ["1:a\0b", "1:", ":a", "1:a'", "1", "-1:a", "\u0665:a"])
def test_a_cursor_of_somebody_else_is_refused_by_name(api: Api, text: str) -> None:
    cursor = urlsafe_b64encode(text.encode()).decode().rstrip("=")
    answer = api.http.get(TASK, params={"cursor": cursor})
    assert answer.status_code == 400
    assert [problem["param"] for problem in answer.json()["errors"]] == ["cursor"]


def test_a_filter_that_is_none_is_refused_by_name(api: Api) -> None:
    """Where it was misspelt, all would be shown, or the figures of another month."""
    paths = api.stranger.get("/openapi.json").json()["paths"]
    asked = {
        path: {each["name"] for each in methods["get"].get("parameters", [])}
        for path, methods in paths.items()
        if methods.get("get", {}).get("security") and "{" not in path
    }
    lists = [path for path, names in asked.items() if names & {"limit", "first"}]
    assert {TASK, "/model/v1/usage", "/admin/v1/keys", "/admin/v1/usage"} <= {*lists}
    with api.holder(Scope.ADMIN, Scope.READ) as client:
        for path in lists:
            answer = client.get(path, params={"from": "2026-10-01"})
            assert answer.status_code == 400, path
            (problem,) = answer.json()["errors"]
            assert (problem["param"], problem["code"]) == ("from", "unknown_parameter"), path
            assert client.get(path).status_code == 200, path
