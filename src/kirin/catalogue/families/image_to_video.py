"""Image to video: one shot from a first picture, a last one, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kirin.catalogue.camera import camera_of
from kirin.catalogue.card import Card
from kirin.catalogue.common import DELIVERY, DURATION_5_10, PROMPT_LENGTH
from kirin.catalogue.families.brush import still, strokes
from kirin.catalogue.families.formats import Format
from kirin.catalogue.families.generations import ModelGeneration
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.fields import fields_of
from kirin.catalogue.parameters import Parameter, Text
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

REQUIRED_IMAGE = replace(IMAGE, required=True)
"""The first picture, of models that do not take a last one instead."""

IMAGE_TAIL = Picture(
    name="image_tail",
    description="The picture that the video ends with; any shape.",
    limits=ImageLimits(max_aspect=None),
    rules=("I2V-2", "C-1", "C-2", "C-3"),
    example="https://example.com/last.jpg",
)

TAIL_OF_COMMON_SHAPE = replace(
    IMAGE_TAIL,
    description="The picture that the video ends with; like image, it is no longer than 2.5 times "
    "its shorter side.",
    limits=IMAGE.limits,
)
"""The last picture, of models that take no other shapes than for the first."""

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


@dataclass(frozen=True, slots=True)
class Ends:
    """Which pictures a model takes for the first and the last frame.

    Attributes:
        parameters: for the first, and where it can be given for the last.
        rules: about the two.
        description, usage: as in a card.
        examples: complete ``params``.
    """

    parameters: tuple[Picture, ...]
    rules: tuple[AtLeastOne | OnlyWith, ...]
    description: str
    usage: str
    examples: tuple[Mapping[str, Any], ...]


FIRST = Ends(
    (REQUIRED_IMAGE,),
    (),
    "Brings a picture to life for 5 or 10 seconds.",
    "Give one picture and say how the camera or the scene moves.",
    (SIMPLEST,),
)

FIRST_AND_LAST = Ends(
    (REQUIRED_IMAGE, IMAGE_TAIL),
    (TAIL_IN_PRO,),
    "Brings a picture to life for 5 or 10 seconds; with mode pro it can arrive at a second "
    "picture.",
    "Give one picture and say how the camera or the scene moves. For a transition add image_tail, "
    "which needs mode pro.",
    (SIMPLEST, WITH_TAIL),
)

EITHER = Ends(
    (IMAGE, IMAGE_TAIL),
    (EITHER_END, TAIL_IN_PRO),
    "Brings a picture to life for 5 or 10 seconds; with mode pro it can arrive at a second "
    "picture, or start from nothing but that.",
    "Give image, or with mode pro image_tail or both, and say how the camera or the scene moves.",
    (SIMPLEST, WITH_TAIL),
)


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


def image_card(
    id: str, generation: ModelGeneration, rules: str, ends: Ends, *own: Parameter, words: int = 3
) -> Card:
    """The card of a model that makes one shot of 5 or 10 seconds from pictures.

    Args:
        id: of the model.
        generation: that it belongs to.
        rules: prefix of the ids of its rules: 1 the first picture, 2 the last.
        ends: the pictures that it takes.
        own: its parameters beside pictures, prompt, duration and delivery.
        words: number of the rule about prompt and duration.
    """
    numbers = {IMAGE.name: 1, IMAGE_TAIL.name: 2}
    parameters = (
        *(under(each, f"{rules}-{numbers[each.name]}") for each in ends.parameters),
        under(PROMPT, f"{rules}-{words}"),
        *own,
        under(DURATION_5_10, f"{rules}-{words}"),
        *DELIVERY,
    )
    return Card(
        id=id,
        name=f"{generation.title} Image to Video",
        type="image-to-video",
        description=ends.description,
        usage=ends.usage,
        input_modalities=("image", "text"),
        output_modalities=("video",),
        parameters=parameters,
        rules=tuple(under(each, f"{rules}-{numbers[each.params[0]]}") for each in ends.rules),
        price=generation.price,
        codes=generation.codes,
        fields=fields_of(parameters, size=generation.format.size_from(IMAGE.name)),
        examples=ends.examples,
        plan=ImageToVideo(id, generation.format),
    )
