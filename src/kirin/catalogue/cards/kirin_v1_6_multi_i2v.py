"""Kirin 1.6, several images to video."""

from __future__ import annotations

from decimal import Decimal

from kirin.catalogue.card import Card
from kirin.catalogue.codes import V1_6
from kirin.catalogue.common import (
    ASPECT_RATIO,
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
from kirin.catalogue.references import Picture
from kirin.catalogue.sizes import BY_RATIO
from kirin.catalogue.structures import ListOf, Values
from kirin.domain.storyboard import Reference, Shot, Storyboard

ID = "kirin_v1_6_multi_i2v"


def storyboard(values: Values, materials: Materials, seed: int) -> Storyboard:
    """One shot in which all the subjects appear."""
    width, height = BY_RATIO[values["mode"]][values["aspect_ratio"]]
    subjects = tuple(
        Reference(name="", views=(materials.media[f"image_list[{index}].image"],))
        for index in range(len(values["image_list"]))
    )
    shot = Shot(prompt=values["prompt"], seconds=values["duration"], references=subjects)
    return Storyboard(
        model=ID,
        width=width,
        height=height,
        fps=FPS_24,
        shots=(shot,),
        negative_prompt=values.get("negative_prompt", ""),
        seed=seed,
        quality=QUALITY[values["mode"]],
        watermark=watermarked(values),
    )


CARD = Card(
    id=ID,
    name="Kirin 1.6 Multi-Image to Video",
    type="image-to-video",
    description="Brings the subjects of one to four pictures together in one video.",
    usage="Give each subject a picture of its own, cropped as it should appear, and say in the "
    "prompt what they do together.",
    input_modalities=("image", "text"),
    output_modalities=("video",),
    parameters=(
        ListOf(
            name="image_list",
            description="Pictures of the subjects; they are not cropped here.",
            required=True,
            min_items=1,
            max_items=4,
            fields=(
                Picture(
                    name="image",
                    description="One subject: JPEG or PNG, at most 10 MB, at least 300 pixels a "
                    "side, no longer than 2.5 times its shorter side.",
                    required=True,
                    rules=("MUL-1", "C-1", "C-2", "C-3"),
                    example="https://example.com/subject.jpg",
                ),
            ),
            rules=("MUL-1",),
            example=[{"image": "https://example.com/subject.jpg"}],
        ),
        Text(
            name="prompt",
            description="What the subjects do, where, and how the camera moves.",
            required=True,
            min_length=1,
            max_length=PROMPT_LENGTH,
            rules=("MUL-2", "C-4"),
            example="A cat and a dog walk along a beach at sunset",
        ),
        NEGATIVE_PROMPT,
        MODE,
        DURATION_5_10,
        ASPECT_RATIO,
        *DELIVERY,
    ),
    price=Price(("mode",), {("std",): Decimal("0.28"), ("pro",): Decimal("0.49")}, unit=5),
    codes=V1_6,
    fields={
        "shots.prompt": "prompt",
        "shots.seconds": "duration",
        "shots.references": "image_list",
        "negative_prompt": "negative_prompt",
        "size": "mode",
    },
    examples=(
        {
            "image_list": [
                {"image": "https://example.com/cat.jpg"},
                {"image": "https://example.com/dog.jpg"},
            ],
            "prompt": "A cat and a dog walk along a beach at sunset",
        },
    ),
    plan=storyboard,
)
