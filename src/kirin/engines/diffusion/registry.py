"""The registry: the open models that are there, found by looking into ``models/``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from kirin.engines.diffusion import loras, models
from kirin.engines.diffusion.facts import APACHE, Lora, OpenModel
from kirin.errors import KirinError


@cache
def built_in() -> tuple[OpenModel, ...]:
    """Every open model that Kirin knows, best first."""
    names = (each.name for each in iter_modules(models.__path__))
    found = (import_module(f"{models.__name__}.{name}").MODEL for name in names)
    return tuple(sorted(found, key=lambda model: (model.rank, model.id)))


@cache
def built_in_loras() -> tuple[Lora, ...]:
    """Every few-step LoRA that Kirin knows."""
    names = (each.name for each in iter_modules(loras.__path__))
    return tuple(import_module(f"{loras.__name__}.{name}").LORA for name in names)


def chosen(names: Iterable[str], accepted: Iterable[str]) -> tuple[Lora, ...]:
    """The few-step LoRAs of some ids.

    Args:
        names: their ids.
        accepted: ids of those whose licences the operator has read and accepts.

    Raises:
        KirinError: there is no such LoRA, its licence was not accepted, or two are for one model.
    """
    known = {lora.id: lora for lora in built_in_loras()}
    agreed = set(accepted)
    found: dict[str, Lora] = {}
    for name in names:
        if name not in known:
            raise KirinError(f"there is no few-step LoRA {name!r}; there are {', '.join(known)}")
        lora = known[name]
        if lora.licence != APACHE and name not in agreed:
            raise _unread(name, lora.id, lora.licence, lora.repository)
        if lora.model in found:
            raise KirinError(f"{name} and {found[lora.model].id} are for the same model")
        found[lora.model] = lora
    return tuple(found.values())


def _unread(name: str, id: str, licence: str, repository: str) -> KirinError:
    return KirinError(
        f"{name} comes under the {licence}, not {APACHE}: read it at "
        f"https://huggingface.co/{repository}, then name {id} in KIRIN_DIFFUSION_ACCEPT"
    )


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
    agreeable = {lora.id for lora in built_in_loras()}
    unknown = sorted({*wanted, *(agreed - agreeable)} - {model.id for model in known})
    if unknown:
        there = ", ".join(model.id for model in known)
        raise KirinError(f"there is no open model {unknown[0]!r}; there are {there}")
    allowed = [model for model in known if model.free or model.id in agreed]
    for model in known:
        if model.id in wanted and model not in allowed:
            raise _unread(model.name, model.id, model.licence, model.weights.repository)
    return tuple(model for model in allowed if not wanted or model.id in wanted)
