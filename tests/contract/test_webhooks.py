"""Webhooks by the API: every attempt, another try, the secrets that sign. Rule C-7."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from standardwebhooks.webhooks import Webhook as Verifier
from typer.testing import CliRunner

from kirin.app import signing_secrets
from kirin.cli import app as commands
from kirin.client import Kirin
from kirin.clock import now_ms
from kirin.database.tables import webhooks
from kirin.webhooks import deliver
from kirin.webhooks.deliver import Deliverer
from support.api import TASK, Api
from support.cards import T2V
from support.live import Live
from support.loopback import Receiver
from support.waiting import until

WEBHOOKS = "/model/v1/webhooks"


@pytest.fixture
def api(fetching: Api, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """A server that may call this machine, and does so without long waits."""
    monkeypatch.setattr(deliver, "RETRY_SECONDS", (0.05, 0.05))
    monkeypatch.setattr(deliver, "POLL_SECONDS", 0.02)
    # An attempt that a busy machine is slow with is no failed one.
    monkeypatch.setattr(deliver, "TIMEOUT_SECONDS", 60.0)
    monkeypatch.setattr(deliver, "BODY_SECONDS", 60.0)
    monkeypatch.setattr(deliver, "LEASE_MS", 600_000)
    with fetching.app.database.write() as connection:  # those of other tests are sent by nobody
        connection.execute(update(webhooks).values(next_at=None))
    deliverer = Deliverer(
        fetching.app.database,
        httpx.Client,
        signing_secrets,
        fetching.app.callbacks.renewed,
        now_ms,
    )
    deliverer.start()
    yield fetching
    deliverer.stop()
    deliverer._thread.join(60)
    deliverer._pool.shutdown()


def cancelled(api: Api, receiver: Receiver) -> str:
    """A task with one change of status to tell of."""
    task = api.make(T2V, prompt="a lake", callback_url=receiver.url("hook"))
    api.http.delete(f"{TASK}/{task.id}")
    return task.id


def listed(api: Api, **query: object) -> list[dict[str, Any]]:
    answer = api.http.get(WEBHOOKS, params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    webhooks: list[dict[str, Any]] = answer.json()["webhooks"]
    return webhooks


def settled(api: Api, state: str = "delivered") -> dict[str, Any]:
    """The newest webhook, once it has come to a state."""
    return until(lambda: [w for w in listed(api)[:1] if w["state"] == state])[0]


def test_every_attempt_is_recorded(api: Api) -> None:  # C-7
    before = now_ms()
    with Receiver(500, 302) as receiver:
        task = cancelled(api, receiver)
        webhook = settled(api)
    assert (webhook["task"], webhook["status"]) == (task, "failed")
    assert (webhook["attempt_count"], webhook["next_attempt_at"]) == (3, None)
    assert webhook["url"] == receiver.url("hook")
    told = api.http.get(f"{WEBHOOKS}/{webhook['id']}").json()
    attempts = told["attempts"]
    assert told["body"]["id"] == webhook["task"]
    assert [(a["number"], a["status"]) for a in attempts] == [(1, 500), (2, 302), (3, 200)]
    times = [a["sent_at"] for a in attempts]
    assert times == sorted(times)
    assert before <= times[0] <= times[-1] <= now_ms()
    assert {a["outcome"] for a in attempts} == {"heard"}
    assert all(a["milliseconds"] >= 0 for a in attempts)


def test_of_a_long_answer_the_beginning_is_kept(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver() as receiver:
        monkeypatch.setattr(
            "support.loopback._Hook.answer",
            lambda hook, *_, **__: _answer_at_length(hook),
        )
        cancelled(api, receiver)
        webhook = settled(api)
    (attempt,) = api.http.get(f"{WEBHOOKS}/{webhook['id']}").json()["attempts"]
    assert len(attempt["outcome"]) == 2048
    assert set(attempt["outcome"]) == {"x"}


def _answer_at_length(hook: Any) -> None:
    hook.send_response(200)
    hook.send_header("Content-Length", "100000")
    hook.end_headers()
    hook.wfile.write(b"x" * 100_000)


def test_a_webhook_is_sent_again_on_demand(api: Api) -> None:  # C-7
    with Receiver(410) as receiver:
        cancelled(api, receiver)
        id = settled(api, "given_up")["id"]
        answer = api.http.post(f"{WEBHOOKS}/{id}/redeliver")
        assert (answer.status_code, answer.json()["id"]) == (200, id)
        assert settled(api)["attempt_count"] == 2
        api.http.post(f"{WEBHOOKS}/{id}/redeliver")  # even what was heard
        until(lambda: len(receiver.messages) == 3)
    assert [m.id for m in receiver.messages] == [id] * 3


def test_webhooks_are_listed_by_task_and_page(api: Api) -> None:
    with Receiver() as receiver:
        tasks = [cancelled(api, receiver) for _ in range(3)]
        until(lambda: len(receiver.messages) == 3)
    assert [w["task"] for w in listed(api)] == tasks[::-1]
    assert [w["task"] for w in listed(api, task=tasks[1])] == [tasks[1]]
    first = api.http.get(WEBHOOKS, params={"limit": 2}).json()
    rest = api.http.get(WEBHOOKS, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [w["task"] for w in first["webhooks"] + rest["webhooks"]] == tasks[::-1]
    assert rest["next_cursor"] is None


def test_strangers_see_and_do_nothing(api: Api) -> None:
    with Receiver() as receiver:
        task = cancelled(api, receiver)
        id = settled(api)["id"]
    other = api.another()
    assert listed(other) == []
    for answer in (
        other.http.get(f"{WEBHOOKS}/{id}"),
        other.http.post(f"{WEBHOOKS}/{id}/redeliver"),
        other.http.get(f"{WEBHOOKS}/a%00b"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_webhook")
    assert other.http.get(WEBHOOKS, params={"task": task}).json()["code"] == "unknown_task"
    assert other.http.get(f"{WEBHOOKS}/secret").json() != api.http.get(f"{WEBHOOKS}/secret").json()


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "101"}, {"cursor": "x"}])
def test_a_wrong_query_is_refused_by_name(api: Api, query: dict[str, str]) -> None:
    answer = api.http.get(WEBHOOKS, params=query)
    assert answer.status_code == 400
    assert [problem["param"] for problem in answer.json()["errors"]] == list(query)


def test_after_a_rotation_both_secrets_sign(api: Api) -> None:  # C-7
    old = api.http.get(f"{WEBHOOKS}/secret")
    assert old.headers["Cache-Control"] == "no-store"
    assert old.json()["earlier_valid_until"] is None
    new = api.http.post(f"{WEBHOOKS}/secret/rotate").json()
    hours = api.app.settings.webhook_rotation_hours
    assert abs(new["earlier_valid_until"] - now_ms() - hours * 3_600_000) < 60_000
    with Receiver() as receiver:
        cancelled(api, receiver)
        (message,) = until(lambda: receiver.messages)
    assert len(message.headers["webhook-signature"].split()) == 2
    for secret in (old.json()["secret"], new["secret"]):
        assert Verifier(secret).verify(message.body, dict(message.headers)) == message.task
    newest = api.http.post(f"{WEBHOOKS}/secret/rotate").json()["secret"]
    with Receiver() as receiver:
        cancelled(api, receiver)
        (message,) = until(lambda: receiver.messages)
    assert len(message.headers["webhook-signature"].split()) == 2
    with pytest.raises(Exception, match="signature"):
        Verifier(old.json()["secret"]).verify(message.body, dict(message.headers))
    Verifier(newest).verify(message.body, dict(message.headers))


def test_the_command_line_does_the_same(api: Api) -> None:
    with (
        Receiver() as receiver,
        Live(api.app.http()) as live,
        Kirin(live.url, api.key) as client,
    ):
        task = cancelled(api, receiver)
        id = settled(api)["id"]
        assert client.webhooks(task=task)["webhooks"][0]["id"] == id

        def kirin(*words: str) -> str:
            given = ["webhooks", *words, "--server", live.url, "--key", api.key]
            result = CliRunner().invoke(commands, given)
            assert result.exit_code == 0, result.output
            return result.stdout

        assert id in kirin("list", "--task", task)
        assert '"outcome": "heard"' in kirin("show", id)
        assert "sent again" in kirin("redeliver", id)
        until(lambda: len(receiver.messages) == 2)
        secret = kirin("secret").strip()
        assert secret == client.webhook_secret()["secret"]
        told = kirin("secret", "--rotate")
        assert secret not in told
        assert "until" in told
