"""Commands that are imported when they are called: ``kirin --help`` loads none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from typing import Any, ClassVar

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
        holder = typer.Typer(add_completion=False)
        if isinstance(found, typer.Typer):
            holder.add_typer(found, name=self.name)
            command: Any = typer.main.get_group(holder).commands[self.name or ""]
        else:
            holder.command(self.name)(found)
            command = typer.main.get_command(holder)
        lighten(command)
        return command

    def make_context(self, *args: Any, **options: Any) -> Any:
        """What a group calls to run a command: the context is the real command's."""
        return self.load().make_context(*args, **options)


class LazyGroup(TyperGroup):
    """A group whose commands are all lazy."""

    COMMANDS: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """``module:attribute`` and a line of help for each command, in the order of the help."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**{**attributes, "commands": dict(self._lazy())})
        lighten(self)

    def _lazy(self) -> Iterator[tuple[str, LazyCommand]]:
        for name, (target, help) in self.COMMANDS.items():
            module, _, attribute = target.partition(":")
            yield name, LazyCommand(name, module, attribute, help)


def lighten(command: Any) -> None:
    """Let options that are not given cost nothing, in a command and those below it.

    Typer imports pydantic to convert a value, even where there is none; that takes longer than
    all else that ``kirin models`` does.
    """
    command.get_params = partial(_light, command.get_params)
    for below in getattr(command, "commands", {}).values():
        if not isinstance(below, LazyCommand):
            lighten(below)


def _light(all_of: Callable[[Any], list[Any]], context: Any) -> list[Any]:
    params = all_of(context)  # with --help
    for param in params:
        if not isinstance(param.process_value, partial):
            param.process_value = partial(_process, param, param.process_value)
    return params


def _process(param: Any, convert: Callable[[Any, Any], Any], context: Any, value: Any) -> Any:
    if value is not None or param.required or param.multiple or param.nargs == -1:
        return convert(context, value)
    return param.callback(context, param, None) if param.callback else None
