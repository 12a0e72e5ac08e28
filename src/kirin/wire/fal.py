"""How programs of fal speak: addresses, words and names of the queue, and the Kling endpoints.

Both halves read it: what serves such programs, and what orders from such a server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

QueueStatus = Literal["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]

IN_QUEUE: Final = "IN_QUEUE"
IN_PROGRESS: Final = "IN_PROGRESS"
COMPLETED: Final = "COMPLETED"
"""A request that failed is completed too; its error tells."""

CANCELLATION_REQUESTED: Final = "CANCELLATION_REQUESTED"
ALREADY_COMPLETED: Final = "ALREADY_COMPLETED"
"""Answers to a cancellation."""

STILL_IN_PROGRESS: Final = "Request is still in progress"
"""The ``detail`` of a result that is read too early; programs compare it literally."""

WEBHOOK: Final = "fal_webhook"
"""The member of the query that says where the end of a request is told."""

OK: Final = "OK"
ERROR: Final = "ERROR"
"""How a webhook says that it went."""

KEY_SCHEMES: Final = ("key", "bearer")
"""Of the Authorization header."""

REQUEST_ID: Final = "X-Fal-Request-Id"
ERROR_TYPE: Final = "X-Fal-Error-Type"
TIMEOUT_TYPE: Final = "X-Fal-Request-Timeout-Type"
TARGET_URL: Final = "X-Fal-Target-Url"
"""Headers of answers, and the one by which a client tells a proxy where it wants to go."""

USER_TIMEOUT: Final = "user"
"""The type of a timeout after which clients do not send the request again."""

REQUEST_HEADERS: Final = (
    "X-Fal-Object-Lifecycle",
    "X-Fal-Object-Lifecycle-Preference",
    "X-Fal-Queue-Priority",
    "X-Fal-Request-Timeout",
    "X-Fal-Runner-Hint",
    TARGET_URL,
)
"""What the clients send beside the usual."""

QUEUE_HOST: Final = "queue.fal.run"
RUN_HOST: Final = "fal.run"
REST_HOST: Final = "rest.fal.ai"
CDN_HOST: Final = "v3.fal.media"
"""Hosts that are built into the clients."""

OWNER_AND_NAME: Final = 2
"""Segments of an endpoint that its requests are addressed by; the others choose what it does."""

STANDARD: Final = "standard"
PRO: Final = "pro"
MODES: Final[Mapping[str, str]] = {STANDARD: "std", PRO: "pro"}
"""Our modes, by the tier in an endpoint's name."""

KLING: Final = "fal-ai/kling-video"
BOTH: Final = (STANDARD, PRO)

WORDS: Final = "text-to-video"
PICTURE: Final = "image-to-video"
MOTION: Final = "motion-control"


@dataclass(frozen=True, slots=True)
class FalEndpoint:
    """What an endpoint of fal stands for.

    Attributes:
        model: one of ours.
        mode: that it works in; empty where the model has none.
        sound: whether it makes sound where nothing is said of it.
    """

    model: str
    mode: str = ""
    sound: bool = False


def _tiers(
    version: str, models: Mapping[str, str], tiers: tuple[str, ...], sounding: tuple[str, ...] = ()
) -> dict[str, FalEndpoint]:
    """Endpoints of a version, by tier and task."""
    return {
        f"{KLING}/{version}/{tier}/{task}": FalEndpoint(models[task], MODES[tier], tier in sounding)
        for tier, task in product(tiers, models)
    }


ENDPOINTS: Final[Mapping[str, FalEndpoint]] = {
    **_tiers("v1", {WORDS: "kirin_v1_t2v", PICTURE: "kirin_v1_i2v"}, BOTH),
    **_tiers("v1.5", {PICTURE: "kirin_v1_5_i2v"}, BOTH),
    **_tiers("v1.6", {WORDS: "kirin_v1_6_t2v", PICTURE: "kirin_v1_6_i2v"}, BOTH),
    **_tiers("v1.6", {"elements": "kirin_v1_6_multi_i2v"}, BOTH),
    f"{KLING}/v2/master/{WORDS}": FalEndpoint("kirin_v2_master_t2v"),
    f"{KLING}/v2/master/{PICTURE}": FalEndpoint("kirin_v2_master_i2v"),
    **_tiers("v2.1", {PICTURE: "kirin_v2_1_i2v"}, BOTH),
    f"{KLING}/v2.1/master/{WORDS}": FalEndpoint("kirin_v2_1_master_t2v"),
    f"{KLING}/v2.1/master/{PICTURE}": FalEndpoint("kirin_v2_1_master_i2v"),
    **_tiers("v2.5-turbo", {WORDS: "kirin_v2_5_turbo_t2v", PICTURE: "kirin_v2_5_turbo_i2v"}, BOTH),
    **_tiers("v2.6", {WORDS: "kirin_v2_6_t2v", PICTURE: "kirin_v2_6_i2v"}, BOTH, (PRO,)),
    **_tiers("v3", {WORDS: "kirin_v3_t2v", PICTURE: "kirin_v3_i2v"}, BOTH, BOTH),
    **_tiers("v3", {MOTION: "kirin_v3_motion_control"}, BOTH),
    **_tiers("o3", {WORDS: "kirin_v3_omni_video", PICTURE: "kirin_v3_omni_video"}, BOTH),
    f"{KLING}/o1/{PICTURE}": FalEndpoint("kirin_video_o1", MODES[PRO]),
    f"{KLING}/o1/{STANDARD}/{PICTURE}": FalEndpoint("kirin_video_o1", MODES[STANDARD]),
}
"""The endpoints that run models of this family."""

DEFAULTS: Final[Mapping[str, object]] = {
    "cfg_scale": 0.5,
    "negative_prompt": "blur, distort, and low quality",
    "shot_type": "customize",
    "generate_audio": False,
}
"""Values that mean the same as none: programs send them to models that have no such parameter."""

OWNER: Final = "kirin"
"""Before the id of a model of ours, which is an endpoint too: ``kirin/kirin_v3_t2v``."""


def app_of(endpoint: str) -> str:
    """The part of an endpoint that its requests are addressed by.

    >>> app_of("fal-ai/kling-video/v3/pro/text-to-video")
    'fal-ai/kling-video'
    """
    return "/".join(endpoint.split("/")[:OWNER_AND_NAME])
