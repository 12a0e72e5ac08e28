"""Kling's own API in its new standard: the model in the address, contents, settings, options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kirin.engines.remote.session import OutcomeUnknown, Reply, Session
from kirin.engines.upstream.dialect import (
    Recovery,
    TaskPhase,
    TaskState,
    UpstreamTask,
    parse_state,
)
from kirin.engines.upstream.kling import RUNNING_PROGRESS, KlingDialect, is_there, refusal
from kirin.engines.upstream.params import SUBJECT_MODEL
from kirin.errors import NotStarted, StatusUnknown, TaskError
from kirin.wire import kling, kling_new

PHASES: Final[Mapping[str, TaskPhase]] = {
    kling.SUBMITTED: TaskPhase.QUEUED,
    kling.PROCESSING: TaskPhase.RUNNING,
    kling_new.SUCCEEDED: TaskPhase.SUCCEEDED,
    kling.FAILED: TaskPhase.FAILED,
}

QUALITIES: Final = {mode: resolution for resolution, mode in kling_new.RESOLUTIONS.items()}

FRAMES: Final[Mapping[str, str]] = {"image": "first_frame", "image_tail": "last_frame"}
"""Types of contents, by parameter."""

IMAGE_TYPES: Final[Mapping[str, str]] = {"first_frame": "first_frame", "end_frame": "last_frame"}
"""Types of contents, by the type of an omni model's picture."""

VIDEO_TYPES: Final[Mapping[str, str]] = {"feature": "feature_video", "base": "base_video"}

CALL: Final = re.compile(r"<<<(image|video|element)_(\d+)>>>")
"""How prompts call what a request has; here it is called by ``@`` and its id."""

LACKED: Final = ("negative_prompt", "camera_control", "cfg_scale", "static_mask", "dynamic_masks")
"""Parameters of Kirin models that the new standard has no words for."""

SHOTS: Final = frozenset({"kirin_v3_t2v", "kirin_v3_i2v", "kirin_v3_omni_video"})
"""Models that read shots in a prompt, unless they are told not to."""

PLAIN: Final = ("aspect_ratio", "duration", "character_orientation")
"""Parameters that are settings under the same names."""


class NewKlingDialect:
    """Calls Kling's API in its new standard.

    Args:
        key: an API key there.
        model_names: the name in the address by Kirin model id, where it differs.
    """

    recovery = Recovery.BY_NAME
    upload = None

    def __init__(self, key: str, model_names: Mapping[str, str]) -> None:
        self._key = key
        self._model_names = model_names
        # Subjects are made and deleted at the addresses of the legacy standard.
        self._legacy = KlingDialect("", "", {})

    def lacks(self, _: str) -> tuple[str, ...]:
        """Parameters of a Kirin model that this API does not take."""
        return LACKED

    def headers(self) -> Mapping[str, str]:
        """The key as a bearer token."""
        return {"Authorization": f"Bearer {self._key}"}

    def submit(self, session: Session, task: UpstreamTask) -> TaskState:
        """Submit a task."""
        if task.model == SUBJECT_MODEL:
            return self._legacy.submit(session, task)
        if task.model not in kling_new.MODELS:
            raise NotStarted(f"the new standard has no {task.model}")
        path, name = kling_new.MODELS[task.model]
        name = self._model_names.get(task.model, name)
        reply = session.call("POST", f"{path}/{name}", json=written(path, task))
        if reply.text("code") != str(kling.OK):
            raise refusal(session.name, reply)
        data = reply.body.get("data")
        return parse_state(session.name, _reply(data), _parse_task)

    def find(self, session: Session, task: UpstreamTask) -> TaskState | None:
        """Look a task up by our id."""
        if task.model == SUBJECT_MODEL:
            return self._legacy.find(session, task)
        return self._look(session, "external_task_ids", task.external_id)

    def get(self, session: Session, task: UpstreamTask, id: str) -> TaskState:
        """Look a task up by its id."""
        if task.model == SUBJECT_MODEL:
            return self._legacy.get(session, task, id)
        if found := self._look(session, "task_ids", id):
            return found
        raise StatusUnknown(f"{session.name} no longer has the task")

    def cancel(self, session: Session, task: UpstreamTask, id: str) -> None:
        """Do nothing: the API cannot cancel a task, which runs on and is charged."""

    def delete_subject(self, session: Session, subject_id: int) -> None:
        """Delete a subject."""
        self._legacy.delete_subject(session, subject_id)

    def _look(self, session: Session, by: str, id: str) -> TaskState | None:
        reply = session.call("GET", kling_new.TASKS, params={by: id})
        if not is_there(session.name, reply):
            return None
        tasks = reply.body.get("data")
        if not isinstance(tasks, list):
            raise OutcomeUnknown(f"{session.name} sent a reply that is no list of tasks")
        return parse_state(session.name, _reply(tasks[0]), _parse_task) if tasks else None


