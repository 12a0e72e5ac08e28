"""Builds the console into the wheel. A checkout's own build is `make console`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "scripts"))

import build_console
import node


class ConsoleHook(BuildHookInterface):
    """Runs before the files of a wheel are gathered."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node.js from the package index, where this machine has none."""
        return [] if node.is_here() else [node.PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, except for an editable installation: that serves what `make console` makes."""
        if version != "editable":
            build_console.build()
