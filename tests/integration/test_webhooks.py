"""Webhooks from a real server: signed, in order, for every way in which a task can go (C-7)."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from kirin.client import TaskFailed
from support.cards import T2V
from support.loopback import Message, Receiver
from support.ports import deaf_port
from support.servers import Running
from support.waiting import until


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as heard:
        yield heard


@pytest.fixture
def signer(running: Running) -> Webhook:
    return Webhook(running.kirin.webhook_secret().secret)


def story(receiver: Receiver, task: str, count: int) -> list[Message]:
    """The messages about a task, once so many have come."""
    return until(lambda: found if len(found := receiver.of(task)) >= count else [])


def test_each_change_is_told_signed_and_in_order(
    running: Running, receiver: Receiver, signer: Webhook
) -> None:  # C-7
    params = {"prompt": "a tiny lake", "callback_url": receiver.url("hook?a=b"), "duration": 10}
    id = running.kirin.create(T2V, params)["id"]
    done = running.kirin.wait(id, timeout=60).to_dict()
    messages = story(receiver, id, 2)
    assert [message.task["status"] for message in messages] == ["in_progress", "completed"]
    assert len({message.id for message in messages}) == 2
    for message in messages:
        assert signer.verify(message.body, dict(message.headers)) == message.task
        assert message.headers["content-type"] == "application/json"
    told = messages[-1].task
    link = told["output"][0]["content"][0]["url"]
    assert httpx.head(link, timeout=60).status_code == 200
    assert told == done | {"output": told["output"]}


def test_a_changed_message_is_not_genuine(
    running: Running, receiver: Receiver, signer: Webhook
) -> None:  # C-7
    params = {"prompt": "fail", "callback_url": receiver.url("hook")}
    id = running.kirin.create(T2V, params)["id"]
    message = story(receiver, id, 2)[0]
    with pytest.raises(Exception, match="signature"):
        signer.verify(message.body.replace(b"in_progress", b"completed"), dict(message.headers))


def test_a_failure_is_told(running: Running, receiver: Receiver) -> None:  # C-7
    params = {"prompt": "fail", "callback_url": receiver.url("hook")}
    id = running.kirin.create(T2V, params)["id"]
    with pytest.raises(TaskFailed):
        running.kirin.wait(id, timeout=60)
    messages = story(receiver, id, 2)
    assert [message.task["status"] for message in messages] == ["in_progress", "failed"]
    assert messages[-1].task == running.kirin.task(id).to_dict()


def test_a_cancellation_is_told(running: Running, receiver: Receiver) -> None:  # C-7
    params = {"prompt": "crawl", "callback_url": receiver.url("hook")}
    id = running.kirin.create(T2V, params)["id"]
    until(lambda: running.kirin.task(id)["metadata"].get("stage") == "rendering")
    cancelled = running.kirin.cancel(id).to_dict()
    messages = story(receiver, id, 2)
    assert [message.task["status"] for message in messages] == ["in_progress", "failed"]
    assert messages[-1].task == cancelled


def test_a_receiver_that_does_not_answer_holds_up_nobody(
    running: Running, receiver: Receiver
) -> None:  # C-7
    hook = receiver.url("hook")
    with deaf_port() as deaf:
        running.kirin.create(T2V, {"prompt": "fail", "callback_url": f"http://127.0.0.1:{deaf}/"})
        id = running.kirin.create(T2V, {"prompt": "fail", "callback_url": hook})["id"]
        assert len(story(receiver, id, 2)) == 2
