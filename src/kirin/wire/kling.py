"""Kling's own API, in the standard that it calls legacy: addresses, names, words and codes.

As in its public documentation (kling.ai, "API reference", as of September 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and under which name a Kirin model is found.

    Attributes:
        path: of the requests that create and look up its tasks.
        model_name: the field of that name in a request; ``None`` if the endpoint has none.
        without: parameters of the Kirin model that it does not take.
    """

    path: str
    model_name: str | None = None
    without: tuple[str, ...] = ()


TEXT: Final = "/v1/videos/text2video"
IMAGE: Final = "/v1/videos/image2video"
IMAGES: Final = "/v1/videos/multi-image2video"
OMNI: Final = "/v1/videos/omni-video"
MOTION: Final = "/v1/videos/motion-control"
EXTEND: Final = "/v1/videos/video-extend"
FACES: Final = "/v1/videos/identify-face"
LIPS: Final = "/v1/videos/advanced-lip-sync"
ELEMENTS: Final = "/v1/general/advanced-custom-elements"

PRESETS: Final = "/v1/general/advanced-presets-elements"
DELETE_ELEMENT: Final = "/v1/general/delete-advanced-elements"
DELETE_ELEMENT_BEFORE: Final = "/v1/general/delete-elements"
"""The same for who still has the address of before February 2026."""

COSTS: Final = "/account/costs"

OTHERS: Final = (
    "/v1/videos/avatar",
    "/v1/videos/effects",
    "/v1/videos/image-recognize",
    "/v1/videos/multi-elements",
    "/v1/videos/lip-sync",
    "/v1/audio",
    "/v1/general",
    "/v1/images/editing",
    "/v1/images/kolors-virtual-try-on",
    "/v1/images/multi-image2image",
    "/v1/images/omni-image",
    "/account",
)
"""Further addresses of the API, whose errors are in its shape wherever they are served or not."""

PREFIXES: Final = ("", "/kling", "/proxy/kling")
"""What gateways put before these addresses."""

ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "kirin_v1_t2v": Endpoint(TEXT, "kling-v1"),
    "kirin_v1_i2v": Endpoint(IMAGE, "kling-v1"),
    "kirin_v1_5_i2v": Endpoint(IMAGE, "kling-v1-5"),
    "kirin_v1_6_t2v": Endpoint(TEXT, "kling-v1-6"),
    "kirin_v1_6_i2v": Endpoint(IMAGE, "kling-v1-6"),
    "kirin_v1_6_multi_i2v": Endpoint(IMAGES, "kling-v1-6"),
    "kirin_v2_master_t2v": Endpoint(TEXT, "kling-v2-master"),
    "kirin_v2_master_i2v": Endpoint(IMAGE, "kling-v2-master"),
    "kirin_v2_1_i2v": Endpoint(IMAGE, "kling-v2-1"),
    "kirin_v2_1_master_t2v": Endpoint(TEXT, "kling-v2-1-master"),
    "kirin_v2_1_master_i2v": Endpoint(IMAGE, "kling-v2-1-master"),
    "kirin_v2_5_turbo_t2v": Endpoint(TEXT, "kling-v2-5-turbo"),
    "kirin_v2_5_turbo_i2v": Endpoint(IMAGE, "kling-v2-5-turbo"),
    "kirin_v2_6_t2v": Endpoint(TEXT, "kling-v2-6"),
    "kirin_v2_6_i2v": Endpoint(IMAGE, "kling-v2-6"),
    "kirin_v3_t2v": Endpoint(TEXT, "kling-v3"),
    "kirin_v3_i2v": Endpoint(IMAGE, "kling-v3"),
    "kirin_v3_omni_video": Endpoint(OMNI, "kling-v3-omni", without=("negative_prompt",)),
    "kirin_video_o1": Endpoint(OMNI, "kling-video-o1"),
    "kirin_v3_motion_control": Endpoint(MOTION, "kling-v3"),
    "kirin_duration_extension": Endpoint(EXTEND),
    "kirin_identify_face": Endpoint(FACES),
    "kirin_lipsync": Endpoint(LIPS),
    "kirin_custom_elements": Endpoint(ELEMENTS),
}
"""By Kirin model id; ``model_name`` may be another at a provider."""

DEFAULT_NAMES: Final[Mapping[str, str]] = {
    TEXT: "kling-v1",
    IMAGE: "kling-v1",
    IMAGES: "kling-v1-6",
    OMNI: "kling-video-o1",
    MOTION: "kling-v2-6",
}
"""``model_name`` of a request that has none, by path."""

SUBMITTED: Final = "submitted"
PROCESSING: Final = "processing"
SUCCEED: Final = "succeed"
FAILED: Final = "failed"

OK: Final = 0
"""The code of an answer that is no error."""

AUTHENTICATION_FAILED: Final = 1000
AUTHORIZATION_EMPTY: Final = 1001
AUTHORIZATION_INVALID: Final = 1002
NOT_YET_VALID: Final = 1003
EXPIRED: Final = 1004
ACCOUNT_ABNORMAL: Final = 1100
IN_ARREARS: Final = 1101
BALANCE_USED_UP: Final = 1102
FORBIDDEN: Final = 1103
BAD_REQUEST: Final = 1200
BAD_PARAMETERS: Final = 1201
NO_SUCH_METHOD: Final = 1202
NO_SUCH_RESOURCE: Final = 1203
BLOCKED: Final = 1300
CONTENT_REFUSED: Final = 1301
TOO_MANY_REQUESTS: Final = 1302
TOO_MANY_TASKS: Final = 1303
ADDRESS_REFUSED: Final = 1304
INTERNAL: Final = 5000
UNAVAILABLE: Final = 5001
TIMED_OUT: Final = 5002

UNIT_USD: Final = Decimal("0.14")
"""What a unit of its resource packages costs: five seconds of ``kling-v1`` in mode std."""

TOKEN_SECONDS: Final = 1800
"""How long the tokens last that its documentation shows how to sign."""

CLOCK_SKEW_SECONDS: Final = 5
"""A token is valid from this long before now on, in case the other's clock is behind."""
