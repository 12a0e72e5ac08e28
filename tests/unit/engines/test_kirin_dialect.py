"""Another server of this API, whichever words for the state of a task it knows (W-4)."""

from __future__ import annotations

from typing import Any, cast

import pytest

from kirin.engines.remote.session import OutcomeUnknown, Reply, Session
from kirin.engines.upstream.dialect import TaskPhase, TaskState, UpstreamTask
from kirin.engines.upstream.kirin import KirinDialect
from kirin.errors import CallFailed, ContentRefused, InputsRefused, TaskError

TASK = UpstreamTask("kirin_v1_6_t2v", {}, "mine")


class Answering:
    """A session whose server always answers the same."""

    name = "cloud"

    def __init__(self, body: dict[str, Any]) -> None:
        self._reply = Reply(200, {"id": "theirs", **body})

    def call(self, *_: object, **__: object) -> Reply:
        return self._reply


def read(**body: Any) -> TaskState:
    session = cast(Session, Answering(body))
    return KirinDialect("key", {}).get(session, TASK, "theirs")


@pytest.mark.parametrize(
    ("status", "metadata", "phase"),
    [
        ("in_progress", {"stage": "queued"}, TaskPhase.QUEUED),
        ("in_progress", {"stage": "rendering"}, TaskPhase.RUNNING),
        ("in_progress", {"stage": "something new"}, TaskPhase.RUNNING),
        ("in_progress", {}, TaskPhase.RUNNING),
        ("IN_PROGRESS", None, TaskPhase.RUNNING),
        ("pending", {}, TaskPhase.QUEUED),
        ("processing", {}, TaskPhase.RUNNING),
        ("completed", {"stage": "queued"}, TaskPhase.SUCCEEDED),
        ("failed", {}, TaskPhase.FAILED),
    ],
)
def test_former_and_present_words_are_understood(
    status: str, metadata: object, phase: TaskPhase
) -> None:  # W-4
    assert read(status=status, metadata=metadata).phase is phase


@pytest.mark.parametrize("status", ["done", "", "queued", None, 5])
def test_a_word_that_is_none_is_no_task(status: object) -> None:  # W-4
    with pytest.raises(OutcomeUnknown):
        read(status=status)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("content_refused", ContentRefused),
        ("002004099", InputsRefused),
        ("002004095", TaskError),
        ("task_cancelled", CallFailed),
    ],
)
def test_a_failure_keeps_its_kind(code: str, kind: type[TaskError]) -> None:  # W-7
    failure = read(status="failed", error={"code": code, "message": "no"}).failure
    assert type(failure) is kind
