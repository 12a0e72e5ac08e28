"""What the shell offers when Tab is pressed in an argument."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def complete_model(incomplete: str) -> Iterator[tuple[str, str]]:
    """Ids of models, with what they do."""
    from kirin.catalogue.registry import installed

    for card in installed():
        if card.id.startswith(incomplete):
            yield card.id, card.name


def complete_parameter(ctx: Any, incomplete: str) -> Iterator[tuple[str, str]]:
    """Parameters of the model that is named already."""
    from kirin.catalogue.registry import installed
    from kirin.errors import UnknownModel

    # While an option is being completed, the argument has not been assigned yet.
    named = ctx.params.get("model") or next(iter(ctx.args), "")
    try:
        card = installed().get(named)
    except UnknownModel:
        return
    for parameter in card.parameters:
        if parameter.name.startswith(incomplete):
            yield f"{parameter.name}=", parameter.description
