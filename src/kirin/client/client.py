"""A client of the API: makes tasks, waits for them, fetches what they made."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, cast
from urllib.parse import quote

import httpx

from kirin.client.types import (
    Created,
    GenerationRequest,
    Problem,
    Removed,
    Signing,
    Stage,
    Status,
    Task,
    TaskPage,
    Upload,
    Webhook,
    WebhookPage,
)

GENERATION = "/model/v1/generation"
TASKS = f"{GENERATION}/task"
UPLOADS = "/model/v1/files"
WEBHOOKS = "/model/v1/webhooks"


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


class KirinApiError(Exception):
    """The server refused a request.

    Attributes:
        status: HTTP status.
        code: stable identifier of the error.
        problems: what is wrong with the parameters, if that is why.
    """

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(body.get("code", "unknown"))
        self.problems: list[Problem] = list(body.get("errors", ()))
        super().__init__(f"{status} {self.code}: {body.get('message', 'no message')}")


class TaskFailed(Exception):
    """A task ended without a result.

    Attributes:
        task: as the server shows it, with its ``error``.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        super().__init__(f"{task['error']['code']}: {task['error']['message']}")


def picture(path: Path) -> str:
    """A picture file in the form that parameters take: raw base64."""
    return b64encode(path.read_bytes()).decode("ascii")


