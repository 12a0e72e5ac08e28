"""What Replicate's HTTP API says: addresses, words, and the models of the family that it hosts.

Facts of the clients ``replicate`` (Python 1.0.7, JavaScript 1.4.0) and ``@ai-sdk/replicate``
3.0.46, and of the pages about each model in November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

PREDICTIONS: Final = "/predictions"
MODELS: Final = "/models"
FILES: Final = "/files"
ACCOUNT: Final = "/account"
WEBHOOK_SECRET: Final = "/webhooks/default/secret"  # noqa: S105  an address
"""Addresses below the base URL, which ends in ``/v1``."""

STARTING: Final = "starting"
PROCESSING: Final = "processing"
SUCCEEDED: Final = "succeeded"
FAILED: Final = "failed"
CANCELED: Final = "canceled"
STATUSES: Final = (STARTING, PROCESSING, SUCCEEDED, FAILED, CANCELED)
"""Of a prediction. The clients know no other: the Python one raises at any."""

START: Final = "start"
OUTPUT: Final = "output"
LOGS: Final = "logs"
COMPLETED: Final = "completed"
EVENTS: Final = (START, OUTPUT, LOGS, COMPLETED)
"""Of which a webhook may tell; ``webhook_events_filter`` names some."""

EVENTS_BY_DEFAULT: Final = (OUTPUT, COMPLETED)

LONGEST_WAIT: Final = 60
"""Seconds that ``Prefer: wait`` waits, and ``wait=n`` at most. An answer that comes before the end
says ``starting``, whatever is going on: the clients take any other word for the end."""

FILE_FIELD: Final = "content"
FILE_NOTES: Final = ("metadata", "filename", "type")
"""Fields of the form that sends a file: the file, and what may stand beside it."""

OWNER: Final = "kirin"
"""Of models that Replicate does not host: ``kirin/`` and the model's id."""


@dataclass(frozen=True, slots=True)
class Input:
    """A member of a model's ``input``.

    Attributes:
        name: there.
        parameter: the family's.
        words: what its values are in the family's words; empty where they are the same.
        also: other names that mean it.
    """

    name: str
    parameter: str
    words: Mapping[Any, Any] = field(default_factory=dict)
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HostedModel:
    """A model of the family under Replicate's name.

    Attributes:
        name: ``owner/name``.
        words, picture: the models that it is without and with a picture; ``None`` for no such.
        inputs: that it takes.
        fixed: parameters of the family that it does not show.
        defaults: its own, by its names, where the family's are others.
        versions: known ids of its versions.
    """

    name: str
    words: str | None
    picture: str | None
    inputs: tuple[Input, ...]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    versions: tuple[str, ...] = ()


PICTURES: Final = ("image", "image_tail")
"""The family's parameters for the first and the last picture."""

IDLE_WITH_PICTURE: Final = "aspect_ratio"
"""Is ignored where there is a first picture, as each of these models documents."""

SHOTS: Final = "multi_prompt"
"""JSON in a text: a list of shots, each with ``prompt`` and ``duration``."""

_WORDS: Final = (Input("prompt", "prompt"), Input("duration", "duration"))
_SCENE: Final = (*_WORDS, Input("negative_prompt", "negative_prompt"))
_FIRST: Final = Input("start_image", "image", also=("image",))
_LAST: Final = Input("end_image", "image_tail")
_SHAPE: Final = Input("aspect_ratio", "aspect_ratio")
_FREEDOM: Final = Input("cfg_scale", "cfg_scale")
_MODE: Final = Input("mode", "mode", {"standard": "std", "pro": "pro"})
_AUDIO: Final = Input("generate_audio", "sound", {True: "on", False: "off"})

_PRO: Final = {"mode": "pro"}

HOSTED: Final = (
    HostedModel(
        "kwaivgi/kling-v1.6-standard",
        "kirin_v1_6_t2v",
        "kirin_v1_6_i2v",
        (*_SCENE, _FIRST, _SHAPE, _FREEDOM),
        fixed={"mode": "std"},
    ),
    HostedModel(
        "kwaivgi/kling-v1.6-pro",
        "kirin_v1_6_t2v",
        "kirin_v1_6_i2v",
        (*_SCENE, _FIRST, _LAST, _SHAPE, _FREEDOM),
        fixed=_PRO,
    ),
    HostedModel(
        "kwaivgi/kling-v2.0",
        "kirin_v2_master_t2v",
        "kirin_v2_master_i2v",
        (*_SCENE, _FIRST, _SHAPE),
    ),
    HostedModel(
        "kwaivgi/kling-v2.1",
        None,
        "kirin_v2_1_i2v",
        (*_SCENE, _FIRST, _LAST, _MODE),
        versions=("daad218feb714b03e2a1ac445986aebb9d05243cd00da2af17be2e4049f48f69",),
    ),
    HostedModel(
        "kwaivgi/kling-v2.1-master",
        "kirin_v2_1_master_t2v",
        "kirin_v2_1_master_i2v",
        (*_WORDS, _FIRST, _SHAPE),
    ),
    HostedModel(
        "kwaivgi/kling-v2.5-turbo-pro",
        "kirin_v2_5_turbo_t2v",
        "kirin_v2_5_turbo_i2v",
        (*_SCENE, _FIRST, _LAST, _SHAPE),
        fixed=_PRO,
        versions=("18f41bfca7f1997ce37b04b407152c385c9159095681a6f5a4ff47718bc25a57",),
    ),
    HostedModel(
        "kwaivgi/kling-v2.6",
        "kirin_v2_6_t2v",
        "kirin_v2_6_i2v",
        (*_SCENE, _FIRST, _SHAPE, _AUDIO),
        fixed=_PRO,
        defaults={"generate_audio": True},
        versions=("b13f36d030496dd78d2986ba8b2b22a44222b3f58c15fb63ef7d6b4aa3a53319",),
    ),
    HostedModel(
        "kwaivgi/kling-v3-video",
        "kirin_v3_t2v",
        "kirin_v3_i2v",
        (*_SCENE, _FIRST, _LAST, _SHAPE, _MODE, _AUDIO, Input(SHOTS, SHOTS)),
        defaults=_PRO,
        versions=("4a8ba2743bd9dc2b487e0c4319988aacd658d33c2d064b8a420f4ee1732c30bd",),
    ),
    HostedModel(
        "kwaivgi/kling-v3-motion-control",
        None,
        "kirin_v3_motion_control",
        (
            Input("prompt", "prompt"),
            Input("image", "image_url"),
            Input("video", "video_url"),
            Input("mode", "mode"),
            Input("character_orientation", "character_orientation"),
            Input("keep_original_sound", "keep_original_sound", {True: "yes", False: "no"}),
        ),
    ),
)
"""The models of the family that Replicate hosts, and what they are here."""
