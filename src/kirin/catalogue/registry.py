"""The catalogue of models: the modules of ``cards/``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules

from kirin.catalogue import cards
from kirin.catalogue.card import Card
from kirin.errors import UnknownModel


class Catalogue:
    """Cards by model id, sorted."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._cards = {card.id: card for card in sorted(cards, key=lambda card: card.id)}

    def __iter__(self) -> Iterator[Card]:
        return iter(self._cards.values())

    def __len__(self) -> int:
        return len(self._cards)

    def get(self, model: str) -> Card:
        """The card of a model.

        Raises:
            UnknownModel: there is none; the message names the nearest.
        """
        card = self._cards.get(model)
        if card is None:
            near = get_close_matches(model[:64], self._cards, n=1)
            hint = f"did you mean '{near[0]}'?" if near else "/api/v1/skill/models lists them"
            raise UnknownModel(f"there is no model {model[:64]!r}; {hint}")
        return card


def built_in() -> Catalogue:
    """The models that Kirin ships; each module in ``cards/`` defines its ``CARD``."""
    modules = (import_module(f"{cards.__name__}.{m.name}") for m in iter_modules(cards.__path__))
    return Catalogue(module.CARD for module in modules)
