"""OpenRouter's videos from the client's side: what is sent, and what the replies mean."""

from __future__ import annotations

from typing import Any

import pytest

from kirin.engines.upstream.dialect import TaskPhase, TaskState, UpstreamTask
from kirin.engines.upstream.openrouter import OpenRouterDialect
from kirin.errors import ContentRefused, NotStarted, TaskError
from support.answering import answering

PNG = "iVBORw0KGgo="
PARAMS = {"prompt": "a lake", "mode": "std", "duration": "5", "aspect_ratio": "16:9"}


def dialect(*, native: bool = False) -> OpenRouterDialect:
    return OpenRouterDialect(
        "Bearer or",
        {"kirin_v3_i2v": "kwaivgi/kling-v3.0-std"},
        native_params=native,
        idempotent=native,
    )


def ordered(params: dict[str, Any], *, native: bool = False) -> dict[str, Any]:
    line = answering({"id": "theirs", "status": "pending"})
    task = UpstreamTask("kirin_v3_i2v", params, "ours", (1280, 720))
    assert dialect(native=native).submit(line.session, task).phase is TaskPhase.QUEUED
    assert line.sent[0]["path"] == "/videos"
    sent: dict[str, Any] = line.sent[0]["json"]
    return sent


def read(**body: Any) -> TaskState:
    task = UpstreamTask("kirin_v3_i2v", {}, "ours")
    return dialect().get(answering({"id": "theirs", **body}).session, task, "theirs")


def test_it_is_sent_in_the_words_of_the_api() -> None:
    sent = ordered({**PARAMS, "image": PNG, "image_tail": PNG, "sound": "on"})
    url = {"url": f"data:image/png;base64,{PNG}"}
    assert sent == {
        "model": "kwaivgi/kling-v3.0-std",
        "prompt": "a lake",
        "size": "1280x720",
        "duration": 5,
        "generate_audio": True,
        "frame_images": [
            {"type": "image_url", "image_url": url, "frame_type": "first_frame"},
            {"type": "image_url", "image_url": url, "frame_type": "last_frame"},
        ],
    }


def test_what_it_cannot_say_is_not_dropped() -> None:
    with pytest.raises(NotStarted, match="negative_prompt"):
        ordered({**PARAMS, "negative_prompt": "boats"})


def test_another_kirin_is_sent_the_models_parameters() -> None:
    assert ordered(PARAMS, native=True) == {"model": "kwaivgi/kling-v3.0-std", **PARAMS}


def test_a_result_has_a_link_and_a_price() -> None:
    state = read(status="completed", unsigned_urls=["https://x/v.mp4"], usage={"cost": 0.4})
    assert (state.phase, state.url) == (TaskPhase.SUCCEEDED, "https://x/v.mp4")
    assert state.notes == {"upstream_cost": {"amount": "0.4", "unit": "USD"}}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"status": "failed", "error": "it broke"}, TaskError),
        ({"status": "failed", "error": "content_policy_violation: no"}, ContentRefused),
        ({"status": "cancelled"}, TaskError),
        ({"status": "expired"}, TaskError),
    ],
)
def test_a_failure(body: dict[str, Any], kind: type[TaskError]) -> None:
    state = read(**body)
    assert state.phase is TaskPhase.FAILED
    assert type(state.failure) is kind
