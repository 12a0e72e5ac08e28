"""The registry of open models and few-step LoRAs: the modules of ``models/`` and ``loras/``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from kirin.engines.diffusion import loras, models
from kirin.engines.diffusion.model_spec import APACHE, Lora, ModelSpec
from kirin.errors import KirinError


@cache
def built_in() -> tuple[ModelSpec, ...]:
    """Every open model that Kirin knows, in order of preference."""
    names = (each.name for each in iter_modules(models.__path__))
    found = (import_module(f"{models.__name__}.{name}").MODEL for name in names)
    return tuple(sorted(found, key=lambda model: (model.rank, model.id)))


@cache
def built_in_loras() -> tuple[Lora, ...]:
    """Every few-step LoRA that Kirin knows."""
    names = (each.name for each in iter_modules(loras.__path__))
    return tuple(import_module(f"{loras.__name__}.{name}").LORA for name in names)


def select_loras(names: Iterable[str], accepted: Iterable[str]) -> tuple[Lora, ...]:
    """The few-step LoRAs with the given ids.

    Args:
        names: their ids.
        accepted: ids of those whose licences the operator has accepted.

    Raises:
        KirinError: an id is unknown, its licence was not accepted, or two are for one model.
    """
    known = {lora.id: lora for lora in built_in_loras()}
    agreed = set(accepted)
    found: dict[str, Lora] = {}
    for name in names:
        if name not in known:
            raise KirinError(f"unknown few-step LoRA {name!r}; available: {', '.join(known)}")
        lora = known[name]
        if lora.licence != APACHE and name not in agreed:
            raise _not_accepted(name, lora.id, lora.licence, lora.repository)
        if lora.model in found:
            raise KirinError(f"{name} and {found[lora.model].id} are for the same model")
        found[lora.model] = lora
    return tuple(found.values())


def _not_accepted(name: str, id: str, licence: str, repository: str) -> KirinError:
    return KirinError(
        f"{name} is licensed under the {licence}, not {APACHE}: to accept it, read it at "
        f"https://huggingface.co/{repository} and add {id} to KIRIN_DIFFUSION_ACCEPT"
    )


def select_models(
    names: Iterable[str],
    accepted: Iterable[str],
    known: tuple[ModelSpec, ...] | None = None,
) -> tuple[ModelSpec, ...]:
    """The open models that an operator offers, in order of preference.

    Args:
        names: their ids; if empty, all whose licences are free or accepted.
        accepted: ids of the models and LoRAs whose licences the operator has accepted.
        known: what to choose from; the built-in models by default.

    Raises:
        KirinError: an id is unknown, or its licence was not accepted.
    """
    known = built_in() if known is None else known
    wanted, agreed = tuple(names), set(accepted)
    lora_ids = {lora.id for lora in built_in_loras()}
    unknown = sorted({*wanted, *(agreed - lora_ids)} - {model.id for model in known})
    if unknown:
        available = ", ".join(model.id for model in known)
        raise KirinError(f"unknown open model {unknown[0]!r}; available: {available}")
    allowed = [model for model in known if model.is_free or model.id in agreed]
    for model in known:
        if model.id in wanted and model not in allowed:
            raise _not_accepted(model.name, model.id, model.licence, model.weights.repository)
    return tuple(model for model in allowed if not wanted or model.id in wanted)
