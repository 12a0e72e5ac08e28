"""What operators look at: health, readiness, metrics, and a database that is away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kirin.app import App
from kirin.clock import now_ms
from kirin.http.operations import health, metrics
from kirin.settings import Settings
from kirin.tasks import heartbeats
from support.api import SUBJECT, TASK, Api, InProcess
from support.cards import ELEMENTS, T2V
from support.waiting import until

SECRET = "a-token-for-prometheus"


@contextmanager
def served(app: App) -> Iterator[Api]:
    transport = InProcess(app.http())
    try:
        yield Api(app, transport)
    finally:
        transport.end()


class Measured:
    """The metrics as they are now."""

    def __init__(self, api: Api) -> None:
        answer = api.stranger.get("/metrics")
        assert answer.status_code == 200, answer.text
        families = text_string_to_metric_families(answer.text)
        self.samples = [sample for family in families for sample in family.samples]

    def __call__(self, name: str, **labels: str) -> float | None:
        """The value of a sample, if it is there."""
        found = [s.value for s in self.samples if s.name == name and s.labels == labels]
        return found[0] if found else None

    def ended(self, model: str, engine: str, code: str = "") -> float | None:
        """How many tasks have ended like this."""
        status = "failed" if code else "completed"
        labels = {"model": model, "engine": engine, "status": status, "code": code}
        return self("kirin_tasks_ended_total", **labels)


def test_metrics_tell_what_waits_and_what_has_ended(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeats, "INACTIVE_SECONDS", 3600)  # however long this test takes
    with served(app) as api:
        with app.database.write() as connection:
            heartbeats.beat(connection, "a", now_ms(), ("scripted", "animatic"), 3)
            heartbeats.beat(connection, "b", now_ms(), ("scripted",), 2)
        api.finish(T2V, prompt="a tiny lake", callback_url="http://example.com/hook")
        api.finish(T2V, prompt="fail")
        subject = api.make(ELEMENTS, **SUBJECT)
        api.http.delete(f"{TASK}/{subject.id}")
        api.make(T2V, prompt="waits")
        found = Measured(api)
        queued = {"engine": "scripted", "stage": "queued"}
        assert found("kirin_tasks", **queued) == 1
        assert 0 <= found("kirin_tasks_oldest_seconds", **queued) < 60
        assert found("kirin_worker_slots", engine="scripted") == 5
        assert found("kirin_worker_slots", engine="animatic") == 3
        assert found("kirin_workers") == 2
        assert found.ended(T2V, "scripted") == 1
        assert found.ended(T2V, "scripted", "002004095") == 1
        assert found.ended(ELEMENTS, "", "task_cancelled") == 1
        labels = {"model": T2V, "engine": "scripted"}
        assert found("kirin_task_seconds_count", **labels) == 1
        assert found("kirin_task_seconds_sum", **labels) < 60
        assert found("kirin_task_queue_seconds_count", **labels) == 2
        assert found("kirin_webhooks") == 2
        assert 0 <= found("kirin_webhooks_oldest_seconds") < 60
        request = {"method": "POST", "route": "/model/v1/generation", "status": "200"}
        assert found("kirin_http_request_seconds_count", **request) == 4
        assert Measured(api).ended(T2V, "scripted") == 1  # each task counts once
        with served(app) as other:  # another process begins at zero, and counts what comes
            assert Measured(other).ended(T2V, "scripted", "002004095") is None
            api.finish(T2V, prompt="fail")
            assert Measured(api).ended(T2V, "scripted", "002004095") == 2
            assert Measured(other).ended(T2V, "scripted", "002004095") == 1


def test_more_tasks_than_are_read_at_a_time(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "BATCH", 2)
    with served(api.app) as fresh:
        for _ in range(5):
            task = fresh.make(T2V, prompt="a tiny lake")
            fresh.http.delete(f"{TASK}/{task.id}")
        assert Measured(fresh).ended(T2V, "scripted", "task_cancelled") == 5


def test_addresses_that_are_none_are_one_route(api: Api) -> None:
    api.stranger.get("/wp-admin.php")
    found = Measured(api)
    unknown = {"method": "GET", "route": "unknown", "status": "404"}
    assert found("kirin_http_request_seconds_count", **unknown) >= 1
    assert not any("wp-admin" in str(sample.labels) for sample in found.samples)


def test_metrics_are_for_this_machine_unless_there_is_a_token(api: Api, tmp_path: Path) -> None:
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        answer = api.stranger.get("/metrics", headers={header: "203.0.113.7"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    elsewhere = httpx.ASGITransport(api.app.http(), client=("203.0.113.7", 1))

    async def ask() -> int:
        async with httpx.AsyncClient(transport=elsewhere, base_url="http://server") as client:
            return (await client.get("/metrics")).status_code

    assert asyncio.run(ask()) == 404
    settings = Settings(data_dir=tmp_path, engines="scripted", metrics_token=SECRET)
    app = App.open(settings)
    with served(app) as guarded:
        assert guarded.stranger.get("/metrics").status_code == 401
        for header in (f"Bearer {SECRET}x", SECRET, "Bearer "):
            answer = guarded.stranger.get("/metrics", headers={"Authorization": header})
            assert (answer.status_code, answer.json()["code"]) == (401, "invalid_api_key")
        right = {"Authorization": f"Bearer {SECRET}", "X-Forwarded-For": "203.0.113.7"}
        assert guarded.stranger.get("/metrics", headers=right).status_code == 200
    app.close()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is not away."""
    monkeypatch.setattr(health, "CHECK_SECONDS", 60)


