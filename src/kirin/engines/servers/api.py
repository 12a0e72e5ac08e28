"""OpenAI's video API, ``/v1/videos``: the form fields that each server reads, and its replies.

Both servers silently drop form fields that they do not know, so no field is sent that is not listed
for the server here. The lists are those of the request models of vLLM-Omni 0.30 and SGLang 0.5.23.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from kirin.domain.callbacks import ReadAsset
from kirin.domain.storyboard import Storyboard
from kirin.engines.remote.session import OutcomeUnknown, Reply
from kirin.engines.servers.capabilities import ModelCapabilities
from kirin.media.images import as_png

VIDEOS: Final = "/v1/videos"
HEALTH: Final = "/health"

PAGE_SIZE: Final = 100
"""Largest ``limit`` of the job list."""

FormField = tuple[None, str] | tuple[str, bytes, str]
"""A field of a multipart form: text, or a file's name, content and media type."""


@dataclass(frozen=True, slots=True)
class ServerApi:
    """How one kind of server reads a request.

    Attributes:
        fields: form fields that it reads.
        sound_field: the field that requests sound; empty if it has none, in which case the model
            either always or never generates sound.
    """

    fields: frozenset[str]
    sound_field: str = ""

    def form(
        self, board: Storyboard, model: ModelCapabilities, read: ReadAsset
    ) -> dict[str, FormField]:
        """The multipart form that creates a job.

        Args:
            board: a storyboard that the model supports.
            model: the model's capabilities.
            read: returns a local path with the first frame's bytes.

        Raises:
            ValueError: the server does not read a field that the storyboard needs.
        """
        width, height = model.size(board)
        values: dict[str, Any] = {
            "prompt": board.shots[0].prompt,
            "size": f"{width}x{height}",
            "num_frames": model.frame_count(board),
            "fps": model.fps,
            "seed": board.seed,
            "negative_prompt": board.negative_prompt or None,
            "guidance_scale": model.guidance_scale(board),
        }
        if board.sound and self.sound_field:
            values[self.sound_field] = "true"
        form: dict[str, FormField] = {
            name: (None, str(value)) for name, value in values.items() if value is not None
        }
        if first := board.shots[0].first:
            content = as_png(read(first), max(width, height))
            form["input_reference"] = ("first.png", content, "image/png")
        if unread := form.keys() - self.fields:
            raise ValueError(f"the server does not read {', '.join(sorted(unread))}")
        return form


_COMMON_FIELDS: Final = frozenset(
    {
        "prompt",
        "input_reference",
        "size",
        "num_frames",
        "fps",
        "seed",
        "negative_prompt",
        "guidance_scale",
    }
)

SERVER_APIS: Final[Mapping[str, ServerApi]] = {
    "vllm-omni": ServerApi(_COMMON_FIELDS | {"generate_sound"}, sound_field="generate_sound"),
    "sglang": ServerApi(_COMMON_FIELDS),
}
"""By ``kind`` in the engine file."""


class JobStatus(Enum):
    """The state of a job on a server."""

    UNFINISHED = auto()
    COMPLETED = auto()
    FAILED = auto()
    NOT_FOUND = auto()


JOB_STATUSES: Final = {
    "queued": JobStatus.UNFINISHED,
    "in_progress": JobStatus.UNFINISHED,
    "completed": JobStatus.COMPLETED,
    "failed": JobStatus.FAILED,
}


@dataclass(frozen=True, slots=True)
class Job:
    """A server's report on a job.

    Attributes:
        id: the server's id of it.
        status: its state.
        progress: 0 to 1.
        failure: the server's error message, if it failed.
        inference_seconds: how long inference took, once completed.
    """

    id: str
    status: JobStatus
    progress: float = 0.0
    failure: str = ""
    inference_seconds: float | None = None

    @classmethod
    def parse(cls, name: str, reply: Reply) -> Job:
        """Parse a reply about a job.

        A failed job may come with a status of 4xx or 5xx, so the body decides.

        Args:
            name: the engine's, for the message.
            reply: the server's.

        Raises:
            OutcomeUnknown: the reply does not describe a job.
        """
        status = JOB_STATUSES.get(reply.text("status"))
        if status is None or not reply.text("id"):
            if reply.status == 404:
                return cls("", JobStatus.NOT_FOUND)
            raise OutcomeUnknown(f"{name} sent a reply that is not a job (status {reply.status})")
        seconds = reply.body.get("inference_time_s")
        try:
            percent = float(reply.text("progress") or 0)
        except ValueError:
            percent = 0.0  # progress is for show: nothing depends on it
        return cls(
            id=reply.text("id"),
            status=status,
            progress=percent / 100,
            failure=reply.text("error", "message"),
            inference_seconds=round(float(seconds), 3)
            if isinstance(seconds, int | float)
            else None,
        )


def error_message(reply: Reply) -> str:
    """A refusal's message: ``detail`` as in FastAPI, ``error.message`` or ``message``."""
    found = reply.text("detail") or reply.text("error", "message") or reply.text("message")
    details = reply.body.get("detail")
    if not found and isinstance(details, list):
        found = "; ".join(str(each.get("msg")) for each in details if isinstance(each, Mapping))
    return found or f"no reason given ({reply.status})"


def count_unfinished(reply: Reply) -> int:
    """How many jobs of a job list are queued or running."""
    jobs = reply.body.get("data")
    entries = jobs if isinstance(jobs, list) else []
    return sum(
        JOB_STATUSES.get(str(each.get("status"))) is JobStatus.UNFINISHED
        for each in entries
        if isinstance(each, Mapping)
    )
