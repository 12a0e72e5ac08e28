"""Text to video: one shot from words alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from kirin.catalogue.camera import camera_of
from kirin.catalogue.card import Card
from kirin.catalogue.common import PROMPT_LENGTH
from kirin.catalogue.families.formats import Format
from kirin.catalogue.parameters import Text
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

USAGE = (
    "Describe the scene, its light and weather, and how the camera moves. "
    "Choose aspect_ratio for where the video will be shown."
)

TextCard = partial(
    Card, type="text-to-video", input_modalities=("text",), output_modalities=("video",)
)
"""A card of this kind."""


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
