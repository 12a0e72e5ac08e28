"""Kling's own API: tokens from an access and a secret key, and an envelope around every answer.

Paths, fields, statuses and codes are those of its public documentation (klingai.com, "API
reference", as of 2026).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import jwt

from kirin.engines.remote.session import Busy, Reply, Session, Unclear
from kirin.engines.upstream.family import ELEMENTS
from kirin.engines.upstream.order import Order, Phase, State, told
from kirin.errors import (
    EngineAway,
    InputsRefused,
    NotStarted,
    StatusUnknown,
    TaskError,
)

TOKEN_SECONDS: Final = 1800
EARLY_SECONDS: Final = 5
"""A token is good from a little before now on: clocks differ."""

PATHS: Final[Mapping[str, str]] = {
    "kirin_v1_i2v": "/v1/videos/image2video",
    "kirin_v1_6_t2v": "/v1/videos/text2video",
    "kirin_v1_6_multi_i2v": "/v1/videos/multi-image2video",
    "kirin_v3_i2v": "/v1/videos/image2video",
    "kirin_v3_motion_control": "/v1/videos/motion-control",
    ELEMENTS: "/v1/general/advanced-custom-elements",
}
DELETE_ELEMENT: Final = "/v1/general/delete-elements"

MODELS: Final[Mapping[str, str]] = {
    "kirin_v1_i2v": "kling-v1",
    "kirin_v1_6_t2v": "kling-v1-6",
    "kirin_v1_6_multi_i2v": "kling-v1-6",
    "kirin_v3_i2v": "kling-v3",
    "kirin_v3_motion_control": "kling-v3",
}
"""``model_name`` of each model, unless the settings say otherwise; making a subject has none."""

PHASES: Final = {
    "submitted": Phase.WAITING,
    "processing": Phase.RUNNING,
    "succeed": Phase.DONE,
    "failed": Phase.FAILED,
}

ACCOUNT: Final = frozenset({1000, 1001, 1002, 1003, 1004, 1100, 1101, 1102, 1103, 1304})
"""Codes that speak of the key, the account, its balance or its addresses."""

LATER: Final = frozenset({1302, 1303})
"""Too many requests, or too many tasks at a time."""

UNKNOWN: Final = frozenset({1202, 1203})
"""No such method, or no such model or task."""

STARTED: Final = 0.1
"""What counts as progress once it runs: the API tells none."""


class KlingDialect:
    """Speaks to Kling's API.

    Args:
        access_key, secret_key: of an account there.
        models: ``model_name`` by Kirin model, where it shall be another than in ``MODELS``.
    """

    def __init__(self, access_key: str, secret_key: str, models: Mapping[str, str]) -> None:
        self._access_key = access_key
        self._secret_key = secret_key
        self._models = {**MODELS, **models}

    send = None

    def headers(self) -> Mapping[str, str]:
        """A fresh token: HS256 over issuer, expiry and beginning."""
        now = int(time.time())
        claims = {"iss": self._access_key, "exp": now + TOKEN_SECONDS, "nbf": now - EARLY_SECONDS}
        token = jwt.encode(claims, self._secret_key, algorithm="HS256")
        return {"Authorization": f"Bearer {token}"}

    def create(self, session: Session, order: Order) -> State:
        """Place an order."""
        named = self._models.get(order.model)
        body = {
            **({"model_name": named} if named else {}),
            **_whole_pixels(order.params),
            "external_task_id": order.name,
        }
        reply = session.call("POST", PATHS[order.model], json=body)
        if reply.text("code") != "0":
            raise _refusal(session.name, reply)
        return told(session.name, reply, _task)

    def find(self, session: Session, order: Order) -> State | None:
        """An order by our name for it, which the path takes like an id."""
        reply = session.call("GET", _path(order, order.name))
        return None if _unknown(reply) else _read(session.name, reply)

    def look(self, session: Session, order: Order, id: str) -> State:
        """An order by its id."""
        return _read(session.name, session.call("GET", _path(order, id)))

    def cancel(self, session: Session, order: Order, id: str) -> None:
        """Nothing: the API has no means to end a task; it runs on, and is paid."""

    def forget(self, session: Session, element: int) -> None:
        """Delete a subject."""
        session.call("POST", DELETE_ELEMENT, json={"element_id": str(element)})


def _path(order: Order, id: str) -> str:
    return f"{PATHS[order.model]}/{quote(id, safe='')}"


def _whole_pixels(params: Mapping[str, Any]) -> dict[str, Any]:
    """Trajectories in whole pixels, which is all that the API takes."""
    if "dynamic_masks" not in params:
        return dict(params)
    masks = [
        {
            **mask,
            "trajectories": [
                {"x": round(p["x"]), "y": round(p["y"])} for p in mask["trajectories"]
            ],
        }
        for mask in params["dynamic_masks"]
    ]
    return {**params, "dynamic_masks": masks}


def _code(reply: Reply) -> int:
    text = reply.text("code")
    return int(text) if text.isdecimal() else -1


def _unknown(reply: Reply) -> bool:
    return reply.status == 404 or _code(reply) in UNKNOWN


def _refusal(name: str, reply: Reply) -> Exception:
    """What it means that an order was not taken."""
    code = _code(reply)
    said = f"{name}: {reply.text('message') or 'no reason given'} ({code})"
    if code in ACCOUNT:
        return EngineAway(f"{name} does not take orders from this server ({code})")
    if code in LATER or reply.status == 429:
        return Busy(said, reply.retry_after)
    if _unknown(reply):
        return NotStarted(said)
    if 1200 <= code < 1400:
        return InputsRefused(said)
    if reply.status in {401, 403}:
        return EngineAway(f"{name} does not take orders from this server ({reply.status})")
    return Unclear(f"{name} answered {reply.status}")


def _read(name: str, reply: Reply) -> State:
    code = _code(reply)
    if code in LATER or reply.status == 429:
        raise Busy(f"{name} asks to wait", reply.retry_after)
    if _unknown(reply):
        raise StatusUnknown(f"{name} does not know the task any more")
    if code != 0:
        raise Unclear(f"{name} answered {reply.status} ({code})")
    return told(name, reply, _task)


def _task(name: str, reply: Reply) -> State:
    id, phase = reply.text("data", "task_id"), PHASES.get(reply.text("data", "task_status"))
    if not id or phase is None:
        raise Unclear(f"{name} gave an answer that is no task")
    data = reply.body["data"]
    result = data.get("task_result") or {}
    failure = None
    if phase is Phase.FAILED:
        failure = TaskError(f"{name}: {data.get('task_status_msg') or 'no reason given'}")
    notes: dict[str, Any] = {}
    if units := reply.text("data", "final_unit_deduction"):
        notes["upstream_cost"] = {"amount": units, "unit": "units"}
    return State(
        id=id,
        phase=phase,
        progress=STARTED if phase is Phase.RUNNING else 0.0,
        url=next((str(video["url"]) for video in result.get("videos") or ()), ""),
        element=next((int(each["element_id"]) for each in result.get("elements") or ()), 0),
        failure=failure,
        notes=notes,
    )
