"""Metrics of storage, waiting, takeovers and dialects; the page names every one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from kirin.accounts.limits import Limits
from kirin.app import App
from kirin.clock import now_ms
from kirin.database.tables import tasks
from kirin.http.operations.storage_metrics import EVERY_SECONDS, StorageGauges
from kirin.settings import Settings
from kirin.storage.memory import MemoryStorage
from support.api import GENERATION, Api, InProcess
from support.cards import T2V
from support.waiting import until

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "watch-a-server.md"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Api]:
    """A server of its own: counters begin at zero."""
    app = App.open(Settings(data_dir=tmp_path, engines="scripted"))
    transport = InProcess(app.http())
    yield Api(app, transport)
    transport.end()
    app.close()


def families(api: Api) -> dict[str, Metric]:
    text = api.stranger.get("/metrics").text
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(api: Api, name: str, **labels: str) -> float:
    """The sum of all samples of a name that have these labels."""
    return sum(
        sample.value
        for family in families(api).values()
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def test_the_page_names_every_metric(own: Api) -> None:
    named = set(re.findall(r"kirin_[a-z_]+", PAGE.read_text("utf-8")))
    until(lambda: "kirin_storage_bytes" in families(own))
    for name, family in families(own).items():
        if name.startswith("kirin_") and not name.endswith("_created"):
            assert name + ("_total" if family.type == "counter" else "") in named, name


def test_each_is_counted_where_it_belongs(own: Api) -> None:
    own.finish(T2V, prompt="a tiny lake")
    other = own.another()
    other.change(limits=Limits(queued_tasks=9))
    id = other.make(T2V, prompt="a tiny lake").id
    with own.app.database.write() as connection:  # its worker was found dead once, and stopped once
        connection.execute(update(tasks).where(tasks.c.id == id).values(attempt=2, releases=1))
    other.run(id)
    body = {"model": T2V, "prompt": "a tiny lake", "seed": 3}
    own.run(own.http.post(GENERATION, json=body).json()["id"])
    own.http.post(GENERATION, json=body)
    own.http.post(f"{GENERATION}/batch", json={"requests": [body | {"cache": False}]})
    waited = "kirin_account_queue_seconds_count"
    assert value(own, waited, account_class="unlimited") == 2
    assert value(own, waited, account_class="limited") == 1
    assert value(own, "kirin_takeovers_total", engine="scripted") == 1
    assert value(own, "kirin_tasks_reused_total", model=T2V) == 1
    assert value(own, "kirin_batches") == 1


def test_requests_are_counted_by_dialect(own: Api) -> None:
    own.http.get(f"{GENERATION}/task")
    own.http.get("/v1/videos/text2video")
    own.stranger.get("/v1/videos")
    own.stranger.get("/healthz")
    own.stranger.get("/no-such-page")
    name = "kirin_dialect_requests_total"
    assert value(own, name, dialect="kirin", status="2xx") == 1
    assert value(own, name, dialect="kling", status="2xx") == 1
    assert value(own, name, dialect="openai", status="4xx") == 1
    assert value(own, name) == 3
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepted = {"Accept": "application/json, text/event-stream"}
    own.http.post("/mcp", json=message, headers=accepted)
    assert value(own, name, dialect="mcp", status="2xx") == 1


def test_storage_is_measured_now_and_then_by_kind() -> None:
    storage, now = MemoryStorage(), 0.0
    gauges = StorageGauges(storage, lambda: now)
    for key, size in (
        ("inputs/ab/abc", 3),
        ("results/t/1/video.mp4", 10),
        ("results/t/1/watermarked.mp4", 10),
        ("results/t/1/poster.webp", 2),
    ):
        storage.put_bytes(key, b"x" * size)

    def told() -> dict[tuple[str, str], float]:
        return {
            (sample.name, sample.labels["kind"]): sample.value
            for family in gauges.collect()
            for sample in family.samples
        }

    until(lambda: told() != {})
    assert told() == {
        ("kirin_storage_bytes", "inputs"): 3,
        ("kirin_storage_bytes", "results"): 20,
        ("kirin_storage_bytes", "pictures"): 2,
        ("kirin_storage_files", "inputs"): 1,
        ("kirin_storage_files", "results"): 2,
        ("kirin_storage_files", "pictures"): 1,
    }
    storage.delete("inputs/ab/abc")
    assert told()["kirin_storage_files", "inputs"] == 1
    now += EVERY_SECONDS
    until(lambda: told()["kirin_storage_files", "inputs"] == 0)


def test_a_storage_that_is_away_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = MemoryStorage()

    def away(_: str = "") -> None:
        raise OSError("away")

    monkeypatch.setattr(storage, "keys", away)
    gauges = StorageGauges(storage, lambda: float(now_ms()))
    gauges.measure()
    assert list(gauges.collect()) == []
