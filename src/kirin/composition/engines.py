"""The engine factory: builds the engines that the settings name, local and remote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.diffusion.engine import DiffusionEngine
from kirin.engines.diffusion.gpu import device_gb
from kirin.engines.diffusion.model_spec import ModelSpec
from kirin.engines.diffusion.optimizations import ATTENTION_BACKENDS, StepCache
from kirin.engines.diffusion.registry import select_loras, select_models
from kirin.engines.diffusion.runtime import RuntimeConfiguration
from kirin.engines.diffusion.weight_store import WeightStore
from kirin.engines.plugin_check import engine_problem, factory_problem
from kirin.engines.router import AnyEngine, Route, Router
from kirin.errors import KirinError
from kirin.media.outgoing import Outgoing
from kirin.plugins.entry_point import BrokenPlugin, told
from kirin.plugins.registry import PluginRegistry
from kirin.settings import Settings, default_weights_dir
from kirin.vision.models import VisionModels
from kirin.vision.networks.store import NetworkStore

if TYPE_CHECKING:
    from kirin.engines.engine_file import Entry

EngineFactory = Callable[[Settings], AnyEngine]


def open_diffusion(settings: Settings) -> DiffusionEngine:
    """The diffusion engine, with the open models that the settings offer.

    Raises:
        KirinError: a package that it needs is not installed where it would have to run.
    """
    elsewhere = settings.gpu_memory_gb is not None
    if not elsewhere and find_spec("diffusers") is None:
        raise KirinError("the engine 'diffusion' is not installed: pip install 'kirin[gpu]'")
    runtime = open_runtime(settings)
    if not elsewhere:
        runtime.check_requirements()
    return DiffusionEngine(
        open_weight_store(settings),
        open_models(settings, runtime),
        settings.gpu_memory_gb if elsewhere else device_gb(runtime.device),
        elsewhere=elsewhere,
        runtime=runtime,
    )


def open_weight_store(settings: Settings) -> WeightStore:
    """Where the weights of open models are stored."""
    is_default = settings.weights_dir == default_weights_dir()
    return WeightStore(settings.weights_dir, is_default=is_default)


def open_models(settings: Settings, runtime: RuntimeConfiguration) -> tuple[ModelSpec, ...]:
    """The open models that the settings offer, adapted to the runtime configuration.

    Raises:
        KirinError: they name an unknown one, or one whose licence was not accepted.
    """
    models = select_models(settings.diffusion_offer, settings.diffusion_accepted)
    return tuple(runtime.adapt(model) for model in models)


def open_runtime(settings: Settings) -> RuntimeConfiguration:
    """How the settings want open models to be run.

    Raises:
        KirinError: they name an unknown attention backend, cache or LoRA.
    """
    attention = settings.diffusion_attention or None
    if attention and attention not in ATTENTION_BACKENDS:
        available = ", ".join(ATTENTION_BACKENDS)
        raise KirinError(
            f"KIRIN_DIFFUSION_ATTENTION: unknown backend {attention!r}; available: {available}"
        )
    try:
        cache = StepCache.parse(settings.diffusion_cache) if settings.diffusion_cache else None
    except ValueError as error:
        raise KirinError(f"KIRIN_DIFFUSION_CACHE: {error}") from None
    return RuntimeConfiguration(
        settings.device,
        compiled=settings.diffusion_compile,
        fp8=settings.diffusion_fp8,
        attention=attention,
        cache=cache,
        loras=select_loras(settings.diffusion_adapted, settings.diffusion_accepted),
    )


ENGINES: Final[Mapping[str, EngineFactory]] = {
    "animatic": lambda settings: AnimaticEngine(VisionModels(NetworkStore(settings.network_dir))),
    "diffusion": open_diffusion,
}
"""The local engines of this package."""

REGISTRY: Final = PluginRegistry(
    group="kirin.engines", kind="engine", own=ENGINES, check=factory_problem
)
"""They and those of plug-ins: each is an ``EngineFactory``."""


def open_outgoing(settings: Settings) -> Outgoing:
    """How connections leave this machine.

    Raises:
        KirinError: the file of certificate authorities cannot be used.
    """
    proxy = settings.proxy.get_secret_value() if settings.proxy else None
    outgoing = Outgoing(settings.ca_file, proxy, settings.allowed_hosts)
    outgoing.check()
    return outgoing


def open_router(settings: Settings) -> Router:
    """A router over the engines that the settings name.

    A name is that of an engine of this package, of one that another package registers by an entry
    point, or of one in the engine file, which can reuse neither.

    Raises:
        KirinError: they name an unknown engine, or the engine file is invalid.
    """
    wanted = settings.engine_order
    # Looking for entry points reads the metadata of every installed package: not without need.
    only_own = settings.engine_file is None and ENGINES.keys() >= set(wanted)
    local = list(ENGINES) if only_own else REGISTRY.names()
    remote: dict[str, Entry] = {}
    routes: dict[str, Route] = {}
    if settings.engine_file:
        from kirin.engines.engine_file import EngineFile

        file = EngineFile.read(settings.engine_file, local)
        remote, routes = file.engines, file.route_table
    engines: list[AnyEngine] = []
    for name in wanted:
        if name in local:
            engines.append(open_engine(name, settings))
        elif name in remote:
            can_link = settings.public_url is not None
            outgoing = open_outgoing(settings)
            engines.append(remote[name].engine(name, settings.allowed_hosts, can_link, outgoing))
        else:
            available = ", ".join((*local, *remote))
            raise KirinError(f"KIRIN_ENGINES: unknown engine {name!r}; available: {available}")
    return Router(engines, routes, settings.engine_rest_seconds)


def open_engine(name: str, settings: Settings) -> AnyEngine:
    """A local engine.

    Raises:
        KirinError: what it needs is missing, or its plug-in cannot be used.
    """
    factory = REGISTRY.get(name)
    if name in ENGINES:
        return factory(settings)
    point = REGISTRY.points()[name]
    try:
        engine = factory(settings)
    except KirinError:
        raise
    except Exception as error:
        raised = f"{point.value} must return an engine, and raised {told(error)}"
        raise BrokenPlugin(point, raised) from error
    if problem := engine_problem(name, engine):
        raise BrokenPlugin(point, problem)
    return engine
