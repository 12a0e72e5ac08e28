"""What is worn: what goes on a head or a face is drawn there, and clothes are not drawn."""

from __future__ import annotations

import re
from typing import Final

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.domain.cast import Relation
from kirin.prompt.lexicon import tables
from kirin.prompt.mentions import Mention, Role

_ON_A_HEAD: Final = frozenset(
    {"womans-hat", "top-hat", "billed-cap", "crown", "military-helmet", "rescue-workers-helmet",
     "graduation-cap", "headphone", "glasses", "goggles", "sunglasses", "diving-mask", "ribbon"}
)  # fmt: skip
"""Concepts that are worn on a head or before a face."""

_ADJECTIVE: Final = re.compile(r"([\w-]+) $")
_LIVING: Final = frozenset({Kind.PERSON, Kind.ANIMAL})


def is_undressed(mention: Mention) -> bool:
    """Whether somebody wears it who is drawn without it: a dress, a shoe, a backpack.

    A flower is worn on the head; what decorates a tree or a cake lies on it.
    """
    wearer = mention.anchor
    if mention.relation is not Relation.WEARING or wearer is None or mention.concept is None:
        return False
    if mention.concept in _ON_A_HEAD:
        return False
    alive = wearer.concept is not None and library().get(wearer.concept).kind in _LIVING
    flower = library().get(mention.concept).kind is Kind.PLANT
    return mention.role is Role.CLOTHES or (alive and not flower)


def name_of(text: str, mention: Mention) -> str:
    """The words for a garment in a normalised text, with its colour: "red dress"."""
    before = _ADJECTIVE.search(text[: mention.position])
    coloured = before is not None and before[1] in tables().colours
    return f"{before[1]} {mention.word}" if before and coloured else mention.word