def _reply(data: object) -> Reply:
    """One task of a reply, as a reply."""
    return Reply(200, data if isinstance(data, dict) else {})


def written(path: str, task: UpstreamTask) -> dict[str, Any]:
    """The body of a request.

    Args:
        path: that it is sent to, without the name of the model.

    Raises:
        NotStarted: the new standard has no words for a parameter.
    """
    params = dict(task.params)
    prompt = _prompt(params)
    contents = list(_contents(params))
    settings: dict[str, Any] = {"resolution": QUALITIES[params.pop("mode", "std")]}
    settings |= {name: params.pop(name) for name in PLAIN if name in params}
    if "duration" in settings:
        settings["duration"] = int(settings["duration"])
    if audio := _audio(params, contents):
        settings["audio"] = audio
    if task.model in SHOTS:
        settings["multi_shot"] = "multi_prompt" in task.params
    if params:
        raise NotStarted(f"the new standard has no words for {', '.join(sorted(params))}")
    for entry in contents:
        entry.pop("keep_original_sound", None)
    options = {"external_task_id": task.external_id}
    if path == kling_new.TEXT:
        return {"prompt": prompt, "settings": settings, "options": options}
    said = [{"type": "prompt", "text": prompt}] if prompt else []
    return {"contents": [*said, *contents], "settings": settings, "options": options}


def _prompt(params: dict[str, Any]) -> str:
    """The words of a request, several shots in one text, with calls by ``@`` and name."""
    shots = params.pop("multi_prompt", ())
    for name in ("multi_shot", "shot_type"):
        params.pop(name, None)
    prompt: str = params.pop("prompt", "") or " ".join(
        f"shot {shot['index']}, {shot['duration']}, {shot['prompt'].replace(';', ',')};"
        for shot in shots
    )
    return CALL.sub(r"@\1_\2", prompt)


def _contents(params: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Pictures, videos and elements."""
    motion = "image_url" in params
    for name, type in FRAMES.items():
        if name in params:
            yield {"type": type, "url": params.pop(name)}
    if motion:
        yield {"type": "image", "url": params.pop("image_url")}
        yield {"type": "video", "url": params.pop("video_url")}
    for number, picture in enumerate(params.pop("image_list", ()), 1):
        type = IMAGE_TYPES.get(picture.get("type", ""), "refer_image")
        yield {"type": type, "url": picture["image_url"], "id": f"image_{number}"}
    for number, video in enumerate(params.pop("video_list", ()), 1):
        kept = video["keep_original_sound"]
        type = VIDEO_TYPES[video["refer_type"]]
        yield {
            "type": type,
            "url": video["video_url"],
            "id": f"video_{number}",
            "keep_original_sound": kept,
        }
    for number, element in enumerate(params.pop("element_list", ()), 1):
        id = str(element["element_id"])
        yield {"type": "element", "element_id": id, "id": f"element_{number}"}


def _audio(params: dict[str, Any], contents: list[dict[str, Any]]) -> str:
    """What the request says of sound; empty where its model has none."""
    sound = params.pop("sound", None)
    kept = params.pop("keep_original_sound", None)
    of_videos = (entry.get("keep_original_sound") for entry in contents)
    kept = kept or next(filter(None, of_videos), None)
    if kept == "yes":
        return kling_new.ORIGINAL
    if sound == "on":
        return kling_new.NATIVE
    return kling_new.OFF if sound or kept else ""


def _parse_task(name: str, reply: Reply) -> TaskState:
    id, phase = reply.text("id"), PHASES.get(reply.text("status"))
    if not id or phase is None:
        raise OutcomeUnknown(f"{name} sent a reply that is not a task")
    videos = [each for each in reply.body.get("outputs") or () if each.get("type") == "video"]
    failure = None
    if phase is TaskPhase.FAILED:
        failure = TaskError(f"{name}: {reply.text('message') or 'no reason given'}")
    notes: dict[str, Any] = {}
    for charge in reply.body.get("billing") or ():
        unit = charge.get("currency") or charge.get("package_type") or "units"
        notes["upstream_cost"] = {"amount": str(charge.get("amount", "")), "unit": unit}
    return TaskState(
        id=id,
        phase=phase,
        progress=RUNNING_PROGRESS if phase is TaskPhase.RUNNING else 0.0,
        url=next((str(video["url"]) for video in videos), ""),
        failure=failure,
        notes=notes,
    )
