"""The names that models have here: their own, and those that programs have built in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue
from kirin.errors import UnknownModel
from kirin.http.dialects.video_tasks import video_cards
from kirin.wire.openrouter import MODELS


@dataclass(frozen=True, slots=True)
class Slug:
    """What OpenRouter's name of a model stands for.

    Attributes:
        name: for people.
        words, frames: the model, without and with pictures that the video begins or ends with.
        modes: that it may work in, the first by default; a resolution may need another.
        sound: whether videos have sound where nothing else is said.
    """

    name: str
    words: str
    frames: str
    modes: tuple[str, ...]
    sound: bool = False


SLUGS: Final[Mapping[str, Slug]] = {
    "kwaivgi/kling-v3.0-std": Slug(
        "Kling 3.0 Standard", "kirin_v3_t2v", "kirin_v3_i2v", ("std",), sound=True
    ),
    "kwaivgi/kling-v3.0-pro": Slug(
        "Kling 3.0 Pro", "kirin_v3_t2v", "kirin_v3_i2v", ("pro", "std"), sound=True
    ),
    "kwaivgi/kling-video-o1": Slug(
        "Kling Video O1", "kirin_video_o1", "kirin_video_o1", ("pro", "std")
    ),
}


def served_slugs(catalogue: Catalogue) -> Mapping[str, Slug]:
    """The names of OpenRouter's for which this catalogue has the models."""
    cards = {card.id for card in video_cards(catalogue)}
    return {name: slug for name, slug in SLUGS.items() if {slug.words, slug.frames} <= cards}


def card_of(catalogue: Catalogue, name: str, *, with_frames: bool) -> tuple[Card, Slug | None]:
    """The model that a name stands for.

    Raises:
        UnknownModel: there is none that makes videos.
    """
    if (slug := served_slugs(catalogue).get(name)) is not None:
        return catalogue.get(slug.frames if with_frames else slug.words), slug
    card = catalogue.get(name)
    if card not in video_cards(catalogue):
        raise UnknownModel(f"the model {name[:64]!r} makes no videos: GET {MODELS} lists those")
    return card, None


def frames_twin(card: Card, takes_frames: Sequence[Card]) -> Card | None:
    """The sister of a model that takes words alone."""
    wanted = card.id.replace("_t2v", "_i2v")
    return next((each for each in takes_frames if each.id == wanted), None)
