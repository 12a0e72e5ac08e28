"""Parameters that several models share."""

from __future__ import annotations

from fractions import Fraction

from kirin.catalogue.parameters import Address, Choice, Flag, Identifier, Number, Seconds, Text
from kirin.catalogue.sizes import FULL_HD, HD
from kirin.catalogue.structures import Group, Values
from kirin.domain.storyboard import Quality

PROMPT_LENGTH = 2500

NEGATIVE_PROMPT = Text(
    name="negative_prompt",
    description="What must not be seen in the video.",
    max_length=PROMPT_LENGTH,
    rules=("C-4",),
    example="rain, camera shake",
)

CFG_SCALE = Number(
    name="cfg_scale",
    description="How closely the video follows the prompt: 0 leaves the most freedom, 1 the least.",
    min=0,
    max=1,
    default=0.5,
    example=0.5,
)

MODE = Choice(
    name="mode",
    description="std makes a good video fast, pro a better one with more effort.",
    options=("std", "pro"),
    default="std",
    rules=("C-10",),
    example="std",
)

DURATION_5_10 = Seconds(
    name="duration",
    description="Length of the video in seconds.",
    options=(5, 10),
    default=5,
    rules=("C-5",),
    example="5",
)

ASPECT_RATIO = Choice(
    name="aspect_ratio",
    description="Shape of the video, width to height.",
    options=("16:9", "9:16", "1:1"),
    default="16:9",
    rules=("T2V-3",),
    example="16:9",
)

SOUND = Choice(
    name="sound",
    description="Whether the video gets a sound track.",
    options=("on", "off"),
    default="off",
    rules=("V3-6",),
    example="off",
)

WATERMARK = Group(
    name="watermark_info",
    description="Whether a second, watermarked file is made beside the clean one; marks of "
    "one's own are not supported. A list with one such object means the same.",
    fields=(
        Flag(
            name="enabled",
            description="true makes the second file.",
            required=True,
            rules=("C-6",),
            example=True,
        ),
    ),
    in_list=True,
    rules=("C-6",),
    example={"enabled": False},
)

NOTIFICATION = (
    Address(
        name="callback_url",
        description="Receives a POST with the task at every change of its status or stage.",
        rules=("C-7",),
        example="https://example.com/kirin",
    ),
    Identifier(
        name="external_task_id",
        description="A name of your own for the task, unique in your account; the task can be "
        "read by it too.",
        min_length=1,
        max_length=128,
        rules=("C-8",),
        example="order-1042",
    ),
)
"""Parameters of every model for following a task."""

DELIVERY = (WATERMARK, *NOTIFICATION)
"""Parameters of every video model for the delivery of its result."""

AREAS = {"std": HD, "pro": FULL_HD}
"""Area in pixels of a video that keeps its image's aspect ratio, by mode (rule V3-8)."""

QUALITY = {"std": Quality.STANDARD, "pro": Quality.HIGH}

FPS_24 = Fraction(24)
FPS_30 = Fraction(30)


def watermarked(values: Values) -> bool:
    """Whether the request asks for a second, watermarked file."""
    return bool(values.get("watermark_info", {}).get("enabled", False))