@pytest.mark.usefixtures("patient")
def test_a_server_that_has_all_it_needs_is_ready(api: Api) -> None:
    answer = api.stranger.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "database": "ok", "storage": "ok"}
    assert api.stranger.get("/healthz").json()["status"] == "ok"


def fall_over(*_: Any, **__: Any) -> NoReturn:
    raise OperationalError("SELECT prompt", {}, Exception("no route to host"))


@pytest.mark.usefixtures("patient")
def test_without_its_database_or_storage_a_server_is_not_ready(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(type(api.app.database), "read", fall_over)
        answer = api.stranger.get("/readyz")
        assert answer.status_code == 503
        assert answer.json() == {
            "status": "not_ready",
            "database": "away",
            "storage": "ok",
            "code": "not_ready",  # W-9: like every error
            "message": "no answer from the database",
            "request_id": answer.headers["X-Request-Id"],
        }
        assert api.stranger.get("/healthz").status_code == 200  # the process itself is well
    monkeypatch.setattr(type(api.app.storage), "exists", fall_over)
    assert api.stranger.get("/readyz").json()["storage"] == "away"


def test_what_hangs_is_not_ready(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = threading.Event()
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.1)
    monkeypatch.setattr(type(api.app.storage), "exists", lambda *_: hanging.wait(250))
    threads = threading.active_count()
    for _ in range(8):
        answer = api.stranger.get("/readyz")
        assert (answer.status_code, answer.json()["storage"]) == (503, "away")
    # They do not pile up: one hangs, and the pool of short work may have grown meanwhile.
    assert threading.active_count() <= threads + 4
    hanging.set()
    until(lambda: api.stranger.get("/readyz").status_code == 200)


@pytest.mark.parametrize("error", [fall_over, None])
def test_while_the_database_is_away_clients_shall_come_again(
    api: Api, monkeypatch: pytest.MonkeyPatch, error: Any
) -> None:
    def full(*_: Any, **__: Any) -> NoReturn:
        raise PoolTimeout("QueuePool limit of size 8 overflow 8 reached")

    task = api.make(T2V, prompt="a tiny lake")
    monkeypatch.setattr(type(api.app.database), "read", error or full)
    for answer in (
        api.http.get(f"{TASK}/{task.id}"),
        api.http.get(TASK),
        api.http.get("/model/v1/events"),
        api.create(T2V, prompt="a tiny lake"),
        api.http.delete(f"{TASK}/{task.id}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
        assert int(answer.headers["Retry-After"]) > 0
        assert "route" not in answer.text
