"""Whether what a plug-in calls a card is one: found out at start, not by somebody's request."""

from __future__ import annotations

from typing import Final

from kirin.catalogue.card import Card
from kirin.catalogue.probes import provisional
from kirin.domain.storyboard import Storyboard
from kirin.errors import FailureKind

OTHER_PREFIX: Final = "kling_"
"""What clients of the family call our models by (rule N-9): no model of its own begins so."""


def card_problem(name: str, card: object) -> str | None:
    """What is wrong with a card.

    Args:
        name: under which it is registered.
    """
    if not isinstance(card, Card):
        return f"it must be a kirin.catalogue.card.Card, not {type(card).__name__}"
    if card.id != name:
        return f"the card's id is {card.id!r}: it must be that of its entry point, {name!r}"
    if card.id.startswith(OTHER_PREFIX):
        return f"ids that begin with {OTHER_PREFIX} are other names of kirin's models"
    if missing := [kind.value for kind in FailureKind if kind not in card.codes]:
        return f"codes must have one for each kind of failure; missing: {', '.join(missing)}"
    return _example_problem(card)


def _example_problem(card: Card) -> str | None:
    if not card.examples:
        return "examples must have complete parameters, the first the simplest"
    for number, example in enumerate(card.examples, 1):
        try:
            plan = provisional(card, example)
            card.estimate(card.check(example).values, plan)
        except Exception as error:
            return f"example {number} cannot be planned: {type(error).__name__}: {error}"
        if isinstance(plan, Storyboard) and (plan.width % 2 or plan.height % 2):
            return f"example {number} makes a video of {plan.width}x{plan.height}: sides are even"
    return None
