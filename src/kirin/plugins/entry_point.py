"""Entry points of plug-ins: found in the metadata of installed packages, loaded when needed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from typing import Final

from kirin import __version__
from kirin.errors import KirinError

INTERFACE: Final = 1
"""The version of what plug-ins are written against; it grows with each change that breaks them."""

OLDEST_INTERFACE: Final = 1
"""The oldest version that still works."""

DECLARATION: Final = "KIRIN_INTERFACE"
"""What a plug-in's module may set to the version that it is written for; without it that is 1."""

PAGE: Final = "docs/howto/write-a-plug-in.md"


@dataclass(frozen=True, slots=True)
class PluginPoint:
    """What a package registers a plug-in by.

    Attributes:
        group: such as ``kirin.engines``.
        name: of the engine, card, dialect or provider.
        value: the module and the name in it, ``module:attribute``.
        package, version: of the distribution.
    """

    group: str
    name: str
    value: str
    package: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} ({self.package} {self.version})"

    @property
    def module(self) -> str:
        """The module that is imported."""
        return self.value.partition(":")[0].strip()

    def load(self) -> object:
        """Import what it names.

        Raises:
            BrokenPlugin: it cannot be imported, or is written for another version of Kirin.
        """
        try:
            found: object = metadata.EntryPoint(self.name, self.value, self.group).load()
        except (Exception, SystemExit) as error:
            problem = f"it cannot be loaded: {told(error)}"
            if isinstance(error, ImportError) and (error.name or "").startswith("kirin."):
                problem += f"; kirin {__version__} has plug-in interface {INTERFACE}, see {PAGE}"
            raise BrokenPlugin(self, problem) from error
        self._check_interface()
        return found

    def _check_interface(self) -> None:
        module = sys.modules.get(self.module)
        wanted = getattr(module, DECLARATION, 1)
        if not isinstance(wanted, int):
            raise BrokenPlugin(self, f"{self.module}.{DECLARATION} is {wanted!r}, not a number")
        if wanted < OLDEST_INTERFACE:
            raise BrokenPlugin(
                self,
                f"it is written for plug-in interface {wanted}, and kirin {__version__} takes "
                f"{OLDEST_INTERFACE} to {INTERFACE}: see {PAGE} for what has changed, then set "
                f"{DECLARATION} = {INTERFACE} in {self.module}",
            )
        if wanted > INTERFACE:
            raise BrokenPlugin(
                self,
                f"it is written for plug-in interface {wanted}, and kirin {__version__} has "
                f"{INTERFACE}: upgrade kirin",
            )


class BrokenPlugin(KirinError):
    """A plug-in cannot be used."""

    def __init__(self, point: PluginPoint, problem: str) -> None:
        self.point = point
        self.problem = problem
        super().__init__(
            f"plug-in {point.name!r} of {point.package} {point.version} "
            f"({point.group}: {point.value}): {problem}; or uninstall {point.package}"
        )


def told(error: BaseException) -> str:
    """An error of somebody else's code in one line."""
    first = next((line for line in str(error).splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {first}".rstrip(": ")


def plugin_points(group: str) -> Sequence[PluginPoint]:
    """The entry points of a group, by name."""
    return tuple(point for point in _points(tuple(sys.path)) if point.group == group)


@lru_cache(maxsize=4)
def _points(_: tuple[str, ...]) -> tuple[PluginPoint, ...]:
    """All that concern Kirin, for what Python finds packages by: reading the metadata of some
    hundred packages takes a tenth of a second, and every kind of plug-in asks for it."""
    points = metadata.entry_points()
    found = {
        PluginPoint(
            point.group,
            point.name,
            point.value,
            point.dist.name if point.dist else "an unnamed package",
            point.dist.version if point.dist else "",
        )
        for group in points.groups
        if group.startswith("kirin.")
        for point in points.select(group=group)
    }
    return tuple(sorted(found, key=lambda each: (each.name, each.package)))
