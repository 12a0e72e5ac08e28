"""The names that models have here, and the ids of their versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue
from kirin.errors import InvalidParameters, Problem, UnknownModel
from kirin.http.dialects.video_tasks import video_cards
from kirin.wire.replicate import HOSTED, OWNER, HostedModel


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model under its name here.

    Attributes:
        name: ``owner/name``.
        cards: what it is; where there are two, without and with a picture.
        hosted: how Replicate has it; ``None`` of a model under its own id.
    """

    name: str
    cards: tuple[Card, ...]
    hosted: HostedModel | None = None

    @property
    def version(self) -> str:
        """The id of its only version: made from the name, so that it stays what it is."""
        return version_of(self.name)


def version_of(name: str) -> str:
    """The id of the version of a model."""
    return sha256(f"kirin {name}".encode()).hexdigest()


def own_name(id: str) -> str:
    """What a model is called that Replicate does not host."""
    return f"{OWNER}/{id}"


@dataclass(frozen=True)
class ModelNames:
    """The models that make videos, by name and by version."""

    catalogue: Catalogue

    @cached_property
    def by_name(self) -> Mapping[str, NamedModel]:
        """All models, those under Replicate's names first."""
        return {model.name: model for model in self._models()}

    @cached_property
    def _by_version(self) -> Mapping[str, NamedModel]:
        found = {model.version: model for model in self.by_name.values()}
        for model in self.by_name.values():
            if model.hosted is not None:
                found |= dict.fromkeys(model.hosted.versions, model)
        return found

    def _models(self) -> Iterator[NamedModel]:
        cards = {card.id: card for card in video_cards(self.catalogue)}
        for hosted in HOSTED:
            ids = [id for id in (hosted.words, hosted.picture) if id is not None]
            if all(id in cards for id in ids):
                yield NamedModel(hosted.name, tuple(cards[id] for id in ids), hosted)
        for card in cards.values():
            yield NamedModel(own_name(card.id), (card,))

    def get(self, owner: str, name: str) -> NamedModel:
        """The model of an address.

        Raises:
            UnknownModel: there is none.
        """
        id = self.catalogue.id_of(name) if owner == OWNER else name
        found = self.by_name.get(f"{owner}/{id}")
        if found is None:
            asked = f"{owner}/{name}"[:128]
            raise UnknownModel(f"there is no model {asked!r}: GET /models lists those")
        return found

    def of_version(self, version: str) -> NamedModel:
        """The model that a request names by a version: its id, ``owner/name``, or both.

        Raises:
            InvalidParameters: there is none.
        """
        name, _, id = version.rpartition(":")
        owner, slash, rest = (name or id).partition("/")
        found = self._by_version.get(id)
        if slash:
            named = self.by_name.get(f"{owner}/{self.catalogue.id_of(rest)}")
            found = named if not name or named is found else None
        if found is None:
            message = (
                f"{version[:128]!r} is no version of a model of this server: send owner/name, or "
                "the id of latest_version in GET /models/OWNER/NAME"
            )
            raise InvalidParameters([Problem("version", "not_valid", message)])
        return found
