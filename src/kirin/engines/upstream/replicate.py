"""A server of Replicate's API: Replicate itself, or another Kirin server in its dialect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from kirin.engines.remote.session import OutcomeUnknown, Reply, Session
from kirin.engines.upstream.dialect import TaskPhase, TaskState, UpstreamTask, parse_state
from kirin.engines.upstream.nameless import LACKED, NamelessDialect, data_url
from kirin.errors import ContentRefused, NotStarted, TaskError
from kirin.wire import replicate as wire
from kirin.wire.replicate import HostedModel

PHASES: Final[Mapping[str, TaskPhase]] = {
    wire.STARTING: TaskPhase.QUEUED,
    wire.PROCESSING: TaskPhase.RUNNING,
    wire.SUCCEEDED: TaskPhase.SUCCEEDED,
    wire.FAILED: TaskPhase.FAILED,
    wire.CANCELED: TaskPhase.FAILED,
}

RUNNING_PROGRESS: Final = 0.1
"""Reported while a prediction runs: the API has no progress."""

FLAGGED: Final = "flagged as sensitive"
"""What the errors of its models say of content that is refused; they have no codes."""


class ReplicateDialect(NamelessDialect):
    """Calls Replicate's API, whose base URL ends in ``/v1``."""

    def lacks(self, model: str) -> tuple[str, ...]:
        """Parameters of a Kirin model that no model there has."""
        if self._native_params:
            return ()
        known = {each.parameter for hosted in _hosted(model) for each in hosted.inputs}
        return (*LACKED, *(name for name in OPTIONAL if name not in known))

    def error_of(self, reply: Reply) -> tuple[str, str]:
        """Code and message of an error."""
        return reply.text("type"), reply.text("detail") or reply.text("title")

    def submit(self, session: Session, task: UpstreamTask) -> TaskState:
        """Create a prediction."""
        if self._native_params:
            name, given = f"{wire.OWNER}/{task.model}", dict(task.params)
        else:
            hosted, given = _written(task)
            name = hosted.name
        name = self._model_names.get(task.model, name)
        path = f"{wire.MODELS}/{name}{wire.PREDICTIONS}"
        reply = self.order(session, path, task, json={"input": given})
        return parse_state(session.name, reply, _parse_prediction)

    def get(self, session: Session, _: UpstreamTask, id: str) -> TaskState:
        """Look a prediction up by its id."""
        return parse_state(session.name, self.read(session, _path(id)), _parse_prediction)

    def cancel(self, session: Session, _: UpstreamTask, id: str) -> None:
        """Cancel a prediction."""
        session.call("POST", f"{_path(id)}/cancel")


OPTIONAL: Final = ("negative_prompt", "image_tail", "cfg_scale", "sound")
"""Parameters that some models there have."""


def _path(id: str) -> str:
    return f"{wire.PREDICTIONS}/{quote(id, safe='')}"


def _hosted(model: str) -> list[HostedModel]:
    """The models there that are a Kirin model."""
    return [each for each in wire.HOSTED if model in (each.words, each.picture)]


def _written(task: UpstreamTask) -> tuple[HostedModel, dict[str, Any]]:
    """The model there that takes a task, and its input.

    Raises:
        NotStarted: there is none.
    """
    reason = f"Replicate has no {task.model}"
    for hosted in _hosted(task.model):
        try:
            return hosted, _input(hosted, task.params)
        except NotStarted as error:
            reason = error.message
    raise NotStarted(reason)


def _input(hosted: HostedModel, params: Mapping[str, Any]) -> dict[str, Any]:
    inputs = {each.parameter: each for each in hosted.inputs}
    written: dict[str, Any] = {}
    for name, value in params.items():
        if name in hosted.fixed:
            if hosted.fixed[name] != value:
                raise NotStarted(f"{hosted.name} has no {name} {value!r}")
            continue
        known = inputs.get(name)
        if known is None:
            if (name, value) == ("sound", "off"):
                continue  # as it always is
            raise NotStarted(f"{hosted.name} has no words for {name}")
        theirs = {ours: word for word, ours in known.words.items()}
        said = data_url(value) if name in wire.PICTURES else theirs.get(value, value)
        written[known.name] = int(said) if name == "duration" else said
    return written


def _parse_prediction(name: str, reply: Reply) -> TaskState:
    id, word = reply.text("id"), reply.text("status")
    phase = PHASES.get(word)
    if not id or phase is None:
        raise OutcomeUnknown(f"{name} sent a reply that is not a prediction")
    output = reply.body.get("output")
    url = output[0] if isinstance(output, list) and output else output
    return TaskState(
        id=id,
        phase=phase,
        progress=RUNNING_PROGRESS if phase is TaskPhase.RUNNING else 0.0,
        url=url if isinstance(url, str) else "",
        failure=_failure(name, reply, word) if phase is TaskPhase.FAILED else None,
    )


def _failure(name: str, reply: Reply, word: str) -> TaskError:
    message = reply.text("error") or f"the prediction is {word}"
    told = f"{name}: {message}"
    return ContentRefused(told) if FLAGGED in message else TaskError(told)
