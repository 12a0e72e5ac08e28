"""A server for the Python client that is a function: it answers what a test says."""

from __future__ import annotations

from typing import Any

import httpx

from support.cards import T2V


def task(status: str = "in_progress", **more: Any) -> dict[str, Any]:
    return {
        "id": "t1",
        "status": status,
        "model": T2V,
        "created_at": 1,
        "updated_at": 1,
        "progress": 0.5,
        "metadata": {},
        **more,
    }


class Server:
    """Answers with one thing after the other, and the last for ever; remembers what came."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):  # a new one each time: its stream is used up
            headers = {k: v for k, v in answer.headers.items() if k != "content-length"}
            return httpx.Response(answer.status_code, headers=headers, content=answer.content)
        return httpx.Response(200, json=answer)


def refused(status: int, code: str = "x", headers: Any = None, **body: Any) -> httpx.Response:
    told = {"code": code, "message": "No.", "request_id": "r1", **body}
    return httpx.Response(status, json=told, headers=headers)
