"""Which model a request is for: by its path and, where that has several, by ``model_name``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.shown_values import of_another_type
from kirin.errors import InvalidParameters, Problem, UnknownModel
from kirin.wire.kling import DEFAULT_NAMES, ENDPOINTS

MODEL_NAME = "model_name"


@dataclass(frozen=True)
class PathModels:
    """The models behind a path.

    Attributes:
        cards: by ``model_name``; of a path that has no names, one under an empty text.
    """

    path: str
    cards: Mapping[str, Card]

    @classmethod
    def of(cls, path: str, catalogue: Catalogue) -> PathModels:
        """Those that there are."""
        there = {card.id: card for card in catalogue}
        named = {
            endpoint.model_name or "": there[id]
            for id, endpoint in ENDPOINTS.items()
            if endpoint.path == path and id in there
        }
        return cls(path, named)

    @property
    def ids(self) -> frozenset[str]:
        """Our ids of them."""
        return frozenset(card.id for card in self.cards.values())

    @property
    def names(self) -> Sequence[str]:
        """What requests may call them."""
        return [name for name in self.cards if name]

    def card(self, params: Mapping[str, Any]) -> Card:
        """The one that a request names, or means by naming none.

        Raises:
            InvalidParameters: the name is no text, or there must be one.
            UnknownModel: there is none of that name here.
        """
        if not self.names:
            (card,) = self.cards.values()
            return card
        given = params.get(MODEL_NAME)
        if given in (None, ""):
            default = DEFAULT_NAMES.get(self.path, "")
            if default in self.cards:
                return self.cards[default]
            message = f"missing: without it {default} is meant, and there is {self._known} here"
            raise InvalidParameters([Problem(MODEL_NAME, "required", message)])
        if not isinstance(given, str):
            message = of_another_type("a name", given)
            raise InvalidParameters([Problem(MODEL_NAME, "wrong_type", message)])
        own = {card.id: card for card in self.cards.values()}
        found = self.cards.get(given) or own.get(given)
        if found is None:
            raise UnknownModel(
                f"model_name {given[:64]!r} is none of {self.path}, which has {self._known}"
            )
        return found

    @property
    def _known(self) -> str:
        return ", ".join(self.names)
