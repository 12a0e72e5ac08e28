"""A server of the API of OpenAI videos: a gateway, an inference server, another Kirin."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from kirin.engines.remote.session import Busy, OutcomeUnknown, Reply, Session
from kirin.engines.upstream.dialect import (
    Recovery,
    TaskPhase,
    TaskState,
    UpstreamTask,
    parse_state,
)
from kirin.errors import (
    ContentRefused,
    EngineAway,
    InputsRefused,
    NotStarted,
    ResultUnusable,
    StatusUnknown,
    TaskError,
)
from kirin.wire import openai as wire

PHASES: Final[Mapping[str, TaskPhase]] = {
    wire.QUEUED: TaskPhase.QUEUED,
    wire.IN_PROGRESS: TaskPhase.RUNNING,
    wire.COMPLETED: TaskPhase.SUCCEEDED,
    wire.FAILED: TaskPhase.FAILED,
}

PLAIN_PARAMS: Final = frozenset({"prompt", "image", "duration", "mode", "aspect_ratio"})
"""What a request of this API can say of a Kirin model's parameters: mode and shape are its size."""

LACKED: Final = (
    "negative_prompt",
    "image_tail",
    "static_mask",
    "dynamic_masks",
    "camera_control",
    "multi_prompt",
    "image_list",
    "element_list",
    "sound",
    "cfg_scale",
    "video_url",
    "video_list",
)
"""Parameters of Kirin models that this API has no words for."""


class OpenAIDialect:
    """Calls a server of this API.

    Args:
        key: an API key of that server; empty if it wants none.
        model_names: its name of a Kirin model, where it differs.
        native_params: whether it takes the parameters of Kirin models under their own names, as
            another Kirin server does.
        idempotent: whether it answers a request with a known ``Idempotency-Key`` with the video
            that the first one has made.
    """

    def __init__(
        self, key: str, model_names: Mapping[str, str], *, native_params: bool, idempotent: bool
    ) -> None:
        self._key = key
        self._model_names = model_names
        self._native_params = native_params
        self.recovery = Recovery.BY_KEY if idempotent else Recovery.NONE

    upload = None

    def lacks(self, _: str) -> tuple[str, ...]:
        """Parameters of a Kirin model that this API does not take."""
        return () if self._native_params else LACKED

    def headers(self) -> Mapping[str, str]:
        """The key as a bearer token."""
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def submit(self, session: Session, task: UpstreamTask) -> TaskState:
        """Create a video."""
        model = self._model_names.get(task.model, task.model)
        sent: dict[str, Any]
        if self._native_params:
            sent = {"json": {"model": model, **task.params}}
        else:
            sent = _form(model, task)
        key = {wire.IDEMPOTENCY_KEY: task.external_id}
        reply = session.call("POST", wire.VIDEOS, extra_headers=key, **sent)
        if reply.status not in {200, 201, 202}:
            raise _refusal(session.name, reply)
        return parse_state(session.name, reply, _parse_video)

    def find(self, session: Session, task: UpstreamTask) -> TaskState | None:
        """Nothing: the API has no ids of ours."""
        raise NotImplementedError

    def get(self, session: Session, _: UpstreamTask, id: str) -> TaskState:
        """Look a video up by its id."""
        reply = session.call("GET", _path(id))
        if reply.status == 404:
            raise StatusUnknown(f"{session.name} no longer has the video")
        if reply.status == 429:
            raise Busy(f"{session.name} is rate-limiting this server", reply.retry_after)
        if reply.status != 200:
            raise OutcomeUnknown(f"{session.name} answered {reply.status}")
        return parse_state(session.name, reply, _parse_video)

    def cancel(self, session: Session, _: UpstreamTask, id: str) -> None:
        """Delete a video, which is all that the API has against one to come."""
        session.call("DELETE", _path(id))

    def delete_subject(self, session: Session, subject_id: int) -> None:
        """Do nothing: the API has no subjects."""


def _path(id: str) -> str:
    return f"{wire.VIDEOS}/{quote(id, safe='')}"


def _form(model: str, task: UpstreamTask) -> dict[str, Any]:
    """The form that every server of this API understands; the picture is a file in it."""
    if task.size is None or (unknown := sorted(set(task.params) - _SAYABLE)):
        raise NotStarted(f"this API has no words for {', '.join(unknown)}")
    fields = {
        "model": model,
        "prompt": str(task.params.get("prompt", "")),
        "seconds": str(task.params["duration"]),
        "size": "{}x{}".format(*task.size),
    }
    parts: dict[str, Any] = {name: (None, value) for name, value in fields.items()}
    if "image" in task.params:
        picture = b64decode(task.params["image"])
        parts["input_reference"] = ("first_frame", picture, _media_type(picture))
    return {"files": parts}


_SAYABLE: Final = PLAIN_PARAMS | {"cfg_scale", "sound"}
"""With what has a default of the provider's own, and sound where it is off."""


def _media_type(picture: bytes) -> str:
    return "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"


def _refusal(name: str, reply: Reply) -> Exception:
    """The error that a refused request amounts to."""
    code = reply.text("error", "code")
    message = f"{name}: {reply.text('error', 'message') or 'no reason given'}"
    if code == wire.INSUFFICIENT_QUOTA or reply.status in {401, 402, 403}:
        # The message may be about our account there, which does not concern our users.
        return EngineAway(f"{name} does not accept tasks from this server ({reply.status})")
    if reply.status == 429:
        return Busy(message, reply.retry_after)
    if code in wire.CONTENT_REFUSED:
        return ContentRefused(message)
    if code == wire.MODEL_NOT_FOUND or reply.status in {404, 405}:
        return NotStarted(message)
    if reply.status in {400, 413, 415, 422}:
        return NotStarted(message) if code == "unsupported" else InputsRefused(message)
    return OutcomeUnknown(f"{name} answered {reply.status}")


def _parse_video(name: str, reply: Reply) -> TaskState:
    id, phase = reply.text("id"), PHASES.get(reply.text("status"))
    if not id or phase is None:
        raise OutcomeUnknown(f"{name} sent a reply that is not a video")
    return TaskState(
        id=id,
        phase=phase,
        progress=float(reply.text("progress") or 0) / 100,
        path=f"{_path(id)}{wire.CONTENT}" if phase is TaskPhase.SUCCEEDED else "",
        failure=_failure(name, reply) if phase is TaskPhase.FAILED else None,
        notes={"upstream": {"model": reply.text("model")}} if reply.text("model") else {},
    )


def _failure(name: str, reply: Reply) -> TaskError:
    code = reply.text("error", "code")
    told = f"{name}: {reply.text('error', 'message') or 'no reason given'} ({code or 'no code'})"
    if code in wire.CONTENT_REFUSED:
        return ContentRefused(told)
    return ResultUnusable(told) if code.endswith("096") else TaskError(told)
