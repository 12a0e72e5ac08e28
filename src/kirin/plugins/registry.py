"""Registries: by name, what this package has and what plug-ins add; the same rules for both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

from kirin.errors import KirinError
from kirin.plugins.entry_point import BrokenPlugin, PluginPoint, plugin_points

T = TypeVar("T")

Check = Callable[[str, object], str | None]
"""What is wrong with what a name stands for, as a sentence its author can act on."""


@dataclass(frozen=True, kw_only=True)
class PluginRegistry(Generic[T]):
    """All of a kind, by name.

    Attributes:
        group: the entry point group of plug-ins.
        kind: what one is called, such as ``engine``.
        own: what this package has.
        check: applied to plug-ins when they are loaded.
        reserved: names that are taken although nothing stands for them, and by what.
    """

    group: str
    kind: str
    own: Mapping[str, T]
    check: Check
    reserved: Mapping[str, str] = field(default_factory=dict)

    def points(self) -> dict[str, PluginPoint]:
        """The plug-ins whose names are free, none of them loaded."""
        return {point.name: point for point in self._found() if self._clash(point) is None}

    def names(self) -> list[str]:
        """All that can be asked for: this package's first."""
        return [*self.own, *self.points()]

    def get(self, name: str) -> T:
        """What a name stands for.

        Raises:
            KeyError: there is none.
            BrokenPlugin: the plug-in cannot be used.
        """
        return self.own[name] if name in self.own else self._load(self.points()[name])

    def plugins(self) -> dict[str, T]:
        """All plug-ins, loaded.

        Raises:
            KirinError: some cannot be used; the message names each.
        """
        loaded, problems = self._loaded()
        if problems:
            raise KirinError("; ".join(problem.message for problem in problems))
        return loaded

    def problems(self) -> list[BrokenPlugin]:
        """What is wrong with any plug-in, whether it is used or not; it loads all of them."""
        return self._loaded()[1]

    def clashes(self) -> list[BrokenPlugin]:
        """Plug-ins whose names are taken; none is loaded."""
        found = ((point, self._clash(point)) for point in self._found())
        return [BrokenPlugin(point, clash) for point, clash in found if clash]

    def _loaded(self) -> tuple[dict[str, T], list[BrokenPlugin]]:
        loaded: dict[str, T] = {}
        problems = self.clashes()
        for name, point in self.points().items():
            try:
                loaded[name] = self._load(point)
            except BrokenPlugin as problem:
                problems.append(problem)
        return loaded, problems

    def _load(self, point: PluginPoint) -> T:
        found = point.load()
        try:
            problem = self.check(point.name, found)
        except Exception as error:
            problem = f"it cannot be checked: {type(error).__name__}: {error}"
        if problem:
            raise BrokenPlugin(point, problem)
        return cast(T, found)

    def _clash(self, point: PluginPoint) -> str | None:
        if point.name in self.own:
            return f"kirin itself has {a(self.kind)} of this name: choose another"
        if point.name in self.reserved:
            return f"the name is taken, by {self.reserved[point.name]}: choose another"
        first = next(each for each in self._found() if each.name == point.name)
        if first != point:
            return f"{first.package} has {a(self.kind)} of this name too: choose another"
        return None

    def _found(self) -> Iterator[PluginPoint]:
        yield from plugin_points(self.group)


def a(kind: str) -> str:
    """A kind with its article."""
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
