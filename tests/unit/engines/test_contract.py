"""Our own engines keep the contract that strangers' engines are tested by."""

from __future__ import annotations

from collections.abc import Sequence

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.scripted import ScriptedEngine
from kirin.testing import EngineContract, storyboard


class TestScriptedEngine(EngineContract):
    def engine(self) -> ScriptedEngine:
        return ScriptedEngine()

    def asked(self) -> Sequence[Storyboard]:
        """It takes whatever tests send, and is silent where they ask for sound."""
        return [each for each in super().asked() if not each.sound]


class TestAnimaticEngine(EngineContract):
    def engine(self) -> AnimaticEngine:
        return AnimaticEngine()

    def rendered(self) -> Sequence[Storyboard]:
        return [storyboard(Shot("a boat on a calm sea", 0.5))]

    def asked(self) -> Sequence[Storyboard]:
        """What it makes of pictures takes seconds, and has tests of its own."""
        half = tuple(Shot(prompt, 0.25) for prompt in ("a boat at sea", "a red kite in the sky"))
        return [storyboard(*half, sound=True), storyboard(half[0], width=96, height=160)]