class Kirin:
    """A client of one server with one key. Use it as a context manager, or close it."""

    def __init__(self, base_url: str, api_key: str, *, timeout: float = 60.0) -> None:
        """Prepare; it connects with the first request.

        Args:
            base_url: such as ``http://127.0.0.1:8000``.
            api_key: a key of that server.
            timeout: seconds for each request.
        """
        self._http = httpx.Client(
            base_url=base_url, headers={"Authorization": f"Bearer {api_key}"}, timeout=timeout
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def create(
        self,
        model: str,
        params: Mapping[str, Any],
        *,
        moderation: bool = False,
        metadata: Mapping[str, Any] | None = None,
    ) -> Created:
        """Create a task.

        Args:
            moderation: whether to refuse pictures that the server's classifier objects to.
            metadata: notes of your own, at most 4 KB; the task has them as ``metadata.request``.

        Raises:
            KirinApiError: the server refused it.
        """
        body: dict[str, Any] = {"model": model, "input": [{"params": dict(params)}]}
        if moderation:
            body["moderation"] = True
        if metadata is not None:
            body["metadata"] = dict(metadata)
        return cast(Created, self._call("POST", GENERATION, json=body))

    def task(self, name: str) -> Task:
        """A task by its id or external id."""
        return cast(Task, self._call("GET", task_path(name)))

    def tasks(
        self,
        *,
        limit: int = 20,
        cursor: str | None = None,
        status: Status | None = None,
        stage: Stage | None = None,
        q: str | None = None,
    ) -> TaskPage:
        """A page of the account's tasks, the newest first.

        Args:
            q: words that all occur in the prompt, the id or the external id.
        """
        query = {"limit": limit, "cursor": cursor, "status": status, "stage": stage, "q": q}
        given = {name: value for name, value in query.items() if value is not None}
        return cast(TaskPage, self._call("GET", TASKS, params=given))

    def cancel(self, name: str) -> Task:
        """Cancel a task that has not ended."""
        return cast(Task, self._call("POST", f"{task_path(name)}/cancel"))

    def remove(self, name: str) -> Removed:
        """Remove a task that has ended, its files and its request."""
        return cast(Removed, self._call("POST", f"{task_path(name)}/remove"))

    def request(self, name: str) -> GenerationRequest:
        """The request of a task, as a body that asks for the same again."""
        return self._call("GET", f"{task_path(name)}/request")

    def upload(self, path: Path) -> Upload:
        """Send a picture or a video; ``url`` of the answer stands for it in requests."""
        with path.open("rb") as file:
            return cast(Upload, self._call("POST", UPLOADS, content=file))

    def webhooks(
        self, *, task: str | None = None, limit: int = 20, cursor: str | None = None
    ) -> WebhookPage:
        """A page of the account's webhooks, the newest first."""
        query = {"task": task, "limit": limit, "cursor": cursor}
        given = {name: value for name, value in query.items() if value is not None}
        return cast(WebhookPage, self._call("GET", WEBHOOKS, params=given))

    def webhook(self, id: str) -> Webhook:
        """A webhook and every attempt at it."""
        return cast(Webhook, self._call("GET", f"{WEBHOOKS}/{quote(id, safe='')}"))

    def redeliver(self, id: str) -> Webhook:
        """Send a webhook once more, at once."""
        path = f"{WEBHOOKS}/{quote(id, safe='')}/redeliver"
        return cast(Webhook, self._call("POST", path))

    def webhook_secret(self) -> Signing:
        """The secret that webhooks are signed with."""
        return cast(Signing, self._call("GET", f"{WEBHOOKS}/secret"))

    def rotate_webhook_secret(self) -> Signing:
        """Create a new secret; for a while webhooks carry the signatures of both."""
        return cast(Signing, self._call("POST", f"{WEBHOOKS}/secret/rotate"))

    def wait(
        self,
        name: str,
        *,
        on_change: Callable[[Task], None] | None = None,
        interval: float = 0.25,
        timeout: float | None = None,
    ) -> Task:
        """Wait until a task has completed.

        Args:
            on_change: called with the task each time that it was read.
            interval: seconds between two polls.
            timeout: seconds after which to give up waiting; the task goes on.

        Raises:
            TaskFailed: the task failed, or was cancelled.
            TimeoutError: it took too long.
        """
        give_up = time.monotonic() + timeout if timeout is not None else None
        while True:
            task = self.task(name)
            if on_change is not None:
                on_change(task)
            if task["status"] == "completed":
                return task
            if task["status"] == "failed":
                raise TaskFailed(task)
            if give_up is not None and time.monotonic() > give_up:
                raise TimeoutError(f"task {name} is still {task['status']} after {timeout:g} s")
            time.sleep(interval)

    def download(self, task: Task, path: Path, *, watermarked: bool = False) -> Path:
        """Download the video of a completed task.

        Args:
            path: the file to write.
            watermarked: whether to download the watermarked copy.

        Raises:
            ValueError: the task has no such file.
        """
        content = [c for output in task["output"] for c in output["content"]]
        wanted = [c for c in content if bool(c.get("watermark")) == watermarked]
        if not wanted:
            raise ValueError("the task has no such file")
        return self._save("GET", wanted[0]["url"], path)

    def poster(self, name: str, path: Path) -> Path:
        """Save the picture in the middle of a task's video, as WebP."""
        return self._save("GET", f"{task_path(name)}/poster", path)

    def contact_sheet(self, name: str, path: Path) -> Path:
        """Save eight pictures of a task's video in a grid, as JPEG."""
        return self._save("GET", f"{task_path(name)}/contact-sheet", path)

    def zip(self, names: Sequence[str], path: Path) -> Path:
        """Save the videos of up to 100 completed tasks as one zip.

        Raises:
            KirinApiError: one of them has no video; ``problems`` names each.
        """
        return self._save("POST", f"{GENERATION}/zip", path, json={"task_ids": list(names)})

    def _save(self, method: str, url: str, path: Path, **options: Any) -> Path:
        with self._http.stream(method, url, **options) as answer:
            if answer.is_error:
                answer.read()
                answer_body(answer)
            with path.open("wb") as file:
                for chunk in answer.iter_bytes():
                    file.write(chunk)
        return path

    def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        return answer_body(self._http.request(method, path, **options))


def answer_body(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer.

    Raises:
        KirinApiError: the server refused the request.
    """
    body: dict[str, Any] = answer.json() if _is_json(answer) else {"message": answer.text[:200]}
    if answer.is_error:
        raise KirinApiError(answer.status_code, body)
    return body


def task_path(name: str) -> str:
    """The path of a task, whatever characters its external id has."""
    return f"{TASKS}/{quote(name, safe='')}"


def _is_json(answer: Answer) -> bool:
    kind: str = answer.headers.get("Content-Type", "")
    return kind.startswith("application/json")
