"""Image to video: one shot from a first picture, a last one, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from kirin.catalogue.camera import camera_of
from kirin.catalogue.card import Card
from kirin.catalogue.common import PROMPT_LENGTH
from kirin.catalogue.families.brush import still, strokes
from kirin.catalogue.families.formats import Format
from kirin.catalogue.parameters import Text
from kirin.catalogue.plan import Materials
from kirin.catalogue.references import Picture
from kirin.catalogue.rules import AtLeastOne, OnlyWith
from kirin.catalogue.structures import Values
from kirin.domain.assets import Asset
from kirin.domain.limits import ImageLimits
from kirin.domain.storyboard import Shot, Storyboard

IMAGE = Picture(
    name="image",
    description="The picture that the video starts with: JPEG or PNG, at most 10 MB, at "
    "least 300 pixels a side, no longer than 2.5 times its shorter side.",
    rules=("V3-1", "C-1", "C-2", "C-3"),
    example="https://example.com/first.jpg",
)

IMAGE_TAIL = Picture(
    name="image_tail",
    description="The picture that the video ends with; any shape.",
    limits=ImageLimits(max_aspect=None),
    rules=("I2V-2", "C-1", "C-2", "C-3"),
    example="https://example.com/last.jpg",
)

PROMPT = Text(
    name="prompt",
    description="What happens and how the camera moves.",
    min_length=1,
    max_length=PROMPT_LENGTH,
    rules=("I2V-5", "C-4"),
    example="The camera slowly pushes in",
)

EITHER_END = AtLeastOne(
    params=("image", "image_tail"),
    message="image, image_tail or both are needed",
    rules=("V3-1",),
)

TAIL_IN_PRO = OnlyWith(
    params=("image_tail",),
    other="mode",
    equals="pro",
    message="image_tail works only with mode pro",
    rules=("V16-2",),
)

SIMPLEST = {"image": IMAGE.example, "prompt": PROMPT.example}
"""A request with a picture and what happens in it."""

WITH_TAIL = {"image": IMAGE.example, "image_tail": IMAGE_TAIL.example, "mode": "pro"}
"""A request for the way from one picture to another."""

ImageCard = partial(
    Card, type="image-to-video", input_modalities=("image", "text"), output_modalities=("video",)
)
"""A card of this kind."""


def shape(media: Mapping[str, Asset]) -> Asset:
    """The picture that gives the video its shape: the first, or the last where it is alone."""
    picture = media.get("image") or media.get("image_tail")
    if picture is None:
        raise ValueError("neither image nor image_tail")  # the card's rules have been checked
    return picture


@dataclass(frozen=True, slots=True)
class ImageToVideo:
    """Plans one shot that starts with a picture, ends with one, or follows the brush.

    Attributes:
        model: its id.
        format: of its videos.
    """

    model: str
    format: Format

    def __call__(self, values: Values, materials: Materials, seed: int) -> Storyboard:
        """The storyboard of a request."""
        media = materials.media
        shot = Shot(
            prompt=values.get("prompt", ""),
            seconds=values["duration"],
            first=media.get("image"),
            last=media.get("image_tail"),
            strokes=strokes(values, media),
            still=still(media),
            camera=camera_of(values),
        )
        size = self.format.like(shape(media), values)
        return self.format.storyboard(self.model, values, size, (shot,), seed)
