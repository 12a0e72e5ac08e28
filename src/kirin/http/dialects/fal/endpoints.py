"""The endpoints that there are: those of fal that run this family, and one for each model."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from kirin.catalogue.registry import Catalogue
from kirin.errors import UnknownModel
from kirin.wire.fal import ENDPOINTS, OWNER, FalEndpoint

NAME: Final = "fal"
"""Of the dialect, as tasks keep it."""

ENDPOINT: Final = "endpoint"
START_BY: Final = "start_by"
"""In what a task keeps of its origin: the name that it was asked for by, and the time (Unix
milliseconds) after which it is not to start any more."""

FAL: Final = "fal-ai/"
"""What the AI SDK puts before each name."""


def find(catalogue: Catalogue, name: str) -> tuple[str, FalEndpoint | None]:
    """What a name stands for.

    Returns:
        The id of the model; and what the endpoint adds to it, ``None`` for a model by its id.

    Raises:
        UnknownModel: there is no such endpoint, or its model is not served.
    """
    known = ENDPOINTS.get(name)
    if known is not None:
        return catalogue.get(known.model).id, known
    owner, _, model = name.removeprefix(FAL).partition("/")
    if owner == OWNER and model:
        return catalogue.get(model).id, None
    near = get_close_matches(name[:128], ENDPOINTS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"models are {OWNER}/MODEL"
    raise UnknownModel(f"there is no endpoint {name[:128]!r} here; {hint}")
