"""The names that models have here: their own, and those that programs have built in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kirin.catalogue.card import Card
from kirin.catalogue.references import Picture
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.structures import ListOf
from kirin.errors import UnknownModel
from kirin.http.dialects.video_tasks import video_cards


@dataclass(frozen=True, slots=True)
class Alias:
    """What a name of OpenAI's stands for.

    Attributes:
        words, picture: the model, without and with a picture.
        modes: that it may work in, the first by default; a size may need another.
    """

    words: str
    picture: str
    modes: tuple[str, ...]


ALIASES: Final[Mapping[str, Alias]] = {
    "sora-2": Alias("kirin_v3_t2v", "kirin_v3_i2v", ("std",)),
    "sora-2-pro": Alias("kirin_v3_t2v", "kirin_v3_i2v", ("pro", "std")),
}

DEFAULT: Final = "sora-2"
"""The model of a request that names none."""

_DATE: Final = re.compile(r"-\d{4}-\d{2}-\d{2}")
"""At the end of a name: its version."""


def alias_of(name: str) -> Alias | None:
    """What a name that is none of ours stands for, dated or not."""
    return ALIASES.get(_DATE.sub("", name))


def names(catalogue: Catalogue) -> Sequence[str]:
    """The names of all models, those for which others stand first."""
    cards = [card.id for card in video_cards(catalogue)]
    served = [name for name, alias in ALIASES.items() if {alias.words, alias.picture} <= {*cards}]
    return [*served, *cards]


def known(catalogue: Catalogue, name: str) -> str:
    """The name of a model as :func:`names` has it.

    Raises:
        UnknownModel: there is none.
    """
    id = name if alias_of(name) else catalogue.get(name).id
    plain = _DATE.sub("", id)
    if plain not in names(catalogue):
        raise UnknownModel(f"the model {name[:64]!r} makes no videos: GET /v1/models lists those")
    return plain


def picture_parameter(card: Card) -> tuple[str, str] | None:
    """Where a model takes its first picture.

    Returns:
        The name of the parameter and, where that is a list, the member of its entries, else an
        empty text; ``None`` of models that take none.
    """
    for parameter in card.parameters:
        if isinstance(parameter, Picture):
            return parameter.name, ""
        if isinstance(parameter, ListOf):
            for inner in parameter.children():
                if isinstance(inner, Picture):
                    return parameter.name, inner.name
    return None
