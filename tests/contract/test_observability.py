"""Traces lead from the request to the encoder; log lines name the task and tell no secrets."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy.exc import IntegrityError

from kirin.accounts import store as accounts
from kirin.logs import configure_logs
from kirin.orchestration.task_runner import TaskRunner
from kirin.tasks import store
from support.api import GENERATION, Api
from support.cards import I2V, T2V
from support.databases import Databases
from support.pictures import inline

PROMPT = "a tiny lake that nobody may know of"
CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What is traced while a test runs; the API sets its provider once in a process."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr("opentelemetry.trace._TRACER_PROVIDER", provider)
    monkeypatch.setattr("kirin.tracing._TRACER", provider.get_tracer("kirin"))
    yield exporter
    provider.shutdown()


@contextmanager
def logging_as(form: str) -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, as in production, libraries too."""
    text = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stderr", text)
        configure_logs("DEBUG", form)
    yield text
    configure_logs("INFO", "json")


@pytest.fixture(params=["json", "console"])
def lines(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    with logging_as(request.param) as text:
        yield text


@pytest.fixture
def records() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The lines so far as what they mean."""
    with logging_as("json") as text:
        yield lambda: [json.loads(line) for line in text.getvalue().splitlines()]


def by_name(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in exporter.get_finished_spans()}


def parent(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent else None


def number(span: ReadableSpan) -> int:
    context = span.get_span_context()
    assert context is not None
    return context.span_id


def test_one_trace_leads_from_the_request_to_the_encoder(
    api: Api, spans: InMemorySpanExporter
) -> None:
    body = {"model": T2V, "prompt": PROMPT}
    task = api.http.post(GENERATION, json=body, headers={"traceparent": CALLER}).json()
    api.app.executor.execute(task["id"], lambda: False)
    found = by_name(spans)
    ladder = [f"POST {GENERATION}", "submit", "task", "render", "encode"]
    for above, below in pairwise(ladder):
        assert parent(found[below]) == number(found[above]), f"{below} is not in {above}"
    assert parent(found["store"]) == number(found["task"])
    assert {f"{span.context.trace_id:032x}" for span in found.values() if span.context} == {
        CALLER.split("-")[1]
    }
    assert found["task"].attributes == {
        "kirin.task": task["id"],
        "kirin.model": T2V,
        "kirin.attempt": 1,
    }
    assert found["render"].attributes["kirin.engine"] == "scripted"
    assert found[ladder[0]].attributes["http.response.status_code"] == 200


def test_errors_mark_spans_and_tell_nothing(api: Api, spans: InMemorySpanExporter) -> None:
    api.finish(T2V, prompt="fail")
    assert api.create(T2V, prompt=PROMPT * 200).status_code == 400
    failed = [s for s in spans.get_finished_spans() if s.status.description]
    assert {s.name for s in failed} == {"render", "submit"}
    assert "InvalidParameters" in {s.status.description for s in failed}
    for span in spans.get_finished_spans():
        assert PROMPT not in span.to_json()
        assert not span.events


def test_without_an_sdk_nothing_is_traced(api: Api) -> None:
    assert not trace.get_current_span().is_recording()
    task = api.make(T2V, prompt="a tiny lake")
    assert task.trace is None
    assert api.run(task.id)["status"] == "completed"


def break_down(*_: Any, **__: Any) -> None:
    raise RuntimeError("a bug")


def test_no_line_tells_a_secret(
    api: Api, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = inline(310, 300)
    idempotency = {"Idempotency-Key": "somebody-elses-order"}
    body = {"model": I2V, "prompt": PROMPT, "image": picture}
    api.http.post(GENERATION, json=body, headers=idempotency)
    api.create(T2V, prompt=PROMPT, cfg_scale=7)
    api.create(I2V, prompt=PROMPT, image=f"data:image/png;base64,{picture}")
    api.client({"Authorization": "Bearer kirin_sk_wrong"}).post(GENERATION, json=body)
    ended = [api.finish(T2V, prompt=PROMPT), api.finish(I2V, prompt=PROMPT, image=picture)]
    link = ended[0]["output"][0]["content"][0]["url"]
    api.stranger.get(link)
    with monkeypatch.context() as patch:  # the task fails by a bug in the engine
        patch.setattr("kirin.engines.scripted.ScriptedEngine.render", break_down)
        api.finish(I2V, prompt=PROMPT, image=picture)
    with monkeypatch.context() as patch:  # the request fails by a bug
        patch.setattr("kirin.tasks.events.add", break_down)
        assert api.create(I2V, prompt=PROMPT, image=picture).status_code == 500
    insert = store.insert_task

    def refuse(connection: Any, task: Any) -> None:
        """The database itself refuses a row; its error knows all of them."""
        insert(connection, task)
        connection.exec_driver_sql("INSERT INTO tasks (id, params) VALUES (?, ?)", ("x", PROMPT))

    with monkeypatch.context() as patch:
        patch.setattr("kirin.tasks.store.insert_task", refuse)
        assert api.create(I2V, prompt=PROMPT, image=picture).status_code == 500
    logged = lines.getvalue()
    assert logged.count("Traceback") >= 3
    assert ended[0]["id"] in logged
    with api.app.database.read() as connection:
        webhook_secret = accounts.webhook_secret(connection, api.account)
    for secret in (
        PROMPT,
        picture[:40],
        picture[-40:],
        api.key,
        "kirin_sk_wrong",
        link.partition("signature=")[2],
        idempotency["Idempotency-Key"],
        webhook_secret,
    ):
        assert secret not in logged


def test_a_row_that_postgresql_refuses_is_not_told(
    databases: Databases, tmp_path: Path, lines: io.StringIO
) -> None:
    with databases.migrated("postgresql", tmp_path) as database:
        values = ("x", PROMPT)
        with pytest.raises(IntegrityError) as refused, database.write() as connection:
            connection.exec_driver_sql("INSERT INTO tasks (id, model) VALUES (%s, %s)", values)
        assert PROMPT in str(refused.value)
        structlog.get_logger("kirin").error("a bug", exc_info=refused.value)
    assert "violates not-null constraint" in lines.getvalue()
    assert PROMPT not in lines.getvalue()


def test_every_line_of_a_render_names_its_task(
    api: Api, records: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [api.make(T2V, prompt=prompt) for prompt in ("a lake", "fail")]
    before = len(records())
    run = TaskRunner.run

    def chatty(self: TaskRunner, *arguments: Any) -> Any:
        structlog.get_logger("kirin.engines").info("ours")
        logging.getLogger("a.library").warning("theirs")
        return run(self, *arguments)

    monkeypatch.setattr(TaskRunner, "run", chatty)
    threads = [
        threading.Thread(target=api.app.executor.execute, args=[task.id, lambda: False])
        for task in made
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = records()[before:]
    for event in ("ours", "theirs"):
        assert {line["task"] for line in told if line["event"] == event} == {t.id for t in made}
    (failed,) = (line for line in told if line["event"] == "task failed")
    assert (failed["task"], failed["code"]) == (made[1].id, "002004095")
    assert all("task" in line for line in told)


def test_every_line_of_a_request_names_it(
    api: Api, records: Callable[[], list[dict[str, Any]]]
) -> None:
    marked = {"X-Request-Id": "mine-7"}
    answer = api.http.post(GENERATION, json={"model": T2V, "prompt": "x"}, headers=marked)
    told = [line for line in records() if line.get("request_id") == "mine-7"]
    assert [line["event"] for line in told] == ["task accepted", "request"]
    assert told[0]["task"] == answer.json()["id"]
