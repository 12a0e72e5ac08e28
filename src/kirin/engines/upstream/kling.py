"""Kling's own API: tokens from an access and a secret key, and an envelope around every reply."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import jwt

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
    StatusUnknown,
    TaskError,
)
from kirin.wire import kling
from kirin.wire.kling import ENDPOINTS

PHASES: Final = {
    kling.SUBMITTED: TaskPhase.QUEUED,
    kling.PROCESSING: TaskPhase.RUNNING,
    kling.SUCCEED: TaskPhase.SUCCEEDED,
    kling.FAILED: TaskPhase.FAILED,
}

ACCOUNT_CODES: Final = frozenset(
    {
        kling.AUTHENTICATION_FAILED,
        kling.AUTHORIZATION_EMPTY,
        kling.AUTHORIZATION_INVALID,
        kling.NOT_YET_VALID,
        kling.EXPIRED,
        kling.ACCOUNT_ABNORMAL,
        kling.IN_ARREARS,
        kling.BALANCE_USED_UP,
        kling.FORBIDDEN,
        kling.ADDRESS_REFUSED,
    }
)
"""Codes about the key, the account, its balance or its allowed addresses."""

BUSY_CODES: Final = frozenset({kling.TOO_MANY_REQUESTS, kling.TOO_MANY_TASKS})
"""Too many requests, or too many concurrent tasks."""

CONTENT_CODES: Final = frozenset({kling.BLOCKED, kling.CONTENT_REFUSED})
"""What is shown is refused."""

NOT_FOUND_CODES: Final = frozenset({kling.NO_SUCH_METHOD, kling.NO_SUCH_RESOURCE})
"""No such method, or no such model or task."""

RUNNING_PROGRESS: Final = 0.1
"""Reported while a task runs: the API has no progress."""


class KlingDialect:
    """Calls Kling's API.

    Args:
        access_key, secret_key: of an account there.
        model_names: ``model_name`` by Kirin model id, where it differs from ``ENDPOINTS``.
    """

    def __init__(self, access_key: str, secret_key: str, model_names: Mapping[str, str]) -> None:
        self._access_key = access_key
        self._secret_key = secret_key
        self._model_names = model_names

    recovery = Recovery.BY_NAME
    upload = None

    def lacks(self, model: str) -> tuple[str, ...]:
        """Parameters of a Kirin model that this API does not take."""
        return ENDPOINTS[model].without if model in ENDPOINTS else ()

    def headers(self) -> Mapping[str, str]:
        """A fresh bearer token: a JWT (HS256) with issuer, expiry and start of validity."""
        now = int(time.time())
        claims = {
            "iss": self._access_key,
            "exp": now + kling.TOKEN_SECONDS,
            "nbf": now - kling.CLOCK_SKEW_SECONDS,
        }
        token = jwt.encode(claims, self._secret_key, algorithm="HS256")
        return {"Authorization": f"Bearer {token}"}

    def submit(self, session: Session, task: UpstreamTask) -> TaskState:
        """Submit a task."""
        endpoint = ENDPOINTS[task.model]
        model_name = self._model_names.get(task.model, endpoint.model_name)
        body = {
            **({"model_name": model_name} if model_name else {}),
            **_round_trajectories(task.params),
            "external_task_id": task.external_id,
        }
        reply = session.call("POST", endpoint.path, json=body)
        if _code(reply) != kling.OK:
            raise refusal(session.name, reply)
        return parse_state(session.name, reply, _parse_task)

    def find(self, session: Session, task: UpstreamTask) -> TaskState | None:
        """Look a task up by our id, which the path takes in place of the provider's."""
        reply = session.call("GET", _path(task, task.external_id))
        return None if _is_not_found(reply) else _parse(session.name, reply)

    def get(self, session: Session, task: UpstreamTask, id: str) -> TaskState:
        """Look a task up by its id."""
        return _parse(session.name, session.call("GET", _path(task, id)))

    def cancel(self, session: Session, task: UpstreamTask, id: str) -> None:
        """Do nothing: the API cannot cancel a task, which runs on and is charged."""

    def delete_subject(self, session: Session, subject_id: int) -> None:
        """Delete a subject."""
        session.call("POST", kling.DELETE_ELEMENT, json={"element_id": str(subject_id)})


def _path(task: UpstreamTask, id: str) -> str:
    return f"{ENDPOINTS[task.model].path}/{quote(id, safe='')}"


def _round_trajectories(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with trajectories in whole pixels, which is all that the API takes."""
    if "dynamic_masks" not in params:
        return dict(params)
    masks = [
        {
            **mask,
            "trajectories": [
                {"x": round(point["x"]), "y": round(point["y"])} for point in mask["trajectories"]
            ],
        }
        for mask in params["dynamic_masks"]
    ]
    return {**params, "dynamic_masks": masks}


def _code(reply: Reply) -> int:
    text = reply.text("code")
    return int(text) if text.isdecimal() else -1


def _is_not_found(reply: Reply) -> bool:
    return reply.status == 404 or _code(reply) in NOT_FOUND_CODES


def refusal(name: str, reply: Reply) -> Exception:
    """The error that a refused request amounts to.

    Args:
        name: of the engine.
    """
    code = _code(reply)
    message = f"{name}: {reply.text('message') or 'no reason given'} ({code})"
    if code in ACCOUNT_CODES:
        return EngineAway(f"{name} does not accept tasks from this server ({code})")
    if code in BUSY_CODES or reply.status == 429:
        return Busy(message, reply.retry_after)
    if _is_not_found(reply):
        return NotStarted(message)
    if 1200 <= code < 1400:
        return (ContentRefused if code in CONTENT_CODES else InputsRefused)(message)
    if reply.status in {401, 403}:
        return EngineAway(f"{name} does not accept tasks from this server ({reply.status})")
    return OutcomeUnknown(f"{name} answered {reply.status}")


def is_there(name: str, reply: Reply) -> bool:
    """Whether a reply about a task shows it.

    Raises:
        Busy, OutcomeUnknown: it does not say.
    """
    code = _code(reply)
    if code in BUSY_CODES or reply.status == 429:
        raise Busy(f"{name} is rate-limiting this server", reply.retry_after)
    if _is_not_found(reply):
        return False
    if code != kling.OK:
        raise OutcomeUnknown(f"{name} answered {reply.status} ({code})")
    return True


def _parse(name: str, reply: Reply) -> TaskState:
    if not is_there(name, reply):
        raise StatusUnknown(f"{name} no longer has the task")
    return parse_state(name, reply, _parse_task)


def _parse_task(name: str, reply: Reply) -> TaskState:
    id, phase = reply.text("data", "task_id"), PHASES.get(reply.text("data", "task_status"))
    if not id or phase is None:
        raise OutcomeUnknown(f"{name} sent a reply that is not a task")
    data = reply.body["data"]
    result = data.get("task_result") or {}
    failure = None
    if phase is TaskPhase.FAILED:
        failure = TaskError(f"{name}: {data.get('task_status_msg') or 'no reason given'}")
    notes: dict[str, Any] = {}
    if units := reply.text("data", "final_unit_deduction"):
        notes["upstream_cost"] = {"amount": units, "unit": "units"}
    return TaskState(
        id=id,
        phase=phase,
        progress=RUNNING_PROGRESS if phase is TaskPhase.RUNNING else 0.0,
        url=next((str(video["url"]) for video in result.get("videos") or ()), ""),
        subject_id=next((int(each["element_id"]) for each in result.get("elements") or ()), 0),
        failure=failure,
        notes=notes,
    )
