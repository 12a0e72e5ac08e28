"""Another server of this API: rules W-1 to W-10, from the client's side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
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
    CallFailed,
    ContentRefused,
    EngineAway,
    FetchFailed,
    InputsRefused,
    NoEngine,
    NotStarted,
    ResultUnusable,
    StatusUnknown,
    TaskError,
)

GENERATION: Final = "/model/v1/generation"
FILES: Final = "/model/v1/files"
LIBRARY: Final = "/model/v1/elements"

ERRORS: Final[Mapping[str, type[TaskError]]] = {
    "094": NoEngine,
    "095": TaskError,
    "096": ResultUnusable,
    "097": FetchFailed,
    "098": StatusUnknown,
    "099": InputsRefused,
}
"""By the last three digits of the error code, which all models share."""

PHASES: Final = {
    "in_progress": TaskPhase.RUNNING,
    "pending": TaskPhase.QUEUED,
    "processing": TaskPhase.RUNNING,
    "completed": TaskPhase.SUCCEEDED,
    "failed": TaskPhase.FAILED,
}
"""By the status (rule W-4). Older servers say ``pending`` and ``processing``."""

CODES: Final[Mapping[str, type[TaskError]]] = {ContentRefused.code: ContentRefused}
"""Error codes that all models share."""


class KirinDialect:
    """Calls a server of this API.

    Args:
        key: an API key of that server.
        model_names: its name of a Kirin model, where it differs.
    """

    def __init__(self, key: str, model_names: Mapping[str, str]) -> None:
        self._key = key
        self._model_names = model_names

    recovery = Recovery.BY_NAME

    def lacks(self, _: str) -> tuple[str, ...]:
        """Nothing: it is the same API."""
        return ()

    def upload(self, session: Session, path: Path) -> str:
        """Upload a file; uploading it again returns the same one."""
        with path.open("rb") as file:
            reply = session.call("POST", FILES, content=file)
        if reply.status != 200:
            raise _refusal(session.name, reply)
        if url := reply.text("url"):
            return url
        raise OutcomeUnknown(f"{session.name} accepted a file and returned no link")

    def headers(self) -> Mapping[str, str]:
        """The key as a bearer token (rule W-10)."""
        return {"Authorization": f"Bearer {self._key}"}

    def submit(self, session: Session, task: UpstreamTask) -> TaskState:
        """Submit a task; one that has the same external id already counts as submitted."""
        params = {**task.params, "external_task_id": task.external_id}
        model = self._model_names.get(task.model, task.model)
        body = {"model": model, "input": [{"params": params}]}
        reply = session.call("POST", GENERATION, json=body)
        if reply.status == 409:
            if found := self.find(session, task):
                return found
            raise OutcomeUnknown(f"{session.name} has a task with this id but does not show it")
        if reply.status != 200:
            raise _refusal(session.name, reply)
        return parse_state(session.name, reply, _parse_task)

    def find(self, session: Session, task: UpstreamTask) -> TaskState | None:
        """Look a task up by our id."""
        reply = session.call("GET", _path(task.external_id))
        return None if reply.status == 404 else _parse(session.name, reply)

    def get(self, session: Session, _: UpstreamTask, id: str) -> TaskState:
        """Look a task up by its id."""
        return _parse(session.name, session.call("GET", _path(id)))

    def cancel(self, session: Session, _: UpstreamTask, id: str) -> None:
        """Cancel a task."""
        session.call("POST", f"{_path(id)}/cancel")

    def delete_subject(self, session: Session, subject_id: int) -> None:
        """Delete a subject."""
        session.call("DELETE", f"{LIBRARY}/{subject_id}")


def _path(id: str) -> str:
    return f"{GENERATION}/task/{quote(id, safe='')}"


def _refusal(name: str, reply: Reply) -> Exception:
    """The error that a refused request amounts to."""
    message = f"{name}: {reply.text('message') or 'no reason given'}"
    if reply.status == 429:
        return Busy(message, reply.retry_after)
    if reply.status >= 500:
        return OutcomeUnknown(f"{name} answered {reply.status}")
    if reply.status in {400, 404, 413}:
        codes = {problem.get("code") for problem in reply.body.get("errors", ())}
        declined = codes == {"unsupported"} or reply.status == 404
        return NotStarted(message) if declined else InputsRefused(message)
    # The message may be about our account there, which does not concern our users.
    return EngineAway(f"{name} does not accept tasks from this server ({reply.status})")


def _parse(name: str, reply: Reply) -> TaskState:
    if reply.status == 429:
        raise Busy(f"{name} is rate-limiting this server", reply.retry_after)
    if reply.status == 404:
        raise StatusUnknown(f"{name} no longer has the task")
    if reply.status != 200:
        raise OutcomeUnknown(f"{name} answered {reply.status}")
    return parse_state(name, reply, _parse_task)


def _parse_task(name: str, reply: Reply) -> TaskState:
    id, word = reply.text("id"), reply.text("status").lower()
    phase = PHASES.get(word)
    if phase is TaskPhase.RUNNING and reply.text("metadata", "stage") == "queued":
        phase = TaskPhase.QUEUED
    if not id or phase is None:
        raise OutcomeUnknown(f"{name} sent a reply that is not a task")
    content = [
        entry
        for output in reply.body.get("output", ())
        for entry in output.get("content", ())
        if not entry.get("watermark")
    ]
    return TaskState(
        id=id,
        phase=phase,
        progress=float(reply.text("progress") or 0),
        url=next((str(e["url"]) for e in content if e.get("type") == "video"), ""),
        subject_id=next((int(e["element_id"]) for e in content if "element_id" in e), 0),
        failure=_failure(name, reply) if phase is TaskPhase.FAILED else None,
        notes=_notes(reply),
    )


def _failure(name: str, reply: Reply) -> TaskError:
    code = reply.text("error", "code")
    kind = CODES.get(code) or ERRORS.get(code[-3:], CallFailed)
    return kind(f"{name}: {reply.text('error', 'message') or 'no reason given'} ({code})")


def _notes(reply: Reply) -> dict[str, Any]:
    metadata = reply.body.get("metadata")
    made = metadata if isinstance(metadata, Mapping) else {}
    notes: dict[str, Any] = {
        "upstream": {name: made[name] for name in ("engine", "seed") if name in made}
    }
    if cost := reply.text("usage", "cost"):
        notes["upstream_cost"] = {"amount": cost, "unit": "USD"}
    return notes
