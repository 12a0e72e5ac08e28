"""Kirin 1.6, text to video."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kirin.catalogue.card import Card
from kirin.catalogue.codes import V1_6
from kirin.catalogue.common import (
    ASPECT_RATIO,
    CFG_SCALE,
    DELIVERY,
    DURATION_5_10,
    FPS_24,
    MODE,
    NEGATIVE_PROMPT,
    PROMPT_LENGTH,
    QUALITY,
    watermarked,
)
from kirin.catalogue.parameters import Text
from kirin.catalogue.plan import Materials
from kirin.catalogue.prices import Price
from kirin.catalogue.sizes import BY_RATIO
from kirin.catalogue.structures import Values
from kirin.domain.storyboard import Shot, Storyboard

ID = "kirin_v1_6_t2v"


def storyboard(values: Values, _: Materials, seed: int) -> Storyboard:
    """One shot from words alone."""
    width, height = BY_RATIO[values["mode"]][values["aspect_ratio"]]
    return Storyboard(
        model=ID,
        width=width,
        height=height,
        fps=FPS_24,
        shots=(Shot(prompt=values["prompt"], seconds=values["duration"]),),
        guidance=values["cfg_scale"],
        negative_prompt=values.get("negative_prompt", ""),
        seed=seed,
        quality=QUALITY[values["mode"]],
        watermark=watermarked(values),
    )


CARD = Card(
    id=ID,
    name="Kirin 1.6 Text to Video",
    type="text-to-video",
    description="Makes a video of 5 or 10 seconds from a prompt.",
    usage="Describe the scene, its light and weather, and how the camera moves. "
    "Choose aspect_ratio for where the video will be shown.",
    input_modalities=("text",),
    output_modalities=("video",),
    parameters=(
        Text(
            name="prompt",
            description="What the video shows and how the camera moves.",
            required=True,
            min_length=1,
            max_length=PROMPT_LENGTH,
            rules=("T2V-1", "C-4"),
            example="Sunrise over misty mountains, the camera slowly pushes in",
        ),
        NEGATIVE_PROMPT,
        replace(CFG_SCALE, rules=("T2V-2",)),
        MODE,
        ASPECT_RATIO,
        DURATION_5_10,
        *DELIVERY,
    ),
    price=Price(("mode",), {("std",): Decimal("0.28"), ("pro",): Decimal("0.49")}, unit=5),
    codes=V1_6,
    fields={
        "shots.prompt": "prompt",
        "shots.seconds": "duration",
        "negative_prompt": "negative_prompt",
        "guidance": "cfg_scale",
        "size": "mode",
    },
    examples=(
        {"prompt": "Sunrise over misty mountains, the camera slowly pushes in"},
        {
            "prompt": "夜晚的城市天际线,下雨,镜头缓慢向右平移",
            "mode": "pro",
            "aspect_ratio": "9:16",
            "duration": "10",
        },
    ),
    plan=storyboard,
)
