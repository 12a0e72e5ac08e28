"""Kirin 1, image to video, with a last frame or a motion brush."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.codes import V1_I2V
from kirin.catalogue.common import (
    CFG_SCALE,
    DELIVERY,
    DURATION_5_10,
    FPS_30,
    MODE,
    NEGATIVE_PROMPT,
    PROMPT_LENGTH,
    QUALITY,
    watermarked,
)
from kirin.catalogue.media_rules import PointsInside, SameShape, SameSize
from kirin.catalogue.parameters import Number, Text
from kirin.catalogue.plan import Materials
from kirin.catalogue.prices import Price
from kirin.catalogue.references import Picture
from kirin.catalogue.rules import Excludes, OnlyWith
from kirin.catalogue.sizes import HD, keeping_aspect
from kirin.catalogue.structures import ListOf, Values
from kirin.domain.limits import ImageLimits
from kirin.domain.storyboard import Point, Shot, Storyboard, Stroke

ID = "kirin_v1_i2v"
MASK_LIMITS = ImageLimits(min_side=1, max_aspect=None)
MASKS = ("dynamic_masks[].mask", "static_mask")


def storyboard(values: Values, materials: Materials, seed: int) -> Storyboard:
    """One shot that starts with the picture, and ends with the tail or follows the brush."""
    media = materials.media
    picture = media["image"]
    width, height = keeping_aspect(picture, HD)
    strokes = tuple(
        Stroke(
            mask=media[f"dynamic_masks[{index}].mask"],
            # The wire counts y from the bottom edge, a storyboard from the top.
            path=tuple(Point(p["x"], picture.height - p["y"]) for p in entry["trajectories"]),
        )
        for index, entry in enumerate(values.get("dynamic_masks", ()))
    )
    shot = Shot(
        prompt=values.get("prompt", ""),
        seconds=values["duration"],
        first=picture,
        last=media.get("image_tail"),
        strokes=strokes,
        still=media.get("static_mask"),
    )
    return Storyboard(
        model=ID,
        width=width,
        height=height,
        fps=FPS_30,
        shots=(shot,),
        guidance=values["cfg_scale"],
        negative_prompt=values.get("negative_prompt", ""),
        seed=seed,
        quality=QUALITY[values["mode"]],
        watermark=watermarked(values),
    )


def size(made: Storyboard) -> Mapping[str, Any]:
    """The size of the video, which this model's document lists in each output entry."""
    return {"size": f"{made.width}x{made.height}"}


CARD = Card(
    id=ID,
    name="Kirin 1 Image to Video",
    type="image-to-video",
    description="Brings a picture to life for 5 or 10 seconds; in 5 seconds it can arrive at a "
    "second picture, or move painted parts of the first along drawn paths.",
    usage="Give one picture and say how the camera or the scene moves. For a transition add "
    "image_tail; to move parts of the picture add dynamic_masks. Both need duration 5.",
    input_modalities=("image", "text"),
    output_modalities=("video",),
    parameters=(
        Picture(
            name="image",
            description="The picture that the video starts with: JPEG or PNG, at most 10 MB, at "
            "least 300 pixels a side, no longer than 2.5 times its shorter side.",
            required=True,
            rules=("I2V-1", "C-1", "C-2", "C-3"),
            example="https://example.com/first.jpg",
        ),
        Picture(
            name="image_tail",
            description="The picture that the video ends with; any shape.",
            limits=ImageLimits(max_aspect=None),
            rules=("I2V-2", "C-1", "C-2", "C-3"),
            example="https://example.com/last.jpg",
        ),
        Text(
            name="prompt",
            description="What happens and how the camera moves.",
            min_length=1,
            max_length=PROMPT_LENGTH,
            rules=("I2V-5", "C-4"),
            example="The camera slowly pushes in",
        ),
        NEGATIVE_PROMPT,
        replace(CFG_SCALE, rules=("I2V-5",)),
        MODE,
        DURATION_5_10,
        Picture(
            name="static_mask",
            description="What must not move: a mask of the picture's shape, white where it holds.",
            limits=MASK_LIMITS,
            rules=("I2V-7", "C-1", "C-2"),
            example="https://example.com/still.png",
        ),
        ListOf(
            name="dynamic_masks",
            description="Parts of the picture to move, each along a path of its own.",
            max_items=6,
            min_items=1,
            fields=(
                Picture(
                    name="mask",
                    description="A mask of the picture's shape, white where it moves.",
                    required=True,
                    limits=MASK_LIMITS,
                    rules=("I2V-6", "I2V-7", "C-1", "C-2"),
                    example="https://example.com/moves.png",
                ),
                ListOf(
                    name="trajectories",
                    description="The path: points in the order in which they are passed, in "
                    "pixels of the picture, counted from its bottom left corner.",
                    required=True,
                    min_items=2,
                    max_items=77,
                    fields=(
                        Number(
                            name="x",
                            description="Pixels from the left edge.",
                            required=True,
                            rules=("I2V-6",),
                            example=320,
                        ),
                        Number(
                            name="y",
                            description="Pixels from the bottom edge.",
                            required=True,
                            rules=("I2V-6",),
                            example=240,
                        ),
                    ),
                    rules=("I2V-6",),
                    example=[{"x": 320, "y": 240}, {"x": 420, "y": 260}],
                ),
            ),
            rules=("I2V-6",),
            example=[
                {
                    "mask": "https://example.com/moves.png",
                    "trajectories": [{"x": 320, "y": 240}, {"x": 420, "y": 260}],
                }
            ],
        ),
        *DELIVERY,
    ),
    rules=(
        OnlyWith(
            params=("image_tail",),
            other="duration",
            equals=5,
            message="image_tail works only with duration 5",
            rules=("I2V-2",),
        ),
        OnlyWith(
            params=("dynamic_masks", "static_mask"),
            other="duration",
            equals=5,
            message="dynamic_masks and static_mask work only with duration 5",
            rules=("I2V-3",),
        ),
        Excludes(
            first=("image_tail",),
            second=("dynamic_masks", "static_mask"),
            message="image_tail and masks exclude each other",
            rules=("I2V-4",),
        ),
    ),
    media_rules=(
        SameShape(
            params=MASKS,
            other="image",
            message="a mask has the shape of the image",
            rules=("I2V-7",),
        ),
        SameSize(
            params=MASKS,
            message="all masks have one size in pixels",
            rules=("I2V-7",),
        ),
        PointsInside(
            list="dynamic_masks",
            points="trajectories",
            other="image",
            message="the points of a path lie on the image",
            rules=("I2V-6",),
        ),
    ),
    price=Price(("mode",), {("std",): Decimal("0.14"), ("pro",): Decimal("0.49")}, unit=5),
    codes=V1_I2V,
    fields={
        "shots.prompt": "prompt",
        "shots.seconds": "duration",
        "shots.first": "image",
        "shots.last": "image_tail",
        "shots.strokes": "dynamic_masks",
        "shots.still": "static_mask",
        "negative_prompt": "negative_prompt",
        "guidance": "cfg_scale",
        "size": "image",
    },
    examples=(
        {"image": "https://example.com/first.jpg", "prompt": "The camera slowly pushes in"},
        {
            "image": "https://example.com/first.jpg",
            "image_tail": "https://example.com/last.jpg",
            "duration": 5,
        },
    ),
    plan=storyboard,
    extras=size,
)
