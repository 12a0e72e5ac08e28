"""The motion brush: masks over the first picture that hold parts of it or move them."""

from __future__ import annotations

from collections.abc import Mapping

from kirin.catalogue.media_rules import PointsInside, SameShape, SameSize
from kirin.catalogue.parameters import Number
from kirin.catalogue.references import Picture
from kirin.catalogue.structures import ListOf, Values
from kirin.domain.assets import Asset
from kirin.domain.limits import ImageLimits
from kirin.domain.storyboard import Point, Stroke

MASK_LIMITS = ImageLimits(min_side=1, max_aspect=None)
MASKS = ("dynamic_masks[].mask", "static_mask")

STATIC_MASK = Picture(
    name="static_mask",
    description="What must not move: a mask of the picture's shape, white where it holds.",
    limits=MASK_LIMITS,
    rules=("I2V-7", "C-1", "C-2"),
    example="https://example.com/still.png",
)

DYNAMIC_MASKS = ListOf(
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
)

BRUSH = (STATIC_MASK, DYNAMIC_MASKS)
"""The parameters of the brush."""

NAMES = ("dynamic_masks", "static_mask")
"""Their names, as rules list them."""

FITTING = (
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
)
"""Conditions on the content of masks and paths."""


def strokes(values: Values, media: Mapping[str, Asset]) -> tuple[Stroke, ...]:
    """The strokes of a request, if it has any."""
    return tuple(
        Stroke(
            mask=media[f"dynamic_masks[{index}].mask"],
            # The wire counts y from the bottom edge, a storyboard from the top.
            path=tuple(
                Point(point["x"], media["image"].height - point["y"])
                for point in entry["trajectories"]
            ),
        )
        for index, entry in enumerate(values.get("dynamic_masks", ()))
    )


def still(media: Mapping[str, Asset]) -> Asset | None:
    """The mask of what must not move, if there is one."""
    return media.get("static_mask")
