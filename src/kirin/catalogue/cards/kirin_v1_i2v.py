"""Kirin 1, image to video, with a last frame or a motion brush."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kirin.catalogue.common import CFG_SCALE, MODE, NEGATIVE_PROMPT
from kirin.catalogue.families import brush
from kirin.catalogue.families.generations import V1
from kirin.catalogue.families.image_to_video import FIRST_AND_LAST, SIMPLEST, image_card
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.rules import OnlyWith
from kirin.domain.storyboard import Storyboard


def size(made: Storyboard) -> Mapping[str, Any]:
    """The size of the video, which this model's document lists in each output entry."""
    return {"size": f"{made.width}x{made.height}"}


PLAIN = image_card(
    "kirin_v1_i2v",
    V1,
    "I2V",
    FIRST_AND_LAST,
    NEGATIVE_PROMPT,
    under(CFG_SCALE, "I2V-5"),
    MODE,
    *brush.BRUSH,
    words=5,
)

CARD = replace(
    PLAIN,
    description="Brings a picture to life for 5 or 10 seconds; in 5 seconds it can arrive at a "
    "second picture, or move painted parts of the first along drawn paths.",
    usage="Give one picture and say how the camera or the scene moves. For a transition add "
    "image_tail; to move parts of the picture add dynamic_masks. Both need duration 5.",
    rules=(
        OnlyWith(
            params=("image_tail",),
            other="duration",
            equals=5,
            message="image_tail works only with duration 5",
            rules=("I2V-2",),
        ),
        brush.IN_FIVE_SECONDS,
        brush.NOT_WITH_TAIL,
    ),
    media_rules=brush.FITTING,
    examples=(
        SIMPLEST,
        {
            "image": "https://example.com/first.jpg",
            "image_tail": "https://example.com/last.jpg",
            "duration": 5,
        },
    ),
    extras=size,
)
