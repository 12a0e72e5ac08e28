"""Veo from the client's side: what is sent, and what the replies mean."""

from __future__ import annotations

from typing import Any

import pytest

from kirin.engines.upstream.dialect import TaskPhase, TaskState, UpstreamTask
from kirin.engines.upstream.veo import VeoDialect
from kirin.errors import ContentRefused, EngineAway, InputsRefused, NotStarted, TaskError
from support.answering import answering

PNG = "iVBORw0KGgo="
VEO = "veo-3.1-generate-preview"
PARAMS = {"prompt": "a lake", "mode": "std", "duration": "8", "aspect_ratio": "16:9"}
NAME = f"models/{VEO}/operations/theirs"


def dialect(*, native: bool = False) -> VeoDialect:
    return VeoDialect(
        "Bearer secret", {"kirin_v3_i2v": VEO}, native_params=native, idempotent=native
    )


def ordered(
    params: dict[str, Any], size: tuple[int, int] | None = (1280, 720), *, native: bool = False
) -> dict[str, Any]:
    line = answering({"name": NAME})
    task = UpstreamTask("kirin_v3_i2v", params, "ours", size)
    assert dialect(native=native).submit(line.session, task).id == "theirs"
    assert line.sent[0]["path"] == f"/models/{VEO}:predictLongRunning"
    sent: dict[str, Any] = line.sent[0]["json"]
    return sent


def read(**body: Any) -> TaskState:
    task = UpstreamTask("kirin_v3_i2v", {}, "ours")
    line = answering({"name": NAME, **body})
    state = dialect().get(line.session, task, "theirs")
    assert line.sent[0]["path"] == f"/{NAME}"
    return state


def done(**response: Any) -> TaskState:
    return read(done=True, response={"generateVideoResponse": response})


def test_the_key_has_a_header_of_its_own() -> None:
    assert dialect().headers() == {"X-Goog-Api-Key": "secret"}
    assert VeoDialect("", {}, native_params=False, idempotent=False).headers() == {}


def test_it_is_sent_in_the_words_of_the_api() -> None:
    sent = ordered({**PARAMS, "image": PNG, "image_tail": PNG, "negative_prompt": "boats"})
    picture = {"bytesBase64Encoded": PNG, "mimeType": "image/png"}
    assert sent == {
        "instances": [{"prompt": "a lake", "image": picture, "lastFrame": picture}],
        "parameters": {
            "aspectRatio": "16:9",
            "resolution": "720p",
            "durationSeconds": 8,
            "negativePrompt": "boats",
        },
    }
    portrait = ordered({**PARAMS, "sound": "off"}, (1080, 1920))["parameters"]
    assert (portrait["aspectRatio"], portrait["resolution"]) == ("9:16", "1080p")


@pytest.mark.parametrize(
    ("params", "size", "what"),
    [
        ({"static_mask": PNG}, (1280, 720), "static_mask"),
        ({"sound": "on"}, (1280, 720), "sound"),
        ({}, (960, 960), "960x960"),
        ({}, (640, 360), "640x360"),
        ({}, None, "videos only"),
    ],
)
def test_what_it_cannot_say_is_not_dropped(
    params: dict[str, Any], size: tuple[int, int] | None, what: str
) -> None:
    with pytest.raises(NotStarted, match=what):
        ordered({**PARAMS, **params}, size)


def test_another_kirin_is_sent_the_models_parameters() -> None:
    sent = ordered(PARAMS, native=True)
    rest = {name: value for name, value in PARAMS.items() if name != "prompt"}
    assert sent == {"instances": [{"prompt": "a lake"}], "parameters": rest}


def test_an_operation_on_its_way() -> None:
    assert read().phase is TaskPhase.RUNNING
    state = read(metadata={"stage": "rendering", "progressPercent": 40, "model": "m"})
    assert (state.phase, state.progress) == (TaskPhase.RUNNING, 0.4)
    assert state.notes == {"upstream": {"model": "m"}}
    assert read(metadata={"stage": "queued"}).phase is TaskPhase.QUEUED


def test_a_result_is_a_file_that_takes_the_key() -> None:
    uri = "https://x/v1beta/files/1f:download?alt=media"
    state = done(generatedSamples=[{"video": {"uri": uri}}])
    assert (state.phase, state.path) == (TaskPhase.SUCCEEDED, "/files/1f:download?alt=media")
    assert state.url == ""


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ({"error": {"code": 13, "message": "it broke"}}, TaskError, "it broke"),
        (
            {"error": {"message": "no", "details": [{"reason": "content_refused"}]}},
            ContentRefused,
            "no",
        ),
        (
            {"response": {"generateVideoResponse": {"raiMediaFilteredReasons": ["a face"]}}},
            ContentRefused,
            "a face",
        ),
    ],
)
def test_a_failure_has_a_kind(body: dict[str, Any], kind: type[TaskError], words: str) -> None:
    state = read(done=True, **body)
    assert state.phase is TaskPhase.FAILED
    assert type(state.failure) is kind
    assert words in str(state.failure)


@pytest.mark.parametrize(
    ("status", "error"), [(401, EngineAway), (404, NotStarted), (400, InputsRefused)]
)
def test_a_refusal_has_a_kind(status: int, error: type[Exception]) -> None:
    line = answering({"error": {"message": "no"}}, status=status)
    task = UpstreamTask("kirin_v3_i2v", PARAMS, "ours", (1280, 720))
    with pytest.raises(error):
        dialect().submit(line.session, task)


@pytest.mark.parametrize("native", [False, True])
def test_only_another_kirin_cancels(native: bool) -> None:
    line = answering({})
    dialect(native=native).cancel(line.session, UpstreamTask("kirin_v3_i2v", {}, "ours"), "theirs")
    assert [each["path"] for each in line.sent] == [f"/{NAME}:cancel"] * native
