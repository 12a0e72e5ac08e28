"""Another server of this API: rules W-1 to W-10, from the client's side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from kirin.engines.remote.session import Busy, Reply, Session, Unclear
from kirin.engines.upstream.order import Order, Phase, State, told
from kirin.errors import (
    CallFailed,
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

KINDS: Final[Mapping[str, type[TaskError]]] = {
    "094": NoEngine,
    "095": TaskError,
    "096": ResultUnusable,
    "097": FetchFailed,
    "098": StatusUnknown,
    "099": InputsRefused,
}
"""What went wrong, by the end of the code: the models' tables share it."""

PHASES: Final = {
    "pending": Phase.WAITING,
    "processing": Phase.RUNNING,
    "completed": Phase.DONE,
    "failed": Phase.FAILED,
}


class KirinDialect:
    """Speaks to a server of this API.

    Args:
        key: a key of that server.
        models: its name for each Kirin model, where that is another.
    """

    def __init__(self, key: str, models: Mapping[str, str]) -> None:
        self._key = key
        self._models = models

    def send(self, session: Session, path: Path) -> str:
        """Send a file ahead; sent again, it is the same one."""
        with path.open("rb") as file:
            reply = session.call("POST", FILES, content=file)
        if reply.status != 200:
            raise _refusal(session.name, reply)
        if url := reply.text("url"):
            return url
        raise Unclear(f"{session.name} took a file and gave no link")

    def headers(self) -> Mapping[str, str]:
        """The key as a bearer token (rule W-10)."""
        return {"Authorization": f"Bearer {self._key}"}

    def create(self, session: Session, order: Order) -> State:
        """Place an order; the one that already has its name counts as placed."""
        params = {**order.params, "external_task_id": order.name}
        body = {"model": self._models.get(order.model, order.model), "input": [{"params": params}]}
        reply = session.call("POST", GENERATION, json=body)
        if reply.status == 409:
            if found := self.find(session, order):
                return found
            raise Unclear(f"{session.name} has the task and does not show it")
        if reply.status != 200:
            raise _refusal(session.name, reply)
        return told(session.name, reply, _task)

    def find(self, session: Session, order: Order) -> State | None:
        """An order by our name for it."""
        reply = session.call("GET", _path(order.name))
        return None if reply.status == 404 else _read(session.name, reply)

    def look(self, session: Session, _: Order, id: str) -> State:
        """An order by its id."""
        return _read(session.name, session.call("GET", _path(id)))

    def cancel(self, session: Session, _: Order, id: str) -> None:
        """End an order."""
        session.call("POST", f"{_path(id)}/cancel")

    def forget(self, session: Session, element: int) -> None:
        """Delete a subject."""
        session.call("DELETE", f"{LIBRARY}/{element}")


def _path(name: str) -> str:
    return f"{GENERATION}/task/{quote(name, safe='')}"


def _refusal(name: str, reply: Reply) -> Exception:
    """What it means that an order was not taken."""
    said = f"{name}: {reply.text('message') or 'no reason given'}"
    if reply.status == 429:
        return Busy(said, reply.retry_after)
    if reply.status >= 500:
        return Unclear(f"{name} answered {reply.status}")
    if reply.status in {400, 404, 413}:
        codes = {problem.get("code") for problem in reply.body.get("errors", ())}
        declined = codes == {"unsupported"} or reply.status == 404
        return NotStarted(said) if declined else InputsRefused(said)
    # Its words may speak of our account there, which is no business of our users.
    return EngineAway(f"{name} does not take orders from this server ({reply.status})")


def _read(name: str, reply: Reply) -> State:
    if reply.status == 429:
        raise Busy(f"{name} asks to wait", reply.retry_after)
    if reply.status == 404:
        raise StatusUnknown(f"{name} does not know the task any more")
    if reply.status != 200:
        raise Unclear(f"{name} answered {reply.status}")
    return told(name, reply, _task)


def _task(name: str, reply: Reply) -> State:
    id, phase = reply.text("id"), PHASES.get(reply.text("status"))
    if not id or phase is None:
        raise Unclear(f"{name} gave an answer that is no task")
    content = [
        entry
        for output in reply.body.get("output", ())
        for entry in output.get("content", ())
        if not entry.get("watermark")
    ]
    return State(
        id=id,
        phase=phase,
        progress=float(reply.text("progress") or 0),
        url=next((str(e["url"]) for e in content if e.get("type") == "video"), ""),
        element=next((int(e["element_id"]) for e in content if "element_id" in e), 0),
        failure=_failure(name, reply) if phase is Phase.FAILED else None,
        notes=_notes(reply),
    )


def _failure(name: str, reply: Reply) -> TaskError:
    code = reply.text("error", "code")
    kind = KINDS.get(code[-3:], CallFailed)
    return kind(f"{name}: {reply.text('error', 'message') or 'no reason given'} ({code})")


def _notes(reply: Reply) -> dict[str, Any]:
    told = reply.body.get("metadata")
    made = told if isinstance(told, Mapping) else {}
    notes: dict[str, Any] = {
        "upstream": {name: made[name] for name in ("engine", "seed") if name in made}
    }
    if cost := reply.text("usage", "cost"):
        notes["upstream_cost"] = {"amount": cost, "unit": "USD"}
    return notes
