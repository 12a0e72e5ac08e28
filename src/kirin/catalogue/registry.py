"""The catalogue of models: the modules of ``cards/``, and the cards of plug-ins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from kirin.catalogue import cards
from kirin.catalogue.card import Card
from kirin.catalogue.plugin_check import OTHER_PREFIX, card_problem
from kirin.errors import UnknownModel
from kirin.plugins.registry import PluginRegistry

_PREFIX: Final = "kirin_"


class Catalogue:
    """Cards by model id, sorted."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._cards = {card.id: card for card in sorted(cards, key=lambda card: card.id)}

    def __iter__(self) -> Iterator[Card]:
        return iter(self._cards.values())

    def __len__(self) -> int:
        return len(self._cards)

    def get(self, model: str) -> Card:
        """The card of a model, by its id or the other name of it (rule N-9).

        Raises:
            UnknownModel: there is none; the message names the nearest.
        """
        card = self._cards.get(self.id_of(model))
        if card is None:
            near = get_close_matches(self.id_of(model)[:64], self._cards, n=1)
            hint = f"did you mean '{near[0]}'?" if near else "/api/v1/skill/models lists them"
            raise UnknownModel(f"there is no model {model[:64]!r}; {hint}")
        return card

    def id_of(self, name: str) -> str:
        """The id of a model that a client names: ``kling_v3_i2v`` means ``kirin_v3_i2v``.

        Other names are returned as they are, whether there is such a model or not.
        """
        if name in self._cards or not name.startswith(OTHER_PREFIX):
            return name
        return f"{_PREFIX}{name.removeprefix(OTHER_PREFIX)}"


def other_name(model: str) -> str | None:
    """What else a model is called by clients (rule N-9); ``None`` where there is nothing."""
    if not model.startswith(_PREFIX):
        return None
    return f"{OTHER_PREFIX}{model.removeprefix(_PREFIX)}"


def built_in() -> Catalogue:
    """The models that Kirin ships; each module in ``cards/`` defines its ``CARD``."""
    modules = (import_module(f"{cards.__name__}.{m.name}") for m in iter_modules(cards.__path__))
    return Catalogue(module.CARD for module in modules)


@cache
def registry() -> PluginRegistry[Card]:
    """They and those of plug-ins, by id."""
    own = {card.id: card for card in built_in()}
    return PluginRegistry(group="kirin.cards", kind="card", own=own, check=card_problem)


def installed() -> Catalogue:
    """The models of this installation.

    Raises:
        KirinError: the card of a plug-in cannot be used.
    """
    found = registry()
    return Catalogue([*found.own.values(), *found.plugins().values()])
