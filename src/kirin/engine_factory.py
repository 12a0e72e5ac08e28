"""The engine factory: the engines that the settings name, here and elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.base import Engine
from kirin.engines.diffusion.engine import DiffusionEngine
from kirin.engines.diffusion.facts import OpenModel
from kirin.engines.diffusion.gpu import device_gb
from kirin.engines.diffusion.registry import chosen, offered
from kirin.engines.diffusion.rig import ATTENTION, Rig, StepCache
from kirin.engines.diffusion.weights import Shelf
from kirin.engines.engine_file import EngineFile
from kirin.engines.router import AnyEngine, Router
from kirin.engines.scripted import ScriptedEngine
from kirin.errors import KirinError
from kirin.settings import Settings, default_weights_dir


def diffusion(settings: Settings) -> DiffusionEngine:
    """The diffusion engine, with the open models that the settings offer.

    Raises:
        KirinError: what it needs is not installed here, where it would have to run.
    """
    elsewhere = settings.gpu_memory_gb is not None
    if not elsewhere and find_spec("diffusers") is None:
        raise KirinError("the engine 'diffusion' needs what is not here: pip install 'kirin[gpu]'")
    rig = open_rig(settings)
    if not elsewhere:
        rig.check()
    return DiffusionEngine(
        open_shelf(settings),
        open_models(settings, rig),
        settings.gpu_memory_gb if elsewhere else device_gb(rig.device),
        elsewhere=elsewhere,
        rig=rig,
    )


def open_shelf(settings: Settings) -> Shelf:
    """Where the weights of open models lie."""
    return Shelf(settings.weights_dir, usual=settings.weights_dir == default_weights_dir())


def open_models(settings: Settings, rig: Rig) -> tuple[OpenModel, ...]:
    """The open models that the settings offer, as they are where they are run like that.

    Raises:
        KirinError: they name one that there is not, or whose licence was not accepted.
    """
    offer = offered(settings.diffusion_offer, settings.diffusion_accepted)
    return tuple(rig.suited(model) for model in offer)


def open_rig(settings: Settings) -> Rig:
    """How the settings want open models to be run.

    Raises:
        KirinError: they name an attention, a cache or a LoRA that there is not.
    """
    attention = settings.diffusion_attention or None
    if attention and attention not in ATTENTION:
        raise KirinError(
            f"KIRIN_DIFFUSION_ATTENTION: there is no {attention!r}; there are "
            f"{', '.join(ATTENTION)}"
        )
    try:
        cache = StepCache.parse(settings.diffusion_cache) if settings.diffusion_cache else None
    except ValueError as error:
        raise KirinError(f"KIRIN_DIFFUSION_CACHE: {error}") from None
    return Rig(
        settings.device,
        compiled=settings.diffusion_compile,
        fp8=settings.diffusion_fp8,
        attention=attention,
        cache=cache,
        loras=chosen(settings.diffusion_adapted, settings.diffusion_accepted),
    )


ENGINES: dict[str, Callable[[Settings], Engine]] = {
    "animatic": lambda _: AnimaticEngine(),
    "diffusion": diffusion,
    "scripted": lambda _: ScriptedEngine(),
}


def open_router(settings: Settings) -> Router:
    """The engines that the settings name, those here and those elsewhere.

    Raises:
        KirinError: they name one that there is not, or the engine file is wrong.
    """
    file = EngineFile.read(settings.engine_file, ENGINES) if settings.engine_file else EngineFile()
    engines: list[AnyEngine] = []
    for name in settings.engine_order:
        if name in ENGINES:
            engines.append(ENGINES[name](settings))
        elif name in file.engines:
            linked = settings.public_url is not None
            engines.append(file.engines[name].engine(name, settings.allowed_hosts, linked))
        else:
            there = ", ".join((*ENGINES, *file.engines))
            raise KirinError(f"KIRIN_ENGINES names {name!r}; there are {there}")
    return Router(engines, file.route_table, settings.engine_rest_seconds)
