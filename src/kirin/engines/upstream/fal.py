"""A server of the queue of fal: fal itself, or another Kirin server in its dialect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kirin.engines.remote.session import OutcomeUnknown, Reply, Session
from kirin.engines.upstream.dialect import TaskPhase, TaskState, UpstreamTask, parse_state
from kirin.engines.upstream.nameless import CONTENT, LACKED, NamelessDialect, data_url
from kirin.errors import ContentRefused, InputsRefused, NotStarted, TaskError
from kirin.wire import fal as wire

PHASES: Final[Mapping[str, TaskPhase]] = {
    wire.IN_QUEUE: TaskPhase.QUEUED,
    wire.IN_PROGRESS: TaskPhase.RUNNING,
    wire.COMPLETED: TaskPhase.SUCCEEDED,
}

RUNNING_PROGRESS: Final = 0.1
"""Reported while a request runs: the queue has no progress."""

AS_THEY_ARE: Final = frozenset(
    {"prompt", "negative_prompt", "duration", "aspect_ratio", "cfg_scale"}
)
"""Parameters that endpoints have under the same names."""

TAILED: Final[Mapping[str, str]] = {
    "v1.6/pro": "tail_image_url",
    "v2.1/pro": "tail_image_url",
    "v2.5-turbo/pro": "tail_image_url",
    "v3/standard": "end_image_url",
    "v3/pro": "end_image_url",
}
"""What the endpoints that take a last picture call it."""

FIRST: Final[Mapping[str, str]] = {"v3": "start_image_url"}
"""What endpoints call the first picture, where that is not ``image_url``."""


class FalDialect(NamelessDialect):
    """Calls the queue of fal, whose base URL is that of its host ``queue.fal.run``."""

    def lacks(self, _: str) -> tuple[str, ...]:
        """Parameters of a Kirin model that fal's endpoints are not sent."""
        return () if self._native_params else LACKED

    def error_of(self, reply: Reply) -> tuple[str, str]:
        """Code and message of an error: a text, or a list of what is wrong with parameters."""
        return _detail(reply)

    def submit(self, session: Session, task: UpstreamTask) -> TaskState:
        """Put a request into the queue."""
        endpoint = self._endpoint(task)
        body = dict(task.params) if self._native_params else _input(endpoint, task.params)
        reply = self.order(session, f"/{endpoint}", task, json=body)
        if not (id := reply.text("request_id")):
            raise OutcomeUnknown(f"{session.name} sent a reply that is not a request")
        return TaskState(id, TaskPhase.QUEUED)

    def get(self, session: Session, task: UpstreamTask, id: str) -> TaskState:
        """Look a request up by its id; of one that has ended, its result, too."""
        path = self._path(task, id)
        state = parse_state(session.name, self.read(session, f"{path}/status"), _parse_status)
        if state.phase is not TaskPhase.SUCCEEDED:
            return state
        reply = session.call("GET", path)
        if reply.status == 200:
            return TaskState(id, TaskPhase.SUCCEEDED, 1.0, url=reply.text("video", "url"))
        if 400 <= reply.status < 500 and reply.status not in {401, 403, 408, 429}:
            return TaskState(id, TaskPhase.FAILED, failure=_failure(session.name, *_detail(reply)))
        raise OutcomeUnknown(f"{session.name} answered {reply.status}")

    def cancel(self, session: Session, task: UpstreamTask, id: str) -> None:
        """Cancel a request."""
        session.call("PUT", f"{self._path(task, id)}/cancel")

    def _path(self, task: UpstreamTask, id: str) -> str:
        return f"/{wire.app_of(self._endpoint(task))}/requests/{id}"

    def _endpoint(self, task: UpstreamTask) -> str:
        """The endpoint that renders a task; the mode is part of its name.

        Raises:
            NotStarted: fal has none for this model and mode.
        """
        if name := self._model_names.get(task.model):
            return name
        if self._native_params:
            return f"{wire.OWNER}/{task.model}"
        endpoints = [
            (name, each) for name, each in wire.ENDPOINTS.items() if each.model == task.model
        ]
        mode = task.params.get("mode", "")
        for name, each in endpoints:
            if not mode or each.mode in ("", mode):
                return name
        raise NotStarted(f"fal has no endpoint for {task.model} in mode {mode!r}")


def _input(endpoint: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The input of an endpoint of fal's.

    Raises:
        NotStarted: it has no words for a parameter.
    """
    version, tier = [*endpoint.removeprefix(f"{wire.KLING}/").split("/"), ""][:2]
    tail = TAILED.get(f"{version}/{tier}")
    written: dict[str, Any] = {}
    for name, value in params.items():
        if name in AS_THEY_ARE:
            written[name] = value
        elif name == "image":
            written[FIRST.get(version, "image_url")] = data_url(value)
        elif name == "image_tail" and tail:
            written[tail] = data_url(value)
        elif name == "sound":
            written["generate_audio"] = value == "on"
        elif name != "mode":
            raise NotStarted(f"fal's {endpoint} has no words for {name}")
    return written


def _detail(reply: Reply) -> tuple[str, str]:
    detail = reply.body.get("detail")
    code = reply.text("error_type")
    if isinstance(detail, list):
        problems = [each for each in detail if isinstance(each, Mapping)]
        told = "; ".join(str(each.get("msg", "")) for each in problems)
        codes = {str(each.get("type", "")) for each in problems}
        return (codes.pop() if len(codes) == 1 else code), told
    return code, reply.text("detail") or reply.text("message")


def _parse_status(name: str, reply: Reply) -> TaskState:
    id, phase = reply.text("request_id"), PHASES.get(reply.text("status"))
    if phase is None:
        raise OutcomeUnknown(f"{name} sent a reply that is not a request")
    error = reply.text("error")
    if phase is TaskPhase.SUCCEEDED and error:
        failure = _failure(name, reply.text("error_type"), error)
        return TaskState(id, TaskPhase.FAILED, failure=failure)
    progress = RUNNING_PROGRESS if phase is TaskPhase.RUNNING else 0.0
    return TaskState(id, phase, progress)


def _failure(name: str, code: str, message: str) -> TaskError:
    told = f"{name}: {message or 'no reason given'} ({code or 'no code'})"
    if code in CONTENT:
        return ContentRefused(told)
    return InputsRefused(told) if code in INPUT_FAULTS else TaskError(told)


INPUT_FAULTS: Final = frozenset(
    {"file_download_error", "image_load_error", "image_too_large", "image_too_small"}
)
"""Codes of failures by what was sent."""
