"""Replicate from the client's side: which model is asked, what it is sent, what it says."""

from __future__ import annotations

from typing import Any

import pytest

from kirin.engines.remote.session import Busy, OutcomeUnknown
from kirin.engines.upstream.dialect import TaskPhase, TaskState, UpstreamTask
from kirin.engines.upstream.replicate import ReplicateDialect
from kirin.errors import ContentRefused, EngineAway, InputsRefused, NotStarted, TaskError
from support.answering import answering

PNG = "iVBORw0KGgo="
TASK = UpstreamTask("kirin_v1_6_t2v", {"prompt": "a lake", "mode": "std"}, "ours")


def dialect(*, native: bool = False, **names: str) -> ReplicateDialect:
    return ReplicateDialect("Bearer r8", names, native_params=native, idempotent=native)


def ordered(model: str, params: dict[str, Any], **options: Any) -> dict[str, Any]:
    line = answering({"id": "theirs", "status": "starting"})
    state = dialect(**options).submit(line.session, UpstreamTask(model, params, "ours"))
    assert (state.id, state.phase) == ("theirs", TaskPhase.QUEUED)
    return line.sent[0]


def read(**body: Any) -> TaskState:
    return dialect().get(answering({"id": "theirs", **body}).session, TASK, "theirs")


@pytest.mark.parametrize(
    ("model", "mode", "name"),
    [
        ("kirin_v1_6_t2v", "std", "kwaivgi/kling-v1.6-standard"),
        ("kirin_v1_6_t2v", "pro", "kwaivgi/kling-v1.6-pro"),
        ("kirin_v2_1_i2v", "pro", "kwaivgi/kling-v2.1"),
    ],
)
def test_the_mode_chooses_the_model(model: str, mode: str, name: str) -> None:
    sent = ordered(model, {"prompt": "a lake", "mode": mode, "duration": "5"})
    assert sent["path"] == f"/models/{name}/predictions"
    given = sent["json"]["input"]
    assert given.pop("mode", "pro") in ("pro", "standard")
    assert given == {"prompt": "a lake", "duration": 5}


def test_pictures_and_sound_have_other_names_there() -> None:
    params = {"image": PNG, "image_tail": PNG, "mode": "pro", "sound": "on"}
    url = f"data:image/png;base64,{PNG}"
    assert ordered("kirin_v3_i2v", params)["json"]["input"] == {
        "start_image": url, "end_image": url, "mode": "pro", "generate_audio": True
    }  # fmt: skip


@pytest.mark.parametrize(
    ("model", "params"),
    [
        ("kirin_v1_6_i2v", {"image_tail": PNG, "mode": "std"}),
        ("kirin_v1_6_t2v", {"camera_control": {}, "mode": "std"}),
        ("kirin_v2_5_turbo_t2v", {"mode": "std"}),
        ("kirin_v1_t2v", {}),
    ],
)
def test_what_no_model_there_can_do_is_not_dropped(model: str, params: dict[str, Any]) -> None:
    with pytest.raises(NotStarted):
        ordered(model, params)


def test_another_kirin_is_sent_the_models_parameters() -> None:
    sent = ordered(TASK.model, dict(TASK.params), native=True)
    assert sent["path"] == "/models/kirin/kirin_v1_6_t2v/predictions"
    assert sent["json"] == {"input": TASK.params}
    assert sent["extra_headers"] == {"Idempotency-Key": "ours"}


@pytest.mark.parametrize("output", ["https://replicate.delivery/v.mp4", ["https://x/v.mp4"]])
def test_an_output_is_a_link_or_a_list_of_them(output: str | list[str]) -> None:
    state = read(status="succeeded", output=output)
    assert state.url == (output if isinstance(output, str) else output[0])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"status": "failed", "error": "it broke"}, TaskError),
        ({"status": "failed", "error": "input flagged as sensitive (E005)"}, ContentRefused),
        ({"status": "canceled"}, TaskError),
    ],
)
def test_a_failure(body: dict[str, Any], kind: type[TaskError]) -> None:
    state = read(**body)
    assert state.phase is TaskPhase.FAILED
    assert type(state.failure) is kind


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, EngineAway),
        (402, EngineAway),
        (404, NotStarted),
        (422, InputsRefused),
        (429, Busy),
        (500, OutcomeUnknown),
    ],
)
def test_a_refusal(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        dialect().submit(answering({"detail": "no"}, status=status).session, TASK)


def test_a_prediction_is_cancelled() -> None:
    line = answering({"id": "theirs", "status": "canceled"})
    dialect().cancel(line.session, TASK, "theirs")
    assert (line.sent[0]["method"], line.sent[0]["path"]) == ("POST", "/predictions/theirs/cancel")
