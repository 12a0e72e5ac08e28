"""The words for the state of a task: three statuses and two stages, wherever people see one."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from sqlalchemy import select

from kirin.clock import now_ms
from kirin.database.tables import events, webhooks
from kirin.domain.task import Status
from kirin.http.protocols.kirin_status import (
    TaskStage,
    TaskStatus,
    stage_of,
    states,
    wire_status,
)
from kirin.tasks import store
from support.api import TASK, Api
from support.cards import T2V

PARAMS = {"prompt": "a tiny lake"}
FORMER = re.compile(r'"(pending|processing)"', re.IGNORECASE)


def claimed(api: Api, **params: object) -> str:
    """The id of a task that a worker has begun."""
    task = api.make(T2V, **{**PARAMS, **params})
    with api.app.database.write() as connection:
        assert store.claim(connection, task.id, now_ms()) is not None
        api.app.tasks.transitions.publish(connection, task.id)
    return task.id


def listed(api: Api, **query: str) -> list[str]:
    answer = api.http.get(TASK, params=query)
    assert answer.status_code == 200, answer.text
    return [task["id"] for task in answer.json()["tasks"]]


def problems(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return [(problem["param"], problem["message"]) for problem in answer.json()["errors"]]


def test_there_are_three_words_and_two_stages() -> None:  # W-4
    assert [str(status) for status in TaskStatus] == ["in_progress", "completed", "failed"]
    assert [str(stage) for stage in TaskStage] == ["queued", "rendering"]


def test_each_state_of_the_queue_has_a_word() -> None:  # W-4
    assert {state: (wire_status(state), stage_of(state)) for state in Status} == {
        Status.PENDING: ("in_progress", "queued"),
        Status.PROCESSING: ("in_progress", "rendering"),
        Status.COMPLETED: ("completed", None),
        Status.FAILED: ("failed", None),
    }
    assert states(None, None) == frozenset(Status)
    assert states(TaskStatus.FAILED, TaskStage.QUEUED) == frozenset()


def test_a_listing_is_narrowed_by_status_and_stage(api: Api) -> None:  # W-4
    begun = claimed(api)
    waiting = api.make(T2V, **PARAMS).id
    done = api.make(T2V, **PARAMS).id
    api.http.delete(f"{TASK}/{done}")
    assert set(listed(api, status="in_progress")) == {begun, waiting}
    assert listed(api, stage="queued") == [waiting]
    assert listed(api, stage="rendering") == [begun]
    assert listed(api, status="in_progress", stage="rendering") == [begun]
    assert listed(api, status="failed") == [done]


@pytest.mark.parametrize(
    ("former", "instead"),
    [
        ("pending", "status=in_progress&stage=queued"),
        ("processing", "status=in_progress&stage=rendering"),
    ],
)
def test_the_former_words_are_refused_with_what_is_right(
    api: Api, former: str, instead: str
) -> None:  # W-4 W-9
    ((param, message),) = problems(api.http.get(TASK, params={"status": former}))
    assert param == "status"
    assert "in_progress, completed, failed" in message
    assert instead in message


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_only_tasks_in_progress_have_a_stage(api: Api, status: str) -> None:  # W-4
    answer = api.http.get(TASK, params={"status": status, "stage": "queued"})
    ((param, message),) = problems(answer)
    assert param == "stage"
    assert status in message


def test_nothing_that_is_answered_or_stored_for_clients_says_the_former_words(
    api: Api,
) -> None:  # W-2 W-4 C-7
    created = api.create(T2V, callback_url="http://example.com/hook", **PARAMS)
    id = created.json()["id"]
    texts = [created.text, api.http.get(f"{TASK}/{id}").text]
    api.run(id)
    texts += [api.http.get(f"{TASK}/{id}").text, api.http.get(TASK).text]
    texts.append(api.stranger.get("/openapi.json").text)
    with api.app.database.read() as connection:
        ours = select(webhooks.c.body).where(webhooks.c.dialect.is_(None))
        for query in (select(events.c.body), ours):
            texts += [json.dumps(row.body) for row in connection.execute(query)]
    for text in texts:
        assert not FORMER.search(text), text[:300]


def test_a_callback_tells_that_rendering_has_begun(api: Api) -> None:  # C-7 W-4
    id = claimed(api, callback_url="http://example.com/hook")
    with api.app.database.read() as connection:
        query = select(webhooks.c.body).where(webhooks.c.task == id)
        (body,) = [row.body for row in connection.execute(query)]
    assert (body["status"], body["metadata"]["stage"]) == ("in_progress", "rendering")
    (shown,) = api.http.get("/model/v1/webhooks", params={"task": id}).json()["webhooks"]
    assert shown["status"] == "in_progress"
