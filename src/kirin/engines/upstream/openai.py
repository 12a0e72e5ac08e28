"""A server of the API of OpenAI videos: a gateway, an inference server, another Kirin."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from kirin.engines.remote.session import OutcomeUnknown, Reply, Session
from kirin.engines.upstream.dialect import TaskPhase, TaskState, UpstreamTask, parse_state
from kirin.engines.upstream.nameless import LACKED, NamelessDialect, failure, media_type
from kirin.errors import NotStarted
from kirin.wire import openai as wire

PHASES: Final[Mapping[str, TaskPhase]] = {
    wire.QUEUED: TaskPhase.QUEUED,
    wire.IN_PROGRESS: TaskPhase.RUNNING,
    wire.COMPLETED: TaskPhase.SUCCEEDED,
    wire.FAILED: TaskPhase.FAILED,
}

PLAIN_PARAMS: Final = frozenset({"prompt", "image", "duration", "mode", "aspect_ratio"})
"""What a request of this API can say of a Kirin model's parameters: mode and shape are its size."""

UNSAYABLE: Final = (*LACKED, "negative_prompt", "image_tail", "sound", "cfg_scale")
"""Parameters of Kirin models that this API has no words for."""


class OpenAIDialect(NamelessDialect):
    """Calls a server of this API."""

    def lacks(self, _: str) -> tuple[str, ...]:
        """Parameters of a Kirin model that this API does not take."""
        return () if self._native_params else UNSAYABLE

    def error_of(self, reply: Reply) -> tuple[str, str]:
        """Code and message of an error."""
        return reply.text("error", "code"), reply.text("error", "message")

    def submit(self, session: Session, task: UpstreamTask) -> TaskState:
        """Create a video."""
        model = self._model_names.get(task.model, task.model)
        native = {"json": {"model": model, **task.params}}
        sent = native if self._native_params else _form(model, task)
        return parse_state(
            session.name, self.order(session, wire.VIDEOS, task, **sent), _parse_video
        )

    def get(self, session: Session, _: UpstreamTask, id: str) -> TaskState:
        """Look a video up by its id."""
        return parse_state(session.name, self.read(session, _path(id)), _parse_video)

    def cancel(self, session: Session, _: UpstreamTask, id: str) -> None:
        """Delete a video, which is all that the API has against one to come."""
        session.call("DELETE", _path(id))


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
        parts["input_reference"] = ("first_frame", picture, media_type(picture))
    return {"files": parts}


_SAYABLE: Final = PLAIN_PARAMS | {"cfg_scale", "sound"}
"""With what has a default of the provider's own, and sound where it is off."""


def _parse_video(name: str, reply: Reply) -> TaskState:
    id, phase = reply.text("id"), PHASES.get(reply.text("status"))
    if not id or phase is None:
        raise OutcomeUnknown(f"{name} sent a reply that is not a video")
    failed = failure(name, reply.text("error", "code"), reply.text("error", "message"))
    return TaskState(
        id=id,
        phase=phase,
        progress=float(reply.text("progress") or 0) / 100,
        path=f"{_path(id)}{wire.CONTENT}" if phase is TaskPhase.SUCCEEDED else "",
        failure=failed if phase is TaskPhase.FAILED else None,
        notes={"upstream": {"model": reply.text("model")}} if reply.text("model") else {},
    )
