"""A server of Veo in the Gemini API: Google's, or another Kirin server in its dialect."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final
from urllib.parse import quote

from kirin.engines.remote.session import OutcomeUnknown, Reply, Session
from kirin.engines.upstream.dialect import TaskPhase, TaskState, UpstreamTask, parse_state
from kirin.engines.upstream.nameless import LACKED, NamelessDialect, failure, media_type
from kirin.errors import ContentRefused, NotStarted
from kirin.wire import veo as wire

RUNNING_PROGRESS: Final = 0.1
"""Reported while a video is made, where the provider has no progress."""

SHAPES: Final[Mapping[Fraction, str]] = {Fraction(16, 9): "16:9", Fraction(9, 16): "9:16"}
RESOLUTIONS: Final[Mapping[int, str]] = {720: "720p", 1080: "1080p"}
"""By the shorter side in pixels."""

FRAMES: Final[Mapping[str, str]] = {"image": "image", "image_tail": "lastFrame"}
"""Pictures of an instance, by our parameters."""

UNSAYABLE: Final = (*LACKED, "cfg_scale", "sound")
"""Parameters of Kirin models that this API has no words for."""

SAID_OTHERWISE: Final = frozenset({"mode", "aspect_ratio", "cfg_scale", "sound"})
"""Parameters that the size says, that have the provider's own default, or that are off."""


class VeoDialect(NamelessDialect):
    """Calls a server of this API, whose base URL ends in ``/v1beta``."""

    def headers(self) -> Mapping[str, str]:
        """The key, in the header that it has here."""
        _, _, key = self._authorization.partition(" ")
        return {wire.KEY_HEADER: key} if key else {}

    def lacks(self, _: str) -> tuple[str, ...]:
        """Parameters of a Kirin model that this API does not take."""
        return () if self._native_params else UNSAYABLE

    def error_of(self, reply: Reply) -> tuple[str, str]:
        """Code and message of an error."""
        error = reply.body.get("error")
        return _reason(error), reply.text("error", "message")

    def submit(self, session: Session, task: UpstreamTask) -> TaskState:
        """Ask for a video."""
        path = f"{self._model_path(task)}:{wire.PREDICT}"
        asked = _native(task) if self._native_params else _request(task)
        return parse_state(
            session.name, self.order(session, path, task, json=asked), _parse_operation
        )

    def get(self, session: Session, task: UpstreamTask, id: str) -> TaskState:
        """Look an operation up by its id."""
        reply = self.read(session, self._path(task, id))
        return parse_state(session.name, reply, _parse_operation)

    def cancel(self, session: Session, task: UpstreamTask, id: str) -> None:
        """Cancel an operation at another Kirin server; Google's goes on, and is charged."""
        if self._native_params:
            session.call("POST", f"{self._path(task, id)}:cancel")

    def _model_path(self, task: UpstreamTask) -> str:
        name = self._model_names.get(task.model, task.model)
        return f"/models/{quote(name, safe='')}"

    def _path(self, task: UpstreamTask, id: str) -> str:
        return f"{self._model_path(task)}/operations/{quote(id, safe='')}"


def _native(task: UpstreamTask) -> dict[str, Any]:
    """What another Kirin server is asked for: the parameters of the model under their own names."""
    params = dict(task.params)
    instance = {"prompt": params.pop("prompt")} if "prompt" in params else {}
    return {"instances": [instance], "parameters": params}


def _request(task: UpstreamTask) -> dict[str, Any]:
    """What the API says of a task.

    Raises:
        NotStarted: it has no words for a parameter, or makes no videos of this size.
    """
    if task.size is None:
        raise NotStarted("this API makes videos only")
    shape = SHAPES.get(Fraction(*task.size))
    resolution = RESOLUTIONS.get(min(task.size))
    if shape is None or resolution is None:
        raise NotStarted("this API makes no videos of {}x{}".format(*task.size))
    instance: dict[str, Any] = {}
    parameters: dict[str, Any] = {"aspectRatio": shape, "resolution": resolution}
    for name, value in task.params.items():
        if name == "prompt":
            instance[name] = value
        elif name in FRAMES:
            kind = media_type(b64decode(value[:8]))
            instance[FRAMES[name]] = {"bytesBase64Encoded": value, "mimeType": kind}
        elif name == "duration":
            parameters["durationSeconds"] = int(value)
        elif name == "negative_prompt":
            parameters["negativePrompt"] = value
        elif name not in SAID_OTHERWISE or value == "on":
            raise NotStarted(f"this API has no words for {name}")
    return {"instances": [instance], "parameters": parameters}


def _parse_operation(name: str, reply: Reply) -> TaskState:
    id = reply.text("name").rpartition("/")[2]
    if not id:
        raise OutcomeUnknown(f"{name} sent a reply that is not an operation")
    model = reply.text("metadata", "model")
    notes: dict[str, Any] = {"upstream": {"model": model}} if model else {}
    if reply.body.get("done") is not True:
        waits = reply.text("metadata", "stage") == "queued"
        told = reply.text("metadata", "progressPercent")
        progress = float(told) / 100 if told else RUNNING_PROGRESS
        phase = TaskPhase.QUEUED if waits else TaskPhase.RUNNING
        return TaskState(id=id, phase=phase, progress=0.0 if waits else progress, notes=notes)
    if (error := reply.body.get("error")) is not None:
        failed = failure(name, _reason(error), reply.text("error", "message"))
        return TaskState(id=id, phase=TaskPhase.FAILED, failure=failed, notes=notes)
    made = reply.body["response"]["generateVideoResponse"]
    file = next(_files(made), "")
    if not file:
        reasons = "; ".join(map(str, made.get("raiMediaFilteredReasons") or ()))
        refused = ContentRefused(f"{name}: {reasons or 'the video was withheld'}")
        return TaskState(id=id, phase=TaskPhase.FAILED, failure=refused, notes=notes)
    path = f"/files/{quote(file, safe='')}:download?alt=media"
    return TaskState(id=id, phase=TaskPhase.SUCCEEDED, path=path, notes=notes)


def _files(made: Mapping[str, Any]) -> Iterator[str]:
    """Ids of the files that were made."""
    for sample in made.get("generatedSamples") or ():
        yield wire.file_id(sample["video"]["uri"])


def _reason(error: object) -> str:
    """The code among the details of an error; empty without one."""
    details = error.get("details") if isinstance(error, Mapping) else None
    for each in details or ():
        if isinstance(each, Mapping) and isinstance(reason := each.get("reason"), str):
            return reason
    return ""
