"""The registry: the open models that are there, found by looking into ``models/``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from kirin.engines.diffusion import models
from kirin.engines.diffusion.facts import APACHE, OpenModel
from kirin.errors import KirinError


@cache
def built_in() -> tuple[OpenModel, ...]:
    """Every open model that Kirin knows, best first."""
    names = (each.name for each in iter_modules(models.__path__))
    found = (import_module(f"{models.__name__}.{name}").MODEL for name in names)
    return tuple(sorted(found, key=lambda model: (model.rank, model.id)))


def offered(
    names: Iterable[str],
    accepted: Iterable[str],
    known: tuple[OpenModel, ...] | None = None,
) -> tuple[OpenModel, ...]:
    """The open models that an operator offers, best first.

    Args:
        names: their ids; all that need no acknowledgement, or have it, where there are none.
        accepted: ids of the models whose licences the operator has read and accepts.
        known: what to choose from, the built-in ones otherwise.

    Raises:
        KirinError: there is no such model, or its licence was not accepted.
    """
    known = built_in() if known is None else known
    wanted, agreed = tuple(names), set(accepted)
    unknown = sorted({*wanted, *agreed} - {model.id for model in known})
    if unknown:
        there = ", ".join(model.id for model in known)
        raise KirinError(f"there is no open model {unknown[0]!r}; there are {there}")
    allowed = [model for model in known if model.free or model.id in agreed]
    for model in known:
        if model.id in wanted and model not in allowed:
            raise KirinError(
                f"{model.name} comes under the {model.licence}, not {APACHE}: read it at "
                f"https://huggingface.co/{model.weights.repository}, then name {model.id} in "
                "KIRIN_DIFFUSION_ACCEPT"
            )
    return tuple(model for model in allowed if not wanted or model.id in wanted)
