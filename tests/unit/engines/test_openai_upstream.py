"""A provider that speaks as OpenAI's videos do: what its replies mean, and what it is sent."""

from __future__ import annotations

from typing import Any, cast

import pytest

from kirin.engines.remote.session import Busy, OutcomeUnknown, Reply, Session
from kirin.engines.upstream.dialect import TaskPhase, TaskState, UpstreamTask
from kirin.engines.upstream.openai import OpenAIDialect
from kirin.errors import (
    ContentRefused,
    EngineAway,
    InputsRefused,
    NotStarted,
    StatusUnknown,
    TaskError,
)
from kirin.http.dialects.openai.video_json import STATUSES

PARAMS = {"prompt": "a lake", "mode": "std", "duration": "5", "aspect_ratio": "16:9"}
TASK = UpstreamTask("kirin_v1_6_t2v", PARAMS, "ours", (1280, 720))


class Answering:
    """A session whose server always answers the same.

    Attributes:
        sent: what the last call was made with.
    """

    name = "cloud"

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self._reply = Reply(status, body)
        self.sent: dict[str, Any] = {}

    def call(self, method: str, path: str, **options: Any) -> Reply:
        self.sent = {"method": method, "path": path, **options}
        return self._reply


def dialect(*, native: bool = False) -> OpenAIDialect:
    return OpenAIDialect("key", {"kirin_v1_6_t2v": "wan"}, native_params=native, idempotent=native)


def get(code: int = 200, **body: Any) -> TaskState:
    session = cast(Session, Answering(code, {"id": "theirs", **body}))
    return dialect().get(session, TASK, "theirs")


def refused(status: int, code: str = "", message: str = "no") -> Exception:
    session = cast(Session, Answering(status, {"error": {"code": code, "message": message}}))
    with pytest.raises(Exception) as caught:  # noqa: PT011  it is what is asked for
        dialect().submit(session, TASK)
    return caught.value


def test_both_halves_have_the_same_words() -> None:
    phases = [get(status=word).phase for word in STATUSES.values()]
    assert phases == list(TaskPhase)


def test_the_file_needs_the_key() -> None:
    state = get(status="completed", progress=100)
    assert (state.url, state.path, state.progress) == ("", "/videos/theirs/content", 1.0)
    assert get(status="in_progress", progress=25).progress == 0.25


def test_a_failure_has_its_reason() -> None:
    failure = get(status="failed", error={"code": "x", "message": "it broke"}).failure
    assert isinstance(failure, TaskError)
    assert str(failure) == "cloud: it broke (x)"
    refusal = get(status="failed", error={"code": "moderation_blocked", "message": "no"}).failure
    assert isinstance(refusal, ContentRefused)


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, StatusUnknown), (429, Busy), (401, OutcomeUnknown), (502, OutcomeUnknown)],
)
def test_a_poll_that_fails(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        get(status)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "invalid", InputsRefused),
        (400, "unsupported", NotStarted),
        (400, "content_refused", ContentRefused),
        (404, "model_not_found", NotStarted),
        (401, "invalid_key", EngineAway),
        (429, "rate_limit_exceeded", Busy),
        (429, "insufficient_quota", EngineAway),
        (500, "", OutcomeUnknown),
    ],
)
def test_a_refusal(status: int, code: str, error: type[Exception]) -> None:
    found = refused(status, code, "the secret balance")
    assert type(found) is error
    assert ("balance" in str(found)) == (error not in (EngineAway, OutcomeUnknown))


def test_a_plain_server_is_sent_a_form() -> None:
    session = Answering(200, {"id": "theirs", "status": "queued"})
    picture = {"image": "iVBORw0KGgo="}
    task = UpstreamTask(TASK.model, {**PARAMS, **picture}, "ours", (1280, 720))
    dialect().submit(cast(Session, session), task)
    assert session.sent == {
        "method": "POST",
        "path": "/videos",
        "extra_headers": {"Idempotency-Key": "ours"},
        "files": {
            "model": (None, "wan"),
            "prompt": (None, "a lake"),
            "seconds": (None, "5"),
            "size": (None, "1280x720"),
            "input_reference": ("first_frame", b"\x89PNG\r\n\x1a\n", "image/png"),
        },
    }


def test_what_it_cannot_say_is_not_dropped() -> None:
    session = Answering(200, {"id": "theirs", "status": "queued"})
    task = UpstreamTask(TASK.model, {**PARAMS, "negative_prompt": "boats"}, "ours", (1280, 720))
    with pytest.raises(NotStarted, match="negative_prompt"):
        dialect().submit(cast(Session, session), task)
    assert session.sent == {}


def test_another_kirin_is_sent_the_models_parameters() -> None:
    session = Answering(200, {"id": "theirs", "status": "queued"})
    dialect(native=True).submit(cast(Session, session), TASK)
    assert session.sent["json"] == {"model": "wan", **PARAMS}
