"""The native API for who brings requests there by other means than HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote

from kirin_client.errors import refusal
from kirin_client.routes.creation import GENERATION
from kirin_client.routes.tasks import TASKS

UPLOADS = "/model/v1/files"

__all__ = ["GENERATION", "TASKS", "UPLOADS", "Answer", "answer_body", "task_path"]


class Answer(Protocol):
    """What is read of an answer, whoever has brought it."""

    @property
    def status_code(self) -> int:
        """HTTP status."""

    @property
    def is_error(self) -> bool:
        """Whether the request was refused."""

    @property
    def headers(self) -> Mapping[str, str]:
        """By name, in any case."""

    @property
    def text(self) -> str:
        """The body as text."""

    def json(self) -> Any:
        """The body, which is JSON."""


def answer_body(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer.

    Raises:
        KirinApiError: the server refused the request.
    """
    body: dict[str, Any] = answer.json() if _is_json(answer) else {"message": answer.text[:200]}
    if answer.is_error:
        raise refusal(answer.status_code, body, answer.headers)
    return body


def task_path(name: str) -> str:
    """The path of a task, whatever characters its external id has."""
    return f"{TASKS}/{quote(name, safe='')}"


def _is_json(answer: Answer) -> bool:
    kind: str = answer.headers.get("Content-Type", "")
    return kind.startswith("application/json")
