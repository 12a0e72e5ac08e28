"""What the Python client sends."""

from __future__ import annotations

import json
from typing import Any, cast

import httpx
import pytest

from kirin.cli.progress import state_of
from kirin.client import Kirin
from kirin_client import Task


@pytest.fixture
def sent() -> list[httpx.Request]:
    return []


@pytest.fixture
def kirin(sent: list[httpx.Request]) -> Kirin:
    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={"tasks": []})

    client = Kirin("http://kirin.test", "key")
    client._http.close()
    client._http = httpx.Client(base_url="http://kirin.test", transport=httpx.MockTransport(answer))
    return client


def test_what_goes_beside_the_parameters(kirin: Kirin, sent: list[httpx.Request]) -> None:  # W-1
    params = {"prompt": "a lake"}
    kirin.create("kirin_v1_6_t2v", params)
    kirin.create("kirin_v1_6_t2v", params, moderation=True, metadata={"order": 7})
    plain = {"model": "kirin_v1_6_t2v", "input": [{"params": params}]}
    bodies = [json.loads(request.content) for request in sent]
    assert bodies == [plain, {**plain, "moderation": True, "metadata": {"order": 7}}]


def test_tasks_are_listed_by_status_and_stage(
    kirin: Kirin, sent: list[httpx.Request]
) -> None:  # W-4
    kirin.tasks(status="in_progress", stage="queued", limit=3)
    assert dict(sent[0].url.params) == {"limit": "3", "status": "in_progress", "stage": "queued"}


@pytest.mark.parametrize(
    ("status", "metadata", "word"),
    [
        ("in_progress", {"stage": "queued"}, "queued"),
        ("in_progress", {"stage": "rendering"}, "rendering"),
        ("completed", {}, "completed"),
        ("failed", {}, "failed"),
    ],
)
def test_the_command_line_shows_the_stage(
    status: str, metadata: dict[str, Any], word: str
) -> None:  # W-4
    assert state_of(cast(Task, {"status": status, "metadata": metadata})) == word
