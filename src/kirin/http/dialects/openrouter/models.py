"""The models that make videos, and what each can, as the SDKs of OpenRouter read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Annotated, Any, Final

from pydantic import Field
from typing_extensions import TypedDict

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import Choice, Seconds
from kirin.catalogue.references import MediaParameter
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.structures import ListOf
from kirin.domain.storyboard import Storyboard
from kirin.errors import InvalidParameters
from kirin.http.dialects.openrouter.model_names import Slug, served_slugs
from kirin.http.dialects.places import takes_frame
from kirin.http.dialects.shapes import resolution_of
from kirin.http.dialects.video_tasks import video_cards
from kirin.orchestration.request_validation import RequestValidator
from kirin.wire.openrouter import FRAME_TYPES

CREATED: Final = 1_767_225_600
"""Models have no date here, and clients want one: the start of 2026."""

SAID_ELSEWHERE: Final = frozenset(
    {"prompt", "duration", "mode", "aspect_ratio", "sound", "callback_url"}
)
"""Parameters of models that requests have words of their own for."""


class VideoModelJson(TypedDict):
    """What a model can."""

    id: str
    canonical_slug: Annotated[str, Field(description="Our name of it.")]
    name: str
    description: str
    created: Annotated[int, Field(description="The same for all.")]
    hugging_face_id: None
    supported_resolutions: list[str]
    supported_aspect_ratios: Annotated[
        list[str] | None, Field(description="Null where a picture or a video gives the shape.")
    ]
    supported_sizes: list[str] | None
    supported_durations: Annotated[list[int] | None, Field(description="Seconds")]
    supported_frame_images: list[str] | None
    generate_audio: Annotated[bool, Field(description="Whether it can.")]
    seed: Annotated[bool, Field(description="Whether one may be sent.")]
    creativity: None
    upscale_factor: None
    pricing_skus: Annotated[dict[str, str], Field(description="USD")]
    allowed_passthrough_parameters: Annotated[
        list[str], Field(description="Further parameters, here or in provider.options.kirin.")
    ]


class VideoModelListJson(TypedDict):
    """All models that make videos."""

    data: list[VideoModelJson]


class VideoModels:
    """Describes the models."""

    def __init__(self, catalogue: Catalogue, validator: RequestValidator) -> None:
        self._catalogue = catalogue
        self._validator = validator
        self._sizes: dict[str, Mapping[str, list[str]]] = {}

    def page(self) -> VideoModelListJson:
        """All of them, those for which others stand first."""
        slugs = [self._of_slug(*each) for each in served_slugs(self._catalogue).items()]
        return {"data": [*slugs, *(self._of_card(card) for card in video_cards(self._catalogue))]}

    def _of_slug(self, name: str, slug: Slug) -> VideoModelJson:
        words = self._of_card(self._catalogue.get(slug.words))
        frames = self._of_card(self._catalogue.get(slug.frames))
        extra = dict.fromkeys(
            (*words["allowed_passthrough_parameters"], *frames["allowed_passthrough_parameters"])
        )
        return {
            **words,
            "id": name,
            "name": slug.name,
            "supported_frame_images": frames["supported_frame_images"],
            "supported_resolutions": self._made(self._catalogue.get(slug.words), slug.modes)[0],
            "supported_sizes": self._made(self._catalogue.get(slug.words), slug.modes)[1],
            "allowed_passthrough_parameters": [*extra],
        }

    def _of_card(self, card: Card) -> VideoModelJson:
        known = {parameter.name: parameter for parameter in card.parameters}
        duration, shape = known.get("duration"), known.get("aspect_ratio")
        resolutions, sizes = self._made(card)
        frames = [each for each in FRAME_TYPES if takes_frame(card, each)]
        return {
            "id": card.id,
            "canonical_slug": card.id,
            "name": card.name,
            "description": card.description,
            "created": CREATED,
            "hugging_face_id": None,
            "supported_resolutions": resolutions,
            "supported_aspect_ratios": [*shape.options] if isinstance(shape, Choice) else None,
            "supported_sizes": sizes,
            "supported_durations": ([*duration.options] if isinstance(duration, Seconds) else None),
            "supported_frame_images": frames or None,
            "generate_audio": "sound" in known,
            "seed": True,
            "creativity": None,
            "upscale_factor": None,
            "pricing_skus": pricing(card),
            "allowed_passthrough_parameters": [
                name
                for name, parameter in known.items()
                if name not in SAID_ELSEWHERE and not _holds_media(parameter)
            ],
        }

    def _made(self, card: Card, modes: Sequence[str] = ()) -> tuple[list[str], list[str] | None]:
        """Resolutions, and sizes where a request decides them alone."""
        if card.id not in self._sizes:
            self._sizes[card.id] = self._planned(card)
        wanted = [mode for mode in self._sizes[card.id] if not modes or mode in modes]
        found = [each for mode in wanted for each in self._sizes[card.id][mode]]
        resolutions = [each for each in dict.fromkeys(found) if "x" not in each]
        sizes = [each for each in dict.fromkeys(found) if "x" in each]
        return resolutions, sizes or None

    def _planned(self, card: Card) -> Mapping[str, list[str]]:
        """By mode, words and sizes of what the simplest request makes in each shape."""
        planned: dict[str, list[str]] = {}
        choices = {p.name: p for p in card.parameters if isinstance(p, Choice)}
        shaped = "aspect_ratio" in choices
        for way in _ways(choices):
            try:
                plan = self._validator.check("", card, {**card.examples[0], **way}).plan
            except InvalidParameters:  # of a task of somebody's
                continue
            if isinstance(plan, Storyboard):
                size = [f"{plan.width}x{plan.height}"] if shaped else []
                planned.setdefault(way.get("mode", ""), []).extend([resolution_of(plan), *size])
        return planned


def _ways(choices: Mapping[str, Choice]) -> Iterator[dict[str, str]]:
    names = [name for name in ("mode", "aspect_ratio") if name in choices]
    for values in product(*(choices[name].options for name in names)):
        yield dict(zip(names, values, strict=True))


def _holds_media(parameter: Any) -> bool:
    if isinstance(parameter, ListOf):
        return any(isinstance(each, MediaParameter) for each in parameter.children())
    return isinstance(parameter, MediaParameter)


def pricing(card: Card) -> dict[str, str]:
    """The rates of a model.

    >>> from kirin.catalogue.cards.kirin_v2_5_turbo_t2v import CARD
    >>> pricing(CARD)
    {'per_video_second_std': '0.042', 'per_video_second_pro': '0.07'}
    """
    unit = card.price.unit
    each = "video" if unit is None else "video_second" if unit == 1 else f"{unit}_video_seconds"
    return {"_".join((f"per_{each}", *key)): str(rate) for key, rate in card.price.rates.items()}
