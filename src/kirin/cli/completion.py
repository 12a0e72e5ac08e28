"""``kirin completion``: what makes Tab complete commands, options, models and parameters."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from kirin.cli import COMPLETE
from kirin.cli.output import plain_errors


class Shell(StrEnum):
    """Shells that there is a script for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(
    shell: Annotated[Shell, typer.Argument(help="The shell that is to complete.")],
) -> None:
    """Print a script that lets a shell complete commands, options, models and parameters.

    bash: source <(kirin completion bash), in ~/.bashrc. zsh: the same, in ~/.zshrc, after compinit.
    fish: kirin completion fish > ~/.config/fish/completions/kirin.fish
    """
    with plain_errors():
        from typer.completion import (  # type: ignore[attr-defined]
            get_completion_script,
        )

        script = get_completion_script(prog_name="kirin", complete_var=COMPLETE, shell=shell.value)
        typer.echo(script)
