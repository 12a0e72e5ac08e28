"""Commands that are imported when they are called: ``kirin --help`` loads none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class LazyCommand(TyperCommand):
    """Stands for a command, or a group of them, in the list of commands.

    Attributes:
        module: where the command is.
        attribute: its name there: a function, or a ``typer.Typer`` for a group.
    """

    def __init__(self, name: str, module: str, attribute: str, help: str) -> None:
        super().__init__(name, help=help)
        self.module = module
        self.attribute = attribute

    def load(self) -> Any:
        """Import the command itself.

        Returns:
            A click command; a click group if there are commands below it.
        """
        found = getattr(import_module(self.module), self.attribute)
        if isinstance(found, typer.Typer):
            holder = typer.Typer(add_completion=False)
            holder.add_typer(found, name=self.name)
            return typer.main.get_group(holder).commands[self.name or ""]
        holder = typer.Typer(add_completion=False)
        holder.command(self.name)(found)
        return typer.main.get_command(holder)

    def make_context(self, *args: Any, **options: Any) -> Any:
        """What a group calls to run a command: the context is the real command's."""
        return self.load().make_context(*args, **options)


class LazyGroup(TyperGroup):
    """A group whose commands are all lazy."""

    COMMANDS: Mapping[str, tuple[str, str]] = {}
    """``module:attribute`` and a line of help for each command, in the order of the help."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**{**attributes, "commands": dict(self._commands())})

    def _commands(self) -> Iterator[tuple[str, LazyCommand]]:
        for name, (target, help) in self.COMMANDS.items():
            module, _, attribute = target.partition(":")
            yield name, LazyCommand(name, module, attribute, help)
