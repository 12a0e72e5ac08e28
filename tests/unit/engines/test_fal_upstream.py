"""The queue of fal from the client's side: which endpoint is asked, what it is sent and says."""

from __future__ import annotations

from typing import Any

import pytest

from kirin.engines.remote.session import Busy, OutcomeUnknown
from kirin.engines.upstream.dialect import Recovery, TaskPhase, TaskState, UpstreamTask
from kirin.engines.upstream.fal import FalDialect
from kirin.errors import ContentRefused, EngineAway, InputsRefused, NotStarted, TaskError
from support.answering import answering

PNG = "iVBORw0KGgo="
TASK = UpstreamTask("kirin_v2_1_i2v", {"mode": "pro"}, "ours")


def dialect(*, native: bool = False, **names: str) -> FalDialect:
    return FalDialect("Key abc", names, native_params=native, idempotent=native)


def ordered(model: str, params: dict[str, Any], **options: Any) -> dict[str, Any]:
    line = answering({"request_id": "theirs"})
    state = dialect(**options).submit(line.session, UpstreamTask(model, params, "ours"))
    assert (state.id, state.phase) == ("theirs", TaskPhase.QUEUED)
    return line.sent[0]


def read(*bodies: dict[str, Any]) -> TaskState:
    return dialect().get(answering(*bodies).session, TASK, "theirs")


@pytest.mark.parametrize(
    ("model", "mode", "endpoint"),
    [
        ("kirin_v1_6_t2v", "std", "fal-ai/kling-video/v1.6/standard/text-to-video"),
        ("kirin_v2_1_i2v", "pro", "fal-ai/kling-video/v2.1/pro/image-to-video"),
        ("kirin_v2_1_master_t2v", None, "fal-ai/kling-video/v2.1/master/text-to-video"),
    ],
)
def test_the_endpoint_says_the_mode(model: str, mode: str | None, endpoint: str) -> None:
    sent = ordered(model, {"prompt": "a lake", **({"mode": mode} if mode else {})})
    assert sent["path"] == f"/{endpoint}"
    assert sent["json"] == {"prompt": "a lake"}


def test_pictures_and_sound_have_other_names_there() -> None:
    pictures = {"image": PNG, "image_tail": PNG}
    sent = ordered("kirin_v2_1_i2v", {**pictures, "mode": "pro", "duration": "5"})
    url = f"data:image/png;base64,{PNG}"
    assert sent["json"] == {"image_url": url, "tail_image_url": url, "duration": "5"}
    sent = ordered("kirin_v3_i2v", {**pictures, "mode": "std", "sound": "off"})
    assert sent["json"] == {
        "start_image_url": url, "end_image_url": url, "generate_audio": False
    }  # fmt: skip


@pytest.mark.parametrize(
    ("model", "params"),
    [
        ("kirin_v2_1_i2v", {"image_tail": PNG, "mode": "std"}),
        ("kirin_v1_6_t2v", {"camera_control": {}, "mode": "std"}),
        ("kirin_duration_extension", {}),
    ],
)
def test_what_an_endpoint_cannot_say_is_not_dropped(model: str, params: dict[str, Any]) -> None:
    with pytest.raises(NotStarted):
        ordered(model, params)


def test_another_kirin_is_sent_the_models_parameters() -> None:
    params = {"mode": "std", "image_tail": PNG}
    sent = ordered("kirin_v2_1_i2v", params, native=True)
    assert (sent["path"], sent["json"]) == ("/kirin/kirin_v2_1_i2v", params)
    assert sent["extra_headers"] == {"Idempotency-Key": "ours"}
    assert dialect(native=True).recovery is Recovery.BY_KEY


def test_the_settings_may_name_the_endpoint() -> None:
    assert ordered("kirin_v1_6_t2v", {"prompt": "x"}, kirin_v1_6_t2v="a/b/c")["path"] == "/a/b/c"


def test_a_request_is_followed_by_its_app() -> None:
    line = answering({"status": "IN_PROGRESS", "request_id": "theirs"})
    assert dialect().get(line.session, TASK, "theirs").phase is TaskPhase.RUNNING
    assert line.sent[0]["path"] == "/fal-ai/kling-video/requests/theirs/status"
    dialect().cancel(line.session, TASK, "theirs")
    assert (line.sent[1]["method"], line.sent[1]["path"]) == (
        "PUT", "/fal-ai/kling-video/requests/theirs/cancel"
    )  # fmt: skip


def test_a_result_has_a_link() -> None:
    state = read({"status": "COMPLETED"}, {"video": {"url": "https://fal.media/v.mp4"}})
    assert (state.phase, state.url) == (TaskPhase.SUCCEEDED, "https://fal.media/v.mp4")


def test_a_failure_is_completed_with_an_error() -> None:
    state = read({"status": "COMPLETED", "error": "it broke", "error_type": "x"})
    assert state.phase is TaskPhase.FAILED
    assert type(state.failure) is TaskError
    assert str(state.failure) == "cloud: it broke (x)"


def test_a_failure_may_show_in_the_result_alone() -> None:
    detail = [{"loc": ["body"], "msg": "no", "type": "content_policy_violation"}]
    line = answering({"status": "COMPLETED"})
    refused = answering({"detail": detail}, status=422)
    line._replies.append(refused._replies[0])
    state = dialect().get(line.session, TASK, "theirs")
    assert type(state.failure) is ContentRefused


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, EngineAway),
        (403, EngineAway),
        (404, NotStarted),
        (422, InputsRefused),
        (429, Busy),
        (503, OutcomeUnknown),
    ],
)
def test_a_refusal(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        dialect().submit(answering({"detail": "no"}, status=status).session, TASK)
