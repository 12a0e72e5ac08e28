"""Kirin 1.6, several images to video."""

from __future__ import annotations

from dataclasses import replace

from kirin.catalogue.codes import V1_6
from kirin.catalogue.common import (
    ASPECT_RATIO,
    DELIVERY,
    DURATION_5_10,
    MODE,
    NEGATIVE_PROMPT,
)
from kirin.catalogue.families import price_lists, text_to_video
from kirin.catalogue.families.formats import BY_MODE_24
from kirin.catalogue.families.image_to_video import ImageCard
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.fields import fields_of
from kirin.catalogue.plan import Materials
from kirin.catalogue.references import Picture
from kirin.catalogue.structures import ListOf, Values
from kirin.domain.storyboard import Reference, Shot, Storyboard

ID = "kirin_v1_6_multi_i2v"
PARAMETERS = (
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
    replace(
        under(text_to_video.PROMPT, "MUL-2"),
        description="What the subjects do, where, and how the camera moves.",
        example="A cat and a dog walk along a beach at sunset",
    ),
    NEGATIVE_PROMPT,
    MODE,
    DURATION_5_10,
    ASPECT_RATIO,
    *DELIVERY,
)


def storyboard(values: Values, materials: Materials, seed: int) -> Storyboard:
    """One shot in which all the subjects appear."""
    subjects = tuple(
        Reference(name="", views=(materials.media[f"image_list[{index}].image"],))
        for index in range(len(values["image_list"]))
    )
    shot = Shot(prompt=values["prompt"], seconds=values["duration"], references=subjects)
    return BY_MODE_24.storyboard(ID, values, BY_MODE_24.by_ratio(values), (shot,), seed)


CARD = ImageCard(
    id=ID,
    name="Kirin 1.6 Multi-Image to Video",
    description="Brings the subjects of one to four pictures together in one video.",
    usage="Give each subject a picture of its own, cropped as it should appear, and say in the "
    "prompt what they do together.",
    parameters=PARAMETERS,
    price=price_lists.V1_6,
    codes=V1_6,
    fields={**fields_of(PARAMETERS, size="mode"), "shots.references": "image_list"},
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
