"""Whether what a plug-in calls an engine is one: found out at start, not by somebody's task."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.base import UnsupportedFeature

PROBE: Final = Storyboard("kirin_v1_t2v", 640, 360, Fraction(24), (Shot("a boat at sea", 5),))
"""A storyboard that any engine must be able to say yes or no to."""

RENDER: Final = ("storyboard", "read", "progress", "cancelled")
REMOTE: Final[Mapping[str, tuple[str, ...]]] = {
    "render_remotely": ("storyboard", "context"),
    "cancel": ("job",),
    "check_health": (),
}


def factory_problem(_: str, factory: object) -> str | None:
    """What is wrong with what opens an engine."""
    if not callable(factory):
        return f"it must be a function from the settings to an engine, not {factory!r}"
    if not takes(factory, ("settings",)):
        return "it must be a function of one argument, the settings, that returns an engine"
    return None


def engine_problem(name: str, engine: object) -> str | None:
    """What is wrong with an engine.

    Args:
        name: under which it is registered.
    """
    if getattr(engine, "name", None) != name:
        told = getattr(engine, "name", None)
        return f"the engine's name is {told!r}: it must be that of its entry point, {name!r}"
    methods: dict[str, tuple[str, ...]] = {"unsupported": ("storyboard",)}
    if hasattr(engine, "render_remotely"):
        methods.update(REMOTE)
    else:
        methods["render"] = RENDER
    for method, arguments in methods.items():
        found = getattr(engine, method, None)
        if found is None or not takes(found, arguments):
            return f"the engine needs a method {method}({', '.join(arguments)})"
    try:
        refused = engine.unsupported(PROBE)  # type: ignore[attr-defined]
    except Exception as error:
        return f"unsupported(storyboard) must not raise, and raised {type(error).__name__}: {error}"
    if not isinstance(refused, list) or any(not isinstance(f, UnsupportedFeature) for f in refused):
        return f"unsupported(storyboard) must return a list of UnsupportedFeature, not {refused!r}"
    return None


def takes(function: object, arguments: tuple[str, ...]) -> bool:
    """Whether something can be called with so many arguments."""
    if not callable(function):
        return False
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    except ValueError:  # of C, without a signature
        return True
    return True
