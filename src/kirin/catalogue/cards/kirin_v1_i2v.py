"""Kirin 1, image to video, with a last frame or a motion brush."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kirin.catalogue.codes import V1_I2V
from kirin.catalogue.common import CFG_SCALE, DELIVERY, DURATION_5_10, MODE, NEGATIVE_PROMPT
from kirin.catalogue.families import brush, price_lists
from kirin.catalogue.families.formats import HD_30
from kirin.catalogue.families.image_to_video import (
    IMAGE,
    IMAGE_TAIL,
    PROMPT,
    SIMPLEST,
    ImageCard,
    ImageToVideo,
)
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.fields import fields_of
from kirin.catalogue.rules import Excludes, OnlyWith
from kirin.domain.storyboard import Storyboard

ID = "kirin_v1_i2v"
PARAMETERS = (
    under(replace(IMAGE, required=True), "I2V-1"),
    IMAGE_TAIL,
    PROMPT,
    NEGATIVE_PROMPT,
    under(CFG_SCALE, "I2V-5"),
    MODE,
    DURATION_5_10,
    *brush.BRUSH,
    *DELIVERY,
)


def size(made: Storyboard) -> Mapping[str, Any]:
    """The size of the video, which this model's document lists in each output entry."""
    return {"size": f"{made.width}x{made.height}"}


CARD = ImageCard(
    id=ID,
    name="Kirin 1 Image to Video",
    description="Brings a picture to life for 5 or 10 seconds; in 5 seconds it can arrive at a "
    "second picture, or move painted parts of the first along drawn paths.",
    usage="Give one picture and say how the camera or the scene moves. For a transition add "
    "image_tail; to move parts of the picture add dynamic_masks. Both need duration 5.",
    parameters=PARAMETERS,
    rules=(
        OnlyWith(
            params=("image_tail",),
            other="duration",
            equals=5,
            message="image_tail works only with duration 5",
            rules=("I2V-2",),
        ),
        OnlyWith(
            params=brush.NAMES,
            other="duration",
            equals=5,
            message="dynamic_masks and static_mask work only with duration 5",
            rules=("I2V-3",),
        ),
        Excludes(
            first=("image_tail",),
            second=brush.NAMES,
            message="image_tail and masks exclude each other",
            rules=("I2V-4",),
        ),
    ),
    media_rules=brush.FITTING,
    price=price_lists.V1,
    codes=V1_I2V,
    fields=fields_of(PARAMETERS, size="image"),
    examples=(
        SIMPLEST,
        {
            "image": "https://example.com/first.jpg",
            "image_tail": "https://example.com/last.jpg",
            "duration": 5,
        },
    ),
    plan=ImageToVideo(ID, HD_30),
    extras=size,
)
