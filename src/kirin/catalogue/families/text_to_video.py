"""Text to video: one shot from words alone."""

from __future__ import annotations

from dataclasses import dataclass

from kirin.catalogue.camera import camera_of
from kirin.catalogue.card import Card
from kirin.catalogue.common import ASPECT_RATIO, DELIVERY, DURATION_5_10, PROMPT_LENGTH
from kirin.catalogue.families.formats import Format
from kirin.catalogue.families.generations import ModelGeneration
from kirin.catalogue.families.rule_ids import under
from kirin.catalogue.fields import fields_of
from kirin.catalogue.parameters import Parameter, Text
from kirin.catalogue.plan import Materials
from kirin.catalogue.structures import Values
from kirin.domain.storyboard import Shot, Storyboard

PROMPT = Text(
    name="prompt",
    description="What the video shows and how the camera moves.",
    required=True,
    min_length=1,
    max_length=PROMPT_LENGTH,
    rules=("T2V-1", "C-4"),
    example="Sunrise over misty mountains, the camera slowly pushes in",
)

SIMPLEST = {"prompt": PROMPT.example}
"""A request with no more than must be said."""

UPRIGHT = {
    "prompt": "夜晚的城市天际线,下雨,镜头缓慢向右平移",
    "aspect_ratio": "9:16",
    "duration": "10",
}
"""A request for a longer, upright video."""

USAGE = (
    "Describe the scene, its light and weather, and how the camera moves. "
    "Choose aspect_ratio for where the video will be shown."
)


@dataclass(frozen=True, slots=True)
class TextToVideo:
    """Plans one shot from words.

    Attributes:
        model: its id.
        format: of its videos.
    """

    model: str
    format: Format

    def __call__(self, values: Values, _: Materials, seed: int) -> Storyboard:
        """The storyboard of a request."""
        shot = Shot(prompt=values["prompt"], seconds=values["duration"], camera=camera_of(values))
        size = self.format.by_ratio(values)
        return self.format.storyboard(self.model, values, size, (shot,), seed)


def text_card(id: str, generation: ModelGeneration, rules: str, *own: Parameter) -> Card:
    """The card of a model that makes one shot of 5 or 10 seconds from words.

    Args:
        id: of the model.
        generation: that it belongs to.
        rules: prefix of the ids of its rules: 1 the prompt, 3 the shape, 4 the duration.
        own: its parameters beside prompt, shape, duration and delivery.
    """
    parameters = (
        under(PROMPT, f"{rules}-1"),
        *own,
        under(ASPECT_RATIO, f"{rules}-3"),
        under(DURATION_5_10, f"{rules}-4"),
        *DELIVERY,
    )
    return Card(
        id=id,
        name=f"{generation.title} Text to Video",
        type="text-to-video",
        description="Makes a video of 5 or 10 seconds from a prompt.",
        usage=USAGE,
        input_modalities=("text",),
        output_modalities=("video",),
        parameters=parameters,
        price=generation.price,
        codes=generation.codes,
        fields=fields_of(parameters, size=generation.format.size_from("aspect_ratio")),
        examples=(SIMPLEST, UPRIGHT),
        plan=TextToVideo(id, generation.format),
    )
