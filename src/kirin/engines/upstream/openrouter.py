"""A server of OpenRouter's API for videos: itself, or another Kirin server in its dialect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kirin.engines.remote.session import OutcomeUnknown, Reply, Session
from kirin.engines.upstream.dialect import TaskPhase, TaskState, UpstreamTask, parse_state
from kirin.engines.upstream.nameless import CONTENT, LACKED, NamelessDialect, data_url
from kirin.errors import ContentRefused, NotStarted, TaskError
from kirin.wire import openrouter as wire

PHASES: Final[Mapping[str, TaskPhase]] = {
    wire.PENDING: TaskPhase.QUEUED,
    wire.IN_PROGRESS: TaskPhase.RUNNING,
    wire.COMPLETED: TaskPhase.SUCCEEDED,
    wire.FAILED: TaskPhase.FAILED,
    wire.CANCELLED: TaskPhase.FAILED,
    wire.EXPIRED: TaskPhase.FAILED,
}

RUNNING_PROGRESS: Final = 0.1
"""Reported while a video is made: the API has no progress."""

FRAMES: Final[Mapping[str, str]] = {"image": wire.FIRST_FRAME, "image_tail": wire.LAST_FRAME}
"""Types of frames, by our parameters."""

UNSAYABLE: Final = (*LACKED, "negative_prompt", "cfg_scale")
"""Parameters of Kirin models that this API has no words for."""

SAID_OTHERWISE: Final = frozenset({"mode", "aspect_ratio", "cfg_scale"})
"""Parameters that the size says, or that have the provider's own default."""


class OpenRouterDialect(NamelessDialect):
    """Calls a server of this API, whose base URL ends in ``/api/v1``."""

    def lacks(self, _: str) -> tuple[str, ...]:
        """Parameters of a Kirin model that this API does not take."""
        return () if self._native_params else UNSAYABLE

    def error_of(self, reply: Reply) -> tuple[str, str]:
        """Code and message of an error."""
        return reply.text("error", "metadata", "code"), reply.text("error", "message")

    def submit(self, session: Session, task: UpstreamTask) -> TaskState:
        """Ask for a video."""
        model = self._model_names.get(task.model, task.model)
        given = dict(task.params) if self._native_params else _request(task)
        reply = self.order(session, "/videos", task, json={"model": model, **given})
        return parse_state(session.name, reply, _parse_video)

    def get(self, session: Session, _: UpstreamTask, id: str) -> TaskState:
        """Look a video up by its id."""
        reply = self.read(session, f"/videos/{id}")
        return parse_state(session.name, reply, _parse_video)

    def cancel(self, session: Session, task: UpstreamTask, id: str) -> None:
        """Do nothing: the API cannot cancel a video, which is made and charged."""


def _request(task: UpstreamTask) -> dict[str, Any]:
    """What the API says of a task.

    Raises:
        NotStarted: it has no words for a parameter.
    """
    if task.size is None:
        raise NotStarted("this API makes videos only")
    written: dict[str, Any] = {"size": "{}x{}".format(*task.size)}
    frames = []
    for name, value in task.params.items():
        if name == "prompt":
            written[name] = value
        elif name == "duration":
            written[name] = int(value)
        elif name == "sound":
            written["generate_audio"] = value == "on"
        elif name in FRAMES:
            picture = {"url": data_url(value)}
            frames.append(
                {"type": wire.IMAGE_URL, wire.IMAGE_URL: picture, "frame_type": FRAMES[name]}
            )
        elif name not in SAID_OTHERWISE:
            raise NotStarted(f"this API has no words for {name}")
    return {**written, **({"frame_images": frames} if frames else {})}


def _parse_video(name: str, reply: Reply) -> TaskState:
    id, word = reply.text("id"), reply.text("status")
    phase = PHASES.get(word)
    if not id or phase is None:
        raise OutcomeUnknown(f"{name} sent a reply that is not a video")
    links = reply.body.get("unsigned_urls") or ()
    notes: dict[str, Any] = {}
    if cost := reply.text("usage", "cost"):
        notes["upstream_cost"] = {"amount": cost, "unit": "USD"}
    return TaskState(
        id=id,
        phase=phase,
        progress=RUNNING_PROGRESS if phase is TaskPhase.RUNNING else 0.0,
        url=next((link for link in links if isinstance(link, str)), ""),
        failure=_failure(name, reply, word) if phase is TaskPhase.FAILED else None,
        notes=notes,
    )


def _failure(name: str, reply: Reply, word: str) -> TaskError:
    told = f"{name}: {reply.text('error') or f'the video is {word}'}"
    return ContentRefused(told) if any(code in told for code in CONTENT) else TaskError(told)
