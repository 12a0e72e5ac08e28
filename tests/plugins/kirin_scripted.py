"""A plugin that registers the scripted engine, as the package of a stranger would.

Tests put this folder on the path of Python, with the metadata beside this file; no installation
has it.
"""

from __future__ import annotations

import os
from typing import Final

from kirin.domain.storyboard import Quality
from kirin.engines.scripted import ScriptedEngine
from kirin.media import mp4
from kirin.settings import Settings

HURRY: Final = "SCRIPTED_HURRY"
"""The environment variable that makes a process encode in a hurry."""

LEAST_EFFORT: Final = {quality: {"preset": "ultrafast", "crf": "20"} for quality in Quality}
"""Grey frames of full size cost a second of a processor otherwise, and this a third of it. With
which effort real frames are encoded is proved by the tests of ``kirin.media`` and the stories."""


def open_engine(_: Settings) -> ScriptedEngine:
    """The entry point; see ``kirin.composition.engines``."""
    if HURRY in os.environ:
        mp4._EFFORT.update(LEAST_EFFORT)
    return ScriptedEngine()
