"""Rule ids: a part that sister models share enforces a rule of each model's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from kirin.catalogue.media_rules import PointsInside, SameShape, SameSize
from kirin.catalogue.parameters import Parameter
from kirin.catalogue.rules import AtLeastOne, Excludes, OnlyWith
from kirin.catalogue.structures import Group, ListOf

Part = TypeVar(
    "Part", bound=Parameter | OnlyWith | Excludes | AtLeastOne | SameShape | SameSize | PointsInside
)

COMMON = "C-"
"""Prefix of the rules that all models share; these stay."""


def under(part: Part, *ids: str) -> Part:
    """The part with these rule ids and those common to all models, at every depth.

    >>> from kirin.catalogue.common import CFG_SCALE, DURATION_5_10
    >>> under(CFG_SCALE, "T2V-2").rules, under(DURATION_5_10, "T2V-4").rules
    (('T2V-2',), ('T2V-4', 'C-5'))
    """
    common = tuple(rule for rule in part.rules if rule.startswith(COMMON))
    named = replace(part, rules=(*ids, *common))
    if isinstance(named, Group | ListOf):
        return replace(named, fields=tuple(under(field, *ids) for field in named.fields))
    return named
