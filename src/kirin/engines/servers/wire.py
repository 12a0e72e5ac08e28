"""The wire of ``/v1/videos``: which fields each server reads, and what its answers mean.

Both servers drop form fields that they do not know without a word, so no field is sent that is not
in its table here. The tables are those of the request models of vLLM-Omni 0.30 and SGLang 0.5.23.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from kirin.domain.callbacks import ReadAsset
from kirin.domain.storyboard import Storyboard
from kirin.engines.remote.session import Reply, Unclear
from kirin.engines.servers.ability import Ability
from kirin.media.images import as_png

VIDEOS: Final = "/v1/videos"
HEALTH: Final = "/health"

PAGE: Final = 100
"""Jobs that one page of the list holds at most."""


Part = tuple[None, str] | tuple[str, bytes, str]
"""A field of a multipart form: a text, or a file's name, content and type."""


@dataclass(frozen=True, slots=True)
class Wire:
    """One kind of server.

    Attributes:
        fields: form fields that it reads.
        sound: the field that asks for sound; empty if it has none, and the model always or never
            makes it.
    """

    fields: frozenset[str]
    sound: str = ""

    def form(self, board: Storyboard, ability: Ability, read: ReadAsset) -> dict[str, Part]:
        """The multipart form that asks for a video.

        Args:
            board: one that the model can make.
            ability: the model's.
            read: gives the first picture.
        """
        width, height = ability.size(board)
        given: dict[str, Any] = {
            "prompt": board.shots[0].prompt,
            "size": f"{width}x{height}",
            "num_frames": ability.frame_count(board),
            "fps": ability.fps,
            "seed": board.seed,
            "negative_prompt": board.negative_prompt or None,
            "guidance_scale": ability.scale(board),
        }
        if board.sound and self.sound:
            given[self.sound] = "true"
        form: dict[str, Part] = {
            name: (None, str(value)) for name, value in given.items() if value is not None
        }
        if first := board.shots[0].first:
            content = as_png(read(first), max(width, height))
            form["input_reference"] = ("first.png", content, "image/png")
        if unread := form.keys() - self.fields:
            raise ValueError(f"the server does not read {', '.join(sorted(unread))}")
        return form


COMMON: Final = frozenset(
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

WIRES: Final[Mapping[str, Wire]] = {
    "vllm-omni": Wire(COMMON | {"generate_sound"}, sound="generate_sound"),
    "sglang": Wire(COMMON),
}
"""By the name that the engine file calls them."""


class Stage(Enum):
    """How far a job is."""

    GOING = auto()
    DONE = auto()
    FAILED = auto()
    GONE = auto()


STAGES: Final = {
    "queued": Stage.GOING,
    "in_progress": Stage.GOING,
    "completed": Stage.DONE,
    "failed": Stage.FAILED,
}


@dataclass(frozen=True, slots=True)
class Job:
    """What a server says of a job.

    Attributes:
        id: its own for it.
        stage: how far it is.
        progress: 0 to 1.
        failure: why it failed, in its words.
        seconds: that it took to make, once done.
    """

    id: str
    stage: Stage
    progress: float = 0.0
    failure: str = ""
    seconds: float | None = None

    @classmethod
    def read(cls, name: str, reply: Reply) -> Job:
        """The job in an answer.

        A failed one may come with a status of 4xx or 5xx, so the body is looked at first.

        Raises:
            Unclear: there is none in it.
        """
        stage = STAGES.get(reply.text("status"))
        if stage is None or not reply.text("id"):
            if reply.status == 404:
                return cls("", Stage.GONE)
            raise Unclear(f"{name} answered {reply.status}, which is no job")
        took = reply.body.get("inference_time_s")
        return cls(
            id=reply.text("id"),
            stage=stage,
            progress=float(reply.text("progress") or 0) / 100,
            failure=reply.text("error", "message"),
            seconds=round(float(took), 3) if isinstance(took, int | float) else None,
        )


def words(reply: Reply) -> str:
    """What a refusal says: ``detail`` as FastAPI has it, or ``error`` or ``message``."""
    found = reply.text("detail") or reply.text("error", "message") or reply.text("message")
    details = reply.body.get("detail")
    if not found and isinstance(details, list):
        found = "; ".join(str(each.get("msg")) for each in details if isinstance(each, Mapping))
    return found or f"no reason given ({reply.status})"


def unfinished(reply: Reply) -> int:
    """How many of the jobs in a list are queued or running."""
    jobs = reply.body.get("data")
    entries = jobs if isinstance(jobs, list) else []
    return sum(
        STAGES.get(str(each.get("status"))) is Stage.GOING
        for each in entries
        if isinstance(each, Mapping)
    )
