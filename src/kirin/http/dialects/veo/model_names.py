"""The names that models have here: their own, and those that programs have built in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue
from kirin.errors import UnknownModel
from kirin.http.dialects.video_tasks import video_cards
from kirin.wire import veo as wire


@dataclass(frozen=True, slots=True, kw_only=True)
class VeoAlias:
    """What Google's name of a model stands for.

    Attributes:
        title: for people.
        sound: whether videos have sound where nothing else is said.
        words, frames, references, extends: the model, by what a request has: only words, the
            picture that the video begins or ends with, pictures of what is to be seen, a video.
        modes: that it may work in, the first by default; a resolution may need another.
    """

    title: str
    sound: bool
    words: str = "kirin_v3_t2v"
    frames: str = "kirin_v3_i2v"
    references: str = "kirin_v3_omni_video"
    extends: str = "kirin_duration_extension"
    modes: tuple[str, ...] = ("std", "pro")

    @property
    def models(self) -> frozenset[str]:
        """All that it may stand for."""
        return frozenset({self.words, self.frames, self.references, self.extends})


ALIASES: Final[Mapping[str, VeoAlias]] = {
    "veo-3.1-generate-preview": VeoAlias(title="Veo 3.1", sound=True),
    "veo-3.1-fast-generate-preview": VeoAlias(title="Veo 3.1 Fast", sound=True),
    "veo-3.1-lite-generate-preview": VeoAlias(title="Veo 3.1 Lite", sound=True),
    "veo-3.0-generate-001": VeoAlias(title="Veo 3", sound=True),
    "veo-3.0-fast-generate-001": VeoAlias(title="Veo 3 Fast", sound=True),
    "veo-2.0-generate-001": VeoAlias(title="Veo 2", sound=False),
}


@dataclass(frozen=True, slots=True)
class VeoName:
    """A model under a name of this API.

    Attributes:
        alias: what the name stands for; ``None`` of a model's own.
        models: ids of the models whose tasks have this name.
    """

    name: str
    alias: VeoAlias | None
    models: frozenset[str]


def served(catalogue: Catalogue) -> Sequence[VeoName]:
    """All names for which this catalogue has the models, those of Google's first."""
    cards = [card.id for card in video_cards(catalogue)]
    aliases = [
        VeoName(name, alias, alias.models)
        for name, alias in ALIASES.items()
        if alias.models <= {*cards}
    ]
    return [*aliases, *(VeoName(card, None, frozenset({card})) for card in cards)]


def named(catalogue: Catalogue, name: str) -> VeoName:
    """The model of a name.

    Raises:
        UnknownModel: there is none that makes videos.
    """
    found = {each.name: each for each in served(catalogue)}
    if name in found:
        return found[name]
    card: Card = catalogue.get(name)
    if card.id not in found:
        raise UnknownModel(
            f"the model {name[:64]!r} makes no videos: GET {wire.MODELS} lists those"
        )
    return found[card.id]
