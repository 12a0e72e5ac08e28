"""A plugin that registers the scripted engine, as the package of a stranger would.

Tests put this folder on the path of Python, with the metadata beside this file; no installation
has it.
"""

from __future__ import annotations

from kirin.engines.scripted import ScriptedEngine
from kirin.settings import Settings


def open_engine(_: Settings) -> ScriptedEngine:
    """The entry point; see ``kirin.composition.engines``."""
    return ScriptedEngine()
